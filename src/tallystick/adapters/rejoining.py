"""Companies that turn out to be one while a cut grows: what was said of them is said again.

Idea: a statement names companies, and a number is its owner's. Who is joined to another has another key from
then on, and with it every statement that names it and every number that is its own. So the documents that name
a party which now means another company are read again (`read_again`); what stood of them goes, and what they
say now is new (`say_again`). From there on nothing knows that it is about a join.

Worked example: a shop and the holder of an account are two companies until a contract names both. The 40
documents that name the holder are read again, as the shop's; the deals of both are linked again, and the
holder promises nothing any more.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.amending import meet_amendments
from tallystick.adapters.cuts import Cut
from tallystick.adapters.laying import ROWS, Ints, Near, listed
from tallystick.adapters.state import register_evidence
from tallystick.deals import define_said
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES

_AGAIN: Final = "said_again"


def moved_parties(parties: Ints, before: pa.Table, now: pa.Table) -> Ints:
    """Those of some parties that mean another company than `before`; both tables have party and company, where
    these differ."""
    found: Ints = parties[_companies(parties, before) != _companies(parties, now)]
    return found


def _companies(parties: Ints, merged: pa.Table) -> Ints:
    table = merged.filter(pc.is_in(merged["party"], pa.array(parties))).sort_by("party")
    party, company = (table[name].to_numpy() for name in ("party", "company"))
    found = parties.copy()
    found[np.isin(parties, party)] = company[
        np.searchsorted(party, parties[np.isin(parties, party)])
    ]
    return found


def may_be_read_again(cut: Cut, moved: Ints) -> bool:
    """Not where documents are struck, since what says them again may be told otherwise; nor where who handed
    evidence in is another company now, since all that it ever said is."""
    speakers = [who.party for who in cut.snapshot.live.values()]
    return not cut.snapshot.struck and not np.isin(speakers, moved).any()


def read_again(cut: Cut, engine: Engine, held: list[int], moved: Ints) -> None:
    """Keep what the documents of the batches `held` that name a moved party say now."""
    register_evidence(engine, cut.snapshot, texts=True)
    engine.register("version_held", pa.table({"version": pa.array(held, pa.int64())}))
    among = listed(engine, "party_moved", moved)
    named = " OR ".join(f"{role} IN ({among})" for role in ROLES)
    engine.keep(
        "document_again",
        f"SELECT * FROM document WHERE version IN (SELECT version FROM version_held) AND ({named})",
    )
    engine.define("document", "SELECT * FROM document_again")
    live, merged = cut.snapshot.live, cut.read("merged")
    define_said(engine, live, merged, cut.as_of_day, False, texts=True)
    engine.keep(_AGAIN, f"SELECT {ROWS} FROM said_raw")
    engine.drop("document")
    engine.drop("document_again")


def say_again(engine: Engine, near: Near) -> bool:
    """Have what was read again stand in `said_new`, and what stood of it in `said_gone`. False where any of it
    is or was amended: which of several then counts may be another one."""
    near.keep_documents("said_gone", _AGAIN)
    if meet_amendments(engine, (_AGAIN, "said_gone")):
        return False
    engine.keep("said_told", "SELECT * FROM said_new")
    engine.keep("said_new", f"SELECT * FROM said_told UNION ALL SELECT * FROM {_AGAIN}")
    engine.drop("said_told")
    near.hide("said_gone")
    return True
