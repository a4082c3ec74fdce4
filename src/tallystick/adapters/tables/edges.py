"""Whether any cell of a delimited file begins or ends with a blank, found out from its bytes.

Idea: trimming ten cells of a row costs as much as reading the row, and most exports hold nothing to trim.
A blank at the edge of a cell stands beside a delimiter, a quote or the end of a line, which a comparison
of all bytes with their neighbours finds at gigabytes per second. Doubt counts as a blank: then cells are
trimmed, which is slower and never wrong.

>>> plain_edges(b"a;some text;b", b";", b'"'), plain_edges(b"a; some text;b", b";", b'"')
(True, False)
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

BLOCK: Final = 1 << 18
_HELD: Final = 4
"""Bytes of a block that are looked at again with the next: the longest mark has three."""
_WIDE: Final = tuple(
    chr(code).encode()
    for code in (0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
)
"""Blanks beyond ASCII (see `table_values.trimmed`), refused wherever they stand."""


def has_plain_edges(path: Path, delimiter: str, quote: str) -> bool:
    """Whether no cell of a UTF-8 file begins or ends with a blank. Reads no further than the first."""
    mark, ticks = delimiter.encode(), quote.encode()
    if len(mark) != 1 or len(ticks) > 1:
        return False
    held = b"\n"
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            seen = (held + block).replace(b"\r\n", b"\n")
            if not plain_edges(seen, mark, ticks):
                return False
            held = seen[-_HELD:]
    return plain_edges(held + b"\n", mark, ticks)


def plain_edges(seen: bytes, mark: bytes, ticks: bytes) -> bool:
    """The same for a stretch of the file whose lines end in LF; a CR at its end may await its LF."""
    if b"\r" in seen[:-1]:
        return False
    if not seen.isascii() and any(wide in seen for wide in _WIDE):
        return False
    letters = np.frombuffer(seen, np.uint8)
    blank = letters <= 0x20
    line = letters == 0x0A
    cut = letters == mark[0]
    if mark[0] <= 0x20:
        blank ^= cut
    blank ^= line & blank
    cut |= line
    if ticks and ticks in seen:
        if mark[0] <= 0x20 or _line_within(seen, mark, ticks):
            return False
        cut |= letters == ticks[0]
    return not ((blank[1:] & cut[:-1]).any() or (blank[:-1] & cut[1:]).any())


def _line_within(seen: bytes, mark: bytes, ticks: bytes) -> bool:
    """Whether a quoted cell may begin or end with a line end, which stands beside quotes anyway."""
    around = ((mark, b"\n"), (b"\n", b"\n"), (b"\n", mark))
    return any(before + ticks + after in seen for before, after in around)
