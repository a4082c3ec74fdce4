"""Tables (CSV, TSV, JSON Lines, Parquet, each also gzipped) by DuckDB: staging, preview, suggestion."""

from tallystick.adapters.tables.staging import stage_table

__all__ = ["stage_table"]
