"""What all benchmarks share: pieces that run in a process of their own, tables, the machine, made worlds.

A *piece* is a function at the top of a module of this package that takes and returns what JSON can hold.
`apart` runs it in a fresh process, so that its peak of resident memory is its own, and tells what it took:

>>> apart("benchmarks.common:machine_text").clock > 0                        # doctest: +SKIP
True
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
CACHE_VARIABLE: Final = "TALLYSTICK_BENCH_CACHE"
COMPANIES_PER_MILLION: Final = 50_000
DEALS_PER_MILLION: Final = 128_500
PACKAGES: Final = ("duckdb", "pyarrow", "numpy", "polars", "pandas", "pyspark", "splink")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a piece took: seconds by the clock and of processor (all threads), peak resident megabytes,
    and what it returned."""

    clock: float
    processor: float
    peak_mb: float
    found: Any


def apart(piece: str, *values: Any) -> Taken:
    """Run `module:function` with `values` in a fresh process. Raises `CalledProcessError` if it fails."""
    command = [sys.executable, "-m", "benchmarks.common", piece, json.dumps(values)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return Taken(**json.loads(done.stdout.splitlines()[-1]))


def best(runs: Sequence[Taken]) -> Taken:
    """The quickest of several runs of one piece, with the highest of their peaks of memory."""
    first = min(runs, key=lambda run: run.clock)
    peak = max(run.peak_mb for run in runs)
    return Taken(first.clock, first.processor, peak, first.found)


def in_turn(pieces: Mapping[str, Callable[[], Taken]], turns: int) -> dict[str, Taken]:
    """The best of `turns` runs of each piece; the pieces take turns, so that all see the same machine."""
    runs: dict[str, list[Taken]] = {name: [] for name in pieces}
    for _ in range(turns):
        for name, piece in pieces.items():
            runs[name].append(piece())
    return {name: best(taken) for name, taken in runs.items()}


def peak_mb() -> float:
    """Peak resident memory of this process so far, in megabytes. Linux counts the parent's memory at the fork
    into `ru_maxrss`, so there the high-water mark of the process's own memory is read instead."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


@contextlib.contextmanager
def peak_together() -> Iterator[list[float]]:
    """The highest resident memory of this process and its children together, in megabytes, looked at five times
    a second: the one number in the list."""
    peaks, done = [0.0], threading.Event()
    watch = threading.Thread(target=_watch, args=(peaks, done))
    watch.start()
    try:
        yield peaks
    finally:
        done.set()
        watch.join()


def _watch(peaks: list[float], done: threading.Event) -> None:
    while not done.wait(0.2):
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        pages = 0
        for process in (str(os.getpid()), *children):
            with contextlib.suppress(OSError):
                pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        peaks[0] = max(peaks[0], pages * resource.getpagesize() / 2**20)


def processor() -> float:
    """Seconds of processor so far, of this process and of its children that ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def say(text: str = "") -> None:
    """Print a line at once, so that a long run can be watched."""
    print(text, flush=True)


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows under heads: text to the left, numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    width = [max(len(text) for text in column) for column in zip(heads, *cells, strict=True)]
    left = [all(isinstance(row[n], str) for row in rows) for n in range(len(heads))]
    say(f"\n{title}")
    for line in [heads, *cells]:
        texts = [
            text.ljust(w) if is_left else text.rjust(w)
            for text, w, is_left in zip(line, width, left, strict=True)
        ]
        say("  " + "  ".join(texts).rstrip())


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def machine_text() -> str:
    """Processor cores, memory and versions, in a line or two."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores, {pages / 2**30:.0f} GB, {platform.system()} {platform.machine()}, "
        f"load {os.getloadavg()[0]:.1f}\nPython {platform.python_version()}, {versions}"
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def cache() -> Path:
    """Where made worlds and books are kept between runs: `TALLYSTICK_BENCH_CACHE`, or in the temporary
    folder of the machine. It can be deleted at any time."""
    given = os.environ.get(CACHE_VARIABLE)
    folder = Path(given) if given else Path(tempfile.gettempdir()) / "tallystick-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def world_folder(millions: float) -> Path:
    """The folder of a world of about so many million documents, with `world/` and `book/` in it, made if it
    is not there. Making ten million takes minutes and is part of no figure."""
    companies = round(COMPANIES_PER_MILLION * millions)
    deals = round(DEALS_PER_MILLION * millions)
    folder = cache() / f"world-{companies}-{deals}-7"
    if not (folder / "ready.json").exists():
        say(f"making a book of {millions:g} million documents in {folder} (kept for later runs)")
        taken = apart("benchmarks.common:make_world", str(folder), companies, deals)
        say(f"made in {taken.clock:.0f} s, peak {taken.peak_mb:,.0f} MB")
    return folder


def documents_in(folder: Path) -> int:
    """Documents of the book of a `world_folder`."""
    return int(json.loads((folder / "ready.json").read_text())["documents"])


def make_world(folder: str, companies: int, deals: int) -> int:
    """A piece: write a world and take all of it into a book; returns the number of documents."""
    from tallystick import open_book
    from tallystick.world import WorldConfig, simulate

    base = Path(folder)
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(parents=True)
    summary = simulate(WorldConfig(companies, deals, seed=7), base / "world")
    with open_book(base / "book", create=True) as book:
        book.ingest([base / "world"])
    (base / "ready.json").write_text(json.dumps({"documents": summary.document_count}) + "\n")
    return summary.document_count


def _piece() -> None:
    """Run the piece that the command line names, in this process."""
    module, name = sys.argv[1].split(":")
    function = getattr(importlib.import_module(module), name)
    values = json.loads(sys.argv[2])
    clock, processor = time.perf_counter(), time.process_time()
    found = function(*values)
    taken = {
        "clock": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "peak_mb": peak_mb(),
        "found": found,
    }
    print(json.dumps(taken))


if __name__ == "__main__":
    _piece()
