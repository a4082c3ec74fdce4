"""Track records: their columns, and the constants by which promises are added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import pyarrow as pa

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
        ("told", "toldb"),
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
