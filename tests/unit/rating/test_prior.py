"""What is expected of a market is never certain, however one-sided its evidence."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from tallystick.rating.prior import FLOOR, levels_of

masses = st.floats(0, 1e9)


@given(masses, masses)
def test_no_market_says_never_or_always(kept: float, broken: float) -> None:
    share = levels_of(kept + broken, broken)
    assert FLOOR <= share <= 1 - FLOOR
    assert math.isfinite(math.log(share / (1 - share)))


@given(masses, masses, masses)
def test_more_that_was_broken_is_expected_no_less(kept: float, broken: float, more: float) -> None:
    assert levels_of(kept + broken, broken) <= levels_of(kept + broken + more, broken + more)


def test_a_market_of_broken_promises_alone_is_nearly_sure() -> None:
    assert [levels_of(n, n) for n in (1, 300, 1e6)] == [0.53, 0.9968, 0.9999]
