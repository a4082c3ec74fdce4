"""Breaks of deals against the truth of a simulated world, with all references and with none.

    python -m benchmarks closing_breaks --scale 0.2

The world plants short deliveries and false declarations. What its own numbers say of each true deal (ordered,
sent, received, billed, declared) gives the breaks that are *wanted*; those *made* are what the book finds in
the deals that it closed itself. One is *right* where the true deal of the order that it stands under has it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchmarks.closing import COMPANIES, DEALS, closed_world
from benchmarks.common import apart, cache, say, table

SHARES: Final = (0, 100)

WANTED: Final = """
WITH figure AS (
  SELECT true_deal, max(amount_minor) FILTER (kind = 'invoice') AS billed,
         max(amount_minor) FILTER (kind = 'export_declaration') AS exported,
         max(amount_minor) FILTER (kind = 'import_declaration') AS imported,
         max(quantity_milli) FILTER (kind = 'order') AS ordered,
         max(quantity_milli) FILTER (kind = 'dispatch') AS sent,
         max(quantity_milli) FILTER (kind = 'receipt') AS received
  FROM paper JOIN figures USING (doc_id) GROUP BY true_deal
)
SELECT true_deal, 'declaration: invoice and export_declaration' AS what FROM figure
WHERE abs(exported - billed) > billed * 0.02
UNION SELECT true_deal, 'declaration: invoice and import_declaration' FROM figure
WHERE abs(imported - billed) > billed * 0.02
UNION SELECT true_deal, 'quantity: order and dispatch' FROM figure WHERE abs(sent - ordered) > ordered * 0.02
UNION SELECT true_deal, 'quantity: dispatch and receipt' FROM figure WHERE abs(received - sent) > sent * 0.02
UNION SELECT true_deal, 'quantity: order and receipt' FROM figure
WHERE sent IS NULL AND abs(received - ordered) > ordered * 0.02
"""
"""(true deal, break) by the world's own figures: one number a document, as the simulator writes it."""

SCORE: Final = """
WITH root AS (
  SELECT true_deal, arg_min(found, rank) AS found
  FROM (SELECT *, CASE kind WHEN 'order' THEN 0 WHEN 'rfq' THEN 1 ELSE 2 END AS rank FROM paper)
  GROUP BY true_deal
),
made AS (
  SELECT b.deal, b.what, bool_or(w.what IS NOT NULL) AS is_right
  FROM breaks b LEFT JOIN root r ON r.found = b.deal
  LEFT JOIN wanted w ON w.true_deal = r.true_deal AND w.what = b.what
  GROUP BY b.deal, b.what
),
counted AS (SELECT what, count(*) AS made, count(*) FILTER (is_right) AS "right" FROM made GROUP BY what)
SELECT coalesce(w.what, c.what) AS what, coalesce(w.wanted, 0) AS wanted, coalesce(c.made, 0) AS made,
       coalesce(c.right, 0) AS "right"
FROM (SELECT what, count(*) AS wanted FROM wanted GROUP BY what) w
FULL JOIN counted c ON c.what = w.what ORDER BY 1
"""


def broken(folder: str, share: int) -> list[dict[str, Any]]:
    """A piece: take the world in, close its deals, and count breaks wanted, made and right by kind."""
    con, _ = closed_world(Path(folder), share)
    con.execute(f"CREATE TABLE wanted AS {WANTED}")
    con.execute(
        "CREATE TABLE breaks AS SELECT deal, concat(kind, ': ', between_kinds) AS what FROM found "
        "WHERE what IN ('declaration: invoice and export_declaration', "
        "'declaration: invoice and import_declaration', 'quantity: order and dispatch', "
        "'quantity: dispatch and receipt', 'quantity: order and receipt')"
    )
    rows: list[dict[str, Any]] = con.sql(SCORE).to_arrow_table().to_pylist()
    return rows


def main(scale: float) -> dict[str, float]:
    """Print a table for each share of references gone; returns precision and recall of all kinds."""
    folder = cache() / "closing"
    companies, deals = int(COMPANIES * scale), int(DEALS * scale)
    made_world = "benchmarks.closing:made_world"
    documents = apart(made_world, str(folder / "world"), companies, deals)
    say(f"{documents.found:,} documents of {deals:,} deals among {companies:,} firms")
    figures: dict[str, float] = {}
    for share in SHARES:
        rows = apart("benchmarks.closing_breaks:broken", str(folder), share).found
        sums = {name: sum(row[name] for row in rows) for name in ("wanted", "made", "right")}
        figures |= {
            f"breaks_precision_{share}": sums["right"] / max(1, sums["made"]),
            f"breaks_recall_{share}": sums["right"] / max(1, sums["wanted"]),
        }
        shown = [_row(row["what"], row) for row in rows] + [_row("all", sums)]
        heads = ("break", "wanted", "made", "right", "precision", "recall")
        table(f"Breaks with {share} % of the references gone", heads, shown)
    return figures


def _row(name: str, row: dict[str, Any]) -> list[str]:
    wanted, made, right = row["wanted"], row["made"], row["right"]
    shares = [f"{right / made:.3f}" if made else "", f"{right / wanted:.3f}" if wanted else ""]
    return [name, f"{wanted:,}", f"{made:,}", f"{right:,}", *shares]
