"""Bytes of a UBL file to `Said` and `Reject`; the table in `shapes` says what is read from where.

Nothing here raises for what a file holds: what cannot be read becomes a `Reject` with a rule, a sentence
and a fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tallystick.evidence.formats.ubl.codes import INCOTERMS
from tallystick.evidence.formats.ubl.finish import STEPS, overpaid, transport_status
from tallystick.evidence.formats.ubl.parties import read_parties, same_party
from tallystick.evidence.formats.ubl.references import line_references, read_references
from tallystick.evidence.formats.ubl.responses import read_responses
from tallystick.evidence.formats.ubl.shapes import ORIGINATOR, SHAPES, Shape
from tallystick.evidence.formats.ubl.tree import (
    UBL,
    amount,
    decimal_of,
    find_all,
    first,
    last_date,
    moment,
    plain_date,
    quantity,
    texts,
    total,
)
from tallystick.evidence.formats.xmlsafe import Element, ReaderError, parse
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Reject, Said

_MARK: Final = UBL.encode()
_ENVELOPE: Final = "StandardBusinessDocument"
_OPAQUE: Final = "EmbeddedDocumentBinaryObject"
_DELIVERY_TERMS: Final = tuple(
    f"{where}DeliveryTerms/ID"
    for where in (
        "",
        "Delivery/",
        "TransportExecutionTerms/",
        "Shipment/Consignment/",
        "Shipment/Delivery/",
        "CustomsDeclaration/Shipment/Consignment/",
    )
)


def looks_like_ubl(head: bytes) -> bool:
    """Whether the first bytes of a file (a few thousand) name a namespace of UBL."""
    plain = head.replace(b"\0", b"")
    return _MARK in plain and plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def read_ubl(data: bytes, source: str) -> Iterator[Said | Reject]:
    """What a UBL document says; `row` counts its statements from 1.

    Most documents are one statement. A RemittanceAdvice or Reminder is one per invoice, an
    ApplicationResponse one per answer, a TransportationStatus one per event, an overpaid invoice two.
    Never raises for content.
    """
    try:
        document = _unwrap(parse(data, _OPAQUE))
        shape = _shape(document)
    except ReaderError as error:
        yield Reject(source, None, None, error.rule, str(error), error.fix)
        return
    for row, item in enumerate(READERS[shape.reader](shape, document), start=1):
        yield replace(item, source=source, row=row)


def _unwrap(root: Element) -> Element:
    """The document in a Standard Business Document envelope, as networks hand it over, or the root."""
    if not isinstance(root.tag, str) or root.tag.rpartition("}")[2] != _ENVELOPE:
        return root
    return next((child for child in root if str(child.tag).startswith("{" + UBL)), root)


def _shape(root: Element) -> Shape:
    namespace, _, name = str(root.tag).lstrip("{").rpartition("}")
    if namespace != f"{UBL}{name}-2":
        raise ReaderError(
            "not-ubl",
            f"the root element {name[:60]!r} is not a document of UBL 2",
            "send UBL 2.0 to 2.4, or map the file as a table",
        )
    if name not in SHAPES:
        raise ReaderError(
            "not-of-the-loop",
            f"a UBL {name[:60]} says nothing about a trade from request to payment",
            "leave it out; docs/reference/ubl.md lists the documents that are read",
        )
    return SHAPES[name]


def plain(shape: Shape, root: Element) -> Said:
    """One statement of one document, as its shape has it."""
    parties = read_parties(root, shape.parties)
    asked = shape.parties.get("issuer") == ORIGINATOR
    if asked and same_party(parties.get("issuer"), parties.get("buyer")):
        parties.pop("issuer", None)
    value, currency = amount(root, *shape.amount)
    count, unit = quantity(root, *shape.quantity)
    said = Said(
        shape.kind,
        number=first(root, "ID"),
        issued_on=_date(root, "IssueDate"),
        due_on=last_date(root, *shape.due_on),
        deliver_on=last_date(root, *shape.deliver_on),
        happened_at=_moment(root, shape.happened_at),
        amount=value,
        currency=currency,
        quantity=count,
        unit=unit,
        incoterm=_incoterm(root),
        note=_note(root, *shape.notes),
        parties=parties,
        references=read_references(root, shape.kind, shape.line, "carrier" in parties),
    )
    for step in shape.finish:
        STEPS[step](said, root)
    return said


def _incoterm(root: Element) -> str | None:
    codes = (text.upper() for text in texts(root, *_DELIVERY_TERMS))
    return next((code for code in codes if code in INCOTERMS), None)


def _date(root: Element, path: str) -> str | None:
    text = first(root, path)
    return plain_date(text) if text else None


def _moment(root: Element, pairs: tuple[tuple[str, str], ...]) -> str | None:
    return next((text for pair in pairs if (text := moment(root, *pair))), None)


def _note(root: Element, *paths: str) -> str | None:
    """All notes joined; cut rather than refused, since no number hangs on a note."""
    found = dict.fromkeys(text for path in paths for text in texts(root, path))
    return " / ".join(found)[:MAX_NOTE] or None


def _plain(shape: Shape, root: Element) -> Iterator[Said]:
    yield plain(shape, root)


def _bill(shape: Shape, root: Element) -> Iterator[Said]:
    """The bill, and where more was paid in advance than it comes to, that the seller owes the rest."""
    said = plain(shape, root)
    yield said
    excess = overpaid(root)
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
        )


def _lines(shape: Shape, root: Element) -> Iterator[Said]:
    """One statement per line that names a bill, each with its own amount; one in all where none does.

    A line that takes something off (a credit note set against an invoice) lowers the lines beside it, so
    that the statements add up to what is paid.
    """
    whole = plain(shape, root)
    named = [(line, refs) for line in find_all(root, shape.line) if (refs := line_references(line))]
    if len(named) < 2:
        yield whole
        return
    values = [_line_amount(line) for line, _ in named]
    off = -sum((value for value in values if value is not None and value < 0), Decimal(0))
    for (line, refs), value in zip(named, values, strict=True):
        if value is not None and value < 0:
            continue
        taken = min(off, value or Decimal(0))
        off -= taken
        own = None if value is None else total([value, -taken])
        currency = amount(line, *_LINE_AMOUNTS)[1] or whole.currency
        yield replace(whole, amount=own, currency=currency, references=refs)


_LINE_AMOUNTS: Final = ("DebitLineAmount", "BalanceAmount", "CreditLineAmount")


def _line_amount(line: Element) -> Decimal | None:
    debit, credit = (
        decimal_of(amount(line, f"{side}LineAmount")[0]) for side in ("Debit", "Credit")
    )
    if debit is None and credit is None:
        return decimal_of(amount(line, "BalanceAmount")[0])
    return (debit or Decimal(0)) - (credit or Decimal(0))


def _withdrawal(shape: Shape, root: Element) -> Iterator[Said | Reject]:
    """A FulfilmentCancellation takes back a whole receipt advice, or else a whole despatch advice."""
    said = plain(shape, root)
    for kind, issuer in (("receipt", "buyer"), ("dispatch", "seller")):
        number = next((number for other, number, _ in said.references if other == kind), None)
        if number is not None:
            said.kind, said.action, said.number = kind, "retract", number
            said.references = [ref for ref in said.references if ref[:2] != (kind, number)]
            if issuer in said.parties:
                said.parties["issuer"] = said.parties[issuer]
            yield said
            return
    yield Reject(
        None,
        None,
        "cac:ReceiptDocumentReference",
        "nothing-stated",
        "the cancellation names neither a receipt advice nor a despatch advice",
        "name the document that is cancelled",
    )


def _events(shape: Shape, root: Element) -> Iterator[Said]:
    """One statement per transport event; a status without events is itself the event."""
    whole = plain(shape, root)
    whole.note = _note(root, *shape.notes, *_STATUS_WORDS)
    whole.happened_at = moment(root, "IssueDate", "IssueTime")
    remarks = texts(root, *_STATUS_WORDS)
    events = find_all(root, "TransportEvent") + find_all(root, "Consignment/TransportEvent")
    for event in events or [root]:
        codes = texts(event, "CurrentStatus/ConditionCode") + texts(event, "TransportEventTypeCode")
        words = [text for path in _EVENT_WORDS for text in texts(event, path)]
        yield replace(
            whole,
            happened_at=moment(event, "OccurrenceDate", "OccurrenceTime") or whole.happened_at,
            status=transport_status(codes, words or remarks),
        )


_EVENT_WORDS: Final = (
    "TransportEventTypeCode",
    "CurrentStatus/Description",
    "CurrentStatus/StatusReason",
    "CurrentStatus/Text",
)
_STATUS_WORDS: Final = (
    "Consignment/Status/StatusReason",
    "Consignment/TransportHandlingUnit/Status/StatusReason",
    "Description",
)


def _responses(shape: Shape, root: Element) -> Iterator[Said | Reject]:
    return read_responses(plain(shape, root), root)


READERS: Final[dict[str, Callable[[Shape, Element], Iterator[Said | Reject]]]] = {
    "plain": _plain,
    "bill": _bill,
    "lines": _lines,
    "withdrawal": _withdrawal,
    "events": _events,
    "responses": _responses,
}
