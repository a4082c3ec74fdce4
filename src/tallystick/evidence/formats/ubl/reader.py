"""Bytes of a UBL file to `Said` and `Reject`; the table in `shapes` says what is read from where.

Nothing here raises for what a file holds: what cannot be read becomes a `Reject` with a rule, a sentence
and a fix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Final

from lxml import etree

from tallystick.evidence.formats.bills import refund
from tallystick.evidence.formats.jsonfile import pointed
from tallystick.evidence.formats.numbers import decimal_of, total
from tallystick.evidence.formats.ubl.codes import INCOTERMS
from tallystick.evidence.formats.ubl.finish import PATHS as STEP_PATHS
from tallystick.evidence.formats.ubl.finish import STEPS, excess, transport_status
from tallystick.evidence.formats.ubl.jsonform import documents, looks_like_json
from tallystick.evidence.formats.ubl.parties import find_parties, same_party
from tallystick.evidence.formats.ubl.references import (
    LINE_PATHS,
    line_references,
    read_references,
    refer,
)
from tallystick.evidence.formats.ubl.references import PATHS as REFERENCE_PATHS
from tallystick.evidence.formats.ubl.responses import ANSWERS, PROFILE, read_responses
from tallystick.evidence.formats.ubl.shapes import ORIGINATOR, SHAPES, Shape
from tallystick.evidence.formats.ubl.tree import (
    UBL,
    amount_of,
    asked,
    last_date,
    moment,
    plain_date,
)
from tallystick.evidence.formats.xmlpaths import Branch, Found, Spot, sum_of
from tallystick.evidence.formats.xmlsafe import Element, ReaderError, parse
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Reject, Said

_MARK: Final = UBL.encode()
_BARE: Final = {f"{{{UBL}{name}-2}}{name}": name for name in SHAPES}
"""Tag of a document as it stands by itself, nearly always -> its type."""

_ENVELOPE: Final = "StandardBusinessDocument"
_SOAP: Final = "Envelope"
_ATTACHED: Final = "AttachedDocument"
_CARRIED: Final = ("a:Attachment/a:ExternalReference/b:Description", "a:Attachment/b:Description")
_SPACES: Final = {
    "a": f"{UBL}CommonAggregateComponents-2",
    "b": f"{UBL}CommonBasicComponents-2",
}
_DECLARATION: Final = re.compile(r"\A<\?xml[^>]*\?>")
_OPAQUE: Final = "EmbeddedDocumentBinaryObject"
_NUMBER: Final = "ID"
_ISSUED: Final = "IssueDate"
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
_LINE_AMOUNTS: Final = ("DebitLineAmount", "BalanceAmount", "CreditLineAmount")
_LINE: Final = asked((*LINE_PATHS, *_LINE_AMOUNTS))
_EVENTS: Final = ("TransportEvent", "Consignment/TransportEvent")
_OCCURRED: Final = ("OccurrenceDate", "OccurrenceTime")
_EVENT_CODES: Final = ("CurrentStatus/ConditionCode", "TransportEventTypeCode")
_EVENT_WORDS: Final = (
    "TransportEventTypeCode",
    "CurrentStatus/Description",
    "CurrentStatus/StatusReason",
    "CurrentStatus/Text",
)
_EVENT: Final = asked((*_OCCURRED, *_EVENT_CODES, *_EVENT_WORDS))
_STATUS_WORDS: Final = (
    "Consignment/Status/StatusReason",
    "Consignment/TransportHandlingUnit/Status/StatusReason",
    "Description",
)
_ALWAYS: Final = (
    *(_NUMBER, _ISSUED, *_DELIVERY_TERMS, *REFERENCE_PATHS, *STEP_PATHS, PROFILE, ANSWERS),
    *("IssueTime", *_EVENTS, *_OCCURRED, *_EVENT_CODES, *_EVENT_WORDS, *_STATUS_WORDS),
)
"""What is asked of a document whatever its type."""


def looks_like_ubl(head: bytes) -> bool:
    """Whether the first bytes of a file (a few thousand) name a namespace of UBL."""
    plain = head.replace(b"\0", b"")
    if looks_like_json(plain):
        return True
    return _MARK in plain and plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def read_ubl(data: bytes, source: str) -> Iterator[Said | Reject]:
    """What a UBL document says; `row` counts its statements from 1.

    Most documents are one statement. A RemittanceAdvice or Reminder is one per invoice, an
    ApplicationResponse one per answer, a TransportationStatus one per event, an overpaid invoice two.
    Never raises for content.
    """
    row = 0
    try:
        for document, pointers in _documents(data):
            name = _BARE.get(document.tag) or _name(document)
            shape, told = SHAPES[name], Found(document, _wanted(name))
            for item in READERS[shape.reader](shape, told):
                row += 1
                yield _pointed(_located(item, source, row), pointers)
    except ReaderError as error:
        yield Reject(source, None, None, error.rule, str(error), error.fix)


def _documents(data: bytes) -> Iterator[tuple[Element, list[str]]]:
    """The documents of a file, each with the JSON pointers that its lines stand for, none in XML."""
    if looks_like_json(data[:65_536]):
        yield from documents(data)
    else:
        yield _unwrap(parse(data, _OPAQUE)), []


def _pointed(item: Said | Reject, pointers: list[str]) -> Said | Reject:
    if pointers and isinstance(item, Said):
        item.places = {name: pointed(place, pointers) for name, place in item.places.items()}
    return item


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
    """The document in a Standard Business Document envelope, as networks hand it over, or in a SOAP body, or
    that an AttachedDocument carries as text, as Colombia has it, or the root."""
    if root.tag in _BARE or not isinstance(root.tag, str):
        return root
    name = root.tag.rpartition("}")[2]
    if name == _ATTACHED:
        return _attached(root)
    if name == _SOAP:
        root = next((body for body in root if etree.QName(body).localname == "Body"), root)
    elif name != _ENVELOPE:
        return root
    return next((child for child in root if str(child.tag).startswith("{" + UBL)), root)


def _attached(root: Element) -> Element:
    """The document that stands whole in a text of the attachment; where there is none, the container itself."""
    for path in _CARRIED:
        for element in root.iterfind(path, _SPACES):
            text = (element.text or "").strip()
            if text.startswith("<"):
                return parse(_DECLARATION.sub("", text).encode(), _OPAQUE)
    return root


def _name(root: Element) -> str:
    """The type of a document that is read, by the name of its root."""
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
    return name


@cache
def _wanted(name: str) -> Branch:
    """All that is asked of a document of a type."""
    shape = SHAPES[name]
    return asked((*_ALWAYS, *shape.paths()))


def plain(shape: Shape, told: Found) -> Said:
    """One statement of one document, as its shape has it."""
    named = find_parties(told, shape.parties)
    parties = {role: party for role, (party, _) in named.items()}
    asked = shape.parties.get("issuer") == ORIGINATOR
    if asked and same_party(parties.get("issuer"), parties.get("buyer")):
        parties.pop("issuer", None)
    at: dict[str, Spot | None] = {role: spot for role, (_, spot) in named.items()}
    at["number"], at["issued_on"] = number, issued = told.spot(_NUMBER), told.spot(_ISSUED)
    due_on, at["due_on"] = last_date(told, shape.due_on)
    deliver_on, at["deliver_on"] = last_date(told, shape.deliver_on)
    happened_at, at["happened_at"] = _moment(told, shape.happened_at)
    at["amount"] = told.spot(*shape.amount)
    value, currency = amount_of(at["amount"])
    counted = told.spot(*shape.quantity)
    count, unit, shown = sum_of(told.spots(counted[0]) if counted else ())
    at["quantity"] = shown if count else None
    said = Said(
        shape.kind,
        number=number[1] if number else None,
        issued_on=plain_date(issued[1]) if issued else None,
        due_on=due_on,
        deliver_on=deliver_on,
        happened_at=happened_at,
        amount=value,
        currency=currency,
        quantity=count,
        unit=unit,
        incoterm=_incoterm(told),
        note=_note(told, *shape.notes),
        parties=parties,
        places={name: told.place(spot) for name, spot in at.items() if spot},
    )
    refer(said, read_references(told, shape.kind, shape.in_lines, "carrier" in parties))
    for step in shape.finish:
        STEPS[step](said, told)
    return said


def _incoterm(told: Found) -> str | None:
    codes = (text.upper() for _, text, _ in told.some(*_DELIVERY_TERMS))
    return next((code for code in codes if code in INCOTERMS), None)


def _moment(told: Found, pairs: tuple[tuple[str, str], ...]) -> tuple[str | None, Spot | None]:
    """The first moment that is given, and where its date stands."""
    for day, time in pairs:
        if (text := moment(told, day, time)) is not None:
            return text, told.spot(day)
    return None, None


def _note(told: Found, *paths: str) -> str | None:
    """All notes joined; cut rather than refused, since no number hangs on a note."""
    return " / ".join(dict.fromkeys(told.texts(*paths)))[:MAX_NOTE] or None


def _plain(shape: Shape, told: Found) -> Iterator[Said]:
    yield plain(shape, told)


def _bill(shape: Shape, told: Found) -> Iterator[Said]:
    """The bill, and where more was paid in advance than it comes to, that the seller owes the rest."""
    said = plain(shape, told)
    yield said
    if (rest := excess(told)) and said.number:
        yield refund(said, rest)


def _lines(shape: Shape, told: Found) -> Iterator[Said]:
    """One statement per line that names a bill, each with its own amount; one in all where none does.

    A line that takes something off (a credit note set against an invoice) lowers the lines beside it, so
    that the statements add up to what is paid.
    """
    whole = plain(shape, told)
    lines = told.below(shape.line, _LINE)
    named = [(line, refs) for line in lines if (refs := line_references(line))]
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
        spot = line.spot(*_LINE_AMOUNTS)
        said = replace(whole, currency=amount_of(spot)[1] or whole.currency)
        said.amount = None if value is None else total([value, -taken])
        said.places = whole.places | ({"amount": line.place(spot)} if spot else {})
        refer(said, refs)
        yield said


def _line_amount(line: Found) -> Decimal | None:
    debit, balance, credit = (decimal_of(line.text(path)) for path in _LINE_AMOUNTS)
    if debit is None and credit is None:
        return balance
    return (debit or Decimal(0)) - (credit or Decimal(0))


def _withdrawal(shape: Shape, told: Found) -> Iterator[Said | Reject]:
    """A FulfilmentCancellation takes back a whole receipt advice, or else a whole despatch advice."""
    said = plain(shape, told)
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


def _events(shape: Shape, told: Found) -> Iterator[Said]:
    """One statement per transport event; a status without events is itself the event."""
    whole = plain(shape, told)
    whole.note = _note(told, *shape.notes, *_STATUS_WORDS)
    whole.happened_at = moment(told, _ISSUED, "IssueTime")
    remarks = [text for _, text, _ in told.some(*_STATUS_WORDS)]
    issue = whole.places.get("issued_on", "")
    events = [
        (event, told.place(spot))
        for path in _EVENTS
        for spot, event in zip(told.at.get(path, ()), told.below(path, _EVENT), strict=True)
    ]
    for event, place in events or [(told, issue)]:
        happened = event.spot(_OCCURRED[0]) if event is not told else None
        words = event.texts(*_EVENT_WORDS) or remarks
        yield replace(
            whole,
            happened_at=moment(event, *_OCCURRED) or whole.happened_at,
            status=transport_status(event.texts(*_EVENT_CODES), words),
            places=whole.places
            | {"happened_at": event.place(happened) if happened else issue, "status": place},
        )


def _responses(shape: Shape, told: Found) -> Iterator[Said | Reject]:
    return read_responses(plain(shape, told), told)


READERS: Final[dict[str, Callable[[Shape, Found], Iterator[Said | Reject]]]] = {
    "plain": _plain,
    "bill": _bill,
    "lines": _lines,
    "withdrawal": _withdrawal,
    "events": _events,
    "responses": _responses,
}
