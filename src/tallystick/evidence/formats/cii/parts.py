"""What all documents of the Cross Industry family say alike: number, dates, parties, references.

Worked example: the `DateTimeString` 20260105 of `IssueDateTime`, in the format 102, is the day 2026-01-05.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tallystick.evidence.formats.cii import paths
from tallystick.evidence.formats.cii.parties import party
from tallystick.evidence.formats.edifact.parts import text_date
from tallystick.evidence.formats.ubl.codes import DOCUMENT_CODES, INCOTERMS
from tallystick.evidence.formats.ubl.references import NO_NUMBER
from tallystick.evidence.formats.xmlpaths import Found
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Said
from tallystick.evidence.schema import MAX_REFS


def put_head(said: Said, told: Found) -> None:
    """Number, day of issue, terms of delivery and notes. Notes are cut rather than refused, since no number
    hangs on them."""
    number = told.spot(paths.NUMBER)
    if number is not None:
        said.number, said.places["number"] = number[1], told.place(number)
    put_date(said, "issued_on", told, paths.ISSUED)
    codes = (text.upper() for text in told.texts(*paths.INCOTERMS_AT))
    said.incoterm = next((code for code in codes if code in INCOTERMS), None)
    said.note = " / ".join(dict.fromkeys(told.texts(paths.NOTE)))[:MAX_NOTE] or None


def put_date(said: Said, name: str, told: Found, path: str) -> None:
    """The latest date at a path: the day by which all of it is due."""
    dates = [
        (text_date(spot[1], spot[2].get("format") or "102")[:10], n, spot)
        for n, spot in enumerate(told.spots(path))
    ]
    if dates:
        text, _, spot = max(dates, key=lambda date: date[:2])
        setattr(said, name, text)
        said.places[name] = told.place(spot)


def put_party(said: Said, role: str, told: Found, path: str, number: str | None = None) -> None:
    """The first party at a path, with a number of it that stands elsewhere."""
    for one in told.below(path, paths.PARTY)[:1]:
        named = party(one, number)
        if named.name or named.ids:
            said.parties[role] = named
            said.places[role] = told.place_of(path)


def put_references(said: Said, told: Found, asked: Sequence[tuple[str, str]]) -> None:
    """At most `MAX_REFS` references, those first that tie deals together."""
    found: dict[Reference, str] = {}
    own = (said.kind, said.number, None)
    for ref, place in _references(told, asked):
        if ref not in found and ref != own and ref[1].lower() not in NO_NUMBER:
            found[ref] = place
    said.references = ordered_references(list(found))[:MAX_REFS]
    if said.references:
        said.places["references"] = ", ".join(found[ref] for ref in said.references)


def _references(told: Found, asked: Sequence[tuple[str, str]]) -> Iterator[tuple[Reference, str]]:
    at = told.at
    for kind, path in asked:
        if path in at:
            for spot in at[path]:
                yield (kind, spot[1], None), told.place(spot)
    for one in told.below(paths.ADDITIONAL, paths.REFERENCED):
        kind_of = DOCUMENT_CODES.get(one.text("TypeCode") or "")
        number = one.spot("IssuerAssignedID", "ID")
        if kind_of and number is not None:
            yield (kind_of, number[1], None), one.place(number)
