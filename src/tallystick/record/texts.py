"""The texts of the stage as steps of a query, the same for all companies of a book and for a few promises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.engine import Step, fill, sql_text
from tallystick.record.schema import HALF_LIVES, RECORD, RecordPolicy

MAX_AGE_DAYS: Final = 36_525

_HALF_LIFE_DAYS: Final = {"w30": 30, "w180": 180, "w365": 365, "w730": 730}


@cache
def decay_table() -> pa.Table:
    """Weights in ppm per whole day of age: round(1e6 * 2^(-age / half-life)), one column each; `wall`: one."""
    age = np.arange(MAX_AGE_DAYS, dtype=np.int64)
    columns = {"age": age.astype(np.int32)}
    for name, half_life in _HALF_LIFE_DAYS.items():
        columns[name] = np.rint(1e6 * np.exp2(-age / half_life)).astype(np.int64)
    columns["wall"] = np.full(MAX_AGE_DAYS, 1_000_000, dtype=np.int64)
    return pa.table(columns)


Values = Mapping[str, int | str]


_SAME: Final = "f.promisor = p.promisor AND f.kind = p.kind AND f.promisee = p.promisee"
OF_COMPANY: Final[Values] = {"key": "promisor, kind", "same": _SAME}
OF_MOMENT: Final[Values] = {
    "key": "point, promisor, kind",
    "same": f"f.point = p.point AND {_SAME}",
}

READ: Final = ", ".join(
    f"v.{name}"
    for name in (
        "promisee outcome counted matured_day made_day late_days anchored witness value_cents broken_ppm "
        "strength_ppm"
    ).split()
)
"""What is added up of a promise `v` with its value, besides whose it is."""


def weighing(
    as_of_day: int,
    policy: RecordPolicy,
    columns: str = f"v.promisor, v.kind, {READ}",
    source: str = "valued v",
    at: str = "",
    place: str = "v.matured_day",
) -> tuple[Step, ...]:
    """`weighed`: every promise with what it weighs (10_counted.sql) after `columns` of `v`, a promise with its
    `value_cents`. Reads `promise`, `fx`, `median` and `decay`. `at`: the day on which it is weighed, an
    expression over `source`, where that is not `as_of_day`, which says what counts."""
    values = {**values_of(policy), "as_of": at or as_of_day, "columns": columns, "source": source}
    values["place"] = place
    return (
        Step("valued", text_of("05_valued.sql", {"as_of": as_of_day})),
        Step("weighed", text_of("10_counted.sql", values)),
    )


def counting(values: Values, where: str = "") -> Step:
    """`counted_promise`: the rows of `weighed` for which `where` holds, as they are added up."""
    return Step("counted_promise", f"{text_of('15_decayed.sql', values)} {where}", kept=True)


def proving(values: Values) -> tuple[Step, ...]:
    """`known` over `counted_promise`: what known counterparties prove. Reads `reach`, `within`, `tie` and
    `credibility`."""
    steps = {"faults": "28_faults", "broke": "49_broke", "pair": "30_pair", "proven": "35_proven"}
    steps["known"] = "40_known"
    return tuple(Step(name, text_of(f"{text}.sql", values)) for name, text in steps.items())


def recording(values: Values, where: str = "") -> tuple[tuple[Step, ...], str]:
    """The steps from `weighed` to track records, and the query of these."""
    late = Step("late", text_of("45_late.sql", values))
    record = text_of("50_record.sql", {**values, "masses": masses(), **counted()})
    columns = ", ".join(f"CAST({f.name} AS {sql_type(f)}) AS {f.name}" for f in RECORD)
    query = f"SELECT {columns} FROM ({record}) r ORDER BY company, kind"
    return (counting(values, where), *proving(values), late), query


def values_of(policy: RecordPolicy) -> dict[str, int | str]:
    """The constants of a policy by their names in the texts."""
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


def counted() -> dict[str, int | str]:
    """`{total}` and `{broken}` of 50_record.sql: what is proven, and g(E) = E * K / (E + K) of each pool."""
    pools = {"seen": "seen", "told": "told", "val": "word"}
    total, broken = ["COALESCE(c.n{h}, 0)"], ["COALESCE(c.s{h}, 0)"]
    for mass, bound in pools.items():
        limit, e = f"{{pool_{bound}}}", f"COALESCE(r.{mass}{{h}}, 0)"
        for out, x in ((total, e), (broken, f"COALESCE(b.{mass}b{{h}}, 0)")):
            out.append(f"CAST(FLOOR(CAST({x} AS DOUBLE) * {limit} / ({e} + {limit})) AS BIGINT)")
    return {"total": " + ".join(total), "broken": " + ".join(broken)}


_EACH: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def masses() -> str:
    """48_masses.sql without its header, to be put into another text."""
    lines = sql_text(__package__, "48_masses.sql").splitlines()
    return "\n".join(line for line in lines if line[:2] != "--")


def text_of(name: str, values: Values) -> str:
    """A text of this stage with its values; `[[... {h} ...]]` is said once for each half-life."""
    text = sql_text(__package__, name)
    for _ in range(2):  # values may hold values
        text = fill(text, values)
    return _EACH.sub(lambda found: ", ".join(found[1].replace("{h}", h) for h in HALF_LIVES), text)


def sql_type(field: pa.Field) -> str:
    """The type of a column in SQL."""
    return "STRING" if field.type == pa.string() else "BIGINT"
