"""Engines: DuckDB embedded, Spark when outgrown. Both run the same SQL and give the same integers."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tallystick.engine import Engine
from tallystick.settings import SettingsError


def open_engine(
    name: str, scratch: Path, memory_mb: int = 4096, threads: int | None = None
) -> Engine:
    """The engine of that name (`duckdb` or `spark`), with `scratch` as its folder for what it spills.

    Raises `SettingsError` where Spark is asked for and it, or a Java runtime for it, is not there.
    """
    if name == "spark":
        try:
            from tallystick.adapters.engines.spark import SparkEngine
        except ImportError:
            raise SettingsError(
                "the engine spark is not installed: pip install 'tallystick[spark]', "
                "or set TALLYSTICK_ENGINE=duckdb"
            ) from None
        return SparkEngine(scratch, memory_mb, threads)
    from tallystick.adapters.engines.duck import DuckEngine

    return DuckEngine(scratch, memory_mb, threads)


class Readers:
    """Engines for short questions, one for each: on DuckDB all on one database, which stays open. What is
    opened before a process forks is not used after it."""

    def __init__(self, open_one: Callable[[], Engine]) -> None:
        self._open_one = open_one
        self._lock = threading.Lock()
        self._first: Engine | None = None
        self._process = 0

    @contextmanager
    def one(self) -> Iterator[Engine]:
        """An engine, closed at the end."""
        with closing(self._next()) as engine:
            yield engine

    def _next(self) -> Engine:
        from tallystick.adapters.engines.duck import DuckEngine

        with self._lock:
            if self._first is None or self._process != os.getpid():
                first = self._open_one()
                if not isinstance(first, DuckEngine):
                    return first
                self._first, self._process = first, os.getpid()
            assert isinstance(self._first, DuckEngine)
            return self._first.beside()

    def close(self) -> None:
        """Close what stays open."""
        with self._lock:
            if self._first is not None and self._process == os.getpid():
                self._first.close()
            self._first = None
