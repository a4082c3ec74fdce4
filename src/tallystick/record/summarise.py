"""From promises to track records, bucket by bucket of companies; and what was known at earlier moments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import pyarrow as pa

from tallystick.engine import Engine, fill, sql_text
from tallystick.units import PPM, Between

HALF_LIVES: Final = ("30", "180", "730", "all")
"""Names of the half-lives in columns: days, or no decay."""

_COUNTS = (
    "n_promises n_open n_kept n_late n_partial n_broken n_excused n_disputed n_anchored".split()
)
MASSES: Final = [
    f"{name}{h}"
    for total, broken in (
        ("raw", "rawb"),
        ("cor", "corb"),
        ("val", "valb"),
        ("cap", "capb"),
        ("n", "s"),
    )
    for h in HALF_LIVES
    for name in (total, broken)
]
"""The columns of masses; what each means stands in 50_record.sql."""

RECORD: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in [*_COUNTS, "n_counterparties"]),
        pa.field("value_cents", pa.int64(), nullable=False),
        pa.field("value365_cents", pa.int64(), nullable=False),
        *(
            pa.field(name, pa.int64())
            for name in (
                "late_days_p50",
                "late_days_p90",
                "first_day",
                "last_day",
                "last_broken_day",
                "last_broke",
                "entry_day",
                "entry_broke",
            )
        ),
        *(pa.field(name, pa.int64(), nullable=False) for name in MASSES),
        pa.field("proven_cents", pa.int64(), nullable=False),
        pa.field("median_cents", pa.int64(), nullable=False),
    ]
)
"""A track record: key (company, kind). Columns as in 50_record.sql; masses in micro-units."""

MOMENT: Final = pa.schema(
    [
        pa.field("point", pa.int64(), nullable=False),
        pa.field("n_counted", pa.int64(), nullable=False),
        pa.field("last_day", pa.int64()),
        pa.field("last_broken_day", pa.int64()),
        pa.field("last_broke", pa.int64()),
        *(pa.field(name, pa.int64(), nullable=False) for name in MASSES),
    ]
)
"""What was known of a company in one kind of promise at one moment: key `point`; columns as in RECORD."""

COUNTERPARTY: Final = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        *(
            pa.field(name, pa.int64(), nullable=False)
            for name in "promisee u q_ppm reach tie within credibility_ppm".split()
        ),
        *(
            pa.field(f"{name}{h}", pa.int64(), nullable=False)
            for h in HALF_LIVES
            for name in ("e", "b", "f", "fb", "m", "mb", "n", "s")
        ),
    ]
)
"""What one counterparty gives to a track record: key (kind, promisee). Columns as in 30_pair.sql, 35_proven.sql
and 60_counterparty.sql; masses in micro-units."""

PROMISES_PER_BUCKET: Final = 8_000_000
"""Promises that are added up at once; more are in turn, and their records wait in files."""
RECORDS_PER_GROUP: Final = 8_192
"""Records that are read together where one of them is asked for."""
MAX_AGE_DAYS: Final = 36_525


Mass = Annotated[int, Between(1, 10**12)]
Share = Annotated[int, Between(0, PPM)]


@dataclass(frozen=True, slots=True)
class RecordPolicy:
    """Constants of the record. Masses in micro-units: `cap_micro` per counterparty; `seen_micro`,
    `told_micro`, `word_micro` for the pools, in which all counterparties together count as one: what an
    independent witness saw, what both sides or a marketplace tell besides, whatever one side says;
    `known_micro`: ties at which a counterparty counts half; `few_partners`: of a company with at most so many
    it is asked which of them the promisor deals with itself. `unverified_ppm`: what a counterparty counts that
    no register knows; `young_ppm`: the least that a registered one counts, which counts whole after a year and
    until then by its days; `unvalued_ppm`: weight of a promise without a known value; `floor_medians`: money
    that nobody known stands behind proves at most so many usual promises."""

    cap_micro: Mass = 3_000_000
    seen_micro: Mass = 1_000_000
    told_micro: Mass = 2_000_000
    word_micro: Mass = 300_000
    known_micro: Mass = 1_500_000
    few_partners: Annotated[int, Between(0, 64)] = 16
    unverified_ppm: Share = 100_000
    young_ppm: Share = 100_000
    unvalued_ppm: Share = 250_000
    floor_medians: Annotated[int, Between(0, 1_000)] = 2


_HALF_LIFE_DAYS: Final = {"w30": 30, "w180": 180, "w365": 365, "w730": 730}


def decay_table() -> pa.Table:
    """Weights in ppm per whole day of age: round(1e6 * 2^(-age / half-life)), one column each; `wall`: one."""
    age = np.arange(MAX_AGE_DAYS, dtype=np.int64)
    columns = {"age": age.astype(np.int32)}
    for name, half_life in _HALF_LIFE_DAYS.items():
        columns[name] = np.rint(1e6 * np.exp2(-age / half_life)).astype(np.int64)
    columns["wall"] = np.full(MAX_AGE_DAYS, 1_000_000, dtype=np.int64)
    return pa.table(columns)


def find_medians(engine: Engine, as_of_day: int) -> pa.Table:
    """(kind, median_cents): what a promise of each kind is usually worth, to two significant digits, so
    that one more promise does not change the weight of all others. Reads `promise` and `fx`."""
    engine.define("valued", fill(sql_text(__package__, "05_valued.sql"), {"as_of": as_of_day}))
    found = engine.fetch(sql_text(__package__, "07_median.sql")).sort_by("kind")
    cents = [_two_digits(int(value)) for value in found["median_cents"].to_pylist()]
    return pa.table({"kind": found["kind"], "median_cents": pa.array(cents, pa.int64())})


def _two_digits(value: int) -> int:
    """The value with all but its two leading digits set to zero."""
    unit = int(10 ** max(len(str(value)) - 2, 0))
    return value // unit * unit


def find_reach(engine: Engine, as_of_day: int, policy: RecordPolicy, medians: pa.Table) -> None:
    """Keep the tables `tie` and `dealt`, `reach` and `within`: who was seen dealing with whom, how well known
    each company is by that, and how much of it stays among the partners of a promisor. Reads `promise`, `fx`
    and `credibility`."""
    find_ties(engine, as_of_day, policy, medians)
    add_up_ties(engine, policy)
    find_within(engine, policy)


def find_ties(engine: Engine, as_of_day: int, policy: RecordPolicy, medians: pa.Table) -> None:
    """Keep the tables `tie` (a, b, tie_a, tie_b), who was seen dealing with whom, and `dealt` (a, b), who
    promised anything to whom. Reads `promise`, `fx` and `credibility`."""
    _weigh(engine, as_of_day, policy, medians)
    values = _values(policy)
    engine.keep("tie", _text("20_tie.sql", values))
    engine.keep("dealt", _text("22_dealt.sql", values))


def add_up_ties(engine: Engine, policy: RecordPolicy) -> None:
    """Keep the tables `ties` (company, other, tie) and `reach` (company, partners, reach). Reads `tie`."""
    engine.keep("ties", _text("24_ties.sql", _values(policy)))
    engine.keep("reach", _text("25_reach.sql", _values(policy)))


def find_within(engine: Engine, policy: RecordPolicy) -> None:
    """Keep the table `within` (owner, promisee, within). Reads `ties`, which is dropped, `reach` and
    `dealt`."""
    engine.keep("within", _text("27_within.sql", _values(policy)))
    engine.drop("ties")


def summarise(
    engine: Engine,
    as_of_day: int,
    folder: Path,
    promises: int,
    policy: RecordPolicy,
    medians: pa.Table,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Sequence[Path]:
    """Write the track records of the table `promise` as Parquet files of schema RECORD under `folder`.

    Reads `fx` (currency, day, nano_cents), `credibility` (company, credibility_ppm) of those that a register
    or a sanctions list knows, and what `find_reach` kept. `promises` is about how many there are; `medians`
    is what `find_medians` said of the whole book.
    """
    buckets = max(1, -(-promises // PROMISES_PER_BUCKET))
    _weigh(engine, as_of_day, policy, medians)
    values: Values = {**_values(policy), **_OF_COMPANY, "as_of": as_of_day}
    out: list[Path] = []
    for n in range(buckets):
        where = f"WHERE promisor % {buckets} = {n}" if buckets > 1 else ""
        rows = _added_up(engine, values, where)
        out += engine.write(rows, folder / str(n), group_rows=RECORDS_PER_GROUP)
        engine.drop("counted_promise")
        progress(n + 1, buckets)
    return out


def records_of(engine: Engine, as_of_day: int, policy: RecordPolicy, medians: pa.Table) -> pa.Table:
    """The track records of a small table `promise`, by company and kind. Reads what `summarise` does."""
    _weigh(engine, as_of_day, policy, medians)
    values: Values = {**_values(policy), **_OF_COMPANY, "as_of": as_of_day}
    found = engine.fetch(_added_up(engine, values, ""))
    engine.drop("counted_promise")
    return found.cast(RECORD)


def _added_up(engine: Engine, values: Values, where: str) -> str:
    """Keep as `counted_promise` the rows of `weighed` for which `where` holds; the query of their records."""
    engine.keep("counted_promise", f"{_text('15_decayed.sql', values)} {where}")
    _prove(engine, values)
    engine.define("late", _text("45_late.sql", values))
    record = _text("50_record.sql", {**values, "masses": _part("48_masses.sql"), **_counted()})
    columns = ", ".join(f"CAST({f.name} AS {_sql_type(f)}) AS {f.name}" for f in RECORD)
    return f"SELECT {columns} FROM ({record}) r ORDER BY company, kind"


def counterparties(
    engine: Engine, as_of_day: int, policy: RecordPolicy, medians: pa.Table, company: int
) -> pa.Table:
    """What each counterparty gives to the track records of one company, and why: schema COUNTERPARTY, by key.

    Reads `promise` with all that it promised and was promised, `fx`, `credibility` of it and of its
    counterparties, and `reach` and `within` of these (what `find_reach` said of the whole book).
    """
    values: Values = {**_values(policy), **_OF_COMPANY, "as_of": as_of_day}
    _weigh(engine, as_of_day, policy, medians)
    engine.keep("tie", _text("20_tie.sql", values))
    mine = f"{_text('15_decayed.sql', values)} WHERE promisor = {int(company)}"
    engine.keep("counted_promise", mine)
    _prove(engine, values)
    found = engine.fetch(_text("60_counterparty.sql", values))
    engine.drop("counted_promise")
    return found.select(COUNTERPARTY.names).cast(COUNTERPARTY)


def known_to_others(engine: Engine, company: int) -> pa.Table:
    """(company, reach): how well those that `counterparties` read are known to others than `company` and its
    partners."""
    tie = f"CASE WHEN {int(company)} < r.company THEN t.tie_a ELSE t.tie_b END"
    left = f"r.reach - COALESCE({tie}, 0) - COALESCE(w.within, 0)"
    return engine.fetch(
        f"SELECT r.company, CAST({left} AS BIGINT) AS reach FROM reach r "
        f"LEFT JOIN within w ON w.owner = {int(company)} AND w.promisee = r.company "
        f"LEFT JOIN tie t ON t.a = LEAST({int(company)}, r.company) "
        f"AND t.b = GREATEST({int(company)}, r.company) ORDER BY r.company"
    )


def at_moments(
    engine: Engine,
    as_of_day: int,
    moments: pa.Table,
    policy: RecordPolicy,
    medians: pa.Table,
    known: str = "v.matured_day <= t.as_of",
    place: str = "v.matured_day",
) -> pa.Table:
    """What was known at each of `moments` (point, promisor, kind, as_of), as schema MOMENT by point.

    Reads the same tables as `summarise`, with the same texts: a model learns from what a rating sees. How
    well counterparties are known is that of `as_of_day`, which no moment may lie after. `known`: which
    promises `v` count at a moment `t`, and `place`: the order of their outcomes, where that is told to the
    second rather than by days.
    """
    engine.register("moment", moments)
    values: Values = {**_values(policy), **_OF_MOMENT, "as_of": as_of_day}
    source = "valued v JOIN moment t ON t.promisor = v.promisor AND t.kind = v.kind "
    source += f"AND v.counted = 1 AND {known}"
    columns = f"t.point, v.promisor, v.kind, {_READ}"
    # what became known on the very day is of age 0, whenever it was due
    age = "CASE WHEN t.as_of > v.matured_day THEN t.as_of ELSE v.matured_day END"
    weigh(engine, as_of_day, policy, medians, columns, source, age, place)
    engine.keep("counted_promise", _text("15_decayed.sql", values))
    _prove(engine, values)
    text = _text("55_moments.sql", {**values, "masses": _part("48_masses.sql"), **_counted()})
    columns = ", ".join(f"CAST({f.name} AS {_sql_type(f)}) AS {f.name}" for f in MOMENT)
    found = engine.fetch(f"SELECT {columns} FROM ({text}) t ORDER BY point")
    engine.drop("counted_promise")
    return found.cast(MOMENT)


Values = Mapping[str, int | str]


_SAME: Final = "f.promisor = p.promisor AND f.kind = p.kind AND f.promisee = p.promisee"
_OF_COMPANY: Final[Values] = {"key": "promisor, kind", "same": _SAME}
_OF_MOMENT: Final[Values] = {
    "key": "point, promisor, kind",
    "same": f"f.point = p.point AND {_SAME}",
}


def _values(policy: RecordPolicy) -> dict[str, int | str]:
    return {
        "cap": policy.cap_micro,
        "known": policy.known_micro,
        "unverified": policy.unverified_ppm,
        "unvalued": policy.unvalued_ppm,
        "floor_medians": policy.floor_medians,
        "pool_seen": policy.seen_micro,
        "pool_told": policy.told_micro,
        "pool_word": policy.word_micro,
        "few": policy.few_partners,
    }


def weigh(
    engine: Engine,
    as_of_day: int,
    policy: RecordPolicy,
    medians: pa.Table,
    columns: str,
    source: str = "valued v",
    at: str = "",
    place: str = "v.matured_day",
) -> None:
    """Define `weighed`: every promise with what it weighs (10_counted.sql) after `columns` of `v`, a promise
    with its `value_cents`. Reads `promise` and `fx`. `at`: the day on which it is weighed, an expression over
    `source`, where that is not `as_of_day`, which says what counts."""
    engine.register("decay", decay_table())
    engine.register("median", medians)
    engine.define("valued", _text("05_valued.sql", {"as_of": as_of_day}))
    values = {**_values(policy), "as_of": at or as_of_day, "columns": columns, "source": source}
    values["place"] = place
    engine.define("weighed", _text("10_counted.sql", values))


_READ: Final = ", ".join(
    f"v.{name}"
    for name in (
        "promisee outcome counted matured_day made_day late_days anchored witness value_cents broken_ppm "
        "strength_ppm"
    ).split()
)


def _weigh(engine: Engine, as_of_day: int, policy: RecordPolicy, medians: pa.Table) -> None:
    weigh(engine, as_of_day, policy, medians, f"v.promisor, v.kind, {_READ}")


def _prove(engine: Engine, values: Values) -> None:
    """Define `known` over `counted_promise`: what known counterparties prove."""
    engine.define("faults", _text("28_faults.sql", values))
    engine.define("broke", _text("49_broke.sql", values))
    engine.define("pair", _text("30_pair.sql", values))
    engine.define("proven", _text("35_proven.sql", values))
    engine.define("known", _text("40_known.sql", values))


def _counted() -> dict[str, int | str]:
    """`{total}` and `{broken}` of 50_record.sql: what is proven, and g(E) = E * K / (E + K) of each pool."""
    pools = {"seen": "seen", "told": "told", "val": "word"}
    total, broken = ["COALESCE(c.n{h}, 0)"], ["COALESCE(c.s{h}, 0)"]
    for mass, bound in pools.items():
        limit, e = f"{{pool_{bound}}}", f"COALESCE(r.{mass}{{h}}, 0)"
        for out, x in ((total, e), (broken, f"COALESCE(b.{mass}b{{h}}, 0)")):
            out.append(f"CAST(FLOOR(CAST({x} AS DOUBLE) * {limit} / ({e} + {limit})) AS BIGINT)")
    return {"total": " + ".join(total), "broken": " + ".join(broken)}


_EACH: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def _part(name: str) -> str:
    """A text without its header, to be put into another one."""
    return "\n".join(line for line in sql_text(__package__, name).splitlines() if line[:2] != "--")


def _text(name: str, values: Values) -> str:
    """A text of this stage with its values; `[[... {h} ...]]` is said once for each half-life."""
    text = sql_text(__package__, name)
    for _ in range(2):  # values may hold values
        text = fill(text, values)
    return _EACH.sub(lambda found: ", ".join(found[1].replace("{h}", h) for h in HALF_LIVES), text)


def _sql_type(field: pa.Field) -> str:
    return "STRING" if field.type == pa.string() else "BIGINT"
