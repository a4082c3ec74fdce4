"""The evidence ledger as a port: batches go in whole or not at all, and never change.

Every past state is readable: a batch has a `version` (the order of commit) and a `recorded_at` (when it
was learnt, never before that of an earlier version). A retraction is a row with its own time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from tallystick.evidence.contributor import Contributor as Contributor
from tallystick.evidence.strikes import Struck
from tallystick.units import DAY_US, day_of, digest


class EvidenceError(Exception):
    """Evidence that cannot be taken at all. `str()` is one clear sentence with the fix."""


class NoRoom(EvidenceError):
    """What would fail for other evidence as well: memory, disk, the rights on a folder."""


OUTCOMES: Final = ("accepted", "duplicate", "held", "rejected")
"""What can become of a document that is handed in."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch in the book. Counts are of documents; `retracted_at_us` is None while it stands."""

    version: int
    batch_id: str
    contributor: Contributor
    source: str
    recorded_at_us: int
    accepted: int
    duplicate: int
    held: int
    rejected: int
    retracted_at_us: int | None = None
    retracted_why: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: `new` is False where the very same batch stood in the book before."""

    batch: Batch
    new: bool
    rejects: pa.Table = field(repr=False)

    @property
    def remark(self) -> str | None:
        """What the counts do not say: that a batch was taken out before, or why it holds nothing at all."""
        b = self.batch
        if b.retracted_at_us is not None:
            day = day_of(b.retracted_at_us // DAY_US)
            return (
                f"this very batch was taken out on {day} ({b.retracted_why}) and stays out: none of it counts. "
                "If that was a mistake, hand its documents in again in parts"
            )
        if b.accepted or b.duplicate or b.held or b.rejected:
            return None
        return (
            "the file has no rows under its header, or none that `when` of the mapping lets pass: "
            "nothing was taken in"
        )


@dataclass(frozen=True, slots=True)
class Staged:
    """A batch that has been read and checked, ready to commit.

    `documents` (schema DOCUMENT) and `parties` (schema PARTY) are either Arrow tables or, for what
    does not fit in memory, paths of files in the ledger's staging folder: Parquet, or Arrow (`.arrow`), which
    may leave out nullable columns that no row gives. Rows that the same batch holds
    twice are left out of `documents` and counted in `repeated`.
    """

    batch_id: str
    contributor: Contributor
    source: str
    documents: pa.Table | Sequence[Path]
    parties: pa.Table | Sequence[Path]
    rejects: pa.Table
    document_count: int
    repeated: int
    held: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was known at a time: files and tables to read, and the batches that count.

    `documents` / `parties`: Parquet files; `inbox_documents` / `inbox_parties`: rows not yet sealed.
    `live`: version -> contributor of each batch that counts. `resurrect`: True where a retracted batch
    may hold the first copy of a document that a live batch repeats. `struck`: the documents that count nowhere.
    """

    documents: Sequence[Path]
    parties: Sequence[Path]
    inbox_documents: pa.Table
    inbox_parties: pa.Table
    live: dict[int, Contributor]
    resurrect: bool
    struck: Struck = field(default_factory=Struck)

    def key(self) -> str:
        """Name of this state for caches: equal keys mean equal evidence."""
        return digest(*(f"{v}:{c.name}:{c.kind}:{c.party}" for v, c in sorted(self.live.items())))


class Ledger(Protocol):
    """What a store of evidence must do. `tests/contract/test_ledger.py` is run on every adapter."""

    def staging_dir(self) -> Path:
        """A folder on the ledger's own file system for files of a batch in the making."""
        ...

    def find(self, batch_id: str) -> Batch | None:
        """The batch with that id, if the book holds it."""
        ...

    def commit(self, staged: Staged, recorded_at_us: int | None = None) -> Receipt:
        """Take the batch whole, durably, once. `recorded_at_us` defaults to the clock; it may not lie
        before the newest batch's."""
        ...

    def retract(self, batch_id: str, why: str, at_us: int | None = None) -> Batch:
        """Take a batch out of every later state of the book; it stays readable in earlier ones."""
        ...

    def batches(self) -> Iterable[Batch]:
        """All batches, by version."""
        ...

    def snapshot(self, known_at_us: int | None = None) -> Snapshot:
        """The evidence as it was known then (default: now)."""
        ...

    def struck(self, known_at_us: int | None = None) -> Struck:
        """What was struck, as it was known then (default: now)."""
        ...

    def named(self, doc_ids: Sequence[str]) -> pa.Table:
        """The documents with these ids (schema STORED), the first copy of each by doc_id, even if its batch was
        retracted; those that the book never held are left out."""
        ...

    def rejects(self, batch_id: str) -> pa.Table:
        """The rejects of a batch (schema REJECT)."""
        ...

    def seal(self) -> int:
        """Move the inbox into a sealed segment; returns the number of documents moved."""
        ...
