"""Texts in UTF-16 as the UTF-8 that readers read; everything else as it is.

Idea: spreadsheets and shells of Windows write UTF-16, into which any format can fall. It is known by its mark,
or by the zeros of its first two letters, and is turned while it is read, so that no reader need know of it. XML
says itself what it is written in, and is left alone.

>>> import io
>>> narrowed(io.BytesIO("UNH+1+ORDERS'".encode("utf-16"))).read()
b"UNH+1+ORDERS'"
>>> narrowed(io.BytesIO(b"UNB+UNOA")).read(), narrowed(io.BytesIO("<a/>".encode("utf-16"))).read(4)
(b'UNB+UNOA', b'\\xff\\xfe<\\x00')
"""

from __future__ import annotations

import codecs
import io
from typing import IO, Final, cast

_MARKS: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LOOK: Final = 64
_BLOCK: Final = 65_536


def narrowed(source: IO[bytes]) -> IO[bytes]:
    """The same bytes from their beginning, in UTF-8 where they are a text in UTF-16. `source` can seek."""
    begin = source.read(_LOOK)
    source.seek(0)
    encoding = _encoding(begin)
    if encoding is None:
        return source
    return cast(IO[bytes], io.BufferedReader(_Narrow(source, encoding), _BLOCK))


def _encoding(begin: bytes) -> str | None:
    """The byte order of UTF-16 text that is no XML; None of anything else."""
    encoding = _MARKS.get(begin[:2]) or _by_zeros(begin[:4])
    if encoding is None:
        return None
    text = begin[: len(begin) // 2 * 2].decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    return None if text.startswith("<") or not text else encoding


def _by_zeros(begin: bytes) -> str | None:
    """Two letters or marks of ASCII, each with the zero that makes it wide."""
    for encoding, letters, zeros in (
        ("utf-16-le", begin[::2], begin[1::2]),
        ("utf-16-be", begin[1::2], begin[::2]),
    ):
        if zeros == b"\0\0" and len(letters) == 2 and all(32 < letter < 127 for letter in letters):
            return encoding
    return None


class _Narrow(io.RawIOBase):
    """A stream of UTF-16 as UTF-8. What is no character becomes U+FFFD: readers refuse what that breaks."""

    def __init__(self, source: IO[bytes], encoding: str) -> None:
        super().__init__()
        self._source, self._encoding = source, encoding
        self._begin()

    def _begin(self) -> None:
        self._decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        self._ready, self._at, self._ended, self._first = b"", 0, False, True

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """To the beginning."""
        return True

    def tell(self) -> int:
        """Bytes handed out."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """To the beginning only."""
        if (offset, whence) == (0, io.SEEK_CUR):
            return self._at
        if (offset, whence) != (0, io.SEEK_SET):
            raise io.UnsupportedOperation("a text in UTF-16 is read from its beginning")
        self._source.seek(0)
        self._begin()
        return 0

    def readinto(self, buffer: object) -> int:
        """Fill as much of the buffer as there is."""
        view = memoryview(cast(bytearray, buffer))
        while not self._ready and not self._ended:
            block = self._source.read(_BLOCK)
            self._ended = not block
            text = self._decoder.decode(block, self._ended)
            if self._first and text:
                text, self._first = text.removeprefix("\ufeff"), False
            self._ready = text.encode("utf-8", "replace")
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready, self._at = self._ready[count:], self._at + count
        return count
