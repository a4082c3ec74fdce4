"""From promises to track records, bucket by bucket of companies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.engine import Engine, fill, sql_text

_COUNTS = (
    "n_promises n_open n_kept n_late n_partial n_broken n_excused n_disputed n_anchored".split()
)
_MASSES = "raw180 rawb180 cor180 corb180 val180 valb180 n180 s180 n730 s730".split()

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
            )
        ),
        *(pa.field(name, pa.int64(), nullable=False) for name in _MASSES),
        pa.field("proven_cents", pa.int64(), nullable=False),
        pa.field("median_cents", pa.int64(), nullable=False),
    ]
)
"""A track record: key (company, kind). Columns as in 40_record.sql; masses in micro-units."""

PROMISES_PER_BUCKET: Final = 12_000_000
MAX_AGE_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class RecordPolicy:
    """Constants of the record: cap per counterparty (micro-units), weight of a promise without a known
    value (ppm), half-lives in days of the three tables of decay."""

    cap_micro: int = 3_000_000
    unvalued_ppm: int = 250_000
    half_lives_days: tuple[int, int, int] = (180, 365, 730)


def decay_table(policy: RecordPolicy) -> pa.Table:
    """Weights in ppm per whole day of age: round(1e6 * 2^(-age / half-life)), one column each."""
    age = np.arange(MAX_AGE_DAYS, dtype=np.int64)
    columns = {"age": age.astype(np.int32)}
    for name, half_life in zip(("w180", "w365", "w730"), policy.half_lives_days, strict=True):
        columns[name] = np.rint(1e6 * np.exp2(-age / half_life)).astype(np.int64)
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


def summarise(
    engine: Engine,
    as_of_day: int,
    folder: Path,
    promises: int,
    policy: RecordPolicy,
    medians: pa.Table,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Sequence[Path]:
    """Write the track records of the table `promise` (and `fx`: currency, day, nano_cents) as Parquet files
    of schema RECORD under `folder`. `promises` is about how many there are; `medians` is what `find_medians`
    said of the whole book."""
    values: dict[str, int | str] = {
        "as_of": as_of_day,
        "cap": policy.cap_micro,
        "unvalued": policy.unvalued_ppm,
    }
    buckets = max(1, -(-promises // PROMISES_PER_BUCKET))
    engine.register("decay", decay_table(policy))
    engine.define("valued", fill(sql_text(__package__, "05_valued.sql"), values))
    engine.register("median", medians)
    engine.define("weighed", fill(sql_text(__package__, "10_counted.sql"), values))
    decayed = fill(sql_text(__package__, "15_decayed.sql"), values)
    record = fill(sql_text(__package__, "40_record.sql"), values)
    columns = ", ".join(f"CAST({f.name} AS {_sql_type(f)}) AS {f.name}" for f in RECORD)
    out: list[Path] = []
    for n in range(buckets):
        where = f"WHERE promisor % {buckets} = {n}" if buckets > 1 else ""
        engine.keep("counted_promise", f"{decayed} {where}")
        engine.define("pair", sql_text(__package__, "20_pair.sql"))
        engine.define("capped", fill(sql_text(__package__, "30_capped.sql"), values))
        engine.define("late", sql_text(__package__, "35_late.sql"))
        ordered = f"SELECT {columns} FROM ({record}) r ORDER BY company, kind"
        out += engine.write(ordered, folder / str(n))
        engine.drop("counted_promise")
        progress(n + 1, buckets)
    return out


def _sql_type(field: pa.Field) -> str:
    return "STRING" if field.type == pa.string() else "BIGINT"
