"""What `explain` was asked for, and the material that answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters import closeby
from tallystick.adapters.cuts import Cut
from tallystick.adapters.reporting import (
    documents_in,
    documents_of,
    gather_near,
    made,
    names_of,
    promises_of,
    records_of,
    weighed,
)
from tallystick.adapters.struck_of import struck_of
from tallystick.engine import Engine
from tallystick.evidence.ledger import Batch, EvidenceError
from tallystick.promises.kinds import PROMISES
from tallystick.report import (
    Explanation,
    Phrases,
    explain_company,
    explain_deal,
    explain_kind,
    explain_promises,
)
from tallystick.report.disagreement import companies_in
from tallystick.units import UnitError, code_of, key_of

SHOWN_DEALS = 400
"""Deals whose documents are shown under a kind of promise; those that weigh most against it first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A company (`deal` None) or a deal, of these perhaps one kind of promise, of which one item."""

    company: int | None = None
    deal: int | None = None
    kind: str | None = None
    item: int | None = None

    @classmethod
    def read(cls, what: str, company_key: Callable[[str], int]) -> Asked:
        """`C-…`, a name or an identifier, `…/kind`, `D-…`, `D-…/kind/item`.

        Raises `EvidenceError` for an unknown kind, a malformed code, or what `company_key` raises.
        """
        text = what.strip()
        if text[:2].upper() == "D-":
            deal, *rest = text.split("/")
            if len(rest) not in (0, 2):
                raise EvidenceError(f"{what!r} is neither a deal D-… nor a promise D-…/kind/item")
            if not rest:
                return cls(deal=_key(deal))
            return cls(deal=_key(deal), kind=_kind(rest[0]), item=_item(rest[1]))
        name, slash, kind = text.rpartition("/")
        if slash and (kind in PROMISES or name[:2].upper() == "C-"):
            return cls(company=company_key(name), kind=_kind(kind))
        return cls(company=company_key(text))


def explain(
    asked: Asked, cut: Cut, engine: Engine, batches: Sequence[Batch], say: Phrases
) -> Explanation:
    """The explanation in the language of `say`, of what is read with an engine."""
    if asked.deal is not None:
        if asked.kind is None:
            return _deal(asked.deal, cut, engine, batches, say)
        return _promise(asked, cut, engine, batches, say)
    assert asked.company is not None
    material, near = gather_near(cut, asked.company, engine, batches)
    if asked.kind is None:
        return _with_struck(explain_company(material, say), cut, asked.company, say)
    if asked.kind not in material.records:
        code, has = code_of(asked.company, "C"), ", ".join(sorted(material.records)) or "none"
        raise EvidenceError(f"{code} made no promise of the kind {asked.kind!r}; it has: {has}")
    mine = material.promises.filter(pc.equal(material.promises["kind"], asked.kind))
    deals = _weightiest(mine)
    documents = documents_in(engine, near, deals, cut).to_pylist()
    return explain_kind(material, asked.kind, documents, say)


def _with_struck(told: Explanation, cut: Cut, company: int, say: Phrases) -> Explanation:
    """The explanation with what was struck about the company, which no number rests on any more."""
    rows = struck_of(cut, company)
    if not rows:
        return told
    lines = tuple(
        Explanation(
            say("x.struck_one", paper=say.paper(row["kind"]), number=row["number"] or "–"),
            row["on"],
            say(
                "x.struck_why", **{name: row[name] or "–" for name in ("by", "why", "contributor")}
            ),
        )
        for row in rows
    )
    return replace(
        told,
        children=(*told.children, Explanation(say("x.struck"), str(len(rows)), children=lines)),
    )


def _weightiest(promises: pa.Table) -> list[int]:
    keys = [("broken_ppm", "descending"), ("w180", "descending"), ("deal", "ascending")]
    deals = promises.sort_by(keys)["deal"].to_pylist()
    return list(dict.fromkeys(deals))[:SHOWN_DEALS]


def _promise(
    asked: Asked, cut: Cut, engine: Engine, batches: Sequence[Batch], say: Phrases
) -> Explanation:
    assert asked.deal is not None
    found = promises_of(cut, asked.deal, asked.kind)
    found = found.filter(pc.equal(found["item"], asked.item))
    if not len(found):
        raise EvidenceError(
            f"deal {code_of(asked.deal, 'D')} has no promise {asked.kind}/{asked.item}; "
            f"try `tallystick explain {code_of(asked.deal, 'D')}`"
        )
    promisors = pc.unique(found["promisor"]).to_pylist()
    rows = weighed(cut, engine, found, records_of(cut, promisors)).to_pylist()
    names = names_of(cut, {*promisors, *found["promisee"].to_pylist()})
    documents = documents_of(engine, [asked.deal], cut).to_pylist()
    by_version = {batch.version: batch for batch in batches}
    return explain_promises(rows, names, made(cut, batches), by_version, documents, say)


def _deal(
    deal: int, cut: Cut, engine: Engine, batches: Sequence[Batch], say: Phrases
) -> Explanation:
    near = closeby.evidence_of(engine, cut, pa.array([deal], pa.int64()))
    documents = documents_in(engine, near, [deal], cut).to_pylist()
    if not documents:
        raise EvidenceError(f"no deal is called {code_of(deal, 'D')}")
    promises = promises_of(cut, deal).to_pylist()
    disagree = closeby.breaks_of(engine, near, pa.array([deal], pa.int64()))
    sides = {p[side] for p in promises for side in ("promisor", "promisee")}
    names = names_of(cut, sides.union(companies_in(disagree)))
    by_version = {batch.version: batch for batch in batches}
    return explain_deal(deal, promises, disagree, names, by_version, documents, say)


def _key(code: str) -> int:
    try:
        return key_of(code)
    except UnitError as error:
        raise EvidenceError(str(error)) from None


def _kind(kind: str) -> str:
    if kind not in PROMISES:
        raise EvidenceError(f"{kind!r} is no kind of promise; these are: {', '.join(PROMISES)}")
    return kind


def _item(text: str) -> int:
    return int(text) if text.isdigit() else _key(text)
