"""The alerts of a cut: what the watch stage reads, out of the tables of the cut and its linked evidence."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.rates import usd_rates
from tallystick.engine import Engine, fill, sql_text
from tallystick.identity import families, ties
from tallystick.watch import COLUMNS, Alert, Kin, WatchPolicy, find_alerts

CHECKED: Final = """
SELECT subject AS company, CAST(MIN(day) AS INT) AS verified_day
FROM doc_linked WHERE kind = 'registration' AND subject IS NOT NULL GROUP BY subject
"""
"""A register that knows a company is who checked it, since the first day that it says so."""


def alerts_of(cut: Cut, engine: Engine, policy: WatchPolicy | None = None) -> list[Alert]:
    """The alerts of a cut, the strongest first. `engine` reads the linked evidence of the cut."""
    related = cut.read("related")
    kin = Kin(families(related), ties(related)) if len(related) else None
    checked = engine.fetch(CHECKED)
    companies = cut.read("companies", ["company"])
    place = pc.index_in(
        companies["company"].combine_chunks(), value_set=checked["company"].combine_chunks()
    )
    days = checked["verified_day"].combine_chunks().take(place)
    return find_alerts(
        _valued(cut, engine),
        companies.append_column("verified_day", days),
        cut.as_of_day,
        policy,
        kin,
    )


def _valued(cut: Cut, engine: Engine) -> pa.Table:
    """The promises of a cut with their values in US cents."""
    cut.register(engine, "promise", "promises")
    first = engine.fetch("SELECT MIN(made_day) AS day FROM promise")["day"][0].as_py()
    engine.register("fx", usd_rates(cut.as_of_day if first is None else first, cut.as_of_day))
    values: dict[str, int | str] = {"as_of": cut.as_of_day}
    valued = fill(sql_text("tallystick.record", "05_valued.sql"), values)
    return engine.fetch(f"SELECT {', '.join(COLUMNS)} FROM ({valued}) v")
