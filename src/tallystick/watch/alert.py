"""An alert: a pattern in who deals with whom, the firms in it and the dealings that make it.

An alert is a question to an analyst, never a verdict: no rating changes by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

import pyarrow as pa

ALERT: Final = pa.schema(
    [
        pa.field("pattern", pa.string(), nullable=False),
        pa.field("companies", pa.list_(pa.int64()), nullable=False),
        pa.field("contributors", pa.list_(pa.string()), nullable=False),
        pa.field("deals", pa.list_(pa.int64()), nullable=False),
        pa.field("since_day", pa.int32(), nullable=False),
        pa.field("strength_ppm", pa.int64(), nullable=False),
        pa.field("english", pa.string(), nullable=False),
        pa.field("chinese", pa.string(), nullable=False),
        pa.field("next_english", pa.string(), nullable=False),
        pa.field("next_chinese", pa.string(), nullable=False),
    ]
)

MOST_DEALS: Final = 100
"""So many deals are named as evidence, the newest; the sentence counts all."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `companies`: the one it is about first, then those that take part, by key; `contributors`:
    names, where it is about who hands evidence in; `deals`: what makes the pattern, at most MOST_DEALS;
    `since_day`: the first of it; `strength_ppm`: from 500,000 at the threshold to nearly all; what was found
    and what to look at next, in words."""

    pattern: str
    companies: tuple[int, ...]
    deals: tuple[int, ...]
    since_day: int
    strength_ppm: int
    english: str
    chinese: str
    next_english: str
    next_chinese: str
    contributors: tuple[str, ...] = ()


def in_order(alerts: Iterable[Alert]) -> list[Alert]:
    """The strongest first."""
    return sorted(alerts, key=lambda a: (-a.strength_ppm, a.pattern, a.companies, a.contributors))


def alert_table(alerts: Iterable[Alert]) -> pa.Table:
    """Alerts as a table of schema ALERT."""
    return pa.Table.from_pylist([asdict(alert) for alert in alerts], schema=ALERT)
