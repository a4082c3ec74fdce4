"""Rows in blocks: whatever is asked for, what is found is what a filter of all rows finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.adapters import blocks

KEYS = st.lists(st.integers(-4, 12), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 10), st.text(max_size=3)), max_size=30), KEYS)
def test_rows_are_found_by_their_key(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]], wanted: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("blocks")
    rows = sorted(rows, key=lambda row: row[0])
    schema = pa.schema([("key", pa.int64()), ("told", pa.string())])
    table = pa.Table.from_pylist(
        [dict(zip(schema.names, row, strict=True)) for row in rows], schema
    )
    pq.write_table(table, folder / "rows.parquet", row_group_size=7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_ROWS", 3)
        patch.setattr(blocks, "_AT_ONCE", 2)
        blocks.lay_blocks(folder / "rows.parquet", "key", folder / "rows")
    found = blocks.rows_at(folder / "rows", "key", np.array(wanted, np.int64))
    assert found.equals(table.filter(pc.is_in(table["key"], pa.array(wanted, pa.int64()))))


def test_a_file_is_opened_without_being_read_through(tmp_path: Path) -> None:
    rows = blocks.BLOCK_ROWS * 5
    table = pa.table({"key": np.arange(rows) // 100})
    pq.write_table(table, tmp_path / "rows.parquet")
    blocks.lay_blocks(tmp_path / "rows.parquet", "key", tmp_path / "rows")
    assert np.load(tmp_path / "rows.npy").tolist() == [0, 5, 10, 15, 20]
    assert len(blocks.rows_at(tmp_path / "rows", "key", np.array([5, 5, 24]))) == 200
