"""Messages in JSON, as programs write the elements of ISO 20022.

Idea: the names are those of the XML, whatever else differs: an amount is `{"Ccy": "EUR", "Value": "7"}`, or
with `@Ccy` and `$` or `#text`; names begin small or large; a wrapper names the message beside it. So the XML is
made again, an element to a line, and read like any other; its lines stand for JSON pointers.

Worked example: `{"CstmrCdtTrfInitn": {"PmtInf": [{"ReqdExctnDt": "2026-03-05"}]}}` has its date at
`/CstmrCdtTrfInitn/PmtInf/0/ReqdExctnDt`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from tallystick.evidence.formats.jsonfile import parse_json
from tallystick.evidence.formats.xmlsafe import MAX_DEPTH, MAX_ELEMENTS, ReaderError

_TEXTS: Final = ("$", "#text", "_", "Value", "value", "_text", "content")
_NAMED: Final = "XMLName"
_PASSED_OVER: Final = frozenset({_NAMED, "Attrs", "@xmlns", "$schema"})
_FIX: Final = "send one message a file, with the names of its elements as ISO 20022 has them"


def as_xml(data: bytes) -> tuple[bytes, list[str]]:
    """The XML of a message, and the JSON pointer of each of its lines from 1 (the first of the list stands for
    none). Raises `ReaderError` for what is not JSON.

    >>> as_xml(b'{"ntry": {"Amt": {"Ccy": "EUR", "Value": "7"}}}')[0].decode().split("\\n")[1:3]
    ['<Ntry>', '<Amt Ccy="EUR">7</Amt>']
    """
    lines, pointers = ["<Document>"], ["", ""]
    for line, pointer in _members(parse_json(data), "", 0):
        if len(lines) > MAX_ELEMENTS:
            raise ReaderError("xml-too-many-elements", "the message holds too many values", _FIX)
        lines.append(line)
        pointers.append(pointer)
    return "\n".join([*lines, "</Document>"]).encode(), pointers


def _members(told: Any, pointer: str, depth: int) -> Iterator[tuple[str, str]]:
    """(line of XML, pointer) of what stands in an object."""
    if depth > MAX_DEPTH:
        raise ReaderError("xml-too-deep", "the message nests values too deep", _FIX)
    for key, values in told.items() if isinstance(told, dict) else ():
        if key in _PASSED_OVER:
            continue
        name = _name(key, values)
        if name == "Document":
            yield from _members(values, f"{pointer}/{key}", depth + 1)
            continue
        repeated = isinstance(values, list)
        for n, value in enumerate(values if repeated else [values]):
            yield from _element(
                name, value, f"{pointer}/{key}/{n}" if repeated else f"{pointer}/{key}", depth
            )


def _element(name: str, value: Any, pointer: str, depth: int) -> Iterator[tuple[str, str]]:
    if not name or value is None:
        return
    text = next((key for key in _TEXTS if isinstance(value, dict) and key in value), None)
    if isinstance(value, dict) and text is None:
        yield f"<{name}>", pointer
        yield from _members(value, pointer, depth + 1)
        yield f"</{name}>", pointer
        return
    content = value[text] if text is not None else value
    attributes = "" if text is None else "".join(_attributes(value, text))
    yield f"<{name}{attributes}>{escape(_plain(content))}</{name}>", pointer


def _attributes(told: dict[str, Any], text: str) -> Iterator[str]:
    for key, value in told.items():
        name = _name(key.lstrip("@_"), value)
        if key != text and name and isinstance(value, str):
            yield f" {name}={quoteattr(_plain(value))}"


def _name(key: str, value: Any) -> str:
    """The name of an element: as the object names itself, else as its key does, which may begin small; "" for a
    key that is no name."""
    told = value.get(_NAMED) if isinstance(value, dict) else None
    name = told.get("Local") if isinstance(told, dict) else None
    plain = str(name or key).rpartition(":")[2]
    return plain[:1].upper() + plain[1:] if plain.isidentifier() and plain.isascii() else ""


def _plain(value: Any) -> str:
    """A value as text on one line: numbers as they were written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if isinstance(value, str | int) else ""
    return " ".join(
        "".join(c if c >= " " and c not in "\ufffe\uffff" else " " for c in text).split()
    )
