"""Documents as plain dictionaries: the JSON shape, for JSON Lines files and the Python API.

The shape is docs/reference/document.schema.json. Numbers may be given as text or as integers; a float is
taken by its shortest decimal text, as JSON writes it.

>>> said_of({"kind": "invoice", "number": 7, "amount": "107.50", "currency": "GBP",
...          "parties": {"seller": {"name": "Consortial", "ids": {"lei": "..."}}},
...          "references": [{"kind": "order", "number": "AEG012345"}]}).references
[('order', 'AEG012345', None)]
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final

from tallystick.evidence.details import Details
from tallystick.evidence.kinds import KINDS, REFERENCE_SCOPE, ROLES
from tallystick.evidence.said import PartySaid, Reject, Said

_TEXTS: Final = frozenset(
    "kind action number namespace issued_on due_on deliver_on happened_at amount currency quantity unit "
    "status reason fault terms incoterm score note".split()
)
_KNOWN: Final = _TEXTS | {"parties", "references", "source", "row"}
_PARTY: Final = frozenset("name country ids address accounts domains other_names founded".split())
_DETAILS: Final = _PARTY - {"name", "country", "ids"}
_OBJECT: Final = (dict, Mapping)  # dict first: asking an abstract class takes five times as long
MAX_LINE: Final = 1_000_000
"""Longest line of JSON taken, in bytes."""


class _Odd(Exception):
    """(field, what is wrong with it); never leaves this module."""


def said_of(
    given: Mapping[str, Any], source: str | None = None, row: int | None = None
) -> Said | Reject:
    """What a dictionary says, or why it cannot be read."""
    try:
        if not isinstance(given, _OBJECT):
            raise _Odd(None, "a document is an object, not " + type(given).__name__)
        for name in given:
            if name not in _KNOWN:
                raise _Odd(str(name)[:80], f"{str(name)[:80]!r} is not a field of a document")
        return Said(
            parties=_parties(given.get("parties") or {}),
            references=_references(given.get("references") or []),
            source=_text("source", given.get("source")) or source,
            row=given.get("row") if isinstance(given.get("row"), int) else row,
            **_texts(given),
        )
    except _Odd as odd:
        field, what = odd.args
        fix = "see the JSON shape in docs/reference/documents.md"
        return Reject(source, row, field, "shape", what, fix)


def read_json_lines(lines: Iterable[bytes], source: str) -> Iterator[Said | Reject]:
    """What each line of a JSON Lines file says; empty lines are passed over."""
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            yield _broken(source, row, f"the line is longer than {MAX_LINE:,} bytes")
            continue
        try:
            given = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _broken(source, row, f"the line is not JSON: {str(error)[:100]}")
            continue
        yield said_of(given, source, row)


def looks_like_documents(head: bytes) -> bool:
    """Whether the first line of a file is such a document: an object that names parties or references."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    return first.startswith(b"{") and (b'"parties"' in first or b'"references"' in first)


def read_documents(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What a file of JSON Lines says, however long it is."""
    return read_json_lines(_lines(source), name)


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that is too long no more than its beginning is held."""
    while line := source.readline(MAX_LINE + 2):
        yield line
        while len(line) > MAX_LINE + 1 and not line.endswith(b"\n"):
            line = source.readline(MAX_LINE + 2)


def _broken(source: str, row: int, message: str) -> Reject:
    return Reject(source, row, None, "json", message, "write one JSON object per line, in UTF-8")


def _texts(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Said` that are text, where they are given; the kind always."""
    texts: dict[str, Any] = {"kind": ""}
    for name, value in given.items():
        if value is not None and name in _TEXTS:
            texts[name] = value if isinstance(value, str) else _text(name, value)
    return texts


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | date | datetime):
        raise _Odd(name, f"{name} is text or a number, not {type(value).__name__}")
    return value.isoformat() if isinstance(value, date) else str(value)


def _parties(given: object) -> dict[str, PartySaid]:
    if not isinstance(given, _OBJECT):
        raise _Odd("parties", "parties is an object of role and party")
    out = {}
    for role, party in given.items():
        if role not in ROLES:
            raise _Odd(
                f"parties.{role}",
                f"{str(role)[:40]!r} is not a role; use one of {', '.join(ROLES)}",
            )
        if not isinstance(party, _OBJECT):
            raise _Odd(f"parties.{role}", "a party is an object with name, country and ids")
        for key in party:
            if key not in _PARTY:
                raise _Odd(
                    f"parties.{role}.{str(key)[:40]}",
                    f"{str(key)[:40]!r} is not a field of a party; use {', '.join(sorted(_PARTY))}",
                )
        ids = party.get("ids") or {}
        if not isinstance(ids, _OBJECT):
            raise _Odd(f"parties.{role}.ids", "ids is an object of scheme and value")
        pairs = [
            (str(scheme), _text(f"parties.{role}.ids", value) or "")
            for scheme, value in ids.items()
        ]
        name = _text(f"parties.{role}.name", party.get("name"))
        country = _text(f"parties.{role}.country", party.get("country"))
        details = None if _DETAILS.isdisjoint(party) else _details(f"parties.{role}", party)
        out[role] = PartySaid(name, country, pairs, details)
    return out


def _details(where: str, party: Mapping[str, Any]) -> Details | None:
    """What else is said of a party; each may be given as one text or as a list of texts."""

    def several(name: str) -> tuple[str, ...]:
        given = party.get(name)
        texts = given if isinstance(given, list | tuple) else [given]
        found = [_text(f"{where}.{name}", text) for text in texts]
        return tuple(text.strip() for text in found if text and text.strip())

    founded = _text(f"{where}.founded", party.get("founded"))
    details = Details(
        several("address"),
        several("accounts"),
        several("domains"),
        several("other_names"),
        (founded or "").strip() or None,
    )
    return details if any(details.texts()) else None


def _references(given: object) -> list[tuple[str, str, str | None]]:
    if not isinstance(given, list | tuple):
        raise _Odd("references", "references is a list of objects with kind and number")
    out = []
    for reference in given:
        if not isinstance(reference, _OBJECT) or reference.get("kind") not in REFERENCE_SCOPE:
            raise _Odd(
                "references",
                f"a reference has a kind (one of deal, {', '.join(KINDS)}) and a number",
            )
        number = _text("references.number", reference.get("number"))
        if not number:
            raise _Odd("references.number", "a reference needs the number of the document it names")
        out.append(
            (reference["kind"], number, _text("references.namespace", reference.get("namespace")))
        )
    return out
