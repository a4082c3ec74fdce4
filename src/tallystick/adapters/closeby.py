"""The evidence about a few deals and one company, out of a whole book.

Idea: who looks at a company or a deal asks for some dozen of a million documents. Where a cut is laid out
(`adapters.laying`), they are looked up: the promises of the company name its deals, the nodes of these deals
the places of their statements, and what breaks compare them with lies at the places of their sellers and of the
numbers that they name. Where it is not, all documents are walked through. Both read the same.

Worked example: C-1 promised something in deals D-1 and D-2. The nodes of the two stand at the places of two
sellers; there lie 60 statements, of which 9 are of these deals. Nothing else of two million is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import SCHEMAS, Cut
from tallystick.adapters.laying import PAPER, Ints, Laid, laid, listed, newer
from tallystick.adapters.relating import related_among
from tallystick.adapters.state import FACTS, linked_evidence, register_evidence
from tallystick.deals import BESIDE, SAID, breaks_among, linked_among
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES
from tallystick.identity import families, ties

_REFERENCES: Final = ("ref1", "ref2", "ref3", "ref4")

NEAR: Final = tuple(dict.fromkeys((*SAID, "version", *_REFERENCES, "subject")))
"""Columns of a statement that is looked at."""

_PAPER: Final = ", ".join(PAPER)
_OF_NEAR: Final = "doc_id IN (SELECT doc_id FROM near_doc)"
_OF_SELLERS: Final = ("invoice", "proforma", "dispatch", "shipment", "warehouse_release")


def dealings(engine: Engine, cut: Cut, company: int) -> pa.Table:
    """The promises that a company made and those that were made to it (schema PROMISE), in no order."""
    ground = laid(cut)
    if ground is None:
        cut.register(engine, "dealt_made", "promises")
        where = f"promisor = {int(company)} OR promisee = {int(company)}"
        found = engine.fetch(f"SELECT * FROM dealt_made WHERE {where}")
    else:
        found = ground.dealings(cut, company)
    schema = SCHEMAS["promises"]
    return found.select(schema.names).cast(schema)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence about some deals, and facts about a company. `linked`: the documents with their deals
    (columns of `doc_linked`); `near`: their statements (columns NEAR); `papers`: where they came from, a row
    for each copy (columns PAPER); `said`: what breaks compare them with (columns BESIDE)."""

    linked: pa.Table
    near: pa.Table
    papers: pa.Table
    said: pa.Table


def evidence_of(engine: Engine, cut: Cut, deals: pa.Array, company: int = 0) -> Evidence:
    """The evidence about some deals, and the facts about a company, read with an engine."""
    deals = deals.cast(pa.int64())
    ground = laid(cut)
    if ground is None:
        return _walked(engine, cut, deals, company)
    return _looked_up(engine, cut, ground, deals, company)


def breaks_of(engine: Engine, near: Evidence, deals: pa.Array) -> list[dict[str, Any]]:
    """Where the documents of some deals disagree (rows of `deals.breaks`)."""
    named = near.papers.select(["doc_id", "version", "named"])
    found = breaks_among(engine, deals.cast(pa.int64()), near.linked, near.near, near.said, named)
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _walked(engine: Engine, cut: Cut, deals: pa.Array, company: int) -> Evidence:
    """Walk through all documents."""
    linked_evidence(engine, cut)
    engine.register("near_deal", pa.table({"deal": deals}))
    engine.keep(
        "near_node",
        "SELECT deal AS node FROM near_deal UNION "
        "SELECT node FROM node_deal WHERE deal IN (SELECT deal FROM near_deal)",
    )
    where = (
        "thread IN (SELECT node FROM near_node) "
        "OR doc_id IN (SELECT doc_id FROM money_part WHERE b IN (SELECT node FROM near_node)) "
        f"OR (subject = {int(company)} AND kind IN {FACTS})"
    )
    engine.keep("said_near", f"SELECT {', '.join(NEAR)} FROM said WHERE {where}")
    near = engine.fetch("SELECT * FROM said_near")
    among = "doc_id IN (SELECT doc_id FROM said_near)"
    papers = engine.fetch(
        f"SELECT d.doc_id, d.version, d.number, d.source, d.row, n.named FROM document d "
        f"JOIN document_named n ON n.doc_id = d.doc_id AND n.version = d.version WHERE d.{among}"
    )
    where = (
        f"kind = 'assignment' OR own IN ({listed(engine, 'near_named', _values(near, _REFERENCES))}) "
        f"OR (seller IN ({listed(engine, 'near_seller', _values(near, ('seller',)))}) "
        f"AND kind IN {_OF_SELLERS})"
    )
    said = engine.fetch(f"SELECT {', '.join(BESIDE)} FROM said WHERE {where}")
    nodes, inferred = cut.read("nodes"), cut.read("inferred")
    return Evidence(_linked(engine, cut, near, nodes, inferred), near, papers, said)


def _looked_up(engine: Engine, cut: Cut, ground: Laid, deals: pa.Array, company: int) -> Evidence:
    """Look up what is laid out."""
    nodes = ground.nodes(cut, deals.to_numpy())
    inner = np.union1d(deals.to_numpy(), nodes["node"].to_numpy())
    inferred = _in_parts(cut)
    parts = inferred.filter(pc.is_in(inferred["b"], value_set=pa.array(inner, pa.int64())))
    places = ground.places(np.union1d(np.union1d(inner, parts["a"].to_numpy()), [company]))
    near = ground.those(places, _near(inner, parts["doc_id"].combine_chunks(), company), NEAR)
    papers = _papers(engine, cut, ground, places, near)
    sellers, named = _values(near, ("seller",)), _values(near, _REFERENCES)
    met = np.unique(np.concatenate([places, sellers, ground.places(named)]))
    said = ground.those(met, _beside(sellers, named), BESIDE)
    ours = near["doc_id"].combine_chunks()
    inferred = inferred.filter(pc.is_in(inferred["doc_id"], value_set=ours))
    return Evidence(_linked(engine, cut, near, nodes, inferred), near, papers, said)


def _papers(engine: Engine, cut: Cut, ground: Laid, places: Ints, near: pa.Table) -> pa.Table:
    """Where the documents of some statements came from (columns PAPER): from the papers at their places, from
    the batches that came later, and those whose statement lies elsewhere now, or stands since, from all."""
    engine.register("near_doc", near.select(["doc_id"]))
    parts = [ground.papers(places, near["doc_id"].combine_chunks())]
    later = newer(cut.snapshot, ground.held())
    fresh = pa.array(sorted(later.live), pa.int64())
    if later.live:
        register_evidence(engine, later, texts=True)
        engine.register("later", pa.table({"version": fresh}))
        of_later = f"version IN (SELECT version FROM later) AND {_OF_NEAR}"
        parts.append(engine.fetch(f"SELECT {_PAPER} FROM document WHERE {of_later}"))
    held = pc.is_in(near["doc_id"], value_set=parts[0]["doc_id"].combine_chunks())
    lost = near.filter(pc.invert(pc.or_(held, pc.is_in(near["version"], value_set=fresh))))
    if len(lost):
        engine.register("lost", lost.select(["doc_id"]))
        register_evidence(engine, cut.snapshot, texts=True)
        gone = lost["doc_id"].combine_chunks()
        parts = [part.filter(pc.invert(pc.is_in(part["doc_id"], value_set=gone))) for part in parts]
        of_lost = "doc_id IN (SELECT doc_id FROM lost)"
        parts.append(engine.fetch(f"SELECT {_PAPER} FROM document WHERE {of_lost}"))
    return pa.concat_tables(parts)


def _in_parts(cut: Cut) -> pa.Table:
    """The money of a cut that was found to be for several bills (schema INFERRED). It is read once for all
    looks, since it is little and is looked for by its bills and by its documents."""
    found = _parts.get(cut.folder)
    if found is None:
        inferred = cut.read("inferred")
        found = inferred.filter(inferred["item"].is_valid())
        _parts.clear()
        _parts[cut.folder] = found
    return found


_parts: dict[Path, pa.Table] = {}


def _near(nodes: Ints, parts: pa.Array, company: int) -> pc.Expression:
    """Which statements are those of deals with some nodes, or facts about the company. Money that was found to
    be for several bills (documents `parts`) is of the deals of each."""
    of_deals = pc.field("thread").isin(pa.array(nodes)) | pc.field("doc_id").isin(parts)
    return of_deals | ((pc.field("subject") == company) & pc.field("kind").isin(FACTS))


def _beside(sellers: Ints, named: Ints) -> pc.Expression:
    """Which statements breaks compare some with: what their sellers billed and shipped, who finances bills, and
    what bears the numbers that they name."""
    of_sellers = pc.field("seller").isin(pa.array(sellers)) & pc.field("kind").isin(_OF_SELLERS)
    return (pc.field("kind") == "assignment") | pc.field("own").isin(pa.array(named)) | of_sellers


def _linked(
    engine: Engine, cut: Cut, near: pa.Table, nodes: pa.Table, inferred: pa.Table
) -> pa.Table:
    """Some statements as documents with their deals; `related` are those who speak or are spoken of."""
    ends = _values(near, (*ROLES, "contributor_party"))
    related = related_among(cut, ends.tolist())
    kin = (ties(related), families(related)) if len(related) else None
    return linked_among(engine, near, nodes, inferred, kin)


def _values(table: pa.Table, columns: Sequence[str]) -> Ints:
    """The values of some columns, each once."""
    found = [table[name].drop_null().to_numpy() for name in columns]
    return np.unique(np.concatenate(found).astype(np.int64))
