"""A header and its message that stand one behind the other, as one document.

Idea: networks hand on `AppHdr` (head.001) and `Document` in an envelope, but files often hold the two bare,
which is no XML: it has two roots. Put into one element they are read like any other. No line is moved.

>>> import io
>>> file = io.BytesIO(b'<?xml version="1.0"?><AppHdr/><Document/>')
>>> whole = enclosed(file, b'<?xml version="1.0"?><AppHdr/>')
>>> b"".join(iter(lambda: whole.read(30), b""))
b'<?xml version="1.0"?><Enclosed><AppHdr/><Document/></Enclosed>'
"""

from __future__ import annotations

import re
from typing import IO, Final, cast

_HEADER: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>)?\s*(?:<!--.{0,2000}?-->\s*)*"
    rb"(?=<(?:[\w.-]{1,40}:)?AppHdr[\s/>])",
    re.DOTALL,
)
_ROOT: Final = b"Enclosed"


def enclosed(source: IO[bytes], begin: bytes) -> IO[bytes]:
    """The file as it is, or in one element where it begins with a header. `begin`: its first bytes."""
    header = _HEADER.match(begin)
    return cast(IO[bytes], _Enclosed(source, header.end())) if header else source


class _Enclosed:
    """A stream with a tag put in at an offset, and its end behind all."""

    def __init__(self, source: IO[bytes], at: int) -> None:
        self._source, self._at = source, at
        self._ready, self._ended = b"", False

    def seek(self, offset: int) -> int:
        """To an offset before the tag."""
        self._source.seek(0)
        self._ready = self._source.read(self._at) + b"<" + _ROOT + b">"
        self._ready, self._ended = self._ready[offset:], False
        return offset

    def read(self, size: int) -> bytes:
        """At most so many bytes, none at the end."""
        if not self._ready and self._source.tell() == 0:
            self.seek(0)
        if len(self._ready) < size and not self._ended:
            more = self._source.read(size - len(self._ready))
            self._ended = not more
            self._ready += more or b"</" + _ROOT + b">"
        data, self._ready = self._ready[:size], self._ready[size:]
        return data
