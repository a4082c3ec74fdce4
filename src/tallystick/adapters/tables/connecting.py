"""The DuckDB connection of one ingest: bounded memory, spilling into the run's own folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from tallystick.evidence.formats.table_rules import currency_rows, kind_rows
from tallystick.evidence.formats.table_values import literal


@contextmanager
def connection(work: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows the kinds and the currencies; what does not fit in `memory` is spilled under
    `work`."""
    con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        con.execute(f"SET memory_limit = {literal(memory)}")
        con.execute(f"SET temp_directory = {literal(str(work / 'tmp'))}")
        con.execute("SET streaming_buffer_size = '32MB'")
        _load_lookups(con)
        yield con
    finally:
        con.close()


def _load_lookups(con: duckdb.DuckDBPyConnection) -> None:
    """Load what the rules say of kinds and currencies: once, since it is the same for every file."""
    lookups = {"kind_rules": kind_rows(), "currency_units": currency_rows()}
    for name, rows in lookups.items():
        con.register("lookup_rows", pa.Table.from_pylist(rows))
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM lookup_rows")
        con.unregister("lookup_rows")


@contextmanager
def workspace(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """An empty database in memory for the tables of one file, gone at the end: opening one is a hundred
    times cheaper than a connection of its own."""
    con.execute("ATTACH ':memory:' AS file_tables")
    con.execute("SET search_path = 'file_tables,memory'")
    try:
        yield
    finally:
        con.execute("USE memory")
        con.execute("DETACH file_tables")
        # the reader of CSV keeps what it set aside in temporary tables
        left = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
        for (name,) in left:
            con.execute(f'DROP TABLE temp."{name}"')


def beside(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A second connection to the same tables, to read from while the first one writes."""
    cursor = con.cursor()
    found = con.execute("SELECT current_database()").fetchall()
    cursor.execute(f'USE "{found[0][0]}"')
    return cursor
