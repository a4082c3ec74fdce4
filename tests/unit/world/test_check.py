"""Ratings against the truth: ranks, ties, calibration, and who is compared with whom."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import spearmanr

from tallystick.world.check import compare, missing_shares, rank_correlation


@pytest.mark.parametrize("seed", range(5))
def test_rank_correlation_is_that_of_scipy_with_ties(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 12, 60).astype(float), rng.integers(0, 12, 60).astype(float)
    assert rank_correlation(a, b) == pytest.approx(spearmanr(a, b).statistic)


def test_a_constant_side_has_no_order():
    assert rank_correlation(np.ones(5), np.arange(5.0)) == 0.0


def tables(count: int) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Companies 0 to count-1 with truths rising; each is rated twice its truth, the last is not graded."""
    share = np.arange(1, count + 1) / 200
    refs = [f"id:port:{n}" for n in range(count)]
    truth = pa.table(
        {"company": refs, "breaks_pay": share, "breaks_quote": pa.nulls(count, pa.float64())}
    )
    keys = np.arange(count) + 1000
    companies = pa.table(
        {
            "company": keys[::-1],
            "ids": pa.array([["lei:x", ref] for ref in refs[::-1]], pa.list_(pa.string())),
        }
    )
    ratings = pa.table(
        {
            "company": keys,
            "scope": ["kind"] * count,
            "kind": ["pay"] * count,
            "grade": ["BB"] * (count - 1) + ["NR"],
            "broken_ppm": (share * 2_000_000).astype(np.int64),
            "evidence_level": ["E3"] * (count // 2) + ["E1"] * (count - count // 2),
        }
    )
    return truth, ratings, companies


def test_compare_joins_by_identifier_and_leaves_out_what_has_no_grade():
    check = compare(*tables(20))
    assert [(row.kind, row.companies, row.spearman) for row in check.kinds] == [("pay", 19, 1.0)]
    assert check.spearman == 1.0
    assert (check.kinds[0].sure, check.kinds[0].sure_spearman, check.sure_spearman) == (
        10,
        1.0,
        1.0,
    )
    assert sum(row.ratings for row in check.calibration) == 19
    for row in check.calibration:
        assert row.rated == pytest.approx(2 * row.true, abs=1e-5)
        assert row.low_ppm < row.rated * 1e6 <= row.high_ppm


def test_too_few_companies_say_nothing():
    check = compare(*tables(5))
    assert (check.kinds, check.calibration, check.spearman, check.sure_spearman) == (
        [],
        [],
        None,
        None,
    )


def test_what_comes_short_is_broken_by_what_is_missing():
    outcomes = {"kept": 1_000_000, "partial": 750_000, "late": 1_000_000, "broken": 0}
    promises = pa.table(
        {
            "kind": ["deliver", "deliver", "pay", "pay", "pay"],
            "outcome": ["kept", "partial", "late", "broken", "partial"],
            "kept_ppm": pa.array(
                [outcomes[o] for o in ("kept", "partial", "late", "broken", "partial")]
            ),
        }
    )
    assert missing_shares(promises) == {
        "deliver": pytest.approx(0.25),
        "pay": pytest.approx((1 + 1 + 0.25) / 3),
    }
    truth, ratings, companies = tables(20)
    plain, told = compare(truth, ratings, companies), compare(truth, ratings, companies, promises)
    for before, after in zip(plain.calibration, told.calibration, strict=True):
        assert after.true == pytest.approx(before.true * 0.75)
