"""Baselines that count: the rate of the market, the party's own share, beta reputation with and without decay.

Worked example: a party with 3 outcomes known, 1 of them broken: kept rate says 1/3, beta reputation
(1 + 1) / (3 + 2) = 2/5. Nothing known: the one says what the market says, the other 1/2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tallystick.rating.validation.examples import Examples
from tallystick.rating.validation.prequential import Floats, Ints, Timeline

HALF_LIFE_DAYS: Final = 180.0
FLOOR: Final = 1e-3
STEPS: Final = 30


def _nothing() -> Floats:
    return np.zeros(0)


def logit(p: Floats) -> Floats:
    """Log odds; no probability is taken below .001 or above .999."""
    sure = np.clip(p, FLOOR, 1 - FLOOR)
    odds: Floats = np.log(sure / (1 - sure))
    return odds


def platt(x: Floats, y: Floats) -> tuple[float, float]:
    """Intercept and slope of y on x (logistic, a trace of ridge), by Newton's method."""
    design = np.stack([np.ones(len(x)), x], axis=1)
    b = np.zeros(2)
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-design @ b))
        curve = design.T @ (design * (p * (1 - p))[:, None]) + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, design.T @ (y - p) - 1e-6 * b)
        b = b + np.clip(step, -5, 5)
    return float(b[0]), float(b[1])


def market_rate(e: Examples) -> Floats:
    """Decayed share broken of all promises that were known before each; one promise at 5 % to begin with."""
    one = np.zeros(len(e), dtype=np.int64)
    mass = np.stack([e.y, np.ones(len(e))], axis=1)
    sums = Timeline(one, e.known).sums_before(mass, one, e.made, HALF_LIFE_DAYS)
    rate: Floats = (0.05 + sums[:, 0]) / (1 + sums[:, 1])
    return rate


def record(e: Examples, days: float) -> tuple[Floats, Floats]:
    """Broken and all of what was known of the promisor before each promise, decayed."""
    mass = np.stack([e.y, np.ones(len(e))], axis=1)
    sums = Timeline(e.promisor, e.known).sums_before(mass, e.promisor, e.made, days)
    return sums[:, 0], sums[:, 1]


@dataclass(slots=True)
class _Counted:
    """A baseline that needs no fitting: what it says of each promise is worked out once."""

    said: Floats = field(default_factory=_nothing)

    def fit(self, rows: Ints) -> None:
        """Nothing to learn."""

    def predict(self, rows: Ints) -> Floats:
        """What it says of these promises."""
        return self.said[rows]


@dataclass(slots=True)
class BaseRate(_Counted):
    """Everybody breaks as many as the market did lately (half-life 180 days)."""

    name: str = "base_rate"

    def prepare(self, examples: Examples) -> None:
        """The market's rate before each promise."""
        self.said = market_rate(examples)


@dataclass(slots=True)
class KeptRate(_Counted):
    """The share that the party broke so far; the market's where nothing is known."""

    name: str = "kept_rate"

    def prepare(self, examples: Examples) -> None:
        """The party's share before each promise."""
        broken, known = record(examples, np.inf)
        share = np.divide(broken, known, out=market_rate(examples), where=known > 0)
        self.said = np.clip(share, FLOOR, 1 - FLOOR)


@dataclass(slots=True)
class BetaReputation(_Counted):
    """Beta reputation with the prior (1, 1)."""

    name: str = "beta"

    def prepare(self, examples: Examples) -> None:
        """The mean of the posterior before each promise."""
        broken, known = record(examples, np.inf)
        self.said = (1 + broken) / (2 + known)


@dataclass(slots=True)
class DecayedBeta:
    """Beta reputation with a half-life of 180 days, set right by Platt's method on what was known."""

    name: str = "beta_180"
    odds: Floats = field(default_factory=_nothing)
    y: Floats = field(default_factory=_nothing)
    line: tuple[float, float] = (0.0, 1.0)

    def prepare(self, examples: Examples) -> None:
        """The log odds of the posterior before each promise."""
        broken, known = record(examples, HALF_LIFE_DAYS)
        self.odds, self.y = logit((1 + broken) / (2 + known)), examples.y

    def fit(self, rows: Ints) -> None:
        """Platt's two numbers."""
        self.line = platt(self.odds[rows], self.y[rows])

    def predict(self, rows: Ints) -> Floats:
        """Calibrated probabilities."""
        p: Floats = 1 / (1 + np.exp(-(self.line[0] + self.line[1] * self.odds[rows])))
        return p
