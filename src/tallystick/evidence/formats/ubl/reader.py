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
from tallystick.evidence.formats.ubl.parties import find_parties, same_party
from tallystick.evidence.formats.ubl.references import line_references, read_references, refer
from tallystick.evidence.formats.ubl.responses import read_responses
from tallystick.evidence.formats.ubl.shapes import ORIGINATOR, SHAPES, Shape
from tallystick.evidence.formats.ubl.tree import (
    UBL,
    amount,
    amount_of,
    decimal_of,
    find_all,
    first_element,
    last_date,
    moment,
    plain_date,
    sum_of,
    text_of,
    texts,
    total,
    with_text,
)
from tallystick.evidence.formats.xmlpaths import place
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
        yield _located(item, source, row)


def _located(item: Said | Reject, source: str, row: int) -> Said | Reject:
    """The item with its source and row; places only of what it says in the end."""
    if isinstance(item, Reject):
        return replace(item, source=source, row=row)
    item.source, item.row = source, row
    item.places = {
        name: place
        for name, place in item.places.items()
        if name in item.parties or getattr(item, name, None)
    }
    return item


def _unwrap(root: Element) -> Element:
    """The document in a Standard Business Document envelope, as networks hand it over, or the root."""
    if not isinstance(root.tag, str) or root.tag.rpartition("}")[2] != _ENVELOPE:
        return root
    return next((child for child in root if str(child.tag).startswith("{" + UBL)), root)


def _shape(root: Element) -> Shape:
    namespace, _, name = str(root.tag).lstrip("{").rpartition("}")
    if namespace != f"{UBL}{name}-2":
        inside = any(str(element.tag).startswith("{" + UBL) for element in root.iter())
        wraps = "; it wraps such documents, or parts of them" if inside else ""
        raise ReaderError(
            "not-ubl",
            f"the root element {name[:60]!r} is not a document of UBL 2{wraps}",
            "send UBL 2.0 to 2.4, each document as a file of its own, or map the file as a table",
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
    named = find_parties(root, shape.parties)
    parties = {role: party for role, (party, _) in named.items()}
    asked = shape.parties.get("issuer") == ORIGINATOR
    if asked and same_party(parties.get("issuer"), parties.get("buyer")):
        parties.pop("issuer", None)
    at: dict[str, Element | None] = {role: element for role, (_, element) in named.items()}
    at["number"], at["issued_on"] = first_element(root, "ID"), first_element(root, "IssueDate")
    due_on, at["due_on"] = last_date(root, *shape.due_on)
    deliver_on, at["deliver_on"] = last_date(root, *shape.deliver_on)
    happened_at, at["happened_at"] = _moment(root, shape.happened_at)
    at["amount"] = first_element(root, *shape.amount)
    value, currency = amount_of(at["amount"])
    counted = with_text(root, *shape.quantity)
    count, unit = sum_of(counted) if counted else (None, None)
    at["quantity"] = next(iter(counted), None)
    issued = at["issued_on"]
    said = Said(
        shape.kind,
        number=None if at["number"] is None else text_of(at["number"]),
        issued_on=None if issued is None else plain_date(text_of(issued)),
        due_on=due_on,
        deliver_on=deliver_on,
        happened_at=happened_at,
        amount=value,
        currency=currency,
        quantity=count,
        unit=unit,
        incoterm=_incoterm(root),
        note=_note(root, *shape.notes),
        parties=parties,
        places={name: place(e, root) for name, e in at.items() if e is not None},
    )
    refer(said, read_references(root, shape.kind, shape.line, "carrier" in parties), root)
    for step in shape.finish:
        STEPS[step](said, root)
    return said


def _incoterm(root: Element) -> str | None:
    codes = (text.upper() for text in texts(root, *_DELIVERY_TERMS))
    return next((code for code in codes if code in INCOTERMS), None)


def _moment(root: Element, pairs: tuple[tuple[str, str], ...]) -> tuple[str | None, Element | None]:
    """The first moment that is given, and the element of its date."""
    for day, time in pairs:
        if (text := moment(root, day, time)) is not None:
            return text, first_element(root, day)
    return None, None


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
        element = first_element(line, *_LINE_AMOUNTS)
        said = replace(whole, currency=amount_of(element)[1] or whole.currency)
        said.amount = None if value is None else total([value, -taken])
        said.places = whole.places | ({} if element is None else {"amount": place(element, root)})
        refer(said, refs, root)
        yield said


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
            said.places["number"] = said.places["references"]
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
    issue = whole.places.get("issued_on", "")
    events = find_all(root, "TransportEvent") + find_all(root, "Consignment/TransportEvent")
    for event in events or [root]:
        codes = texts(event, "CurrentStatus/ConditionCode") + texts(event, "TransportEventTypeCode")
        words = [text for path in _EVENT_WORDS for text in texts(event, path)]
        happened = first_element(event, "OccurrenceDate") if event is not root else None
        said = replace(
            whole,
            happened_at=moment(event, "OccurrenceDate", "OccurrenceTime") or whole.happened_at,
            status=transport_status(codes, words or remarks),
            places=dict(whole.places),
        )
        said.places["happened_at"] = place(happened, root) if happened is not None else issue
        said.places["status"] = place(event, root) if event is not root else issue
        yield said


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
