"""Codes of columns are the codes of single keys."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codes import codes_of
from tallystick.units import KEY_MASK, code_of


@given(st.lists(st.integers(0, KEY_MASK), max_size=20))
def test_codes_of_a_column(keys):
    column = pa.chunked_array([pa.array(keys[:3], pa.int64()), pa.array(keys[3:], pa.int64())])
    assert codes_of(column, "D").to_pylist() == [code_of(key, "D") for key in keys]
