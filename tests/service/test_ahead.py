"""Reports that somebody waited for are made anew before the next look; others are left alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from tallystick.adapters.find_index import made
from tallystick.adapters.store.tables import CACHED, SERVED
from tallystick.service import Service, ahead, looking, worker
from tallystick.units import SECOND_US

from .test_live import BILL, PAID, bank_of, hand_in

Row = tuple[int, str]


def most_dealt(service: Service) -> Row:
    """The company and etag of the longest body: one of much evidence."""
    find = sa.select(SERVED.c.company, SERVED.c.etag).order_by(sa.func.length(SERVED.c.body).desc())
    with service.store.read() as db:
        row = db.execute(find).first()
    assert row is not None
    return row.company, row.etag


def kept_of(service: Service, company: int) -> list[Any]:
    with service.store.read() as db:
        return list(db.execute(sa.select(CACHED).where(CACHED.c.company == company)))


def drop_etag(service: Service, company: int) -> None:
    """As if the rating had moved."""
    with service.store.write() as db:
        db.execute(sa.update(SERVED).where(SERVED.c.company == company).values(etag="moved"))


def test_one_look_makes_the_report_for_everybody(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, etag = most_dealt(service)
    first = looking.report(service, company, "en", etag, whole=False)
    monkeypatch.setattr(looking, "gather", None)  # nothing is gathered again
    texts = [
        looking.report(service, company, lang, etag, whole)
        for lang in ("en", "zh")
        for whole in (False, True)
    ]
    assert texts[0] == first and len(set(texts)) == 4
    assert json.loads(texts[2])["lang"] == "zh"


def test_a_report_gone_stale_is_made_ahead_as_of_who_waited(service: Service) -> None:
    company, etag = most_dealt(service)
    looking.report(service, company, "en", etag, whole=False)
    asked = {row.made_us for row in kept_of(service, company)}
    with service.store.read() as db:
        assert ahead.stale(db, service.clock()) == []
    drop_etag(service, company)
    ahead.ask(service)
    worker.drain(service)
    rows = kept_of(service, company)
    assert len(rows) == 4 and {row.etag for row in rows} == {"moved"}
    assert {row.made_us for row in rows} == asked


def test_nobody_waited_lately_so_nothing_is_made(service: Service) -> None:
    company, etag = most_dealt(service)
    looking.report(service, company, "en", etag, whole=False)
    drop_etag(service, company)
    now = service.clock()
    with service.store.read() as db:
        assert [row[0] for row in ahead.stale(db, now)] == [company]
        assert ahead.stale(db, now + (ahead.LOOKED_S + 60) * SECOND_US) == []


def test_a_rating_asks_for_what_it_made_stale(service: Service) -> None:
    with service.store.read() as db:
        companies = [row.company for row in db.execute(sa.select(SERVED.c.company))]
        etags = {row.company: row.etag for row in db.execute(sa.select(SERVED))}
    for company in companies[: ahead.MOST + 2]:
        looking.report(service, company, "en", etags[company], whole=False)
    hand_in(service, bank_of(service), [BILL, PAID])
    worker.drain(service)
    with service.store.read() as db:
        assert ahead.stale(db, service.clock()) == []


def test_the_search_finds_its_index_made(service: Service) -> None:
    hand_in(service, bank_of(service), [BILL, PAID])
    worker.drain(service)
    assert made(looking.cut_of(service)) is not None
