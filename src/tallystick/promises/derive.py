"""From linked documents to promises, bucket by bucket of deals so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from tallystick.engine import Engine, fill, sql_text
from tallystick.evidence.kinds import TERMS
from tallystick.identity import HALF_PPM
from tallystick.promises.kinds import ANCHOR_BITS, PROMISES, SIDE_BIT, PromiseKind
from tallystick.units import PPM

PROMISE: Final = pa.schema(
    [
        pa.field("deal", pa.int64(), nullable=False),
        pa.field("item", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("promisor", pa.int64(), nullable=False),
        pa.field("promisee", pa.int64(), nullable=False),
        pa.field("made_day", pa.int32()),
        pa.field("first_due_day", pa.int32()),
        pa.field("due_day", pa.int32()),
        pa.field("revisions", pa.int32()),
        pa.field("done_day", pa.int32()),
        pa.field("matured_day", pa.int32()),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("late_days", pa.int32()),
        pa.field("kept_ppm", pa.int64(), nullable=False),
        pa.field("fault", pa.string()),
        pa.field("value_minor", pa.int64()),
        pa.field("currency", pa.string()),
        pa.field("mask", pa.int64(), nullable=False),
        pa.field("anchored", pa.int32(), nullable=False),
        pa.field("witness", pa.int32(), nullable=False),
        pa.field("strength_ppm", pa.int64(), nullable=False),
        pa.field("link_ppm", pa.int64(), nullable=False),
    ]
)
"""A promise: key (deal, kind, item, promisor). Days are day numbers; `promisee` 0 is not known. What each
column means stands in 80_outcome.sql."""

_HELPERS: Final = {
    "ordered": "05_ordered.sql",
    "sent": "06_sent.sql",
    "arrived": "07_arrived.sql",
    "called_off": "08_called_off.sql",
    "complaint": "09_complaint.sql",
    "claimed": "40_claimed.sql",
    "settled": "40_settled.sql",
}
"""Views that several kinds read -> their file."""

_COLUMNS: Final = """deal, kind, item, contributor, day, issued_day, due_day, deliver_day, amount_minor,
currency, quantity_milli, unit, status, reason, fault, terms, issuer, seller, buyer, carrier, insurer, bank,
warehouse, platform, own, mask, link_ppm"""
"""What the promises read of a document; the rest stays where it is. Texts that want several kinds ask for
`COALESCE(kind, '') IN (...)`: DuckDB takes a bare list as a hint, and reads every column of the other kinds."""

_RELATION: Final = (
    f"CASE WHEN one.head = other.head THEN {PPM} ELSE COALESCE(related_tie.ppm, 0) END"
)
_RELATED: Final = """
LEFT JOIN family one ON one.company = p.promisor LEFT JOIN family other ON other.company = p.promisee
LEFT JOIN related_tie ON related_tie.a = p.promisor AND related_tie.b = p.promisee
"""

_OTHER: Final = {"seller": "buyer", "buyer": "seller"}

DOCUMENTS_PER_BUCKET: Final = 12_000_000
"""Documents that are worked on at once; the rest waits on disk."""


def derive(
    engine: Engine,
    as_of_day: int,
    folder: Path,
    documents: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
    related: bool = False,
) -> Sequence[Path]:
    """Write the promises of the view `doc_linked` as Parquet files (schema PROMISE) under `folder`.

    `documents` is about how many there are; it decides the number of buckets, never the result. `related`:
    True where the tables `related_tie` and `family` say that some companies are.
    """
    buckets = max(1, -(-documents // DOCUMENTS_PER_BUCKET))
    kinds = sorted({name for kind in PROMISES.values() for name in kind.made_by + kind.settled_by})
    listed = ", ".join(f"'{name}'" for name in kinds)
    read = f"SELECT {_COLUMNS} FROM doc_linked WHERE kind IN ({listed})"
    progress(0, buckets)
    if buckets == 1:
        engine.keep("doc", read)
        written = _bucket(engine, as_of_day, folder / "0", related)
        engine.drop("doc")
        progress(1, 1)
        return written
    staged = engine.write(read, folder / "docs", buckets, "deal")
    out: list[Path] = []
    for n in range(buckets):
        part = [path for path in staged if path.parent.name == f"bucket={n}"]
        if part:
            engine.register_parquet("doc_part", part)
            engine.keep("doc", "SELECT * FROM doc_part")
            out += _bucket(engine, as_of_day, folder / str(n), related)
            engine.drop("doc")
        progress(n + 1, buckets)
    return out


def _bucket(engine: Engine, as_of_day: int, folder: Path, related: bool) -> Sequence[Path]:
    present = set(engine.fetch("SELECT DISTINCT kind FROM doc").column("kind").to_pylist())
    for view, name in _HELPERS.items():
        engine.keep(view, sql_text(__package__, name))
    kinds = [kind for kind in PROMISES.values() if present.intersection(kind.made_by)]
    texts = [promise_sql(kind, as_of_day, related) for kind in kinds] or [empty_sql()]
    return engine.write("\nUNION ALL\n".join(texts), folder)


def promise_sql(kind: PromiseKind, as_of_day: int, related: bool = False) -> str:
    """The text that gives the promises of one kind as they stand on `as_of_day`."""
    values: dict[str, int | str] = {
        "as_of": as_of_day,
        "credit": ", ".join(f"'{term}'" for term, credit in TERMS.items() if credit),
    }
    values |= {"side": kind.side, "other": _OTHER.get(kind.side, ""), "paper": kind.made_by[0]}
    rows = fill(sql_text(__package__, kind.sql), values)
    own = SIDE_BIT[kind.side]
    values |= {
        "rows": rows,
        "kind": kind.name,
        "grace": kind.grace_days,
        "anchors": ANCHOR_BITS & ~own,
        "neutral": 4 & ~own,
        "half": HALF_PPM,
        "relation": _RELATION if related else "0",
        "related": _RELATED if related else "",
    }
    return fill(sql_text(__package__, "80_outcome.sql"), values)


def empty_sql() -> str:
    """A query with the columns of a promise and no rows."""
    return f"SELECT * FROM ({promise_sql(PROMISES['respond'], 0)}) none WHERE 1 = 0"
