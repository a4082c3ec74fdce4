"""Gathering what the timeline of a deal is made of, out of a cut and its linked evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters import closeby
from tallystick.adapters.cuts import Cut
from tallystick.adapters.ledger.tables import some_documents
from tallystick.adapters.reporting import documents_in, made, names_of, promises_of
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Batch, EvidenceError
from tallystick.report import DealMaterial
from tallystick.report.disagreement import companies_in
from tallystick.units import key_of

_LOOKED_UP: Final = ("references", "places")


def gather_deal(code: str, cut: Cut, engine: Engine, batches: Sequence[Batch]) -> DealMaterial:
    """Everything about the deal with that code, read with an engine.

    Raises `EvidenceError` where the book has no such deal, `UnitError` for what is no code.
    """
    deal = key_of(code)
    asked = pa.array([deal], pa.int64())
    near = closeby.evidence_of(engine, cut, asked)
    documents = _documents(deal, cut, engine, near)
    if not documents:
        raise EvidenceError(f"the book has no deal {code}; list them with `tallystick deals`")
    promises = promises_of(cut, deal).to_pylist()
    people = {row.get(role) for row in documents for role in ROLES}
    people |= {row[side] for row in promises for side in ("promisor", "promisee")}
    disagree = closeby.breaks_of(engine, near, asked)
    people.update(companies_in(disagree))
    doc_ids = pa.array(sorted({row["doc_id"] for row in documents}), pa.string())
    return DealMaterial(
        deal=deal,
        documents=documents,
        promises=promises,
        breaks=disagree,
        inferred=cut.rows("inferred", "doc_id", doc_ids).to_pylist(),
        names=_names(cut, (key for key in people if key)),
        batches={batch.version: batch for batch in batches},
        made=made(cut, batches),
    )


def _documents(deal: int, cut: Cut, engine: Engine, near: closeby.Evidence) -> list[dict[str, Any]]:
    """The documents of a deal, with their thread, what they name, and where their facts stand."""
    rows: list[dict[str, Any]] = documents_in(engine, near, [deal], cut).to_pylist()
    wanted = pa.array(sorted({row["doc_id"] for row in rows}), pa.string())
    thread: dict[str, int] = {}
    for doc_id, one in zip(
        *(near.near[name].to_pylist() for name in ("doc_id", "thread")), strict=True
    ):
        thread[doc_id] = min(one, thread.get(doc_id, one))
    columns = ("doc_id", "version", *_LOOKED_UP)
    among = pc.field("version").isin(pc.unique(pa.array([row["version"] for row in rows])))
    stored = some_documents(cut.snapshot, columns, among & pc.field("doc_id").isin(wanted))
    found = {(one["doc_id"], one["version"]): one for part in stored for one in part.to_pylist()}
    for row in rows:
        one = found.get((row["doc_id"], row["version"]), {})
        row |= {name: one.get(name) for name in _LOOKED_UP}
        row["thread"] = thread.get(row["doc_id"])
    return rows


def _names(cut: Cut, companies: Iterable[int]) -> dict[int, str]:
    """Company -> its name, or the identifier of one that has none."""
    wanted = set(companies)
    names = names_of(cut, wanted)
    rest = pa.array(sorted(wanted - set(names)), pa.int64())
    bare = cut.rows("companies", "company", rest, ["company", "ref"])
    return names | dict(zip(bare["company"].to_pylist(), bare["ref"].to_pylist(), strict=True))
