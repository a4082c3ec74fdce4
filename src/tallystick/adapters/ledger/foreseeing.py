"""What committing a batch would say, without committing it.

The look-ups are those of a commit (`store.standing`, `store.duplicates`), over any number of books together:
the one that the batch would go into, and one beside it that holds what was tried before. Nothing is written and
no lock is taken, so that a batch that somebody commits meanwhile may be missed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tallystick.adapters.ledger.seen import Mask, index_of_rows, keys_of
from tallystick.adapters.ledger.store import Store, batch_of
from tallystick.adapters.ledger.tables import chunks, conform, held_places, places
from tallystick.evidence.ledger import Receipt, Staged
from tallystick.evidence.schema import DOCUMENT, REJECT


def foresee(stores: Sequence[Store], staged: Staged) -> Receipt:
    """The receipt that the first of the stores would give; its documents are sought in all of them."""
    for store in stores:
        standing = store.standing(staged)
        if standing is not None:
            return standing
    rejects = conform(staged.rejects, REJECT, "rejects")
    held, flagged_held, rows, flagged = held_places(rejects), set(), 0, 0
    moment = stores[0].moment(None, "batch")
    inboxes = [index_of_rows(store.manifest.seen_since(0)) for store in stores]
    for table in chunks(staged.documents, DOCUMENT, "documents"):
        keys = keys_of(table["doc_id"])
        flags: Mask = np.zeros(table.num_rows, dtype=np.bool_)
        for store, inbox in zip(stores, inboxes, strict=True):
            flags |= store.duplicates(keys, inbox, store.dead(moment))
        rows, flagged = rows + flags.size, flagged + int(np.count_nonzero(flags))
        if held and flags.any():
            flagged_held |= held & places(table, flags)
    version = stores[0].manifest.state().newest + 1
    batch = batch_of(staged, version, moment, rows, flagged, len(flagged_held))
    return Receipt(batch, True, rejects)
