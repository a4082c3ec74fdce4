"""Events out of EPCIS documents, of XML and JSON alike, as dictionaries in the shape of EPCIS 2.0 JSON.

Worked example: `<bizTransaction type="urn:epcglobal:cbv:btt:po">7</bizTransaction>` in XML is
`{"type": "urn:epcglobal:cbv:btt:po", "bizTransaction": "7"}`, as JSON has it. The wrappers `extension` and
`baseExtension` of EPCIS 1.2 are taken off. An element of another namespace is `{namespace}name`.

Sources: EPCIS 1.2 and 2.0 (GS1; ISO/IEC 19987), sections on the XML and JSON bindings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, Final

from tallystick.evidence.formats.epcis.event_hash import Event
from tallystick.evidence.formats.epcis.masterdata import ELEMENT, Names, json_names, xml_name
from tallystick.evidence.formats.jsonfile import at_pointer, open_json
from tallystick.evidence.formats.xmlsafe import Element, stream

TYPES: Final = frozenset(
    "ObjectEvent AggregationEvent TransactionEvent TransformationEvent AssociationEvent "
    "QuantityEvent".split()
)
_LISTS: Final = {
    "eventList": (
        "/epcisBody/queryResults/resultsBody/eventList",
        "/epcisBody/eventList",
        "/eventList",
    )
}
_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(slots=True)
class Found:
    """One event. `place`: name of a member -> where it stands in the file; `expand`: the event with the names
    of its extensions written in full; `ignored`: extensions that its sender wants out of the hash; `names`: how
    the document calls the parties that it names."""

    event: Any
    place: Callable[[str], str]
    expand: Callable[[], Event]
    ignored: frozenset[str]
    names: Names = field(default_factory=dict)


def json_events(source: IO[bytes]) -> Iterator[Found]:
    """The events of a document, a query document, a list or a bare event in JSON. Raises `ReaderError`."""
    opened = open_json(source, _LISTS)
    prefixes = _prefixes(opened.head.get("@context"))
    ignored, names = _ignored(opened.head, prefixes), json_names(opened.head)
    for pointer, event in opened.records:
        if not pointer and isinstance(event, dict) and str(event.get("type")).startswith("EPCIS"):
            pointer, event = "/epcisBody/event", _body_event(event)
            if event is None:
                return
        found = _found_json(pointer, event, prefixes, ignored)
        found.names = names
        yield found


def _body_event(document: Event) -> Any:
    """The one event of a document that has `event` for `eventList`."""
    body = document.get("epcisBody")
    return body.get("event") if isinstance(body, dict) else None


def _found_json(
    pointer: str, event: Any, prefixes: dict[str, str], ignored: frozenset[str]
) -> Found:
    return Found(event, f"{pointer}/".__add__, partial(_whole, event, prefixes), ignored)


def _whole(event: Event, prefixes: dict[str, str]) -> Event:
    """An event with the names of its extensions in full."""
    own = prefixes | _prefixes(event.get("@context")) if "@context" in event else prefixes
    if not own:
        return event
    return {_full(name, own): _expanded(value, own) for name, value in event.items()}


def _prefixes(context: Any) -> dict[str, str]:
    """Prefix -> namespace, of a JSON-LD context; addresses of contexts are not followed."""
    members = context if isinstance(context, list) else [context]
    return {
        name: uri
        for member in members
        if isinstance(member, dict)
        for name, uri in member.items()
        if isinstance(uri, str) and not name.startswith("@")
    }


def _full(name: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{prefixes[prefix]}}}{local}" if colon and prefix in prefixes else name


def _expanded(value: Any, prefixes: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_full(n, prefixes): _expanded(v, prefixes) for n, v in value.items()}
    if isinstance(value, list) and value and not isinstance(value[0], str):
        return [_expanded(member, prefixes) for member in value]
    return value


def _ignored(head: Event, prefixes: dict[str, str]) -> frozenset[str]:
    """What the sender wants out of the hash, said at the top of a document or of the results of a query."""
    results = at_pointer(head, "/epcisBody/queryResults")
    members = [*head.items(), *(results.items() if isinstance(results, dict) else ())]
    return frozenset(
        _full(str(name), prefixes)
        for member, names in members
        if member.endswith(":ignoreFields") and isinstance(names, list)
        for name in names
    )


def xml_events(source: IO[bytes]) -> Iterator[Found]:
    """The events of a document or query document in XML. Raises `ReaderError`."""
    ignored: frozenset[str] = frozenset()
    names: Names = {}
    for element in stream(source, (*TYPES, "ignoreFields", ELEMENT)):
        if element.tag.endswith("}ignoreFields"):
            ignored |= {str(child.tag) for child in element}
        elif element.tag == ELEMENT:
            xml_name(names, element)
        elif "}" not in element.tag:
            found = _found_xml(element, ignored)
            found.names = names
            yield found


def _found_xml(element: Element, ignored: frozenset[str]) -> Found:
    event: Event = {"type": element.tag}
    first: dict[str, Element] = {"": element}
    _take_members(element, event, first)
    return Found(
        event,
        lambda name: f"{name}:{first[name if name in first else ''].sourceline}",
        lambda: event,
        ignored,
    )


def _take_members(element: Element, event: Event, first: dict[str, Element]) -> None:
    """The members of an event, and the first element of each: `first` holds the event itself under ""."""
    for child in element[:]:
        name = child.tag
        if name in ("extension", "baseExtension"):
            _take_members(child, event, first)
            continue
        if name in _MEMBERS:
            value = _MEMBERS[name](child)
        elif len(child) or child.keys():
            value = _tree(child)
        else:
            value = (child.text or "").strip()
        if name in event:
            event[name] = [*_listed(event[name]), *_listed(value)]
            first.setdefault(name, child)
        else:
            event[name], first[name] = value, child


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(element: Element) -> list[str]:
    return [(child.text or "").strip() for child in element[:]]


def _trees(element: Element) -> list[Any]:
    return [_tree(child) for child in element]


def _typed(element: Element) -> list[Event]:
    """`<source type="...">...</source>` as a pair."""
    return [
        {"type": child.get("type"), child.tag: (child.text or "").strip()} for child in element[:]
    ]


def _sensors(element: Element) -> list[Event]:
    out = []
    for sensor in element:
        tree = _tree(sensor)
        out.append(tree if isinstance(tree, dict) else {})
    return out


def _error(element: Element) -> Event:
    tree = _tree(element)
    tree = tree if isinstance(tree, dict) else {}
    ids = tree.get("correctiveEventIDs")
    if isinstance(ids, dict):
        tree["correctiveEventIDs"] = _listed(ids.get("correctiveEventID", []))
    return tree


def _tree(element: Element) -> Any:
    """An element as its text, or as a dictionary of its attributes and children; its own text is under ""."""
    text, children, given = (element.text or "").strip(), element[:], element.items()
    if not children and not given:
        return text
    out: Event = {n: v for n, v in given if not n.startswith(_XSI)}
    for child in children:
        if child.tag in ("extension", "baseExtension"):
            inner = _tree(child)
            out |= inner if isinstance(inner, dict) else {}
            continue
        value = _tree(child)
        out[child.tag] = [*_listed(out[child.tag]), value] if child.tag in out else value
    if not out:
        return text
    if text:
        out[""] = text
    return out


_MEMBERS: Final[dict[str, Callable[[Element], Any]]] = {
    "epcList": _texts,
    "childEPCs": _texts,
    "inputEPCList": _texts,
    "outputEPCList": _texts,
    "quantityList": _trees,
    "childQuantityList": _trees,
    "inputQuantityList": _trees,
    "outputQuantityList": _trees,
    "bizTransactionList": _typed,
    "sourceList": _typed,
    "destinationList": _typed,
    "sensorElementList": _sensors,
    "errorDeclaration": _error,
}
