"""The width of intervals is found from what became of files, whoever went astray among them."""

from __future__ import annotations

import numpy as np
import pytest

from tallystick.rating.prior import chance
from tallystick.rating.spread import centre, spread_of
from tallystick.rating.width import (
    KIND_SPREAD,
    PEERS,
    Outcomes,
    Widths,
    at_level,
    fit_peers,
    fit_widths,
    outcomes,
)


def drawn(files: int, peers: float, own: float, seed: int = 1, others: float = 0.0) -> Outcomes:
    """Files of a market in which companies differ as these widths say; `others`: promises of other kinds, on
    average."""
    rng = np.random.default_rng(seed)
    p, evidence = chance(rng.normal(-2.7, 0.6, files)), rng.gamma(0.7, 6.0, files)
    beside = others * rng.gamma(0.7, 1 / 0.7, files) if others else np.zeros(files)
    spread = spread_of(p, evidence, peers, own, beside)
    true = chance(centre(p, spread) + spread * rng.standard_normal(files))
    made = rng.integers(1, 30, files)
    came = rng.binomial(made, true).astype(float)
    return outcomes(p, evidence, beside, made.astype(float), came)


def astray(found: Outcomes, files: int) -> Outcomes:
    """The same with as many firms that broke any part of what they had promised."""
    broken = np.random.default_rng(2).integers(0, 13, files).astype(float)
    more = (*(np.full(files, value) for value in (0.06, 0.5, 0.0, 12.0)), broken)
    mine = (found.p, found.evidence, found.beside, found.made, found.broken)
    pairs = zip(mine, more, strict=True)
    return Outcomes(*(np.concatenate(pair) for pair in pairs))


def test_the_widths_of_a_market_are_found() -> None:
    found = fit_widths(drawn(20_000, 0.8, 0.6))
    assert found.peers == pytest.approx(0.8, rel=0.15)
    assert found.own == pytest.approx(0.6, rel=0.3)
    assert found.astray < 0.002


def test_promises_of_other_kinds_are_taken_into_account() -> None:
    market = drawn(20_000, 0.8, 0.6, seed=5, others=30.0)
    found = fit_widths(market)
    assert found.peers == pytest.approx(0.8, rel=0.2)
    alone = Outcomes(market.p, market.evidence, 0 * market.beside, market.made, market.broken)
    assert fit_widths(alone).peers > 1.05 * found.peers


def test_a_few_that_went_astray_widen_nothing() -> None:
    honest = drawn(8_000, 0.8, 0.6)
    found = fit_widths(astray(honest, 100))
    assert found.astray == pytest.approx(100 / 7_800, rel=0.4)
    assert found.peers == pytest.approx(fit_widths(honest).peers, rel=0.1)


def test_little_evidence_gives_wider_intervals_not_narrower() -> None:
    few = [np.log(fit_widths(drawn(300, 0.8, 0.6, seed)).peers) for seed in range(10)]
    assert np.exp(np.mean(few)) < 0.95 * fit_widths(drawn(20_000, 0.8, 0.6)).peers
    nothing = outcomes(*(np.full(250, value) for value in (0.05, 1.0, 0.0, 2.0, 0.0)))
    assert PEERS[0] <= fit_widths(nothing).peers <= PEERS[1]


def test_a_single_promise_tells_nothing() -> None:
    p, ones = np.full(500, 0.05), np.ones(500)
    assert len(outcomes(p, ones, ones, ones, np.arange(500) % 20 < 1).p) == 0


def test_a_kind_is_like_others_unless_its_outcomes_say_otherwise() -> None:
    near = Widths(0.8, 0.6, 0.005)
    few = fit_peers(drawn(60, 3.0, 0.6, seed=3), near)
    assert abs(np.log(few / near.peers)) < 2 * KIND_SPREAD
    many = fit_peers(drawn(20_000, 3.0, 0.6, seed=4), near)
    assert many == pytest.approx(3.0, rel=0.2)


def test_what_all_had_in_common_is_no_difference_between_them() -> None:
    found = drawn(8_000, 0.8, 0.6)
    better = np.random.default_rng(8).binomial(found.broken.astype(int), 0.75).astype(float)
    p = at_level(found.p, found.made, better)
    assert (p * found.made).sum() == pytest.approx(better.sum(), rel=1e-6)
    odds, moved = np.log(found.p / (1 - found.p)), np.log(p / (1 - p))
    assert moved - odds == pytest.approx(np.full(len(p), moved[0] - odds[0]))
    few = found.p[:5], found.made[:5], np.zeros(5)
    assert (at_level(*few) == found.p[:5]).all()
