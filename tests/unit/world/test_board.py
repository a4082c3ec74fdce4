"""The leaderboard: figures by hand, and what the oracle and a constant score on a real world."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallystick.world import WorldConfig, simulate
from tallystick.world.board import auc, calibration_error, score, set_exam

AS_OF = date(2025, 1, 1)
DAY = (AS_OF - date(1970, 1, 1)).days


def made(rows: list[tuple[str, str, int, float, bool, str | None]]) -> pa.Table:
    """Promises (promisor, kind, made so many days after as_of, p_true, broken, planted)."""
    who, kind, after, p, broken, planted = zip(*rows, strict=True)
    on = [AS_OF + timedelta(days=n) for n in after]
    return pa.table(
        {
            "promisor": who,
            "kind": kind,
            "made_on": pa.array(on, pa.date32()),
            "due_on": pa.array([day + timedelta(days=5) for day in on], pa.date32()),
            "p_true": p,
            "broken": broken,
            "planted": pa.array(planted, pa.string()),
        }
    )


def firms(*names: str, fraud: tuple[str, ...] = ()) -> pa.Table:
    return pa.table(
        {
            "company": names,
            "country": ["CN"] * len(names),
            "size": ["micro"] * len(names),
            "sector": ["toys"] * len(names),
            "trading": [True] * len(names),
            "fraud": pa.array(["brushing" if n in fraud else None for n in names], pa.string()),
            "gains": [n in fraud for n in names],
        }
    )


@pytest.fixture
def exam():
    promises = made(
        [
            ("a", "pay", -60, 0.1, False, None),  # due before: depth of the file
            ("a", "pay", 10, 0.1, False, None),
            ("a", "dispatch", 20, 0.2, False, None),
            ("b", "pay", 90, 0.6, True, None),
            ("b", "pay", 91, 0.6, True, None),  # too late to be asked about
            ("b", "pay", 0, 0.6, True, None),  # known already
            ("b", "pay", 30, 0.0, False, "brushing"),  # sham
            ("f", "pay", 30, 0.9, True, None),  # by a fraud
            ("n", "pay", 30, 0.9, True, None),  # by a firm that was not there at as_of
        ]
    )
    pairs = [("a", "pay", 0.1), ("a", "dispatch", 0.2), ("b", "pay", 0.5), ("f", "pay", 0.9)]
    state = pa.table(dict(zip(("company", "kind", "p"), zip(*pairs, strict=True), strict=True)))
    return set_exam(promises, state, firms("a", "b", "f", "n", fraud=("f",)), DAY)


def test_who_is_asked(exam):
    assert exam.pairs["company"].to_pylist() == ["a", "a", "b"]
    assert exam.pairs["depth"].to_pylist() == ["1-3", "1-3", "0"]
    assert exam.oracle.tolist() == [0.1, 0.2, 0.5]
    assert exam.broken.tolist() == [False, False, True]


def test_figures_by_hand(exam):
    rated = pa.table(
        {
            "company": ["b", "a", "a", "stranger"],
            "kind": ["pay", "pay", "dispatch", "pay"],
            "probability": [0.4, 0.2, 0.4, 0.9],
            "low": [0.3, 0.1, 0.3, 0.0],
            "high": [0.6, 0.3, 0.5, 1.0],
        }
    )
    board = score(exam, rated, least=2)
    all_of = board.overall
    assert (all_of.promises, all_of.broken, all_of.oracle_auc) == (3, 1, 1.0)
    assert all_of.auc == 0.75
    assert all_of.observed_expected == pytest.approx(1.0)
    assert all_of.true_expected == pytest.approx(0.9)
    assert all_of.brier == pytest.approx((0.36 + 0.04 + 0.16) / 3)
    assert board.rated == 1.0
    assert set(board.segments) == {
        ("country", "CN"),
        ("size", "micro"),
        ("sector", "toys"),
        ("depth", "1-3"),
        ("kind", "pay"),
    }
    shares = {row.depth: row.covered for row in board.coverage}
    assert shares == {"0": 1.0, "1-3": 0.5}
    assert board.rows()[0]["what"] == "all"


def test_who_has_no_rating_gets_the_mean_of_the_kind(exam):
    one = pa.table({"company": ["a"], "kind": ["pay"], "probability": [0.3]})
    board = score(exam, one)
    assert board.rated == pytest.approx(1 / 3)
    assert board.overall.auc == 0.5
    assert board.overall.observed_expected == pytest.approx(1 / 0.9)
    assert board.coverage == ()


def test_who_gains_by_fraud_is_told_apart(exam):
    rated = pa.table({"company": ["f", "a"], "kind": ["pay", "pay"], "probability": [0.2, 0.1]})
    (found,) = score(exam, rated).deceived
    assert (found.scheme, found.pairs, found.rated, found.true) == ("brushing", 1, 0.2, 0.9)


def test_auc_counts_ties_by_half_and_one_sort_as_a_coin():
    assert auc(np.array([True, False]), np.array([0.2, 0.2])) == 0.5
    assert auc(np.array([True, True]), np.array([0.2, 0.3])) == 0.5
    assert auc(np.array([True, False, False]), np.array([0.3, 0.1, 0.4])) == 0.5


def test_calibration_error_is_nothing_where_the_rated_come_true():
    p = np.repeat([0.1, 0.5], 100)
    assert calibration_error(p, p) == 0.0
    assert calibration_error(p + 0.05, p) == pytest.approx(0.05)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    out = tmp_path_factory.mktemp("board") / "w"
    config = WorldConfig(companies=3000, deals=12_000, seed=4, world="world-1")
    simulate(config, out)
    names = ("promises", "state", "companies")
    promises, state, companies = (pq.read_table(out / "truth" / f"{n}.parquet") for n in names)
    return set_exam(promises, state, companies, config.as_of_day), state


def test_the_oracle_is_its_own_measure_and_well_calibrated(world):
    exam, state = world
    rated = state.rename_columns(["company", "kind", "probability"])
    board = score(exam, rated)
    assert board.overall.auc == board.overall.oracle_auc
    assert board.spearman == 1.0 and board.rated == 1.0
    assert board.overall.ece_true < 0.015
    assert 0.9 < board.overall.true_expected < 1.1
    assert {what for what, _ in board.segments} == {"country", "depth", "size"}


def test_nobody_ranks_better_than_the_oracle(world):
    exam, state = world
    rng = np.random.default_rng(0)
    for noise in (0.5, 1.5):
        p = state["p"].to_numpy()
        odds = np.log(p / (1 - p)) + rng.normal(0, noise, len(p))
        guess = state.select(["company", "kind"]).append_column(
            "probability", pa.array(1 / (1 + np.exp(-odds)))
        )
        board = score(exam, guess)
        assert board.overall.auc < board.overall.oracle_auc - 0.01
        assert board.overall.log_loss > board.overall.oracle_log_loss
