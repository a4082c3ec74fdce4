"""Closing deals whose documents name each other, in part or not at all, against the truth of a simulated world.

    python -m benchmarks closing --scale 0.2

Of the references (numbers of orders, bills, shipments ...) in the documents of a world a share is taken away;
what is left is linked by reference, and the rest by what the documents say. A *link* is that of a document to
the order of its deal (to the request where nothing was ordered). Precision is the share of the links made that
are true, and falls with each deal that is drawn into another; recall is the share of the true ones made.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.common import apart, cache, say, table
from tallystick.adapters.cuts import Cut
from tallystick.units import hash64

COMPANIES: Final = 6_000
DEALS: Final = 20_000
SHARES: Final = (0, 10, 50, 100)
DETAIL: Final = 0.6

TRUE_DEAL: Final = """
SELECT d.doc_id, d.kind, l.deal AS found,
       CASE WHEN prefix IN ('PO', 'RQ') THEN CASE WHEN d.namespace IS NULL THEN b.deal ELSE n END
            WHEN prefix IN ('QU', 'IN', 'PF') THEN CASE WHEN d.namespace IS NULL THEN s.deal ELSE n END
            WHEN prefix = 'PY' THEN n // 4 WHEN prefix = 'EV' THEN n // 10 WHEN prefix = 'CE' THEN n // 100
            ELSE n END AS true_deal
FROM (SELECT *, left(number, 2) AS prefix, TRY_CAST(substr(number, 3) AS BIGINT) AS n FROM documents) d
JOIN linked l ON l.doc_id = d.doc_id
LEFT JOIN truth b ON b.trade AND b.buyer_key = d.buyer AND b.buyer_number = d.n
LEFT JOIN truth s ON s.trade AND s.seller_key = d.seller AND s.seller_number = d.n
WHERE d.n IS NOT NULL AND d.kind NOT IN ('profile', 'registration', 'certificate')
"""
"""Documents with the deal that they were found in and the true one, read off their numbers."""

READ: Final = {
    "linked": "SELECT doc_id, MIN(deal) AS deal FROM doc_linked GROUP BY doc_id",
    "documents": "SELECT l.doc_id, l.kind, t.number, d.namespace, d.seller, d.buyer FROM doc_linked l "
    "JOIN document d ON d.doc_id = l.doc_id JOIN document_text t ON t.doc_id = l.doc_id",
    "figures": "SELECT doc_id, amount_minor, quantity_milli FROM document",
}
"""What is read of the linked evidence of a book."""

SCORE: Final = """
WITH root AS (
  SELECT true_deal, arg_min(doc_id, rank) AS root, arg_min(found, rank) AS found
  FROM (SELECT *, CASE kind WHEN 'order' THEN 0 WHEN 'rfq' THEN 1 ELSE 2 END AS rank FROM paper)
  GROUP BY true_deal
),
made AS (
  SELECT p.doc_id, p.kind, p.true_deal = r.true_deal AS is_true
  FROM paper p JOIN root r ON r.found = p.found AND r.root <> p.doc_id
  WHERE p.doc_id NOT IN (SELECT root FROM root)
),
wanted AS (SELECT doc_id, kind FROM paper WHERE doc_id NOT IN (SELECT root FROM root))
SELECT w.kind, count(*) AS wanted, coalesce(any_value(m.made), 0) AS made,
       coalesce(any_value(m.right), 0) AS right
FROM wanted w
LEFT JOIN (SELECT kind, count(*) AS made, count(*) FILTER (is_true) AS right FROM made GROUP BY kind) m
  ON m.kind = w.kind
GROUP BY w.kind ORDER BY wanted DESC
"""


def made_world(folder: str, companies: int, deals: int) -> int:
    """A piece: write the world once."""
    from tallystick.world import WorldConfig, simulate

    shutil.rmtree(folder, ignore_errors=True)
    config = WorldConfig(companies, deals, seed=5, detail=DETAIL)
    return simulate(config, Path(folder)).document_count


def without_references(world: Path, out: Path, share: int) -> None:
    """The world with a share (of a hundred) of its references taken away, each on its own."""
    chance = np.random.default_rng(share)
    shutil.rmtree(out, ignore_errors=True)
    for path in sorted(world.glob("*/*")):
        if path.parent.name == "truth":
            continue
        target = out / path.relative_to(world)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".parquet":
            shutil.copy(path, target)
            continue
        rows = pq.read_table(path)
        for name in [name for name in rows.column_names if name.startswith("ref_")]:
            gone = pa.array(chance.random(len(rows)) * 100 < share)
            left = pa.compute.if_else(gone, pa.scalar(None, pa.string()), rows[name])
            rows = rows.set_column(rows.schema.get_field_index(name), name, left)
        pq.write_table(rows, target)


def closed(folder: str, share: int) -> dict[str, Any]:
    """A piece: take the world in, link it, and count by kind the links wanted, made and right."""
    con, cut = closed_world(Path(folder), share)
    rules = cut.read("inferred").group_by("rule").aggregate([([], "count_all")]).to_pylist()
    return {
        "rows": con.sql(SCORE).to_arrow_table().to_pylist(),
        "rules": {r["rule"]: r["count_all"] for r in rules},
    }


def closed_world(base: Path, share: int) -> tuple[duckdb.DuckDBPyConnection, Cut]:
    """The world without a share of its references, taken into a book and linked. Tables of the connection:
    `paper` (documents with the deal that they were found in and the true one), `figures` (doc_id, amount_minor,
    quantity_milli), `found` (the breaks of the book)."""
    from tallystick import open_book

    world, given = base / "world", base / f"given-{share}"
    without_references(world, given, share)
    shutil.rmtree(base / "book", ignore_errors=True)
    with open_book(base / "book", create=True) as book:
        book.ingest([given])
        cut = book.cut()
        with book.evidence(cut) as engine:
            tables = {name: engine.fetch(query) for name, query in READ.items()}
        tables["found"] = book.breaks(cut)
    shutil.rmtree(given)
    con = duckdb.connect()
    for name, rows in {**tables, "truth": true_deals(world)}.items():
        con.register(name, rows)
    con.execute(f"CREATE TABLE paper AS SELECT DISTINCT * FROM ({TRUE_DEAL})")
    return con, cut


def true_deals(world: Path) -> pa.Table:
    """The true deals of a world, with the keys of buyer and seller."""
    truth = pq.read_table(world / "truth" / "deals.parquet")
    for side in ("buyer", "seller"):
        keys = [hash64(ref) for ref in truth[side].to_pylist()]
        truth = truth.append_column(f"{side}_key", pa.array(keys, pa.int64()))
    return truth


def main(scale: float) -> dict[str, float]:
    """Print the table; returns precision and recall with all references and with none."""
    folder = cache() / "closing"
    companies, deals = int(COMPANIES * scale), int(DEALS * scale)
    documents = apart("benchmarks.closing:made_world", str(folder / "world"), companies, deals)
    say(f"{documents.found:,} documents of {deals:,} deals among {companies:,} firms")
    figures: dict[str, float] = {}
    rows = []
    for share in SHARES:
        found = apart("benchmarks.closing:closed", str(folder), share).found
        counts, rules = found["rows"], found["rules"]
        wanted, made, right = (sum(r[name] for r in counts) for name in ("wanted", "made", "right"))
        figures |= {f"precision_{share}": right / made, f"recall_{share}": right / wanted}
        rows.append(_row(f"{share} %", wanted, made, right))
    heads = ("links", "made", "precision", "recall")
    table("Links to the order of a deal", ("references gone", *heads), rows)
    by_kind = [_row(r["kind"], r["wanted"], r["made"], r["right"]) for r in counts]
    table("With none left, links by rule", ("rule", "links"), sorted(rules.items()))
    table("With none left, by kind of document", ("kind", *heads), by_kind)
    return figures


def _row(name: str, wanted: int, made: int, right: int) -> list[str]:
    shown = [f"{right / made:.4f}" if made else "", f"{right / wanted:.4f}"]
    return [name, f"{wanted:,}", f"{made:,}", *shown]
