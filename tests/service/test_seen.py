"""Who was shown what is counted once a look, and who asks too often is held back for the rest of the minute."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa
from tests.service.api_world import Api, person

from tallystick.adapters.store import accounts
from tallystick.doors.api.limiting import Windows
from tallystick.service import Service
from tallystick.service.seen import ALL, by_role, of_company

BIG = 2**62 + 5
_LOCK = {
    "sqlite": "UPDATE shown SET times = times",
    "postgresql": "LOCK TABLE shown IN EXCLUSIVE MODE",
}


def test_looks_add_up_over_writes(service: Service) -> None:
    for now in (10, 30, 20):
        service.seen.add(1, BIG, now)
    service.seen.add(2, BIG, 40)
    service.seen.flush()
    service.seen.add(1, BIG, 50)
    service.seen.add(1, 7, 60)
    service.seen.flush()
    with service.store.read() as db:
        found = {row["account"]: row for row in of_company(db, BIG, 0, 100)}
        assert [row["account"] for row in of_company(db, BIG, 45, 100)] == [1]
    assert found == {
        1: {"account": 1, "first_us": 10, "last_us": 50, "times": 4},
        2: {"account": 2, "first_us": 40, "last_us": 40, "times": 1},
    }


def test_who_took_out_all_ratings_was_shown_each(service: Service) -> None:
    service.seen.add(901, BIG + 1, 10)
    service.seen.add(901, ALL, 30)
    service.seen.add(902, ALL, 20)
    service.seen.flush()
    with service.store.read() as db:
        found = [tuple(row.values()) for row in of_company(db, BIG + 1, 0, 100)]
        assert [row["account"] for row in of_company(db, BIG + 1, 25, 100)] == [901]
    assert found == [(901, 10, 30, 2), (902, 20, 20, 1)]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/companies/{code}", None),
        ("GET", "/v1/companies/{code}/rating", None),
        ("GET", "/v1/companies/{code}/report", None),
        ("GET", "/v1/companies?q={code}", None),
        ("GET", "/v1/search?q={code}", None),
        ("GET", "/v1/ratings?limit=200", None),
        ("GET", "/v1/exports/ratings.csv", None),
        ("POST", "/v1/companies/lookup", {"companies": ["{code}"]}),
        ("POST", "/v1/companies/match", {"companies": [{"name": "{code}"}]}),
        ("POST", "/v1/companies/match?as=csv", {"companies": [{"name": "{code}"}]}),
        ("GET", "/en/search?q={code}", None),
        ("GET", "/en/search.json?q={code}", None),
        ("GET", "/en/c/{code}", None),
        ("GET", "/en/compare?a={code}&b={other}", None),
    ],
)
def test_whoever_is_shown_a_company_can_be_told_of_its_correction(
    api: Api, method: str, path: str, body: dict[str, Any] | None
) -> None:
    name = f"reader of {method} {path}"
    person(api, name, {}, "auditor")
    codes = {"{code}": api.code(), "{other}": api.code("other")}
    text = json.dumps(body)
    for blank, code in codes.items():
        path, text = path.replace(blank, code), text.replace(blank, code)
    told = api.ask(name, method, path, json=json.loads(text) if body else None)
    assert told.status_code == 200, told.text
    api.service.seen.flush()
    with api.service.store.read() as db:
        seen = {row["account"] for row in of_company(db, api.company, 0, 2**62)}
    assert api.accounts[name].id in seen


def test_looks_are_told_by_role_without_those_of_its_own(service: Service) -> None:
    people = {}
    with service.store.write() as db:
        for name, role, own in (("p", "analyst", None), ("q", "analyst", 3), ("r", "company", BIG)):
            made = accounts.create(db, 1, name, name, role, "correct horse battery", company=own)
            people[name] = made.id
    for n, name in enumerate("pqqr"):
        service.seen.add(people[name], BIG, 10 + n)
    service.seen.flush()
    with service.store.read() as db:
        told = by_role(db, BIG)
    assert told == [{"role": "analyst", "accounts": 2, "times": 3, "last_us": 12}]


def test_many_looks_are_written_at_once(service: Service) -> None:
    for company in range(1, 1202):
        service.seen.add(1, company, 1)
    service.seen.flush()
    with service.store.read() as db:
        assert all(len(of_company(db, n, 0, 9)) == 1 for n in (1, 600, 1201))


def test_who_writes_waits_for_what_another_is_writing(service: Service) -> None:
    service.seen.flush()
    locked, over = threading.Event(), threading.Event()

    def hold() -> None:
        with service.store.write() as db:
            db.execute(sa.text(_LOCK[db.dialect.name]))
            locked.set()
            over.wait(2)

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(5)
    service.seen.add(31, BIG + 3, 10)
    first = threading.Thread(target=service.seen.flush)
    first.start()
    while service.seen._looks:
        time.sleep(0.001)
    threading.Timer(0.2, over.set).start()
    service.seen.flush()
    with service.store.read() as db:
        found = [row["account"] for row in of_company(db, BIG + 3, 0, 100)]
    first.join()
    holder.join()
    assert found == [31]


@pytest.mark.parametrize("begin", [59.0, 0.0])
def test_a_window_lets_through_what_it_may_and_begins_anew(begin: float) -> None:
    now = [begin]
    windows = Windows(lambda: now[0])
    assert [windows.hit("key", "a", 2) for _ in range(3)] == [None, None, 60 - begin]
    assert windows.hit("key", "b", 2) is None and windows.hit("public", "a", 2) is None
    now[0] = 60.0
    assert windows.hit("key", "a", 2) is None
