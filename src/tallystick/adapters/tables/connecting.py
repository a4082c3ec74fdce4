"""The DuckDB connection of one run: bounded memory, spilling into the run's own folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tallystick.evidence.formats.table_values import literal


@contextmanager
def connection(work: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        con.execute(f"SET memory_limit = {literal(memory)}")
        con.execute(f"SET temp_directory = {literal(str(work / 'tmp'))}")
        con.execute("SET preserve_insertion_order = true")
        yield con
    finally:
        con.close()
