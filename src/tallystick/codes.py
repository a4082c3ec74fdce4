"""Codes for whole columns of keys: `units.code_of`, a million at a time.

>>> codes_of(pa.array([0, 31]), "C").to_pylist()
['C-0000000000000', 'C-000000000000Z']
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

_LETTERS: Final = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", np.uint8)
_DIGITS: Final = 13


def codes_of(keys: pa.Array | pa.ChunkedArray, prefix: str) -> pa.Array:
    """The code of each key (int64, not negative) with a prefix of one letter; null and 0 where a key is
    null or absent stay what `code_of` says of 0, so mask them before."""
    values = keys.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    text = np.empty((len(values), _DIGITS + 2), np.uint8)
    text[:, 0], text[:, 1] = ord(prefix), ord("-")
    for place in range(_DIGITS):
        text[:, 2 + place] = _LETTERS[(values >> 5 * (_DIGITS - 1 - place)) & 31]
    width = text.shape[1]
    offsets = pa.py_buffer(np.arange(0, (len(values) + 1) * width, width, dtype=np.int64))
    data = pa.py_buffer(text.tobytes())
    return pa.LargeStringArray.from_buffers(len(values), offsets, data).cast(pa.string())
