"""Engines: DuckDB embedded, Spark when outgrown. Both run the same SQL and give the same integers."""

from __future__ import annotations

from pathlib import Path

from tallystick.engine import Engine


def open_engine(
    name: str, scratch: Path, memory_mb: int = 4096, threads: int | None = None
) -> Engine:
    """The engine of that name (`duckdb` or `spark`), with `scratch` as its folder for what it spills."""
    if name == "spark":
        from tallystick.adapters.engines.spark import SparkEngine

        return SparkEngine(scratch, memory_mb)
    from tallystick.adapters.engines.duck import DuckEngine

    return DuckEngine(scratch, memory_mb, threads)
