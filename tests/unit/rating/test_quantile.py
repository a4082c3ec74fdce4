"""Quantiles read off the spline are those that solving gives, over all that the grid covers and beyond."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaincinv

from tallystick.rating.quantile import (
    ALPHAS,
    BETAS,
    GRID_FROM,
    GUARD_PPM,
    Floats,
    beta_quantile_ppm,
    spline_ppm,
)

SHARES = (0.005, 0.025, 0.05, 0.25, 0.75, 0.95, 0.975, 0.995)


def _pairs(
    count: int, alphas: tuple[float, float], betas: tuple[float, float]
) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(7)
    alpha, beta = (np.exp(rng.uniform(np.log(lo), np.log(hi), count)) for lo, hi in (alphas, betas))
    alpha[: count // 3] = alphas[0]
    beta[-count // 10 :] = betas[1]
    return alpha, beta


@pytest.mark.parametrize("share", SHARES)
def test_the_spline_is_ten_times_better_than_its_guard(share: float) -> None:
    alpha, beta = _pairs(30_000, ALPHAS, BETAS)
    off = np.abs(spline_ppm(alpha, beta, share) - betaincinv(alpha, beta, share) * 1e6)
    assert off.max() < GUARD_PPM / 10


@pytest.mark.parametrize("share", [0.0, 0.05, 0.95, 1.0])
def test_many_at_once_are_the_same_as_few(share: float) -> None:
    alpha, beta = _pairs(
        2 * GRID_FROM, (ALPHAS[0] / 2, ALPHAS[1] * 4), (BETAS[0] / 9, BETAS[1] * 4)
    )
    many = beta_quantile_ppm(alpha, beta, share)
    one_by_one = np.rint(betaincinv(alpha, beta, share) * 1e6).astype(np.int64)
    assert (many == one_by_one).all()
