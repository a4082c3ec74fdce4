"""How fast a world is made, and in how much memory, for growing numbers of deals.

    python benchmarks/simulate.py [scale]

Each size runs in a process of its own, so that its peak memory is its own. Scale 1 goes up to a million
deals and reckons from it what ten million take; scale 10 makes the ten million.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tallystick.world import WorldConfig, simulate

SIZES = ((1_000, 10_000), (10_000, 100_000), (100_000, 1_000_000))


def measure(companies: int, deals: int) -> dict[str, float]:
    """Make one world and throw it away; seconds, documents, bytes, peak resident megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    try:
        start = time.perf_counter()
        summary = simulate(WorldConfig(companies, deals, seed=1), folder / "w")
        seconds = time.perf_counter() - start
    finally:
        shutil.rmtree(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "seconds": seconds,
        "documents": summary.document_count,
        "megabytes": summary.bytes / 2**20,
        "peak_mb": peak / unit,
    }


def main(scale: float = 1.0) -> None:
    """Print a line for each size, and what ten million deals take at the pace of the largest."""
    print(
        f"{'deals':>12} {'documents':>12} {'s':>8} {'deals/s':>10} {'docs/s':>10} {'MB':>8} {'RSS MB':>8}"
    )
    pace = 1.0
    for companies, deals in SIZES:
        size = int(companies * scale), int(deals * scale)
        text = subprocess.check_output([sys.executable, __file__, "--one", *map(str, size)])
        found = json.loads(text)
        pace = size[1] / found["seconds"]
        docs = found["documents"]
        print(
            f"{size[1]:>12,} {docs:>12,} {found['seconds']:>8.1f} {pace:>10,.0f} "
            f"{docs / found['seconds']:>10,.0f} {found['megabytes']:>8,.0f} {found['peak_mb']:>8,.0f}"
        )
    print(f"ten million deals at this pace: {10_000_000 / pace:,.0f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
