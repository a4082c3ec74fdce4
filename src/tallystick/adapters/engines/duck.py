"""DuckDB as the embedded engine: in memory, spilling to a scratch folder, nothing persisted.

Only Parquet is kept between runs, never a DuckDB file (its storage format moves with its versions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tallystick.adapters.engines.planned import Plans
from tallystick.engine import GROUP_ROWS, Question

_MACROS: Final = (
    "CREATE MACRO unix_micros(t) AS epoch_us(t)",
    "CREATE MACRO timestamp_micros(x) AS make_timestamptz(x)",
    "CREATE MACRO unix_date(d) AS CAST(d - DATE '1970-01-01' AS INTEGER)",
    "CREATE MACRO bxor(a, b) AS xor(a, b)",
    "CREATE MACRO hex_key(t) AS CAST('0x' || substr(t, 1, 15) AS BIGINT)",
    "CREATE MACRO explode(l) AS unnest(l)",
)


def quoted(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


class DuckEngine:
    """The `Engine` port on one DuckDB connection. `threads` None takes all cores."""

    name = "duckdb"

    def __init__(self, scratch: Path, memory_mb: int = 4096, threads: int | None = None) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._con = duckdb.connect()
        self._begin()
        self._run(f"SET memory_limit = '{memory_mb}MB'")
        self._run(f"SET temp_directory = {quoted(scratch)}")
        self._run("SET preserve_insertion_order = false")
        self._run("SET enable_progress_bar = false")
        if threads is not None:
            self._run(f"SET threads = {threads}")
        for macro in _MACROS:
            self._run(macro)
        self._plans, self._owner = Plans(memory_mb, _MACROS), True

    def _begin(self) -> None:
        self._kinds: dict[str, str] = {}
        self._run("SET TimeZone = 'UTC'")
        # Reading what a file of some thousand row groups holds takes as long as finding a few rows in it
        self._run("SET parquet_metadata_cache = true")

    def beside(self) -> DuckEngine:
        """Another engine on the same database, which shares its memory and what it knows of files: it takes a
        tenth of the time to open. Each sees only what it named itself; plans are common to all."""
        other = DuckEngine.__new__(DuckEngine)
        other._con = self._con.cursor()
        other._plans, other._owner = self._plans, False
        other._begin()
        return other

    def _run(self, sql: str) -> None:
        self._con.execute(sql).fetchall()

    def register(self, name: str, table: pa.Table) -> None:
        self.drop(name)
        self._con.register(name, table)
        self._kinds[name] = "VIEW"

    def register_parquet(self, name: str, paths: Sequence[Path]) -> None:
        listed = ", ".join(quoted(path) for path in paths)
        # hive_partitioning: a folder called bucket=3 says nothing about the rows in it
        rows = f"read_parquet([{listed}], hive_partitioning = false)"
        self._make("VIEW", name, f"SELECT * FROM {rows}")

    def define(self, name: str, sql: str, often: bool = False) -> None:
        self._make("VIEW", name, sql)

    def keep(self, name: str, sql: str) -> None:
        self._make("TABLE", name, sql)

    def _make(self, kind: str, name: str, sql: str) -> None:
        self.drop(name)
        self._run(f"CREATE TEMP {kind} {name} AS {sql}")
        self._kinds[name] = kind

    def drop(self, name: str) -> None:
        # What it is, is remembered: asking the catalogue takes longer than most queries of a small book
        kind = self._kinds.pop(name, None)
        if kind:
            self._run(f"DROP {kind} IF EXISTS {name}")

    def fetch(self, sql: str) -> pa.Table:
        return self._con.sql(sql).to_arrow_table()

    def answer(self, question: Question, tables: Mapping[str, pa.Table]) -> pa.Table:
        return self._plans.answer(question, tables)

    def write(
        self,
        sql: str,
        folder: Path,
        partitions: int = 1,
        by: str = "",
        group_rows: int = GROUP_ROWS,
    ) -> Sequence[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        options = f"FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {group_rows}"
        if partitions == 1:
            path = folder / "part-0.parquet"
            self._run(f"COPY ({sql}) TO {quoted(path)} ({options})")
            return [path]
        self._run(
            f"COPY (SELECT *, {by} % {partitions} AS bucket FROM ({sql})) TO {quoted(folder)} "
            f"({options}, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE)"
        )
        return sorted(folder.glob("bucket=*/*.parquet"))

    def close(self) -> None:
        self._con.close()
        if self._owner:
            self._plans.close()
