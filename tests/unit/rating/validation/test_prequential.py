"""What was known before a promise: the doubling sums against a plain loop, and nothing from the future."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallystick.rating.validation.prequential import Timeline

EVENT = st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 4))


def slow(events: list[tuple[int, int, int]], party: int, moment: float, days: float) -> float:
    return sum(
        amount * 2.0 ** (-(moment - known) / days)
        for who, known, amount in events
        if who == party and known < moment
    )


@given(st.lists(EVENT, max_size=40), st.sampled_from([3.0, 30.0, np.inf]))
def test_decayed_sums_are_those_of_a_plain_loop(
    events: list[tuple[int, int, int]], days: float
) -> None:
    table = np.array(events, dtype=np.int64).reshape(-1, 3)
    line = Timeline(table[:, 0], table[:, 1].astype(float))
    party, moment = np.repeat(np.arange(5), 44), np.tile(np.arange(44) + 0.0, 5)
    found = line.sums_before(table[:, 2:].astype(float), party, moment, days)[:, 0]
    wanted = [slow(events, p, t, days) for p, t in zip(party, moment, strict=True)]
    assert np.allclose(found, wanted)


def test_what_is_known_at_the_moment_itself_was_not_known_before_it() -> None:
    line = Timeline(np.array([7, 7]), np.array([1.0, 2.0]))
    place = line.last_before(np.array([7, 7, 7, 8]), np.array([1.0, 1.5, 9.0, 9.0]))
    assert place.tolist() == [-1, 0, 1, -1]


def test_a_long_record_does_not_run_over() -> None:
    days = np.arange(20_000.0)
    line = Timeline(np.zeros(20_000, dtype=np.int64), days)
    state = line.decayed(np.ones((20_000, 1)), 30.0)
    assert np.isclose(state[-1, 0], 1 / (1 - 2 ** (-1 / 30)))
