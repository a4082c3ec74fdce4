"""The hidden conduct of the companies of `world-1`: it drifts, takes shocks, spreads, and ends.

Idea: every company has one state a month, on the scale of log odds, that all its promises share, and a fixed
part of its own for each kind. The state is

    disposition + country + drift + own shock + the supplier's trouble + shock of its sector + of its country

`drift` goes back to nothing with a half-life of eight months (an autoregression of order one); shocks fade
within months; a supplier that had a shock or closed last month pulls down whoever it supplies. A promise of
kind k made on a day of month m is broken with probability `sigmoid(base_k + state_m + own_k + season_k)`. Firms
close with a probability that rises with the state: failing firms leave, and what they had promised breaks.
Nothing in this depends on a company's size.

Worked example: at a base of 6 % a firm with state +1 breaks 14 % of its promises, one with state -1 2.3 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tallystick.world.companies import FAR, PROMISES, Bools, Floats, Ints
from tallystick.world.config import WorldConfig
from tallystick.world.places import COUNTRIES, SECTORS

Halves = NDArray[np.float16]
Singles = NDArray[np.float32]

MONTH: Final = 30
BASE_RATES: Final = {
    "respond": 0.11,
    "quote": 0.06,
    "confirm": 0.035,
    "dispatch": 0.08,
    "deliver": 0.045,
    "conform": 0.06,
    "declare": 0.04,
    "refund": 0.10,
    "order": 0.03,
    "deposit": 0.07,
    "receive": 0.03,
    "pay": 0.12,
    "declare_import": 0.035,
    "collect": 0.06,
    "arrive": 0.09,
    "settle": 0.10,
    "cover": 0.05,
    "remit": 0.03,
}
"""Share of promises broken by honest firms in a quiet month, by kind."""

DISPOSITION: Final = 0.85
DRIFT: Final = 0.45
OWN: Final = 0.50
"""Standard deviations, in log odds, of what stays of a firm, of what drifts, and of what is one kind's."""

PERSISTENCE: Final = 0.917
"""Of drift from month to month: 0.917 ** 8 is one half."""

SHOCK_SHARE: Final = 0.010
SHOCK_MEAN: Final = 1.2
SHOCK_LEFT: Final = 0.75
"""Of a company: how many a month, mean size, and what is left of it a month later."""

COMMON_SHARE: Final = 0.02
COMMON_MEAN: Final = 0.45
COMMON_LEFT: Final = 0.65
"""The same for shocks that a whole sector or country takes."""

BEFORE: Final = 12
"""Months of shocks before the first, so that the world does not begin in a calm that it never has again."""

COUNTRY: Final = 1.5
"""Log odds for one unit of a country's `lean`: from -0.4 to +0.3 with `country_effect` 1."""

CHAIN: Final = 0.5
CHAIN_MOST: Final = 2.5
CLOSED: Final = 2.0
"""A supplier's trouble last month, at most `CHAIN_MOST`, counts by `CHAIN`; a closing counts as `CLOSED`."""

SUPPLIED: Final = 0.6
"""Share of firms that have a main supplier."""

CLOSING: Final = 0.0025
CLOSING_SLOPE: Final = 0.7
CLOSING_MOST: Final = 0.2
"""Probability of closing in a month at state 0; what a unit of the state multiplies it by is e ** 0.7."""

_PEAK_DAY: Final = {"dispatch": 335, "arrive": 345, "collect": 340, "pay": 210, "respond": 220}
"""Day of the year about which these kinds are broken most often."""
_SEASON: Final = 0.25


@dataclass(frozen=True, slots=True)
class Latent:
    """State of every company in every month and its own part for every kind, in log odds.

    `state`: shape (months, companies); `own`: (promises, companies); `left_on`: the day on which a company
    closes, or `FAR`; `supplier`: a company, or -1.
    """

    first_day: int
    state: Halves
    own: Halves
    base: Floats
    left_on: Ints
    supplier: Ints

    def month(self, day: Ints) -> Ints:
        """The row of `state` of each day; days outside the world belong to its first or last month."""
        return np.clip((day - self.first_day) // MONTH, 0, len(self.state) - 1)

    def probability(self, kind: str, company: Ints, day: Ints) -> Floats:
        """Probability that each company breaks a promise of that kind made on that day, if it stays."""
        row = PROMISES.index(kind)
        logit = self.state[self.month(day), company].astype(np.float64)
        logit += self.own[row, company]
        return sigmoid(logit + self.base[row] + season(kind, day))

    def closing(self, company: Ints, day: Ints, days: Ints) -> Floats:
        """Probability that each company closes within so many days of a day."""
        monthly = closing_share(self.state[self.month(day), company].astype(np.float64))
        return np.asarray(1 - (1 - monthly) ** (np.maximum(days, 0) / MONTH))


def sigmoid(logit: Floats) -> Floats:
    """Probability of log odds."""
    return np.asarray(1 / (1 + np.exp(-logit)))


def season(kind: str, day: Ints) -> Floats:
    """Log odds that a kind's season adds on each day."""
    if kind not in _PEAK_DAY:
        return np.zeros(len(day))
    return np.asarray(_SEASON * np.cos(2 * np.pi * (day - _PEAK_DAY[kind]) / 365.25))


def closing_share(state: Floats | Singles) -> Floats:
    """Probability of closing within a month."""
    chance = CLOSING * np.exp(CLOSING_SLOPE * state.astype(np.float64))
    return np.asarray(np.minimum(chance, CLOSING_MOST))


def bases() -> Floats:
    """Log odds at which firms with the spread of this module break `BASE_RATES` of their promises."""
    spread = np.sqrt(DISPOSITION**2 + DRIFT**2 + OWN**2)
    points, weights = np.polynomial.hermite_e.hermegauss(31)
    weights = weights / weights.sum()
    wanted = np.array([BASE_RATES[kind] for kind in PROMISES])
    low, high = np.full(len(wanted), -9.0), np.zeros(len(wanted))
    for _ in range(50):
        middle = (low + high) / 2
        rate = sigmoid(middle[:, None] + spread * points) @ weights
        low, high = np.where(rate < wanted, middle, low), np.where(rate < wanted, high, middle)
    # Rounded, so that machines that add up in another order make the same world.
    return np.asarray(np.round((low + high) / 2, 9))


@dataclass(frozen=True, slots=True)
class Nudge:
    """What is added to the state of some companies from one month to before another."""

    companies: Ints
    since: int
    until: int
    amount: float


@dataclass(frozen=True, slots=True)
class Setting:
    """What a company's conduct depends on. `mortal`: those that close by chance, `joined_on` and after."""

    country: Ints
    sector: Ints
    supplier: Ints
    joined_on: Ints
    mortal: Bools


def live(config: WorldConfig, where: Setting, nudges: Sequence[Nudge]) -> Latent:
    """Live through the months of a world."""
    rng = np.random.default_rng([config.seed, 10])
    count, months = len(where.country), months_of(config)
    lean = np.array([c.lean for c in COUNTRIES]) * config.country_effect * COUNTRY
    lasting = _normal(rng, count, DISPOSITION) + lean.astype(np.float32)[where.country]
    own = np.empty((len(PROMISES), count), dtype=np.float16)
    for row in range(len(PROMISES)):
        own[row] = _normal(rng, count, OWN)
    sectors = _common_shocks(rng, months, len(SECTORS))
    countries = _common_shocks(rng, months, len(COUNTRIES))
    state = np.empty((months, count), dtype=np.float16)
    left_on = np.full(count, FAR)
    drift = _normal(rng, count, DRIFT)
    shock: Singles = np.zeros(count, dtype=np.float32)
    for _ in range(BEFORE):
        shock = np.float32(SHOCK_LEFT) * shock + _jumps(rng, count, SHOCK_SHARE, SHOCK_MEAN)
    trouble: Singles = shock
    closed = np.zeros(count, dtype=np.float32)
    for month in range(months):
        now = lasting + drift + shock
        now += CHAIN * _upstream(trouble, where.supplier)
        now += sectors[month][where.sector] + countries[month][where.country]
        for nudge in nudges:
            if nudge.since <= month < nudge.until:
                now[nudge.companies] += np.float32(nudge.amount)
        state[month] = now
        start = config.first_day + month * MONTH
        closing = rng.random(count) < closing_share(now)
        closing &= where.mortal & (left_on == FAR) & (where.joined_on <= start)
        left_on[closing] = start + rng.integers(0, MONTH, size=int(closing.sum()))
        closed = np.float32(SHOCK_LEFT) * closed + np.float32(CLOSED) * closing.astype(np.float32)
        trouble = shock + closed
        drift *= np.float32(PERSISTENCE)
        drift += _normal(rng, count, DRIFT * float(np.sqrt(1 - PERSISTENCE**2)))
        shock = np.float32(SHOCK_LEFT) * shock + _jumps(rng, count, SHOCK_SHARE, SHOCK_MEAN)
    return Latent(config.first_day, state, own, bases(), left_on, where.supplier)


def months_of(config: WorldConfig) -> int:
    """Months of a world, the last one begun included."""
    return -(-config.days // MONTH)


def _normal(rng: np.random.Generator, count: int, deviation: float) -> Singles:
    return rng.standard_normal(count, dtype=np.float32) * np.float32(deviation)


def _jumps(rng: np.random.Generator, count: int, share: float, mean: float) -> Singles:
    """New shocks of one month: most have none."""
    hit = np.flatnonzero(rng.random(count, dtype=np.float32) < share)
    jump = np.zeros(count, dtype=np.float32)
    jump[hit] = rng.exponential(mean, size=len(hit))
    return jump


def _common_shocks(rng: np.random.Generator, months: int, places: int) -> Singles:
    """Shocks that all of a sector or a country take, shape (months, places)."""
    shocks = np.zeros((BEFORE + months, places), dtype=np.float32)
    for month in range(1, BEFORE + months):
        shocks[month] = np.float32(COMMON_LEFT) * shocks[month - 1]
        shocks[month] += _jumps(rng, places, COMMON_SHARE, COMMON_MEAN)
    return shocks[BEFORE:]


def _upstream(trouble: Singles, supplier: Ints) -> Singles:
    """The trouble of each company's supplier, 0 where it has none."""
    seen = np.minimum(trouble, np.float32(CHAIN_MOST))[supplier]
    return np.where(supplier >= 0, seen, np.float32(0))
