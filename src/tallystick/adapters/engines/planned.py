"""Queries that are asked again and again of other rows, planned once.

Idea: of a few hundred rows a query is planned for ten times as long as it runs. DuckDB keeps the plan of a
prepared statement while what it reads stays as it is. What it reads here are *slots*: names under which the
rows of the moment are found when the plan runs. Nothing is known of them when it is made, so it holds for all.

Each plan has a connection of its own, in a database of its own with one thread: to share some hundred rows
between threads takes longer than to read them.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import Final

import duckdb
import pyarrow as pa

from tallystick.engine import Question

# Of some hundred rows the copy that it warns of takes less time than what it advises, which plans anew
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result makes an extra copy")

MOST: Final = 64
"""Plans that are kept; of more, those that were not asked for longest are forgotten."""

Key = tuple[Question, tuple[tuple[str, pa.Schema], ...]]


class _Slot:
    """A name for the rows of the moment."""

    def __init__(self, rows: pa.Table) -> None:
        self._none = rows.schema.empty_table()
        self._rows = rows

    def hold(self, rows: pa.Table | None) -> None:
        self._rows = self._none if rows is None else rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._rows.__arrow_c_stream__(requested_schema)


class _Plan:
    """A question that was planned, for tables of the schemas that it was first asked of."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, question: Question, tables: Mapping[str, pa.Table]
    ) -> None:
        self._con = con
        self._slots = {name: _Slot(table) for name, table in tables.items()}
        for name, slot in self._slots.items():
            con.register(name, slot)
        con.execute(f"PREPARE asked AS {_text(question)}")

    def answer(self, tables: Mapping[str, pa.Table]) -> pa.Table:
        for name, slot in self._slots.items():
            slot.hold(tables[name])
        try:
            return self._con.execute("EXECUTE asked").to_arrow_table()
        finally:
            for slot in self._slots.values():
                slot.hold(None)

    def close(self) -> None:
        self._con.close()


class Plans:
    """The plans of a process, each for one who asks at a time."""

    def __init__(self, memory_mb: int, settings: Sequence[str]) -> None:
        self._limit, self._settings = memory_mb, settings
        self._lock = threading.Lock()
        self._first: duckdb.DuckDBPyConnection | None = None
        self._idle: dict[Key, list[_Plan]] = {}

    def answer(self, question: Question, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Rows of a question about some tables."""
        key = question, tuple((name, table.schema) for name, table in tables.items())
        plan = self._taken(key) or _Plan(self._connection(), question, tables)
        try:
            found = plan.answer(tables)
        except BaseException:
            plan.close()
            raise
        self._give_back(key, plan)
        return found

    def _taken(self, key: Key) -> _Plan | None:
        with self._lock:
            idle = self._idle.pop(key, [])
            plan = idle.pop() if idle else None
            if idle:
                self._idle[key] = idle
            return plan

    def _give_back(self, key: Key, plan: _Plan) -> None:
        with self._lock:
            idle = self._idle.pop(key, [])
            self._idle[key] = [*idle, plan]  # as the last that was asked for
            old = [] if len(self._idle) <= MOST else self._idle.pop(next(iter(self._idle)))
        for one in old:
            one.close()

    def _connection(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._first is None:
                self._first = duckdb.connect()
                for text in (
                    f"SET memory_limit = '{self._limit}MB'",
                    "SET threads = 1",
                    *self._settings,
                ):
                    self._first.execute(text)
            return self._first.cursor()

    def close(self) -> None:
        """Give back all of them."""
        with self._lock:
            idle, self._idle = [plan for plans in self._idle.values() for plan in plans], {}
            first, self._first = self._first, None
        for plan in idle:
            plan.close()
        if first is not None:
            first.close()


def _text(question: Question) -> str:
    """The question as one query."""
    steps = (
        f"{step.name} AS {'MATERIALIZED ' if step.kept else ''}({step.sql}\n)"
        for step in question.steps
    )
    before = ",\n".join(steps)
    return f"WITH {before}\n{question.sql}" if before else question.sql
