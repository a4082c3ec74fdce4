"""Ingest of a mapped CSV beside DuckDB's own `read_csv` into a table with a digest per row.

Both run in turn, several times, each in a process of its own, and the best of each counts. Processor time is
shown beside the clock, because the ratio should not depend on what else the machine does. Two sizes show
whether memory is bounded.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.common import apart, in_turn, table

MAPPING: Final = """
[[document]]
kind = "invoice"
number = "invoice_no"
issued_on = "issued"
due_on = "due"
amount = "amount"
currency = "currency"
note = "remark"
seller = { id = { scheme = "id:bench.seller", column = "seller" }, name = "seller_name" }
buyer = { id = { scheme = "id:bench.buyer", column = "buyer" } }
references = [{ kind = "order", number = "order_no" }]
"""
ROWS: Final = """
SELECT 'INV-' || i AS invoice_no,
       CAST(DATE '2020-01-01' + CAST(hash(i) % 1500 AS INTEGER) AS VARCHAR) AS issued,
       CAST(DATE '2020-01-31' + CAST(hash(i) % 1500 AS INTEGER) AS VARCHAR) AS due,
       'S' || (hash(i * 7) % {sellers}) AS seller,
       'Seller company ' || (hash(i * 7) % {sellers}) AS seller_name,
       'DE' AS country, 'B' || (hash(i * 13) % {buyers}) AS buyer,
       CAST((hash(i * 3) % 1000000) / 100 AS DECIMAL(18, 2)) AS amount, 'EUR' AS currency,
       'PO-' || (i // 2) AS order_no, 'some free text of the row' AS remark
FROM range({rows}) AS r(i)
"""


SIZES: Final = (500_000, 2_000_000)
TURNS: Final = 3
MEMORY: Final = "1GB"
TARGET: Final = 0.5


def write_csv(path: Path, rows: int) -> None:
    """A CSV of invoices with so many rows."""
    query = ROWS.format(rows=rows, sellers=max(rows // 100, 1), buyers=max(rows // 40, 1))
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER)")


def by_duckdb(path: str) -> None:
    """A piece: DuckDB reads the file into a table and takes a digest of each row."""
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM read_csv('{path}')").fetchall()]
    joined = ", ".join(f"CAST({name} AS VARCHAR)" for name in names)
    con.execute(
        f"CREATE TABLE t AS SELECT *, md5(concat_ws('|', {joined})) AS d FROM read_csv('{path}')"
    )


def by_tallystick(path: str) -> None:
    """A piece: the file is read by a mapping, checked, linked, and staged as a batch."""
    from tallystick.adapters.tables import stage_table
    from tallystick.evidence.formats.mapping import load_mapping
    from tallystick.evidence.ledger import Contributor

    with tempfile.TemporaryDirectory() as folder:
        mapping = load_mapping(MAPPING)
        stage_table(Path(path), mapping, Contributor("bench"), Path(folder), memory=MEMORY)


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    lines, figures = [], {}
    for size in SIZES:
        rows = max(1_000, round(size * scale))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "invoices.csv"
            write_csv(path, rows)
            pieces = {
                name: partial(apart, f"benchmarks.ingest_csv:{piece}", str(path))
                for name, piece in (
                    ("read_csv + md5", "by_duckdb"),
                    ("tallystick", "by_tallystick"),
                )
            }
            taken = in_turn(pieces, TURNS)
        floor = taken["read_csv + md5"]
        for name, t in taken.items():
            ratios = (floor.clock / t.clock, floor.processor / t.processor)
            lines.append((rows, name, t.clock, rows / t.clock, t.processor, *ratios, t.peak_mb))
        figures = {"ratio": ratios[0], "ratio_processor": ratios[1], "peak_mb": t.peak_mb}
    heads = (
        "rows",
        "",
        "seconds",
        "rows/s",
        "processor s",
        "speed ratio",
        "by processor",
        "peak MB",
    )
    table(f"a mapped CSV; {MEMORY} for the engine; target: ratio of {TARGET}", heads, lines)
    return figures
