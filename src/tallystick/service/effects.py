"""What an upload did: which companies it names, and whose rating has moved by new evidence since; and how well
all that a contributor handed in serves.

A rating follows all evidence that has come in, so a move is not this upload's alone; it says so where it is
shown. Nothing is computed but a look at the descriptions of its batches and at the changes of those companies.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from tallystick.adapters.engines import open_engine
from tallystick.adapters.handed import filled, lateness, newest, register_handed
from tallystick.adapters.named import companies_named
from tallystick.adapters.store import served
from tallystick.adapters.store.tables import CHANGE
from tallystick.evidence.ledger import OUTCOMES
from tallystick.service.live import Service
from tallystick.service.looking import cut_of
from tallystick.service.uploads import worst
from tallystick.units import DAY_US, code_of, day_of

MOST: Final = 1000
"""Companies whose changes are looked at."""
SHOWN: Final = 50
WORST: Final = 10
"""Rules that are told."""
Row = dict[str, Any]
NOTHING: Final[Row] = {"documents": 0, "fields": [], "lateness": []}


def of_upload(service: Service, batch_ids: Sequence[str], since_us: int) -> Row:
    """{companies, moved}: how many companies the batches name, and the first move of each by evidence since a
    moment: company, name, at_us, before and after."""
    found = [service.book.ledger.find(one) for one in batch_ids]
    versions = [batch.version for batch in found if batch is not None]
    companies = companies_named(cut_of(service), versions) if versions else []
    with service.store.read() as db:
        moves = _first_moves(db, companies[:MOST], since_us)
        bodies = served.bodies(db, [row["company"] for row in moves[:SHOWN]])
    moved = [_told(row, bodies.get(row["company"])) for row in moves[:SHOWN]]
    return {"companies": len(companies), "moves": len(moves), "moved": moved}


def _first_moves(db: sa.Connection, companies: Collection[int], since_us: int) -> list[Row]:
    first: dict[int, Row] = {}
    for some in served.batched(companies, served.AT_ONCE):
        find = sa.select(CHANGE).where(
            CHANGE.c.company.in_(some),
            CHANGE.c.at_us >= since_us,
            CHANGE.c.cause == json.dumps("evidence"),
        )
        for row in db.execute(find.order_by(CHANGE.c.id)):
            first.setdefault(row.company, dict(row._mapping))
    return sorted(first.values(), key=lambda row: row["id"])


def _told(row: Row, body: Row | None) -> Row:
    before = json.loads(row["before"]) if row["before"] else None
    return {
        "company": code_of(row["company"], "C"),
        "name": body["company"]["name"] if body else None,
        "at_us": row["at_us"],
        "before": before,
        "after": json.loads(row["after"]),
    }


def health(uploaded: Sequence[Row]) -> Row:
    """How well uploads (`uploads.summaries`) could be read: counts by outcome and the rules that reject most,
    each with how to mend it. Tries count only where nothing was handed in. `by_day`: what was handed in on each
    day, oldest first."""
    handed = [one for one in uploaded if not one["dry_run"]]
    rows = handed or uploaded
    counts = {name: sum(row[name] for row in rows) for name in OUTCOMES}
    rules: dict[tuple[str, str], Row] = {}
    for row in rows:
        for rule in row["rules"]:
            key = (rule["rule"], rule["field"] or "")
            rules.setdefault(key, rule | {"n": 0})["n"] += rule["n"]
    told = {
        "uploads": len(rows),
        "tries": not handed,
        **counts,
        "rules": worst(rules.values(), WORST),
    }
    return told | {"by_day": _by_day(handed)}


def kept(service: Service, contributor: str | None) -> Row:
    """{documents, fields, lateness}: how full the documents of a contributor are (None: of all) that stand in
    the cut that is served, and how late they came; see `adapters.handed`. Counted once a cut."""
    cut = service.cut()
    if cut is None:
        return NOTHING
    return _kept(service, contributor, cut.folder.name)


@lru_cache(maxsize=64)
def _kept(service: Service, contributor: str | None, _cut: str) -> Row:
    snapshot, settings = cut_of(service).snapshot, service.settings
    scratch = service.book.path / "derived" / "scratch"
    with closing(open_engine("duckdb", scratch, settings.memory_mb, settings.threads)) as engine:
        register_handed(engine, snapshot, newest(service.book.batches(), snapshot, contributor))
        fields = filled(engine)
        documents = sum(row["documents"] for row in fields)
        return {"documents": documents, "fields": fields, "lateness": lateness(engine)}


def _by_day(handed: Sequence[Row]) -> list[Row]:
    days: dict[int, Row] = {}
    for row in reversed(handed):
        day = days.setdefault(row["created_us"] // DAY_US, dict.fromkeys(OUTCOMES, 0))
        for name in OUTCOMES:
            day[name] += row[name]
    return [{"day": day_of(day).isoformat(), **told} for day, told in sorted(days.items())]
