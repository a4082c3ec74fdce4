"""A batch too large for the inbox: files first, then one transaction that names them.

Which version the batch gets, and which of its documents are duplicates, stands in the files and depends on
what was committed before. Small batches must not wait while millions of rows are written, so this
works on an assumption and checks it under the lock:

1. It assumes to become the next version. Mostly nobody else commits meanwhile, and it does.
2. Otherwise it starts again `GAP` versions ahead: small batches may now commit meanwhile without taking
   its number. (Versions are the order of commit; they need not be without gaps.)
3. Where even then a batch committed meanwhile holds one of its documents, or one was retracted, it
   does the work under the lock.

The caller holds the book's lock file, so no other large batch and no sealing happens meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.adapters.ledger.manifest import Segment, State
from tallystick.adapters.ledger.seen import index_of_rows, keys_of, no_versions
from tallystick.adapters.ledger.segments import DOCUMENTS, PARTIES
from tallystick.adapters.ledger.store import Store, batch_of
from tallystick.adapters.ledger.tables import (
    Place,
    chunks,
    conform,
    held_places,
    pack,
    places,
    stored_documents,
    stored_parties,
)
from tallystick.evidence.ledger import Receipt, Staged
from tallystick.evidence.schema import DOCUMENT, PARTY, REJECT

GAP: Final = 1_000_000


@dataclass(slots=True)
class _Written:
    """A batch on disk that the manifest does not name yet. `flagged_held`: places of documents that
    would be held but are duplicates."""

    documents: list[Segment] = field(default_factory=list)
    parties: list[Segment] = field(default_factory=list)
    flagged: int = 0
    flagged_held: set[Place] = field(default_factory=set)


def commit_large(store: Store, staged: Staged, at_us: int | None) -> Receipt:
    """Write the batch as segments and enter it; again changes nothing."""
    for gap in (1, GAP):
        receipt = _try(store, staged, at_us, gap)
        if receipt is not None:
            return receipt
    with store.manifest.writing():
        version = store.manifest.state().newest + 1
        with _written(store, staged, at_us, version) as written:
            return store.standing(staged) or _enter(store, staged, at_us, version, written)


def _try(store: Store, staged: Staged, at_us: int | None, gap: int) -> Receipt | None:
    """None, with nothing done, where commits made meanwhile upset what was assumed."""
    state = store.manifest.state()
    version = state.newest + gap
    with _written(store, staged, at_us, version) as written, store.manifest.writing():
        standing = store.standing(staged)
        if standing is not None:
            return standing
        if not _still_holds(store, state, version, written):
            return None
        return _enter(store, staged, at_us, version, written)


@contextmanager
def _written(store: Store, staged: Staged, at_us: int | None, version: int) -> Iterator[_Written]:
    """The rows as files, which are removed again unless the manifest came to name them."""
    written = _Written()
    try:
        flagged = _flagged(store, staged, store.moment(at_us, "batch"), version, written)
        written.documents = store.segments.write(DOCUMENTS, flagged)
        described = chunks(staged.parties, PARTY, "parties")
        rows = (stored_parties(table, version) for table in described)
        written.parties = store.segments.write(PARTIES, rows)
        yield written
    finally:
        named = store.manifest.files()
        both = written.documents + written.parties
        store.segments.discard(segment for segment in both if segment.file not in named)


def _flagged(
    store: Store, staged: Staged, moment: int, version: int, written: _Written
) -> Iterator[pa.Table]:
    """The documents as stored, while `written` counts the duplicates."""
    held = held_places(conform(staged.rejects, REJECT, "rejects"))
    inbox = index_of_rows(store.manifest.seen_since(0))
    dead = store.dead(moment)
    for table in chunks(staged.documents, DOCUMENT, "documents"):
        flags = store.duplicates(keys_of(table["doc_id"]), inbox, dead)
        written.flagged += int(np.count_nonzero(flags))
        if held and flags.any():
            written.flagged_held |= held & places(table, flags)
        yield stored_documents(table, version, flags)


def _still_holds(store: Store, state: State, version: int, written: _Written) -> bool:
    now = store.manifest.state()
    if now == state:
        return True
    if now.newest >= version or now.retractions != state.retractions:
        return False
    since = index_of_rows(store.manifest.seen_since(state.newest))[:2]
    files = [segment.file for segment in written.documents]
    return not store.sidecars.held(files, since, no_versions()).any()


def _enter(
    store: Store, staged: Staged, at_us: int | None, version: int, written: _Written
) -> Receipt:
    rejects = conform(staged.rejects, REJECT, "rejects")
    rows = sum(segment.rows for segment in written.documents)
    moment = store.moment(at_us, "batch")
    flagged_held = len(written.flagged_held)
    batch = batch_of(staged, version, moment, rows, written.flagged, flagged_held)
    store.manifest.add_batch(batch, written.flagged, pack(rejects))
    store.manifest.add_segments(written.documents + written.parties)
    return Receipt(batch, True, rejects)
