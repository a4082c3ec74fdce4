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
    by_name = _name_joins(rows, nodes, labels)
    labels = _apply(nodes, labels, by_name)
    company = _company_keys(rows, ids, nodes, labels)
    moved = nodes != company
    merged = pa.table({"party": nodes[moved], "company": company[moved]})
    judgements = _judgements(merged, by_name, refused)
    of_row = company[np.searchsorted(nodes, rows["party"].to_numpy())]
    return Companies(describe_companies(rows, of_row), merged, judgements)


def _distinct(parties: pa.Table) -> pa.Table:
    """Distinct descriptions in a stable order. `ids` become one text, so that rows can be grouped."""
    flat = parties.select(["party", "ref", "name", "name_key", "country"]).append_column(
        "ids", pc.binary_join(parties.column("ids"), "\x1f")
    )
    rows = flat.group_by(flat.column_names, use_threads=False).aggregate([])
    return rows.sort_by([(n, "ascending") for n in ("party", "name", "country", "ids")])


def _identifiers(rows: pa.Table) -> pa.Table:
    """One row (row, id, key) per identifier beyond the first of a description: what can join."""
    texts = rows.column("ids")
    several = np.flatnonzero(pc.match_substring(texts, "\x1f").to_numpy(zero_copy_only=False))
    out_row: list[int] = []
    out_id: list[str] = []
    for place, text in zip(
        several.tolist(), texts.take(pa.array(several)).to_pylist(), strict=True
    ):
        for ref in text.split("\x1f"):
            out_row.append(place)
            out_id.append(ref)
    keys = [hash64(ref) for ref in out_id]
    return pa.table(
        {
            "row": pa.array(out_row, pa.int64()),
            "id": pa.array(out_id, pa.string()),
            "key": pa.array(keys, pa.int64()),
        }
    )


def _join(rows: pa.Table, ids: pa.Table) -> tuple[Ints, Ints, list[tuple[int, str]]]:
    """Nodes (party keys and keys of identifiers, ascending), their label, and refused joins."""
    party = rows.column("party").to_numpy()
    left = party[ids.column("row").to_numpy()] if len(ids) else np.empty(0, np.int64)
    right = ids.column("key").to_numpy()
    nodes = np.unique(np.concatenate([party, right]))
    a, b = np.searchsorted(nodes, left), np.searchsorted(nodes, right)
    ones = np.ones(len(a), np.int8)
    graph = coo_array((ones, (a, b)), shape=(len(nodes), len(nodes))).tocsr()
    _, labels = connected_components(graph, directed=False)
    clashing = _clashes(ids, labels[b] if len(b) else b)
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
    seen: dict[tuple[int, str], str] = {}
    bad: set[int] = set()
    for label, ref in zip(labels.tolist(), ids.column("id").to_pylist(), strict=True):
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


def _name_joins(rows: pa.Table, nodes: Ints, labels: Ints) -> pa.Table:
    """(party, label): descriptions without identifiers whose name and country one company bears."""
    place = np.searchsorted(nodes, rows.column("party").to_numpy())
    named = rows.append_column("label", pa.array(labels[place]))
    named = named.filter(pc.and_(pc.is_valid(named["name_key"]), pc.is_valid(named["country"])))
    has_id = pc.greater(pc.utf8_length(named["ids"]), 0)
    known = named.filter(has_id).group_by(["name_key", "country"], use_threads=False)
    known = known.aggregate([("label", "min"), ("label", "max")])
    single = known.filter(pc.equal(known["label_min"], known["label_max"]))
    bare = named.filter(pc.invert(has_id)).select(["party", "name_key", "country"])
    joined = bare.join(single, ["name_key", "country"], join_type="inner", use_threads=False)
    distinct = joined.group_by(["party", "label_min"], use_threads=False).aggregate([])
    return distinct.rename_columns(["party", "label"]).sort_by("party")


def _apply(nodes: Ints, labels: Ints, by_name: pa.Table) -> Ints:
    out = labels.copy()
    out[np.searchsorted(nodes, by_name["party"].to_numpy())] = by_name["label"].to_numpy()
    return out


def _company_keys(rows: pa.Table, ids: pa.Table, nodes: Ints, labels: Ints) -> Ints:
    """For each node the key of the strongest reference of its component."""
    refs: dict[int, str] = dict(zip(ids["key"].to_pylist(), ids["id"].to_pylist(), strict=True))
    counts = np.bincount(labels, minlength=int(labels.max()) + 1 if len(labels) else 0)
    company = nodes.copy()
    shared = np.flatnonzero(counts[labels] > 1)
    if not len(shared):
        return company
    party = rows["party"].to_numpy()
    wanted = np.isin(party, nodes[shared])
    pairs = rows.filter(pa.array(wanted)).select(["party", "ref"])
    refs |= dict(zip(pairs["party"].to_pylist(), pairs["ref"].to_pylist(), strict=True))
    best: dict[int, tuple[tuple[int, str], int]] = {}
    for place in shared.tolist():
        key = int(nodes[place])
        candidate = (strength(refs[key]), key)
        label = int(labels[place])
        if label not in best or candidate < best[label]:
            best[label] = candidate
    company[shared] = [best[int(label)][1] for label in labels[shared]]
    return company


def _judgements(merged: pa.Table, by_name: pa.Table, refused: list[tuple[int, str]]) -> pa.Table:
    named = set(by_name["party"].to_pylist())
    rows = [
        (party, company, "same name and country" if party in named else "shared identifier", "")
        for party, company in zip(
            merged["party"].to_pylist(), merged["company"].to_pylist(), strict=True
        )
    ]
    rows += [
        (party, 0, "kept apart: two identifiers of one register", ref) for party, ref in refused
    ]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    types = (pa.int64(), pa.int64(), pa.string(), pa.string())
    names = ("party", "company", "reason", "detail")
    return pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})
