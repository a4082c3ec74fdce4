"""The alerts of a cut: what the watch stage reads, out of the tables of the cut and its linked evidence."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.state import register_rates
from tallystick.deals import breaks
from tallystick.deals.breaks import MISSING
from tallystick.engine import Engine, fill, sql_text
from tallystick.identity import families, ties
from tallystick.promises import PROMISES
from tallystick.watch import COLUMNS, TOLD, Alert, Kin, WatchPolicy, find_alerts

CHECKED: Final = """
SELECT subject AS company, CAST(MIN(day) AS INT) AS verified_day
FROM doc_linked WHERE kind = 'registration' AND subject IS NOT NULL GROUP BY subject
"""
"""A register that knows a company is who checked it, since the first day that it says so."""

SPOKE: Final = """
SELECT l.deal, l.kind, d.version, CAST(MIN(l.day) AS INT) AS day
FROM doc_linked l JOIN document d ON d.doc_id = l.doc_id JOIN live v ON v.version = d.version
WHERE l.deal IS NOT NULL AND l.kind IN ({kinds}) GROUP BY l.deal, l.kind, d.version
"""
"""Which batches speak of which deal, by which kinds of document; those of trade alone, since what a register
says of a company nobody else repeats."""


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
        _told(cut, engine),
    )


def _valued(cut: Cut, engine: Engine) -> pa.Table:
    """The promises of a cut with their values in US cents."""
    cut.register(engine, "promise", "promises")
    register_rates(engine, cut.as_of_day)
    values: dict[str, int | str] = {"as_of": cut.as_of_day}
    valued = fill(sql_text("tallystick.record", "05_valued.sql"), values)
    return engine.fetch(f"SELECT {', '.join(COLUMNS)} FROM ({valued}) v")


def _told(cut: Cut, engine: Engine) -> pa.Table:
    """Who spoke of which deal, and whom another contradicts (schema TOLD)."""
    kinds = sorted({kind for one in PROMISES.values() for kind in one.made_by + one.settled_by})
    rows = engine.fetch(fill(SPOKE, {"kinds": ", ".join(f"'{kind}'" for kind in kinds)}))
    name = {version: person.name for version, person in cut.snapshot.live.items()}
    broken = breaks(engine)
    pairs = {
        (row["deal"], kind)
        for row in broken.filter(pc.not_equal(broken["kind"], MISSING)).to_pylist()
        for kind in row["between_kinds"].split(" and ")
    }
    deals = pa.array(sorted({deal for deal, _ in pairs}), pa.int64())
    sides: dict[int, set[str]] = defaultdict(set)
    for row in rows.filter(pc.is_in(rows["deal"], value_set=deals)).to_pylist():
        if (row["deal"], row["kind"]) in pairs:
            sides[row["deal"]].add(name[row["version"]])
    odd = {(deal, who) for deal, names in sides.items() if len(names) > 1 for who in names}
    people = pa.array([name.get(v) for v in rows["version"].to_pylist()], pa.string())
    table = pa.table({"deal": rows["deal"], "contributor": people, "day": rows["day"]})
    once = table.group_by(["deal", "contributor"]).aggregate([("day", "min")])
    keys = zip(once["deal"].to_pylist(), once["contributor"].to_pylist(), strict=True)
    flags = pa.array([key in odd for key in keys], pa.bool_())
    columns = [once["deal"], once["contributor"], once["day_min"], flags]
    return pa.table(columns, names=TOLD.names).cast(TOLD)
