"""From party descriptions to companies: union over shared identifiers, with registers that forbid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tallystick.evidence.details import OWN_NAME
from tallystick.identity.describe import describe_companies
from tallystick.identity.joining import (
    BY_PERSON,
    EXCLUSIVE,
    Marks,
    Refusal,
    Ties,
    join_anew,
    register_of,
)
from tallystick.identity.judged import JUDGED
from tallystick.identity.ordering import flags, neighbours, ordered, repeated, scheme_rank
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Companies:
    """`companies`: schema COMPANY, by company. `merged`: (party, company) where they differ. `judgements`:
    (party, company, reason, detail) for each join and each refusal to join."""

    companies: pa.Table
    merged: pa.Table
    judgements: pa.Table


def resolve(parties: pa.Table, judged: pa.Table | None = None) -> Companies:
    """Companies of the party descriptions (columns party, ref, name, name_key, country, ids, traits).

    `judged`: what people judged (schema JUDGED); it outranks identifiers and names."""
    rows = _distinct(parties)
    ids = _identifiers(rows)
    judged = _about(rows, judged)
    nodes, labels, refused = _join(rows, ids, judged)
    place = np.searchsorted(nodes, rows["party"].to_numpy())
    by_name = _unless_judged(_name_joins(rows, labels[place]), nodes, labels, judged)
    labels = _apply(nodes, labels, by_name)
    company = _company_keys(rows, ids, nodes, labels)
    moved = nodes != company
    merged = pa.table({"party": nodes[moved], "company": company[moved]})
    judgements = _judgements(merged, by_name, refused, judged)
    return Companies(describe_companies(rows, company[place]), merged, judgements)


def _distinct(parties: pa.Table) -> pa.Table:
    """Distinct descriptions in a stable order. `ids` become one text, so that rows can be grouped; texts
    are compared only where a party is described more than once."""
    flat = parties.select(["party", "ref", "name", "name_key", "country"])
    flat = flat.append_column("ids", pc.binary_join(parties.column("ids"), "\x1f"))
    flat = flat.append_column("also", _other_names(parties.column("traits")))
    party = flat["party"].to_numpy()
    order = np.argsort(party, kind="stable")
    again = neighbours(repeated(party[order]))
    several = flat.take(order[again]).append_column("row", pa.array(order[again]))
    several = several.group_by(flat.column_names, use_threads=False).aggregate([("row", "min")])
    several = several.sort_by(
        [(n, "ascending") for n in ("party", "name", "country", "ids", "also")]
    )
    order = np.concatenate([order[~again], several["row_min"].to_numpy()])
    order = order[np.argsort(party[order], kind="stable")]
    same = len(order) == len(flat) and (order == np.arange(len(flat))).all()
    return (flat if same else flat.take(order)).combine_chunks()


def _other_names(traits: pa.ChunkedArray) -> pa.Array:
    """`details.by_another_name` of each description."""
    lists = traits.combine_chunks()
    marked = pc.list_parent_indices(lists).filter(pc.starts_with(pc.list_flatten(lists), OWN_NAME))
    other = np.zeros(len(lists), dtype=bool)
    other[marked.to_numpy()] = True
    return pa.array(other)


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


def _join(rows: pa.Table, ids: pa.Table, judged: pa.Table) -> tuple[Ints, Ints, list[Refusal]]:
    """Nodes (party keys and keys of identifiers, ascending), their label, and refused joins."""
    party = rows.column("party").to_numpy()
    same = judged.filter(pc.equal(judged["verdict"], "same"))
    left = np.concatenate([party[ids.column("row").to_numpy()], same["a"].to_numpy()])
    right = np.concatenate([ids.column("key").to_numpy(), same["b"].to_numpy()])
    nodes = np.sort(np.concatenate([party, right]))
    nodes = nodes[~repeated(nodes)]
    a, b = np.searchsorted(nodes, left), np.searchsorted(nodes, right)
    ones = np.ones(len(a), np.int8)
    graph = coo_array((ones, (a, b)), shape=(len(nodes), len(nodes))).tocsr()
    labels = connected_components(graph, directed=False)[1].astype(np.int64)
    clashing = _clashes(ids, labels[b[: len(ids)]]) | _judged_labels(nodes, labels, judged)
    if not clashing:
        return nodes, labels, []
    mine = np.isin(labels[b], np.array(sorted(clashing)))
    refs = pa.concat_arrays([ids["id"].combine_chunks(), _judged_refs(same)]).filter(pa.array(mine))
    marks = _marks(rows, ids.filter(pa.array(mine[: len(ids)])), judged, nodes)
    ties = Ties(a[mine], b[mine], refs.to_pylist())
    labels, refused = join_anew(nodes, labels, ties, marks)
    return nodes, labels, refused


def _judged_refs(judged: pa.Table) -> pa.Array:
    return pa.array([BY_PERSON + doc for doc in judged["doc_id"].to_pylist()], pa.string())


def _judged_labels(nodes: Ints, labels: Ints, judged: pa.Table) -> set[int]:
    """Labels of components that people judged about: their ties are weighed one by one."""
    keys = np.concatenate([judged["a"].to_numpy(), judged["b"].to_numpy()])
    return set(labels[np.searchsorted(nodes, keys)].tolist())


def _marks(rows: pa.Table, ids: pa.Table, judged: pa.Table, nodes: Ints) -> Marks:
    """What keeps nodes apart: their numbers in exclusive registers, and the sides of judgements."""
    marks: Marks = {}
    keys = np.concatenate([ids["key"].to_numpy(), judged["a"].to_numpy(), judged["b"].to_numpy()])
    told = rows.filter(pc.is_in(rows["party"], value_set=pa.array(keys)))
    for key, ref in [
        *zip(ids["key"].to_pylist(), ids["id"].to_pylist(), strict=True),
        *zip(told["party"].to_pylist(), told["ref"].to_pylist(), strict=True),
    ]:
        register = register_of(ref)
        if register:
            marks.setdefault(int(np.searchsorted(nodes, key)), {})[register] = ref
    for row in judged.filter(pc.equal(judged["verdict"], "apart")).to_pylist():
        for side in "ab":
            place = int(np.searchsorted(nodes, row[side]))
            marks.setdefault(place, {})[BY_PERSON + row["doc_id"]] = side
    return marks


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


def _name_joins(rows: pa.Table, labels: Ints) -> pa.Table:
    """(party, label): descriptions without identifiers whose name and country one company bears; one whose
    several names are those of several companies is none of them."""
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
    met = joined.group_by(["party"], use_threads=False)
    met = met.aggregate([("label_min", "min"), ("label_min", "max")])
    met = met.filter(pc.equal(met["label_min_min"], met["label_min_max"]))
    return (
        met.select(["party", "label_min_min"]).rename_columns(["party", "label"]).sort_by("party")
    )


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
    strongest = np.empty(int(labels.max(initial=0)) + 1, np.int64)
    strongest[label[firsts]] = nodes[shared[firsts]]
    company = nodes.copy()
    company[shared] = strongest[label]
    return company


def _about(rows: pa.Table, judged: pa.Table | None) -> pa.Table:
    """The judgements on parties that are described at all."""
    if judged is None or not len(judged):
        return JUDGED.empty_table()
    known = rows["party"].combine_chunks()
    both = pc.and_(*(pc.is_in(judged[side], value_set=known) for side in "ab"))
    return judged.filter(both)


def _unless_judged(by_name: pa.Table, nodes: Ints, labels: Ints, judged: pa.Table) -> pa.Table:
    """Joins by name alone, but for those of parties that people joined otherwise or keep apart."""
    if not len(judged):
        return by_name
    after = _apply(nodes, labels, by_name)
    ends = {side: judged[side].to_numpy() for side in "ab"}
    met = np.equal(*(after[np.searchsorted(nodes, keys)] for keys in ends.values()))
    told = met | flags(pc.equal(judged["verdict"], "same"))
    parties = pa.array(np.concatenate([keys[told] for keys in ends.values()]))
    return by_name.filter(pc.invert(pc.is_in(by_name["party"], value_set=parties)))


def _judgements(
    merged: pa.Table, by_name: pa.Table, refused: list[Refusal], judged: pa.Table
) -> pa.Table:
    named = pc.is_in(merged["party"], value_set=by_name["party"].combine_chunks())
    reason = pc.if_else(named, "same name and country", "shared identifier")
    same = judged.filter(pc.equal(judged["verdict"], "same"))
    ends = np.concatenate([same["a"].to_numpy(), same["b"].to_numpy()])
    refs = pa.concat_arrays([_judged_refs(same)] * 2)
    detail = refs.take(pc.index_in(merged["party"], value_set=pa.array(ends)).combine_chunks())
    reason = pc.if_else(pc.is_valid(detail), "judged the same", reason)
    detail = pc.fill_null(detail, "")
    joins = {"party": merged["party"], "company": merged["company"]}
    joins |= {"reason": reason, "detail": detail}
    why = [
        "kept apart: judged so"
        if refusal.mark.startswith(BY_PERSON)
        else "kept apart: two identifiers of one register"
        for refusal in refused
    ]
    refusals = {
        "party": pa.array([refusal.party for refusal in refused], pa.int64()),
        "company": pa.array([0] * len(refused), pa.int64()),
        "reason": pa.array(why, pa.string()),
        "detail": pa.array([refusal.ref for refusal in refused], pa.string()),
    }
    return pa.concat_tables([pa.table(joins), pa.table(refusals)])
