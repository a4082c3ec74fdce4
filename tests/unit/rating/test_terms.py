"""What a record says where what counts of it and all that is told of it differ, and what other kinds say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.rating.prior import chance, logit
from tallystick.rating.terms import believed, others_term, own_term

MARKET = logit(np.array([0.05]))
MASS = st.floats(0.0, 1e5)
SHARE = st.floats(0.0, 1.0)


def said(total: float, broken: float) -> np.ndarray:
    return own_term(MARKET, np.array([total]), np.array([broken]), 3.0)


def test_a_deep_file_of_breaks_is_believed_and_one_of_good_deeds_is_not() -> None:
    """3 of 300 promises count; 40 were broken, .2 of those that count; or none was."""
    bad = chance(MARKET + believed(said(3, 0.2), said(300, 40), 1.0))
    assert bad == pytest.approx(40.15 / 303)
    good = believed(said(3, 0), said(300, 0), 1.0)
    assert good == said(3, 0)


@given(MASS, SHARE, MASS, SHARE, SHARE)
def test_what_is_told_never_speaks_for_a_company(
    counted: float, broke: float, told: float, lost: float, deep: float
) -> None:
    before = said(counted, broke * counted)
    assert believed(before, said(told, lost * told), deep) >= before


@given(MASS, SHARE, MASS, SHARE, SHARE, st.floats(0.0, 10.0))
def test_keeping_more_never_hurts_and_breaking_more_never_helps(
    counted: float, broke: float, told: float, lost: float, deep: float, more: float
) -> None:
    """Whatever of it counts, and however much more of it is told."""

    def after(kept: float, broken: float) -> float:
        own = said(counted + kept / 3 + broken / 3, broke * counted + broken / 3)
        return float(believed(own, said(told + kept + broken, lost * told + broken), deep)[0])

    assert after(more, 0) <= after(0, 0) + 1e-9 <= after(0, more) + 2e-9


def test_other_kinds_speak_together_however_they_are_divided() -> None:
    """40 promises of other kinds, of which 2 are usually broken, and none was: log(.4 / 2.4)."""
    for parts in ([40.0], [30.0, 10.0], [10.0] * 4):
        total = np.array([5.0, *parts])
        owner, market = np.zeros(len(total), np.int64), np.full(len(total), MARKET[0])
        others = others_term(owner, market, total, np.zeros(len(total)))
        assert others[0] == pytest.approx(np.log(0.4 / 2.4))


def test_other_companies_say_nothing() -> None:
    owner, nothing = np.array([7, 7, 9]), np.zeros(3)
    others = others_term(owner, np.full(3, MARKET[0]), np.array([1.0, 2.0, 50.0]), nothing)
    assert others[2] == pytest.approx(0.0)
