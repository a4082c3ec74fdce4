"""`FileLedger`: the `Ledger` port on a folder.

Small batches (up to `INBOX_ROWS` documents) are one SQLite transaction (`small`), large ones are files
named by one transaction (`large`). Sealing happens within `commit` when the inbox has grown to 50,000
documents or 1,000 batches: one commit in some hundreds takes longer, and there is no background thread
whose death could be missed.

Time never runs backwards: neither batch nor retraction is recorded before the newest batch. Duplicates
are flagged against the batches that are live when a batch is recorded. So a row without a flag is the first
live copy of its document at every later time; one with a flag is a repeat, unless a batch has been
retracted, which `Snapshot.resurrect` tells.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from tallystick.adapters.ledger import folder
from tallystick.adapters.ledger.durable import exclusive, surfacing
from tallystick.adapters.ledger.foreseeing import foresee
from tallystick.adapters.ledger.large import commit_large
from tallystick.adapters.ledger.sealing import (
    inbox_documents,
    inbox_parties,
    is_due,
    seal,
    sweep,
)
from tallystick.adapters.ledger.segments import DOCUMENTS, PARTIES, with_rows_of
from tallystick.adapters.ledger.small import commit_small
from tallystick.adapters.ledger.store import Store, clock_us
from tallystick.adapters.ledger.striking import Strikes
from tallystick.adapters.ledger.tables import Source, count_rows, unpack
from tallystick.evidence.ledger import Batch, Contributor, EvidenceError, Receipt, Snapshot, Staged
from tallystick.evidence.schema import STORED, STORED_PARTY
from tallystick.evidence.strikes import Struck

INBOX_ROWS: Final = 20_000
"""Documents of the largest batch that goes through the inbox."""


class FileLedger:
    """The evidence ledger in the folder `path`; `create` makes one where there is none.

    Safe to use from several threads and processes at once. Raises `EvidenceError` where the folder is no
    book, or one of a newer format.
    """

    def __init__(self, path: Path, create: bool = False) -> None:
        self._path = path
        self._store = Store(path)
        self._strikes = Strikes(self._store)
        with surfacing(path):
            if create:
                folder.create(path, clock_us(), self._store.manifest.create)
            folder.check(path)

    def close(self) -> None:
        """Give back the connections to the manifest."""
        self._store.manifest.close()

    def staging_dir(self) -> Path:
        """A new folder for the files of one batch; `tidy` removes it a day after its last use."""
        with surfacing(self._path):
            return Path(tempfile.mkdtemp(prefix="batch-", dir=self._path / folder.STAGING))

    def find(self, batch_id: str) -> Batch | None:
        """The batch with that id, or the only one whose id begins with these 6 or more letters."""
        with surfacing(self._path):
            return self._store.manifest.find(batch_id)

    def batches(self) -> Sequence[Batch]:
        """All batches, by version."""
        with surfacing(self._path):
            return self._store.manifest.batches()

    def rejects(self, batch_id: str) -> pa.Table:
        """The rejects of a batch (schema REJECT)."""
        with surfacing(self._path):
            return unpack(self._store.manifest.rejects(self._known(batch_id).version))

    def snapshot(self, known_at_us: int | None = None) -> Snapshot:
        """The evidence as it was known then. Its files stay readable for at least an hour."""
        manifest, path = self._store.manifest, self._store.segments.path
        with surfacing(self._path):
            with manifest.reading():
                known = [b for b in manifest.batches() if _by(b.recorded_at_us, known_at_us)]
                repeating = manifest.repeating()
                documents, parties = manifest.segments(DOCUMENTS), manifest.segments(PARTIES)
                inbox = list(manifest.inbox())
                live = _live(known, known_at_us)
                struck = self._strikes.standing(known, live)
            rows = [row for row in inbox if row.version in live]
            return Snapshot(
                [path(segment) for segment in with_rows_of(documents, live)],
                [path(segment) for segment in with_rows_of(parties, live)],
                pa.concat_tables([STORED.empty_table(), *map(inbox_documents, rows)]),
                pa.concat_tables([STORED_PARTY.empty_table(), *map(inbox_parties, rows)]),
                live,
                resurrect=len(live) < len(known) and not repeating.isdisjoint(live),
                struck=struck,
            )

    def struck(self, known_at_us: int | None = None) -> Struck:
        """What was struck, as it was known then: one look at the manifest where there is nothing."""
        manifest = self._store.manifest
        with surfacing(self._path), manifest.reading():
            if not manifest.handed_in_by("operator"):
                return Struck()
            known = [b for b in manifest.batches() if _by(b.recorded_at_us, known_at_us)]
            return self._strikes.standing(known, _live(known, known_at_us))

    def named(self, doc_ids: Sequence[str]) -> pa.Table:
        """The documents with these ids (schema STORED), the first copy of each by doc_id, even if its batch was
        retracted; those that the book never held are left out. `EvidenceError` where one is no id."""
        with surfacing(self._path), self._store.manifest.reading():
            return self._strikes.named(doc_ids)

    def commit(self, staged: Staged, recorded_at_us: int | None = None) -> Receipt:
        """Take the batch whole, durably, once; files that it was staged in are removed afterwards."""
        with surfacing(self._path):
            receipt = self._store.standing(staged) or self._take(staged, recorded_at_us)
        # The batch is in the book: a failure from here on, on a full disk say, must not deny it.
        with suppress(EvidenceError), surfacing(self._path):
            self._remove_staged(staged.documents)
            self._remove_staged(staged.parties)
            self._seal_if_due()
        return receipt

    def foresee(self, staged: Staged, aside: FileLedger) -> Receipt:
        """What `commit` would say just now, were the batches of `aside` in the book too; nothing is taken."""
        with surfacing(self._path):
            return foresee([self._store, aside._store], staged)

    def _take(self, staged: Staged, recorded_at_us: int | None) -> Receipt:
        if count_rows(staged.documents) <= INBOX_ROWS:
            return commit_small(self._store, staged, recorded_at_us)
        with exclusive(self._store.lock):
            return commit_large(self._store, staged, recorded_at_us)

    def retract(self, batch_id: str, why: str, at_us: int | None = None) -> Batch:
        """Take a batch out of every later state. Again changes nothing; `EvidenceError` where the id is
        unknown, or `at_us` lies before the newest batch."""
        store = self._store
        with surfacing(self._path), store.manifest.writing():
            batch = self._known(batch_id)
            if batch.retracted_at_us is not None:
                return batch
            moment = store.moment(at_us, "retraction")
            store.manifest.retract(batch.version, moment, why)
            return replace(batch, retracted_at_us=moment, retracted_why=why)

    def seal(self) -> int:
        """Move the inbox into segments, merging small ones; returns the number of documents moved."""
        with surfacing(self._path), exclusive(self._store.lock):
            moved = seal(self._store)
            sweep(self._store)
            return moved

    def tidy(self) -> int:
        """Remove what nobody needs: left-overs of crashes, files merged an hour ago, staging folders of
        yesterday. Returns how many."""
        with surfacing(self._path), exclusive(self._store.lock):
            return sweep(self._store) + folder.sweep_staging(self._path, time.time())

    def _seal_if_due(self) -> None:
        if not is_due(self._store):
            return
        with exclusive(self._store.lock, wait=False) as alone:
            if alone:
                seal(self._store)
                sweep(self._store)

    def _known(self, batch_id: str) -> Batch:
        batch = self._store.manifest.find(batch_id)
        if batch is None:
            raise EvidenceError(
                f"The book {self._path} has no batch {batch_id!r}: "
                "`tallystick batches` lists those that it has."
            )
        return batch

    def _remove_staged(self, source: Source) -> None:
        """Remove files of a batch that has been taken, where they lie in the staging folder."""
        if isinstance(source, pa.Table):
            return
        staging = (self._path / folder.STAGING).resolve()
        for path in source:
            if staging in path.resolve().parents:
                path.unlink(missing_ok=True)


def _live(known: Sequence[Batch], known_at_us: int | None) -> dict[int, Contributor]:
    """The batches that count, out of those that are known."""
    return {b.version: b.contributor for b in known if not _by(b.retracted_at_us, known_at_us)}


def _by(moment_us: int | None, known_at_us: int | None) -> bool:
    """Whether something that happened at a moment (None: never) was known at a time (None: now)."""
    return moment_us is not None and (known_at_us is None or moment_us <= known_at_us)
