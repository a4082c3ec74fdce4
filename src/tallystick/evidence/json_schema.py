"""The canonical document as a JSON Schema (2020-12), made from the same tables as the checks.

`python -m tallystick.evidence.json_schema` prints it; docs/reference/document.schema.json is its output and
a test holds the two together.
"""

from __future__ import annotations

import json
from typing import Any, Final

from tallystick.evidence.details import MAX_ADDRESS
from tallystick.evidence.kinds import ACTIONS, FAULTS, KINDS, REFERENCE_SCOPE, ROLES, TERMS
from tallystick.evidence.rules import MAX_NOTE, MAX_TEXT
from tallystick.units import CURRENCIES

_DECIMAL: Final = {
    "anyOf": [{"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}, {"type": "number"}],
}


def _text(description: str, limit: int = MAX_TEXT) -> dict[str, Any]:
    return {"type": "string", "maxLength": limit, "description": description}


def _texts(description: str, limit: int = MAX_TEXT) -> dict[str, Any]:
    one = {"type": "string", "maxLength": limit}
    return {"anyOf": [one, {"type": "array", "items": one}], "description": description}


def _day(description: str) -> dict[str, Any]:
    return {"type": "string", "format": "date", "description": description}


def _properties() -> dict[str, Any]:
    return {
        "kind": {"enum": sorted(KINDS), "description": "what the document is"},
        "action": {"enum": list(ACTIONS), "default": "state"},
        "number": _text("the document's own number"),
        "namespace": _text("system within which the number is unique"),
        "issued_on": _day("day of issue"),
        "due_on": _day("due; its meaning depends on the kind"),
        "deliver_on": _day("arrival promised to the buyer"),
        "happened_at": {"type": "string", "format": "date-time", "description": "when it happened"},
        "amount": _DECIMAL | {"description": "in units of the currency"},
        "currency": {"enum": sorted(CURRENCIES)},
        "quantity": _DECIMAL | {"description": "in the unit"},
        "unit": _text("unit of the quantity"),
        "status": _text("code; see the kinds"),
        "reason": _text("code of a complaint, as in the Peppol Invoice Response"),
        "fault": {"enum": list(FAULTS)},
        "terms": {"enum": list(TERMS)},
        "incoterm": _text("Incoterms code"),
        "score": _DECIMAL | {"description": "from 0 to 1"},
        "note": _text("free text", MAX_NOTE),
        "parties": {
            "type": "object",
            "additionalProperties": False,
            "properties": {role: {"$ref": "#/$defs/party"} for role in ROLES},
        },
        "references": {"type": "array", "items": {"$ref": "#/$defs/reference"}},
        "source": _text("file that the document came from"),
        "row": {"type": "integer", "minimum": 1},
    }


def _needs(kind: str) -> dict[str, Any]:
    row = KINDS[kind]
    then: dict[str, Any] = {}
    if row.needs:
        then |= {
            "required": ["parties"],
            "properties": {"parties": {"required": list(row.needs)}},
        }
    if row.statuses:
        then.setdefault("properties", {})["status"] = {"enum": list(row.statuses)}
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": then}


def document_schema() -> dict[str, Any]:
    """The JSON Schema of a document as `Book.add` and JSON Lines files take it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://tallystick.org/schema/document-1.json",
        "title": "Document",
        "description": "One statement by one contributor about one step of a trade.",
        "type": "object",
        "required": ["kind"],
        "anyOf": [{"required": ["issued_on"]}, {"required": ["happened_at"]}],
        "additionalProperties": False,
        "dependentRequired": {"amount": ["currency"]},
        "properties": _properties(),
        "allOf": [
            _needs(kind) for kind in sorted(KINDS) if KINDS[kind].needs or KINDS[kind].statuses
        ],
        "$defs": {
            "party": {
                "type": "object",
                "additionalProperties": False,
                "anyOf": [{"required": ["name"]}, {"required": ["ids"]}],
                "properties": {
                    "name": _text("as the document writes it"),
                    "country": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
                    "ids": {
                        "type": "object",
                        "description": "scheme -> value; schemes in docs/reference/documents.md",
                        "additionalProperties": {"type": "string", "minLength": 1},
                    },
                    "address": _texts("in one text; a list gives several", MAX_ADDRESS),
                    "accounts": _texts("bank accounts: IBAN or number"),
                    "domains": _texts("websites or e-mail addresses"),
                    "other_names": _texts("former and trading names"),
                    "founded": _day("day of founding"),
                },
            },
            "reference": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "number"],
                "properties": {
                    "kind": {"enum": sorted(REFERENCE_SCOPE)},
                    "number": _text("number of the other document"),
                    "namespace": _text("system within which that number is unique"),
                },
            },
        },
    }


if __name__ == "__main__":
    print(json.dumps(document_schema(), indent=2, ensure_ascii=False))
