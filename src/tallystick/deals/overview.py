"""One line per deal: when it ran, who sold to whom, how many documents of which kinds.

Worked example: an order, its dispatch, its invoice and its payment are one deal of four documents whose
`kinds` read `dispatch, invoice, order, payment`.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.engine import Engine
from tallystick.evidence.kinds import KINDS

_FACTS: Final = (
    *sorted(kind.name for kind in KINDS.values() if "subject" in kind.needs),
    "strike",
)
"""Facts about one company, and strikes, are documents, but no deal."""


def overview(engine: Engine, breaks: pa.Table) -> pa.Table:
    """All deals of the view `doc_linked`. `breaks`: as `breaks()` gives them.

    Columns: deal, first_day, last_day, seller, buyer (company keys, null where none is named; of several
    the smallest), documents, kinds, breaks (counts); ordered by first day and deal.
    """
    facts = ", ".join(f"'{kind}'" for kind in _FACTS)
    trade = f"FROM doc_linked WHERE kind NOT IN ({facts})"
    deals = engine.fetch(
        "SELECT deal, MIN(day) AS first_day, MAX(day) AS last_day, MIN(seller) AS seller, "
        f"MIN(buyer) AS buyer, COUNT(*) AS documents {trade} GROUP BY deal"
    )
    deals = deals.sort_by([("first_day", "ascending"), ("deal", "ascending")])
    kinds = engine.fetch(f"SELECT DISTINCT deal, kind {trade}").sort_by(
        [("deal", "ascending"), ("kind", "ascending")]
    )
    listed = kinds.group_by("deal", use_threads=False).aggregate([("kind", "list")])
    joined = pc.binary_join(listed["kind_list"].cast(pa.list_(pa.string())), ", ")
    counted = breaks.group_by("deal", use_threads=False).aggregate([([], "count_all")])
    deals = deals.append_column("kinds", _looked_up(deals, listed["deal"], joined))
    found = pc.fill_null(_looked_up(deals, counted["deal"], counted["count_all"]), 0)
    return deals.append_column("breaks", found)


def _looked_up(deals: pa.Table, keys: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
    place = pc.index_in(deals["deal"], value_set=keys.combine_chunks())
    return pc.take(values.combine_chunks(), place)
