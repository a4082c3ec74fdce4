"""Figures with known answers, laws, and scikit-learn where it is there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.rating.validation.bootstrap import PartySums, estimate, party_weights
from tallystick.rating.validation.measures import (
    SUREST,
    Foretold,
    losses,
    paired,
    paired_log_loss,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([0.0, 0.25, 1.0]), st.integers(0, 4)),
    min_size=2,
    max_size=40,
)


def foretold(rows: list[tuple[int, float, int]]) -> Foretold:
    p, y, party = (np.array(column) for column in zip(*rows, strict=True))
    return Foretold(p / 20, y, party)


def test_a_worked_example() -> None:
    found = Foretold(np.array([0.1, 0.4, 0.8]), np.array([0.0, 1.0, 0.0]), np.arange(3)).measures()
    assert found.auc == 0.5
    assert found.gini == 0.0
    assert found.ks == 0.5
    assert found.brier == pytest.approx((0.01 + 0.36 + 0.64) / 3)
    assert found.log_loss == pytest.approx(-np.log([0.9, 0.4, 0.2]).mean())
    assert found.observed_expected == pytest.approx(1 / 1.3)


def test_scikit_learn_says_the_same() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(1)
    p = np.round(rng.beta(1, 5, 3_000), 2)
    y = (rng.random(3_000) < p).astype(float)
    weight = rng.integers(0, 4, 3_000).astype(float)
    one_each = Foretold(p, y, np.arange(3_000))
    found = one_each.measures(weight)
    assert found.auc == pytest.approx(metrics.roc_auc_score(y, p, sample_weight=weight))
    assert found.brier == pytest.approx(metrics.brier_score_loss(y, p, sample_weight=weight))
    sure = np.clip(p, SUREST, 1 - SUREST)
    assert found.log_loss == pytest.approx(metrics.log_loss(y, sure, sample_weight=weight))
    below, above, _ = metrics.roc_curve(y, p, sample_weight=weight)
    assert found.ks == pytest.approx(np.abs(above - below).max())


def test_a_share_broken_counts_as_so_much_of_each() -> None:
    shared = Foretold(np.array([0.2, 0.6]), np.array([0.25, 1.0]), np.arange(2)).measures()
    split = Foretold(np.array([0.2, 0.2, 0.6]), np.array([1.0, 0.0, 1.0]), np.arange(3))
    assert shared.auc == pytest.approx(split.measures(np.array([0.25, 0.75, 1.0])).auc)
    assert shared.log_loss == pytest.approx(
        (-0.25 * np.log(0.2) - 0.75 * np.log(0.8) - np.log(0.6)) / 2
    )


@given(ROWS)
def test_ranking_does_not_change_with_the_scale(rows: list[tuple[int, float, int]]) -> None:
    plain, bent = foretold(rows), foretold(rows)
    bent.p = bent.p**3 / 2
    for name in ("auc", "ks"):
        a, b = (getattr(f.measures(), name) for f in (plain, bent))
        assert a == b or (np.isnan(a) and np.isnan(b))


@given(ROWS)
def test_turning_everything_round_turns_the_auc_round(rows: list[tuple[int, float, int]]) -> None:
    turned = [(20 - p, y, party) for p, y, party in rows]
    a, b = foretold(rows).measures().auc, foretold(turned).measures().auc
    assert np.isnan(a) or a + b == pytest.approx(1)


@given(ROWS, st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_drawing_a_party_twice_is_having_it_twice(
    rows: list[tuple[int, float, int]], times: list[int]
) -> None:
    parties = sorted({party for _, _, party in rows})
    weights = np.array(times[: len(parties)], dtype=float)
    repeated = [row for row in rows for _ in range(times[parties.index(row[2])])]
    if repeated:
        a, b = foretold(rows).measures(weights), foretold(repeated).measures()
        for name in ("auc", "brier", "log_loss", "observed_expected"):
            x, y = getattr(a, name), getattr(b, name)
            assert (np.isnan(x) and np.isnan(y)) or x == pytest.approx(y)


def test_intervals_by_party_are_wider_where_parties_repeat() -> None:
    rng = np.random.default_rng(3)
    nature = rng.beta(1, 4, 40)
    party = np.repeat(np.arange(40), 50)
    y = (rng.random(2_000) < nature[party]).astype(float)
    p = np.full(2_000, 0.2)
    alike = Foretold(p, y, party).estimates(100)["observed_expected"]
    apart = Foretold(p, y, np.arange(2_000)).estimates(100)["observed_expected"]
    assert alike.high - alike.low > 2 * (apart.high - apart.low)
    assert alike.low < y.mean() / 0.2 < alike.high


def test_an_interval_covers_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(60):
        y = (rng.random(400) < 0.3).astype(float)
        found = Foretold(np.full(400, 0.3), y, np.arange(400)).estimates(100)["brier"]
        held += found.low <= 0.21 <= found.high or abs(found.value - 0.21) < 1e-12
        found_rate = Foretold(np.full(400, 0.3), y, np.arange(400)).estimates(100)
        held += found_rate["observed_expected"].low <= 1 <= found_rate["observed_expected"].high
    assert 100 <= held <= 120


def test_reliability_adds_up() -> None:
    rng = np.random.default_rng(2)
    p = rng.random(1_000)
    bins = Foretold(p, p, np.arange(1_000) % 30).reliability(20)
    assert [b.promises for b in bins] == [100] * 10
    assert all(b.observed == pytest.approx(b.expected) for b in bins)
    assert all(b.low <= b.observed <= b.high for b in bins)


def test_a_model_against_itself_is_a_tie_and_a_worse_one_is_worse() -> None:
    rng = np.random.default_rng(8)
    p = rng.beta(1, 4, 2_000)
    y = (rng.random(2_000) < p).astype(float)
    party = np.arange(2_000) % 300
    flat = np.full(2_000, 0.2)
    assert paired_log_loss(p, p, y, party).high == 0
    gap = paired_log_loss(p, flat, y, party)
    assert gap.low < gap.value < gap.high < 0
    assert gap.value == pytest.approx((losses(p, y) - losses(flat, y)).mean())
    auc = paired(Foretold(p, y, party), Foretold(flat, y, party), lambda m: m.auc, 50)
    assert auc.low > 0.1


def test_where_nobody_broke_a_promise_ranking_cannot_be_told() -> None:
    found = Foretold(np.array([0.1, 0.2]), np.zeros(2), np.arange(2)).estimates(10)
    assert np.isnan(found["auc"].value)
    assert found["observed_expected"].value == 0


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 2)), min_size=1, max_size=30))
def test_sums_by_party_are_sums_of_the_rows(rows: list[tuple[int, int]]) -> None:
    party, cell = (np.array(column) for column in zip(*rows, strict=True))
    columns = np.stack([np.ones(len(rows)), np.arange(len(rows)) + 1.0], axis=1)
    sums = PartySums(party, cell, 3, columns)
    for weights in party_weights(5, 3):
        wanted = [(columns * weights[party][:, None])[cell == n].sum(axis=0) for n in range(3)]
        assert np.allclose(sums.total(weights), wanted)


def test_an_estimate_without_draws_says_so() -> None:
    assert np.isnan(estimate(1.0, [float("nan")]).low)
