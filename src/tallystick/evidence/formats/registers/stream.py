"""Records of JSON files, one at a time: an array, an object that wraps one, or JSON Lines.

Idea: the buffer grows until a whole record stands in it, then the record is taken off its front. It doubles,
so that the work stays in proportion to the file; a record beyond `MAX_RECORD` characters ends the file.

>>> import io
>>> [record for _, record in json_records(io.BytesIO(b'{"records": [{"LEI": "A"}, {"LEI": "B"}]}'))]
[{'LEI': 'A'}, {'LEI': 'B'}]
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any, Final

from tallystick.evidence.formats.xmlsafe import ReaderError

MAX_RECORD: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 64
_CHUNK: Final = 65_536
_WRAPPED: Final = re.compile(
    r'\s*\{.{0,20000}?"(?:records|relations|exceptions|LEIRecords|RelationshipRecords'
    r'|ReportingExceptions)"\s*:\s*\[',
    re.DOTALL,
)
_BETWEEN: Final = re.compile(r"[\s,]*")
_NEXT: Final = re.compile(r"\][^\n]*\}\s*\n\s*(?=\{)")
"""From the end of a wrapped list to the next object, where that begins a line."""
_FIX: Final = "send the file again, whole, as a JSON array or one JSON object per line in UTF-8"


def json_records(
    stream: IO[bytes],
    wrapper: re.Pattern[str] = _WRAPPED,
    decoder: json.JSONDecoder | None = None,
) -> Iterator[tuple[int, Any]]:
    """(position from 1, record) of a JSON file. `wrapper` matches an object up to the `[` of the list that it
    wraps. Raises `ReaderError` where the file cannot be read on."""
    buffer = _Buffer(stream, decoder or json.JSONDecoder())
    buffer.more(_CHUNK)
    count = 0
    while True:
        wrapped = buffer.wrapped(wrapper)
        array = wrapped or buffer.begins("[")
        while (record := buffer.take(array, count + 1)) is not _END:
            count += 1
            yield count, record
        if (
            not wrapped or not buffer.another()
        ):  # JSON Lines of such objects: the next line wraps records too
            return


_END: Final = object()


class _Buffer:
    """Text of a file from the first record that has not been taken."""

    def __init__(self, stream: IO[bytes], decoder: json.JSONDecoder) -> None:
        self.stream, self.text, self.at, self.ended = stream, "", 0, False
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.json = decoder

    def more(self, size: int) -> None:
        """Read on; what has been taken is let go."""
        data = self.stream.read(size)
        self.ended = not data
        try:
            self.text = self.text[self.at :] + self.decoder.decode(data, final=self.ended)
        except UnicodeDecodeError:
            raise ReaderError("json-encoding", "the file is not in UTF-8", _FIX) from None
        self.at = 0

    def wrapped(self, wrapper: re.Pattern[str]) -> bool:
        """Whether an object that wraps a list comes next; if so, what it holds is next."""
        if not self.ended and len(self.text) - self.at < _CHUNK:
            self.more(_CHUNK)
        match = wrapper.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match is not None

    def begins(self, mark: str) -> bool:
        """Whether that mark comes next; if so, what stands behind it is next."""
        match = _BETWEEN.match(self.text, self.at)
        at = match.end() if match else self.at
        if not self.text.startswith(mark, at):
            return False
        self.at = at + len(mark)
        return True

    def another(self) -> bool:
        """Whether another object begins on a line of its own behind the list, and what ended it."""
        while (match := _NEXT.match(self.text, self.at)) is None and not self.ended:
            if len(self.text) - self.at > MAX_RECORD:
                return False
            self.more(_CHUNK)
        if match is None:
            return False
        self.at = match.end()
        return True

    def take(self, array: bool, position: int) -> Any:
        """The next record, or `_END`."""
        while True:
            match = _BETWEEN.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                break
            if self.ended:
                if array:
                    raise _truncated(position)
                return _END
            self.more(_CHUNK)
        if array and self.text[self.at] == "]":
            return _END
        return self._value(position)

    def _value(self, position: int) -> Any:
        while True:
            try:
                value, end = self.json.raw_decode(self.text, self.at)
            except RecursionError:
                raise _deep(position) from None
            except ValueError as error:
                waiting = len(self.text) - self.at
                if self.ended:
                    raise _malformed(position, error) from None
                if waiting > MAX_RECORD:
                    raise _large(position) from None
                self.more(max(_CHUNK, waiting))
                continue
            if end - self.at > MAX_RECORD:
                raise _large(position)
            if self._may_be_deep(end) and _deeper(value, MAX_DEPTH):
                raise _deep(position)
            self.at = end
            return value

    def _may_be_deep(self, end: int) -> bool:
        """Whether the record up to `end` opens more than `MAX_DEPTH` lists and objects at all."""
        opened = self.text.count("{", self.at, end) + self.text.count("[", self.at, end)
        return opened > MAX_DEPTH


def _deeper(value: Any, limit: int) -> bool:
    """Whether lists and objects nest deeper than `limit`; walked by levels, never by recursion."""
    level = [value]
    for _ in range(limit):
        inner = [v for v in level if isinstance(v, dict | list)]
        level = [w for v in inner for w in (v.values() if isinstance(v, dict) else v)]
        if not level:
            return False
    return any(isinstance(v, dict | list) for v in level)


def _truncated(position: int) -> ReaderError:
    return ReaderError("json-truncated", f"the file ends before its record {position} does", _FIX)


def _malformed(position: int, error: ValueError) -> ReaderError:
    message = f"record {position} is not whole JSON: {str(error)[:100]}"
    return ReaderError("json", message, _FIX)


def _large(position: int) -> ReaderError:
    message = f"record {position} is not JSON, or has more than {MAX_RECORD:,} characters"
    return ReaderError("json-too-large", message, _FIX)


def _deep(position: int) -> ReaderError:
    message = f"record {position} nests values more than {MAX_DEPTH} deep"
    return ReaderError("json-too-deep", message, "send the records as their schema has them")
