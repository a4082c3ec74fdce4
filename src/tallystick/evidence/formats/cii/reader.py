"""Bytes of a CII file to `Said` and `Reject`.

Nothing here raises for what a file holds: what cannot be read becomes a `Reject` with a rule, a sentence and
a fix.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from tallystick.evidence.formats.bills import (
    overpaid,
    put_accounts,
    put_payment_reference,
    put_self_billed,
    put_terms,
    refund,
    turn_negative,
)
from tallystick.evidence.formats.cii import paths
from tallystick.evidence.formats.cii.parties import party
from tallystick.evidence.formats.edifact.codes import INVOICES, SELF_BILLED
from tallystick.evidence.formats.edifact.parts import text_date
from tallystick.evidence.formats.ubl.codes import DOCUMENT_CODES, INCOTERMS
from tallystick.evidence.formats.ubl.references import NO_NUMBER
from tallystick.evidence.formats.xmlpaths import Found, attribute, sum_of
from tallystick.evidence.formats.xmlsafe import MAX_BYTES, Element, ReaderError, parse
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Reject, Said
from tallystick.evidence.schema import MAX_REFS

_MARKS: Final = (
    b"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice",
    b"urn:ferd:CrossIndustryDocument",
)
_OPAQUE: Final = "AttachmentBinaryObject"


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
    if name not in paths.BILLS:
        inside = any(str(e.tag).rpartition("}")[2] in paths.BILLS for e in root.iter())
        wraps = "; it wraps such documents, or parts of them" if inside else ""
        raise ReaderError(
            "not-cii",
            f"the root element {name[:60]!r} is not a Cross Industry Invoice{wraps}",
            "send each CII document as a file of its own, from its root element",
        )
    return Found(root, paths.BILLS[name])


def _statements(bill: Found) -> Iterator[Said]:
    """The bill, and where more was paid in advance than it comes to, that the seller owes the rest."""
    excess = overpaid(bill.text(paths.PAYABLE), bill.text(paths.WHOLE))
    said = _bill(bill)
    if excess:
        said.amount = "0"
    turn_negative(said)
    put_terms(
        said,
        bill.text(paths.PREPAID),
        bill.text(paths.WHOLE),
        bill.texts(paths.MEANS),
        bill.texts(paths.TERMS),
    )
    yield said
    if excess and said.number:
        yield refund(said, excess)


def _bill(bill: Found) -> Said:
    code = bill.text(paths.TYPE) or ""
    said = Said(INVOICES.get(code, "invoice"), incoterm=_incoterm(bill), note=_note(bill))
    number = bill.spot(paths.NUMBER)
    if number is not None:
        said.number, said.places["number"] = number[1], bill.place(number)
    _put_date(said, "issued_on", bill, paths.ISSUED)
    if said.kind != "credit_note":
        _put_date(said, "due_on", bill, paths.DUE)
    _put_amount(said, bill)
    _put_quantity(said, bill)
    _put_parties(said, bill)
    if code in SELF_BILLED:
        put_self_billed(said)
    _put_references(said, bill)
    put_payment_reference(said, bill.texts(paths.REFERENCE))
    return said


def _put_date(said: Said, name: str, bill: Found, path: str) -> None:
    """The latest date at a path: the day by which all of it is due."""
    dates = [
        (text_date(spot[1], spot[2].get("format") or "102")[:10], n, spot)
        for n, spot in enumerate(bill.spots(path))
    ]
    if dates:
        text, _, spot = max(dates, key=lambda date: date[:2])
        setattr(said, name, text)
        said.places[name] = bill.place(spot)


def _put_amount(said: Said, bill: Found) -> None:
    spot = bill.spot(paths.PAYABLE, paths.WHOLE)
    if spot is not None:
        given = attribute(spot[2], "currencyID")
        said.amount, said.places["amount"] = spot[1], bill.place(spot)
        said.currency = given or bill.text(paths.CURRENCY)


def _put_quantity(said: Said, bill: Found) -> None:
    said.quantity, said.unit, shown = sum_of(bill.spots(paths.BILLED))
    if said.quantity and shown:
        said.places["quantity"] = bill.place(shown)


def _put_parties(said: Said, bill: Found) -> None:
    """Seller and buyer, or carrier and recipient. The settlement says more of who sent the bill: its number as
    a SEPA creditor, and its accounts; where another payee is named (a factor, say) they are the payee's."""
    freight, own = said.kind == "freight_invoice", not bill.text(paths.PAYEE)
    creditor = bill.text(paths.CREDITOR) if own else None
    for role, path, number in (
        ("carrier" if freight else "seller", paths.SELLER, creditor),
        ("recipient" if freight else "buyer", paths.BUYER, None),
    ):
        for told in bill.below(path, paths.PARTY)[:1]:
            named = party(told, number)
            if named.name or named.ids:
                said.parties[role] = named
                said.places[role] = bill.place_of(path)
    if own:
        texts = (*bill.texts(paths.TERMS), said.note or "")
        put_accounts(said, tuple(dict.fromkeys(bill.texts(*paths.ACCOUNTS))), texts)


def _put_references(said: Said, bill: Found) -> None:
    """At most `MAX_REFS` references, those first that tie deals together."""
    found: dict[Reference, str] = {}
    own = (said.kind, said.number, None)
    for ref, place in _references(bill):
        if ref not in found and ref != own and ref[1].lower() not in NO_NUMBER:
            found[ref] = place
    said.references = ordered_references(list(found))[:MAX_REFS]
    if said.references:
        said.places["references"] = ", ".join(found[ref] for ref in said.references)


def _references(bill: Found) -> Iterator[tuple[Reference, str]]:
    at = bill.at
    for kind, path in paths.REFERENCES:
        if path in at:
            for spot in at[path]:
                yield (kind, spot[1], None), bill.place(spot)
    for told in bill.below(paths.ADDITIONAL, paths.REFERENCED):
        kind_of = DOCUMENT_CODES.get(told.text("TypeCode") or "")
        number = told.spot("IssuerAssignedID", "ID")
        if kind_of and number is not None:
            yield (kind_of, number[1], None), told.place(number)


def _incoterm(bill: Found) -> str | None:
    codes = (text.upper() for text in bill.texts(*paths.INCOTERMS_AT))
    return next((code for code in codes if code in INCOTERMS), None)


def _note(bill: Found) -> str | None:
    """All notes joined; cut rather than refused, since no number hangs on a note."""
    return " / ".join(dict.fromkeys(bill.texts(paths.NOTE)))[:MAX_NOTE] or None
