"""Events of Track & Trace, 2.2 (flat) and 3.0 (nested), as `Said`.

Worked example: `TRANSPORT` `ARRI` with the classifier `ACT` is a `transport_event` with the status
`arrived`; with `EST` nothing has arrived yet, and the day that is expected stands in its note.
"""

from __future__ import annotations

from typing import Any, Final

from tallystick.evidence.formats.dcsa.codes import CUSTOMS, DOCUMENTS, ISSUED, MOVES, REFERENCES
from tallystick.evidence.formats.dcsa.parties import carrier_of, many, party_of
from tallystick.evidence.formats.jsonpaths import Record, text_at
from tallystick.evidence.said import PartySaid, Reject, Said

_TYPES: Final = {
    "SHIPMENT": "shipmentEventTypeCode",
    "TRANSPORT": "transportEventTypeCode",
    "EQUIPMENT": "equipmentEventTypeCode",
}
"""Type of an event -> the member that says what happened."""

_LATER: Final = frozenset({"EST", "PLN", "REQ"})


_SPELLINGS: Final = {"eventId": "eventID", "documentId": "documentID"}
_CODES: Final = ("eventType", "emptyIndicatorCode")


def is_event(record: Record) -> bool:
    """Whether a record is an event of Track & Trace."""
    if "eventClassifierCode" in record or isinstance(record.get("eventClassification"), dict):
        return True
    return "eventDateTime" in record and any(code in record for code in _TYPES.values())


def read_event(told: Record, pointer: str) -> Said | Reject:
    """What an event says; a `Reject` where it says nothing of a trade."""
    event = _as_standard(told)
    kinds = event.get("eventClassification")
    kinds = kinds if type(kinds) is dict else event
    kind = text_at(kinds, "eventTypeCode") or text_at(event, "eventType") or ""
    refused = _refused(event, kind)
    if refused:
        return refused
    code = text_at(kinds, _TYPES[kind]) or ""
    happened = text_at(event, "eventDateTime")
    documents = _documents(event)
    said = Said(
        "transport_event",
        number=text_at(event, "eventID"),  # in no namespace: its references would inherit that
        happened_at=happened,
        reason=" ".join(filter(None, (documents[0][0] if documents else None, code))) or None,
        note=_note(event),
        parties=_parties(event),
        references=_references(event, documents),
    )
    later = text_at(kinds, "eventClassifierCode") in _LATER
    if later:
        said.happened_at = text_at(event, "eventCreatedDateTime", "eventUpdatedDateTime")
        said.note = " / ".join(filter(None, (f"expected {happened}", said.note)))
    else:
        said.status = MOVES.get((kind, code, "" if kind != "EQUIPMENT" else _load(event)))
    if kind == "SHIPMENT" and documents:
        _become(said, documents[0], code)
    said.places = _places(event, pointer, said, later)
    return said


def _as_standard(told: Record) -> Record:
    """An event with members and codes as the standard spells them, and its type where only its code says so."""
    event = {_SPELLINGS.get(name, name): value for name, value in told.items()}
    for name in _CODES:
        if isinstance(value := event.get(name), str):
            event[name] = value.upper()
    if "eventType" not in event and "eventClassification" not in event:
        event["eventType"] = next((k for k, code in _TYPES.items() if code in event), None)
    return event


def _refused(event: Record, kind: str) -> Reject | None:
    if kind not in _TYPES:
        return Reject(None, None, "eventType", "not-of-the-loop",
                      f"an event of the type {kind[:40]!r} says nothing of a trade",
                      "leave it out; send shipment, transport and equipment events")  # fmt: skip
    given = event.get("eventID")
    if given is not None and not isinstance(given, str):
        return Reject(None, None, "eventID", "dcsa-event-id",
                      "the id of the event is not a text, so that it cannot be told from others",
                      "send the eventID as the standard has it", str(given)[:80])  # fmt: skip
    return None


def _become(said: Said, document: tuple[str, str], code: str) -> None:
    """Customs stop and let go; the carrier's confirmation is the booking, and its issue the bill of lading."""
    if document[0] == "CUS" and code in CUSTOMS:
        said.kind, said.status = "customs_event", CUSTOMS[code]
    elif (document[0], code) in ISSUED and "carrier" in said.parties:
        said.kind, said.status = ISSUED[document[0], code], None
        said.number = document[1]
        said.references = [ref for ref in said.references if ref[:2] != (said.kind, said.number)]


def _load(event: Record) -> str:
    """`LADEN EXPORT`: how the container is, and which way it goes where that decides."""
    details = event.get("equipmentDetails")
    details = details if type(details) is dict else event
    code = text_at(event, "eventClassification/equipmentEventTypeCode", "equipmentEventTypeCode")
    laden = text_at(details, "emptyIndicatorCode") or ""
    way = text_at(details, "movementType") if code in ("GTIN", "GTOT") else None
    return f"{laden} {way}" if way else laden


_OF_SHIPMENT: Final = (
    ("BKG", "carrierBookingReference"),
    ("TRD", "transportDocumentReference"),
)
"""Members in which some carriers name the documents of an event, beside the list of the standard."""


def _documents(event: Record) -> list[tuple[str, str]]:
    """(type, number) of the documents that an event is about, the one that it speaks of first."""
    details = event.get("shipmentDetails")
    found = []
    if type(details) is dict:
        others = details.get("additionalDocumentReferences")
        for told in (*many(details.get("documentReference")), *many(others)):
            found.append((text_at(told, "typeCode"), text_at(told, "reference")))
    if "documentID" in event:
        found.append((text_at(event, "documentTypeCode"), text_at(event, "documentID")))
    for told in many(event.get("documentReferences")):
        kind, number = "documentReferenceType", "documentReferenceValue"
        found.append((text_at(told, kind), text_at(told, number)))
    for kind, name in _OF_SHIPMENT:
        found.append((kind, text_at(event, name)))
    return list(dict.fromkeys((kind, number) for kind, number in found if kind and number))


def _references(
    event: Record, documents: list[tuple[str, str]]
) -> list[tuple[str, str, str | None]]:
    found: dict[tuple[str, str, str | None], None] = {
        (DOCUMENTS[kind], number, None): None for kind, number in documents if kind in DOCUMENTS
    }
    found.update(dict.fromkeys(named_references(event.get("references"))))
    return list(found)


def named_references(references: Any) -> list[tuple[str, str, str | None]]:
    """Order numbers and the like among the references of a message."""
    found: list[tuple[str, str, str | None]] = []
    for told in many(references):
        kind = text_at(told, "referenceType", "type")
        number = text_at(told, "referenceValue", "value")
        if kind in REFERENCES and number:
            found.append((REFERENCES[kind], number, None))
    return found


def _parties(event: Record) -> dict[str, PartySaid]:
    """The carrier that sends the event, or else the one that runs the vessel."""
    routing = event.get("eventRouting")
    sender = routing.get("originatingParty") if isinstance(routing, dict) else None
    if isinstance(sender, dict):
        party = party_of(sender)
        role = "carrier" if sender.get("partyFunction") == "CA" else "issuer"
        return {role: party} if party else {}
    call = event.get("transportCall")
    vessel = call.get("vessel") if isinstance(call, dict) else None
    if not isinstance(vessel, dict):
        return {}
    carrier = carrier_of(
        text_at(vessel, "vesselOperatorCarrierCode"),
        text_at(vessel, "vesselOperatorCarrierCodeListProvider"),
    )
    return {"carrier": carrier} if carrier else {}


def _note(event: Record) -> str | None:
    """Why, where, and which container: what has no field of its own."""
    equipment = event.get("equipmentDetails")
    told = (
        text_at(event, "eventLocation/UNLocationCode", "transportCall/UNLocationCode"),
        text_at(equipment if type(equipment) is dict else event, "equipmentReference"),
        text_at(event, "reason", "changeRemark"),
    )
    return " / ".join(filter(None, told))[:1000] or None


def _places(event: Record, pointer: str, said: Said, later: bool) -> dict[str, str]:
    kinds = "/eventClassification" if "eventClassification" in event else "/eventType"
    about = next((name for name in _ABOUT if name in event), "")
    made = "eventCreatedDateTime" if "eventCreatedDateTime" in event else "eventUpdatedDateTime"
    places = {"happened_at": f"{pointer}/{made if later else 'eventDateTime'}"}
    if said.number:
        own = "eventID" if said.kind == "transport_event" else about
        places["number"] = f"{pointer}/{own}"
    if said.status:
        places["status"] = f"{pointer}{kinds}"
    if said.references:
        places["references"] = f"{pointer}/{about or 'references'}"
    for role in said.parties:
        sender = "eventRouting" if "eventRouting" in event else "transportCall"
        places[role] = f"{pointer}/{sender}"
    return places


_ABOUT: Final = ("shipmentDetails", "documentReferences", "documentID")
"""Where the documents stand that an event is about."""
