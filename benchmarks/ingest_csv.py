"""Ingest of a mapped CSV beside DuckDB's own `read_csv` into a table with a digest per row.

Both run in turn, several times, and the best of each counts. Processor time is shown beside the clock,
because the ratio should not depend on what else the machine does.

    python benchmarks/ingest_csv.py --rows 2000000
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tallystick.adapters.tables import stage_table
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.ledger import Contributor

MAPPING = """
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
ROWS = """
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


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock and by the processor (all threads)."""

    clock: float
    processor: float


def measure(work: Callable[[], object]) -> Taken:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - clock, time.process_time() - processor)


def write_csv(path: Path, rows: int) -> None:
    query = ROWS.format(rows=rows, sellers=max(rows // 100, 1), buyers=max(rows // 40, 1))
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER)")


def by_duckdb(path: Path) -> None:
    con = duckdb.connect()
    names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM read_csv('{path}')").fetchall()]
    joined = ", ".join(f"CAST({name} AS VARCHAR)" for name in names)
    con.execute(
        f"CREATE TABLE t AS SELECT *, md5(concat_ws('|', {joined})) AS d FROM read_csv('{path}')"
    )


def by_tallystick(path: Path, memory: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mapping = load_mapping(MAPPING)
        stage_table(path, mapping, Contributor("bench"), Path(folder), memory=memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--memory", default="1GB")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "invoices.csv"
        write_csv(path, args.rows)
        duck, ours = [], []
        for _ in range(args.turns):
            ours.append(measure(lambda: by_tallystick(path, args.memory)))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            duck.append(measure(lambda: by_duckdb(path)))
    for name, runs in (("duckdb read_csv + md5", duck), ("tallystick stage_table", ours)):
        clock, processor = min(r.clock for r in runs), min(r.processor for r in runs)
        print(
            f"{name:24} {clock:6.2f} s {args.rows / clock:12,.0f} rows/s "
            f"{processor:7.2f} s of processor"
        )
    ratio = min(r.clock for r in duck) / min(r.clock for r in ours)
    work = min(r.processor for r in duck) / min(r.processor for r in ours)
    print(f"rows per second against DuckDB: {ratio:.2f} by the clock, {work:.2f} by the processor")
    print(
        f"peak memory {peak} MB, DuckDB's own turns included, of which {args.memory} for DuckDB here"
    )


if __name__ == "__main__":
    main()
