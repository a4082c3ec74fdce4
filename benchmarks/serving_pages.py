"""How long a person waits for a credit page and a search, on a served book of as many real companies.

    python -m benchmarks serving_pages --scale 0.05

Two people ask in turn, one request at a time each, of two web processes; the worker is off. A credit page is
asked for when nobody has seen the company since its rating moved (its report is drawn up first), and again.
Searches are names of companies of the book: whole, the first two words, and with a letter left out. Beside the
times by the clock stand the milliseconds of processor that a request takes of the web processes, which say more
on a busy machine. Full size is a million companies of a world of 20 million documents."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx2

from benchmarks.common import apart, cache, documents_in, table, world_folder
from benchmarks.live import _prepare
from benchmarks.rerate import linked
from benchmarks.soak import free_port, ready

MILLIONS: Final = 20.0
FIRST: Final = 40
AGAIN: Final = 400
SEARCHES: Final = 300
PEOPLE: Final = 2
TARGET_MS: Final = {"credit": 150, "search": 60}
Timed = dict[str, float]


def pages(folder: str, out: str) -> dict[str, Any]:
    """A piece: times of each sort of request, on a rated copy of a book."""
    book = Path(out) / "book"
    shutil.copytree(Path(folder) / "book", book, copy_function=linked)
    key, _, companies = _prepare(book)
    codes, names = _asked(book)
    address = f"http://127.0.0.1:{free_port()}"
    line = [sys.executable, "-m", "tallystick", "serve", "--port", address.rsplit(":", 1)[1]]
    child = subprocess.Popen(
        [*line, "--book", str(book), "--processes", "2", "--workers", "0"],
        env=dict(os.environ),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        ready(address)
        runs = _runs(address, key, child.pid, codes, names)
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(60)
    return {"companies": companies, "runs": runs}


def _asked(book: Path) -> tuple[list[str], list[str]]:
    """Codes of companies at random, and what is searched for: names whole, cut short and misspelt."""
    import sqlite3

    rng = random.Random(5)
    with sqlite3.connect(book / "service.sqlite") as db:
        rows = db.execute("SELECT code, name FROM served WHERE name IS NOT NULL").fetchall()
    some = rng.sample(rows, min(len(rows), FIRST + SEARCHES))
    names = []
    for n, (_, name) in enumerate(some[FIRST:]):
        place = rng.randrange(1, max(2, len(name)))
        cut = (name, " ".join(name.split()[:2]), name[:place] + name[place + 1 :])[n % 3]
        names.append(cut)
    return [code for code, _ in some[:FIRST]], names


def _runs(
    address: str, key: str, server: int, codes: Sequence[str], names: Sequence[str]
) -> dict[str, Timed]:
    rng = random.Random(6)
    page = [f"/en/c/{code}" for code in codes]
    find = [f"/v1/companies?q={quote(name)}" for name in names]
    seek = [f"/en/search?q={quote(name)}" for name in names]
    asked = {
        "credit page, first look": page,
        "credit page, again": rng.choices(page, k=AGAIN),
        "search, the first ones": find[:PEOPLE],
        "search, API": find[PEOPLE:],
        "search, page": seek,
    }
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=300) as client:
        return {name: _timed(client.get, paths, server) for name, paths in asked.items()}


def _timed(get: Callable[[str], Any], paths: Sequence[str], server: int) -> Timed:
    """Half of and 99 of 100 requests took at most so many milliseconds, and how many of processor."""

    def one(path: str) -> float:
        began = time.perf_counter()
        answer = get(path)
        took = time.perf_counter() - began
        assert answer.status_code == 200, (path, answer.status_code)
        return took

    before = _processor(server)
    with ThreadPoolExecutor(PEOPLE) as people:
        took = sorted(people.map(one, paths))
    spent = _processor(server) - before
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    middle = took[len(took) // 2]
    return {"p50": middle * 1e3, "p99": p99 * 1e3, "processor": spent / len(paths) * 1e3}


def _processor(server: int) -> float:
    """Seconds of processor of the children of the server's process, so far."""
    ticks = 0
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        told = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    folder = world_folder(MILLIONS * scale)
    with tempfile.TemporaryDirectory(dir=cache()) as out:
        found = apart("benchmarks.serving_pages:pages", str(folder), out).found
    rows = [
        (name, run["p50"], run["p99"], TARGET_MS[name.split()[0].strip(",")], run["processor"])
        for name, run in found["runs"].items()
    ]
    title = f"{found['companies']:,} companies of {documents_in(folder):,} documents, milliseconds"
    table(title, ("", "half within", "p99", "target p99", "processor"), rows)
    return {f"{name}_p99_ms": run["p99"] for name, run in found["runs"].items()}
