"""The yardstick of the pipeline: synthetic promises, and the leanest SQL for a track record of them.

Ten million promises of about 985,000 debtors, of whom the largest owes one in a hundred; amounts are
decimals, times are timestamps with a zone, and each promise has a time of recording beside its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from benchmarks.common import cache

PROMISES: Final = 10_000_000
AS_OF_DAY: Final = 20_000
DAY_US: Final = 86_400_000_000
DECAY: Final = """
SELECT CAST(i AS INTEGER) AS age, CAST(ROUND(1e6 * POW(2, -i / 180)) AS BIGINT) AS ppm
FROM range(36525) AS r(i)
"""
ROWS: Final = """
SELECT debtor, creditor, amount, made, made + term * INTERVAL 1 DAY AS due,
       made + INTERVAL 1 HOUR AS recorded, done, done + INTERVAL 1 HOUR AS done_recorded
FROM (
  SELECT CASE WHEN hash(i * 19) % 100 = 0 THEN 0
              ELSE CAST({parties} * POW(hash(i) % 1000000007 / 1000000007, 1.15) AS BIGINT) END AS debtor,
         CAST(hash(i * 23) % {parties} AS BIGINT) AS creditor,
         CAST((100 + hash(i * 3) % 10000000) / 100 AS DECIMAL(18, 2)) AS amount,
         make_timestamptz(CAST({day_us} * (18000 + hash(i * 5) % 2000) AS BIGINT)) AS made,
         CAST(hash(i * 7) % 4 * 15 + 15 AS INTEGER) AS term,
         CASE WHEN hash(i * 11) % 100 < 96 THEN made + (term - 10 + CAST(
           CASE WHEN hash(i * 11) % 100 < 70 THEN hash(i * 13) % 11 ELSE hash(i * 13) % 70 END AS INTEGER
         )) * INTERVAL 1 DAY END AS done
  FROM range({promises}) AS r(i)
)
"""


def made(promises: int) -> Path:
    """The folder with the synthetic promises and the table of decay, made if it is not there."""
    folder = cache() / f"promises-{promises}"
    if not (folder / "promises.parquet").exists():
        folder.mkdir(exist_ok=True)
        con = duckdb.connect()
        con.execute("SET enable_progress_bar = false")
        rows = ROWS.format(promises=promises, parties=max(promises // 10, 1), day_us=DAY_US)
        part = folder / "part"
        con.execute(f"COPY ({DECAY}) TO '{folder / 'decay.parquet'}' (FORMAT parquet)")
        con.execute(f"COPY ({rows}) TO '{part}' (FORMAT parquet, COMPRESSION lz4_raw)")
        part.rename(folder / "promises.parquet")
    return folder


def track_record(folder: str) -> int:
    """A piece: the track records of the promises in `folder`, written as Parquet; returns their number."""
    base = Path(folder)
    text = (Path(__file__).parent / "tried.sql").read_text(encoding="utf-8")
    query = text.format(
        as_of=AS_OF_DAY,
        as_of_us=AS_OF_DAY * DAY_US,
        known_us=(AS_OF_DAY + 30) * DAY_US,
        promises=base / "promises.parquet",
        decay=base / "decay.parquet",
    )
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.execute("SET preserve_insertion_order = false")
    found = con.execute(f"COPY ({query}) TO '{base / 'out.parquet'}' (FORMAT parquet)").fetchall()
    return int(found[0][0])
