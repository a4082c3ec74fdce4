"""EPCIS events to `Said` and `Reject`.

Worked example: an ObjectEvent of the step `receiving` with a destination `owning_party` and the business
transaction `po` is a `receipt` with that buyer and a reference to the order.

Nothing here raises for what a file holds. A file that breaks off yields what stood before, and a reject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Final

from tallystick.evidence.formats.epcis.event_hash import MOMENT, Event, canonical, event_hash
from tallystick.evidence.formats.epcis.events import TYPES, Found, json_events, xml_events
from tallystick.evidence.formats.epcis.keys import ROOT, digital_link, gln_of
from tallystick.evidence.formats.epcis.masterdata import Names
from tallystick.evidence.formats.epcis.steps import REFERENCES, Meaning, meaning, word
from tallystick.evidence.formats.frame import framed
from tallystick.evidence.said import PartySaid, Reject, Said

NAMESPACE: Final = "epcis"
_XML: Final = b"urn:epcglobal:epcis"
_JSON: Final = (b'"EPCISDocument"', b'"EPCISQueryDocument"', b"epcis-context.jsonld")
_TRANSACTION: Final = "urn:epcglobal:cbv:bt:"


def looks_like_epcis(head: bytes) -> bool:
    """Whether the first bytes of a file (some thousands) are those of EPCIS 1.2 or 2.0, XML or JSON."""
    begin = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if begin.startswith(b"<"):
        return _XML in begin
    if begin[:1] not in (b"{", b"["):
        return False
    return any(mark in begin for mark in _JSON) or (
        b'"eventTimeZoneOffset"' in begin and b'"eventTime"' in begin
    )


def read_epcis(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the events of a file say; `row` counts them from 1. `source` must be able to seek."""
    return framed(map(_of_event, _events(source)), name, _EMPTY)


_EMPTY: Final = (
    "the file holds no EPCIS event",
    "send documents with events; master data and capture jobs say nothing of a trade",
)


def _events(source: IO[bytes]) -> Iterator[Found]:
    begin = source.read(4096).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    source.seek(0)
    yield from xml_events(source) if begin.startswith(b"<") else json_events(source)


def _of_event(found: Found) -> Said | Reject:
    event = found.event
    if type(event) is not dict or str(event.get("type")) not in TYPES:
        kind = event.get("type") if isinstance(event, dict) else type(event).__name__
        message = f"{str(kind)[:60]!r} is not a type of EPCIS event"
        fix = "send ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent or"
        return Reject(None, None, "type", "epcis-event-unknown", message, f"{fix} AssociationEvent")
    try:
        return _said(found)
    except RecursionError:
        message = "the event nests values too deep"
        return Reject(None, None, None, "json-too-deep", message, "send events as EPCIS has them")


def _said(found: Found) -> Said | Reject:
    event = found.event
    step, disposition = word(event.get("bizStep")), _disposition(event)
    roles = ("buyer", "seller") if disposition == "returned" else ("seller", "buyer")
    transactions = [_transaction(item) for item in _many(event.get("bizTransactionList"))]
    references, parties = _references(event, transactions), _parties(event, roles)
    for kind, uri in transactions:
        if kind in REFERENCES and uri.startswith(_TRANSACTION):
            role = REFERENCES[kind][1]
            if role and role not in parties and (gln := _numberer(uri)):
                parties[role] = PartySaid(None, None, [("gln", gln)])
    means = meaning(step, disposition, parties, bool(references or parties))
    if found.names:
        parties = {role: _called(party, found.names) for role, party in parties.items()}
    if means is None:
        message = f"the step {step or '(none)'!r} without parties or business transaction"
        return Reject(None, None, "bizStep", "not-of-the-loop", f"{message} says nothing of a trade",
                      "leave it out, or name the order, invoice or parties it belongs to")  # fmt: skip
    said = Said(
        means.kind,
        number=_number(found),  # in no namespace: its references would inherit that
        happened_at=_time(event.get("eventTime")),
        status=means.status,
        reason=" ".join(filter(None, (step, disposition))) or None,
        parties=parties,
        references=references,
    )
    said.quantity, said.unit, goods = _quantity(event)
    if "errorDeclaration" in event:
        _put_error(said, event)
    _put_places(said, found, means, goods, roles)
    return said


def _disposition(event: Event) -> str | None:
    """The disposition; where there is none, what was set for good."""
    given = word(event.get("disposition"))
    lasting = event.get("persistentDisposition")
    marked = lasting.get("set") if given is None and isinstance(lasting, dict) else None
    return word(marked[0] if isinstance(marked, list) and marked else marked) if marked else given


def _number(found: Found) -> str:
    """The event's own id, or else its hash: the same event has the same number in any form."""
    given = found.event.get("eventID")
    if isinstance(given, str) and given.strip():
        return given.strip()
    return event_hash(found.expand(), found.ignored)


def _time(value: Any) -> str | None:
    return canonical(value, MOMENT) if isinstance(value, str) else None


def _put_error(said: Said, event: Event) -> None:
    """An error declaration takes the event back; the events that put it right state themselves."""
    error = event.get("errorDeclaration")
    if not isinstance(error, dict):
        return
    said.action = "retract"
    said.happened_at = _time(error.get("declarationTime")) or said.happened_at
    said.reason = word(error.get("reason")) or said.reason
    ids = [str(i) for i in _many(error.get("correctiveEventIDs")) if i]
    said.note = f"put right by {', '.join(ids)}"[:1000] if ids else None


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


# ---- parties


def _parties(event: Event, roles: tuple[str, str]) -> dict[str, PartySaid]:
    """Who gives and who takes, in these roles: seller and buyer, the other way round for goods sent back. The
    owner counts before the possessor, who may be a carrier."""
    found = {}
    for role, (member, name) in zip(roles, _SIDES, strict=True):
        if member not in event:
            continue
        owner = holder = ""
        for item in _many(event[member]):
            if type(item) is dict and type(uri := item.get(name)) is str:
                kind = word(item.get("type"))
                if kind == "owning_party":
                    owner = uri.strip()
                elif kind == "possessing_party":
                    holder = uri.strip()
        if party := owner or holder:
            found[role] = PartySaid(None, None, [_party_id(party)])
    return found


_SIDES: Final = (("sourceList", "source"), ("destinationList", "destination"))


def _called(party: PartySaid, names: Names) -> PartySaid:
    """A party with the name that the document's own master data gives it."""
    named = names.get(party.ids[0][1])
    return replace(named, ids=party.ids) if named is not None else party


def _party_id(uri: str) -> tuple[str, str]:
    gln = gln_of(uri)
    return ("gln", gln) if gln else ("id:epcis.party", uri)


def _numberer(uri: str) -> str | None:
    """The GLN of who numbered a business transaction, where its identifier says so."""
    return gln_of(f"{ROOT}417/{uri[len(_TRANSACTION) :].partition(':')[0]}")


# ---- references


def _transaction(item: Any) -> tuple[str, str]:
    """(type as a bare word, identifier) of a business transaction."""
    if type(item) is not dict:
        return "", str(item)
    uri = item.get("bizTransaction")
    text = uri if type(uri) is str else str(uri or "")
    return word(item.get("type")) or "", text.strip()


def _references(
    event: Event, transactions: list[tuple[str, str]]
) -> list[tuple[str, str, str | None]]:
    """Documents that the event names, and the consignment that it is part of."""
    found: dict[tuple[str, str, str | None], None] = {}
    for kind, uri in transactions:
        if kind in REFERENCES and uri:
            found[(REFERENCES[kind][0], *_number_of(uri))] = None
    for pieces, _ in _GOODS.get(str(event.get("type")), ()):
        for epc in map(str, _many(event.get(pieces))):
            if "ginc" in epc or "gsin" in epc or "/401/" in epc or "/402/" in epc:
                link = digital_link(epc) or ""
                if link.startswith((ROOT + "401/", ROOT + "402/")):
                    found["shipment", link[len(ROOT) + 4 :], "gs1"] = None
    return sorted(found, key=str) if len(found) > 1 else list(found)


def _number_of(uri: str) -> tuple[str, str | None]:
    """(number, namespace) of a business transaction: a GLN with a number is that party's own numbering; a
    GDTI is unique by itself; any other URI is its own number."""
    if uri.startswith(_TRANSACTION):
        own = uri[len(_TRANSACTION) :].partition(":")[2]
        return (own, None) if own else (uri, NAMESPACE)
    link = digital_link(uri)
    if link and link.startswith(ROOT + "253/"):
        return link[len(ROOT) + 4 :], "gs1"
    return (uri, NAMESPACE) if ":" in uri else (uri, None)


# ---- quantities and places

_GOODS: Final = {
    "ObjectEvent": (("epcList", "quantityList"),),
    "TransactionEvent": (("epcList", "quantityList"),),
    "AggregationEvent": (("childEPCs", "childQuantityList"),),
    "AssociationEvent": (("childEPCs", "childQuantityList"),),
    "TransformationEvent": (("outputEPCList", "outputQuantityList"),),
}
"""Type of event -> members that hold its goods by the piece and by quantity."""


def _quantity(event: Event) -> tuple[str | None, str | None, str]:
    """(quantity, unit, member that it stands in): the sum where all is of one unit, else the number of single
    items where nothing but those is listed."""
    for pieces, bulk in _GOODS.get(event["type"], ()):
        lines = [line for line in _many(event.get(bulk)) if isinstance(line, dict)]
        items = _many(event.get(pieces))
        if lines and not items:
            return (*_sum(lines), bulk)
        if items and not lines and all("sgtin" in str(i) or "/21/" in str(i) for i in items):
            return str(len(items)), "EA", pieces
    quantity = event.get("quantity")  # QuantityEvent of EPCIS 1.2
    return (str(quantity), None, "quantity") if isinstance(quantity, str) else (None, None, "")


def _sum(lines: list[Event]) -> tuple[str | None, str | None]:
    units = {str(line.get("uom") or "") for line in lines}
    texts = [str(line["quantity"]) for line in lines if line.get("quantity") not in (None, "")]
    if len(units) != 1 or len(texts) != len(lines):
        return None, None
    unit = units.pop()
    try:
        total = sum((Decimal(text) for text in texts), Decimal(0))
    except InvalidOperation:
        return next(text for text in texts if not text.replace(".", "", 1).isdigit()), None
    return format(total, "f") if total.is_finite() else texts[0], unit or None


def _put_places(
    said: Said, found: Found, means: Meaning, goods: str, roles: tuple[str, str]
) -> None:
    event = found.event
    stands = {
        "happened_at": "errorDeclaration" if said.action == "retract" else "eventTime",
        "status": "disposition" if event.get("disposition") and means.status else "bizStep",
    }
    if event.get("eventID"):
        stands["number"] = "eventID"
    if said.quantity:
        stands["quantity"] = goods
    if said.references:
        stands["references"] = "bizTransactionList"
    for role in said.parties:
        member = _MEMBERS[roles.index(role)] if role in roles else ""
        stands[role] = member if member in event else "bizTransactionList"
    said.places = {name: found.place(at) for name, at in stands.items() if at in event}


_MEMBERS: Final = tuple(member for member, _ in _SIDES)
