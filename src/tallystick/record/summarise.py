"""From promises to track records, bucket by bucket of companies; and what was known at earlier moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from tallystick.engine import Engine, fill, sql_text, take
from tallystick.record.schema import MOMENT, RECORD, RecordPolicy
from tallystick.record.texts import (
    OF_COMPANY,
    OF_MOMENT,
    READ,
    Values,
    counted,
    counting,
    decay_table,
    masses,
    proving,
    recording,
    sql_type,
    text_of,
    values_of,
    weighing,
)

PROMISES_PER_BUCKET: Final = 8_000_000
"""Promises that are added up at once; more are in turn, and their records wait in files."""
RECORDS_PER_GROUP: Final = 2_048
"""Records that are read together where one of them is asked for."""


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
    weigh(engine, as_of_day, policy, medians)
    values = values_of(policy)
    engine.keep("tie", text_of("20_tie.sql", values))
    engine.keep("dealt", text_of("22_dealt.sql", values))


def add_up_ties(engine: Engine, policy: RecordPolicy) -> None:
    """Keep the tables `ties` (company, other, tie) and `reach` (company, partners, reach). Reads `tie`."""
    engine.keep("ties", text_of("24_ties.sql", values_of(policy)))
    engine.keep("reach", text_of("25_reach.sql", values_of(policy)))


def find_within(engine: Engine, policy: RecordPolicy) -> None:
    """Keep the table `within` (owner, promisee, within). Reads `ties`, which is dropped, `reach` and
    `dealt`."""
    engine.keep("within", text_of("27_within.sql", values_of(policy)))
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
    weigh(engine, as_of_day, policy, medians)
    values: Values = {**values_of(policy), **OF_COMPANY, "as_of": as_of_day}
    out: list[Path] = []
    for n in range(buckets):
        where = f"WHERE promisor % {buckets} = {n}" if buckets > 1 else ""
        steps, query = recording(values, where)
        take(engine, steps)
        out += engine.write(query, folder / str(n), group_rows=RECORDS_PER_GROUP)
        engine.drop("counted_promise")
        progress(n + 1, buckets)
    return out


def records_of(engine: Engine, as_of_day: int, policy: RecordPolicy, medians: pa.Table) -> pa.Table:
    """The track records of a small table `promise`, by company and kind. Reads what `summarise` does."""
    weigh(engine, as_of_day, policy, medians)
    steps, query = recording({**values_of(policy), **OF_COMPANY, "as_of": as_of_day})
    take(engine, steps)
    found = engine.fetch(query)
    engine.drop("counted_promise")
    return found.cast(RECORD)


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
    values: Values = {**values_of(policy), **OF_MOMENT, "as_of": as_of_day}
    source = "valued v JOIN moment t ON t.promisor = v.promisor AND t.kind = v.kind "
    source += f"AND v.counted = 1 AND {known}"
    columns = f"t.point, v.promisor, v.kind, {READ}"
    # what became known on the very day is of age 0, whenever it was due
    age = "CASE WHEN t.as_of > v.matured_day THEN t.as_of ELSE v.matured_day END"
    weigh(engine, as_of_day, policy, medians, columns, source, age, place)
    take(engine, (counting(values), *proving(values)))
    text = text_of("55_moments.sql", {**values, "masses": masses(), **counted()})
    columns = ", ".join(f"CAST({f.name} AS {sql_type(f)}) AS {f.name}" for f in MOMENT)
    found = engine.fetch(f"SELECT {columns} FROM ({text}) t ORDER BY point")
    engine.drop("counted_promise")
    return found.cast(MOMENT)


def weigh(
    engine: Engine, as_of_day: int, policy: RecordPolicy, medians: pa.Table, *how: str, **at: str
) -> None:
    """Define `weighed` as `texts.weighing` has it. Reads `promise` and `fx`."""
    engine.register("decay", decay_table())
    engine.register("median", medians)
    take(engine, weighing(as_of_day, policy, *how, **at))
