"""From handing in a batch of 100 documents to the changed rating being visible, on a served book of 10 million.

    python -m benchmarks live --scale 0.1

The service runs as its operator starts it (one web process, one worker, SQLite). A contributor posts 100
documents about 10 old and 10 new deals; a reader asks for a company of them until its rating is another one.
At last the first of these batches is corrected, document by document. Beside it: the seconds until all others
have followed what the market moved, and the seconds of the first rating of all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.common import apart, cache, documents_in, say, table, world_folder
from benchmarks.rerate import MILLIONS, batch, linked
from benchmarks.soak import free_port, ready

TIMES = 5
TARGET_S = 3
PATIENCE_S = 900


def live(folder: str, out: str) -> dict[str, Any]:
    """A piece: seconds of the first rating, and of each of some batches until visible and until whole."""
    book = Path(out) / "book"
    shutil.copytree(Path(folder) / "book", book, copy_function=linked)
    key, first, companies = _prepare(book)
    address = f"http://127.0.0.1:{free_port()}"
    line = [sys.executable, "-m", "tallystick", "serve", "--port", address.rsplit(":", 1)[1]]
    child = subprocess.Popen(
        [*line, "--book", str(book)], env=dict(os.environ), stderr=subprocess.DEVNULL
    )
    try:
        ready(address)
        documents = batch(Path(folder) / "world")
        part = len(documents) // 10
        runs = [
            _once(address, key, book, documents[n * part : (n + 1) * part]) for n in range(TIMES)
        ]
        amended = _once(address, key, book, [corrected(one) for one in documents[:part]])
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(60)
    return {"first": first, "companies": companies, "runs": runs, "amended": amended}


def corrected(document: dict[str, Any]) -> dict[str, Any]:
    """A correction of a document, of the day after; of money it is ten times as much."""
    later = {"issued_on": "2025-12-21", "happened_at": "2025-12-21T10:00:00Z", "action": "correct"}
    money = {"amount": "2500.00"} if "amount" in document else {}
    return document | later | money


def _prepare(book: Path) -> tuple[str, float, int]:
    """Rate a book for its service; a contributor's key, the seconds, and how many companies are served."""
    from dataclasses import replace

    from tallystick.adapters.store import accounts, served
    from tallystick.service import open_service, worker
    from tallystick.settings import load_settings

    service = open_service(replace(load_settings(), book=book))
    began = time.perf_counter()
    worker.drain(service)
    first = time.perf_counter() - began
    with service.store.write() as db:
        count = sum(1 for _ in served.ids(db))
        who = accounts.create(
            db, 1, "port", "Port", "contributor", None,
            contributor="Tradeport", contributor_kind="marketplace",
        )  # fmt: skip
        key = accounts.new_key(db, who.id, 1, "bench", ["*"])
    service.close()
    return key, first, count


def _once(address: str, key: str, book: Path, documents: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds from the request to the answer, to the changed rating, and to all having followed."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=120) as client:
        ids = documents[0]["parties"]["seller"]["ids"]
        asked = [f"{scheme}:{value}" for scheme, value in ids.items()]
        found = client.post("/v1/companies/lookup", json={"companies": asked}).json()
        path = f"/v1/companies/{found[0]['rating']['company']['code']}"
        etag = client.get(path).headers["etag"]
        began = time.perf_counter()
        answer = client.post("/v1/batches", json={"documents": documents})
        answered = time.perf_counter() - began
        assert answer.status_code == 201 and answer.json()["accepted"] == len(documents), (
            answer.text
        )
        while client.get(path).headers["etag"] == etag:
            assert time.perf_counter() - began < PATIENCE_S, f"{path} is as it was"
            time.sleep(0.01)
        visible = time.perf_counter() - began
        while not _followed(book):
            time.sleep(0.05)
        return {"answered": answered, "visible": visible, "whole": time.perf_counter() - began}


def _followed(book: Path) -> bool:
    """Whether every body is that of the cut that is served."""
    import sqlite3

    with sqlite3.connect(book / "service.sqlite") as db:
        rows = dict(db.execute("SELECT name, value FROM state WHERE name IN ('cut', 'whole')"))
        waiting = db.execute("SELECT 1 FROM job WHERE state IN ('waiting', 'running')").fetchone()
    return rows["cut"] == rows["whole"] and waiting is None


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    folder = world_folder(MILLIONS * scale)
    with tempfile.TemporaryDirectory(dir=cache()) as out:
        found = apart("benchmarks.live:live", str(folder), out).found
    runs = found["runs"]
    rows = [
        (what, min(run[name] for run in runs), max(run[name] for run in runs))
        for what, name in (
            ("answered: it is in the ledger", "answered"),
            ("the changed rating is visible", "visible"),
            ("all others followed the market", "whole"),
        )
    ]
    seconds = ", ".join(f"{run['visible']:.1f}" for run in runs)
    say(
        f"visible after, batch by batch: {seconds} s; corrected: {found['amended']['visible']:.1f} s"
    )
    title = (
        f"100 documents on {documents_in(folder):,}, {found['companies']:,} companies served "
        f"(first rating {found['first']:.0f} s); target: visible in under {TARGET_S} s"
    )
    table(title, ("", "seconds, best", f"worst of {len(runs)}"), rows)
    return {"visible_s": rows[1][1], "visible_worst_s": rows[1][2], "first_s": found["first"]}
