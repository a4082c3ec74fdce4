"""The event hash of GS1: one name for an event, however it was written.

Idea: the same event in JSON or XML, with other order, time zone, number format or identifier syntax, has one
canonical text, and the hash of that text names it. What is known of an event goes into the text in a fixed
order; what is not (business transactions, parties, master data, extensions) follows in alphabetical order.

>>> text = pre_hash({"type": "ObjectEvent", "eventTime": "2020-03-04T11:00:30+01:00", "bizStep": "departing"})
>>> text
'eventType=ObjectEventeventTime=2020-03-04T10:00:30.000ZbizStep=https://ref.gs1.org/cbv/BizStep-departing'

An event is a dictionary in the shape of EPCIS 2.0 JSON, names of extensions written `{namespace}name`. What
is said about the event and is not the event is left out: its id, the time of its recording, an error
declaration, comments. Numbers are read as doubles, as JSON has them.

Source: CBV 2.0 section 8.9 (GS1); the order of the parts as the public vectors of that section have them.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from tallystick.evidence.formats.epcis.keys import digital_link

Event = dict[str, Any]

CBV: Final = "https://ref.gs1.org/cbv/"
GS1: Final = "https://gs1.org/voc/"
_URNS: Final = {
    "urn:epcglobal:cbv:bizstep:": CBV + "BizStep-",
    "urn:epcglobal:cbv:disp:": CBV + "Disp-",
    "urn:epcglobal:cbv:btt:": CBV + "BTT-",
    "urn:epcglobal:cbv:sdt:": CBV + "SDT-",
    "urn:epcglobal:cbv:er:": CBV + "ER-",
    "cbv:": CBV,
    "gs1:": GS1,
}
_SHORT: Final = tuple(_URNS)
_KEYS: Final = ("urn:epc:", "http")
_BEGINS_NUMBER: Final = frozenset("+-.0123456789")
_NUMBER: Final = re.compile(r"[+-]?(\d{1,300}(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_BARE: Final = re.compile(r"[A-Za-z0-9_\-]+")
_FRACTION: Final = re.compile(r"(\.\d{6})\d+")

_IGNORED: Final = frozenset(
    "recordTime eventID type errorDeclaration @context isA rdfs:comment "
    "{http://www.w3.org/2000/01/rdf-schema#}comment".split()
)

MOMENT: Final = "time"
"""How a moment is spelled."""

Order = tuple[tuple[str, Any], ...]
"""(name, how): "" for a text, `MOMENT` for a moment, another text for the vocabulary that a bare word belongs
to, a tuple for the order of what stands within."""

_EPCS: Final = (("epc", ""),)
_QUANTITIES: Final = (("quantityElement", (("epcClass", ""), ("quantity", ""), ("uom", ""))),)
_METADATA: Final = (
    ("time", MOMENT), ("startTime", MOMENT), ("endTime", MOMENT), ("deviceID", ""),
    ("deviceMetadata", ""), ("rawData", ""), ("dataProcessingMethod", ""), ("bizRules", ""),
)  # fmt: skip
_REPORT: Final = (
    ("type", GS1), ("exception", GS1), ("deviceID", ""), ("deviceMetadata", ""), ("rawData", ""),
    ("dataProcessingMethod", ""), ("time", MOMENT), ("microorganism", ""), ("chemicalSubstance", ""),
    ("value", ""), ("component", CBV + "Comp-"), ("stringValue", ""), ("booleanValue", ""),
    ("hexBinaryValue", ""), ("uriValue", ""), ("minValue", ""), ("maxValue", ""), ("meanValue", ""),
    ("sDev", ""), ("percRank", ""), ("percValue", ""), ("uom", ""), ("coordinateReferenceSystem", ""),
)  # fmt: skip
_DISPOSITION: Final = CBV + "Disp-"
_SENSORS: Final = (("sensorMetadata", _METADATA), ("sensorReport", _REPORT))
_EVENT: Final[Order] = (
    ("eventTime", MOMENT), ("eventTimeZoneOffset", ""), ("certificationInfo", ""), ("epcList", _EPCS),
    ("parentID", ""), ("inputEPCList", _EPCS), ("childEPCs", _EPCS), ("quantityList", _QUANTITIES),
    ("childQuantityList", _QUANTITIES), ("inputQuantityList", _QUANTITIES),
    ("outputEPCList", _EPCS), ("outputQuantityList", _QUANTITIES), ("action", ""),
    ("transformationID", ""), ("bizStep", CBV + "BizStep-"), ("disposition", _DISPOSITION),
    ("persistentDisposition", (("set", _DISPOSITION), ("unset", _DISPOSITION))),
    ("readPoint", (("id", ""),)), ("bizLocation", (("id", ""),)),
    ("sensorElementList", (("sensorElement", _SENSORS),)),
)  # fmt: skip
_LISTS: Final = {
    "epcList": "epc",
    "inputEPCList": "epc",
    "childEPCs": "epc",
    "outputEPCList": "epc",
    "quantityList": "quantityElement",
    "childQuantityList": "quantityElement",
    "inputQuantityList": "quantityElement",
    "outputQuantityList": "quantityElement",
    "sensorElementList": "sensorElement",
}
"""Lists of JSON -> the element that XML has around each of their members, which the text keeps."""

_PAIRS: Final = {
    "bizTransactionList": ("bizTransaction", CBV + "BTT-"),
    "sourceList": ("source", CBV + "SDT-"),
    "destinationList": ("destination", CBV + "SDT-"),
}


def event_hash(event: Event, ignored: frozenset[str] = frozenset()) -> str:
    """`ni:///sha-256;<64 hex digits>?ver=CBV2.0`. `ignored`: names of extensions that the sender asks to leave
    out."""
    digest = hashlib.sha256(pre_hash(event, ignored).encode("utf-8", "replace")).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def pre_hash(event: Event, ignored: frozenset[str] = frozenset()) -> str:
    """The canonical text of an event."""
    known: list[tuple[int, str]] = []
    rest: list[str] = []
    for name, value in event.items():
        if name in _PLACES:
            place, how = _PLACES[name]
            known.append((place, _placed(name, value, how)))
        elif name not in _IGNORED and name not in ignored:
            rest += _loose(name, value)
    sensors = event.get("sensorElementList")
    if sensors and (unplaced := _unplaced(sensors, _SENSORS)):
        rest += _loose("sensorElementList", {"sensorElement": unplaced})
    known.sort()
    rest.sort()
    return f"eventType={event.get('type', '')}{''.join([text for _, text in known])}{''.join(rest)}"


_PLACES: Final = {name: (place, how) for place, (name, how) in enumerate(_EVENT)}


def _placed(name: str, value: Any, how: str | Order) -> str:
    """What a known name says; what is said several times is sorted."""
    if type(how) is str:
        if type(value) is str:
            return f"{name}={text}" if (text := _canonical(value, how)) else ""
        texts = [text for item in _many(value) if (text := canonical(item, how))]
        return "".join(sorted([f"{name}={text}" for text in texts]))
    if type(value) is list and name in _LISTS:
        value = {_LISTS[name]: value}
    parts = [_within(name, item, how) for item in _many(value) if item is not None]  # type: ignore[arg-type]
    return "".join(sorted(parts))


def _within(name: str, value: Any, order: Order) -> str:
    """A structure with its parts and extensions; nothing where it is empty. A bare value is its first part."""
    holder = value if isinstance(value, dict) else {order[0][0]: value}
    text = "".join([_placed(part, holder[part], how) for part, how in order if part in holder])
    if own := [part for part in holder if ":" in part or part[:1] == "{"]:  # as `_is_own`
        text += "".join(sorted([loose for part in own for loose in _loose(part, holder[part])]))
    return name + text if text else ""


def _is_own(name: str) -> bool:
    """Whether a name is an extension, which stays with what it extends."""
    return name.startswith("{") or ":" in name


def _unplaced(value: Any, order: Order) -> list[Event]:
    """What of a known structure has neither a place in its order nor a namespace: it goes last, as a structure
    of its own."""
    found = []
    for item in filter(lambda member: isinstance(member, dict), _many(value)):
        within = {n: _unplaced(item.get(n), how) for n, how in order if type(how) is tuple}
        names = {name for name, _ in order}
        within |= {n: v for n, v in item.items() if n not in names and not _is_own(n)}
        if kept := {name: v for name, v in within.items() if v not in ([], "")}:
            found.append(kept)
    return found


def _loose(name: str, value: Any) -> list[str]:
    """What has no place in the order: each value under its name, sorted within."""
    if name in _PAIRS:
        holds, vocabulary = _PAIRS[name]
        pairs = sorted([_pair(item, holds, vocabulary) for item in _many(value)])
        return [name + "".join(pairs)] if pairs else []
    found = []
    for item in _many(value):
        if isinstance(item, dict):
            text = canonical(item.get("")) if "" in item else ""
            inner = sorted(t for n, v in item.items() if n for t in _loose(n, v))
            found.append(name + (f"={text}" if text else "") + "".join(inner))
        else:
            text = canonical(item)
            found.append(f"{name}={text}" if text else name)
    return found


def _pair(item: Any, name: str, vocabulary: str) -> str:
    """`type=...bizTransaction=...`: the type is bound to what it is the type of."""
    if type(item) is not dict:
        return f"{name}={canonical(item)}"
    kind, given = item.get("type"), item.get(name)
    kind = (_canonical if type(kind) is str else canonical)(kind, vocabulary)
    text = _canonical(given, "") if type(given) is str else canonical(given)
    return f"type={kind}{name}={text}" if kind else f"{name}={text}"


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def canonical(value: Any, vocabulary: str = "") -> str:
    """A value in one spelling; "" where there is none. `vocabulary`: what a bare word belongs to, or `MOMENT`.

    >>> canonical("452.0"), canonical("departing", CBV + "BizStep-"), canonical(True)
    ('452', 'https://ref.gs1.org/cbv/BizStep-departing', 'true')
    """
    if isinstance(value, str):
        return _canonical(value, vocabulary)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number(str(value)) if isinstance(value, int | float) else ""


@lru_cache(maxsize=100_000)
def _canonical(value: str, vocabulary: str) -> str:
    text = value.strip()
    if vocabulary == MOMENT:
        return moment(text)
    if vocabulary and _BARE.fullmatch(text):
        return vocabulary + text
    if text.startswith(_SHORT):
        urn = next(urn for urn in _SHORT if text.startswith(urn))
        return _URNS[urn] + text[len(urn) :]
    if text[:1] in _BEGINS_NUMBER and _NUMBER.fullmatch(text):
        return _number(text)
    return (text.startswith(_KEYS) and digital_link(text)) or text


def _number(text: str) -> str:
    """A number as the shortest text of its double, whole ones without a point."""
    try:
        number = float(text)
        return str(int(number)) if number.is_integer() else str(number)
    except (ValueError, OverflowError):
        return text


def moment(text: str) -> str:
    """A moment in UTC to the millisecond; as it stands where it is none.

    >>> moment("2023-02-02T12:04:03.1415+01:00")
    '2023-02-02T11:04:03.142Z'
    """
    try:
        at = datetime.fromisoformat(_FRACTION.sub(r"\1", text) if "." in text else text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        if at.microsecond % 1000:
            at += timedelta(microseconds=round(at.microsecond, -3) - at.microsecond)
    except (ValueError, OverflowError):
        return text
    return at.isoformat(timespec="milliseconds")[:-6] + "Z"
