"""The port to the engine that runs the stages' SQL: DuckDB embedded, Spark when outgrown.

Stages own numbered `.sql` files in the common subset of DuckDB and Spark SQL and ask an engine to run
them. Helpers that both engines know under one name: `unix_date(date)` (days since 1970-01-01),
`unix_micros(timestamp)`, `bxor(a, b)`, `hex_key(text)` (of 15 hex digits), `explode(list)` (a row
for each element), `BIT_OR`, `BIT_COUNT`, `PERCENTILE_DISC ... WITHIN GROUP`.
Division: `/` is floating on both; integers are divided as `CAST(FLOOR(a / b) AS BIGINT)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

GROUP_ROWS: Final = 131_072
"""Rows of a row group of Parquet."""


@dataclass(frozen=True, slots=True)
class Step:
    """A named query on the way to another one. `kept`: it is read by several, so its rows are kept."""

    name: str
    sql: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A query that is asked again and again, each time about other small tables. `steps`: each may read the
    tables and the steps before it, and `sql` all of them; it does not begin with WITH."""

    sql: str
    steps: tuple[Step, ...] = ()


class Engine(Protocol):
    """What an engine must do. `tests/contract/test_engine.py` is run on every adapter."""

    @property
    def name(self) -> str:
        """`duckdb` or `spark`."""
        ...

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under `name`."""
        ...

    def register_parquet(self, name: str, paths: Sequence[Path]) -> None:
        """Make Parquet files of one schema readable under `name`, as one table."""
        ...

    def define(self, name: str, sql: str, often: bool = False) -> None:
        """Name a query: it is run anew wherever it is read. `often`: it is read by many queries and what it
        reads stays as it is, so that an engine which plans and runs it anew each time may `keep` it."""
        ...

    def keep(self, name: str, sql: str) -> None:
        """Run a query once and keep its rows under `name` until `drop`."""
        ...

    def drop(self, name: str) -> None:
        """Forget what `register`, `define` or `keep` named."""
        ...

    def fetch(self, sql: str) -> pa.Table:
        """Rows of a query as Arrow."""
        ...

    def answer(self, question: Question, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Rows of a question about some small tables, by the names under which it reads them. It reads nothing
        else; an engine may forget what it knew under these names and those of the steps."""
        ...

    def write(
        self,
        sql: str,
        folder: Path,
        partitions: int = 1,
        by: str = "",
        group_rows: int = GROUP_ROWS,
    ) -> Sequence[Path]:
        """Write the rows as Parquet under `folder` and return the files: `part-0.parquet`, in the order of
        the query; or, with `partitions` > 1, rows with equal `by % partitions` (`by`: a non-negative
        integer column) in files of the folder `bucket=<n>`. No file says that a column is never null.
        `group_rows`: about how many rows are found, or passed over, at a time."""
        ...

    def close(self) -> None:
        """Give back what the engine holds."""
        ...


@cache
def sql_text(package: str, name: str) -> str:
    """The text of the `.sql` file `name` that lies beside the modules of `package`."""
    return (files(package) / name).read_text(encoding="utf-8")


def fill(text: str, values: Mapping[str, int | str]) -> str:
    """Put integers and table names in the place of `{name}`; nothing that users wrote goes this way."""
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text


def take(engine: Engine, steps: Iterable[Step]) -> None:
    """Take the steps of a query over tables that an engine reads already."""
    for step in steps:
        if step.kept:
            engine.keep(step.name, step.sql)
        else:
            engine.define(step.name, step.sql)
