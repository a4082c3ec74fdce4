"""One book on DuckDB and on Spark: the same SQL, the same bytes, and what each takes.

    python -m benchmarks engines                   0.8 million documents (about 100,000 deals)
    python -m benchmarks engines --scale 10        8 million

Spark on one machine pays for being ready to use many: it starts a Java runtime, plans every query in stages and
compiles them. Its peak memory is that of the Java runtime, which takes what it is given (here 4 GB).
"""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any, Final

from benchmarks.common import Taken, apart, documents_in, table, world_folder

MILLIONS: Final = 0.8
AS_OF: Final = date(2025, 12, 31)
MEMORY_MB: Final = 4096
TABLES: Final = ("promises", "records", "ratings")


def derive(folder: str, engine: str) -> dict[str, Any]:
    """A piece: derive a book from its evidence alone; seconds to start and to derive, what came out."""
    from tallystick import open_book
    from tallystick.adapters.engines import open_engine
    from tallystick.settings import Settings

    book_folder = Path(folder) / "book"
    shutil.rmtree(book_folder / "derived", ignore_errors=True)
    start = time.perf_counter()
    first = open_engine(engine, book_folder / "derived" / "scratch", MEMORY_MB)
    first.fetch("SELECT 1 AS one")
    started = time.perf_counter()
    with open_book(book_folder, settings=Settings(book_folder, engine, MEMORY_MB, None)) as book:
        cut = book.cut(AS_OF)
        derived = time.perf_counter()
        ordered = {
            "promises": book.promises(cut=cut),
            "ratings": book.ratings(cut=cut),
            "records": cut.read("records").sort_by(
                [("company", "ascending"), ("kind", "ascending")]
            ),
        }
    return {
        "start_s": started - start,
        "derive_s": derived - started,
        "rows": {name: len(ordered[name]) for name in TABLES},
        "digests": {name: _digest(ordered[name]) for name in TABLES},
        "java_mb": _java_peak_mb() if engine == "spark" else 0.0,
    }


def _digest(rows: Any) -> str:
    """Digest of the rows as CSV."""
    import io

    from pyarrow import csv

    from tallystick.units import digest

    out = io.BytesIO()
    csv.write_csv(rows, out)
    return digest(out.getvalue())


def _java_peak_mb() -> float:
    """Peak resident memory of the Java runtime; 0 where the system does not tell."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    status = Path(f"/proc/{gateway.proc.pid}/status") if gateway else None
    if status is None or not status.exists():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) / 1024


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    folder = world_folder(MILLIONS * scale)
    taken = {
        name: apart("benchmarks.engines:derive", str(folder), name) for name in ("duckdb", "spark")
    }
    documents = documents_in(folder)
    heads = ("engine", "start s", "derive s", "documents/s", "peak MB")
    rows = [
        (name, t.found["start_s"], t.found["derive_s"], documents / t.found["derive_s"], _peak(t))
        for name, t in taken.items()
    ]
    ours, theirs = taken["duckdb"].found, taken["spark"].found
    same = ours["digests"] == theirs["digests"]
    counts = ", ".join(f"{count:,} {name}" for name, count in ours["rows"].items())
    verdict = "the same bytes on both" if same else "NOT THE SAME ON BOTH"
    table(f"{documents:,} documents: {counts}: {verdict}", heads, rows)
    return {
        "duckdb_s": ours["derive_s"],
        "spark_s": theirs["derive_s"],
        "times_duckdb": theirs["derive_s"] / ours["derive_s"],
        "spark_start_s": theirs["start_s"],
        "same": float(same),
    }


def _peak(taken: Taken) -> float:
    return taken.peak_mb + float(taken.found["java_mb"])


if __name__ == "__main__":
    main()
