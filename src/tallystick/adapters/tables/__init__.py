"""Tables (CSV, TSV, JSON Lines, Parquet, each also gzipped) by DuckDB: staging, preview, suggestion."""

from tallystick.adapters.tables.looking import Preview, preview, suggest_mapping
from tallystick.adapters.tables.staging import stage_table

__all__ = ["Preview", "preview", "stage_table", "suggest_mapping"]
