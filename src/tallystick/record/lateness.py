"""How soon promises are kept, counted: what a curve of "kept within d days of the due date" is made of.

Worked example: of three invoices due on 1 March one is paid on 28 February, one on 5 March, and one is open
on 11 March: (pay, kept, 0 days), (pay, kept, 4 days) and (pay, not kept, watched for 10 days), one each.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pyarrow as pa

from tallystick.engine import Engine, Question, fill, sql_text
from tallystick.promises import TIMED

LAST_DAY: Final = 45
"""Days after the due date beyond which it does not matter how many."""

LATENESS: Final = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("kept", pa.int64(), nullable=False),
        pa.field("days", pa.int64(), nullable=False),
        pa.field("promises", pa.int64(), nullable=False),
    ]
)
"""Key (kind, kept, days). What each column means stands in 65_lateness.sql."""


def lateness(engine: Engine, source: str, as_of_day: int) -> pa.Table:
    """How soon the promises of the view `source` (schema PROMISE) were kept (schema LATENESS), by its key."""
    return _told(engine.fetch(_text(source, as_of_day)))


def lateness_among(engine: Engine, promises: pa.Table, as_of_day: int) -> pa.Table:
    """The same of a few promises."""
    tables = {"promise": promises.select(_READ)}
    return _told(engine.answer(Question(_text("promise", as_of_day)), tables))


_READ: Final = ("kind", "due_day", "done_day", "outcome")


@lru_cache(4)
def _text(source: str, as_of_day: int) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in TIMED)
    values: dict[str, int | str] = {
        "source": source,
        "as_of": as_of_day,
        "last": LAST_DAY,
        "kinds": kinds,
    }
    return fill(sql_text(__package__, "65_lateness.sql"), values)


def _told(rows: pa.Table) -> pa.Table:
    keys = LATENESS.names[:3]
    return rows.select(LATENESS.names).sort_by([(key, "ascending") for key in keys]).cast(LATENESS)
