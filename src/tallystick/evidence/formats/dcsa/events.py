"""Events of Track & Trace, 2.2 (flat) and 3.0 (nested), as `Said`.

Worked example: `TRANSPORT` `ARRI` with the classifier `ACT` is a `transport_event` with the status
`arrived`; with `EST` nothing has arrived yet, and the day that is expected stands in its note.
"""

from __future__ import annotations

from typing import Any, Final

from tallystick.evidence.formats.dcsa.codes import CUSTOMS, DOCUMENTS, ISSUED, MOVES, REFERENCES
from tallystick.evidence.formats.dcsa.parties import carrier_of, many, party_of, text
from tallystick.evidence.said import PartySaid, Reject, Said

Event = dict[str, Any]
_TYPES: Final = ("SHIPMENT", "TRANSPORT", "EQUIPMENT")
_LATER: Final = frozenset({"EST", "PLN", "REQ"})


def is_event(record: Event) -> bool:
    """Whether a record is an event of Track & Trace."""
    return "eventClassifierCode" in record or isinstance(record.get("eventClassification"), dict)


def read_event(event: Event, pointer: str) -> Said | Reject:
    """What an event says; a `Reject` where it says nothing of a trade."""
    kinds = event.get("eventClassification")
    kinds = kinds if isinstance(kinds, dict) else event
    kind = text(kinds.get("eventTypeCode")) or text(event.get("eventType")) or ""
    refused = _refused(event, kind)
    if refused:
        return refused
    code = text(kinds.get(f"{kind.lower()}EventTypeCode")) or ""
    happened = text(event.get("eventDateTime"))
    documents = _documents(event)
    said = Said(
        "transport_event",
        number=text(event.get("eventID")),  # in no namespace: its references would inherit that
        happened_at=happened,
        reason=" ".join(filter(None, (documents[0][0] if documents else None, code))) or None,
        note=_note(event),
        parties=_parties(event),
        references=_references(event, documents),
    )
    later = text(kinds.get("eventClassifierCode")) in _LATER
    if later:
        said.happened_at = _made(event)
        said.note = " / ".join(filter(None, (f"expected {happened}", said.note)))
    else:
        said.status = MOVES.get((kind, code, "" if kind != "EQUIPMENT" else _load(event)))
    if kind == "SHIPMENT" and documents:
        _become(said, documents[0], code)
    said.places = _places(event, pointer, said, later)
    return said


def _refused(event: Event, kind: str) -> Reject | None:
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


def _load(event: Event) -> str:
    """`LADEN EXPORT`: how the container is, and which way it goes where that decides."""
    details = event.get("equipmentDetails")
    details = details if isinstance(details, dict) else event
    code = text(event.get("equipmentEventTypeCode")) or ""
    kinds = event.get("eventClassification")
    code = text(kinds.get("equipmentEventTypeCode")) or code if isinstance(kinds, dict) else code
    laden = text(details.get("emptyIndicatorCode")) or ""
    way = text(details.get("movementType")) if code in ("GTIN", "GTOT") else None
    return f"{laden} {way}" if way else laden


def _documents(event: Event) -> list[tuple[str, str]]:
    """(type, number) of the documents that an event is about, the one that it speaks of first."""
    details = event.get("shipmentDetails")
    found = []
    if isinstance(details, dict):
        named = [*many(details.get("documentReference"))]
        named += many(details.get("additionalDocumentReferences"))
        found = [(text(d.get("typeCode")), text(d.get("reference"))) for d in named]
    found.append((text(event.get("documentTypeCode")), text(event.get("documentID"))))
    found += [
        (text(d.get("documentReferenceType")), text(d.get("documentReferenceValue")))
        for d in many(event.get("documentReferences"))
    ]
    return [(kind, number) for kind, number in found if kind and number]


def _references(
    event: Event, documents: list[tuple[str, str]]
) -> list[tuple[str, str, str | None]]:
    found: dict[tuple[str, str, str | None], None] = {
        (DOCUMENTS[kind], number, None): None for kind, number in documents if kind in DOCUMENTS
    }
    found.update(dict.fromkeys(named_references(event.get("references"))))
    return list(found)


def named_references(references: Any) -> list[tuple[str, str, str | None]]:
    """Order numbers and the like among the references of a message."""
    pairs = [
        (text(r.get("referenceType") or r.get("type")), r.get("referenceValue") or r.get("value"))
        for r in many(references)
    ]
    return [(REFERENCES[k], n, None) for k, v in pairs if k in REFERENCES and (n := text(v))]


def _parties(event: Event) -> dict[str, PartySaid]:
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
        text(vessel.get("vesselOperatorCarrierCode")),
        text(vessel.get("vesselOperatorCarrierCodeListProvider")),
    )
    return {"carrier": carrier} if carrier else {}


def _made(event: Event) -> str | None:
    return text(event.get("eventCreatedDateTime")) or text(event.get("eventUpdatedDateTime"))


def _note(event: Event) -> str | None:
    """Why, where, and which container: what has no field of its own."""
    place, call = event.get("eventLocation"), event.get("transportCall")
    where = next(
        (w for p in (place, call) if isinstance(p, dict) and (w := text(p.get("UNLocationCode")))),
        None,
    )
    equipment = event.get("equipmentDetails")
    equipment = equipment if isinstance(equipment, dict) else event
    told = (
        where,
        text(equipment.get("equipmentReference")),
        text(event.get("reason")) or text(event.get("changeRemark")),
    )
    return " / ".join(part for part in told if part)[:1000] or None


def _places(event: Event, pointer: str, said: Said, later: bool) -> dict[str, str]:
    kinds = "/eventClassification" if "eventClassification" in event else "/eventType"
    about = next(
        (m for m in ("shipmentDetails", "documentReferences", "documentID") if m in event), ""
    )
    made = "eventCreatedDateTime" if "eventCreatedDateTime" in event else "eventUpdatedDateTime"
    places = {
        "number": f"{pointer}/eventID" if said.kind == "transport_event" else f"{pointer}/{about}",
        "happened_at": f"{pointer}/{made if later else 'eventDateTime'}",
        "status": f"{pointer}{kinds}",
        "references": f"{pointer}/{about}" if about else f"{pointer}/references",
    }
    for role in said.parties:
        places[role] = f"{pointer}/" + (
            "eventRouting" if "eventRouting" in event else "transportCall"
        )
    given = {"number": said.number, "status": said.status, "references": said.references}
    return {name: at for name, at in places.items() if given.get(name, True)}
