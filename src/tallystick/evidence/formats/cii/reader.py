"""Bytes of a CII file to `Said` and `Reject`.

Nothing here raises for what a file holds: what cannot be read becomes a `Reject` with a rule, a sentence and
a fix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import IO, Final

from tallystick.evidence.formats.cii import paths
from tallystick.evidence.formats.cii.parties import party, with_settlement
from tallystick.evidence.formats.edifact.codes import INVOICES, SELF_BILLED
from tallystick.evidence.formats.edifact.parts import text_date
from tallystick.evidence.formats.ubl.codes import CARD_CODES, DOCUMENT_CODES, INCOTERMS
from tallystick.evidence.formats.ubl.finish import DAYS
from tallystick.evidence.formats.ubl.references import NO_NUMBER
from tallystick.evidence.formats.ubl.tree import decimal_of, total
from tallystick.evidence.formats.xmlpaths import Found, place, text_of
from tallystick.evidence.formats.xmlsafe import MAX_BYTES, Element, ReaderError, parse
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Reject, Said
from tallystick.evidence.schema import MAX_REFS

_ROOTS: Final = ("CrossIndustryInvoice", "CrossIndustryDocument")
_MARKS: Final = (
    b"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice",
    b"urn:ferd:CrossIndustryDocument",
)
_OPAQUE: Final = "AttachmentBinaryObject"
_OPPOSITE: Final = {
    "invoice": "credit_note",
    "proforma": "credit_note",
    "debit_note": "credit_note",
    "credit_note": "debit_note",
}


def looks_like_cii(head: bytes) -> bool:
    """Whether the first bytes of a file name a namespace of the Cross Industry Invoice."""
    plain = head.replace(b"\0", b"")
    begins = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    return begins and any(mark in plain for mark in _MARKS)


def read_cii(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What a CII document says; `row` counts its statements from 1. Most are one statement; a bill that was
    overpaid in advance is two. Never raises for content."""
    try:
        yield from read_xml(source.read(MAX_BYTES + 1), name)
    except (OSError, EOFError) as error:
        message = f"the file cannot be read on: {error}"
        yield Reject(name, None, None, "unreadable", message, "send the file again, whole")


def read_xml(data: bytes, name: str) -> Iterator[Said | Reject]:
    """What the XML of a CII document says."""
    try:
        bill = _found(parse(data, _OPAQUE))
    except ReaderError as error:
        yield Reject(name, None, None, error.rule, str(error), error.fix)
        return
    for row, said in enumerate(_statements(bill), start=1):
        said.source, said.row = name, row
        yield said


def _found(root: Element) -> Found:
    name = str(root.tag).rpartition("}")[2]
    if name not in _ROOTS:
        inside = any(str(e.tag).rpartition("}")[2] in _ROOTS for e in root.iter())
        wraps = "; it wraps such documents, or parts of them" if inside else ""
        raise ReaderError(
            "not-cii",
            f"the root element {name[:60]!r} is not a Cross Industry Invoice{wraps}",
            "send each CII document as a file of its own, from its root element",
        )
    return Found(root, paths.BILL, paths.OLDER_NAMES)


def _statements(bill: Found) -> Iterator[Said]:
    """The bill, and where more was paid in advance than it comes to, that the seller owes the rest."""
    said = _bill(bill)
    excess = _overpaid(bill)
    if excess:
        said.amount = "0"
    yield said
    if excess and said.number:
        yield replace(
            said,
            kind="refund_approval",
            amount=total([excess]),
            quantity=None,
            unit=None,
            due_on=None,
            terms=None,
            references=[(said.kind, said.number, None)],
            places={k: v for k, v in said.places.items() if k not in ("quantity", "due_on")},
        )


def _bill(bill: Found) -> Said:
    code = bill.text(paths.TYPE) or ""
    said = Said(INVOICES.get(code, "invoice"), incoterm=_incoterm(bill), note=_note(bill))
    number = bill.first(paths.NUMBER)
    if number is not None:
        said.number, said.places["number"] = text_of(number), place(number)
    _put_date(said, "issued_on", bill, paths.ISSUED)
    if said.kind != "credit_note":
        _put_date(said, "due_on", bill, paths.DUE)
    _put_amount(said, bill)
    _put_quantity(said, bill)
    _put_parties(said, bill, code)
    _put_references(said, bill)
    if not _overpaid(bill):
        _turn_negative(said)
    said.terms = _terms(said, bill)
    return said


def _put_date(said: Said, name: str, bill: Found, path: str) -> None:
    """The latest date at a path: the day by which all of it is due."""
    dates = [
        (text_date(text_of(element), element.get("format") or "102")[:10], n, element)
        for n, element in enumerate(bill.elements(path))
    ]
    if dates:
        text, _, element = max(dates, key=lambda date: date[:2])
        setattr(said, name, text)
        said.places[name] = place(element)


def _put_amount(said: Said, bill: Found) -> None:
    element = bill.first(paths.PAYABLE, paths.WHOLE)
    if element is not None:
        given = (element.get("currencyID") or "").strip()
        said.amount, said.places["amount"] = text_of(element), place(element)
        said.currency = given or bill.text(paths.CURRENCY)


def _overpaid(bill: Found) -> Decimal:
    """By how much the prepayments on a bill exceed it; 0 where they do not."""
    due = decimal_of(bill.text(paths.PAYABLE)) or Decimal(0)
    whole = decimal_of(bill.text(paths.WHOLE)) or Decimal(0)
    return -due if due < 0 < whole else Decimal(0)


def _put_quantity(said: Said, bill: Found) -> None:
    """Sum over the lines when all share one unit; kilograms and pieces do not add up."""
    found = list(bill.elements(paths.BILLED))
    units = {element.get("unitCode") for element in found}
    if len(units) != 1:
        return
    values = [decimal_of(text_of(element)) for element in found]
    odd = next((e for e, value in zip(found, values, strict=True) if value is None), None)
    whole = total(value for value in values if value is not None)
    said.quantity, said.unit = whole if odd is None else text_of(odd), units.pop()
    said.places["quantity"] = place(found[0] if odd is None else odd)


def _put_parties(said: Said, bill: Found, code: str) -> None:
    freight = said.kind == "freight_invoice"
    for role, path in (
        ("carrier" if freight else "seller", paths.SELLER),
        ("recipient" if freight else "buyer", paths.BUYER),
    ):
        for element in bill.at.get(path, ())[:1]:
            told = party(element)
            if path == paths.SELLER:
                told = with_settlement(told, bill, said.kind != "credit_note")
            if told.name or told.ids:
                said.parties[role], said.places[role] = told, place(element)
    if code in SELF_BILLED and "buyer" in said.parties:
        said.parties["issuer"] = said.parties["buyer"]


def _put_references(said: Said, bill: Found) -> None:
    """At most `MAX_REFS` references, those first that tie deals together."""
    found: dict[Reference, Element] = {}
    for kind, element in _references(bill):
        number = text_of(element)
        if number.lower() not in NO_NUMBER and (kind, number) != (said.kind, said.number):
            found.setdefault((kind, number, None), element)
    said.references = ordered_references(list(found))[:MAX_REFS]
    if said.references:
        said.places["references"] = ", ".join(place(found[ref]) for ref in said.references)


def _references(bill: Found) -> Iterator[tuple[str, Element]]:
    for kind, path in paths.REFERENCES:
        for element in bill.elements(path):
            yield kind, element
    for named in bill.at.get(paths.ADDITIONAL, ()):
        told = Found(named, paths.REFERENCED)
        kind_of = DOCUMENT_CODES.get(told.text("TypeCode") or "")
        number = told.first("IssuerAssignedID", "ID")
        if kind_of and number is not None:
            yield kind_of, number


def _turn_negative(said: Said) -> None:
    """A bill below nothing is the opposite bill: EN 16931 lets an invoice be corrected that way."""
    if said.amount and said.amount.startswith("-") and decimal_of(said.amount):
        said.kind, said.amount = _OPPOSITE.get(said.kind, said.kind), said.amount[1:]
        said.quantity = said.quantity.lstrip("-") if said.quantity else None
        if said.kind == "credit_note":
            said.due_on = None
            said.places.pop("due_on", None)
    if said.quantity and said.quantity.startswith("-"):
        said.quantity = said.unit = None


def _terms(said: Said, bill: Found) -> str | None:
    """Whether credit was given: prepaid in full, paid by card, or payable after the day of issue."""
    if said.kind not in ("invoice", "freight_invoice"):
        return None
    prepaid = decimal_of(bill.text(paths.PREPAID))
    whole = decimal_of(bill.text(paths.WHOLE))
    if prepaid and whole and prepaid >= whole > 0:
        return "prepaid"
    if CARD_CODES & set(bill.texts(paths.MEANS)):
        return "card"
    if said.due_on:
        later = said.issued_on is not None and said.due_on > said.issued_on
        return "open_account" if later else None
    return "open_account" if any(map(DAYS.search, bill.texts(paths.TERMS))) else None


def _incoterm(bill: Found) -> str | None:
    codes = (text.upper() for text in bill.texts(*paths.INCOTERMS_AT))
    return next((code for code in codes if code in INCOTERMS), None)


def _note(bill: Found) -> str | None:
    """All notes joined; cut rather than refused, since no number hangs on a note."""
    return " / ".join(dict.fromkeys(bill.texts(paths.NOTE)))[:MAX_NOTE] or None
