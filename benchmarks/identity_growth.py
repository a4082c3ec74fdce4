"""How long it takes to find who is who among a million descriptions, and with a thousand more.

A world of descriptions without shared identifiers (`tallystick.world.described`) is resolved from nothing, with
the names spread over the processors as a cut does it; then all but a thousand are, and the thousand are added
(`identity.grow`). Beside it, on the same machine, the names alone are read, which nobody who compares names can
do without.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.common import apart, cache, say, table
from tallystick.adapters.spreading import spreader
from tallystick.identity import JUDGED, by_party, grow, resolve
from tallystick.identity.names.bulk import read_names

COMPANIES = 350_000
"""Companies of full size: about a million descriptions."""
MORE = 1000
COLUMNS = ["party", "ref", "name", "name_key", "country", "ids", "traits"]


def write(path: str, companies: int) -> int:
    """A piece: the descriptions, as a file."""
    from tallystick.world import DescriptionConfig, described

    parties = described(DescriptionConfig(companies, seed=5)).parties.select(COLUMNS)
    pq.write_table(parties, path)
    return len(parties)


def names_alone(path: str) -> float:
    """A piece: every distinct name read once; seconds."""
    names = pq.read_table(path, columns=["name"])["name"].drop_null().unique()
    began = time.perf_counter()
    read_names(names, spreader(len(names)))
    return time.perf_counter() - began


def from_nothing(path: str) -> float:
    """A piece: who is who from nothing; seconds."""
    parties = by_party(pq.read_table(path))
    began = time.perf_counter()
    resolve(parties, None, spreader(len(parties)))
    return time.perf_counter() - began


def with_more(path: str) -> tuple[float, bool]:
    """A piece: seconds for a thousand descriptions more, and whether the outcome is that of all at once."""
    parties = by_party(pq.read_table(path))
    held = np.ones(len(parties), dtype=bool)
    held[random.Random(3).sample(range(len(parties)), MORE)] = False
    known = parties.filter(pa.array(held))
    before = resolve(known, None, spreader(len(known)))
    began = time.perf_counter()
    grown = grow(before, known, parties, JUDGED.empty_table())
    seconds = time.perf_counter() - began
    anew = resolve(parties, None, spreader(len(parties)))
    return seconds, grown is not None and grown.merged.equals(anew.merged)


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    companies = max(1000, int(COMPANIES * scale))
    path = Path(cache()) / f"descriptions-{companies}.parquet"
    if not path.exists():
        apart("benchmarks.identity_growth:write", str(path), companies)
    count = pq.read_metadata(path).num_rows
    names = apart("benchmarks.identity_growth:names_alone", str(path))
    anew = apart("benchmarks.identity_growth:from_nothing", str(path))
    more = apart("benchmarks.identity_growth:with_more", str(path))
    seconds, same = more.found
    rows = [
        ("every name read", names.found, 1.0, names.peak_mb),
        ("who is who from nothing", anew.found, anew.found / names.found, anew.peak_mb),
        (f"with {MORE} descriptions more", seconds, seconds / names.found, more.peak_mb),
    ]
    table(f"{count:,} descriptions", ("what", "seconds", "times the reading", "peak MB"), rows)
    say(f"\n  grown and found anew are {'the same' if same else 'NOT the same'}")
    return {"from_nothing_s": anew.found, "grown_s": seconds, "same": float(same)}


if __name__ == "__main__":
    main()
