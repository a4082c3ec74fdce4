"""How fast a world is made, and in how much memory, for growing numbers of deals.

Each size runs in a process of its own, so that its peak memory is its own. Scale 1 goes up to a million
deals; scale 10 makes ten million. The peer is the time that the bytes alone take to be written.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.common import apart, table

SIZES = ((1_000, 10_000), (10_000, 100_000), (100_000, 1_000_000))


def make(companies: int, deals: int) -> dict[str, Any]:
    """A piece: make one world and throw it away; its documents and bytes."""
    from tallystick.world import WorldConfig, simulate

    with tempfile.TemporaryDirectory() as folder:
        summary = simulate(WorldConfig(companies, deals, seed=1), Path(folder) / "w")
        start = time.perf_counter()
        with (Path(folder) / "bytes").open("wb") as stream:
            for _ in range(0, summary.bytes, 2**20):
                stream.write(bytes(2**20))
            os.fsync(stream.fileno())
        bare = time.perf_counter() - start
    return {"documents": summary.document_count, "megabytes": summary.bytes / 2**20, "bare": bare}


def main(scale: float = 1.0) -> dict[str, float]:
    """Print a line for each size; returns the figures that are watched."""
    rows = []
    for companies, deals in SIZES:
        size = max(2, int(companies * scale)), int(deals * scale)
        taken = apart("benchmarks.simulate:make", *size)
        seconds = taken.clock - taken.found["bare"]
        documents = taken.found["documents"]
        ratio = seconds / taken.found["bare"]
        pace = size[1] / seconds, documents / seconds
        found = taken.found["megabytes"], taken.peak_mb
        rows.append((size[1], documents, seconds, *pace, *found, ratio))
    heads = ("deals", "documents", "seconds", "deals/s", "documents/s", "MB", "peak MB")
    table("a world made", (*heads, "times writing the bytes"), rows)
    return {"deals_per_s": rows[-1][3], "peak_mb": rows[-1][6]}
