"""Names of parties, out of the master data that a document may bring along (EPCISHeader).

Idea: an event names a party by a key alone; the vocabulary of the same document says what it is called and
where it is. So a name stands by its GLN, and every event that names that GLN bears it.

Worked example: the element `urn:epc:id:pgln:4012345.00000` with the attribute `cbvmda:name` ACME and
`cbvmda:countryCode` DE makes 4012345000009 the party ACME of DE.

Source: CBV 1.2 and 2.0, section 9 (master data attributes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tallystick.evidence.countries import country_code
from tallystick.evidence.details import Details
from tallystick.evidence.formats.epcis.keys import gln_of
from tallystick.evidence.formats.jsonfile import at_pointer
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.said import PartySaid

ELEMENT: Final = "VocabularyElement"
MAX_NAMES: Final = 20_000
"""Names of one document that are kept, so that a long vocabulary does not fill the memory."""

Names = dict[str, PartySaid]
"""GLN -> the party's name, country and address, without identifiers."""

_LAST: Final = re.compile(r"[^#:/]*$")
_ADDRESS: Final = ("streetAddressOne", "streetAddressTwo", "postalCode", "city", "state")


def json_names(head: Mapping[str, Any]) -> Names:
    """The names in the header of a document in JSON."""
    names: Names = {}
    vocabularies = at_pointer(head, "/epcisHeader/epcisMasterData/vocabularyList")
    for vocabulary in _objects(vocabularies):
        for element in _objects(vocabulary.get("vocabularyElementList")):
            told = [(a.get("id"), a.get("attribute")) for a in _objects(element.get("attributes"))]
            put_name(names, element.get("id"), told)
    return names


def xml_name(names: Names, element: Element) -> None:
    """The name that an element of a vocabulary gives, put among the others."""
    told = [(child.get("id"), child.text) for child in element if child.tag == "attribute"]
    put_name(names, element.get("id"), told)


def put_name(names: Names, uri: Any, attributes: Iterable[tuple[Any, Any]]) -> None:
    """Keeps what a vocabulary says of a party or place; of any other key nothing."""
    gln = gln_of(uri) if isinstance(uri, str) else None
    if gln is None or len(names) >= MAX_NAMES:
        return
    told = {_word(key): " ".join(v.split()) for key, v in attributes if isinstance(v, str)}
    if not told.get("name"):
        return
    country = country_code(told.get("countryCode", ""))
    address = ", ".join(text for part in _ADDRESS if (text := told.get(part)))[:500]
    details = Details((address,)) if address else None
    names[gln] = PartySaid(told["name"], country, [], details)


def _word(key: Any) -> str:
    """`urn:epcglobal:cbv:mda#name`, `cbvmda:name` and `name` are one."""
    found = _LAST.search(key) if isinstance(key, str) else None
    return found.group() if found else ""


def _objects(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
