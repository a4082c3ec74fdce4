"""Breaks: where the documents of a deal disagree (three-way match, payment, declaration, order of events),
and which documents it refers to that nobody has stated.

Worked example: an order of 100.00 GBP and its invoice of 107.50 GBP give the break `amount`, "order and
invoice", expected 10,000, found 10,750 minor units of GBP. An invoice that names an order PO-7 which is not
in the book gives the break `missing document`, "invoice and order", with PO-7 as its unit.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

from tallystick.engine import Engine, sql_text
from tallystick.evidence.links import ordered_references

MISSING: Final = "missing document"


def breaks(engine: Engine, deals: pa.Table | None = None) -> pa.Table:
    """Breaks of the deals named in the table `deals` (column `deal`), or of all.

    Reads the views `doc_linked`, `said` and `document_named`. Columns: deal, kind, between_kinds,
    expected, found, unit (of a missing document: its number); ordered by all of them.
    """
    if deals is None:
        engine.define("doc_break", "SELECT * FROM doc_linked")
    else:
        engine.register("asked_deal", deals.select(["deal"]))
        engine.define(
            "doc_break", "SELECT * FROM doc_linked WHERE deal IN (SELECT deal FROM asked_deal)"
        )
    found = engine.fetch(sql_text(__package__, "50_breaks.sql"))
    missing = [
        _missing(row) for row in engine.fetch(sql_text(__package__, "60_missing.sql")).to_pylist()
    ]
    told = {(row["deal"], row["between_kinds"], row["unit"]): row for row in missing if row}
    found = pa.concat_tables(
        [found, pa.Table.from_pylist(list(told.values()), schema=found.schema)]
    )
    return found.sort_by([(name, "ascending") for name in found.column_names])


def _missing(row: dict[str, Any]) -> dict[str, Any] | None:
    """The break of one reference that leads nowhere; None for the number of a whole transaction."""
    named = [(ref["kind"], ref["number"], ref["namespace"]) for ref in row["named"]]
    kind, number, _ = ordered_references(named)[row["place"] - 1]
    if kind == "deal":
        return None
    between = f"{row['kind']} and {kind}"
    return {"deal": row["deal"], "kind": MISSING, "between_kinds": between, "unit": number}
