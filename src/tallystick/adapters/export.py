"""Tables to files: the ending of the name says the format, and a file is there whole or not at all.

| ending | format |
|---|---|
| `.csv` | UTF-8 with a header line, quoted only where needed |
| `.jsonl`, `.ndjson` | one JSON object per line |
| `.json` | one JSON array |
| `.parquet` | Parquet, zstd |

All but Parquet also with `.gz` behind. DuckDB writes the text formats: it streams, keeps the order of the
rows, and writes decimals and dates exactly.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.adapters.engines.duck import quoted
from tallystick.evidence.ledger import EvidenceError

FORMATS: Final = {
    ".csv": "FORMAT csv, HEADER true",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
    ".json": "FORMAT json, ARRAY true",
    ".parquet": "",
}


def ending_of(path: Path) -> str:
    """The ending that decides the format, without `.gz`. Raises `EvidenceError` for any other."""
    name = path.name.lower()
    ending = Path(name.removesuffix(".gz")).suffix
    if ending not in FORMATS or (ending == ".parquet" and name.endswith(".gz")):
        raise EvidenceError(
            f"{path.name} has no ending that says a format: "
            "use .csv, .jsonl, .json (each also with .gz) or .parquet"
        )
    return ending


def write_table(table: pa.Table, path: Path) -> None:
    """Write the rows in their order. An existing file is replaced once the new one is whole.

    Raises `EvidenceError` for an unknown ending or a place that cannot be written to.
    """
    ending = ending_of(path)
    if not path.parent.is_dir():
        raise EvidenceError(f"{path} cannot be written: there is no folder {path.parent}")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if ending == ".parquet":
            pq.write_table(table, partial, compression="zstd")
        else:
            _write_text(table, partial, FORMATS[ending], path.name.lower().endswith(".gz"))
        partial.replace(path)
    except OSError as error:
        raise EvidenceError(f"{path} cannot be written: {error.strerror or error}") from None
    except duckdb.IOException as error:
        raise EvidenceError(f"{path} cannot be written: {error}") from None
    finally:
        partial.unlink(missing_ok=True)


def _write_text(table: pa.Table, path: Path, options: str, packed: bool) -> None:
    compression = "gzip" if packed else "none"
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.register("rows_to_write", table)
        con.execute(
            f"COPY (SELECT * FROM rows_to_write) TO {quoted(path)} "
            f"({options}, COMPRESSION {compression})"
        )
