"""Linking documents into deals: SQL finds the ties, a sparse graph finds the components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tallystick.deals.infer import Rates, infer
from tallystick.engine import Engine, Question, fill, sql_text
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.strikes import ALL, DISPUTED, Struck
from tallystick.identity import HALF_PPM
from tallystick.units import PPM, hash64

Ints = npt.NDArray[np.int64]

SOURCE_BIT: Final = {
    "marketplace": 4,
    "bank": 8,
    "payment_service": 8,
    "carrier": 16,
    "insurer": 32,
    "customs": 64,
    "court": 128,
    "registry": 256,
    "inspector": 512,
    "warehouse": 1024,
    "firm": 2048,
}
"""Contributor kind -> bit of a document's `mask`. 1 is the seller speaking, 2 the buyer, 2048 a firm of
which it is not known whether it is either."""

_LINKS: Final = ("own", "ref1", "ref2", "ref3", "ref4", "item")


_NODES: Final = "kind, thread, own, ref2, ref3, ref4, item"

_TEXTS: Final = " d.number, d.note, d.named, d.source, d.row,"


_RELATED_SPEAKERS: Final = """
SELECT COUNT(*) AS n FROM live WHERE contributor_party <> 0 AND (
  contributor_party IN (SELECT a FROM related_tie) OR contributor_party IN (SELECT company FROM family))
"""
_OWN_WORDS: Final = " ".join(
    f"WHEN speaker.head = {side}_family.head OR {side}_tie.ppm >= {HALF_PPM} THEN {bit}"
    for side, bit in (("seller", 1), ("buyer", 2))
)
_SPEAKERS: Final = "LEFT JOIN family speaker ON speaker.company = s.contributor_party " + " ".join(
    f"LEFT JOIN family {side}_family ON {side}_family.company = s.{side} "
    f"LEFT JOIN related_tie {side}_tie ON {side}_tie.a = s.contributor_party AND {side}_tie.b = s.{side}"
    for side in ("seller", "buyer")
)
"""What a contributor says for a company that it is related to by half or more is that company's own word."""


_WHOLE: Final = {
    "amount_minor": "s.amount_minor",
    "currency": "s.currency",
    "item": "s.item",
    "thread": "s.thread",
    "parts": "",
}
_PARTS: Final = {
    "amount_minor": "COALESCE(part.part_minor, s.amount_minor) AS amount_minor",
    "currency": "COALESCE(part.part_currency, s.currency) AS currency",
    "item": "COALESCE(part.item, s.item) AS item",
    "thread": "COALESCE(part.b, s.thread)",
    "parts": "LEFT JOIN money_part part ON part.doc_id = s.doc_id",
}
"""How `doc_linked` reads money that was found to be for bills, where there is any."""


_PART: Final = ("doc_id", "b", "item", "part_minor", "part_currency")

SAID: Final = (
    *"doc_id kind contributor contributor_party source_bit day issued_day due_day deliver_day".split(),
    *"amount_minor currency quantity_milli unit status reason fault terms score_ppm account_key".split(),
    *ROLES,
    *"own item thread".split(),
)
"""Columns of a statement that `doc_linked` is made of."""


_EVER: Final = 10**6
"""A day after all that any document can have."""

_SLOT: Final = "COALESCE(s.own, s.ref1, s.subject, s.seller, s.issuer, 0)"
"""What two statements that say the same share for certain, so that only few are compared."""

NOT_AGAIN: Final = "doc_id NOT IN (SELECT doc_id FROM struck_again)"


@dataclass(frozen=True, slots=True)
class Linked:
    """How documents hang together. `nodes`: (node, deal, ppm) where a node's deal is not itself or its link
    is inferred; `inferred`: the links that no document states (schema INFERRED)."""

    nodes: pa.Table
    inferred: pa.Table


def close(engine: Engine, rates: Rates, related: bool = False) -> Linked:
    """Link the documents of the view `said` into deals; define `doc_linked` for later stages, with regard
    to who is `related` as `define_linked` says. `rates`: as `infer` takes them."""
    inferred = infer(engine, rates)
    nodes = node_deals(stated_edges(engine), inferred)
    define_linked(engine, nodes, inferred, related=related)
    return Linked(nodes, inferred)


def define_said(
    engine: Engine,
    live: Mapping[int, Contributor],
    merged: pa.Table,
    as_of_day: int,
    repeats: bool,
    struck: Struck | None = None,
    texts: bool = False,
) -> bool:
    """Define the view `said`: the statements that count; True where corrections or retractions do. The view
    `said_stated` has contributor, kind and own of all that they can speak of.

    `live`: version -> contributor of the batches that count; `merged`: (party, company) where they differ;
    `repeats`: True where a document marked as duplicate may be the only live copy; `struck`: what was struck,
    which `document` leaves out, and what says the same again here; `texts`: True to have `number`, `note`,
    `named`, `source` and `row` of each in it, which `document` must have.
    """
    engine.register("live", live_table(live, merged))
    engine.register("merged", merged)
    raw = said_sql(as_of_day, bool(len(merged)), repeats, _TEXTS if texts else "")
    stated, kept = "said_raw", ""
    if struck:
        stated, kept = find_again(engine, struck, raw, merged, as_of_day), f" WHERE {NOT_AGAIN}"
        raw = f"SELECT * FROM said_all{kept}"
    engine.define("said_raw", raw)
    found = engine.fetch("SELECT COUNT(*) AS n FROM document WHERE action <> 'state'")
    amended = found.column("n")[0].as_py() > 0
    states = f"SELECT contributor, kind, own FROM {stated} x WHERE action = 'state'"
    engine.define("said_stated", states)
    text = fill(sql_text(__package__, "15_amended.sql"), {"stated": stated})
    engine.define("said", text if amended else "SELECT * FROM said_raw", often=True)
    bare = "said" if amended else f"({node_sql(as_of_day, bool(len(merged)), repeats)})"
    engine.define("said_node", f"SELECT {_NODES} FROM {bare} n{'' if amended else kept}")
    return bool(amended)


def find_again(engine: Engine, struck: Struck, said: str, merged: pa.Table, as_of_day: int) -> str:
    """Keep the ids of the documents of the query `said` that say again what was struck, as `struck_again`;
    returns where to look for what a correction corrects: among what was struck, too."""
    engine.define("said_all", said)
    asked = struck.having("struck").select(["doc_id", "reason", "since"])
    engine.register("restored", struck.having("restored").select(["doc_id"]))
    engine.register("strike", asked)
    engine.register("struck_live", live_table(struck.contributors, merged))
    engine.register(
        "struck_document", struck.documents.drop_columns(["references", "note", "places"])
    )
    parties = {role: f"d.{role}" for role in ROLES}
    owners = {link: _owner("p", link) for link in _LINKS}
    rows = _said(_EVER, "struck_document", parties, owners, bool(len(merged)), "struck_live")
    engine.keep(
        "struck_said",
        f"SELECT s.*, {_SLOT} AS slot, k.reason AS struck_for, k.since "
        f"FROM ({rows}) s JOIN strike k ON k.doc_id = s.doc_id",
    )
    disputed = " ".join(
        f"WHEN '{reason}' THEN {_same(names)}" for reason, names in DISPUTED.items()
    )
    values = {"slot": _SLOT, "whole": _same(ALL), "disputed": disputed}
    engine.keep("struck_again", fill(sql_text(__package__, "16_again.sql"), values))
    columns = "contributor, kind, own, action"
    return (
        f"(SELECT {columns} FROM said_all UNION ALL SELECT {columns} FROM struck_said "
        f"WHERE day <= {int(as_of_day)} AND version IN (SELECT version FROM live))"
    )


def _same(names: Sequence[str]) -> str:
    """That two statements agree in these columns."""
    return " AND ".join(["TRUE", *(f"s.{n} IS NOT DISTINCT FROM k.{n}" for n in names)])


def stated_edges(engine: Engine, said: str = "said_node") -> pa.Table:
    """Links (a, b) between nodes that documents of the view `said` state."""
    engine.keep("node", f"SELECT {_NODES} FROM {said}")
    edges = engine.fetch(sql_text(__package__, "20_edges.sql"))
    engine.drop("node")
    return edges


def define_linked(
    engine: Engine, nodes: pa.Table, inferred: pa.Table, said: str = "said", related: bool = False
) -> None:
    """Define the view `doc_linked`: the documents of the view `said`, each with its deal; money that was
    found to be for several bills once for each, with its part. `related`: True where the tables
    `related_tie` and `family` say that some companies are."""
    engine.register("node_deal", nodes)
    parts = inferred.filter(inferred["item"].is_valid())
    engine.register("money_part", parts.select(_PART))
    values = {"said": said, "own_words": "", "speakers": "", **(_PARTS if len(parts) else _WHOLE)}
    if related and engine.fetch(_RELATED_SPEAKERS)["n"][0].as_py():
        values |= {"own_words": _OWN_WORDS, "speakers": _SPEAKERS}
    engine.define("doc_linked", fill(sql_text(__package__, "40_doc.sql"), values))


def linked_among(
    engine: Engine,
    said: pa.Table,
    nodes: pa.Table,
    inferred: pa.Table,
    kin: tuple[pa.Table, pa.Table] | None,
) -> pa.Table:
    """The documents of a few statements, each with its deal: the columns of `doc_linked`. `kin`: who is related
    to whom and who is of one family, as `related_tie` and `family`, None where nobody is."""
    parts = inferred.filter(inferred["item"].is_valid()).select(_PART)
    tables = {"said": said.select(SAID), "node_deal": nodes, "money_part": parts}
    if kin:
        tables |= dict(zip(("related_tie", "family"), kin, strict=True))
    return engine.answer(_linking(bool(kin)), tables)


@cache
def _linking(related: bool) -> Question:
    words = {"own_words": _OWN_WORDS, "speakers": _SPEAKERS} if related else {}
    values = {"said": "said", "own_words": "", "speakers": "", **_PARTS, **words}
    return Question(fill(sql_text(__package__, "40_doc.sql"), values))


def node_deals(edges: pa.Table, inferred: pa.Table) -> pa.Table:
    """(node, deal, ppm) for each node whose deal is not itself, or that hangs on an inferred link.

    `edges`: a, b. `inferred`: schema INFERRED, where `weak` is the end that the link brings in: what
    is tied to it by statements shares its strength, the rest of the deal does not.
    """
    inferred = inferred.filter(inferred["tie"])
    a, b = _ints(edges, "a"), _ints(edges, "b")
    left, right = _ints(inferred, "a"), _ints(inferred, "b")
    ends = np.unique(np.concatenate([left, right]))
    nodes, cores = components(np.concatenate([a, ends]), np.concatenate([b, ends]))
    joined, tops = components(
        cores[np.searchsorted(nodes, left)], cores[np.searchsorted(nodes, right)]
    )
    deals = cores.copy()
    if len(joined):
        place = np.searchsorted(joined, cores).clip(max=len(joined) - 1)
        met = joined[place] == cores
        deals[met] = tops[place[met]]
    ppm = np.full(len(nodes), PPM, np.int64)
    weak = _ints(inferred, "weak")
    if len(weak):
        hung = cores[np.searchsorted(nodes, weak)]
        order = np.lexsort((_ints(inferred, "ppm"), hung))
        weakest, first = np.unique(hung[order], return_index=True)
        place = np.searchsorted(weakest, cores).clip(max=len(weakest) - 1)
        hit = weakest[place] == cores
        ppm[hit] = _ints(inferred, "ppm")[order][first][place[hit]]
    told = (nodes != deals) | (ppm != PPM)
    return pa.table({"node": nodes[told], "deal": deals[told], "ppm": ppm[told]})


def components(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Nodes of the edges (a[i], b[i]), ascending, and for each the smallest node of its component."""
    coded = pa.array(np.concatenate([a, b])).dictionary_encode()
    found = coded.dictionary.to_numpy()
    if not len(found):
        return found, found
    places, half = coded.indices.to_numpy(), len(a)
    ones = np.ones(half, dtype=np.int8)
    graph = coo_array((ones, (places[:half], places[half:])), shape=(len(found), len(found)))
    count, labels = connected_components(graph.tocsr(), directed=False)
    order = np.argsort(found)
    nodes, labels = found[order], labels[order]
    smallest = np.empty(count, np.int64)
    smallest[labels[::-1]] = nodes[::-1]  # of equal labels the last one stays: the smallest node
    return nodes, smallest[labels]


def live_table(live: Mapping[int, Contributor], merged: pa.Table) -> pa.Table:
    """Batches that count: version, key of the contributor, its company, the bit of its kind."""
    wanted = pa.array(sorted({c.party for c in live.values()}), pa.int64())
    told = merged.filter(pc.is_in(merged["party"], wanted))
    companies = dict(zip(told["party"].to_pylist(), told["company"].to_pylist(), strict=True))
    rows = [
        (
            v,
            hash64("contributor", c.name),
            companies.get(c.party, c.party),
            SOURCE_BIT.get(c.kind, 2048),
        )
        for v, c in sorted(live.items())
    ]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    names = ("version", "contributor", "contributor_party", "source_bit")
    return pa.table({n: pa.array(c, pa.int64()) for n, c in zip(names, columns, strict=True)})


def said_sql(as_of_day: int, merged: bool, repeats: bool, texts: str = "") -> str:
    """The text of 10_said.sql for this cut of the evidence. `texts`: columns besides."""
    return _said(
        as_of_day,
        _source(repeats),
        {role: f"d.{role}" for role in ROLES},
        {link: _owner("p", link) for link in _LINKS},
        merged,
        texts=texts,
    )


def node_sql(as_of_day: int, merged: bool, repeats: bool) -> str:
    """As `said_sql`, but without the parties: nothing more is looked up than owners of numbers, and these
    few documents have."""
    return _said(
        as_of_day,
        _source(repeats),
        {f"{link}_owner": _owner("d", link) for link in _LINKS},
        {link: f"p.{link}_owner" for link in _LINKS},
        merged,
    )


def _said(
    as_of_day: int,
    document: str,
    parties: Mapping[str, str],
    owners: Mapping[str, str],
    merged: bool,
    live: str = "live",
    texts: str = "",
) -> str:
    companies = {n: f"COALESCE(m_{n}.company, {p})" if merged else p for n, p in parties.items()}
    values: dict[str, int | str] = {
        "as_of": as_of_day,
        "document": document,
        "live": live,
        "texts": texts,
        "companies": ", ".join(f"{company} AS {name}" for name, company in companies.items()),
        "merges": " ".join(
            f"LEFT JOIN merged m_{n} ON m_{n}.party = {p}" for n, p in parties.items() if merged
        ),
        "nodes": ", ".join(f"{_node(link, owner)} AS {link}" for link, owner in owners.items()),
    }
    return fill(sql_text(__package__, "10_said.sql"), values)


def _source(repeats: bool) -> str:
    if not repeats:
        return "(SELECT * FROM document WHERE NOT duplicate)"
    copies = (
        "ROW_NUMBER() OVER (PARTITION BY c.doc_id ORDER BY c.version) AS copy "
        "FROM document c JOIN live k ON k.version = c.version"
    )
    return f"(SELECT * FROM (SELECT c.*, {copies}) counted WHERE copy = 1)"


def _owner(table: str, link: str) -> str:
    owners = " ".join(f"WHEN {n} THEN {table}.{role}" for n, role in enumerate(ROLES, start=1))
    scope = f"{table}.{link}_scope"
    return f"CASE WHEN {scope} > 0 THEN CASE {scope} {owners} END END"


def _node(link: str, owner: str) -> str:
    key = f"p.{link}_key"
    return f"CASE p.{link}_scope WHEN 0 THEN {key} ELSE bxor({key}, {owner}) END"


def _ints(table: pa.Table, name: str) -> Ints:
    column: Ints = table.column(name).cast(pa.int64()).to_numpy()
    return column
