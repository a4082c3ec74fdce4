"""Intervals of a probability: their mean is what is stated, they hold it, and each row stands for itself."""

from __future__ import annotations

import numpy as np
import pytest

from tallystick.rating.prior import chance
from tallystick.rating.spread import (
    LEAST_PRECISION,
    PIECE,
    TOGETHER,
    centre,
    interval_ppm,
    mixed_spread,
    spread_of,
)

WIDEST = LEAST_PRECISION**-0.5


def test_the_mean_probability_is_what_is_stated() -> None:
    rng = np.random.default_rng(3)
    for p in (0.0005, 0.02, 0.3, 0.9):
        for spread in (0.2, 1.0, 1.8):
            middle = centre(np.array([p]), np.array([spread]))
            drawn = chance(middle + spread * rng.standard_normal(400_000))
            assert drawn.mean() == pytest.approx(p, rel=0.03)


def test_nine_in_ten_lie_between_the_ends_and_as_many_below_as_above() -> None:
    rng = np.random.default_rng(4)
    p, spread = np.array([0.04]), np.array([1.1])
    low, high = interval_ppm(p, spread, 0.9)
    drawn = chance(centre(p, spread) + spread * rng.standard_normal(400_000)) * 1e6
    assert (drawn < low).mean() == pytest.approx(0.05, abs=0.002)
    assert (drawn > high).mean() == pytest.approx(0.05, abs=0.002)


def test_what_is_stated_lies_between_the_ends_however_wide_they_are() -> None:
    p = np.repeat([1e-7, 1e-6, 1e-4, 0.01, 0.5, 0.99, 1 - 1e-6], 30)
    spread = np.tile(np.linspace(0.01, WIDEST, 30), 7)
    low, high = interval_ppm(p, spread, 0.9)
    stated = np.rint(p * 1e6)
    assert (low <= stated).all() and (stated <= high).all()


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    rng = np.random.default_rng(5)
    p, spread = chance(rng.normal(-3, 2, PIECE + 5)), rng.uniform(0.05, WIDEST, PIECE + 5)
    low, high = interval_ppm(p, spread, 0.9)
    for n in (0, 1, 777, PIECE - 1, PIECE, PIECE + 4):
        alone = interval_ppm(p[n : n + 1], spread[n : n + 1], 0.9)
        assert (alone[0][0], alone[1][0]) == (low[n], high[n])
    assert [len(ends) for ends in interval_ppm(p[:0], spread[:0], 0.9)] == [0, 0]


def test_own_evidence_narrows_and_a_kept_promise_never_raises_the_upper_end() -> None:
    evidence = np.arange(0.0, 60.0)
    p = 0.15 / (3 + evidence)  # peers at 5 %, kappa 3, all kept
    high = interval_ppm(p, spread_of(p, evidence, 0.8, 1.0), 0.9)[1]
    assert (np.diff(high) <= 0).all()
    same = np.full(60, 0.05)
    assert (np.diff(spread_of(same, evidence, 0.8, 1.0)) < 0).all()
    assert spread_of(same[:1], evidence[:1], 0.0, 0.0) == WIDEST
    beside = np.array([0.0, 1.0, 10.0, 1e9])
    narrower = spread_of(same[:1], evidence[:1], 0.8, 1.0, beside)
    assert narrower[0] == spread_of(same[:1], evidence[:1], 0.8, 1.0)
    assert (np.diff(narrower) < 0).all()
    of_this_kind_alone = spread_of(same[:1], evidence[:1], 0.8 / (1 - TOGETHER), 1.0)
    assert narrower[3] == pytest.approx(of_this_kind_alone[0])


def test_a_mix_of_one_is_as_wide_as_it_is_and_of_several_narrower() -> None:
    p, spread, one = np.full(4, 0.05), np.full(4, 1.2), np.array([0])
    alone = mixed_spread(np.ones(1), p[:1], spread[:1], one, p[:1])
    assert alone == pytest.approx(1.2)
    both = mixed_spread(np.full(4, 0.25), p, spread, one, p[:1])
    rng = np.random.default_rng(6)
    cause = TOGETHER**0.5 * rng.standard_normal(200_000)
    cause = cause + (1 - TOGETHER) ** 0.5 * rng.standard_normal((4, 200_000))
    drawn = chance(centre(p, spread)[:, None] + 1.2 * cause).mean(0)
    ends = chance(centre(p[:1], both) + np.array([-1.645, 1.645]) * both)
    assert ends == pytest.approx(np.quantile(drawn, [0.05, 0.95]), rel=0.25)
