"""The dated parameters of the rating. A rating names the policy that made it by its digest.

The shipped default is the cold start of the method: no fitted coefficients, a few constants and a prior read
from the book itself. `fit` (rating/fit.py) puts a fitted scorecard per kind of promise in its place.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Annotated, Final

from tallystick.record import RecordPolicy
from tallystick.units import PPM, Between, digest

GRADES: Final = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")
"""From the best; each doubles the probability of the one before. X: sanctioned. NR: not enough evidence."""

GRADE_CEILING_PPM: Final = (2_500, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000)
"""The highest probability of each grade but the last, in ppm."""

LEVEL_FLOOR_MICRO: Final = (1_000_000, 3_000_000, 10_000_000, 30_000_000)
"""Evidence in micro-units from which the level is E1, E2, E3, E4."""


Weight = Annotated[float, Between(0.0, 50.0)]
Constant = Annotated[float, Between(0.01, 10_000.0)]
Count = Annotated[int, Between(0, 10**15)]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Log-odds of breaking the next promise, as a sum of terms (method S7). `intercept` + `prior` * what is
    expected of peers + `half_*` * how far the own record, at that half-life, moves it + `level` * how the
    market of the last 30 days differs from that of the last 180 + `entrants` * how newcomers differ from all
    + `week`, `day` * e^(-days since the last break / 7, / 1) + `last` where the last outcome was a break +
    `others` * what the promises of other kinds say + `standing` * what registers and certificates say + `kin` *
    what related companies did (rating/background.py).

    All but the intercept are at least 0: a kept promise never makes a rating worse. `kappa`: weight of the
    prior in promises; `deep`: share in which all that is told speaks against a company (`terms.believed`);
    `precision_peers`, `precision_own`: the interval is that of log-odds spread like a normal distribution of
    variance 1 / (`precision_peers` + `precision_own` * evidence * p * (1 - p)), narrower by what promises of
    other kinds tell (`spread.precision_beside`); `sure_peers`, `sure_own`: of the months to come as much is
    known as `sure_peers` + `sure_own` * evidence promises tell."""

    intercept: Annotated[float, Between(-20.0, 20.0)] = 0.0
    prior: Weight = 1.0
    half_30: Weight = 0.0
    half_180: Weight = 0.0
    half_730: Weight = 0.5
    half_all: Weight = 0.5
    level: Weight = 0.0
    entrants: Weight = 0.0
    week: Weight = 0.0
    day: Weight = 0.0
    last: Weight = 0.0
    kappa: Constant = 3.0
    deep: Annotated[float, Between(0.0, 1.0)] = 0.0
    precision_peers: Annotated[float, Between(0.1, 10_000.0)] = 0.3
    precision_own: Annotated[float, Between(0.0, 10_000.0)] = 1.0
    sure_peers: Constant = 3.0
    sure_own: Annotated[float, Between(0.0, 10_000.0)] = 1.0
    others: Weight = 0.3
    standing: Weight = 1.0
    kin: Weight = 1.0


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where fitted numbers come from. `state`: of the evidence, as every answer of the book names it; `as_of`:
    the last day that was learnt from; `version`: of the program that fitted; `promises`: kind of promise ->
    how many it was learnt from; `measured`: kind -> figure -> value, on promises that the fit had not seen;
    `numbers`: what `Policy.numbers` said of the policy that was measured."""

    state: str
    as_of: str
    version: str
    promises: dict[str, Count]
    measured: dict[str, dict[str, float]]
    numbers: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Parameters of `rate`. `cards`: kind of promise -> its scorecard, "" for kinds without one of their own;
    `party_constant`: evidence at which a party counts half towards its group's prior; `root_constant`,
    `group_constant`: weight of the parent in a group's prior; `coverage_ppm`: of the credible interval;
    `exposure_ppm`: proven exposure per dollar kept before a witness in the last year; `min_evidence_micro`:
    below it there is no grade; `fitted`: where the cards come from, None where they are the cold start."""

    name: str = "default-2026-11"
    valid_from: str = "2026-11-01"
    cards: dict[str, Scorecard] = field(default_factory=lambda: {"": Scorecard()})
    party_constant: Constant = 4.0
    root_constant: Constant = 2.0
    group_constant: Constant = 5.0
    coverage_ppm: Annotated[int, Between(500_000, 999_000)] = 900_000
    exposure_ppm: Annotated[int, Between(0, 10 * PPM)] = 500_000
    exposure_floor_medians: Annotated[int, Between(0, 1_000)] = 1
    min_evidence_micro: Annotated[int, Between(0, 10**12)] = 250_000
    record: RecordPolicy = field(default_factory=RecordPolicy)
    fitted: Provenance | None = None

    def card(self, kind: str) -> Scorecard:
        """The scorecard of a kind of promise."""
        return self.cards.get(kind) or self.cards[""]

    def numbers(self) -> str:
        """16 hex digits that name the numbers alone, without name, date and where they come from."""
        told = {n: v for n, v in asdict(self).items() if n not in ("name", "valid_from", "fitted")}
        return digest(json.dumps(told, sort_keys=True))[:16]

    def as_measured(self) -> bool:
        """Whether the figures in `fitted` were measured with these very numbers."""
        return self.fitted is not None and self.fitted.numbers == self.numbers()

    def digest(self) -> str:
        """16 hex digits that name these parameters."""
        return digest(json.dumps(asdict(self), sort_keys=True))[:16]
