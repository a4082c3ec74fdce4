"""Jeffreys per grade with the design effect, migration, PSI, coverage, segments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tallystick.rating.validation.coverage import coverage, windows_of
from tallystick.rating.validation.grades import (
    design_effect,
    grade_of,
    grade_tests,
    graded,
    jeffreys,
    migration,
)
from tallystick.rating.validation.rolling import PREDICTION
from tallystick.rating.validation.segments import of_dimension, segments_of
from tallystick.rating.validation.stability import psi, stability


def test_jeffreys_by_hand() -> None:
    assert jeffreys(0.02, 12, 400) == pytest.approx(0.166, abs=0.001)
    assert jeffreys(0.02, 3, 100) == pytest.approx(0.438, abs=0.001)
    assert jeffreys(0.5, 50, 100) == pytest.approx(1.0)


def test_grades_are_those_of_the_master_scale() -> None:
    assert grade_of(np.array([0.0025, 0.00251, 0.05, 0.64, 0.65])).tolist() == [0, 1, 5, 8, 9]


def test_the_design_effect_is_one_apart_and_the_size_of_the_party_where_all_go_together() -> None:
    rng = np.random.default_rng(4)
    apart = (rng.random(20_000) < 0.1).astype(float)
    assert design_effect(apart, np.arange(20_000)) == pytest.approx(1, abs=0.01)
    together = np.repeat((rng.random(2_000) < 0.1).astype(float), 10)
    assert design_effect(together, np.repeat(np.arange(2_000), 10)) == pytest.approx(10, abs=0.1)
    assert design_effect(together, np.zeros(20_000, dtype=np.int64)) == 20_000
    assert design_effect(np.zeros(5), np.arange(5)) == 1


def test_an_honest_scale_is_seldom_rejected_and_a_wrong_one_is() -> None:
    rng = np.random.default_rng(6)
    p = rng.beta(1, 9, 30_000)
    y = (rng.random(30_000) < p).astype(float)
    party = np.arange(30_000) // 3
    again = [(rng.random(30_000) < p).astype(float) for _ in range(20)]
    rejected = [t.rejected for outcomes in again for t in grade_tests(p, outcomes, party)]
    assert np.mean(rejected) < 0.1
    wrong = {t.grade: t.rejected for t in grade_tests(p / 2, y, party)}
    assert wrong["BB"] and wrong["B"] and wrong["CCC"]


def test_migration_counts_who_moved() -> None:
    found = migration(
        [(1, "AA"), (2, "AA"), (3, "B"), (4, "NR"), (5, "B")],
        [(1, "AA"), (2, "B"), (3, "AA"), (4, "B"), (9, "B")],
    )
    assert found.grades == ("AA", "B", "NR")
    assert found.counts == ((1, 1, 0), (1, 0, 0), (0, 1, 0))
    assert (found.stayed, found.better, found.worse) == (0.25, 0.25, 0.25)
    assert (found.came, found.went) == (1, 1)


def test_grades_are_those_of_the_headlines() -> None:
    rows = {
        "company": [1, 1, 2],
        "scope": ["headline", "kind", "headline"],
        "grade": ["A", "B", "D"],
    }
    assert graded(pa.table(rows)) == [(1, "A"), (2, "D")]


def test_psi_by_hand() -> None:
    earlier, later = np.tile([0.0, 1.0], 50_000), np.repeat([0.0, 1.0], [60_000, 40_000])
    wanted = 0.1 * np.log(1.2) - 0.1 * np.log(0.8)
    assert psi(earlier, later, 2) == pytest.approx(wanted, abs=1e-4)
    assert psi(earlier, earlier) == pytest.approx(0, abs=1e-9)


def test_what_moved_most_stands_first() -> None:
    same, far = np.arange(1_000.0), np.arange(1_000.0) + 800
    found = stability({"a": same, "b": same}, {"a": same, "b": far, "c": far})
    assert [(s.name, s.moved) for s in found] == [("b", True), ("a", False)]


def test_windows_start_with_the_first_promise_of_a_party() -> None:
    day = np.array([0, 10, 20, 89, 90, 95])
    party = np.array([5, 5, 5, 5, 5, 6])
    found = windows_of(day / 100, np.array([1.0, 0, 0, 1, 1, 0]), party, day, day * 1.0, least=1)
    assert found.p.tolist() == [0.0, 0.9, 0.95]
    assert found.promises.tolist() == [4, 1, 1]
    assert found.broken.tolist() == [2, 1, 0]
    assert found.strength.tolist() == [3, 93, 98]


def test_intervals_of_the_truth_cover_as_often_as_they_should() -> None:
    rng = np.random.default_rng(9)
    parties, promises = 3_000, 20
    nature = rng.beta(1, 9, parties)
    party = np.repeat(np.arange(parties), promises)
    y = (rng.random(parties * promises) < nature[party]).astype(float)
    p, evidence = np.full(len(y), 0.1), np.full(len(y), 7.0)
    found = coverage(windows_of(p, y, party, np.zeros(len(y), dtype=np.int64), evidence), draws=50)
    assert found.windows == parties
    assert found.held.value == pytest.approx(found.should_hold, abs=0.015)
    sure = coverage(windows_of(p, y, party, np.zeros(len(y), dtype=np.int64), evidence * 100))
    assert sure.held.high < sure.should_hold - 0.05


def predictions(p: np.ndarray, y: np.ndarray, country: list[str | None]) -> pa.Table:
    n = len(p)
    columns = {
        "promisor": np.arange(n) // 2,
        "kind": ["pay"] * n,
        "day": np.arange(n),
        "y_ppm": (y * 1e6).astype(np.int64),
        "known": np.arange(n) % 60,
        "evidence_micro": [None] * n,
        "country": country,
        "size": [None] * n,
        "age_days": [None] * n,
        "contributor": [None] * n,
        "block": [0] * n,
    }
    table = pa.table({f.name: pa.array(columns[f.name], f.type) for f in PREDICTION})
    return table.append_column("p_one", pa.array(p))


def test_a_country_that_is_wronged_shows_in_all_its_gaps() -> None:
    rng = np.random.default_rng(11)
    n = 4_000
    wronged = np.arange(n) % 8 < 2
    true = rng.beta(2, 18, n)
    y = (rng.random(n) < true).astype(float)
    table = predictions(
        np.where(wronged, 2 * true, true), y, ["AA" if w else "BB" for w in wronged]
    )
    found = {s.value: s for s in of_dimension(segments_of(table, "one", 50), "country")}
    assert found["AA"].observed_expected.high < 0.8
    assert found["BB"].observed_expected.low < 1 < found["BB"].observed_expected.high
    assert found["AA"].score_gap_points.high < -10
    assert found["AA"].honesty_gap.high < -0.05
    assert found["AA"].rejection_gap.low > 0.1
    assert found["AA"].promises + found["BB"].promises == n
    both = [found[c].rejection_gap.value for c in ("AA", "BB")]
    assert both[0] == pytest.approx(-both[1])


def test_dimensions_that_say_nothing_are_left_out_and_the_unknown_is_in_no_segment() -> None:
    country = ["AA", None, "BB", "AA"] * 100
    country[-1], country[-4] = "CC", "DD"
    found = segments_of(predictions(np.full(400, 0.1), np.zeros(400), country), "one", 5)
    assert {s.dimension for s in found} == {"known", "country"}
    assert [s.value for s in of_dimension(found, "known")] == ["0", "1-3", "4-10", "11-50", ">50"]
    assert [(s.value, s.promises) for s in of_dimension(found, "country")] == [
        ("AA", 198),
        ("BB", 100),
        ("…", 2),
    ]
    assert np.isnan(of_dimension(found, "country")[2].observed_expected.low)
