"""A small language for tests of ledgers.

A document is named by a word, and all that matters of it is that word. `live(...)` reads a book the way
the later stages do and gives the words that count, each as often as it counts. `ADAPTERS` are the ledgers
that the contract is held against: another one is a line there.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.ledger import FileLedger
from tallystick.evidence.ledger import Contributor, Ledger, Snapshot, Staged
from tallystick.evidence.schema import DOCUMENT, PARTY, REJECT, STORED

BANK = Contributor("Harbour Bank", "bank", 7)

Open = Callable[[Path], Ledger]
ADAPTERS: dict[str, Open] = {"files": lambda path: FileLedger(path, create=True)}


def doc_id(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:32]


def documents(words: Sequence[str]) -> pa.Table:
    columns = {
        "doc_id": [doc_id(word) for word in words],
        "kind": ["invoice"] * len(words),
        "action": ["state"] * len(words),
        "number": list(words),
        "source": ["invoices.csv"] * len(words),
        "row": list(range(1, len(words) + 1)),
    }
    empty = pa.nulls(len(words))
    return pa.table(
        [
            pa.array(columns[f.name], f.type) if f.name in columns else empty.cast(f.type)
            for f in DOCUMENT
        ],
        schema=DOCUMENT,
    )


def parties(words: Sequence[str]) -> pa.Table:
    rows = [
        {"party": n, "ref": f"name:{word}|DE", "name": word, "ids": [], "bad_ids": [], "traits": []}
        for n, word in enumerate(words)
    ]
    return pa.Table.from_pylist(rows, schema=PARTY)


def rejects(held: Sequence[int] = (), rejected: Sequence[int] = ()) -> pa.Table:
    rows = [
        {
            "source": "invoices.csv",
            "row": row,
            "rule": "r",
            "message": "m",
            "fix": "f",
            "outcome": o,
        }
        for o, at in (("held", held), ("rejected", rejected))
        for row in at
    ]
    return pa.Table.from_pylist(rows, schema=REJECT)


def staged(
    batch_id: str,
    words: Iterable[str] = (),
    *,
    repeated: int = 0,
    held: Sequence[int] = (),
    rejected: Sequence[int] = (),
    paths: tuple[Sequence[Path], Sequence[Path]] | None = None,
) -> Staged:
    """A batch; `held` and `rejected` are rows of its source. `paths`: staged as Parquet files."""
    words = list(words)
    files = paths if paths is not None else (documents(words), parties(words[:1]))
    count = len(words) + repeated + len(rejected)
    answer = rejects(held, rejected)
    return Staged(
        batch_id, BANK, "invoices.csv", *files, answer, count, repeated, len(held), len(rejected)
    )


def stage_files(ledger: Ledger, words: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """The same as two Parquet files of documents and one of parties in the staging folder."""
    folder = ledger.staging_dir()
    half, table = len(words) // 2, documents(words)
    tables = {"d0": table.slice(0, half), "d1": table.slice(half), "p": parties(words[:1])}
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return [folder / "d0.parquet", folder / "d1.parquet"], [folder / "p.parquet"]


def words_of(stem: str, count: int) -> list[str]:
    return [f"{stem}{n}" for n in range(count)]


def rows(snapshot: Snapshot) -> pa.Table:
    """All stored rows of live batches, by version."""
    tables = [pq.read_table(path, schema=STORED) for path in snapshot.documents]
    table = pa.concat_tables([*tables, snapshot.inbox_documents])
    live_versions = pa.array(sorted(snapshot.live), pa.int64())
    return table.filter(pc.is_in(table["version"], live_versions)).sort_by(
        [("version", "ascending"), ("row", "ascending")]
    )


def live(snapshot: Snapshot) -> Counter[str]:
    """What counts: rows without a flag, or the first copies where a retraction may have taken those."""
    table = rows(snapshot)
    words, flags = table["number"].to_pylist(), table["duplicate"].to_pylist()
    if snapshot.resurrect:
        return Counter(dict.fromkeys(words, 1))
    return Counter(word for word, flag in zip(words, flags, strict=True) if not flag)


def each(*words: str) -> Counter[str]:
    return Counter(dict.fromkeys(words, 1))


def commit_some(adapter: str, path: Path, stem: str, count: int) -> None:
    """Hand in `count` batches, as one of several processes that do."""
    ledger = ADAPTERS[adapter](path)
    for n in range(count):
        # Every second document is handed in by both; the numbers are the same, the batches are not.
        ledger.commit(staged(f"{stem}-{n}", [f"both{n}", f"{stem}{n}"]))
        if n % 20 == 10:
            ledger.seal()
