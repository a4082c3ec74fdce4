"""Streams of register files to `Said` and `Reject`: which kind of record it is, and the row of each.

Nothing here raises for what a file holds. A file that breaks off yields what stood before, and a reject.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any, Final
from zipfile import BadZipFile

from tallystick.evidence.formats.registers import api
from tallystick.evidence.formats.registers.bods import read_bods
from tallystick.evidence.formats.registers.lei import read_lei
from tallystick.evidence.formats.registers.relations import read_exception, read_relationship
from tallystick.evidence.formats.registers.stream import json_records
from tallystick.evidence.formats.registers.tree import local, record_of, text
from tallystick.evidence.formats.xmlsafe import ReaderError, stream
from tallystick.evidence.said import Reject, Said

_RECORDS: Final = ("LEIRecord", "RelationshipRecord", "Exception")
_SPACES: Final = (b"gleif.org/data/schema/",)
_MARKS: Final = (
    (b'"LEI"', b'"Entity"', b'"LegalName"'),
    (b'"StartNode"', b'"EndNode"'),
    (b'"ExceptionCategory"',),
    (b'"statementID"', b'"statementType"'),
    (b'"statementId"', b'"recordType"'),
    *((mark, b'"attributes"') for mark in api.MARKS),
)
_EMPTY: Final = (
    "the register's file or answer holds no record, so nothing is recorded",
    "if it should hold one, ask the register again; otherwise there is nothing to do",
)
_BREAKS: Final = (OSError, EOFError, BadZipFile, zlib.error)


def looks_like_register(head: bytes) -> bool:
    """Whether the first bytes of a file (some thousands) are those of a register's file."""
    begin = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if begin.startswith(b"<"):
        return any(space in begin for space in _SPACES)
    return begin[:1] in (b"[", b"{") and any(all(m in begin for m in marks) for marks in _MARKS)


def read_register(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What a register's file says; `row` counts its records from 1. `source` must be able to seek."""
    row = 0
    try:
        for row, record, day in _records(source):
            yield from _of_record(record, day, name, row)
    except ReaderError as error:
        yield Reject(name, row + 1, None, error.rule, str(error), error.fix)
    except _BREAKS as error:
        message = f"the file cannot be read on: {error}"
        yield Reject(name, row + 1, None, "unreadable", message, "send the file again, whole")
    else:
        if not row:
            yield Reject(name, None, None, "nothing-stated", *_EMPTY)


def _records(source: IO[bytes]) -> Iterator[tuple[int, Any, str | None]]:
    """(row, record, date of the file's content) of either form.

    The date is that as of which the register vouches for the whole file: that of records without their own.
    """
    head = source.read(65_536)
    source.seek(0)
    if not head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        yield from _json_records(source, head)
        return
    day, row = None, 0
    for element in stream(source, (*_RECORDS, "ContentDate")):
        if local(element.tag) == "ContentDate":
            day = text(element.text) if row == 0 else day
        else:
            row += 1
            yield row, record_of(element), day


def _json_records(source: IO[bytes], head: bytes) -> Iterator[tuple[int, Any, str | None]]:
    """Of a file, or of an answer of GLEIF's interface, whose date stands before its resources."""
    if not any(mark in head for mark in api.MARKS):
        yield from ((row, record, None) for row, record in json_records(source))
        return
    day = api.published(head)
    held = (one for _, record in json_records(source, api.WRAPPED) for one in api.resources(record))
    yield from ((row, api.of_resource(one), day) for row, one in enumerate(held, start=1))


def _of_record(record: Any, day: str | None, name: str, row: int) -> Iterator[Said | Reject]:
    found = False
    for said in _said(record, day):
        found = True
        day_of_it = said.happened_at or (None if said.issued_on else day)
        yield replace(said, source=name, row=row, happened_at=day_of_it)
    if not found:
        yield Reject(
            name,
            row,
            None,
            "register-record-unknown",
            "the record is none of LEI-CDF, RR-CDF, a reporting exception or a BODS statement",
            "leave it out; docs/reference/registers.md lists what is read",
        )


def _said(record: Any, day: str | None) -> Iterator[Said]:
    if not isinstance(record, dict):
        return
    if "Relationship" in record:
        yield from read_relationship(record)
    elif "ExceptionCategory" in record:
        yield from read_exception(record, day)
    elif "LEI" in record and "Entity" in record:
        yield from read_lei(record)
    elif "statementId" in record or "statementID" in record:
        yield from read_bods(record)
