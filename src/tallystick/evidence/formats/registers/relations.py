"""LEI Level 2: who consolidates whom, and why a parent is not named.

Worked example: StartNode A, EndNode B, `IS_DIRECTLY_CONSOLIDATED_BY` yields `Said("ownership",
subject A, issuer B, status="active", reason="IS_DIRECTLY_CONSOLIDATED_BY")`, without a share, since the
register has none. A reporting exception is an `ownership` that names no issuer, status `exception`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tallystick.evidence.formats.registers.lei import NAMESPACE, deleted_at
from tallystick.evidence.formats.registers.tree import Record, at, branch, many
from tallystick.evidence.said import PartySaid, Said

_ANNULLED: Final = frozenset({"ANNULLED", "DUPLICATE", "CANCELLED"})


def read_relationship(record: Record) -> Iterator[Said]:
    """What a `RelationshipRecord` says: the start node is owned or controlled, the end node owns."""
    relation, entry = branch(record, "Relationship"), branch(record, "Registration")
    child, parent = _node(relation, "StartNode"), _node(relation, "EndNode")
    kind = at(relation, "RelationshipType")
    gone = deleted_at(record)
    standing = at(entry, "RegistrationStatus")
    status = "annulled" if standing in _ANNULLED else at(relation, "RelationshipStatus")
    parties = {"subject": child} | ({"issuer": parent} if parent.ids else {})
    yield Said(
        "ownership",
        action="retract" if gone else "state",
        number=" ".join([*(v for p in (child, parent) for _, v in p.ids), kind or ""])[:200],
        namespace=NAMESPACE,
        issued_on=at(entry, "InitialRegistrationDate"),
        happened_at=gone or at(entry, "LastUpdateDate"),
        status=status.lower() if status else None,
        reason=kind,
        note=_periods(relation),
        parties=parties,
    )


def read_exception(record: Record, content_date: str | None) -> Iterator[Said]:
    """What a reporting exception says. Its free text (`ExceptionReference`) may name people: it is left out."""
    lei, category = at(record, "LEI") or "", at(record, "ExceptionCategory")
    gone = deleted_at(record)
    said = Said(
        "ownership",
        number=f"{lei} {category or ''}".strip()[:200] or None,
        namespace=NAMESPACE,
        happened_at=at(record, "ContentDate") or content_date,
        status="exception",
        note=category,
        parties={"subject": PartySaid(ids=[("lei", lei)])},
    )
    if gone:
        yield replace(said, action="retract", happened_at=gone, reason=_reason(record))
    else:
        yield replace(said, reason=_reason(record))


def _reason(record: Record) -> str | None:
    reasons = [at({"r": r}, "r") for r in many(record.get("ExceptionReason"))]
    return " ".join(r for r in reasons if r) or None


def _node(relation: Record | None, name: str) -> PartySaid:
    """A company by its LEI; a node of another type has its own scheme."""
    value = at(relation, f"{name}/NodeID")
    kind = at(relation, f"{name}/NodeIDType") or "LEI"
    scheme = "lei" if kind == "LEI" else f"id:gleif.{kind.lower()}"
    return PartySaid(ids=[(scheme, value)] if value else [])


def _periods(relation: Record | None) -> str | None:
    """`RELATIONSHIP_PERIOD 2012-11-29 to 2015-01-01`, each period of a relationship."""
    periods = [
        inner
        for outer in many(branch(relation, "RelationshipPeriods"))
        if isinstance(outer, dict)
        for inner in many(outer.get("RelationshipPeriod", outer))
    ]
    told = [
        f"{at(p, 'PeriodType') or 'period'} {(at(p, 'StartDate') or '…')[:10]}"
        f" to {(at(p, 'EndDate') or '…')[:10]}"
        for p in periods
        if isinstance(p, dict)
    ]
    return "; ".join(told) or None
