"""What every reader does around what it reads: count it, name its file, and refuse what stops it.

Idea: a reader is a generator of statements and rejects that need not know their file. Whatever ends it early
(content that is refused, a stream that breaks) comes out as one reject more, behind all that stood before.

>>> [item.row for item in framed(iter([Said("order"), Said("invoice")]), "f.json")]
[1, 2]
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Final
from zipfile import BadZipFile

from tallystick.evidence.formats.xmlsafe import ReaderError
from tallystick.evidence.said import Reject, Said, sourced

_BREAKS: Final = (OSError, EOFError, BadZipFile, zlib.error)
"""What reading on can raise, of a file in an archive too."""


def framed(
    items: Iterable[Said | Reject], name: str, nothing: tuple[str, str] | None = None
) -> Iterator[Said | Reject]:
    """The items with the name of their file, counted from 1. `nothing`: message and fix of a file without any.

    Raises nothing for what a file holds, as long as its reader raises `ReaderError` alone.
    """
    row = 0
    try:
        for row, item in enumerate(items, start=1):
            yield sourced(item, name, row)
    except ReaderError as error:
        yield Reject(name, row + 1, None, error.rule, str(error), error.fix)
    except _BREAKS as error:
        message = f"the file cannot be read on: {error}"
        yield Reject(name, row + 1, None, "unreadable", message, "send the file again, whole")
    else:
        if nothing and not row:
            yield Reject(name, None, None, "nothing-stated", *nothing)
