"""How many ratings a second the service looks up, beside a bare endpoint of the same framework on the same row.

A million companies are served (bodies of a small world under a million codes). 16 connections ask for codes
at random for some seconds, with a key: authentication, limits, quotas, logging, metrics, validators and
headers are all at work. The bare endpoint is FastAPI with one function that reads the row and returns it.
Both have two processes; they take turns. Needs `wrk` (a package of most systems) to ask; on a busy machine
only the ratio says something."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.common import ROOT, say, table
from benchmarks.soak import database, free_port, ready

COMPANIES: Final = 1_000_000
CONNECTIONS: Final = 16
SECONDS: Final = 8
TURNS: Final = 3
TARGETS: Final = {"sqlite": (6000, 6), "postgresql": (2500, 30)}
_ASKING: Final = """
local codes = {} for line in io.lines("%s") do codes[#codes + 1] = line end
local headers = {["Authorization"] = "Bearer %s"}
local n = 0
request = function() n = n %% #codes + 1
  return wrk.format("GET", "/v1/companies/" .. codes[n], headers) end
"""
BARE: Final = """
import os, threading
from fastapi import FastAPI, Response
app, held = FastAPI(), threading.local()
URL = os.environ["BARE_URL"]
def connect():
    if URL.startswith("sqlite"):
        import sqlite3
        return sqlite3.connect(URL.removeprefix("sqlite:///")), "?"
    import psycopg
    return psycopg.connect(URL, autocommit=True), "%s"
@app.get("/v1/companies/{code}")
async def get(code: str):
    if not hasattr(held, "db"):
        held.db, held.sign = connect()
    row = held.db.execute(f"SELECT body FROM served WHERE code = {held.sign}", (code,)).fetchone()
    return Response(row[0], media_type="application/json")
@app.get("/readyz")
async def ready():
    return {}
"""


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    if shutil.which("wrk") is None:
        say("needs `wrk` on the path to ask with: install the package of that name")
        return {}
    rows: list[tuple[Any, ...]] = []
    figures: dict[str, float] = {}
    for sort, (wanted, p99) in TARGETS.items():
        with tempfile.TemporaryDirectory(prefix="tallystick-serving-") as made:
            found = _measure(sort, Path(made), round(COMPANIES * scale))
        ours, bare = (max(runs, key=lambda run: run[0]) for runs in found)
        ratio = ours[0] / bare[0]
        rows.append((sort, ours[0], wanted, ours[1], p99, bare[0], bare[1], ratio))
        figures |= {f"{sort}_per_s": ours[0], f"{sort}_p99_ms": ours[1], f"{sort}_ratio": ratio}
        figures[f"{sort}_bare_p99_ms"] = bare[1]
    heads = (
        *("store", "look-ups/s", "target", "p99 ms", "target"),
        *("bare/s", "its p99 ms", "of bare (0.6)"),
    )
    table(f"{round(COMPANIES * scale):,} companies, {CONNECTIONS} connections", heads, rows)
    return figures


Run = tuple[float, float]
"""Requests a second and the 99th percentile in milliseconds."""


def _measure(sort: str, folder: Path, companies: int) -> tuple[list[Run], list[Run]]:
    url, stop = database(sort, folder)
    try:
        key, codes = _fill(folder, url, companies)
        asking = folder / "asking.lua"
        asking.write_text(_ASKING % (codes, key))
        store = url or f"sqlite:///{folder / 'book' / 'service.sqlite'}"
        ours, bare = [], []
        with _serving(folder, url) as one, _bare(folder, store) as other:
            for _ in range(TURNS):
                ours.append(_ask(one, asking))
                bare.append(_ask(other, asking))
        return ours, bare
    finally:
        stop()


def _fill(folder: Path, url: str | None, companies: int) -> tuple[str, Path]:
    """A rated small book whose bodies are served under many codes; a key, and a file of codes."""
    from tallystick.adapters.store import accounts, served
    from tallystick.adapters.store.served import Served, batched
    from tallystick.book import open_book
    from tallystick.service import open_service, worker
    from tallystick.settings import load_settings
    from tallystick.units import code_of
    from tallystick.world import WorldConfig, simulate

    simulate(WorldConfig(200, 2000, 7), folder / "world")
    with open_book(folder / "book", create=True) as book:
        book.ingest([folder / "world"])
    service = open_service(replace(load_settings(), book=folder / "book", database_url=url))
    worker.drain(service)
    with service.store.read() as db:
        texts = [json.dumps(body, ensure_ascii=False) for body in served.listed(db, "", 200)]
    rng = random.Random(1)
    keys = rng.sample(range(1 << 62), companies)
    rows = (
        Served(key, code_of(key, "C"), None, None, None, None, "bench", texts[n % len(texts)])
        for n, key in enumerate(keys)
    )
    for some in batched(rows, 20_000):
        with service.store.write() as db:
            served.put(db, some, 1)
    with service.store.write() as db:
        who = accounts.create(db, 1, "bench", "Bench", "auditor", None)
        key = accounts.new_key(db, who.id, 1, "bench", ["*"])
    service.close()
    asked = folder / "codes.txt"
    asked.write_text(
        "\n".join(code_of(one, "C") for one in rng.sample(keys, min(companies, 50_000)))
    )
    return key, asked


@contextmanager
def _serving(folder: Path, url: str | None) -> Iterator[str]:
    port = str(free_port())
    line = [sys.executable, "-m", "tallystick", "serve", "--port", port, "--processes", "2"]
    env = dict(os.environ) | ({"TALLYSTICK_DATABASE_URL": url} if url else {})
    with _child([*line, "--workers", "0", "--book", str(folder / "book")], env, ROOT, port) as one:
        yield one


@contextmanager
def _bare(folder: Path, store: str) -> Iterator[str]:
    (folder / "bare.py").write_text(BARE)
    port = str(free_port())
    granian = str(Path(sys.executable).with_name("granian"))
    line = [granian, "--interface", "asgi", "--workers", "2", "--port", port, "bare:app"]
    with _child(line, dict(os.environ) | {"BARE_URL": store}, folder, port) as one:
        yield one


@contextmanager
def _child(line: list[str], env: dict[str, str], folder: Path, port: str) -> Iterator[str]:
    child = subprocess.Popen(
        line, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(60)


def _ask(address: str, asking: Path) -> Run:
    line = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        "--latency",
        "-s",
        str(asking),
        address,
    ]
    told = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    number, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", told)[0]
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
