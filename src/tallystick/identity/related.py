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
from tallystick.identity.addresses import one_place
from tallystick.identity.ordering import flags, repeated
from tallystick.units import PPM

Ints = npt.NDArray[np.int64]

OWNERSHIP: Final = "ownership"
HEAD: Final = "ultimate_parent"

SHARED_PPM: Final = {"account": 900_000, "domain": 700_000, "address": 400_000}
"""What two companies share -> how far it relates them where nobody else shares it. None is whole: anybody can
write the account of another into a description, and what is broken must not vanish by that."""

MOST_OWNERS: Final = 8
"""What more differently owned companies share relates nobody: past that it is a house of offices, a payment
agent or a provider, and each of eight weighs no more than a seventh."""

MOST_COMPANIES: Final = 64
"""What more companies share relates nobody, whoever owns them: so pairs stay in proportion to companies."""

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
    shared = _shared(parties, merged, heads)
    keys = [("a", "ascending"), ("b", "ascending"), ("sort", "ascending")]
    return pa.concat_tables([held, _head_rows(heads), shared]).sort_by(keys).combine_chunks()


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
    columns = _sorted(*(rows[name].to_numpy() for name in rows.column_names))
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


def _shared(parties: pa.Table, merged: pa.Table, heads: tuple[Ints, Ints]) -> pa.Table:
    """One row for each pair of companies of different families and each sort of trait that they share."""
    company, trait, texts, shown = _traits(parties, merged)
    owner = _mapped(company, *heads)
    trait, company, owner = _sorted(trait, company, owner)
    company, trait, owner = (
        values[~repeated(trait, company)] for values in (company, trait, owner)
    )
    by_owner = _sorted(trait, owner)
    owners = np.bincount(by_owner[0][~repeated(*by_owner)], minlength=len(texts))
    companies = np.bincount(trait, minlength=len(texts))
    telling = (owners >= 2) & (owners <= MOST_OWNERS) & (companies <= MOST_COMPANIES)
    kept = telling[trait]
    company, trait, owner = company[kept], trait[kept], owner[kept]
    left, right = _pairs(trait, owner)
    sort = pc.list_element(pc.split_pattern(texts, ":", max_splits=1), 0)
    base = np.array([SHARED_PPM[name] for name in sort.to_pylist()], np.int64)
    of_pair = trait[left]
    rows = pa.table(
        {
            "a": company[left],
            "b": company[right],
            "sort": sort.take(of_pair),
            "weight_ppm": base[of_pair] // (owners[of_pair] - 1),
            "share_ppm": pa.nulls(len(left), pa.int64()),
            "detail": shown.take(of_pair),
            "day": pa.nulls(len(left), pa.int32()),
            "doc_id": pa.nulls(len(left), pa.string()),
        },
        schema=RELATED,
    )
    up = "ascending"
    keys = [("a", up), ("b", up), ("sort", up), ("weight_ppm", "descending"), ("detail", up)]
    rows = rows.sort_by(keys).combine_chunks()
    sorts = rows["sort"].dictionary_encode().combine_chunks().indices.to_numpy()
    again = repeated(rows["a"].to_numpy(), rows["b"].to_numpy(), sorts)
    return rows.filter(pa.array(~again))


def _pairs(trait: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """Places of the pairs that share a trait and have different owners. Rows are sorted by trait, and no
    trait has more than MOST_COMPANIES."""
    left, right = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for apart in range(1, min(MOST_COMPANIES, len(trait))):
        place = np.flatnonzero(
            (trait[apart:] == trait[:-apart]) & (owner[apart:] != owner[:-apart])
        )
        left.append(place)
        right.append(place + apart)
    return np.concatenate(left), np.concatenate(right)


def _traits(parties: pa.Table, merged: pa.Table) -> tuple[Ints, Ints, pa.Array, pa.Array]:
    """Company and number of the trait of each trait that a description tells; the traits as they are
    compared; and as they are shown."""
    none, words = np.zeros(0, np.int64), pa.array([], pa.string())
    if "traits" not in parties.column_names:
        return none, none, words, words
    lists = parties["traits"].combine_chunks()
    told = pc.list_flatten(lists)
    relates = np.logical_or.reduce([flags(pc.starts_with(told, f"{s}:")) for s in SHARED_PPM])
    row = pc.list_parent_indices(lists).to_numpy()[relates]
    encoded = told.filter(pa.array(relates)).dictionary_encode()
    written = encoded.dictionary
    compared = pa.array([_compared(text) for text in written.to_pylist()], pa.string())
    codes = compared.dictionary_encode()
    company = _mapped(parties["party"].to_numpy()[row], *_by_first(merged))
    number = codes.indices.fill_null(-1).to_numpy()[encoded.indices.to_numpy()]
    known = number >= 0
    return company[known], number[known].astype(np.int64), codes.dictionary, _shown(codes, written)


def _compared(trait: str) -> str | None:
    """A trait as it is compared; None for an address that names no single place."""
    sort, _, value = trait.partition(":")
    if sort != "address":
        return trait
    place = one_place(value)
    return f"address:{place}" if place else None


def _shown(codes: pa.DictionaryArray, written: pa.Array) -> pa.Array:
    """For each trait as it is compared the first, by the alphabet, of those that were written."""
    told = pa.table({"code": codes.indices, "text": written}).filter(codes.indices.is_valid())
    first = told.group_by("code", use_threads=False).aggregate([("text", "min")]).sort_by("code")
    return first["text_min"].combine_chunks()


def _by_first(merged: pa.Table) -> tuple[Ints, Ints]:
    rows = merged.sort_by("party")
    return rows["party"].to_numpy(), rows["company"].to_numpy()


def _mapped(values: Ints, keys: Ints, targets: Ints) -> Ints:
    """The values, those among the (ascending) keys replaced by their targets."""
    if not len(keys):
        return values
    place = np.searchsorted(keys, values).clip(max=len(keys) - 1)
    return np.where(keys[place] == values, targets[place], values)


def _sorted(first: Ints, *others: Ints) -> tuple[Ints, ...]:
    order = np.lexsort((*reversed(others), first))
    return (first[order], *(values[order] for values in others))
