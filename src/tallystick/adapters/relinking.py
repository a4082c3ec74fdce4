"""Linking again the deals that new statements touch, out of a cut that is laid out.

Idea: what new statements name leads to the statements that name it too, these to their deals, these to the
sellers for whom inference may now answer otherwise, and all together to the deals that are linked again. Each
step is a look-up (`adapters.laying`); the deals and inferred links of all others stay in the layers below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.laying import NODES, Ints, Near
from tallystick.adapters.rates import usd_rates
from tallystick.deals import INFERRED, define_linked, infer, node_deals, stated_edges
from tallystick.engine import Engine

_INFERRED: Final = INFERRED.names
_TOUCHED: Final = ("said_new", "said_gone")
"""What stands and did not, and what stood and does no more."""


@dataclass(frozen=True, slots=True)
class _Deals:
    """The deals of a cut: `nodes` (node, deal, ppm) as the cut keeps them."""

    nodes: pa.Table

    def of(self, nodes: Ints) -> Ints:
        """The deals that some nodes belong to, each once."""
        known = self.nodes.filter(pc.is_in(self.nodes["node"], pa.array(nodes)))
        alone = np.setdiff1d(nodes, known["node"].to_numpy())
        return np.unique(np.concatenate([known["deal"].to_numpy(), alone]))

    def members(self, deals: Ints) -> Ints:
        """All nodes of some deals: those that are told, and the one that each is called after."""
        told = self.nodes.filter(pc.is_in(self.nodes["deal"], pa.array(deals)))["node"].to_numpy()
        return np.union1d(told, deals)


def relink(base: Cut, cut: Cut, engine: Engine, near: Near, related: bool) -> pa.Array:
    """Link the deals again that the statements `said_new` and `said_gone` touch, and those of the statements
    `said_moved`, with what is `near`; keep their statements as `said_part`, define `doc_linked` over them, and
    name the deals that they were."""
    deals = _Deals(base.read("nodes"))
    touched = _column(engine, " UNION ".join(map(_nodes_of, _TOUCHED)))
    met = _met(engine, near, touched)
    before, inferred = _infer_again(base, engine, near, deals, met)
    ends = [table[end].to_numpy() for table in (before, inferred) for end in "ab"]
    moved = _column(engine, "SELECT DISTINCT thread AS node FROM said_moved")
    again = deals.of(np.unique(np.concatenate([touched, met, moved, *ends])))
    members = deals.members(again)
    _keep_of(engine, near, "said_held", members, ("thread",))
    near.leave()
    engine.keep("said_part", "SELECT * FROM said_held UNION ALL SELECT * FROM said_new")
    engine.drop("said_held")
    kept = base.rows("inferred", "a", pa.array(members))
    kept = kept.filter(pc.invert(pc.is_in(kept["seller"], _again(engine)))).select(_INFERRED)
    part = pa.concat_tables([inferred, kept])
    linked = node_deals(stated_edges(engine, "said_part"), part)
    dropped = pa.array(again)
    cut.put("nodes", linked, cut.build_on(base, "nodes", dropped))
    cut.put("inferred", inferred, cut.build_on(base, "inferred", _again(engine)))
    define_linked(engine, linked, part, "said_part", related)
    engine.register("deal_again", pa.table({"deal": dropped}))
    return dropped


def _nodes_of(table: str) -> str:
    return " UNION ".join(
        f"SELECT {name} AS node FROM {table} WHERE {name} IS NOT NULL" for name in NODES
    )


def _column(engine: Engine, text: str) -> Ints:
    found: Ints = engine.fetch(text).column(0).to_numpy()
    return np.sort(found)


def _keep_of(
    engine: Engine, near: Near, name: str, nodes: Ints, bearing: Sequence[str], columns: str = "*"
) -> None:
    """Keep (some columns of) the statements that have one of some nodes in one of the columns `bearing`."""
    engine.register("laid_node", pa.table({"node": pa.array(nodes, pa.int64())}))
    where = " OR ".join(f"{column} IN (SELECT node FROM laid_node)" for column in bearing)
    near.keep(name, near.places(nodes), where, columns)


def _met(engine: Engine, near: Near, touched: Ints) -> Ints:
    """The threads of the statements that bear or refer to a number that new ones do."""
    _keep_of(engine, near, "met", touched, NODES, "thread")
    return _column(engine, "SELECT DISTINCT thread FROM met")


def _infer_again(
    base: Cut, engine: Engine, near: Near, deals: _Deals, met: Ints
) -> tuple[pa.Table, pa.Table]:
    """The inferred links of the sellers in the deals that were met and in what touches them, as they were and
    as they are. Keeps these as `seller_again`."""
    _keep_of(engine, near, "said_met", deals.members(deals.of(met)), ("thread",), "seller")
    tables = ("said_met", *_TOUCHED)
    parts = (f"SELECT seller FROM {name} WHERE seller IS NOT NULL" for name in tables)
    sellers = _column(engine, " UNION ".join(parts))
    engine.register("seller_again", pa.table({"seller": sellers}))
    again = "seller IN (SELECT seller FROM seller_again)"
    near.define("said_held", sellers, again)
    engine.define(
        "said_seller",
        f"SELECT * FROM said_held UNION ALL SELECT * FROM said_new WHERE {again}",
    )
    named = "SELECT doc_id, version, told_named AS named FROM said_seller"
    engine.define("document_named", named)
    text = "SELECT doc_id, version, told_number AS number, told_note AS note FROM said_seller"
    engine.define("document_text", text)
    now = infer(engine, usd_rates, "said_seller")
    before = base.rows("inferred", "seller", _again(engine)).select(_INFERRED)
    for name in ("said_seller", "said_held", "said_met", "met"):
        engine.drop(name)
    return before, now


def _again(engine: Engine) -> pa.Array:
    found: pa.Array = engine.fetch("SELECT seller FROM seller_again")["seller"].combine_chunks()
    return found
