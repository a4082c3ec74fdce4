"""The manifest of a book: one SQLite file that says which batches stand and where their rows lie.

Idea: every change of a book is one transaction on this file, durable when it returns (WAL with
`synchronous=FULL`). Nothing is updated and no batch is ever deleted: a retraction is a row.

Worked example: a batch of 100 documents is one row in `batches`, one in `inbox` (its documents and
parties as compressed Arrow streams) and one in `seen` (their digests). Sealing moves the last two into a
row of `segments`; the first stays as it is.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tallystick.evidence.ledger import Batch, Contributor, EvidenceError

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS batches (
  version INTEGER PRIMARY KEY, batch_id TEXT NOT NULL UNIQUE,
  contributor TEXT NOT NULL, kind TEXT NOT NULL, party INTEGER NOT NULL,
  source TEXT NOT NULL, recorded_at_us INTEGER NOT NULL,
  accepted INTEGER NOT NULL CHECK (accepted >= 0), duplicate INTEGER NOT NULL,
  held INTEGER NOT NULL, rejected INTEGER NOT NULL,
  flagged INTEGER NOT NULL   -- stored rows that repeat a document of an earlier live batch
) STRICT;
CREATE TABLE IF NOT EXISTS retractions (
  version INTEGER PRIMARY KEY REFERENCES batches, at_us INTEGER NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS rejects (
  version INTEGER PRIMARY KEY REFERENCES batches, stream BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS inbox (
  version INTEGER PRIMARY KEY REFERENCES batches, rows INTEGER NOT NULL,
  documents BLOB NOT NULL, parties BLOB NOT NULL, flags BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS inbox_rows ON inbox (rows);
CREATE TABLE IF NOT EXISTS seen (
  version INTEGER PRIMARY KEY REFERENCES batches, digests BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS segments (
  file TEXT PRIMARY KEY, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
  version_first INTEGER NOT NULL, version_last INTEGER NOT NULL, rows INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS replaced (file TEXT PRIMARY KEY, at_us INTEGER NOT NULL) STRICT;
"""

_BATCH: Final = """
SELECT b.version, batch_id, contributor, kind, party, source, recorded_at_us,
       accepted, duplicate, held, rejected, r.at_us, r.why
FROM batches b LEFT JOIN retractions r USING (version)
"""

BUSY_S: Final = 120.0
"""How long a writer waits for another one."""

PREFIX: Final = 6
"""The fewest letters of a batch id that name a batch."""

DIGEST: Final = 16
"""Bytes of the digest of a document."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed Parquet file. `kind`: "documents" or "parties"; versions are the range it holds."""

    file: str
    kind: str
    sha256: str
    version_first: int
    version_last: int
    rows: int


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A batch not yet sealed: compressed Arrow streams, and which of its documents are duplicates
    as packed bits."""

    version: int
    rows: int
    documents: bytes
    parties: bytes
    flags: bytes


@dataclass(frozen=True, slots=True)
class State:
    """What decides whether work done outside of the lock still holds: the newest version and the
    number of retractions."""

    newest: int
    retractions: int


class Manifest:
    """The SQLite file of a book, with one connection per thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    @property
    def db(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if not hasattr(self._local, "db"):
            self._local.db = self._connect()
            self._opened.append(self._local.db)
        db: sqlite3.Connection = self._local.db
        return db

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA foreign_keys=ON")
        return db

    def create(self) -> None:
        """Make the tables, where they are not there yet."""
        self.db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")

    def close(self) -> None:
        """Close the connections of all threads."""
        for db in self._opened:
            db.close()
        self._opened.clear()
        self._local = threading.local()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that excludes other writers; undone on any error."""
        with self._transaction("IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent state of the manifest, whatever is written meanwhile."""
        with self._transaction("DEFERRED"):
            yield

    @contextmanager
    def _transaction(self, mode: str) -> Iterator[None]:
        db = self.db
        db.execute(f"BEGIN {mode}")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            # Where the disk is full SQLite has rolled back by itself; then there is nothing to undo.
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise

    # ---- batches

    def standing(self, batch_id: str) -> Batch | None:
        """The batch with exactly that id."""
        row = self.db.execute(_BATCH + "WHERE batch_id = ?", (batch_id,)).fetchone()
        return None if row is None else _batch(row)

    def find(self, prefix: str) -> Batch | None:
        """The batch with that id or the only one whose id begins so; `EvidenceError` where several do."""
        exact = self.standing(prefix)
        if exact is not None or len(prefix) < PREFIX:
            return exact
        query = _BATCH + "WHERE batch_id >= ? AND batch_id < ? LIMIT 2"
        rows = self.db.execute(query, (prefix, prefix + "\U0010ffff")).fetchall()
        if len(rows) > 1:
            raise EvidenceError(
                f"Several batches begin with {prefix!r}: give more of the batch id."
            )
        return _batch(rows[0]) if rows else None

    def batches(self) -> list[Batch]:
        """All batches, by version."""
        return [_batch(row) for row in self.db.execute(_BATCH + "ORDER BY b.version")]

    def handed_in_by(self, kind: str) -> bool:
        """Whether any batch is by a contributor of that kind."""
        query = "SELECT EXISTS (SELECT 1 FROM batches WHERE kind = ?)"
        return bool(self.db.execute(query, (kind,)).fetchone()[0])

    def state(self) -> State:
        """How far the book has come."""
        (newest,) = self.db.execute("SELECT COALESCE(MAX(version), 0) FROM batches").fetchone()
        (count,) = self.db.execute("SELECT COUNT(*) FROM retractions").fetchone()
        return State(newest, count)

    def newest_at_us(self) -> int | None:
        """When the newest batch was recorded."""
        query = "SELECT recorded_at_us FROM batches ORDER BY version DESC LIMIT 1"
        row = self.db.execute(query).fetchone()
        return None if row is None else int(row[0])

    def dead(self, at_us: int) -> list[int]:
        """Versions that are retracted at that time."""
        rows = self.db.execute("SELECT version FROM retractions WHERE at_us <= ?", (at_us,))
        return [version for (version,) in rows]

    def repeating(self) -> set[int]:
        """Versions with rows that are flagged as duplicates."""
        return {v for (v,) in self.db.execute("SELECT version FROM batches WHERE flagged > 0")}

    def add_batch(self, batch: Batch, flagged: int, rejects: bytes) -> None:
        """Enter a batch and its rejects. Only within `writing()`."""
        by = batch.contributor
        self.db.execute(
            "INSERT INTO batches VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(batch.version, batch.batch_id, by.name, by.kind, by.party, batch.source),
                *(batch.recorded_at_us, batch.accepted, batch.duplicate, batch.held),
                *(batch.rejected, flagged),
            ),
        )
        self.db.execute("INSERT INTO rejects VALUES (?,?)", (batch.version, rejects))

    def rejects(self, version: int) -> bytes:
        """The rejects of a batch as a compressed Arrow stream."""
        query = "SELECT stream FROM rejects WHERE version = ?"
        stream: bytes = self.db.execute(query, (version,)).fetchone()[0]
        return stream

    def retract(self, version: int, at_us: int, why: str) -> None:
        """Enter a retraction. Only within `writing()`."""
        self.db.execute("INSERT INTO retractions VALUES (?,?,?)", (version, at_us, why))

    # ---- inbox

    def add_inbox(self, row: InboxRow, digests: list[bytes]) -> None:
        """Keep the rows of a batch and their digests. Only within `writing()`."""
        values = (row.version, row.rows, row.documents, row.parties, row.flags)
        self.db.execute("INSERT INTO inbox VALUES (?,?,?,?,?)", values)
        self.db.execute("INSERT INTO seen VALUES (?,?)", (row.version, b"".join(digests)))

    def inbox(self) -> Iterator[InboxRow]:
        """Batches that are not sealed, by version."""
        query = "SELECT version, rows, documents, parties, flags FROM inbox ORDER BY version"
        return (InboxRow(*row) for row in self.db.execute(query))

    def inbox_size(self) -> tuple[int, int]:
        """Batches and documents that are not sealed."""
        query = "SELECT COUNT(*), COALESCE(SUM(rows), 0) FROM inbox"
        batches, rows = self.db.execute(query).fetchone()
        return batches, rows

    def oldest_seen(self) -> int | None:
        """The first version whose digests the inbox holds."""
        oldest: int | None = self.db.execute("SELECT MIN(version) FROM seen").fetchone()[0]
        return oldest

    def seen_since(self, version: int) -> list[tuple[bytes, int]]:
        """Digests that the inbox holds of later versions than that one, by version."""
        query = "SELECT version, digests FROM seen WHERE version > ? ORDER BY version"
        return [
            (digests[at : at + DIGEST], later)
            for later, digests in self.db.execute(query, (version,))
            for at in range(0, len(digests), DIGEST)
        ]

    # ---- segments

    def segments(self, kind: str) -> list[Segment]:
        """Segments that count, oldest first."""
        query = "SELECT * FROM segments WHERE kind = ? ORDER BY version_first, version_last, file"
        return [Segment(*row) for row in self.db.execute(query, (kind,))]

    def add_segments(self, segments: list[Segment]) -> None:
        """Enter sealed files. Only within `writing()`."""
        rows = [
            (s.file, s.kind, s.sha256, s.version_first, s.version_last, s.rows) for s in segments
        ]
        self.db.executemany("INSERT INTO segments VALUES (?,?,?,?,?,?)", rows)

    def replace(self, files: list[str], upto: int, at_us: int) -> None:
        """Take out the inbox up to a version, and files that were merged into new ones. Only within
        `writing()`."""
        self.db.execute("DELETE FROM inbox WHERE version <= ?", (upto,))
        self.db.execute("DELETE FROM seen WHERE version <= ?", (upto,))
        self.db.executemany("DELETE FROM segments WHERE file = ?", [(file,) for file in files])
        rows = [(file, at_us) for file in files]
        self.db.executemany("INSERT INTO replaced VALUES (?,?)", rows)

    def files(self) -> set[str]:
        """All files that a reader may still hold."""
        query = "SELECT file FROM segments UNION SELECT file FROM replaced"
        return {file for (file,) in self.db.execute(query)}

    def forget_replaced(self, before_us: int) -> None:
        """Forget files that were replaced before that time."""
        self.db.execute("DELETE FROM replaced WHERE at_us < ?", (before_us,))


def _batch(row: tuple[Any, ...]) -> Batch:
    version, batch_id, name, kind, party, source, *rest = row
    return Batch(version, batch_id, Contributor(name, kind, party), source, *rest)
