"""A document as a reader found it: text, not yet checked.

Readers (UBL, JSON, the Python API) yield `Said`; `evidence.document.canonicalise` checks each against the
rules and turns the good ones into rows of the canonical schema. A reader that cannot make sense of a
document yields a `Reject` instead. Nothing raises for one bad document.

>>> Said("invoice", number="7", amount="107.50", currency="GBP",
...      parties={"seller": PartySaid("Consortial", "GB")}).kind
'invoice'
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tallystick.evidence.details import Details


@dataclass(slots=True)
class PartySaid:
    """A party as a document names it. `ids`: (scheme, value) as written, e.g. ("vat", "DE 136 695 976");
    `details`: its address and what else is said of it, where anything is."""

    name: str | None = None
    country: str | None = None
    ids: list[tuple[str, str]] = field(default_factory=list)
    details: Details | None = None


@dataclass(slots=True)
class Said:
    """One statement as text. Dates are ISO 8601 text, amounts and quantities decimal text, exactly as the
    source had them after trimming; `score` is decimal text from 0 to 1. `references` are
    (kind, number, namespace or None). `row`: line, row or position in `source`, from 1. `places`: where in the
    source a field stands, as its format says it: `{"amount": "Stmt/Ntry/Amt:47"}` (path and line of XML),
    `{"amount": "MOA 14"}` (segment of EDIFACT), `{"amount": "/amount/value"}` (JSON pointer)."""

    kind: str
    action: str = "state"
    number: str | None = None
    namespace: str | None = None
    issued_on: str | None = None
    due_on: str | None = None
    deliver_on: str | None = None
    happened_at: str | None = None
    amount: str | None = None
    currency: str | None = None
    quantity: str | None = None
    unit: str | None = None
    status: str | None = None
    reason: str | None = None
    fault: str | None = None
    terms: str | None = None
    incoterm: str | None = None
    score: str | None = None
    note: str | None = None
    parties: dict[str, PartySaid] = field(default_factory=dict)
    references: list[tuple[str, str, str | None]] = field(default_factory=list)
    source: str | None = None
    row: int | None = None
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a document was not taken, or is held. Field names as in the schema REJECT."""

    source: str | None
    row: int | None
    field: str | None
    rule: str
    message: str
    fix: str
    value: str | None = None
    outcome: str = "rejected"


def sourced(item: Said | Reject, source: str, row: int) -> Said | Reject:
    """The item as the `row`-th statement of `source`. A `Said` is changed in place: copying each statement of a
    long file takes a tenth of the time of reading it."""
    if isinstance(item, Reject):
        return replace(item, source=source, row=row)
    item.source, item.row = source, row
    return item
