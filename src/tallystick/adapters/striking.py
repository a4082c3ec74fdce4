"""Striking documents of a book: handing a strike in, keeping the struck out of what is derived, and telling
whoever sends one again.

Idea: a book in which nothing is struck pays nothing: every query is the one that it would be without strikes.
Else the table `document` leaves the struck ones out, by id; descriptions of parties that only they gave are
left out too; and `deals.define_said` leaves out what says the same again, once it is known who is who.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.intake import stage_said
from tallystick.adapters.ledger.tables import some_columns
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Contributor, EvidenceError, Ledger, Snapshot, Staged
from tallystick.evidence.said import Said
from tallystick.evidence.schema import DOCUMENT, REJECT
from tallystick.evidence.strikes import DISPUTED, STATUSES, STRIKE, Struck

STRUCK_RULE: Final = "struck"
_SHOWN: Final = "`explain --json` shows the doc_id of each document"
_TOLD: Final = ("doc_id", "kind", "own_key", "number", "source", "row")


def verdict(
    ledger: Ledger,
    doc_ids: Sequence[str],
    status: str,
    why: str,
    by: str,
    reason: str,
    at: datetime,
) -> Staged:
    """The batch that strikes ("struck") or lets count again ("restored") some documents. Raises `EvidenceError`
    for what says nothing, and for documents that are not in the book or strike themselves."""
    if status not in STATUSES:
        raise EvidenceError(f"{status!r} is no status of a strike; use {' or '.join(STATUSES)}")
    if reason not in DISPUTED:
        raise EvidenceError(f"{reason!r} is no reason; use one of: {', '.join(DISPUTED)}")
    if not why.strip() or not by.strip():
        raise EvidenceError("a strike is kept with its reason and its author: say why, and by whom")
    wanted = list(dict.fromkeys(doc_ids))
    if not wanted:
        raise EvidenceError(f"name the documents by their doc_id; {_SHOWN}")
    found = ledger.named(wanted)
    missing = sorted(set(wanted) - set(found["doc_id"].to_pylist()))
    if missing:
        raise EvidenceError(f"the book has no document {missing[0]!r}; {_SHOWN}")
    if STRIKE in found["kind"].to_pylist():
        raise EvidenceError("a strike cannot be struck: restore what it struck instead")
    moment = at.isoformat()
    said = [
        Said(STRIKE, number=name, happened_at=moment, status=status, reason=reason, note=why)
        for name in wanted
    ]
    return stage_said(said, Contributor(by, "operator"), STRIKE)


def register_struck(engine: Engine, struck: Struck, rows: str) -> None:
    """Define `document`, the rows of the query `rows` that are not struck, and `document_all` where any are."""
    if not struck:
        engine.define("document", rows)
        return
    engine.define("document_all", rows)
    engine.register("struck", struck.having("struck").select(["doc_id"]))
    engine.define(
        "document",
        f"SELECT * FROM document_all WHERE kind <> '{STRIKE}' "
        "AND doc_id NOT IN (SELECT doc_id FROM struck)",
    )


def without_dropped(engine: Engine, snapshot: Snapshot) -> str:
    """What a query of party descriptions `p` must add so that those which only struck documents gave are left
    out: of a batch, the descriptions of parties that none of its standing documents names."""
    if not snapshot.struck:
        return ""
    engine.keep(
        "struck_copy", "SELECT * FROM document_all WHERE doc_id IN (SELECT doc_id FROM struck)"
    )
    named = _named(engine, "struck_copy")
    parties = pa.array(sorted({party for _, party in named}), pa.int64())
    versions = pa.array(sorted({version for version, _ in named}), pa.int64())
    engine.register("struck_party", pa.table({"party": parties}))
    engine.register("struck_version", pa.table({"version": versions}))
    asked = "document WHERE version IN (SELECT version FROM struck_version)"
    gone = named - _named(engine, asked, " AND {role} IN (SELECT party FROM struck_party)")
    gone -= {(version, who.party) for version, who in snapshot.live.items()}
    columns = list(zip(*sorted(gone), strict=True)) or [(), ()]
    keys = {
        name: pa.array(column, pa.int64())
        for name, column in zip(("version", "party"), columns, strict=True)
    }
    engine.register("dropped_party", pa.table(keys))
    return (
        " AND NOT EXISTS (SELECT 1 FROM dropped_party x "
        "WHERE x.version = p.version AND x.party = p.party)"
    )


def _named(engine: Engine, rows: str, where: str = "") -> set[tuple[int, int]]:
    """(version, party) of the parties that documents name."""
    joined = " AND" if "WHERE" in rows else " WHERE"
    parts = (
        f"SELECT version, {role} AS party FROM {rows}{joined} {role} IS NOT NULL"
        + where.format(role=role)
        for role in ROLES
    )
    found = engine.fetch(" UNION ".join(parts))
    return set(zip(found["version"].to_pylist(), found["party"].to_pylist(), strict=True))


def with_struck(staged: Staged, ledger: Ledger) -> Staged:
    """The batch with what is struck in it told among its rejects (outcome "struck"). Such documents are stored
    and counted as any other, so that every one is accounted for; they count nowhere."""
    struck = ledger.struck()
    if not struck or staged.contributor.kind == "operator":
        return staged
    verdicts = {row["doc_id"]: row for row in struck.having("struck").to_pylist()}
    keys = {
        row["own_key"]: verdicts[row["doc_id"]]
        for row in struck.documents.to_pylist()
        if row["doc_id"] in verdicts
        and row["own_key"] is not None
        and struck.contributors[row["version"]].name == staged.contributor.name
    }
    names, own = pa.array(list(verdicts), pa.string()), pa.array(list(keys), pa.int64())
    told: list[dict[str, Any]] = []
    for part in some_columns(staged.documents, DOCUMENT, _TOLD):
        asked = pc.or_(pc.is_in(part["doc_id"], names), pc.is_in(part["own_key"], own))
        for row in part.filter(asked).to_pylist():
            verdict = verdicts.get(row["doc_id"])
            told.append(_told(row, verdict or keys[row["own_key"]], verdict is not None))
    if not told:
        return staged
    rejects = pa.concat_tables([staged.rejects, pa.Table.from_pylist(told, schema=REJECT)])
    return replace(staged, rejects=rejects)


def _told(row: dict[str, Any], verdict: dict[str, Any], same: bool) -> dict[str, Any]:
    day = datetime.fromtimestamp(verdict["at_us"] / 1e6, UTC).date().isoformat()
    why = f"{verdict['reason']}: {verdict['why']}"
    told = f"struck on {day} by {verdict['by']}, it counts nowhere ({why})"
    other = (
        f"a {row['kind']} of this number was struck on {day} by {verdict['by']} ({why}); this one counts "
        "only where it differs in what was disputed"
    )
    fix = "send a corrected document under the same number, or ask the operator to restore it"
    return {
        "source": row["source"],
        "row": row["row"],
        "field": "number" if row["number"] is not None else None,
        "rule": STRUCK_RULE,
        "message": told if same else other,
        "fix": fix
        if same
        else "nothing, if this is the correction; it is told so that nobody wonders",
        "value": row["number"],
        "outcome": "struck",
    }
