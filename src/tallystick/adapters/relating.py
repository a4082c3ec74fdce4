"""Who is related to a company, told from where it stands, and where each relation was read.

Worked example: of a subsidiary the holding is its `owner`, another subsidiary its `sister`; of the holding both
are `owned`. Who lives at the same address is one `address`, and the less related the more live there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.ledger.tables import some_documents
from tallystick.evidence.ledger import Snapshot
from tallystick.identity import families, ties
from tallystick.units import PPM, code_of, day_of

SEEN_FROM: Final = {
    "ownership": ("owner", "owned"),
    "ultimate_parent": ("head", "member"),
}
"""Sort of a relation -> what the one is to the other: of `a`, that `b` is; of `b`, that `a` is."""

_BY_FAMILY: Final = ("head", "member", "sister")
"""What goes without saying of a company that owns the other or is owned by it."""

_NO_PAPER: Final[dict[str, Any]] = dict.fromkeys(("document", "contributor", "source", "row"))
_ORDER: Final = ("owner", "head", "owned", "member", "account", "domain", "address", "sister")


def relations(cut: Cut, company: int) -> list[dict[str, Any]]:
    """Who is related to a company, the nearest first.

    Each row has company, code, name, country; `how` (owner, head, owned, member, sister: what the other is;
    account, domain, address: what the two share), `share_ppm` and `detail` in the register's words;
    `related_ppm`, how far the two are related by all that relates them; and of ownership since when and by
    which document (`since`, `document`, `contributor`, `source`, `row`), else None.
    """
    rows = _rows(cut, "a", [company])
    heads = [row["b"] for row in rows if row["sort"] == "ultimate_parent"]
    rows += _rows(cut, "b", [company])
    edges = [_seen(row, company) for row in rows]
    beside = {edge["company"] for edge in edges if edge["how"] in SEEN_FROM["ownership"]}
    for row in _rows(cut, "b", heads):
        if row["sort"] == "ultimate_parent" and row["a"] != company:
            edges.append(_seen(row, row["b"]) | {"how": "sister"})
    edges = [e for e in edges if e["how"] not in _BY_FAMILY or e["company"] not in beside]
    others = [edge["company"] for edge in edges]
    whole = dict(zip(others, related_ppm(cut, [company] * len(others), others), strict=True))
    known = _companies(cut, others)
    papers = _papers(cut.snapshot, {edge["doc_id"] for edge in edges} - {None})
    for edge in edges:
        other = edge["company"]
        edge |= {"code": code_of(other, "C"), "related_ppm": whole[other]} | known[other]
        edge |= papers.get(edge.pop("doc_id"), _NO_PAPER)
    return sorted(edges, key=_nearness)


def _nearness(edge: dict[str, Any]) -> tuple[int, int, int, str, str]:
    """Sort key: who is related most, then owners before sisters, of owners who holds most."""
    share = PPM if edge["share_ppm"] is None else edge["share_ppm"]
    how = _ORDER.index(edge["how"])
    return -edge["related_ppm"], how, -share, edge["code"], edge["detail"]


def related_ppm(cut: Cut, left: Iterable[int], right: Iterable[int]) -> list[int]:
    """How far the companies of each pair are related, in ppm: as the promises of the cut were weighed."""
    pairs = list(zip(left, right, strict=True))
    rows = related_among(cut, sorted({company for pair in pairs for company in pair}))
    if not len(rows):
        return [0] * len(pairs)
    heads = dict(zip(*(column.to_pylist() for column in families(rows).columns), strict=True))
    a, b, ppm = (column.to_pylist() for column in ties(rows).columns)
    tied = dict(zip(zip(a, b, strict=True), ppm, strict=True))
    return [
        PPM if x in heads and heads[x] == heads.get(y) else tied.get((x, y), 0) for x, y in pairs
    ]


def related_among(cut: Cut, companies: list[int]) -> pa.Table:
    """The relations (schema RELATED) in which some companies are, with each other or with others."""
    keys = pa.array(companies, pa.int64())
    from_a, to_b = (cut.rows("related", end, keys) for end in "ab")
    return pa.concat_tables([from_a, to_b.filter(pc.invert(pc.is_in(to_b["a"], keys)))])


def _rows(cut: Cut, end: str, companies: list[int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cut.rows(
        "related", end, pa.array(companies, pa.int64())
    ).to_pylist()
    return found


def _seen(row: dict[str, Any], company: int) -> dict[str, Any]:
    """A relation as it looks from one of its ends."""
    first = row["a"] == company
    how = SEEN_FROM[row["sort"]][0 if first else 1] if row["sort"] in SEEN_FROM else row["sort"]
    return {
        "company": row["b"] if first else row["a"],
        "how": how,
        "share_ppm": row["share_ppm"],
        "detail": row["detail"],
        "since": None if row["day"] is None else day_of(row["day"]).isoformat(),
        "doc_id": row["doc_id"],
    }


def _companies(cut: Cut, companies: list[int]) -> dict[int, dict[str, Any]]:
    columns = ["company", "name", "country"]
    keys = pa.array(sorted(set(companies)), pa.int64())
    rows = cut.rows("companies", "company", keys, columns).to_pylist()
    return {row.pop("company"): row for row in rows}


def _papers(snapshot: Snapshot, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """Where the documents of ownership were read, by their id."""
    if not wanted:
        return {}
    columns = ["doc_id", "number", "source", "row", "version"]
    asked = (pc.field("kind") == "ownership") & pc.field("doc_id").isin(sorted(wanted))
    asked &= pc.field("version").isin(list(snapshot.live))
    found = some_documents(snapshot, columns, asked)
    rows = [row for table in found for row in table.to_pylist()]
    return {
        row["doc_id"]: {
            "document": row["number"],
            "contributor": snapshot.live[row["version"]].name,
            "source": row["source"],
            "row": row["row"],
        }
        for row in sorted(rows, key=lambda row: -row["version"])  # of copies the first is told
    }
