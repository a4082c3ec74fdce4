"""Closing the deals of 10 million documents, beside the raw joins of their references in the same engine.

    python -m benchmarks closing_speed --scale 0.2

The raw joins look up, for each of the four references that a document may bear, the document that bears that
number, and count what they find; no party, no correction, no component, no inference. Closing takes the
evidence of the ledger to `doc_linked`: whose numbers they are, what stands after corrections, the deals as
components, the links that nothing states, and every document with its deal.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import (
    COMPANIES_PER_MILLION,
    DEALS_PER_MILLION,
    apart,
    cache,
    say,
    table,
)

MILLIONS = 10


def timed(folder: str) -> dict[str, float]:
    """A piece: seconds of processor of the raw joins and of closing, on one engine, and the documents."""
    from tallystick import open_book
    from tallystick.adapters.engines import open_engine
    from tallystick.adapters.rates import usd_rates
    from tallystick.adapters.state import live_parties, register_evidence
    from tallystick.deals import close, define_said
    from tallystick.identity import resolve
    from tallystick.units import day_number

    with open_book(Path(folder) / "book") as book, tempfile.TemporaryDirectory() as scratch:
        snapshot = book.ledger.snapshot(None)
        engine = open_engine("duckdb", Path(scratch))
        register_evidence(engine, snapshot)
        merged = resolve(live_parties(engine, snapshot)).merged
        joins = " UNION ALL ".join(
            f"SELECT COUNT(*) AS n FROM document d JOIN document t ON t.own_key = d.ref{n}_key "
            "AND t.own_scope = d.ref{n}_scope".replace("{n}", str(n))
            for n in range(1, 5)
        )
        raw = _seconds(lambda: engine.fetch(f"SELECT SUM(n) AS n FROM ({joins}) found"))
        last = engine.fetch("SELECT MAX(issued_on) AS day FROM document")["day"][0].as_py()

        def closed() -> None:
            define_said(engine, snapshot.live, merged, day_number(last), snapshot.resurrect)
            close(engine, usd_rates)
            engine.fetch(
                "SELECT COUNT(DISTINCT deal) AS deals, SUM(link_ppm) AS ppm FROM doc_linked"
            )

        closing = _seconds(closed)
        documents = engine.fetch("SELECT COUNT(*) AS n FROM document")["n"][0].as_py()
    return {"raw": raw, "closing": closing, "documents": documents}


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main(scale: float) -> dict[str, float]:
    """Print the table; returns the ratio."""
    folder = cache() / "closing-speed"
    millions = MILLIONS * scale
    made = (int(COMPANIES_PER_MILLION * millions), int(DEALS_PER_MILLION * millions))
    apart("benchmarks.common:make_world", str(folder), *made)
    taken = apart("benchmarks.closing_speed:timed", str(folder))
    found = taken.found
    ratio = found["closing"] / found["raw"]
    say(f"{found['documents']:,} documents; peak {taken.peak_mb:,.0f} MB")
    rows = [
        ("raw joins", found["raw"], 1.0),
        ("closing", found["closing"], ratio),
    ]
    table("Processor seconds", ("", "seconds", "times the joins"), rows)
    return {"ratio": ratio}
