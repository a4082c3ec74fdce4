"""Related parties: who owns whom, and who shares an account, a domain or an address, as a graph of companies.

Idea: a relation never joins two companies, it only says how far the word of one about the other can be taken
for its own. Ownership comes from registers; an owner of half holds the whole, so each company has at most one
parent and, up the chain, one head: companies with one head are one *family*. What descriptions share (their
`traits`) relates companies of different families, the less the more owners share it: an account of a payment
agent and the address of a business centre relate nobody.

Worked example: a holding owns two firms; the three are a family and wholly related. Three strangers share a
domain: each pair is related by 700,000 / (3 - 1) = 350,000 ppm. A tenth of the shares relates by 200,000.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.engine import Engine, sql_text
from tallystick.evidence.ledger import Contributor
from tallystick.identity.ordering import flags, repeated
from tallystick.identity.sharing import ordered_by, shared
from tallystick.units import PPM

Ints = npt.NDArray[np.int64]

OWNERSHIP: Final = "ownership"
HEAD: Final = "ultimate_parent"

HALF_PPM: Final = PPM // 2
"""Who owns half of a company decides in it; two that are related by half speak with one voice."""

MOST_LEVELS: Final = 16
"""Parents above parents that are looked through; who stands deeper has no head that is seen."""

LISTENED_TO: Final = ("registry", "court", "operator")
"""Contributors whose word on ownership counts."""

RELATED: Final = pa.schema(
    [
        pa.field("a", pa.int64(), nullable=False),
        pa.field("b", pa.int64(), nullable=False),
        pa.field("sort", pa.string(), nullable=False),
        pa.field("weight_ppm", pa.int64(), nullable=False),
        pa.field("share_ppm", pa.int64()),
        pa.field("detail", pa.string(), nullable=False),
        pa.field("day", pa.int32()),
        pa.field("doc_id", pa.string()),
    ]
)
"""A relation between two companies, one row for each `sort`. ownership: `b` owns of `a` the `share_ppm` (null:
it controls it), `detail` is the register's word, `day` and `doc_id` the document. ultimate_parent: `b` is
the head of the family of `a`. account, domain, address: `a` < `b` share the trait `detail`."""

OWNED: Final = pa.schema(
    [
        pa.field("owned", pa.int64()),
        pa.field("owner", pa.int64()),
        pa.field("share_ppm", pa.int64()),
        pa.field("reason", pa.string()),
        pa.field("day", pa.int32()),
        pa.field("doc_id", pa.string()),
    ]
)
"""Ownership that stands; columns as in 20_owned.sql."""


def owned(engine: Engine, live: Mapping[int, Contributor]) -> pa.Table:
    """Ownership (schema OWNED) that documents of the view `said` state."""
    heard = [version for version, who in live.items() if who.kind in LISTENED_TO]
    if not heard:
        return OWNED.empty_table()
    engine.register("owner_version", pa.table({"version": pa.array(heard, pa.int64())}))
    return engine.fetch(sql_text(__package__, "20_owned.sql")).select(OWNED.names).cast(OWNED)


def relate(parties: pa.Table, merged: pa.Table, ownership: pa.Table) -> pa.Table:
    """All relations (schema RELATED), by a, b and sort.

    `parties`: descriptions with `party` and, where the book has them, `traits`; `merged`: (party, company)
    where they differ; `ownership`: schema OWNED, between companies.
    """
    held = _holdings(ownership)
    heads = _heads(held)
    told = _shared_rows(shared(parties, merged, heads))
    keys = [("a", "ascending"), ("b", "ascending"), ("sort", "ascending")]
    return pa.concat_tables([held, _head_rows(heads), told]).sort_by(keys).combine_chunks()


def families(related: pa.Table) -> pa.Table:
    """(company, head) of the companies that have a head, and of the heads themselves."""
    rows = related.filter(pc.equal(related["sort"], HEAD))
    member, head = rows["a"].to_numpy(), rows["b"].to_numpy()
    tops = np.unique(head)
    table = {"company": np.concatenate([member, tops]), "head": np.concatenate([head, tops])}
    return pa.table(table).sort_by("company")


def ties(related: pa.Table) -> pa.Table:
    """(a, b, ppm), in both directions: how far two companies are related by all that relates them but a
    common head: 1 - (1 - w1)(1 - w2)..., in whole ppm."""
    rows = related.filter(pc.not_equal(related["sort"], HEAD))
    ends = rows["a"].to_numpy(), rows["b"].to_numpy()
    low, high, weight = np.minimum(*ends), np.maximum(*ends), rows["weight_ppm"].to_numpy()
    order = np.lexsort((weight, high, low))
    low, high, weight = low[order], high[order], weight[order]
    fresh = ~repeated(low, high)
    place = np.cumsum(fresh) - 1
    nth = np.arange(len(low)) - np.flatnonzero(fresh)[place]
    left = np.full(int(fresh.sum()), PPM, np.int64)
    for n in range(int(nth.max(initial=-1)) + 1):
        mine = nth == n
        left[place[mine]] = left[place[mine]] * (PPM - weight[mine]) // PPM
    low, high = low[fresh], high[fresh]
    columns = {
        "a": np.concatenate([low, high]),
        "b": np.concatenate([high, low]),
        "ppm": np.concatenate([PPM - left] * 2),
    }
    return pa.table(columns).sort_by([("a", "ascending"), ("b", "ascending")])


def moved(before: pa.Table, after: pa.Table) -> pa.Array:
    """The companies that are otherwise related in one of two states of the relations than in the other: at an
    end of a tie that differs, or under another head."""
    ends = [
        _differing(*(reading(state) for state in (before, after))) for reading in (ties, families)
    ]
    return pa.array(np.unique(np.concatenate(ends)))


def _differing(before: pa.Table, after: pa.Table) -> Ints:
    """The first column of the rows that only one of two tables of integers has."""
    rows = pa.concat_tables([before, after])
    columns = ordered_by(*(rows[name].to_numpy() for name in rows.column_names))
    again = repeated(*columns)
    again[:-1] |= again[1:]
    return columns[0][~again]


def _holdings(ownership: pa.Table) -> pa.Table:
    """One row for each owner of each company: the document that says most, of equal ones the newest."""
    share = ownership["share_ppm"]
    weight = pc.min_element_wise(pc.multiply(pc.fill_null(share, HALF_PPM), 2), PPM)
    rows = pa.table(
        {
            "a": ownership["owned"],
            "b": ownership["owner"],
            "sort": pa.repeat(OWNERSHIP, len(ownership)),
            "weight_ppm": weight,
            "share_ppm": share,
            "detail": pc.fill_null(ownership["reason"], ""),
            "day": ownership["day"],
            "doc_id": ownership["doc_id"],
        },
        schema=RELATED,
    )
    rows = rows.filter(pc.greater(rows["weight_ppm"], 0))
    down, up = "descending", "ascending"
    keys = [("a", up), ("b", up), ("weight_ppm", down), ("day", down), ("doc_id", up)]
    return _firsts(rows.sort_by(keys), "a", "b")


def _firsts(rows: pa.Table, *keys: str) -> pa.Table:
    """Of sorted rows the first for each value of the keys."""
    again = repeated(*(rows[key].to_numpy() for key in keys))
    return rows.filter(pa.array(~again))


def _heads(held: pa.Table) -> tuple[Ints, Ints]:
    """Companies that somebody decides in, ascending, and the head of each.

    Where two own half each, the one whom a register calls the ultimate parent decides, then the larger
    share, then the smaller key. Companies that own each other in a ring have the smallest of them as head.
    """
    decides = held.filter(pc.equal(held["weight_ppm"], PPM))
    child, parent = decides["a"].to_numpy(), decides["b"].to_numpy()
    last = ~flags(pc.match_substring(decides["detail"], "ULTIMATELY"))
    share = pc.fill_null(decides["share_ppm"], PPM).to_numpy()
    order = np.lexsort((parent, -share, last, child))
    order = order[~repeated(child[order])]
    child, parent = child[order], parent[order]
    nodes = np.unique(np.concatenate([child, parent]))
    above = np.arange(len(nodes))
    above[np.searchsorted(nodes, child)] = np.searchsorted(nodes, parent)
    top = np.arange(len(nodes))
    for _ in range(MOST_LEVELS):
        top = above[top]
    least, step = top.copy(), above[top]
    ring = step == top
    for _ in range(MOST_LEVELS):
        least, ring, step = np.minimum(least, step), ring | (step == top), above[step]
    top = np.where(ring, least, np.arange(len(nodes)))
    return child, nodes[top[np.searchsorted(nodes, child)]]


def _head_rows(heads: tuple[Ints, Ints]) -> pa.Table:
    own = heads[0] == heads[1]  # the head of a ring, and who stands too deep to see its head
    member, head = heads[0][~own], heads[1][~own]
    columns = {
        "a": member,
        "b": head,
        "sort": pa.repeat(HEAD, len(member)),
        "weight_ppm": np.full(len(member), PPM, np.int64),
        "share_ppm": pa.nulls(len(member), pa.int64()),
        "detail": pa.repeat("", len(member)),
        "day": pa.nulls(len(member), pa.int32()),
        "doc_id": pa.nulls(len(member), pa.string()),
    }
    return pa.table(columns, schema=RELATED)


def _shared_rows(pairs: pa.Table) -> pa.Table:
    columns = {name: pairs[name] for name in pairs.column_names}
    columns |= {f.name: pa.nulls(len(pairs), f.type) for f in RELATED if f.name not in columns}
    return pa.table({f.name: columns[f.name] for f in RELATED}, schema=RELATED)
