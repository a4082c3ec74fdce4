"""How long a small batch takes to be in the book, durably, and whether that grows with the book.

Batches of 100 documents are committed to a ledger that holds 0, 1,000 and 5,000 batches already; beside it
the floor: the same bytes as one row in a bare SQLite file with the same durability (WAL,
`synchronous=FULL`). The ratio of the two is the price of idempotence, of finding duplicates, and of sealing.

    python benchmarks/small_batches.py          # about half a minute
    python benchmarks/small_batches.py 0.1      # a tenth of the batches
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from tallystick.adapters.ledger import FileLedger
from tallystick.adapters.ledger.tables import pack
from tallystick.evidence.ledger import Contributor, Staged
from tallystick.evidence.schema import DOCUMENT, PARTY, REJECT

DOCUMENTS = 100
MEASURED = 500
STANDING = (0, 1_000, 5_000)
BANK = Contributor("Harbour Bank", "bank")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: batches in the book before, and milliseconds of a commit."""

    standing: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    bare_p50_ms: float

    @property
    def ratio(self) -> float:
        """Median against the bare insert."""
        return self.p50_ms / self.bare_p50_ms


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
        {"party": n, "ref": f"name:firm {n}|DE", "name": f"Firm {n}", "ids": [], "bad_ids": []}
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


def timed_ms(act: Callable[[Staged], object], batch: Staged) -> float:
    """Milliseconds of one act."""
    start = time.perf_counter_ns()
    act(batch)
    return (time.perf_counter_ns() - start) / 1e6


def run(scale: float = 1.0) -> list[Row]:
    """Measure; `scale` shortens it. The two stores take turns, so that both see the same machine."""
    rows: list[Row] = []
    measured = max(20, round(MEASURED * scale))
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        ledger = FileLedger(Path(folder) / "book", create=True)
        insert = bare(Path(folder) / "bare.sqlite")
        number = 0
        for standing in (round(count * scale) for count in STANDING):
            while number < standing:
                ledger.commit(staged(number))
                number += 1
            ours, floor = [], []
            for _ in range(measured):
                batch = staged(number)
                ours.append(timed_ms(ledger.commit, batch))
                floor.append(timed_ms(insert, batch))
                number += 1
            p50, p99, worst = (float(q) for q in np.quantile(ours, [0.5, 0.99, 1.0]))
            rows.append(Row(standing, p50, p99, worst, float(np.median(floor))))
        ledger.close()
    return rows


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    rows = run(scale)
    print(f"{DOCUMENTS} documents per batch, durable; milliseconds")
    print("batches before     p50     p99     max   bare p50   ratio")
    for r in rows:
        print(
            f"{r.standing:14,} {r.p50_ms:7.2f} {r.p99_ms:7.2f} {r.max_ms:7.1f} "
            f"{r.bare_p50_ms:10.2f} {r.ratio:7.2f}"
        )
    return {
        "p50_ms": rows[-1].p50_ms,
        "p99_ms": rows[-1].p99_ms,
        "ratio_to_bare": rows[-1].ratio,
        "growth": rows[-1].ratio / rows[0].ratio,
    }


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
