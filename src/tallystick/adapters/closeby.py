"""The evidence about a few deals and one company, out of a whole book.

Idea: who looks at a company or a deal asks for some dozen of a million documents. Where a cut is laid out
(`adapters.laying`), they are looked up: the promises of the company name its deals, the nodes of these deals
the places of their statements, and what breaks compare them with lies at the places of their sellers and of the
numbers that they name. Where it is not, all documents are walked through. Both read the same.

Worked example: C-1 promised something in deals D-1 and D-2. The nodes of the two stand at the places of two
sellers; there lie 60 statements, of which 9 are of these deals. Nothing else of two million is read.

Afterwards an engine has `said_near` (the statements of these deals, and the facts about the company),
`doc_linked` (their documents with their deals), `document_near` (doc_id, number, source, row, version: where
these came from, a row for each copy), `live`, and for breaks `said`, `said_node` and `document_named`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.adapters.cuts import SCHEMAS, Cut
from tallystick.adapters.laying import PAPER, Ints, Laid, Near, laid, listed, newer
from tallystick.adapters.relating import related_among
from tallystick.adapters.state import (
    FACTS,
    count,
    linked_evidence,
    register_evidence,
    register_related,
)
from tallystick.deals import INFERRED, define_linked, live_table
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES

NEAR: Final = "said_near"

_PAPER: Final = ", ".join(PAPER)
_WHENCE: Final = "doc_id, number, source, row, version"
_AMONG: Final = f"doc_id IN (SELECT doc_id FROM {NEAR})"
_PART: Final = "b IN (SELECT node FROM near_node)"
_FACTS: Final = ", ".join(f"'{kind}'" for kind in FACTS)
_REFERENCES: Final = ("ref1", "ref2", "ref3", "ref4")


def dealings(engine: Engine, cut: Cut, company: int) -> pa.Table:
    """The promises that a company made and those that were made to it (schema PROMISE), in no order."""
    ground = laid(cut)
    if ground is None:
        cut.register(engine, "dealt_made", "promises")
        where = f"promisor = {int(company)} OR promisee = {int(company)}"
        found = engine.fetch(f"SELECT * FROM dealt_made WHERE {where}")
    else:
        ground.define_promises(engine, cut, "dealt_made", "promisor")
        ground.define_promises(engine, cut, "dealt_taken", "promisee")
        found = engine.fetch(
            f"SELECT * FROM dealt_made WHERE promisor = {int(company)} UNION ALL SELECT * FROM dealt_taken "
            f"WHERE promisee = {int(company)} AND promisor <> {int(company)}"
        )
    schema = SCHEMAS["promises"]
    return found.select(schema.names).cast(schema)


def evidence_of(engine: Engine, cut: Cut, deals: pa.Array, company: int = 0) -> None:
    """Make the evidence about some deals, and the facts about a company, readable in an engine (see above)."""
    engine.register("near_deal", pa.table({"deal": deals.cast(pa.int64())}))
    ground = laid(cut)
    if ground is None:
        _walked(engine, cut, company)
    else:
        _looked_up(engine, cut, ground, company)


def _walked(engine: Engine, cut: Cut, company: int) -> None:
    """Walk through all documents."""
    linked_evidence(engine, cut)
    engine.keep("near_node", _nodes("node_deal"))
    engine.keep(NEAR, f"SELECT * FROM said WHERE {_near(company)}")
    engine.keep("document_near", f"SELECT {_WHENCE} FROM document WHERE {_AMONG}")
    related = register_related(engine, cut.read("related"))
    define_linked(engine, cut.read("nodes"), cut.read("inferred"), NEAR, related)


def _looked_up(engine: Engine, cut: Cut, ground: Laid, company: int) -> None:
    """Look up what is laid out."""
    cut.register(engine, "node_of_all", "nodes")
    cut.register(engine, "inferred_of_all", "inferred")
    engine.keep("node_near", "SELECT * FROM node_of_all WHERE deal IN (SELECT deal FROM near_deal)")
    engine.keep("near_node", _nodes("node_near"))
    engine.keep("money_part", f"SELECT * FROM inferred_of_all WHERE item IS NOT NULL AND {_PART}")
    near = ground.near(engine)
    nodes = _column(engine, "SELECT node FROM near_node UNION SELECT a FROM money_part")
    places = near.places(np.union1d(nodes, [company]))
    near.keep(NEAR, places, _near(company))
    _papers(engine, cut, ground, places)
    _beside(engine, near, places)
    inferred = f"SELECT {', '.join(INFERRED.names)} FROM inferred_of_all WHERE {_AMONG}"
    linked, parts = engine.fetch("SELECT * FROM node_near"), engine.fetch(inferred)
    define_linked(engine, linked, parts, NEAR, _relations(engine, cut))


def _papers(engine: Engine, cut: Cut, ground: Laid, places: Ints) -> None:
    """Where the documents of `said_near` came from: from the papers at their places, from the batches that came
    later, and those whose statement lies elsewhere now, or stands since, from all."""
    ground.register_papers(engine, "laid_paper")
    among = f"place IN ({listed(engine, 'paper_place', places)}) AND {_AMONG}"
    engine.keep("paper_held", f"SELECT {_PAPER} FROM laid_paper WHERE {among}")
    later = newer(cut.snapshot, ground.held())
    engine.register("later", pa.table({"version": pa.array(sorted(later.live), pa.int64())}))
    parts = [f"SELECT {_PAPER} FROM paper_held"]
    if later.live:
        register_evidence(engine, later, texts=True)
        of_later = "version IN (SELECT version FROM later)"
        engine.keep("paper_later", f"SELECT {_PAPER} FROM document WHERE {of_later} AND {_AMONG}")
        parts.append(f"SELECT {_PAPER} FROM paper_later")
    known = " UNION ALL ".join(parts)
    engine.keep(
        "lost",
        f"SELECT doc_id FROM {NEAR} WHERE doc_id NOT IN (SELECT doc_id FROM paper_held) "
        "AND version NOT IN (SELECT version FROM later)",
    )
    if count(engine, "lost"):
        register_evidence(engine, cut.snapshot, texts=True)
        lost = "doc_id IN (SELECT doc_id FROM lost)"
        known = (
            f"SELECT * FROM ({known}) k WHERE doc_id NOT IN (SELECT doc_id FROM lost) "
            f"UNION ALL SELECT {_PAPER} FROM document WHERE {lost}"
        )
    engine.keep("paper_near", known)
    engine.define("document_near", f"SELECT {_WHENCE} FROM paper_near")
    engine.define("document_named", "SELECT doc_id, version, named FROM paper_near")
    versions = _column(engine, f"SELECT version FROM paper_near UNION SELECT version FROM {NEAR}")
    live = {n: cut.snapshot.live[n] for n in versions.tolist() if n in cut.snapshot.live}
    speakers = pa.array(sorted({who.party for who in live.values()}), pa.int64())
    engine.register("live", live_table(live, cut.rows("merged", "party", speakers)))


def _beside(engine: Engine, near: Near, places: Ints) -> None:
    """What breaks compare with: all that the sellers of these deals said, and who bears the numbers that are
    named in them."""
    named = " UNION ".join(
        f"SELECT {ref} FROM {NEAR} WHERE {ref} IS NOT NULL" for ref in _REFERENCES
    )
    sellers = _column(engine, f"SELECT DISTINCT seller FROM {NEAR} WHERE seller IS NOT NULL")
    met = near.places(_column(engine, named))
    # Spark takes `t WHERE (TRUE)` for a table with an alias and the name of a column
    near.define("said", np.unique(np.concatenate([places, sellers, met])), "1 = 1")
    engine.define("said_node", "SELECT own FROM said")


def _relations(engine: Engine, cut: Cut) -> bool:
    """Register how those are related who speak or are spoken of in these deals; whether any are."""
    ends = (*ROLES, "contributor_party")
    parts = (f"SELECT {end} FROM {NEAR} WHERE {end} IS NOT NULL" for end in ends)
    companies = _column(engine, " UNION ".join(parts))
    return register_related(engine, related_among(cut, companies.tolist()))


def _column(engine: Engine, text: str) -> Ints:
    found: Ints = engine.fetch(text).column(0).to_numpy()
    return np.sort(found)


def _nodes(table: str) -> str:
    """The nodes of the deals: those that are told, and the one that each is called after."""
    return (
        "SELECT deal AS node FROM near_deal UNION "
        f"SELECT node FROM {table} WHERE deal IN (SELECT deal FROM near_deal)"
    )


def _near(company: int) -> str:
    """Which statements are those of the deals, or facts about the company. Money that was found to be for
    several bills is of the deals of each."""
    return (
        "thread IN (SELECT node FROM near_node) "
        "OR doc_id IN (SELECT doc_id FROM money_part WHERE b IN (SELECT node FROM near_node)) "
        f"OR (subject = {int(company)} AND kind IN ({_FACTS}))"
    )
