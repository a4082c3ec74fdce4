"""People's judgements on who is who: evidence like any other, and stronger than what the model finds.

Idea: a judgement is a document of the kind `identity`, handed in by the operator of the book: subject and
recipient are the `same` company, or are kept `apart`, or an earlier judgement on the two is `withdrawn`. So
it has an author, a time and a reason, is only ever added to, is replayed by `known_at`, and goes with its
batch when that is retracted: who is who is then exactly what it was before.

Worked example: "Huaqiang Electronics" (a shop id) and 深圳市华强电子 (a bank's customer) share no identifier;
`same` joins them. A payment agent's account number on both of two firms joined them wrongly; `apart` works
like a register in which the two have different numbers, and no chain of identifiers joins them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from tallystick.engine import Engine, sql_text
from tallystick.evidence.ledger import Contributor

VERDICTS: Final = ("same", "apart", "withdrawn")

JUDGED: Final = pa.schema(
    [
        pa.field("a", pa.int64(), nullable=False),
        pa.field("b", pa.int64(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("doc_id", pa.string(), nullable=False),
    ]
)
"""A judgement that stands: party keys `a` < `b`, its verdict (same or apart), and its document."""


def standing(engine: Engine, live: Mapping[int, Contributor]) -> pa.Table:
    """The judgements of the table `document` that stand (schema JUDGED), by pair."""
    operators = [version for version, who in live.items() if who.kind == "operator"]
    if not operators:
        return JUDGED.empty_table()
    engine.register("operator_version", pa.table({"version": pa.array(operators, pa.int64())}))
    rows = sql_text(__package__, "10_judged.sql")
    found = engine.fetch(f"SELECT * FROM ({rows}) j WHERE verdict IN ('same', 'apart')")
    return found.select(JUDGED.names).cast(JUDGED).sort_by([("a", "ascending"), ("b", "ascending")])
