"""Damaged files for every reader: exceptions, the slowest file and the memory, over a stated time.

    python -m benchmarks fuzz --scale 1        60 seconds of processor for each reader

The files are made from real ones of the sample sets (from one of our own where there is none) by cutting,
dropping, doubling and overwriting parts. A reader must answer each with statements and rejects, soon.
"""

from __future__ import annotations

import io
import os
import random
import tempfile
import time
from pathlib import Path

from benchmarks import readers_goods, readers_payments, readers_trade
from benchmarks.common import ROOT, apart, say, table
from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.reader_contract import damaged_files
from tallystick.evidence.formats.readers import HEAD, READERS
from tallystick.evidence.ledger import Contributor

SECONDS = 60
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", "../shared/samples"))
LARGEST = 200_000
"""Bytes of the files that are damaged: small ones give more of them."""


def seeds(name: str) -> list[bytes]:
    """Real files that the reader recognises, small ones first; at most 60."""
    reader = next(reader for reader in READERS if reader.name == name)
    found = []
    for path in sorted([*SAMPLES.rglob("*"), *(ROOT / "examples").rglob("*")]):
        if path.is_file() and 0 < path.stat().st_size <= LARGEST:
            data = path.read_bytes()
            if reader.recognises(data[:HEAD]):
                found.append(data)
    return sorted(found or made(name), key=len)[:60]


def made(name: str) -> list[bytes]:
    """Files of our own, of formats that the sample sets lack, as the benchmarks of readers make them."""
    if name == "pdf":
        return readers_trade.bills("CII", as_pdf=True)
    if name == "swift":
        return ["".join(map(readers_payments.SETS["MT940"].record, range(3))).encode()]
    if name == "amazon":
        with tempfile.TemporaryDirectory() as folder:
            readers_goods.write_file(Path(folder) / "file", "amazon json", 20)
            return [(Path(folder) / "file").read_bytes()]
    return []


def damaged(name: str, seconds: float) -> dict[str, object]:
    """A piece: read damaged files for so many seconds of processor."""
    reader = next(reader for reader in READERS if reader.name == name)
    files, chance = seeds(name), random.Random(name)
    count, slowest, raised = 0, 0.0, []
    end = time.process_time() + seconds
    while files and time.process_time() < end:
        for data in damaged_files(chance.choice(files), 20, chance.randrange(2**32)):
            start = time.process_time()
            try:
                canonicalise(reader.read(io.BytesIO(data), "f"), Contributor("fuzz"))
            except Exception as error:  # counted, whatever it is
                raised.append(f"{type(error).__name__}: {str(error)[:80]}")
            slowest = max(slowest, time.process_time() - start)
            count += 1
    return {
        "seeds": len(files),
        "files": count,
        "slowest": slowest,
        "raised": sorted(set(raised))[:5],
    }


def main(scale: float) -> dict[str, float]:
    """Print the table; returns the number of different exceptions."""
    rows, bad = [], 0
    for reader in READERS:
        taken = apart("benchmarks.fuzz:damaged", reader.name, SECONDS * scale)
        found = taken.found
        bad += len(found["raised"])
        told = "; ".join(found["raised"]) or "none"
        rows.append(
            (
                reader.name,
                found["seeds"],
                found["files"],
                round(found["slowest"], 2),
                round(taken.peak_mb),
                told,
            )
        )
    heads = ("reader", "seeds", "damaged files", "slowest s", "peak MB", "exceptions")
    table(f"{SECONDS * scale:.0f} seconds of processor for each reader", heads, rows)
    say("Readers without seeds have no sample of 200 kB or less.")
    return {"exceptions": float(bad)}
