r"""Which documents a book holds: the digests of `doc_id`s, looked up without reading documents.

An *index* is an array of three rows of uint64: the upper and the lower half of the digest and the
version of the batch, sorted by the upper half. A sealed segment has its index in a file beside it, mapped
into memory: a lookup is a binary search that touches a few pages, so it does not grow with the number
of batches, and only with the logarithm of the number of documents. The index holds the whole digest, so
a hit is exact and no Parquet is read for it.

>>> index = index_of_rows([(bytes(16), 7), (b"\xff" * 16, 7)])
>>> held(index, keys_of(pa.array(["ff" * 16, "0f" * 16])), no_versions()).tolist()
[True, False]
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallystick.evidence.ledger import EvidenceError

Keys = NDArray[np.uint64]
"""Shape (2, n): upper and lower halves. An index has shape (3, n)."""
Versions = NDArray[np.uint64]
Mask = NDArray[np.bool_]

_DIGITS: Final = 32
_BAD: Final = 255
_NIBBLE: Final = np.full(256, _BAD, dtype=np.uint8)
_NIBBLE[np.frombuffer(b"0123456789abcdef", dtype=np.uint8)] = np.arange(16, dtype=np.uint8)


def no_versions() -> Versions:
    """An empty list of versions."""
    return np.empty(0, dtype=np.uint64)


def keys_of(doc_ids: pa.Array | pa.ChunkedArray) -> Keys:
    """Digests of a `doc_id` column. Raises `EvidenceError` where one is not 32 small hex digits."""
    if isinstance(doc_ids, pa.ChunkedArray):
        doc_ids = doc_ids.combine_chunks()
    if len(doc_ids) == 0:
        return np.empty((2, 0), dtype=np.uint64)
    if doc_ids.null_count:
        raise EvidenceError(
            "A document has no `doc_id`: the reader that made this batch must name each document."
        )
    _, offsets_buffer, data = doc_ids.buffers()
    offsets = np.frombuffer(offsets_buffer, dtype=np.int32)[doc_ids.offset :][: len(doc_ids) + 1]
    wrong = np.flatnonzero(np.diff(offsets) != _DIGITS)
    if wrong.size:
        raise _not_hex(doc_ids, wrong[0])
    text = np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]]
    nibbles = _NIBBLE[text].reshape(-1, _DIGITS)
    wrong = np.flatnonzero((nibbles == _BAD).any(axis=1))
    if wrong.size:
        raise _not_hex(doc_ids, wrong[0])
    packed = np.ascontiguousarray((nibbles[:, ::2] << 4) | nibbles[:, 1::2])
    return np.ascontiguousarray(packed.view(">u8").T.astype(np.uint64))


def _not_hex(doc_ids: pa.Array, at: np.intp) -> EvidenceError:
    return EvidenceError(
        f"Document {int(at) + 1} of this batch has the `doc_id` {doc_ids[int(at)].as_py()[:40]!r}: "
        "it must be 32 hex digits in small letters."
    )


def blobs_of(keys: Keys) -> list[bytes]:
    """The digests as 16 bytes each, as the inbox keeps them."""
    raw = np.ascontiguousarray(keys.T).astype(">u8").tobytes()
    return [raw[n : n + 16] for n in range(0, len(raw), 16)]


def index_of_rows(rows: Iterable[tuple[bytes, int]]) -> Keys:
    """An index over (digest, version) rows of the inbox."""
    pairs = list(rows)
    raw = np.frombuffer(b"".join(blob for blob, _ in pairs), dtype=">u8").reshape(-1, 2)
    return sort_index(raw.T.astype(np.uint64), np.array([v for _, v in pairs], dtype=np.uint64))


def sort_index(keys: Keys, versions: Versions) -> Keys:
    """An index over digests and the version that holds each."""
    order = np.argsort(keys[0], kind="stable")
    return np.stack([keys[0][order], keys[1][order], versions[order]])


def held(index: Keys, keys: Keys, dead: Versions) -> Mask:
    """Which of `keys` the index holds under a version that is not in `dead`."""
    found = np.zeros(keys.shape[1], dtype=np.bool_)
    if index.shape[1] == 0 or found.size == 0:
        return found
    upper, lower, versions = index
    at = np.searchsorted(upper, keys[0])
    asked = np.flatnonzero(upper[np.minimum(at, upper.size - 1)] == keys[0])
    at, last = at[asked], np.searchsorted(upper, keys[0][asked], side="right")
    # Upper halves repeat where several batches hold a document: step through them all at once.
    while asked.size:
        hit = lower[at] == keys[1][asked]
        if dead.size:
            hit &= ~np.isin(versions[at], dead)
        found[asked[hit]] = True
        more = ~hit & (at + 1 < last)
        asked, at, last = asked[more], at[more] + 1, last[more]
    return found


class Sidecars:
    """The indexes of sealed segments, mapped into memory once per process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Keys] = {}

    def index(self, file: str) -> Keys:
        """The index beside the segment `file`."""
        index = self._open.get(file)
        if index is None:
            index = np.load(sidecar(self._folder / file), mmap_mode="r")
        return index

    def held(self, files: Iterable[str], keys: Keys, dead: Versions) -> Mask:
        """Which of `keys` one of the segments holds under a version that is not in `dead`."""
        indexes = {file: self.index(file) for file in files}
        self._open = indexes  # lets go of the maps of segments that have been replaced
        found = np.zeros(keys.shape[1], dtype=np.bool_)
        for index in indexes.values():
            found |= held(index, keys, dead)
        return found


def sidecar(segment: Path) -> Path:
    """Where the index of a segment of documents lies."""
    return segment.with_suffix(".seen.npy")
