"""Columns built digit by digit say the same as Python's own formatting."""

from datetime import UTC, date, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallystick.units import day_number
from tallystick.world.columns import Code, Day, Moment, Party, Word, digit_text
from tallystick.world.companies import FAR


@given(
    st.lists(st.integers(0, 10**12 - 1), min_size=1, max_size=50), st.sampled_from(["", "PO", "é-"])
)
def test_digit_text_is_zero_padded_decimal(values, prefix):
    built = digit_text(prefix, np.array(values, dtype=np.int64), 3)
    built.validate(full=True)
    assert built.to_pylist() == [f"{prefix}{value:012d}" for value in values]


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.data())
def test_rows_pick_and_valid_hides(valid, data):
    rows = data.draw(st.lists(st.integers(0, len(valid) - 1), max_size=30))
    code = Code("X", np.arange(len(valid)), np.array(valid)).build(np.array(rows, dtype=np.int64))
    code.validate(full=True)
    assert code.to_pylist() == [f"X{row:012d}" if valid[row] else None for row in rows]


def test_a_day_that_never_comes_is_null():
    days = np.array([day_number(date(2024, 2, 29)), FAR, FAR + 7])
    assert Day(days).build(np.arange(3)).to_pylist() == [date(2024, 2, 29), None, None]


def test_steps_of_one_day_follow_each_other():
    day, opened = np.array([day_number(date(2024, 5, 1))]), np.array([3_600_000_000])
    first, second = (Moment(day, opened, step).build(np.array([0]))[0].as_py() for step in (0, 1))
    assert first == datetime(2024, 5, 1, 1, tzinfo=UTC)
    assert second > first


def test_words_and_parties():
    assert Word(("a", "b"), np.array([1, -1, 0])).build(np.arange(3)).to_pylist() == [
        "b",
        None,
        "a",
    ]
    assert Party(np.array([12])).build(np.array([0])).to_pylist() == [
        "id:tradeport.member:00000012"
    ]
