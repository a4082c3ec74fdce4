"""How long a small batch takes to be in the book, durably, and whether that grows with the book.

Batches of 100 documents go into a book that holds 0, 1,000 and 5,000 batches already, at two doors: as
dictionaries through `book.add`, which reads and checks them first, and ready-made at the ledger. Beside them
the floor: the same bytes as one row in a bare SQLite file with the same durability (WAL,
`synchronous=FULL`). The ratios to it are the price of checking, idempotence, finding duplicates and sealing.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.common import table
from tallystick import open_book
from tallystick.adapters.ledger.tables import pack
from tallystick.evidence.ledger import Contributor, Staged
from tallystick.evidence.schema import DOCUMENT, PARTY, REJECT

DOCUMENTS = 100
MEASURED = 500
STANDING = (0, 1_000, 5_000)
BANK = Contributor("Harbour Bank", "bank")


TARGET_MS = 5


def staged(number: int) -> Staged:
    """Batch `number`: 100 invoices and payments between 50 companies, none of them seen before."""
    rng = np.random.default_rng(number)
    ids = [hashlib.md5(f"{number}:{n}".encode()).hexdigest() for n in range(DOCUMENTS)]
    columns: dict[str, pa.Array] = {
        "doc_id": pa.array(ids),
        "kind": pa.array(["invoice", "payment"] * (DOCUMENTS // 2)),
        "action": pa.array(["state"] * DOCUMENTS),
        "number": pa.array([f"INV-{number}-{n}" for n in range(DOCUMENTS)]),
        "issued_on": pa.array(rng.integers(18_000, 20_000, DOCUMENTS), pa.int32()).cast("date32"),
        "amount_minor": pa.array(rng.integers(100, 10**7, DOCUMENTS)),
        "currency": pa.array(rng.choice(["EUR", "USD", "CNY"], DOCUMENTS)),
        "source": pa.array([f"batch-{number}.csv"] * DOCUMENTS),
        "row": pa.array(range(DOCUMENTS)),
    }
    for name in ("seller", "buyer", "own_key", "ref1_key"):
        columns[name] = pa.array(rng.integers(0, 2**62, DOCUMENTS))
    empty = pa.nulls(DOCUMENTS)
    arrays = [columns.get(field.name, empty).cast(field.type) for field in DOCUMENT]
    table = pa.table(arrays, schema=DOCUMENT)
    described = [
        {
            "party": n,
            "ref": f"name:firm {n}|DE",
            "name": f"Firm {n}",
            "ids": [],
            "bad_ids": [],
            "traits": [],
        }
        for n in range(50)
    ]
    parties = pa.Table.from_pylist(described, schema=PARTY)
    name = hashlib.sha256(str(number).encode()).hexdigest()
    answer = REJECT.empty_table()
    return Staged(name, BANK, "bench", table, parties, answer, DOCUMENTS, 0, 0, 0)


def bare(path: Path) -> Callable[[Staged], object]:
    """One durable insert of the same bytes, and nothing else."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE batches (id TEXT PRIMARY KEY, documents BLOB, parties BLOB)")

    def insert(batch: Staged) -> None:
        values = (batch.batch_id, pack(batch.documents), pack(batch.parties))
        db.execute("INSERT INTO batches VALUES (?,?,?)", values)

    return insert


def said(number: int) -> list[dict[str, Any]]:
    """The documents of batch `number` as a program would hand them in."""
    rng = np.random.default_rng(number)
    firms = rng.integers(0, 50, (DOCUMENTS, 2))
    cents = rng.integers(100, 10**7, DOCUMENTS)
    return [
        {
            "kind": "invoice",
            "number": f"API-{number}-{n}",
            "issued_on": "2025-03-01",
            "due_on": "2025-03-31",
            "amount": f"{cents[n] / 100:.2f}",
            "currency": "EUR",
            "parties": {
                "seller": {"name": f"Seller {firms[n][0]}", "ids": {"id:shop": f"S{firms[n][0]}"}},
                "buyer": {"name": f"Buyer {firms[n][1]}", "country": "DE"},
            },
            "references": [{"kind": "order", "number": f"PO-{number}-{n}"}],
        }
        for n in range(DOCUMENTS)
    ]


def timed_ms(act: Callable[[Any], object], batch: Any) -> float:
    """Milliseconds of one act."""
    start = time.perf_counter_ns()
    act(batch)
    return (time.perf_counter_ns() - start) / 1e6


def run(scale: float) -> dict[int, dict[str, list[float]]]:
    """Milliseconds by batches in the book before and by door. The doors take turns, so that all see the same
    machine; `scale` shortens it."""
    measured = max(20, round(MEASURED * scale))
    found: dict[int, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        insert = bare(Path(folder) / "bare.sqlite")
        number = 0
        with open_book(Path(folder) / "book", create=True) as book:
            doors: dict[str, Callable[[int], float]] = {
                "book.add": lambda n: timed_ms(lambda docs: book.add(docs, BANK), said(n)),
                "ledger.commit": lambda n: timed_ms(book.ledger.commit, staged(n)),
                "bare SQLite": lambda n: timed_ms(insert, staged(n)),
            }
            for standing in (round(count * scale) for count in STANDING):
                while number < standing:
                    book.ledger.commit(staged(number))
                    number += 1
                took: dict[str, list[float]] = {name: [] for name in doors}
                for _ in range(measured):
                    for name, door in doors.items():
                        took[name].append(door(number))
                        number += 1
                found[standing] = took
    return found


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    rows = []
    api: list[float] = []
    for standing, took in run(scale).items():
        floor = float(np.median(took["bare SQLite"]))
        for name, values in took.items():
            p50, p99, worst = (float(q) for q in np.quantile(values, [0.5, 0.99, 1.0]))
            rows.append((f"{standing:,}", name, p50, p99, worst, p50 / floor))
        api.append(float(np.median(took["book.add"])))
    heads = ("batches before", "door", "p50 ms", "p99 ms", "max ms", "times bare")
    table(f"{DOCUMENTS} documents a batch, durable; target: p50 under {TARGET_MS} ms", heads, rows)
    return {"p50_ms": api[-1], "growth": api[-1] / api[0]}
