"""The dated parameters of the rating. A rating names the policy that made it by its digest.

The shipped default is the cold start of the method: no fitted coefficients, a few constants and a prior read
from the book itself. `fit` (rating/fit.py) puts a fitted scorecard per kind of promise in its place.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Final

from tallystick.record import RecordPolicy
from tallystick.units import digest

GRADES: Final = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")
"""From the best; each doubles the probability of the one before. X: sanctioned. NR: not enough evidence."""

GRADE_CEILING_PPM: Final = (2_500, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000)
"""The highest probability of each grade but the last, in ppm."""

LEVEL_FLOOR_MICRO: Final = (1_000_000, 3_000_000, 10_000_000, 30_000_000)
"""Evidence in micro-units from which the level is E1, E2, E3, E4."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Log-odds of breaking the next promise, as a sum of terms (method S7). `intercept` + `prior` * what is
    expected of peers + `half_*` * how far the own record, at that half-life, moves it + `level` * how the
    market of the last 30 days differs from that of the last 180 + `entrants` * how newcomers differ from all
    + `week`, `day` * e^(-days since the last break / 7, / 1) + `last` where the last outcome was a break.

    All but the intercept are at least 0: a kept promise never makes a rating worse. `kappa`: weight of the
    prior in promises; `sure_peers`, `sure_own`: an interval is that of a Beta distribution with `sure_peers` +
    `sure_own` * evidence promises behind it."""

    intercept: float = 0.0
    prior: float = 1.0
    half_30: float = 0.0
    half_180: float = 1.0
    half_730: float = 0.0
    half_all: float = 0.0
    level: float = 0.0
    entrants: float = 0.0
    week: float = 0.0
    day: float = 0.0
    last: float = 0.0
    kappa: float = 3.0
    sure_peers: float = 3.0
    sure_own: float = 1.0


@dataclass(frozen=True, slots=True)
class Policy:
    """Parameters of `rate`. `cards`: kind of promise -> its scorecard, "" for kinds without one of their own;
    `party_constant`: evidence at which a party counts half towards its group's prior; `root_constant`,
    `group_constant`: weight of the parent in a group's prior; `coverage_ppm`: of the credible interval;
    `exposure_ppm`: proven exposure per dollar kept before a witness in the last year; `min_evidence_micro`:
    below it there is no grade."""

    name: str = "default-2026-11"
    valid_from: str = "2026-11-01"
    cards: dict[str, Scorecard] = field(default_factory=lambda: {"": Scorecard()})
    party_constant: float = 4.0
    root_constant: float = 2.0
    group_constant: float = 5.0
    coverage_ppm: int = 900_000
    exposure_ppm: int = 500_000
    exposure_floor_medians: int = 2
    min_evidence_micro: int = 1_000_000
    record: RecordPolicy = field(default_factory=RecordPolicy)

    def card(self, kind: str) -> Scorecard:
        """The scorecard of a kind of promise."""
        return self.cards.get(kind) or self.cards[""]

    def digest(self) -> str:
        """16 hex digits that name these parameters."""
        return digest(json.dumps(asdict(self), sort_keys=True))[:16]
