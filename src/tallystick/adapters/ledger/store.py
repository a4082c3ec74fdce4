"""What small and large commits share: manifest, segments, the book's time, and who was seen before."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from tallystick.adapters.ledger import folder
from tallystick.adapters.ledger.manifest import Manifest
from tallystick.adapters.ledger.seen import Keys, Mask, Sidecars, Versions, held
from tallystick.adapters.ledger.segments import DOCUMENTS, Segments
from tallystick.adapters.ledger.tables import unpack
from tallystick.adapters.ledger.waiting import Waiting
from tallystick.evidence.ledger import Batch, EvidenceError, Receipt, Staged


class Store:
    """The parts of the book in the folder `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = path / folder.LOCK
        self.manifest = Manifest(path / folder.MANIFEST)
        self.waiting = Waiting(self.manifest)
        self.segments = Segments(path / folder.SEGMENTS)
        self.sidecars = Sidecars(path / folder.SEGMENTS)

    def standing(self, staged: Staged) -> Receipt | None:
        """The receipt of a batch that is in the book already."""
        batch = self.manifest.standing(staged.batch_id)
        if batch is None:
            return None
        return Receipt(batch, False, unpack(self.manifest.rejects(batch.version)))

    def moment(self, at_us: int | None, what: str) -> int:
        """The time to record: as given, or the clock's, but always after the newest batch."""
        newest = self.manifest.newest_at_us()
        if at_us is None:
            return max(clock_us(), 0 if newest is None else newest + 1)
        if newest is not None and at_us < newest:
            raise EvidenceError(
                f"The {what} is dated {newest - at_us} microseconds before the newest batch of the "
                f"book {self.path}, which would change what was known then: give a later time."
            )
        return at_us

    def dead(self, at_us: int) -> Versions:
        """Versions that are retracted at that time."""
        return np.array(self.manifest.dead(at_us), dtype=np.uint64)

    def duplicates(self, keys: Keys, inbox: Keys, dead: Versions) -> Mask:
        """Which documents a live batch holds, in the inbox (an index of it) or sealed."""
        sealed = [segment.file for segment in self.manifest.segments(DOCUMENTS)]
        return held(inbox, keys, dead) | self.sidecars.held(sealed, keys, dead)


def batch_of(
    staged: Staged, version: int, recorded_at_us: int, rows: int, flagged: int, flagged_held: int
) -> Batch:
    """The batch as the book enters it. Each document is counted once: one that repeats a live one is a
    duplicate even where it is held."""
    still_held = min(max(staged.held - flagged_held, 0), rows - flagged)
    return Batch(
        version,
        staged.batch_id,
        staged.contributor,
        staged.source,
        recorded_at_us,
        accepted=rows - flagged - still_held,
        duplicate=staged.repeated + flagged,
        held=still_held,
        rejected=staged.rejected,
    )


def clock_us() -> int:
    """Now, in microseconds since 1970."""
    return time.time_ns() // 1_000
