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
from tallystick.evidence.formats.cii.orders import ORDERS, read_order
from tallystick.evidence.formats.cii.parts import put_date, put_head, put_party, put_references
from tallystick.evidence.formats.edifact.codes import INVOICES, SELF_BILLED
from tallystick.evidence.formats.xmlpaths import Found, attribute, sum_of
from tallystick.evidence.formats.xmlsafe import MAX_BYTES, Element, ReaderError, parse
from tallystick.evidence.said import Reject, Said

_UNECE: Final = b"urn:un:unece:uncefact:data:"
_MARKS: Final = (
    b"urn:ferd:CrossIndustryDocument",
    _UNECE + b"SCRDMCCBDACIOMessageStructure",
    *(
        _UNECE + b"standard:CrossIndustry" + name
        for name in (b"Invoice", b"Order", b"Quotation", b"RequestForQuotation")
    ),
)
_OPAQUE: Final = "AttachmentBinaryObject"


def looks_like_cii(head: bytes) -> bool:
    """Whether the first bytes of a file name a namespace of a Cross Industry Invoice or Order."""
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
        statements = _read(parse(data, _OPAQUE))
    except ReaderError as error:
        yield Reject(name, None, None, error.rule, str(error), error.fix)
        return
    for row, said in enumerate(statements, start=1):
        said.source, said.row = name, row
        yield said


def _read(root: Element) -> Iterator[Said]:
    name = str(root.tag).rpartition("}")[2]
    if name in paths.BILLS:
        return _statements(Found(root, paths.BILLS[name]))
    if name in ORDERS:
        return iter([read_order(root, ORDERS[name])])
    known = paths.BILLS.keys() | ORDERS.keys()
    inside = any(str(e.tag).rpartition("}")[2] in known for e in root.iter())
    wraps = "; it wraps such documents, or parts of them" if inside else ""
    raise ReaderError(
        "not-cii",
        f"the root element {name[:60]!r} is not a Cross Industry Invoice or Order{wraps}",
        "send each CII document as a file of its own, from its root element",
    )


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
    said = Said(INVOICES.get(code, "invoice"))
    put_head(said, bill)
    if said.kind != "credit_note":
        put_date(said, "due_on", bill, paths.DUE)
    _put_amount(said, bill)
    _put_quantity(said, bill)
    _put_parties(said, bill)
    if code in SELF_BILLED:
        put_self_billed(said)
    put_references(said, bill, paths.REFERENCES)
    put_payment_reference(said, bill.texts(paths.REFERENCE))
    return said


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
    put_party(said, "carrier" if freight else "seller", bill, paths.SELLER, creditor)
    put_party(said, "recipient" if freight else "buyer", bill, paths.BUYER)
    if own:
        texts = (*bill.texts(paths.TERMS), said.note or "")
        put_accounts(said, tuple(dict.fromkeys(bill.texts(*paths.ACCOUNTS))), texts)
