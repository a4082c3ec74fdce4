"""Whether the intervals hold what they promise: how many of its next promises a party breaks.

Idea: at a party's first promise of a window of 90 days its rating says p with evidence n, that is log-odds that
are spread like a normal distribution about a centre (rating/spread.py); how many of the promises of the window
are broken follows from it. The interval from its 5 % to its 95 % quantile should hold the number that came in
90 % of the windows; counts are whole, so it holds a little more even if all is right, and how much more is told
beside it. The spread is that of the shipped scorecard, which a fit from a book's own evidence betters.

Worked example: p = .1, n = 10, and 8 promises in the window: 90 % of the time 0 to 3 are broken; the chance of
that under the rating itself is .97.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import bdtr
from scipy.stats import beta

from tallystick.rating.policy import Scorecard
from tallystick.rating.prior import chance
from tallystick.rating.spread import PLACES, WEIGHTS, centre, spread_of
from tallystick.rating.validation.bootstrap import COVERED as SURE
from tallystick.rating.validation.bootstrap import (
    DRAWS,
    SEED,
    Estimate,
    estimate,
    party_codes,
    party_weights,
)
from tallystick.rating.validation.prequential import Floats, Ints

WINDOW_DAYS: Final = 90
LEAST_PROMISES: Final = 5
COVERED: Final = 0.90
SHIPPED: Final = Scorecard()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the 90 % interval held the number that came, of how many windows, and how often it should."""

    windows: int
    held: Estimate
    should_hold: float


@dataclass(frozen=True, slots=True)
class Windows:
    """One row for each party and window: what was said at its first promise, and what came."""

    party: Ints
    first: Ints
    p: Floats
    spread: Floats
    promises: Ints
    broken: Ints


def windows_of(
    p: Floats,
    y: Floats,
    party: Ints,
    day: Ints,
    evidence: Floats,
    days: int = WINDOW_DAYS,
    least: int = LEAST_PROMISES,
) -> Windows:
    """Windows of so many days from each party's first promise, with at least so many promises. Rows must be in
    the order in which they were made; `evidence`: promises known of the party, decayed."""
    codes, parties = party_codes(party)
    first_day = np.full(parties, np.iinfo(np.int64).max)
    np.minimum.at(first_day, codes, day)
    slot = (day - first_day[codes]) // days
    _, first, window, number = np.unique(
        codes * (slot.max(initial=0) + 1) + slot,
        return_index=True,
        return_inverse=True,
        return_counts=True,
    )
    broken = np.rint(np.bincount(window, y, len(first))).astype(np.int64)
    rows = np.flatnonzero(number >= least)
    at = first[rows]
    spread = spread_of(p[at], evidence[at], SHIPPED.precision_peers, SHIPPED.precision_own)
    return Windows(codes[at], at, p[at], spread, number[rows], broken[rows])


def coverage(found: Windows, draws: int = DRAWS, seed: int = SEED) -> Coverage:
    """How often the interval of each window held."""
    if not len(found.p):
        return Coverage(0, estimate(float("nan"), []), float("nan"))
    middle = centre(found.p, found.spread)
    low, high = (_quantile(found, middle, q) for q in ((1 - COVERED) / 2, (1 + COVERED) / 2))
    held = ((found.broken >= low) & (found.broken <= high)).astype(np.float64)
    should = _at_most(high, found, middle) - _at_most(low - 1, found, middle)
    codes, parties = party_codes(found.party)
    good, number = np.bincount(codes, held, parties), np.bincount(codes, minlength=parties)
    drawn = [float(w @ good / (w @ number)) for w in party_weights(parties, draws, seed)]
    share = _at_least_binomial(estimate(float(held.mean()), drawn), held)
    return Coverage(len(held), share, float(np.mean(should)))


def _at_most(most: Ints, found: Windows, middle: Floats) -> Floats:
    """The chance that at most so many of the promises of each window are broken."""
    chances = [
        weight * bdtr(np.maximum(most, 0), found.promises, chance(middle + found.spread * place))
        for place, weight in zip(PLACES, WEIGHTS, strict=True)
    ]
    return np.where(most >= 0, np.sum(chances, axis=0), 0.0)


def _quantile(found: Windows, middle: Floats, share: float) -> Ints:
    """The least number of broken promises that is not exceeded with at least that chance: by halving."""
    low, high = np.full(len(middle), -1), found.promises.copy()
    while (high - low > 1).any():
        half = (low + high) // 2
        enough = _at_most(half, found, middle) >= share
        low, high = np.where(enough, low, half), np.where(enough, half, high)
    return high


def _at_least_binomial(found: Estimate, held: Floats) -> Estimate:
    """Where every window held, every draw says so too: never narrower than Jeffreys' interval of a share."""
    good, bad = held.sum() + 0.5, (1 - held).sum() + 0.5
    low, high = beta.ppf([(1 - SURE) / 2, (1 + SURE) / 2], good, bad)
    return Estimate(found.value, min(found.low, float(low)), max(found.high, float(high)))
