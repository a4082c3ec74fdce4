"""Quantiles of Beta distributions in ppm: the exact ones, without solving for each of millions of ratings.

Idea: the logarithm of a quantile is a smooth function of the logarithms of alpha and beta. It is solved on a
grid of 20,000 points and read between them off a spline of degree five, which is off by less than a tenth of
GUARD_PPM (tests/unit/rating holds it to that). Where the spline comes closer than GUARD_PPM to where rounding
turns, or would be read outside of the grid, the quantile itself is solved: so the integers are those that
solving each would give, and a rating does not depend on how many are made at once.

Worked example: the spline says 123456.4996 ppm: rounding turns at 123456.5, too near to tell, so it is
solved. It says 123456.3: the quantile rounds to 123456.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from tallystick.units import PPM

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

THREADS: Final = 4
DEGREE: Final = 5
STEP: Final = 0.08
"""Of the grid, in logarithms."""

MARGIN: Final = 24
"""Points of the grid beyond its ends, where the spline is not read: it is worse near an edge."""

GUARD_PPM: Final = 0.01
ALPHAS: Final = (0.25, 64.0)
BETAS: Final = (0.5, 8192.0)
GRID_FROM: Final = 20_000
"""Fewer are solved one by one: making the grid would take longer."""


def beta_quantile_ppm(alpha: Floats, beta: Floats, share: float) -> Ints:
    """For each row the `share` quantile of Beta(alpha, beta) in ppm, rounded.

    >>> beta_quantile_ppm(np.array([1.0, 2.0]), np.array([1.0, 2.0]), 0.25).tolist()
    [250000, 326352]
    """
    # scipy lets go of the interpreter, so threads help; each element is found alone, so the split cannot
    # change it
    find = _read if len(alpha) >= GRID_FROM else _solve
    parts = [np.array_split(values, THREADS) for values in (alpha, beta)]
    with ThreadPoolExecutor(THREADS) as pool:
        return np.concatenate(list(pool.map(lambda a, b: find(a, b, share), *parts)))


def _solve(alpha: Floats, beta: Floats, share: float) -> Ints:
    ppm: Ints = np.rint(betaincinv(alpha, beta, share) * PPM).astype(np.int64)
    return ppm


def _read(alpha: Floats, beta: Floats, share: float) -> Ints:
    ppm = spline_ppm(alpha, beta, share)
    whole = np.rint(ppm)
    sure = np.abs(ppm - whole) < 0.5 - GUARD_PPM
    for values, (low, high) in ((alpha, ALPHAS), (beta, BETAS)):
        sure &= (values >= low) & (values <= high)
    found = np.where(sure, whole, 0).astype(np.int64)
    rest = np.flatnonzero(~sure)
    found[rest] = _solve(alpha[rest], beta[rest], share)
    return found


def spline_ppm(alpha: Floats, beta: Floats, share: float) -> Floats:
    """What the spline says, in ppm and not rounded; of no worth outside of ALPHAS and BETAS."""
    from scipy.ndimage import map_coordinates  # small books do without, and start sooner

    place = [
        np.log(values / low) / STEP + MARGIN
        for values, (low, _) in ((alpha, ALPHAS), (beta, BETAS))
    ]
    found = map_coordinates(_spline(share), place, order=DEGREE, prefilter=False, mode="mirror")
    ppm: Floats = np.exp(found) * PPM
    return ppm


@cache
def _spline(share: float) -> Floats:
    """Coefficients of the spline through the logarithms of the quantiles on the grid."""
    from scipy.ndimage import spline_filter

    alphas, betas = (
        low * np.exp(STEP * np.arange(-MARGIN, np.log(high / low) / STEP + MARGIN + 1))
        for low, high in (ALPHAS, BETAS)
    )
    with np.errstate(divide="ignore"):  # a share of 0 has no logarithm: all of it is then solved
        grid = np.log(betaincinv(alphas[:, None], betas, share))
    found: Floats = spline_filter(grid, order=DEGREE, mode="mirror")
    return found
