"""Ten million documents to promises, track records and ratings of half a million companies.

    python -m benchmarks pipeline                  10 million documents; the line of sizes 1, 5, 10 million
    python -m benchmarks pipeline --scale 5        50 million, and the line 5, 25, 50 million

Timed is `book.cut` on a book that holds the evidence and nothing derived. Beside it in the same run: the
leanest SQL for a track record alone (`tried.sql`, on as many synthetic promises as there are documents, at
most ten million), and the stage of the track record against Polars and pandas written by hand.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import tried
from benchmarks.common import (
    Taken,
    apart,
    best,
    cache,
    documents_in,
    in_turn,
    say,
    table,
    world_folder,
)

MILLIONS: Final = 10
LINE: Final = (0.1, 0.5, 1.0)
AS_OF: Final = date(2025, 12, 31)
TIMES_TRIED: Final = 3
TIMES_PANDAS: Final = 3
TURNS: Final = 2


def cut(folder: str) -> dict[str, Any]:
    """A piece: the cut of a book that has nothing derived yet; its stages in seconds, its rows by table."""
    from tallystick import open_book

    book_folder = Path(folder) / "book"
    shutil.rmtree(book_folder / "derived", ignore_errors=True)
    marks: list[tuple[str, float]] = []

    def progress(what: str, done: int, total: int) -> None:
        if not marks or marks[-1][0] != what:
            marks.append((what, time.perf_counter()))

    with open_book(book_folder) as book:
        made = book.cut(AS_OF, progress=progress)
    marks.append(("", time.perf_counter()))
    stages = {what: end - start for (what, start), (_, end) in pairwise(marks)}
    names = ("companies", "promises", "records", "ratings")
    rows = {n: sum(pq.read_metadata(f).num_rows for f in made.files(n)) for n in names}
    return {"stages": stages, "rows": rows, "folder": str(made.folder), "as_of": made.as_of_day}


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the figures that are watched."""
    whole = MILLIONS * scale
    folder = world_folder(whole)
    promises = tried.made(min(round(whole * 1e6), tried.PROMISES))
    lean = partial(apart, "benchmarks.tried:track_record", str(promises))
    before, ours, after = lean(), apart("benchmarks.pipeline:cut", str(folder)), lean()
    taken = {"cut": ours, "tried SQL": best([before, after])}
    watched = _against_tried(folder, taken)
    watched |= _record_stage(taken["cut"].found)
    _forget(folder)
    watched |= _line(whole, taken["cut"])
    return watched


def _against_tried(folder: Path, taken: dict[str, Taken]) -> dict[str, float]:
    ours, lean = taken["cut"], taken["tried SQL"]
    documents, rows = documents_in(folder), ours.found["rows"]
    stages = ours.found["stages"]
    table(
        f"the pipeline on {documents:,} documents, {rows['companies']:,} companies",
        ("stage", "seconds", "share"),
        [(what, s, f"{s / ours.clock:.0%}") for what, s in stages.items()],
    )
    say("  rows: " + ", ".join(f"{count:,} {name}" for name, count in rows.items()))
    heads = ("", "seconds", "processor s", "peak MB", "times tried SQL", "by processor")
    lines = [
        (name, *figures(t), t.clock / lean.clock, t.processor / lean.processor)
        for name, t in (
            (f"tried SQL, {lean.found:,} track records alone", lean),
            ("whole pipeline", ours),
        )
    ]
    table(f"against the leanest SQL; target: within {TIMES_TRIED} times", heads, lines)
    return {
        "seconds": ours.clock,
        "peak_mb": ours.peak_mb,
        "tried_s": lean.clock,
        "times_tried": ours.clock / lean.clock,
        "times_tried_processor": ours.processor / lean.processor,
    }


def _record_stage(found: dict[str, Any]) -> dict[str, float]:
    """The stage of the track record, beside Polars and pandas on the same promises."""
    files = sorted(str(path) for path in (Path(found["folder"]) / "promises").rglob("*.parquet"))
    first = min(pc.min(pq.read_table(f, columns=["made_day"])["made_day"]).as_py() for f in files)
    count = found["rows"]["promises"]
    names = {"tallystick": "tallystick", "Polars": "by_polars", "pandas": "by_pandas"}
    with tempfile.TemporaryDirectory(dir=cache()) as out:
        values = (files, found["as_of"], first, count, out)
        pieces = {
            n: partial(apart, f"benchmarks.record_peers:{f}", *values) for n, f in names.items()
        }
        taken = in_turn(pieces, TURNS)
        told = {name: apart("benchmarks.record_peers:compare", name, out) for name in pieces}
    ours = taken["tallystick"]
    table(
        f"the track record of {count:,} promises; target: ahead of Polars, {TIMES_PANDAS} times pandas",
        ("", "seconds", "processor s", "peak MB", "times ours", "by processor", "columns equal"),
        [
            (n, *figures(t), t.clock / ours.clock, t.processor / ours.processor, told[n].found)
            for n, t in taken.items()
        ],
    )
    return {
        "record_s": ours.clock,
        "polars_times_ours": taken["Polars"].clock / ours.clock,
        "pandas_times_ours": taken["pandas"].clock / ours.clock,
    }


def figures(taken: Taken) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of processor, peak megabytes."""
    return taken.clock, taken.processor, taken.peak_mb


def _line(whole: float, largest: Taken) -> dict[str, float]:
    """Seconds against size: the cut of smaller worlds of the same kind beside the large one."""
    rows, per_million = [], []
    for share in LINE:
        folder = world_folder(whole * share)
        taken = largest if share == 1.0 else apart("benchmarks.pipeline:cut", str(folder))
        _forget(folder)
        documents = documents_in(folder)
        per_million.append(taken.clock / documents * 1e6)
        work = taken.processor / documents * 1e6
        rows.append((documents, *figures(taken), per_million[-1], work))
    heads = ("documents", "seconds", "processor s", "peak MB", "s per million", "by processor")
    table("seconds against size; target: a straight line", heads, rows)
    if whole < 50:
        say(f"  not run here: more than {whole:g} million documents (--scale 5 goes to 50 million)")
    return {"growth_per_million": per_million[-1] / per_million[0]}


def _forget(folder: Path) -> None:
    shutil.rmtree(folder / "book" / "derived", ignore_errors=True)
