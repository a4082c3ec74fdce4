"""From party descriptions to companies: union over shared identifiers, with registers that forbid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tallystick.evidence.identifiers import strength
from tallystick.identity.describe import describe_companies
from tallystick.identity.ordering import flags, neighbours, ordered, repeated, scheme_rank
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]

EXCLUSIVE: Final = ("lei", "cn.uscc", "vat", "eori", "duns")
"""Registers that give a firm one number: two different ones are two firms (for VAT and EORI, two of one
country)."""


@dataclass(frozen=True, slots=True)
class Companies:
    """`companies`: schema COMPANY, by company. `merged`: (party, company) where they differ. `judgements`:
    (party, company, reason, detail) for each join and each refusal to join."""

    companies: pa.Table
    merged: pa.Table
    judgements: pa.Table


def resolve(parties: pa.Table) -> Companies:
    """Companies of the party descriptions (columns party, ref, name, name_key, country, ids)."""
    rows = _distinct(parties)
    ids = _identifiers(rows)
    nodes, labels, refused = _join(rows, ids)
    place = np.searchsorted(nodes, rows["party"].to_numpy())
    by_name = _name_joins(rows, labels[place])
    labels = _apply(nodes, labels, by_name)
    company = _company_keys(rows, ids, nodes, labels)
    moved = nodes != company
    merged = pa.table({"party": nodes[moved], "company": company[moved]})
    judgements = _judgements(merged, by_name, refused)
    return Companies(describe_companies(rows, company[place]), merged, judgements)


def _distinct(parties: pa.Table) -> pa.Table:
    """Distinct descriptions in a stable order. `ids` become one text, so that rows can be grouped; texts
    are compared only where a party is described more than once."""
    flat = parties.select(["party", "ref", "name", "name_key", "country"]).append_column(
        "ids", pc.binary_join(parties.column("ids"), "\x1f")
    )
    party = flat["party"].to_numpy()
    order = np.argsort(party, kind="stable")
    again = neighbours(repeated(party[order]))
    several = flat.take(order[again]).append_column("row", pa.array(order[again]))
    several = several.group_by(flat.column_names, use_threads=False).aggregate([("row", "min")])
    several = several.sort_by([(n, "ascending") for n in ("party", "name", "country", "ids")])
    order = np.concatenate([order[~again], several["row_min"].to_numpy()])
    order = order[np.argsort(party[order], kind="stable")]
    same = len(order) == len(flat) and (order == np.arange(len(flat))).all()
    return (flat if same else flat.take(order)).combine_chunks()


def _identifiers(rows: pa.Table) -> pa.Table:
    """One row (row, id, key) per identifier of the descriptions that have several: what can join."""
    texts = rows.column("ids")
    several = np.flatnonzero(flags(pc.match_substring(texts, "\x1f")))
    lists = pc.split_pattern(texts.take(several), "\x1f").combine_chunks()
    refs = pc.list_flatten(lists)
    return pa.table(
        {
            "row": several[pc.list_parent_indices(lists).to_numpy()],
            "id": refs,
            "key": _keys(refs, rows),
        }
    )


def _keys(refs: pa.Array, rows: pa.Table) -> Ints:
    """`hash64` of each reference; that of a described party need not be computed again."""
    known = pc.index_in(refs, value_set=rows["ref"].combine_chunks())
    keys: Ints = rows["party"].to_numpy()[pc.fill_null(known, 0).to_numpy()]
    unknown = np.flatnonzero(flags(pc.is_null(known)))
    keys[unknown] = [hash64(ref) for ref in refs.take(unknown).to_pylist()]
    return keys


def _join(rows: pa.Table, ids: pa.Table) -> tuple[Ints, Ints, list[tuple[int, str]]]:
    """Nodes (party keys and keys of identifiers, ascending), their label, and refused joins."""
    party = rows.column("party").to_numpy()
    left = party[ids.column("row").to_numpy()]
    right = ids.column("key").to_numpy()
    nodes = np.sort(np.concatenate([party, right]))
    nodes = nodes[~repeated(nodes)]
    a, b = np.searchsorted(nodes, left), np.searchsorted(nodes, right)
    ones = np.ones(len(a), np.int8)
    graph = coo_array((ones, (a, b)), shape=(len(nodes), len(nodes))).tocsr()
    _, labels = connected_components(graph, directed=False)
    clashing = _clashes(ids, labels[b])
    if not clashing:
        return nodes, labels.astype(np.int64), []
    return _split(ids, nodes, labels.astype(np.int64), a, b, clashing)


def register_of(ref: str) -> str | None:
    """The exclusive register of an identifier, or None; VAT and EORI count per country.

    >>> register_of("vat:DE136695976"), register_of("id:tradeport.member:17")
    ('vat:DE', None)
    """
    scheme, _, value = ref.partition(":")
    if scheme not in EXCLUSIVE:
        return None
    return f"{scheme}:{value[:2]}" if scheme in ("vat", "eori") else scheme


def _clashes(ids: pa.Table, labels: Ints) -> set[int]:
    """Labels of components that hold two different identifiers of one exclusive register."""
    exclusive = np.logical_or.reduce(
        [flags(pc.starts_with(ids["id"], f"{scheme}:")) for scheme in EXCLUSIVE]
    )
    found, key = labels[exclusive], ids["key"].to_numpy()[exclusive]
    order = np.lexsort((key, found))
    suspect = found[order][repeated(found[order]) & ~repeated(found[order], key[order])]
    rows = np.flatnonzero(exclusive)[np.isin(found, suspect)]
    seen: dict[tuple[int, str], str] = {}
    bad: set[int] = set()
    for label, ref in zip(labels[rows].tolist(), ids["id"].take(rows).to_pylist(), strict=True):
        register = register_of(ref)
        if register and seen.setdefault((label, register), ref) != ref:
            bad.add(label)
    return bad


def _split(
    ids: pa.Table, nodes: Ints, labels: Ints, a: Ints, b: Ints, clashing: set[int]
) -> tuple[Ints, Ints, list[tuple[int, str]]]:
    """Join clashing components anew, strongest identifiers first, refusing what a register forbids."""
    next_label = int(labels.max()) + 1
    refused: list[tuple[int, str]] = []
    names = ids.column("id").to_pylist()
    by_label: dict[int, list[int]] = defaultdict(list)
    for n, label in enumerate(labels[b].tolist()):
        if label in clashing:
            by_label[label].append(n)
    for label in sorted(by_label):
        members = np.flatnonzero(labels == label).tolist()
        parent = {node: node for node in members}
        held: dict[int, dict[str, str]] = {node: {} for node in members}

        def root(node: int, parent: dict[int, int] = parent) -> int:
            while parent[node] != node:
                node = parent[node]
            return node

        for n in by_label[label]:
            register = register_of(names[n])
            if register:
                held[int(b[n])][register] = names[n]
        for n in sorted(by_label[label], key=lambda n: (strength(names[n]), int(nodes[a[n]]))):
            x, y = root(int(a[n])), root(int(b[n]))
            if x == y:
                continue
            if any(held[y].get(reg, ref) != ref for reg, ref in held[x].items()):
                refused.append((int(nodes[a[n]]), names[n]))
                continue
            parent[max(x, y)] = min(x, y)
            held[min(x, y)].update(held[max(x, y)])
        fresh: dict[int, int] = {}
        for node in members:
            top = root(node)
            if top not in fresh:
                fresh[top] = next_label
                next_label += 1
            labels[node] = fresh[top]
    return nodes, labels, refused


def _name_joins(rows: pa.Table, labels: Ints) -> pa.Table:
    """(party, label): descriptions without identifiers whose name and country one company bears."""
    named = rows.append_column("label", pa.array(labels))
    named = named.filter(pc.and_(pc.is_valid(named["name_key"]), pc.is_valid(named["country"])))
    has_id = pc.not_equal(named["ids"], "")
    bare = named.filter(pc.invert(has_id)).select(["party", "name_key", "country"])
    asked = pc.is_in(named["name_key"], value_set=bare["name_key"].combine_chunks())
    known = named.filter(pc.and_(has_id, asked))
    known = known.group_by(["name_key", "country"], use_threads=False)
    known = known.aggregate([("label", "min"), ("label", "max")])
    single = known.filter(pc.equal(known["label_min"], known["label_max"]))
    joined = bare.join(single, ["name_key", "country"], join_type="inner", use_threads=False)
    distinct = joined.group_by(["party", "label_min"], use_threads=False).aggregate([])
    return distinct.rename_columns(["party", "label"]).sort_by("party")


def _apply(nodes: Ints, labels: Ints, by_name: pa.Table) -> Ints:
    out = labels.copy()
    out[np.searchsorted(nodes, by_name["party"].to_numpy())] = by_name["label"].to_numpy()
    return out


def _company_keys(rows: pa.Table, ids: pa.Table, nodes: Ints, labels: Ints) -> Ints:
    """For each node the key of the strongest reference of its component."""
    shared = np.flatnonzero(np.bincount(labels)[labels] > 1)
    refs = pa.concat_arrays([rows["ref"].combine_chunks(), ids["id"].combine_chunks()])
    keys = np.concatenate([rows["party"].to_numpy(), ids["key"].to_numpy()])
    said = np.empty(len(nodes), np.int64)
    said[np.searchsorted(nodes, keys)] = np.arange(len(keys))
    refs, label = refs.take(said[shared]), labels[shared]
    order = ordered(label, scheme_rank(refs), refs)
    firsts = order[~repeated(label[order])]
    strongest = np.empty(len(nodes), np.int64)
    strongest[label[firsts]] = nodes[shared[firsts]]
    company = nodes.copy()
    company[shared] = strongest[label]
    return company


def _judgements(merged: pa.Table, by_name: pa.Table, refused: list[tuple[int, str]]) -> pa.Table:
    named = pc.is_in(merged["party"], value_set=by_name["party"].combine_chunks())
    apart = "kept apart: two identifiers of one register"
    joins = {
        "party": merged["party"],
        "company": merged["company"],
        "reason": pc.if_else(named, "same name and country", "shared identifier"),
        "detail": pa.repeat("", len(merged)),
    }
    refusals = {
        "party": pa.array([party for party, _ in refused], pa.int64()),
        "company": pa.repeat(pa.scalar(0, pa.int64()), len(refused)),
        "reason": pa.repeat(apart, len(refused)),
        "detail": pa.array([ref for _, ref in refused], pa.string()),
    }
    return pa.concat_tables([pa.table(joins), pa.table(refusals)])
