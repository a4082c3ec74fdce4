"""Jeffreys per grade with the design effect, migration, PSI, coverage, segments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tallystick.rating.prior import chance
from tallystick.rating.spread import centre
from tallystick.rating.validation.coverage import SHIPPED, coverage, windows_of
from tallystick.rating.validation.grades import (
    design_effect,
    grade_of,
    grade_tests,
    graded,
    jeffreys,
    migration,
    months_of,
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
    once, p = np.zeros(20_000, dtype=np.int64), np.full(20_000, 0.1)
    apart = (rng.random(20_000) < 0.1).astype(float)
    assert design_effect(p, apart, np.arange(20_000), once) == pytest.approx(1, abs=0.01)
    together = np.repeat((rng.random(2_000) < 0.1).astype(float), 10)
    party = np.repeat(np.arange(2_000), 10)
    assert design_effect(p, together, party, once) == pytest.approx(10, abs=0.1)
    assert design_effect(p, together, once, once) == 20_000
    assert design_effect(p[:5], np.zeros(5), np.arange(5), once[:5]) == 1


def test_the_design_effect_of_months_that_go_together_is_the_size_of_a_month() -> None:
    month = np.repeat(np.arange(400), 50)
    y = np.repeat((np.random.default_rng(4).random(400) < 0.3).astype(float), 50)
    found = design_effect(np.full(20_000, 0.3), y, np.arange(20_000), month)
    assert found == pytest.approx(50, rel=0.03)


def test_the_design_effect_grows_by_students_t_where_months_are_few() -> None:
    month = np.repeat(np.arange(4), 100)
    y = (np.arange(400) % 100 < np.array([10, 20, 30, 40])[month]).astype(float)
    off = np.array([-15.0, -5.0, 5.0, 15.0])
    two_way = (
        off @ off * 4 / 3
    )  # every company promises once: its own scatter and that of both cancel
    found = design_effect(np.full(400, 0.2), y, np.arange(400), month)
    assert found == pytest.approx(two_way / (400 * 0.25 * 0.75) * (3.1824 / 1.9600) ** 2, rel=1e-3)


def test_what_is_stated_from_month_to_month_is_no_scatter() -> None:
    month = np.repeat(np.arange(20), 200)
    p = np.where(month % 2, 0.1, 0.3)
    y = (np.arange(4_000) % 10 < 10 * p).astype(float)
    assert design_effect(p, y, np.arange(4_000), month) == 1


def test_months_are_those_of_the_calendar() -> None:
    assert months_of(np.array([0, 30, 31, 58, 59, 365])).tolist() == [0, 0, 1, 1, 2, 12]


def refuted(shock: float, habit: float, too_many: float = 1.0) -> tuple[float, float]:
    """Share of 200 scales that are refuted, with months and by company alone. Each scale is of one grade, 200
    companies in 18 months; breaks scatter by `shock` of the month and `habit` of the company, in log units,
    and are `too_many` times what the scale says."""
    rng = np.random.default_rng(17)
    found = np.zeros((200, 2))
    for n in range(len(found)):
        party, month = (grid.ravel() for grid in np.indices((200, 18)))
        cells = rng.random(len(party)) < 0.5
        party, month = party[cells], month[cells]
        p = rng.uniform(0.045, 0.075, len(party))
        of_month, of_party = rng.normal(0, shock, 18)[month], rng.normal(0, habit, 200)[party]
        odd = np.exp(of_month - shock**2 / 2 + of_party - habit**2 / 2)
        y = (rng.random(len(p)) < p * odd * too_many).astype(float)
        day = month * 31 + 15
        found[n] = [grade_tests(p, y, party, d)[0].rejected for d in (day, None)]
    return float(found[:, 0].mean()), float(found[:, 1].mean())


def test_an_honest_grade_is_refuted_one_time_in_twenty_whatever_depends_on_what() -> None:
    assert 0.01 <= refuted(shock=0, habit=0)[0] <= 0.08
    assert 0.01 <= refuted(shock=0, habit=0.6)[0] <= 0.08
    shocked, alone = refuted(shock=0.35, habit=0.4)
    assert 0.01 <= shocked <= 0.08 < 0.1 < alone


def test_a_grade_that_says_too_little_is_refuted_in_spite_of_months() -> None:
    assert refuted(shock=0.2, habit=0.3, too_many=1.5)[0] > 0.9


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
    assert (found.spread**-2).tolist() == pytest.approx([0.3, 0.3 + 90 * 0.09, 0.3 + 95 * 0.0475])


def test_intervals_of_the_truth_cover_as_often_as_they_should() -> None:
    rng = np.random.default_rng(9)
    parties, promises = 3_000, 20
    spread = np.full(parties, (SHIPPED.precision_peers + 7 * 0.1 * 0.9) ** -0.5)
    nature = chance(centre(np.full(parties, 0.1), spread) + spread * rng.standard_normal(parties))
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
