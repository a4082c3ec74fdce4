"""Which documents the inbox holds: its digests in memory, caught up within each transaction.

Idea: digests are random, so an index of them on disk costs a page for each document of a batch. The
inbox keeps one value per batch instead, and whoever commits reads those that were added since its last
look: in a process that commits often that is its own last batch, and never more than sealing lets wait.
"""

from __future__ import annotations

from tallystick.adapters.ledger.manifest import Manifest


class Waiting:
    """The digests of the inbox of one manifest."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._versions: dict[bytes, list[int]] = {}
        self._oldest: int | None = None
        self._newest = 0

    def find(self, digests: list[bytes]) -> list[tuple[bytes, int]]:
        """Which of these digests the inbox holds, with the version that does. Only within `writing()`,
        which lets in one thread at a time and shows only what is committed."""
        oldest = self._manifest.oldest_seen()
        if oldest != self._oldest:  # the inbox was sealed: what was in it is in segments now
            self._versions, self._newest, self._oldest = {}, 0, oldest
        since = self._manifest.seen_since(self._newest)
        for digest, version in since:
            self._versions.setdefault(digest, []).append(version)
        if since:  # only now: a look that was interrupted is made again in full
            self._newest = since[-1][1]
        return [
            (digest, version) for digest in digests for version in self._versions.get(digest, ())
        ]
