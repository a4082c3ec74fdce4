"""Tables (CSV, TSV, JSON Lines, Parquet, each also gzipped) by DuckDB: staging, preview, suggestion."""

from tallystick.adapters.tables.connecting import connection
from tallystick.adapters.tables.looking import Preview, preview, suggest_mapping
from tallystick.adapters.tables.staging import MEMORY, stage_table

__all__ = ["MEMORY", "Preview", "connection", "preview", "stage_table", "suggest_mapping"]
