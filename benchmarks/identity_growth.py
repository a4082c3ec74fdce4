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

from benchmarks.common import apart, cache, peak_together, processor, say, table
from tallystick.adapters.spreading import spreader
from tallystick.identity import JUDGED, Companies, by_party, grow, resolve
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


def anew_and_more(path: str) -> dict[str, float]:
    """A piece: seconds by the clock and of processor, and the peak of all processes, for who is who from
    nothing, with a thousand descriptions more and with a thousand after those; whether the book `grew`, or was
    found anew."""
    parties = by_party(pq.read_table(path))
    places = random.Random(3).sample(range(len(parties)), 2 * MORE)
    steps = [_without(parties, places), _without(parties, places[MORE:]), parties]
    took: dict[str, float] = {}
    with peak_together() as peaks:
        began = time.perf_counter(), processor()
        found: Companies | None = resolve(steps[0], None, spreader(len(steps[0])))
        took |= _since(*began, "anew")
    took["peak_mb"] = peaks[0]
    for known, more, step in zip(steps, steps[1:], ("more", "again"), strict=False):
        began = time.perf_counter(), processor()
        found = grow(found, known, more, JUDGED.empty_table()) if found else None
        took |= _since(*began, step)
    return took | {"grew": float(found is not None)}


def _without(parties: pa.Table, places: list[int]) -> pa.Table:
    """All descriptions but those in some places."""
    held = np.ones(len(parties), dtype=bool)
    held[places] = False
    return parties.filter(pa.array(held))


def _since(clock: float, spent: float, step: str) -> dict[str, float]:
    return {f"{step}_s": time.perf_counter() - clock, f"{step}_processor": processor() - spent}


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    companies = max(1000, int(COMPANIES * scale))
    path = Path(cache()) / f"descriptions-{companies}.parquet"
    if not path.exists():
        apart("benchmarks.identity_growth:write", str(path), companies)
    count = pq.read_metadata(path).num_rows
    names = apart("benchmarks.identity_growth:names_alone", str(path))
    took = apart("benchmarks.identity_growth:anew_and_more", str(path)).found
    rows: list[tuple[str, object, object, object]] = [
        ("every name read", names.found, "", names.peak_mb),
        ("who is who from nothing", took["anew_s"], took["anew_processor"], took["peak_mb"]),
        (f"with {MORE} descriptions more", took["more_s"], took["more_processor"], ""),
        (f"with {MORE} after those", took["again_s"], took["again_processor"], ""),
    ]
    heads = ("what", "seconds", "of processor", "peak MB of all processes")
    table(f"{count:,} descriptions", heads, rows)
    grew = "grew" if took["grew"] else "had to be found anew"
    say(f"\n  the book {grew}; tests hold both ways to one outcome")
    return {"from_nothing_s": took["anew_s"], "grown_s": took["more_s"]}


if __name__ == "__main__":
    main()
