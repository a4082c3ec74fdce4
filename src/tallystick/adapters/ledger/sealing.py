"""Sealing: the inbox becomes segments, small segments become larger ones, and left-overs go.

Nothing that a reader sees changes: the same rows with the same versions and flags lie in other files.
Files that were merged stay for an hour, because somebody may be reading them. The caller holds the
book's lock file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.adapters.ledger.manifest import InboxRow, Segment
from tallystick.adapters.ledger.segments import DOCUMENTS, PARTIES, to_merge
from tallystick.adapters.ledger.store import Store, clock_us
from tallystick.adapters.ledger.tables import stored_documents, stored_parties, unpack

KEEP_US: Final = 3_600 * 1_000_000
"""How long a file that was merged into another one stays."""

_ROWS: Final = 50_000
_BATCHES: Final = 1_000


def is_due(store: Store) -> bool:
    """Whether the inbox holds so much that reading it takes noticeably longer than reading a file."""
    batches, rows = store.manifest.inbox_size()
    return rows >= _ROWS or batches >= _BATCHES


def seal(store: Store) -> int:
    """Move the inbox into segments; returns the number of documents moved."""
    rows = list(store.manifest.inbox())
    if not rows:
        return 0
    parties = [inbox_parties(row) for row in rows]
    moved = sum(row.rows for row in rows)
    old, new = _merged(store, DOCUMENTS, moved, map(inbox_documents, rows))
    try:
        described = sum(table.num_rows for table in parties)
        old_parties, new_parties = _merged(store, PARTIES, described, iter(parties))
        old, new = old + old_parties, new + new_parties
        with store.manifest.writing():
            files = [segment.file for segment in old]
            store.manifest.replace(files, rows[-1].version, clock_us())
            store.manifest.add_segments(new)
    except BaseException:
        named = store.manifest.files()
        store.segments.discard(segment for segment in new if segment.file not in named)
        raise
    return moved


def _merged(
    store: Store, kind: str, rows: int, tables: Iterator[pa.Table]
) -> tuple[list[Segment], list[Segment]]:
    """Segments that `tables` were merged with, and what came of it."""
    old = to_merge(store.manifest.segments(kind), rows) if rows else []
    before = chain.from_iterable(store.segments.tables(segment) for segment in old)
    return old, store.segments.write(kind, chain(before, tables))


def sweep(store: Store) -> int:
    """Remove files that were merged an hour ago, and those that no manifest ever named."""
    with store.manifest.writing():
        store.manifest.forget_replaced(clock_us() - KEEP_US)
    return store.segments.sweep(store.manifest.files())


def inbox_documents(row: InboxRow) -> pa.Table:
    """The documents of a batch that is not sealed (schema STORED)."""
    bits = np.unpackbits(np.frombuffer(row.flags, dtype=np.uint8), count=row.rows)
    return stored_documents(unpack(row.documents), row.version, bits.astype(np.bool_))


def inbox_parties(row: InboxRow) -> pa.Table:
    """The party descriptions of a batch that is not sealed (schema STORED_PARTY)."""
    return stored_parties(unpack(row.parties), row.version)
