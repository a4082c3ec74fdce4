"""How far what a company really does may lie from what its rating states: intervals of a probability.

Idea: the log-odds of a company differ from those of others like it by many small causes that add up, so they
are spread like a normal distribution. A rating states the mean of the probability; `centre` finds the log-odds
about which a normal distribution of a given spread has that mean. The ends of the interval are as far on
either side as the normal distribution says. The spread is 1 / sqrt(precision), and precision adds up: what all
companies have in common, and the information of the own evidence, N * p * (1 - p) as of N promises. What a
company promised of other kinds tells of half of the first (`TOGETHER`).

A Beta distribution was here before. With few breaks behind it its lower end goes down to nothing, where hardly
any company is (docs/decisions/0025).

Worked example: p = 5 %, spread 1: the centre lies at log-odds -3.37, which is 3.3 %; the interval of 90 % goes
from 1 / (1 + e^5.02) = .7 % to 1 / (1 + e^1.73) = 15.1 %.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from tallystick.rating.prior import chance, logit
from tallystick.units import PPM

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_PRECISION: Final = 0.1
"""Of log-odds. A spread beyond 3.2 would put the mean of a small probability above the end of its interval."""

TOGETHER: Final = 0.5
"""How much the kinds of promise of one company hang together (correlation of what is not known of each). The
breaks of `world-1` alone say .2 without firms that broke over half of a kind, .7 and more with them."""

STEPS: Final = 3
"""Of Newton's method in `centre`: off by less than 1e-6 after them, for all spreads there may be."""

THREADS: Final = 4
PIECE: Final = 16_384
"""Rows that are worked on at once, so that what is worked on stays near the processor."""

_EDGE: Final = 1e-9
_PLACES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_MEASURE: Final = tuple(zip(_PLACES.tolist(), (_WEIGHTS / _WEIGHTS.sum()).tolist(), strict=True))
"""Gauss and Hermite's places and weights: a mean over a normal distribution is a sum of 15 terms."""


PLACES: Final = np.arange(-5.0, 5.01, 0.15)
WEIGHTS: Final = np.exp(-(PLACES**2) / 2) / np.exp(-(PLACES**2) / 2).sum()
"""The same where a file has many promises, so that its chances change quickly from place to place."""


def spread_of(
    p: Floats,
    evidence: Floats,
    peers: Floats | float,
    own: Floats | float,
    beside: Floats | float = 0.0,
) -> Floats:
    """Spread of the log-odds of rows that state `p` and have evidence of so many promises, and of so many
    `beside` of other kinds. `peers`, `own`: `precision_peers` and `precision_own` of their cards.

    >>> float(spread_of(np.array([0.05]), np.array([0.0]), 1.0, 1.0, 40.0).round(2)[0])
    0.87
    """
    telling = own * p * (1 - p)
    at_peers = precision_beside(peers, telling * beside)
    precision = np.maximum(at_peers + telling * evidence, LEAST_PRECISION)
    spread: Floats = 1 / np.sqrt(precision)
    return spread


def precision_beside(peers: Floats | float, told: Floats) -> Floats:
    """1 / variance of the log-odds of one kind of promise before its own evidence, where other kinds told
    something (information, as of N promises N * p * (1 - p)). They tell of what all kinds of a company have in
    common, which is the share `TOGETHER` of the variance, and nothing of what is of this kind alone."""
    peers = np.maximum(peers, LEAST_PRECISION)
    left: Floats = (1 - TOGETHER) / peers + TOGETHER / (peers + TOGETHER * told)
    return 1 / left


def centre(p: Floats, spread: Floats) -> Floats:
    """The log-odds about which a normal distribution with that spread has `p` as its mean probability.

    >>> float(centre(np.array([0.05]), np.array([1.0])).round(2)[0])
    -3.37
    """
    wanted = logit(np.clip(p, _EDGE, 1 - _EDGE))
    middle: Floats = wanted * np.sqrt(1 + np.pi * spread**2 / 8)
    for _ in range(STEPS):
        mean, slope = np.zeros(len(middle)), np.zeros(len(middle))
        for place, weight in _MEASURE:
            at = chance(middle + spread * place)
            mean += weight * at
            slope += weight * at * (1 - at)
        # on the scale of log-odds the mean is nearly a straight line of the centre
        middle = middle - (logit(mean) - wanted) * mean * (1 - mean) / slope
    return middle


def interval_ppm(p: Floats, spread: Floats, covered: float) -> tuple[Ints, Ints]:
    """The ends, in ppm and rounded, of the interval that covers so much of what a row states. Each row is
    found alone, so its ends do not depend on how many are."""
    reach = float(ndtri((1 + covered) / 2))
    pieces = range(0, max(len(p), 1), PIECE)

    def find(first: int) -> tuple[Ints, Ints]:
        rows = slice(first, first + PIECE)
        middle, away = centre(p[rows], spread[rows]), reach * spread[rows]
        return _ppm(chance(middle - away)), _ppm(chance(middle + away))

    if len(pieces) == 1:
        return find(0)
    with ThreadPoolExecutor(THREADS) as pool:  # numpy lets go of the interpreter
        low, high = zip(*pool.map(find, pieces), strict=True)
    return np.concatenate(low), np.concatenate(high)


def mixed_spread(share: Floats, p: Floats, spread: Floats, starts: Ints, mixed: Floats) -> Floats:
    """Spread of mixes of rows that hang together by `TOGETHER`: that of the log-odds with the variance of the
    mix, where rows are as lopsided as they are (Fenton and Wilkinson's rule, exact for one row). `starts`:
    first row of each mix; `mixed`: its mean probability."""
    alone = share * p * (1 - p) * np.sqrt(np.expm1(spread**2))
    apart, whole = (np.add.reduceat(values, starts) for values in (alone**2, alone))
    variance = (1 - TOGETHER) * apart + TOGETHER * whole**2
    found = np.sqrt(np.log1p(variance / (mixed * (1 - mixed)) ** 2))
    out: Floats = np.minimum(found, 1 / np.sqrt(LEAST_PRECISION))
    return out


def _ppm(share: Floats) -> Ints:
    ppm: Ints = np.rint(share * PPM).astype(np.int64)
    return ppm
