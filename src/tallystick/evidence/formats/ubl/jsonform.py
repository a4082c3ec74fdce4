"""UBL in JSON, as OASIS has it: Malaysia's MyInvois and several providers of Peru exchange it.

Idea: the JSON form is the XML with other brackets. Every element is an array of objects; an object with `_` is
a text with attributes, any other holds elements. So the elements are made again and read like XML, and each
place is the JSON pointer of its value, by a number that stands in for the line.

Worked example: `{"_D": "urn:...:Invoice-2", "Invoice": [{"ID": [{"_": "7"}]}]}` is `<Invoice><cbc:ID>7`, whose
number stands at `/Invoice/0/ID/0`.

Sources: OASIS, UBL 2.1 JSON Alternative Representation 1.0 (values in `IdentifierContent`, `AmountContent` ...)
and 2.0 (values in `_`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from tallystick.evidence.formats.jsonfile import parse_json
from tallystick.evidence.formats.ubl.tree import UBL
from tallystick.evidence.formats.xmlsafe import MAX_DEPTH, MAX_ELEMENTS, Element, ReaderError

_MARK: Final = b'"urn:oasis:names:specification:ubl:schema:xsd:'
_BASIC: Final = f"{{{UBL}CommonBasicComponents-2}}"
_AGGREGATE: Final = f"{{{UBL}CommonAggregateComponents-2}}"
_CONTENT: Final = re.compile(r"_|#text|[A-Z][A-Za-z]*Content")
_ATTRIBUTES: Final = {
    "AmountCurrencyIdentifier": "currencyID",
    "QuantityUnitCode": "unitCode",
    "IdentificationSchemeIdentifier": "schemeID",
    "IdentificationSchemeNameText": "schemeName",
    "IdentificationSchemeAgencyNameText": "schemeAgencyName",
    "CodeListIdentifier": "listID",
}
"""Attributes of version 1.0 -> those of the XML."""

_NOT_KEPT: Final = frozenset({"UBLExtensions", "Signature"})
_LAST_LINE: Final = 65_000
"""lxml keeps a line in 16 bits; what stands behind has the place of the document."""


def looks_like_json(head: bytes) -> bool:
    """Whether the first bytes of a file are JSON that names a namespace of UBL.

    >>> looks_like_json(b'{"_D": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice": [')
    True
    """
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return begin.startswith(b"{") and _MARK in begin


def documents(data: bytes) -> Iterator[tuple[Element, list[str]]]:
    """Each document of a file as the root of its XML, with the JSON pointers that its lines stand for.

    Raises `ReaderError` where the file is not JSON, or no document of UBL."""
    told = parse_json(data)
    space = next((v for k, v in told.items() if k in ("_D", "_")), "") if _is_object(told) else ""
    name = str(space).removeprefix(UBL).removesuffix("-2")
    listed = told.get(name) if _is_object(told) and name else None
    if listed is None:
        raise ReaderError(
            "not-ubl",
            "the JSON names a namespace of UBL but holds no document of it",
            "send UBL in the JSON of OASIS (_D, and the document under its name), or as XML",
        )
    for n, document in enumerate(listed if isinstance(listed, list) else [listed]):
        pointers = [""]
        root = etree.Element(f"{{{space}}}{name}")
        _fill(root, document, f"/{name}/{n}", pointers, 1)
        yield root, pointers


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _fill(parent: Element, told: Any, pointer: str, pointers: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ReaderError(
            "xml-too-deep", "the file nests values too deep", "send it as it should be"
        )
    for name, values in told.items() if isinstance(told, dict) else ():
        if name in _NOT_KEPT or not name.isidentifier() or name.startswith("_"):
            continue
        for n, value in enumerate(values if isinstance(values, list) else [values]):
            _add(parent, name, value, f"{pointer}/{name}/{n}", pointers, depth)


def _add(
    parent: Element, name: str, value: Any, pointer: str, pointers: list[str], depth: int
) -> None:
    if len(pointers) > MAX_ELEMENTS:
        raise ReaderError(
            "xml-too-many-elements",
            f"the file has more than {MAX_ELEMENTS:,} values",
            "send one document per file",
        )
    members = value if isinstance(value, dict) else {"_": value}
    content = next((key for key in members if _CONTENT.fullmatch(key)), None)
    child = etree.SubElement(parent, f"{_AGGREGATE if content is None else _BASIC}{name}")
    pointers.append(pointer)
    child.sourceline = len(pointers) - 1 if len(pointers) <= _LAST_LINE else 0
    if content is None:
        _fill(child, members, pointer, pointers, depth + 1)
        return
    child.text = _plain(members[content])
    for key, text in members.items():
        attribute = _ATTRIBUTES.get(key, key.lstrip("@"))
        if key != content and attribute.isidentifier() and isinstance(text, str):
            child.set(attribute, _allowed(text))


def _plain(value: Any) -> str:
    """A value as text: numbers as they were written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _allowed(str(value)) if isinstance(value, str | int) else ""


def _allowed(text: str) -> str:
    """A text without what no XML can hold."""
    return (
        "".join(c for c in text if c >= " " or c in "\t\n\r")
        .replace("\ufffe", "")
        .replace("\uffff", "")
    )
