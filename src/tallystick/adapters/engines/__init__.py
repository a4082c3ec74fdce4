"""Engines: DuckDB embedded, Spark when outgrown. Both run the same SQL and give the same integers."""

from __future__ import annotations

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
