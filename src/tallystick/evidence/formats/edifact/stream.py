"""Bytes of EDIFACT to segments, block by block: the separators of `UNA`, the character set of `UNB`.

Idea: bytes are cut where a segment ends, so a block never splits a character, and each block is decoded by the
character set of its own interchange and handed to the tokeniser of pydifact. Memory is that of one block.

>>> import io
>>> list(raw_segments(io.BytesIO(b"UNA:+.? 'UNH+1+ORDERS:D:96A'FTX+AAI+++It?'s here'")))
[['UNH', '1', ['ORDERS', 'D', '96A']], ['FTX', 'AAI', '', '', "It's here"]]

Source: ISO 9735 (UNA, levels UNOA to UNOY); level B without UNA may use the control characters IS4, IS3, IS1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import IO, Any, Final

from tallystick.evidence.formats.xmlsafe import ReaderError

RawSegment = list[Any]
"""Tag, then elements: a text, or a list of texts where it has components."""

BLOCK: Final = 65_536
MAX_SEGMENT: Final = 128 * 1024
"""Bytes of one segment; the longest free text of the directories is 2,560 characters."""

_LEADING: Final = 65_536
_HEADER: Final = 256
"""Bytes in which UNA and the syntax level of UNB stand."""

_START: Final = re.compile(rb"UNA.{6}\s*UN[BGH]|UN[BGH][+\x1d]", re.DOTALL)
_LEVELS: Final = {
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp_2",
    "UNOY": "utf-8",
}
"""Syntax level -> character set. UNOA and UNOB are ASCII; senders put more into them, see `_decode`."""

_UNUSED: Final = "\0"
"""Release character where UNA names a blank: there is none."""

_FIX: Final = "send the interchange again, whole, as the sending system wrote it"


@dataclass(frozen=True)
class Marks:
    """The separators of an interchange and its character set ("" where the level does not say)."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"
    charset: str = ""

    @cached_property
    def characters(self) -> Any:
        """The separators as pydifact wants them."""
        from pydifact.control.characters import Characters

        make: Any = Characters  # untyped there
        return make(self.component, self.element, ".", self.release, " ", self.terminator)

    @cached_property
    def start(self) -> re.Pattern[bytes]:
        """Where a segment ends and an interchange begins."""
        end, free = (re.escape(text.encode("latin-1")) for text in (self.terminator, self.release))
        return re.compile(rb"(?<!%s)(?:%s%s)*%s\s*(?=UNA|UNB)" % (free, free, free, end))


def raw_segments(source: IO[bytes]) -> Iterator[RawSegment]:
    """The segments of a file without `UNA`. Raises `ReaderError` where it cannot be read on."""
    marks, buffer, at, ended, known = Marks(), _beginning(source), 0, False, False
    while True:
        if not known and (ended or len(buffer) - at >= _HEADER):
            marks, skipped = _marks(buffer[at : at + _HEADER], marks)
            at, known = at + skipped, True
        if known:
            more = marks.start.search(buffer, at)
            cut = more.end() if more else _last_end(buffer, at, marks)
            yield from _segments(buffer[at:cut], marks)
            at, known = cut, cut == at
            if more:
                continue
        if ended:
            break
        _check_length(buffer[at:])
        block = source.read(BLOCK)
        buffer, at, ended = buffer[at:] + block, 0, not block
        if ended:
            buffer = _closed(buffer, marks)
    buffer = buffer[at:]
    if buffer.strip():
        raise ReaderError("edifact-truncated", "the file ends before its last segment does", _FIX)


def _check_length(buffer: bytes) -> None:
    if len(buffer) > MAX_SEGMENT:
        raise ReaderError(
            "edifact-segment-too-long",
            f"a segment has more than {MAX_SEGMENT:,} bytes, or its end is not marked",
            _FIX,
        )


def begins(head: bytes) -> int | None:
    """Where EDIFACT begins in the first bytes of a file; None where it does not.

    A line of a mailbox or an archive before the interchange is passed over if UNA follows it.
    """
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    offset = len(head) - len(plain)
    if _START.match(plain):
        return offset
    found = re.search(rb"'\s*(?=UNA.{6}\s*UN[BGH])", plain, re.DOTALL)
    return offset + found.end() if found else None


def _beginning(source: IO[bytes]) -> bytes:
    head = source.read(_LEADING)
    at = begins(head)
    if at is None:
        raise ReaderError(
            "not-edifact",
            "the file begins with neither UNA, UNB, UNG nor UNH",
            "send a UN/EDIFACT interchange, or map the file as a table",
        )
    return head[at:]


def _closed(buffer: bytes, marks: Marks) -> bytes:
    """The last bytes of a file; a closing segment may lack its own end."""
    rest = buffer[_last_end(buffer, 0, marks) :].strip()
    return buffer + marks.terminator.encode("latin-1") if rest[:3] in _CLOSERS else buffer


_CLOSERS: Final = (b"UNZ", b"UNT", b"UNE")


def _last_end(buffer: bytes, start: int, marks: Marks) -> int:
    """Offset behind the last segment that stands whole in the buffer from `start`."""
    end, free = marks.terminator.encode("latin-1"), marks.release.encode("latin-1")
    at = buffer.rfind(end, start)
    while at >= 0:
        before = buffer[max(0, at - 200) : at]
        if (len(before) - len(before.rstrip(free))) % 2 == 0:
            return at + 1
        at = buffer.rfind(end, start, at)
    return start


def _marks(buffer: bytes, before: Marks) -> tuple[Marks, int]:
    """Marks that hold for what stands in front, and how much of it is UNA."""
    data = buffer.lstrip()
    skipped = len(buffer) - len(data)
    if data.startswith(b"UNA"):
        separators, skipped = _advised(data), skipped + 9
    elif data[:4] == b"UNB\x1d":
        separators = ("\x1f", "\x1d", _UNUSED, "\x1c")
    elif data.startswith(b"UNB"):
        separators = (":", "+", "?", "'")
    else:
        return before, 0
    level = re.match(rb"\s*UNB.(UNO[A-Z])", buffer[skipped : skipped + 40], re.DOTALL)
    charset = _LEVELS.get(level.group(1).decode("ascii"), "") if level else ""
    marks = Marks(*separators, charset)
    return (before if marks == before else marks), skipped


def _advised(data: bytes) -> tuple[str, str, str, str]:
    """The separators that UNA names."""
    given = data[3:9].decode("latin-1").ljust(6)
    component, element, release, terminator = given[0], given[1], given[3], given[5]
    if len({component, element, release, terminator}) < 4 or any(c.isalnum() for c in given):
        raise ReaderError(
            "edifact-separators", "UNA names separators that are not told apart", _FIX
        )
    return component, element, _UNUSED if release == " " else release, terminator


def _segments(data: bytes, marks: Marks) -> Iterator[RawSegment]:
    if data.strip():
        yield from _tokens(_decode(data, marks.charset).lstrip(" \r\n\t"), marks)


def _decode(data: bytes, charset: str) -> str:
    """Text of a piece. UTF-8 is believed where its bytes are that, whatever one-byte set UNB names: many write
    UNOC over UTF-8, and no text of ISO 8859 that says anything is UTF-8 by chance. ASCII and private levels
    are Latin-1 where they are not UTF-8."""
    try:
        return data.decode("utf-8" if charset.startswith("iso8859") else charset or "utf-8")
    except UnicodeDecodeError as error:
        wrong = error
    try:
        return data.decode("utf-8" if charset.startswith("iso2022") else charset or "latin-1")
    except UnicodeDecodeError:
        raise ReaderError(
            "edifact-encoding",
            f"byte {wrong.start} of a block is not in {charset}, the character set that UNB names",
            "name the character set that the interchange is written in",
        ) from None


def _tokens(text: str, marks: Marks) -> Iterator[RawSegment]:
    from pydifact.exceptions import EDISyntaxError
    from pydifact.tokenizer import Tokenizer

    tokens = Tokenizer().get_tokens(text, marks.characters)
    try:
        yield from _parser().convert_tokens_to_raw_segments(tokens)
    except EDISyntaxError as error:
        raise ReaderError("edifact-syntax", f"a segment is broken: {error}"[:200], _FIX) from None


@cache
def _parser() -> Any:
    """The parser of pydifact, which keeps nothing of what it converts; making one takes longer than that."""
    from pydifact.parser import Parser

    return Parser()
