"""What a rating has made stale, made anew before somebody asks: what the search looks names up in, and the
reports that somebody had to wait for lately.

A report reads the evidence of a company out of the whole book, which takes seconds where that is large. So who
looked once does not wait again when the rating moves: the report is made while nobody waits for it.

Worked example: at 10:00 somebody looks at C-1 and waits. At 10:05 a batch moves C-1 by a hair: its report is
made anew, as if asked for at 10:00. At 11:05 it is stale again and nobody waited for it since 10:00: it is
left alone until somebody looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
import structlog

from tallystick.adapters.find_index import made, open_index
from tallystick.adapters.store import jobs
from tallystick.adapters.store.tables import CACHED, SERVED
from tallystick.evidence.ledger import EvidenceError
from tallystick.service import looking
from tallystick.service.live import Service
from tallystick.units import SECOND_US

REPORTS: Final = "reports"
"""The job. It has a thread of its own: ratings do not wait for it."""
LOOKED_S: Final = 3600
MOST: Final = 5
"""Reports that one job makes, the newest wishes first, so that a worker that is to end soon can; the next job
makes the rest."""
_LOG: Final = structlog.get_logger("ahead")


def ask(service: Service) -> None:
    """Have made anew what went stale, if anything did."""
    cut = service.cut()
    unread = cut is not None and made(cut) is None
    with service.store.write() as db:
        if unread or stale(db, service.clock()):
            jobs.put(db, service.clock(), REPORTS, key=REPORTS)


def make(service: Service, _: Mapping[str, Any]) -> None:
    """Make the index of the search and some of the reports that went stale, and ask for the rest."""
    open_index(looking.cut_of(service))
    with service.store.read() as db:
        rows = stale(db, service.clock())
    count = 0
    for company, etag, asked_us in rows:
        try:
            looking.make_reports(service, company, etag, asked_us)
            count += 1
        except EvidenceError as error:
            _LOG.warning("report.not-made", company=company, why=str(error))
    if count:
        ask(service)


def stale(db: sa.Connection, now_us: int) -> list[tuple[int, str, int]]:
    """(company, etag of now, last asked) of the reports that are not what is served, last asked for first."""
    asked = sa.func.max(CACHED.c.made_us)
    find = (
        sa.select(CACHED.c.company, SERVED.c.etag, asked)
        .join(SERVED, SERVED.c.company == CACHED.c.company)
        .where(CACHED.c.etag != SERVED.c.etag, CACHED.c.made_us >= now_us - LOOKED_S * SECOND_US)
        .group_by(CACHED.c.company, SERVED.c.etag)
        .order_by(asked.desc(), CACHED.c.company)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(find.limit(MOST))]
