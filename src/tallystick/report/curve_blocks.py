"""Blocks of a report that are drawn as curves and bars: how soon it keeps, and with whom it deals.

Shares are in ppm, money in US cents, days after the due date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class SurvivalStep:
    """The share kept within so many days of the due date, its interval, and that of its peers (None: there
    are none)."""

    days: int
    kept_ppm: int
    low_ppm: int
    high_ppm: int
    peers_ppm: int | None


@dataclass(frozen=True, slots=True)
class Survival:
    """How soon `promises` promises of `kinds` that fell due were kept, beside `peers_promises` promises of the
    same kinds that other companies made, mixed as its own are. Empty where none fell due."""

    key: ClassVar[str] = "survival"
    promises: int
    peers_promises: int
    kinds: tuple[str, ...]
    steps: tuple[SurvivalStep, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class ConcentrationRow:
    """One counterparty, numbered from the largest and not named, or (`number` 0) all `counterparties` that are
    smaller together."""

    number: int
    counterparties: int
    deals: int
    value_cents: int
    share_ppm: int


@dataclass(frozen=True, slots=True)
class Concentration:
    """How the value of its deals is spread over those it promised something to; `by`: "value", or "deals" where
    no deal has a value. `equal_milli`: thousandths of counterparties of one size that would be as
    concentrated. Empty where no counterparty is known."""

    key: ClassVar[str] = "concentration"
    by: str
    counterparties: int
    value_cents: int
    equal_milli: int
    rows: tuple[ConcentrationRow, ...]
    sentence: str
