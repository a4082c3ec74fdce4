"""What a world is made from, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tallystick.units import day_number

CHUNK_DEALS: Final = 100_000
"""Deals drawn at a time. Part of what a seed means: every chunk has its own stream of random numbers,
so another size would give another world."""

CHUNK_FIRMS: Final = 5_000
"""Firms drawn at a time. Part of what a seed means, as every chunk has its own random numbers."""

WORLDS: Final = ("plain", "world-1")
"""`world-1` is a version: what it means never changes; a change is another name."""

AFTER_DAYS: Final = 120
"""Days that are told after `as_of` by default, so that promises of ninety days come due."""

DEALS_PER_COMPANY: Final = 2.5
"""Deals of `world-1` for each company where nothing else is asked for."""

MAX_COMPANIES: Final = 10_000_000
MAX_DEALS: Final = 1_000_000_000


class WorldError(ValueError):
    """A world that cannot be made as asked; the message says which setting and what it may be."""


@dataclass(frozen=True, slots=True)
class WorldConfig:
    """A world. The same configuration gives the same files, byte for byte.

    `companies`: trading companies (carriers, banks and the like come on top); `deals`: started deals;
    `start`, `days`: the first day and how many days are told, nothing later is written; `detail`: 0 to 1,
    how many documents a deal leaves (0: about 6, default: about 7, 1: about 14); `names`: "plain", or
    "varied" where contributors describe their customers each in its own way (`world/customers.py`);
    `world`: "plain", or "world-1", the benchmark with conduct that changes and fraud that was planted
    (`docs/reference/simulator.md`). In `world-1` alone: `country_effect` multiplies what conduct depends on
    the country (0: not at all), and `as_of` is the day that parts what was told by then from what was told
    later; default: 120 days before the end.
    Raises `WorldError` when a setting is out of range.
    """

    companies: int
    deals: int
    seed: int
    start: date = date(2024, 1, 1)
    days: int = 730
    detail: float = 0.3
    carriers: int = 6
    banks: int = 3
    insurers: int = 2
    inspectors: int = 2
    names: str = "plain"
    world: str = "plain"
    country_effect: float = 1.0
    as_of: date | None = None

    def __post_init__(self) -> None:
        ranges = {
            "companies": (2, MAX_COMPANIES),
            "deals": (0, MAX_DEALS),
            "seed": (0, 2**63 - 1),
            "days": (1, 36_500),
            "detail": (0, 1),
            "carriers": (1, 99),
            "banks": (1, 99),
            "insurers": (1, 99),
            "inspectors": (1, 99),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise WorldError(f"{name} is {value}; it must lie between {low} and {high}")
        if self.names not in ("plain", "varied"):
            raise WorldError(f"names is {self.names!r}; it must be 'plain' or 'varied'")
        if self.world not in WORLDS:
            raise WorldError(f"world is {self.world!r}; it must be one of {', '.join(WORLDS)}")
        self._check_world_1()

    def _check_world_1(self) -> None:
        if not 0 <= self.country_effect <= 3:
            raise WorldError(
                f"country_effect is {self.country_effect}; it must lie between 0 and 3"
            )
        if self.world == "world-1" and self.names != "plain":
            raise WorldError("names is 'varied'; in world-1 it must be 'plain'")
        if self.as_of and not self.first_day <= day_number(self.as_of) < self.horizon:
            raise WorldError(f"as_of is {self.as_of}; it must be one of the {self.days} days told")

    @property
    def first_day(self) -> int:
        """Day number of `start`."""
        return day_number(self.start)

    @property
    def horizon(self) -> int:
        """The first day number that is no longer told."""
        return self.first_day + self.days

    @property
    def as_of_day(self) -> int:
        """The day number of `as_of`, or of the day 120 days before the end, the first day at the least."""
        if self.as_of:
            return day_number(self.as_of)
        return max(self.first_day, self.horizon - AFTER_DAYS)

    @property
    def trade_share(self) -> float:
        """Share of trade deals among all."""
        return self.detail**2

    @property
    def confirmed_share(self) -> float:
        """Share of orders that the seller answers: all in trade, some on the platform."""
        return self.trade_share + (1 - self.trade_share) * self.detail

    @property
    def chunks(self) -> int:
        """How many chunks of `CHUNK_DEALS` the deals make."""
        return -(-self.deals // CHUNK_DEALS)


@dataclass(frozen=True, slots=True)
class DescriptionConfig:
    """Companies and the habits of those who describe them. The same configuration gives the same rows.

    `habits`: "a", or "b" which is held out: whoever tunes on "a" has not seen its spellings.
    `homonyms`, `sisters`, `imitators`, `centres`, `agents`: shares of firms (see `world/firms.py`);
    `no_id`: share of descriptions without any identifier; `shared_ids`: share of descriptions that
    carry the company's official identifier besides; `strength`: multiplies the share of every kind of
    variation. Raises `WorldError` when a setting is out of range.
    """

    companies: int
    seed: int
    habits: str = "a"
    homonyms: float = 0.03
    sisters: float = 0.05
    imitators: float = 0.02
    centres: float = 0.03
    agents: float = 0.02
    no_id: float = 0.15
    shared_ids: float = 0.0
    strength: float = 1.0

    def __post_init__(self) -> None:
        if self.habits not in ("a", "b"):
            raise WorldError(f"habits is {self.habits!r}; it must be 'a' or 'b'")
        if not 0 <= self.companies <= MAX_COMPANIES:
            raise WorldError(
                f"companies is {self.companies}; it must lie between 0 and {MAX_COMPANIES}"
            )
        shares = "homonyms sisters imitators centres agents no_id shared_ids".split()
        for name in shares:
            if not 0 <= getattr(self, name) <= 1:
                raise WorldError(f"{name} is {getattr(self, name)}; it must lie between 0 and 1")
        if self.homonyms + self.sisters + self.imitators > 0.9:
            raise WorldError("homonyms, sisters and imitators together must be at most 0.9")
        if not 0 <= self.strength <= 3:
            raise WorldError(f"strength is {self.strength}; it must lie between 0 and 3")

    @property
    def chunks(self) -> int:
        """How many chunks of `CHUNK_FIRMS` the companies make."""
        return -(-self.companies // CHUNK_FIRMS)


@dataclass(slots=True)
class WorldSummary:
    """What was written. `documents`: count by kind; `bytes`: size of all files."""

    companies: int = 0
    deals: int = 0
    documents: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0

    @property
    def document_count(self) -> int:
        """Documents of all kinds."""
        return sum(self.documents.values())
