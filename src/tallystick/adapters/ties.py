"""How well companies are known, out of a cut that knew it: only what a few promises change is found anew.

Idea: `edges` has every two companies that dealt with each other, with the tie that an independent witness saw
between them. A few deals that are read again change a few edges; the two companies of each are known
otherwise, and a partner that both have may now be known only among those who deal with each other. Of these
alone the ties are added up again.

Worked example: the first payment that a bank saw between A and B. Edge (A, B) has a tie now, so both are known
a bit better: whoever promised anything to A or to B is to be added up again. C, a partner of both, knew two
companies that did not deal with each other, and now does: what it leaves to A and to B is less by that.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.engine import Engine
from tallystick.record import add_up_ties, find_ties, find_within

EDGE: Final = ("a", "b", "tie_a", "tie_b")
EDGES: Final = (
    "SELECT d.a, d.b, t.tie_a, t.tie_b FROM dealt d LEFT JOIN tie t ON t.a = d.a AND t.b = d.b"
)
"""All edges, out of what `find_ties` keeps."""

_KEYS: Final = ["a", "b"]
_EDGE: Final = ", ".join(EDGE)
MINE: Final = "SELECT company FROM company_again"
"""Those in the deals that were read again."""


def grow_ties(base: Cut, cut: Cut, engine: Engine, medians: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Write the edges, `reach` and `within` of a cut as layers on those of `base`, and make them readable as
    `edge`, `reach` and `within`; `edge_mine` is the edges of `company_again`, the companies in the deals that
    were read again. Returns the companies that are otherwise known to all, and those to whom a partner is.

    Reads `promise`, all promises of the companies in the deals that were read again; `promise_gone` and
    `promise_fresh`, those of these deals as they were and are; `fx` and `credibility`, which must be as before.
    """
    find_ties(engine, cut.as_of_day, cut.policy.record, medians)
    base.register(engine, "edge", "edges")
    engine.keep("edge_before", f"SELECT {_EDGE} FROM edge WHERE {_ends_in(MINE)}")
    changed = _changed_edges(engine)
    keys = pc.unique(changed["a"].combine_chunks())
    engine.register("edge_changed", changed)
    kept = "SELECT 1 FROM edge_changed c WHERE c.a = e.a AND c.b = e.b"
    engine.define(
        "edge_mine",
        f"SELECT {_EDGE} FROM edge_before e WHERE NOT EXISTS ({kept}) "
        f"UNION ALL SELECT {_EDGE} FROM edge_changed WHERE dealt = 1",
    )
    fresh = engine.fetch("SELECT * FROM edge_mine WHERE a IN (SELECT a FROM edge_changed)")
    fresh = fresh.sort_by([(key, "ascending") for key in _KEYS])
    cut.put("edges", fresh, cut.build_on(base, "edges", keys))
    cut.register(engine, "edge", "edges")
    again = _tied_again(engine, changed)
    _add_up_again(cut, engine, again)
    known = _layer(base, cut, engine, "reach", ["company"], again)
    owners = _layer(base, cut, engine, "within", ["promisee", "owner"], again)
    for name in ("reach", "within"):
        cut.register(engine, name, name)
    return known["company"].combine_chunks(), owners["owner"].combine_chunks()


def keep_ties(engine: Engine, companies: str, edges: str = "edge") -> None:
    """Keep as `tie` those of the companies of a query, out of `edge` (or `edge_mine`, where they are among
    `company_again`)."""
    ends = _ends_in(companies)
    engine.keep("tie", f"SELECT {_EDGE} FROM {edges} WHERE tie_a IS NOT NULL AND ({ends})")


def _ends_in(companies: str) -> str:
    return " OR ".join(f"{end} IN ({companies})" for end in _KEYS)


def _changed_edges(engine: Engine) -> pa.Table:
    """Edges that are not as they were: EDGE as they are, `dealt` 1 or 0, `was` 1 or 0, and `tied` where the tie
    is another one."""
    sides = "LEAST(promisor, promisee) AS a, GREATEST(promisor, promisee) AS b"
    parts = (
        f"SELECT {sides} FROM {table} WHERE promisee <> 0"
        for table in ("promise_gone", "promise_fresh")
    )
    engine.keep("pair_again", " UNION ".join(parts))
    match = "JOIN pair_again p ON p.a = e.a AND p.b = e.b"
    rows = f"SELECT e.a, e.b, e.tie_a, e.tie_b FROM {{}} e {match}"
    before, now = (
        {(row["a"], row["b"]): row for row in engine.fetch(rows.format(table)).to_pylist()}
        for table in ("edge_before", f"({EDGES})")
    )
    told = []
    for pair in sorted(before.keys() | now.keys()):
        old, new = before.get(pair), now.get(pair)
        if old != new:
            tie = {name: (new or {}).get(name) for name in EDGE[2:]}
            tied = any(tie[name] != (old or {}).get(name) for name in EDGE[2:])
            flags = {"dealt": int(new is not None), "was": int(old is not None), "tied": int(tied)}
            told.append({"a": pair[0], "b": pair[1], **tie, **flags})
    names = (*EDGE, "dealt", "was", "tied")
    return pa.Table.from_pylist(told, schema=pa.schema([(name, pa.int64()) for name in names]))


def _tied_again(engine: Engine, changed: pa.Table) -> pa.Array:
    """The companies whose ties, or whose partners' dealings with each other, are not as they were."""
    tied = changed.filter(pc.equal(changed["tied"], 1))
    dealt = changed.filter(pc.not_equal(changed["dealt"], changed["was"]))
    ends = pa.concat_arrays([dealt[end].combine_chunks() for end in _KEYS])
    engine.register("dealt_end", pa.table({"company": pc.unique(ends)}))
    engine.register("dealt_again", dealt.select(_KEYS))
    end = "tie_a IS NOT NULL AND {} IN (SELECT company FROM dealt_end)"
    engine.keep(
        "near",
        f"SELECT a AS company, b AS other FROM edge_mine WHERE {end.format('b')} "
        f"UNION ALL SELECT b AS company, a AS other FROM edge_mine WHERE {end.format('a')}",
    )
    both = engine.fetch(
        "SELECT DISTINCT x.company FROM near x JOIN near y ON y.company = x.company "
        "JOIN dealt_again d ON d.a = x.other AND d.b = y.other"
    )
    engine.drop("near")
    parts = [tied[end].combine_chunks() for end in _KEYS]
    return pc.unique(pa.concat_arrays([*parts, both["company"].combine_chunks()]))


def _add_up_again(cut: Cut, engine: Engine, again: pa.Array) -> None:
    """Keep `reach` and `within`; what they say of the companies `again` is complete."""
    policy = cut.policy.record
    engine.register("tied_again", pa.table({"company": again}))
    who = "SELECT company FROM tied_again"
    mine = engine.fetch(MINE)["company"].combine_chunks()
    keep_ties(
        engine, who, "edge_mine" if pc.all(pc.is_in(again, mine), min_count=0).as_py() else "edge"
    )
    add_up_ties(engine, policy)
    few = (
        f"SELECT t.other FROM ties t JOIN reach r ON r.company = t.company "
        f"AND r.partners <= {policy.few_partners} WHERE t.company IN ({who})"
    )
    engine.keep("few_partner", few)
    ends = " AND ".join(f"{end} IN (SELECT other FROM few_partner)" for end in _KEYS)
    engine.keep("dealt", f"SELECT a, b FROM edge WHERE {ends}")
    find_within(engine, policy)


def _layer(
    base: Cut, cut: Cut, engine: Engine, name: str, keys: list[str], again: pa.Array
) -> pa.Table:
    """Write what a table now says of the companies `again` as a layer; the keys of rows that are not as they
    were."""
    columns = f"{', '.join(keys)}, CAST({name} AS BIGINT) AS {name}"
    asked = f"SELECT {columns} FROM {name} WHERE {keys[0]} IN (SELECT company FROM tied_again)"
    order = [(key, "ascending") for key in keys]
    now, before = engine.fetch(asked).sort_by(order), base.rows(name, keys[0], again)
    cut.put(name, now.select(before.column_names), cut.build_on(base, name, again))
    both = before.join(now, keys, join_type="full outer", right_suffix="_now")
    same = pc.fill_null(pc.equal(both[name], both[f"{name}_now"]), False)
    return both.filter(pc.invert(same)).select(keys)
