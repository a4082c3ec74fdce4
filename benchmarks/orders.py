"""Whether the order of arrival, growth and erasure leave any trace: 100 random orders of one body of evidence.

    python -m benchmarks orders                  100 orders (minutes); prints how many differ

Each order takes the folders of all contributors of a small world in, shuffled, and among them four folders
of another world, which speaks of companies and deals under the same numbers and is retracted again, each at a
moment of its own. After some of the steps a cut is made, so that later ones grow out of earlier ones. At the
end the track records and the ratings must be those of a book that took the world in at once and knew nothing
else: the bytes of the tables, sorted by key, are compared.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from benchmarks.common import say, table
from tallystick import open_book
from tallystick.adapters import increment
from tallystick.adapters.cuts import Cut
from tallystick.book import Book
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

ORDERS: Final = 100
AS_OF: Final = date(2025, 12, 31)
WORLD: Final = WorldConfig(30, 200, 3)
OTHER: Final = WorldConfig(30, 200, 4)
ERASED: Final = 4
KEYS: Final = {"records": ("company", "kind"), "ratings": ("company", "scope", "role", "kind")}
CUT_SHARE: Final = 0.2

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done to a book: a folder taken in, or what was taken in from it retracted."""

    folder: Path
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What one order gave: digests of the tables at the end, and how many cuts grew out of another."""

    digests: dict[str, str]
    rows: dict[str, int]
    grown: int


def main(scale: float = 1.0) -> dict[str, float]:
    """Print how many orders give other tables; returns the figures that are watched."""
    count = max(2, round(ORDERS * scale))
    increment.MAX_SHARE = 0  # grow by any share, not by small ones alone
    with tempfile.TemporaryDirectory() as scratch:
        mine, foreign = (_world(Path(scratch) / name, c) for name, c in _WORLDS.items())
        alone = taken(Path(scratch), [Step(folder) for folder in mine], None)
        kept = taken(Path(scratch), [Step(folder) for folder in [*mine, *foreign[:ERASED]]], None)
        found = [
            taken(Path(scratch), steps(mine, foreign, rng), rng)
            for rng in map(np.random.default_rng, range(count))
        ]
    differing = {name: sum(f.digests[name] != alone.digests[name] for f in found) for name in KEYS}
    rows = [(name, alone.rows[name], count, differing[name]) for name in KEYS]
    title = f"{len(mine)} folders in random orders, {ERASED} more taken in and retracted; target: none differ"
    table(title, ("table", "rows", "orders", "that differ"), rows)
    grown = sum(f.grown for f in found)
    say(f"  {grown} cuts grew out of an earlier one; digests {alone.digests}")
    changed = sum(kept.digests[name] != alone.digests[name] for name in KEYS)
    say(f"  with the folders of the other world left in, {changed} of {len(KEYS)} tables differ")
    return {"orders": count, "differing": sum(differing.values()), "grown": grown}


_WORLDS: Final = {"world": WORLD, "other": OTHER}


def _world(folder: Path, config: WorldConfig) -> list[Path]:
    simulate(config, folder)
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name != "truth")


def steps(mine: Sequence[Path], foreign: Sequence[Path], rng: Rng) -> list[Step]:
    """A random order: all of `mine`, and some of `foreign` each of which is retracted later."""
    guests = [foreign[n] for n in rng.choice(len(foreign), ERASED, replace=False)]
    order = [Step(folder) for folder in [*mine, *guests]]
    order = [order[n] for n in rng.permutation(len(order))]
    for folder in guests:
        place = int(rng.integers(order.index(Step(folder)) + 1, len(order) + 1))
        order.insert(place, Step(folder, retracted=True))
    return order


def taken(scratch: Path, order: Sequence[Step], rng: Rng | None) -> Found:
    """Do the steps to a new book, with cuts between where `rng` says so; what it holds at the end."""
    grown, batches = 0, dict[Path, list[str]]()
    with tempfile.TemporaryDirectory(dir=scratch) as place:
        settings = Settings(Path(place) / "book", "duckdb", 1024, 2)
        with open_book(settings.book, create=True, settings=settings) as book:
            for step in order:
                _do(book, step, batches)
                if rng is not None and rng.random() < CUT_SHARE:
                    grown += book.cut(AS_OF).layer("promises") > 0
            cut = book.cut(AS_OF)
            grown += cut.layer("promises") > 0
            tables = {name: _ordered(cut, name) for name in KEYS}
    digests = {name: digest_of(found) for name, found in tables.items()}
    return Found(digests, {name: len(found) for name, found in tables.items()}, grown)


def _do(book: Book, step: Step, batches: dict[Path, list[str]]) -> None:
    if step.retracted:
        for batch in batches[step.folder]:
            book.retract(batch, "of another book")
    else:
        receipts = book.ingest([step.folder]).receipts
        batches[step.folder] = [receipt.batch.batch_id for receipt in receipts]


def _ordered(cut: Cut, name: str) -> pa.Table:
    return cut.read(name).sort_by([(key, "ascending") for key in KEYS[name]]).combine_chunks()


def digest_of(found: pa.Table) -> str:
    """16 hex digits of the bytes of a table."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, found.schema) as out:
        out.write_table(found)
    return hashlib.sha256(sink.getvalue()).hexdigest()[:16]
