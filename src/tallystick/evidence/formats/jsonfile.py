"""JSON files that wrap a list of records, or several such files in one, line by line: short ones whole, long
ones record by record.

Idea: a file of some megabytes is parsed at once, so that the order of its members does not matter; a longer
one is read as a stream from the `[` of its list, and its head is what stands before. Either way a reader
gets each record with its JSON pointer, and a long file that breaks off yields what stood before. Money must
not become a double, so numbers with a fraction are texts.

>>> import io
>>> file = io.BytesIO(b'{"type": "List", "body": {"events": [{"a": 1}, {"a": 2}]}}')
>>> opened = open_json(file, {"events": ("/body/events",)})
>>> [(pointer, record["a"]) for pointer, record in opened.records], opened.head["type"]
([('/body/events/0', 1), ('/body/events/1', 2)], 'List')

Sources: RFC 8259 (JSON), RFC 6901 (JSON pointer).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any, Final

from tallystick.evidence.formats.registers.stream import json_records
from tallystick.evidence.formats.xmlsafe import ReaderError

MAX_WHOLE: Final = 8 * 1024 * 1024
"""Bytes of a file that is parsed at once."""

_DECODER: Final = json.JSONDecoder(parse_float=str)
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_ESCAPED: Final = re.compile(rb"\\u[dD]")

FIX: Final = "send the file again, whole, as JSON in UTF-8"


@dataclass(frozen=True, slots=True)
class Opened:
    """A JSON file. `head`: the object around the records, {} where there is none; of a long file what of it
    stands before them. `records`: (JSON pointer, record); where no list is named, the file itself."""

    head: dict[str, Any]
    records: Iterator[tuple[str, Any]]


def open_json(source: IO[bytes], lists: Mapping[str, tuple[str, ...]]) -> Opened:
    """The records of a file. `lists`: name of the member that holds them -> its JSON pointers, the first that
    the file has being taken. Raises `ReaderError` at once or while records are taken."""
    data = source.read(MAX_WHOLE + 1)
    if len(data) > MAX_WHOLE:
        source.seek(0)
        return _streamed(source, data[:65_536].decode("utf-8", "replace"), lists)
    try:
        return _opened(parse_json(data), lists)
    except SeveralValues:
        first, records = _lines(data, lists)
        return Opened(first, records)


def _opened(whole: Any, lists: Mapping[str, tuple[str, ...]]) -> Opened:
    if isinstance(whole, list):
        return Opened({}, _numbered("", whole))
    for pointer in (pointer for pointers in lists.values() for pointer in pointers):
        found = at_pointer(whole, pointer)
        if isinstance(found, list):
            return Opened(whole, _numbered(pointer, found))
    return Opened(whole if isinstance(whole, dict) else {}, iter([("", whole)]))


def _lines(
    data: bytes, lists: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Any], Iterator[tuple[str, Any]]]:
    """The head of the first of several values, and the records of all: each wraps some, or is one."""
    values = _values(data)
    first = next(values)

    def records() -> Iterator[tuple[str, Any]]:
        for n, value in enumerate(chain([first], values)):
            opened = _opened(value, lists)
            yield from ((f"/{n}{pointer}", record) for pointer, record in opened.records)

    return first if isinstance(first, dict) else {}, records()


def _values(data: bytes) -> Iterator[Any]:
    """One value after the other. Raises `ReaderError` at the first that is none."""
    text, escaped, at, n = data.decode("utf-8-sig"), _ESCAPED.search(data), 0, 0
    while (at := _BLANK.match(text, at).end()) < len(text):  # type: ignore[union-attr]  # may be empty
        n += 1
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            message = f"value {n} of the file is not whole JSON: {str(error)[:100]}"
            raise ReaderError("json", message, FIX) from None
        yield _mended(value) if escaped else value


class SeveralValues(ReaderError):
    """What is said of JSON Lines by who wants one value."""


def parse_json(data: bytes) -> Any:
    """What JSON bytes hold; a number with a fraction is its text. Raises `ReaderError` for anything else."""
    try:
        value = _DECODER.decode(data.decode("utf-8-sig"))
        return _mended(value) if _ESCAPED.search(data) else value
    except UnicodeDecodeError:
        raise ReaderError("json-encoding", "the file is not in UTF-8", FIX) from None
    except RecursionError:
        raise ReaderError("json-too-deep", "the file nests values too deep", FIX) from None
    except ValueError as error:
        rule = "json-truncated" if _at_end(error, data) else "json"
        kind = SeveralValues if str(error).startswith("Extra data") else ReaderError
        raise kind(rule, f"the file is not JSON: {str(error)[:100]}", FIX) from None


def _mended(value: Any) -> Any:
    """A value without halves of characters (lone surrogates), which JSON can write and no text can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(member) for member in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(member) for name, member in value.items()}
    return value


def _at_end(error: ValueError, data: bytes) -> bool:
    """Whether the parser wanted more where the file ended."""
    at = getattr(error, "pos", None)
    return at is not None and not data[at:].strip() and bool(data.strip())


def pointed(places: str, pointers: Sequence[str]) -> str:
    """Places in XML that was made of JSON, with the JSON pointers that its lines stand for.

    >>> pointed("Ntry/Amt:2, Ntry/Sts:1", ["", "/Ntry/Sts", "/Ntry/Amt"])
    '/Ntry/Amt, /Ntry/Sts'
    """
    numbers = (place.rpartition(":")[2] for place in places.split(", "))
    known = (pointers[int(n)] if n.isdigit() and int(n) < len(pointers) else "" for n in numbers)
    return ", ".join(known)


def at_pointer(value: Any, pointer: str) -> Any:
    """What stands at a JSON pointer of plain names; None where nothing does."""
    for step in pointer.split("/")[1:]:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _numbered(pointer: str, records: list[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"{pointer}/{n}", record) for n, record in enumerate(records))


def _streamed(source: IO[bytes], begin: str, lists: Mapping[str, tuple[str, ...]]) -> Opened:
    names = "|".join(map(re.escape, lists))
    wrapper = re.compile(rf'\s*\ufeff?\{{.{{0,60000}}?"({names})"\s*:\s*\[', re.DOTALL)
    match = wrapper.match(begin)
    pointer = _pointer(match.group(0), lists[match.group(1)]) if match else ""
    mended = _mended if _is_escaped(source) else lambda value: value
    read = json_records(source, wrapper, _DECODER)
    records = ((f"{pointer}/{n - 1}", mended(record)) for n, record in read)
    return Opened(_head_of(begin[: match.end()]) if match else {}, records)


def _is_escaped(source: IO[bytes]) -> bool:
    """Whether a file writes characters in halves; it is left at its beginning."""
    found, end = False, b""
    while not found and (chunk := source.read(MAX_WHOLE)):
        if b"\\" in end or b"\\u" in chunk:  # much quicker than the pattern, and seldom so
            found = _ESCAPED.search(end + chunk) is not None
        end = chunk[-3:]
    source.seek(0)
    return found


def _pointer(before: str, pointers: tuple[str, ...]) -> str:
    """The first pointer whose steps are all named in what stands before the list."""
    named = (p for p in pointers if all(f'"{step}"' in before for step in p.split("/")[1:]))
    return next(named, pointers[-1])


def _head_of(text: str) -> dict[str, Any]:
    """The members at the top of an object that was cut off at the `[` of a list."""
    head: dict[str, Any] = {}
    for member in re.finditer(r'"([^"\\]{1,100})"\s*:\s*(?=[\[{"\d])', text):
        try:
            value, _ = _DECODER.raw_decode(text, member.end())
        except (ValueError, RecursionError):
            continue
        head.setdefault(member.group(1), value)
    return head
