"""The mapping that a canonical table needs no file for: columns bear the names of the fields.

Worked example: a header `kind,number,issued_on,seller_name,buyer_id,ref_order` gives a mapping whose
kind, number and date are those columns, with a seller by name, a buyer by identifier and a reference.

>>> mapping = canonical_mapping(["kind", "number", "issued_on", "buyer_id", "ref_order"], "t.csv")
>>> mapping.document[0].buyer.id[0].column, mapping.document[0].references[0].kind
('buyer_id', 'order')
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

from tallystick.evidence.details import FIELDS as DETAIL_FIELDS
from tallystick.evidence.formats.mapping import DATE_FIELDS, TEXT_FIELDS, DocumentMap, Mapping, Read
from tallystick.evidence.kinds import KINDS, REFERENCE_SCOPE, ROLES
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.links import REFERENCE_ORDER
from tallystick.evidence.sentences import say

FIELDS: Final = (
    "action",
    *TEXT_FIELDS,
    *DATE_FIELDS,
    "happened_at",
    "amount",
    "amount_minor",
    "currency",
    "quantity",
    "quantity_milli",
    "score",
    "score_ppm",
    "note",
)
_PARTY_PARTS: Final = ("id", "name", "country", *DETAIL_FIELDS)
NUMBERS: Final = {
    "lei": "lei",
    "vat": "vat",
    "eori": "eori",
    "duns": "duns",
    "bic": "bic",
    "gln": "gln",
    "uscc": "cn.uscc",
}
"""End of the name of a column that holds one number of a party -> the scheme of the number."""

_REFERENCES: Final = (
    *REFERENCE_ORDER,
    *(kind for kind in KINDS if kind not in REFERENCE_ORDER),
)
NAMES: Final = (
    "kind",
    *FIELDS,
    *(f"{role}_{part}" for role in ROLES for part in (*_PARTY_PARTS, *NUMBERS)),
    *(f"ref_{kind}" for kind in _REFERENCES),
)
"""Every column that a canonical table may have."""


def is_canonical(header: Sequence[str]) -> bool:
    """Whether a table needs no mapping: it says the kind of each row."""
    return "kind" in header


def canonical_mapping(header: Sequence[str], source: str, timezone: str = "UTC") -> Mapping:
    """The mapping of a canonical table. A column that is nearly one of `NAMES` is taken for a slip:
    `EvidenceError`; other columns are left alone."""
    if not is_canonical(header):
        raise EvidenceError(say("kind-column", name=source))
    # looking for a near name costs more than all the rest of this, so known ones are not asked about
    for name in (name for name in header if name not in NAMES):
        near = get_close_matches(name, NAMES, n=1, cutoff=0.88)
        if near:
            raise EvidenceError(say("column-nearly", name=source, column=name, near=near[0]))
    parties = {role: _party(role, header) for role in ROLES}
    references = [
        {"kind": kind, "number": f"ref_{kind}"}
        for kind in _REFERENCES
        if f"ref_{kind}" in header and kind in REFERENCE_SCOPE
    ]
    document = DocumentMap.model_validate(
        {
            "kind": {"column": "kind"},
            **{name: name for name in FIELDS if name in header},
            **{role: party for role, party in parties.items() if party},
            "references": references,
        }
    )
    return Mapping(document=(document,), read=Read(timezone=timezone))


def _party(role: str, header: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {
        part: f"{role}_{part}" for part in _PARTY_PARTS if f"{role}_{part}" in header
    }
    numbers = [
        {"column": f"{role}_{end}", "scheme": scheme}
        for end, scheme in NUMBERS.items()
        if f"{role}_{end}" in header
    ]
    if numbers:
        given["id"] = [*([{"column": given["id"]}] if "id" in given else []), *numbers]
    return given if "id" in given or "name" in given else {}
