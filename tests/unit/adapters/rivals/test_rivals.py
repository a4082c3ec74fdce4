"""Baselines: worked examples, no look into the future, and a clear word where a package is missing."""

from __future__ import annotations

import dataclasses
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.adapters.rivals import (
    FEATURES,
    Boosted,
    RivalMissing,
    WoeScorecard,
    raw_features,
    rivals,
)
from tallystick.adapters.rivals.features import DEAL_FEATURES
from tallystick.adapters.rivals.network import eigentrust
from tallystick.adapters.rivals.simple import platt
from tallystick.rating.validation.examples import Examples
from tallystick.rating.validation.rolling import foretell

ROW = st.tuples(
    st.integers(0, 3), st.integers(4, 6), st.integers(0, 60), st.integers(0, 20), st.booleans()
)


def examples(rows: list[tuple[int, int, int, int, bool]]) -> Examples:
    promisor, promisee, made, term, broken = (
        np.array(c) for c in zip(*sorted(rows, key=lambda r: r[2]), strict=True)
    )
    return Examples(
        promisor=promisor,
        promisee=promisee,
        made=made.astype(float),
        due=made + term + 0.0,
        known=made + term + broken + 0.0,
        y=broken.astype(float),
        value=made + 1.0,
        group=promisor % 2,
        late_days=broken * 4.0,
    )


def many(count: int, seed: int = 1) -> Examples:
    """Parties whose nature differs, so that the record tells something."""
    rng = np.random.default_rng(seed)
    nature = rng.beta(1, 4, 60)
    promisor = rng.integers(0, 60, count)
    rows = list(
        zip(
            promisor.tolist(),
            rng.integers(0, 90, count).tolist(),
            np.sort(rng.integers(0, 900, count)).tolist(),
            rng.integers(1, 40, count).tolist(),
            (rng.random(count) < nature[promisor]).tolist(),
            strict=True,
        )
    )
    return examples(rows)


def test_features_by_hand() -> None:
    told = examples([(1, 5, 1, 2, False), (1, 6, 2, 6, True), (1, 5, 10, 5, False)])
    found = dict(zip(FEATURES, raw_features(told)[2], strict=True))
    wanted = {
        "known": 2,
        "broken": 1,
        "share_ever": 0.5,
        "since_known": 1,
        "since_broken": 1,
        "last_broken": 1,
        "counterparties": 2,
        "late_mean": 2,
        "made_before": 2,
        "open": 0,
        "age": 9,
        "since_made": 8,
        "received": 0,
    }
    assert {name: found[name] for name in wanted} == pytest.approx(wanted)
    assert np.isnan(raw_features(told)[0][FEATURES.index("share_ever")])


@settings(max_examples=50)
@given(st.lists(ROW, min_size=2, max_size=25), st.integers(0, 60))
def test_nothing_known_later_changes_what_stood_before(
    rows: list[tuple[int, int, int, int, bool]], day: int
) -> None:
    told = examples(rows)
    later = told.known >= day
    other = dataclasses.replace(
        told, y=np.where(later, 1 - told.y, told.y), late_days=np.where(later, 9, told.late_days)
    )
    before = told.made <= day
    a, b = raw_features(told, deal=True), raw_features(other, deal=True)
    assert a.shape == (len(rows), len(FEATURES) + len(DEAL_FEATURES))
    assert np.allclose(a[before], b[before], equal_nan=True)


def test_trust_in_a_ring_is_shared_alike_and_adds_up() -> None:
    ring = eigentrust(np.array([0, 1, 2]), np.array([1, 2, 0]), np.ones(3), 3)
    assert np.allclose(ring, 1 / 3)
    star = eigentrust(np.array([0, 1, 2]), np.array([3, 3, 3]), np.ones(3), 5)
    assert star.sum() == pytest.approx(1)
    assert star.argmax() == 3


def test_platt_finds_the_line() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=200_000)
    y = (rng.random(200_000) < 1 / (1 + np.exp(1 - 2 * x))).astype(float)
    assert platt(x, y) == pytest.approx((-1, 2), abs=0.05)


def test_every_rival_foretells_better_than_nothing() -> None:
    told = many(2_500)
    models = rivals(learned=False)
    for package in ("lightgbm", "optbinning"):
        if package in sys.modules or _there(package):
            models += [Boosted()] if package == "lightgbm" else [WoeScorecard()]
    found = foretell(told, models, "pay")
    y = found["y_ppm"].to_numpy() / 1e6
    for model in models:
        p = found[f"p_{model.name}"].to_numpy()
        assert ((p > 0) & (p < 1)).all()
        better = p[y == 1].mean() - p[y == 0].mean()
        assert better > (0.03 if model.name not in ("base_rate", "eigentrust") else -0.05)


def _there(package: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(package) is not None


def test_tuning_takes_place_before_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lightgbm")
    from tallystick.adapters.rivals import boosted

    monkeypatch.setattr(boosted, "TRIED", boosted.TRIED[:2])
    told = many(800)
    tuned = Boosted(tuned=True)
    tuned.prepare(told)
    after = np.arange(800) >= 440
    other = Boosted(tuned=True)
    other.prepare(dataclasses.replace(told, y=np.where(after, 1 - told.y, told.y)))
    assert tuned.settings == other.settings


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    model = Boosted()
    model.prepare(many(50))
    with pytest.raises(RivalMissing, match=r"tallystick\[fit\]"):
        model.fit(np.arange(20))
