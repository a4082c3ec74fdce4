"""Corrections and retractions of a cut that grows: what stands now and did not, and what stands no more.

Idea: a correction or retraction speaks about one *slot*, what one contributor said under one kind and number
(`15_amended.sql` says which of several counts). So only the slots that new amendments name, and the amended
ones that are stated anew, are decided again: out of what stands in them, what amends them and what is new. All
that amends is kept beside the statements of a cut, also what waits without effect for what it amends.

Worked example: a correction of invoice 17 by its seller. The invoice stands in the slot; it goes, and the
correction stands in its place. A retraction of the day after takes that away too, and a correction of the day
before, should it come late, changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tallystick.adapters.laying import COLUMNS, Laid, Near
from tallystick.adapters.state import count
from tallystick.engine import Engine

_SLOT: Final = ("contributor", "kind", "own")
_ROW: Final = ", ".join(COLUMNS)


def settle(engine: Engine, laid: Laid, near: Near) -> bool:
    """Decide what of the new statements `said_fresh` stands: keep as `said_new` what stands and did not, as
    `said_gone` what stood and does no more, and hide that from `near`. Reads `said_stated` of them, too.
    Whether there are other amendments than before; they are kept as `amendment` then."""
    laid.register_amendments(engine, "amended")
    named = "SELECT DISTINCT {} FROM {} s {} WHERE s.own IS NOT NULL"
    slot = ", ".join(f"s.{name}" for name in _SLOT)
    amending = named.format(slot, "said_fresh", "") + " AND s.action <> 'state'"
    stating = named.format(slot, "said_fresh", f"JOIN amended a ON {_same('s', 'a')}")
    engine.keep("slot_again", f"{amending} UNION {stating}")
    if not count(engine, "slot_again"):
        engine.keep("said_new", "SELECT * FROM said_fresh WHERE action = 'state'")
        engine.keep("said_gone", "SELECT * FROM said_fresh WHERE 1 = 0")
        return False
    own = engine.fetch("SELECT DISTINCT own FROM slot_again")["own"].to_numpy()
    near.keep("said_near", near.places(own), "own IN (SELECT own FROM slot_again)")
    _decide(engine)
    near.hide("said_gone")
    return True


def meet_amendments(engine: Engine, tables: Sequence[str]) -> bool:
    """Whether any statement of some tables amends another, or is in a slot that is `amended`."""
    parts = [f"SELECT 1 AS one FROM {t} s JOIN amended a ON {_same('s', 'a')}" for t in tables]
    parts += [f"SELECT 1 AS one FROM {t} WHERE action <> 'state'" for t in tables]
    return bool(count(engine, f"({' UNION ALL '.join(parts)}) t"))


def _decide(engine: Engine) -> None:
    """The slots again, of which `said_near` has all that stood in them."""
    engine.keep("said_slot", _of_slots("said_near"))
    fresh = f"{_of_slots('said_fresh')} WHERE s.action <> 'state'"
    engine.keep("slot_amended", f"{_of_slots('amended')} UNION ALL {fresh}")
    slot = ", ".join(_SLOT)
    tables = ("said_slot WHERE action = 'state'", "amended WHERE stated = 1", "said_stated")
    engine.keep("slot_stated", " UNION ".join(f"SELECT {slot} FROM {table}" for table in tables))
    latest = (
        f"SELECT s.*, ROW_NUMBER() OVER (PARTITION BY {', '.join(f's.{name}' for name in _SLOT)} "
        f"ORDER BY s.day DESC, s.doc_id DESC) AS turn FROM slot_amended s "
        f"JOIN slot_stated t ON {_same('s', 't')}"
    )
    engine.keep(
        "said_now", f"SELECT {_ROW} FROM ({latest}) l WHERE turn = 1 AND action = 'correct'"
    )
    among = "doc_id NOT IN (SELECT doc_id FROM {})"
    engine.keep("said_gone", f"SELECT * FROM said_slot WHERE {among.format('said_now')}")
    engine.keep(
        "said_new",
        f"{_elsewhere('said_fresh', _ROW)} AND s.action = 'state' "
        f"UNION ALL SELECT {_ROW} FROM said_now WHERE {among.format('said_slot')}",
    )
    engine.keep(
        "amendment",
        f"{_elsewhere('amended', f'{_ROW}, stated')} UNION ALL SELECT {_qualified(_ROW)}, "
        "CAST(CASE WHEN t.own IS NULL THEN 0 ELSE 1 END AS BIGINT) AS stated "
        f"FROM slot_amended s LEFT JOIN slot_stated t ON {_same('s', 't')}",
    )
    for name in ("said_near", "said_now", "said_slot", "slot_amended", "slot_stated"):
        engine.drop(name)


def _of_slots(table: str) -> str:
    """The rows of a table that are in the slots."""
    return f"SELECT {_qualified(_ROW)} FROM {table} s JOIN slot_again g ON {_same('s', 'g')}"


def _elsewhere(table: str, columns: str) -> str:
    """The rows of a table that are in none of the slots."""
    joined = f"{table} s LEFT JOIN slot_again g ON {_same('s', 'g')}"
    return f"SELECT {_qualified(columns)} FROM {joined} WHERE g.own IS NULL"


def _qualified(columns: str) -> str:
    return ", ".join(f"s.{name}" for name in columns.split(", "))


def _same(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in _SLOT)
