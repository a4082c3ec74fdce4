"""From party descriptions to companies: union over shared identifiers, with registers that forbid; then what
shares none is linked by names and by what relates them (`linking`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

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
    Marks,
    Refusal,
    Ties,
    exclusive_refs,
    join_anew,
    marks_of,
    register_of,
)
from tallystick.identity.judged import JUDGED
from tallystick.identity.linking import APART, JOINED, LINK, Around, Filed, Spread, alike, link
from tallystick.identity.ordering import Flags, flags, neighbours, ordered, repeated, scheme_rank
from tallystick.identity.uncollected import uncollected
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]


JUDGEMENT_ORDER: Final = ("party", "company", "reason", "detail")
"""The columns of judgements, and their order."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Firms by the keys of their names, once for each name, and of their traits."""

    names: Filed
    traits: Filed


@dataclass(frozen=True, slots=True)
class Companies:
    """`companies`: schema COMPANY, by company. `merged`: (party, company) where they differ. `judgements`:
    (party, company, reason, detail) for each join and each refusal to join. `links`: schema LINK, the compared
    pairs that are or may be one; `a` and `b` are keys of firms: the strongest parties of those that share an
    identifier. `filed`: the firms by the keys under which later descriptions will meet them."""

    companies: pa.Table
    merged: pa.Table
    judgements: pa.Table
    links: pa.Table
    filed: Filing


@uncollected
def resolve(
    parties: pa.Table,
    judged: pa.Table | None = None,
    spread: Spread = map,
    around: Around | None = None,
) -> Companies:
    """Companies of the party descriptions (columns party, ref, name, name_key, country, ids, traits).

    `judged`: what people judged (schema JUDGED); it outranks identifiers and names. `spread`: who reads and
    compares the names (see `linking`). `around`: the rest of the book, where these are a part of it that
    nothing joins with the rest (see `growing`)."""
    hard = _Hard.of(parties, judged)
    rows, firm, place, label = hard.rows, hard.firm, hard.place, hard.label
    linked = link(_nameable(rows, hard.judged), label[place], hard.marks(), spread, around)
    company = _company_keys(rows, hard.ids, hard.nodes, linked.label[label])
    moved = hard.nodes != company
    merged = pa.table({"party": hard.nodes[moved], "company": company[moved]})
    links = _of_firms(linked.links, hard.firms)
    judgements = _judgements(merged, firm[moved], links, hard.refused, hard.judged)
    filed = Filing(*(Filed(f.key, hard.firms[f.unit]) for f in (linked.names, linked.traits)))
    companies = describe_companies(rows, company[place])
    return Companies(companies, merged, judgements, links, filed)


def firms_alike(
    parties: pa.Table,
    judged: pa.Table,
    fresh: Ints,
    asked: Ints,
    spread: Spread,
    around: Callable[[Ints], Around],
) -> Ints:
    """The firms that may be one with those of the parties `fresh`, among those of `fresh` and of `asked`, out
    of the descriptions `parties`; `around`: the rest of the book but some firms. All else as in `resolve`."""
    hard = _Hard.of(parties, judged)
    node = hard.label[hard.place]
    mine, theirs = (hard.label[np.flatnonzero(np.isin(hard.nodes, k))] for k in (fresh, asked))
    some = np.union1d(mine, theirs)
    rows = np.isin(node, some)
    told = _nameable(hard.rows, hard.judged).filter(pa.array(rows)).combine_chunks()
    rest = around(hard.firms[some])
    return hard.firms[alike(told, node[rows], mine, hard.marks(), spread, rest)]


@dataclass(frozen=True, slots=True)
class _Hard:
    """What identifiers and judgements say. `nodes`: keys of parties and identifiers, and of each `firm`, the
    key of the strongest that it is one with, and `label`, the place of that in `firms`; `place`: the node of
    each description."""

    rows: pa.Table
    ids: pa.Table
    judged: pa.Table
    nodes: Ints
    refused: list[Refusal]
    firm: Ints
    firms: Ints
    label: Ints
    place: Ints

    @classmethod
    def of(cls, parties: pa.Table, judged: pa.Table | None) -> _Hard:
        """Of descriptions."""
        rows = _distinct(parties)
        ids = _identifiers(rows)
        judged = _about(rows, judged)
        nodes, hard, refused = _join(rows, ids, judged)
        firm = _company_keys(rows, ids, nodes, hard)
        firms, label = np.unique(firm, return_inverse=True)
        place = np.searchsorted(nodes, rows["party"].to_numpy())
        return cls(rows, ids, judged, nodes, refused, firm, firms, label, place)

    def marks(self) -> Marks:
        """What keeps the firms (their labels) apart."""
        return _firm_marks(self.rows, self.ids, self.judged, self.nodes, self.label)


def _distinct(parties: pa.Table) -> pa.Table:
    """Distinct descriptions in a stable order. `ids` become one text, so that rows can be grouped; texts
    are compared only where a party is described more than once."""
    flat = parties.select(["party", "ref", "name", "name_key", "country"])
    for lists in ("ids", "traits"):
        flat = flat.append_column(lists, pc.binary_join(parties.column(lists), "\x1f"))
    flat = flat.append_column("also", _other_names(parties.column("traits")))
    party = flat["party"].to_numpy()
    order = np.argsort(party, kind="stable")
    again = neighbours(repeated(party[order]))
    several = flat.take(order[again]).append_column("row", pa.array(order[again]))
    several = several.group_by(flat.column_names, use_threads=False).aggregate([("row", "min")])
    several = several.sort_by(
        [(n, "ascending") for n in ("party", "name", "country", "ids", "traits")]
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
    keys = np.concatenate([ids["key"].to_numpy(), judged["a"].to_numpy(), judged["b"].to_numpy()])
    told = rows.filter(pc.is_in(rows["party"], value_set=pa.array(keys)))
    keys = np.concatenate([ids["key"].to_numpy(), told["party"].to_numpy()])
    refs = [*ids["id"].to_pylist(), *told["ref"].to_pylist()]
    numbers = zip(np.searchsorted(nodes, keys).tolist(), refs, strict=True)
    return marks_of(numbers, _apart(judged, nodes, np.arange(len(nodes))))


def _apart(judged: pa.Table, nodes: Ints, label: Ints) -> list[tuple[int, int, str]]:
    """The judgements that keep apart: labels of the two, and the document."""
    rows = judged.filter(pc.equal(judged["verdict"], "apart"))
    a, b = (label[np.searchsorted(nodes, rows[side].to_numpy())].tolist() for side in "ab")
    return list(zip(a, b, rows["doc_id"].to_pylist(), strict=True))


def _clashes(ids: pa.Table, labels: Ints) -> set[int]:
    """Labels of components that hold two different identifiers of one exclusive register."""
    exclusive = _exclusive(ids["id"])
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


def _nameable(rows: pa.Table, judged: pa.Table) -> pa.Table:
    """The descriptions, but without the names of those that have nothing else and that people joined: the
    person, not the name, said which company that is."""
    same = judged.filter(pc.equal(judged["verdict"], "same"))
    if not len(same):
        return rows
    ends = pa.concat_arrays([same[side].combine_chunks() for side in "ab"])
    told = pc.and_(pc.is_in(rows["party"], value_set=ends), pc.equal(rows["ids"], ""))
    name = pc.if_else(told, pa.scalar(None, pa.string()), rows["name"])
    return rows.set_column(rows.column_names.index("name"), "name", name)


def _firm_marks(rows: pa.Table, ids: pa.Table, judged: pa.Table, nodes: Ints, label: Ints) -> Marks:
    """What keeps firms (their labels) apart: see `joining`."""
    refs = pa.concat_arrays([rows["ref"].combine_chunks(), ids["id"].combine_chunks()])
    keys = np.concatenate([rows["party"].to_numpy(), ids["key"].to_numpy()])
    told = np.flatnonzero(_exclusive(refs))
    firms = label[np.searchsorted(nodes, keys[told])].tolist()
    numbers = zip(firms, refs.take(told).to_pylist(), strict=True)
    return marks_of(numbers, _apart(judged, nodes, label))


def _exclusive(refs: pa.Array | pa.ChunkedArray) -> Flags:
    return flags(pc.match_substring_regex(refs, exclusive_refs()))


def _of_firms(links: pa.Table, firms: Ints) -> pa.Table:
    """The links that are or may be one company, between keys of firms instead of their labels."""
    kept = links.filter(pc.not_equal(links["outcome"], APART))
    for n, side in enumerate("ab"):
        keys = pa.array(firms[kept[side].to_numpy()])
        kept = kept.set_column(n, LINK.field(side), keys)
    return kept


def _judgements(
    merged: pa.Table, firm: Ints, links: pa.Table, refused: list[Refusal], judged: pa.Table
) -> pa.Table:
    """Why each party is its company: judged, sharing an identifier with it, or linked to it (the heaviest link
    of its firm); and what was not joined."""
    same = judged.filter(pc.equal(judged["verdict"], "same"))
    ends = np.concatenate([same["a"].to_numpy(), same["b"].to_numpy()])
    refs = pa.concat_arrays([_judged_refs(same)] * 2)
    by_person = refs.take(pc.index_in(merged["party"], value_set=pa.array(ends)).combine_chunks())
    linked = np.flatnonzero(firm != merged["company"].to_numpy())
    texts = _heaviest(links, firm[linked])
    by_name = pa.array([None] * len(merged), pa.string())
    if len(linked):
        place = np.full(len(merged), -1)
        place[linked] = np.arange(len(linked))
        by_name = texts.take(pa.array(place, mask=place < 0))
    reason = pc.if_else(pc.is_valid(by_name), "linked by name", "shared identifier")
    reason = pc.if_else(pc.is_valid(by_person), "judged the same", reason)
    detail = pc.fill_null(pc.coalesce(by_person, by_name), "")
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
    told = pa.concat_tables([pa.table(joins), pa.table(refusals)])
    return told.sort_by([(key, "ascending") for key in JUDGEMENT_ORDER])


def _heaviest(links: pa.Table, firms: Ints) -> pa.Array:
    """For each firm the names of its heaviest link that was followed, and what it weighs."""
    joined = links.filter(pc.equal(links["outcome"], JOINED))
    a, b, weight = (joined[name].to_numpy() for name in ("a", "b", "weight"))
    ends = np.concatenate([a, b])
    order = np.lexsort((np.concatenate([b, a]), -np.concatenate([weight, weight]), ends))
    place = order[np.searchsorted(ends[order], firms)] % max(1, len(joined))
    rows = joined.take(place).select(["name_a", "name_b", "weight"]).to_pylist()
    return pa.array(
        [f"{r['name_a']} ~ {r['name_b']}: {r['weight'] / 1000:.1f} bits" for r in rows], pa.string()
    )
