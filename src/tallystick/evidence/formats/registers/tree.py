"""A record of a register as plain dictionaries, whichever of XML and JSON it came in.

An element with children is a dictionary by local name, one that stands several times a list, one with
attributes holds its text under `$`, as the JSON of GLEIF does.

>>> at({"Entity": {"LegalName": {"$": " ACME ", "@xml:lang": "en"}}}, "Entity/LegalName")
'ACME'
"""

from __future__ import annotations

from typing import Any

from tallystick.evidence.formats.xmlsafe import Element

Record = dict[str, Any]


def record_of(element: Element) -> Any:
    """An XML element as a dictionary, or as text where it has neither children nor attributes."""
    out: Record = {f"@{local(name)}": value for name, value in element.attrib.items()}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, value = local(child.tag), record_of(child)
        out[name] = [*many(out[name]), value] if name in out else value
    text = (element.text or "").strip()
    if not out:
        return text
    if text:
        out["$"] = text
    return out


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def many(value: Any) -> list[Any]:
    """A value that stands once, several times or not at all, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def branch(record: Any, path: str) -> Any:
    """What stands at `a/b/c`, the first of each where there are several; None where nothing does."""
    for step in path.split("/"):
        record = next(iter(many(record)), None)
        record = record.get(step) if isinstance(record, dict) else None
    return record


def at(record: Any, *paths: str) -> str | None:
    """The text at the first of the paths that holds one."""
    return next((found for path in paths if (found := text(branch(record, path)))), None)


def text(value: Any) -> str | None:
    """The text of a value, trimmed; None where it has none."""
    value = next(iter(many(value)), None)
    value = value.get("$") if isinstance(value, dict) else value
    if value is None or isinstance(value, dict | list | bool):
        return None
    return str(value).strip() or None
