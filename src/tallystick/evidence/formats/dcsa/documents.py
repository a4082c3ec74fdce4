"""Bills of lading, bookings, surrender requests and arrival notices of DCSA, as `Said`.

Worked example: an issuance request holds a transport document; it becomes a `shipment` with its number, the
declared value, the planned day of arrival as `due_on` and a reference to the booking.

A request of a shipper bears neither number nor date: the carrier gives both when it answers. Such a draft
promises nothing yet and is refused, saying so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tallystick.evidence.formats.dcsa.events import named_references
from tallystick.evidence.formats.dcsa.parties import document_parties, many, party_of
from tallystick.evidence.formats.jsonpaths import Record, text_at
from tallystick.evidence.said import Reject, Said

_DRAFT: Final = "{} bears {}: it is a request that the carrier has not answered yet"
_DRAFT_FIX: Final = "send what the carrier issues: the booking or the transport document"


def read_document(document: Record, pointer: str) -> Said | Reject | None:
    """What a document says; None where it is none that is read."""
    for wrapper in _WRAPPERS:
        inner = document.get(wrapper)
        if isinstance(inner, dict) and "transportDocumentTypeCode" in inner:
            return _transport_document(inner, f"{pointer}/{wrapper}", document.get("issueTo"))
    for name, read in _NESTED.items():
        if isinstance(inner := document.get(name), dict):
            return _nested(document, inner, pointer, name, read)
    if "transportDocumentTypeCode" in document:
        return _transport_document(document, pointer)
    if "surrenderRequestReference" in document:
        return _surrender(document, pointer)
    if "portOfDischargeArrivalDate" in document or "arrival" in pointer.lower():
        return _arrival_notice(document, pointer)
    if "requestedEquipments" in document or "bookingStatus" in document or _routed(document):
        return _booking(document, pointer)
    return None


_WRAPPERS: Final = ("document", "transportDocument")


def _nested(
    document: Record, inner: Record, pointer: str, name: str, read: Callable[[Record, str], Any]
) -> Said | Reject:
    """A document of the first versions, which holds the request that it answers: what it does not say itself,
    that says."""
    found: Said | Reject = read({**inner, **document}, pointer)
    if isinstance(found, Said):
        for field, place in found.places.items():
            member = place.removeprefix(f"{pointer}/")
            if member.split("/")[0] not in document:
                found.places[field] = f"{pointer}/{name}/{member}"
    return found


def _routed(document: Record) -> bool:
    return "shipmentLocations" in document and "receiptTypeAtOrigin" in document


def _draft(what: str, number: object) -> Reject:
    missing = "no date" if number else "no number"
    return Reject(None, None, "number", "dcsa-draft", _DRAFT.format(what, missing), _DRAFT_FIX)


def _transport_document(document: Record, pointer: str, issued_to: Any = None) -> Said | Reject:
    number = text_at(document, "transportDocumentReference")
    if text_at(document, "transportDocumentStatus") == "DRAFT" and "issueDate" not in document:
        return _draft("the transport document", number)
    day = text_at(document, "issueDate", "shippedOnBoardDate", "receivedForShipmentDate")
    if not number or not day:
        return _draft("the transport document", number)
    transports = document.get("transports")
    transports = transports if isinstance(transports, dict) else {}
    said = Said(
        "shipment",
        number=number,
        issued_on=day,
        due_on=text_at(transports, "plannedArrivalDate"),
        amount=text_at(document, "declaredValue"),
        currency=text_at(document, "declaredValueCurrency"),
        reason=text_at(document, "transportDocumentStatus"),
        parties=document_parties(document),
        references=_bookings(document) + named_references(document.get("references")),
    )
    said.quantity, said.unit = _packages(document)
    holder = party_of(issued_to) if isinstance(issued_to, dict) else None
    if holder:
        said.parties["recipient"] = holder
    said.places = _places(said, document, pointer, {
        "number": "transportDocumentReference", "amount": "declaredValue",
        "due_on": "transports/plannedArrivalDate", "quantity": "consignmentItems",
        "issued_on": "issueDate" if "issueDate" in document else "shippedOnBoardDate",
        "references": "consignmentItems", "carrier": "carrierCode",
    })  # fmt: skip
    return said


def _bookings(document: Record) -> list[tuple[str, str, str | None]]:
    numbers = [text_at(document, "carrierBookingReference")]
    numbers += [
        text_at(i, "carrierBookingReference") for i in many(document.get("consignmentItems"))
    ]
    return [("booking", number, None) for number in dict.fromkeys(numbers) if number]


def _packages(document: Record) -> tuple[str | None, str | None]:
    """Packages of all goods; nothing where one line does not say how many."""
    count = 0
    for item in many(document.get("consignmentItems")):
        for cargo in many(item.get("cargoItems")):
            packed = cargo.get("outerPackaging") or cargo
            number = packed.get("numberOfPackages") if isinstance(packed, dict) else None
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                return None, None
            count += number
    return (str(count), "PK") if count else (None, None)


_BOOKED: Final = (
    "bookingRequestCreatedDateTime",
    "issueDateTime",
    "bookingDateTime",
    "shipmentCreatedDateTime",
)
"""When a booking was made; of the first version, when the carrier confirmed it."""


def _booking(document: Record, pointer: str) -> Said | Reject:
    number = text_at(document, "carrierBookingReference")
    day = text_at(document, *_BOOKED)
    if not number or not day:
        return _draft("the booking", number)
    said = Said(
        "booking",
        number=number,
        issued_on=day[:10],
        due_on=text_at(document, "expectedDepartureDate"),
        incoterm=text_at(document, "incoTerms"),
        reason=text_at(document, "bookingStatus"),
        parties=document_parties(document),
        references=named_references(document.get("references")),
    )
    said.places = _places(said, document, pointer, {
        "number": "carrierBookingReference", "due_on": "expectedDepartureDate",
        "issued_on": next(name for name in _BOOKED if text_at(document, name)), "references": "references",
    })  # fmt: skip
    return said


def _surrender(document: Record, pointer: str) -> Said | Reject:
    """A bill of lading handed back to the carrier: for the goods (SREQ) or for another document (SWTP)."""
    chain = many(document.get("endorsementChain"))
    last = chain[-1] if chain else {}
    number = text_at(document, "transportDocumentReference")
    said = Said(
        "transport_event",
        number=text_at(document, "surrenderRequestReference"),
        happened_at=text_at(last, "actionDateTime"),
        reason=f"surrender {text_at(document, 'surrenderRequestCode') or ''}".strip(),
        note=text_at(document, "comments"),
        references=[("shipment", number, None)] if number else [],
    )
    for role, member in (("issuer", "actor"), ("carrier", "recipient")):
        party = party_of(last[member]) if isinstance(last.get(member), dict) else None
        if party:
            said.parties[role] = party
    said.places = _places(said, document, pointer, {
        "number": "surrenderRequestReference", "references": "transportDocumentReference",
        "happened_at": f"endorsementChain/{len(chain) - 1}/actionDateTime",
        "issuer": f"endorsementChain/{len(chain) - 1}/actor",
        "carrier": f"endorsementChain/{len(chain) - 1}/recipient",
    })  # fmt: skip
    return said


def _arrival_notice(document: Record, pointer: str) -> Said:
    """What the carrier expects restates the day of arrival of the shipment; what has come is an event. A notice
    without a carrier restates nothing: it is an event without a status."""
    transport = document.get("transport")
    holder = transport if isinstance(transport, dict) else document
    arrival = holder.get("portOfDischargeArrivalDate")
    arrival = arrival if isinstance(arrival, dict) else {}
    day, classifier = text_at(arrival, "value"), text_at(arrival, "classifier")
    number, issued = (
        text_at(document, "transportDocumentReference"),
        text_at(document, "issueDateTime"),
    )
    said = Said("transport_event", happened_at=issued, reason="arrival notice")
    said.parties = document_parties(document)
    if classifier != "ACT" and "carrier" in said.parties and number:
        said.kind, said.number = "shipment", number
        said.happened_at, said.issued_on, said.due_on = None, (issued or "")[:10] or None, day
        said.references = named_references(document.get("references"))
    else:
        said.references = [("shipment", number, None)] if number else []
        said.note = f"expected {day}" if day and classifier != "ACT" else None
        said.status, said.happened_at = ("arrived", day) if classifier == "ACT" else (None, issued)
    at = "transport/" if holder is transport else ""
    said.places = _places(said, document, pointer, {
        "issued_on": "issueDateTime", "references": "transportDocumentReference",
        "happened_at": f"{at}portOfDischargeArrivalDate" if said.status else "issueDateTime",
        "due_on": f"{at}portOfDischargeArrivalDate", "number": "transportDocumentReference",
        "carrier": "carrierCode",
    })  # fmt: skip
    return said


def _places(said: Said, document: Record, pointer: str, stands: dict[str, str]) -> dict[str, str]:
    """Where the fields that are given stand; a party by the member of its document where that is not said."""
    given = {n: f"{pointer}/{at}" for n, at in stands.items() if getattr(said, n, None)}
    for role in said.parties:
        member = stands.get(role, "documentParties")
        member = member if member.split("/")[0] in document else "documentParties"
        given[role] = f"{pointer}/{member}"
    return given


_NESTED: Final[dict[str, Callable[[Record, str], Said | Reject]]] = {
    "shippingInstruction": _transport_document,
    "booking": _booking,
}
"""Member with the request that a document of the first versions answers -> how that document is read."""
