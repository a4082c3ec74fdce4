"""Breaks: where the documents of a deal disagree (three-way match, payment, declaration, order of events).

Worked example: an order of 100.00 GBP and its invoice of 107.50 GBP give the break `amount`, "order and
invoice", expected 10,000, found 10,750 minor units of GBP.
"""

from __future__ import annotations

import pyarrow as pa

from tallystick.engine import Engine, sql_text


def breaks(engine: Engine, deals: pa.Table | None = None) -> pa.Table:
    """Breaks of the deals named in the table `deals` (column `deal`), or of all.

    Reads the view `doc_linked`. Columns: deal, kind, between_kinds, expected, found, unit; ordered by
    all of them.
    """
    if deals is None:
        engine.define("doc_break", "SELECT * FROM doc_linked")
    else:
        engine.register("asked_deal", deals.select(["deal"]))
        engine.define(
            "doc_break", "SELECT * FROM doc_linked WHERE deal IN (SELECT deal FROM asked_deal)"
        )
    found = engine.fetch(sql_text(__package__, "50_breaks.sql"))
    return found.sort_by([(name, "ascending") for name in found.column_names])
