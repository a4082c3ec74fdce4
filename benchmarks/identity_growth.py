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


def anew_and_more(path: str) -> tuple[float, float, bool]:
    """A piece: seconds for all but a thousand descriptions from nothing, and for the thousand more; whether the
    book grew, or was found anew."""
    parties = by_party(pq.read_table(path))
    held = np.ones(len(parties), dtype=bool)
    held[random.Random(3).sample(range(len(parties)), MORE)] = False
    known = parties.filter(pa.array(held))
    began = time.perf_counter()
    before = resolve(known, None, spreader(len(known)))
    standing = time.perf_counter()
    grown = grow(before, known, parties, JUDGED.empty_table())
    return standing - began, time.perf_counter() - standing, grown is not None


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    companies = max(1000, int(COMPANIES * scale))
    path = Path(cache()) / f"descriptions-{companies}.parquet"
    if not path.exists():
        apart("benchmarks.identity_growth:write", str(path), companies)
    count = pq.read_metadata(path).num_rows
    names = apart("benchmarks.identity_growth:names_alone", str(path))
    more = apart("benchmarks.identity_growth:anew_and_more", str(path))
    anew_s, more_s, grew = more.found
    rows = [
        ("every name read", names.found, 1.0, names.peak_mb),
        ("who is who from nothing", anew_s, anew_s / names.found, more.peak_mb),
        (f"with {MORE} descriptions more", more_s, more_s / names.found, more.peak_mb),
    ]
    table(f"{count:,} descriptions", ("what", "seconds", "times the reading", "peak MB"), rows)
    say(
        f"\n  the book {'grew' if grew else 'had to be found anew'}; tests hold both ways to one outcome"
    )
    return {"from_nothing_s": anew_s, "grown_s": more_s}


if __name__ == "__main__":
    main()
