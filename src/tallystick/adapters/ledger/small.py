"""A batch that fits the inbox: one transaction, a millisecond of work and the wait for the disk.

All that does not depend on the state of the book (checking, packing, digests) is done before the lock is
taken; under it only the lookup of the digests and the inserts.
"""

from __future__ import annotations

import numpy as np

from tallystick.adapters.ledger.manifest import InboxRow
from tallystick.adapters.ledger.seen import blobs_of, index_of_rows, keys_of
from tallystick.adapters.ledger.store import Store, batch_of
from tallystick.adapters.ledger.tables import conform, held_places, pack, places, whole
from tallystick.evidence.ledger import Receipt, Staged
from tallystick.evidence.schema import DOCUMENT, PARTY, REJECT


def commit_small(store: Store, staged: Staged, at_us: int | None) -> Receipt:
    """Enter the batch into the inbox; again changes nothing."""
    documents = whole(staged.documents, DOCUMENT, "documents")
    rejects = conform(staged.rejects, REJECT, "rejects")
    packed = pack(documents), pack(whole(staged.parties, PARTY, "parties"))
    packed_rejects = pack(rejects)
    keys = keys_of(documents["doc_id"])
    digests = blobs_of(keys)
    manifest = store.manifest
    with manifest.writing():
        standing = store.standing(staged)
        if standing is not None:
            return standing
        moment = store.moment(at_us, "batch")
        inbox = index_of_rows(store.waiting.find(digests))
        flags = store.duplicates(keys, inbox, store.dead(moment))
        flagged = int(np.count_nonzero(flags))
        flagged_held = len(held_places(rejects) & places(documents, flags)) if flagged else 0
        version = manifest.state().newest + 1
        batch = batch_of(staged, version, moment, flags.size, flagged, flagged_held)
        manifest.add_batch(batch, flagged, packed_rejects)
        row = InboxRow(version, flags.size, *packed, np.packbits(flags).tobytes())
        manifest.add_inbox(row, digests)
    return Receipt(batch, True, rejects)
