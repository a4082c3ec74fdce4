"""The API as its callers and its attackers use it, over the whole stack in front of it."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tallystick.adapters.store import accounts
from tallystick.doors.api import create_app, front
from tallystick.doors.api.callers import COOKIE
from tallystick.doors.api.tables import harmless
from tallystick.service import Service
from tallystick.service.logs import BLANK, HELD_S, redact

from .conftest import ON_SQLITE, settings_of
from .test_live import BILL

pytestmark = ON_SQLITE

EVIL = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    app = create_app(settings_of(service.book.path, service.settings.database_url))
    with TestClient(app, base_url="http://testserver") as opened:
        yield opened


def key_of(
    service: Service, login: str, role: str, scopes: str = "*", **more: Any
) -> dict[str, str]:
    """The headers of a new account."""
    with service.store.write() as db:
        who = accounts.create(db, service.clock(), login, login, role, "a good password", **more)
        key = accounts.new_key(db, who.id, service.clock(), "k", scopes.split())
    return {"Authorization": f"Bearer {key}"}


def hands_in(service: Service, name: str) -> dict[str, str]:
    return key_of(service, name, "contributor", contributor=name, contributor_kind="bank")


def a_code(service: Service) -> str:
    rows = service.book.ratings(cut=service.cut()).to_pylist()
    return str(next(r["code"] for r in rows if r["scope"] == "headline" and r["n_promises"] > 5))


def test_a_rating_has_a_validator_and_says_what_it_is(service: Service, client: TestClient) -> None:
    code = a_code(service)
    first = client.get(f"/v1/companies/{code}")
    assert first.status_code == 200 and first.json()["company"]["code"] == code
    again = client.get(f"/v1/companies/{code}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["content-security-policy"].startswith("default-src 'none'")
    for name in ("unsafe-inline", "unsafe-eval"):
        assert name not in first.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/v1/companies/C-0000000000000", 404, "no-such-company"),
        ("/v1/companies/nonsense", 422, "request"),
        ("/v1/companies?q=", 422, "request"),
        ("/v1/companies?q=a&limit=0", 422, "request"),
        ("/v1/batches", 401, "unknown"),
        ("/v1/jobs", 401, "unknown"),
        ("/nowhere", 404, "no-such-path"),
    ],
)
def test_errors_are_problems_that_say_what_to_do(
    client: TestClient, path: str, status: int, problem: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:tallystick:problem:{problem}" and answer.json()["fix"]


def test_a_batch_is_one_s_own(service: Service, client: TestClient) -> None:
    mine, yours = hands_in(service, "Mine"), hands_in(service, "Yours")
    sent = client.post("/v1/batches", json={"documents": [BILL]}, headers=mine)
    assert sent.status_code == 201 and sent.json()["accepted"] == 1
    path = sent.headers["location"]
    assert client.get(path, headers=mine).json()["state"] == "taken"
    for answer in (
        client.get(path, headers=yours),
        client.get(f"{path}/rejects.csv", headers=yours),
        client.delete(f"{path}?why=because", headers=yours),
    ):
        assert answer.status_code == 404, "others' batches are not told from missing ones"
    assert client.get("/v1/batches", headers=yours).json()["items"] == []
    assert client.get(path).status_code == 401
    assert client.delete(f"{path}?why=because", headers=mine).json()["state"] == "retracted"


def test_a_request_that_is_sent_again_is_done_once(service: Service, client: TestClient) -> None:
    headers = hands_in(service, "Mine") | {"Idempotency-Key": "one"}
    first, second = (
        client.post("/v1/batches", json={"documents": [BILL]}, headers=headers) for _ in range(2)
    )
    assert first.json() == second.json() and second.status_code == 201
    other = client.post("/v1/batches", json={"documents": []}, headers=headers)
    assert other.status_code == 409


def test_rejects_come_back_as_a_table_that_runs_nothing(
    service: Service, client: TestClient
) -> None:
    headers = hands_in(service, "Mine")
    sent = client.post("/v1/batches", json={"documents": [{"kind": EVIL}]}, headers=headers)
    assert sent.json()["rejected"] == 1
    table = client.get(f"{sent.headers['location']}/rejects.csv", headers=headers)
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert row["rule"] == "kind-unknown" and row["value"] == "'" + EVIL
    for value in ("=1", "+1", "-1", "@x", "\t=1", "\r=1"):
        assert harmless(value) == "'" + value
    assert harmless("plain") == "plain" and harmless(-1) == -1


def test_a_key_does_no_more_than_its_scopes(service: Service, client: TestClient) -> None:
    narrow = key_of(service, "ada", "operator", "rating")
    assert client.get("/v1/jobs", headers=narrow).status_code == 403
    assert client.get(f"/v1/companies/{a_code(service)}", headers=narrow).status_code == 200
    assert client.get("/v1/jobs", headers=key_of(service, "bob", "operator")).status_code == 200


@pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer ts_0000000000_x", "Basic YTpi", "x"])
def test_a_wrong_key_is_refused_even_for_what_is_public(
    service: Service, client: TestClient, given: str
) -> None:
    for path in (f"/v1/companies/{a_code(service)}", "/v1/companies?q=a"):
        answer = client.get(path, headers={"Authorization": given})
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"


def test_a_form_of_another_site_changes_nothing(service: Service, client: TestClient) -> None:
    with service.store.write() as db:
        who = accounts.create(
            db, 1, "port", "Port", "contributor", None, contributor="Port", contributor_kind="bank"
        )
        token = accounts.begin_session(db, who.id, service.clock())
    cookie = {"Cookie": f"{COOKIE}={token}"}
    body = {"documents": [BILL]}
    for foreign in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        answer = client.post("/v1/batches", json=body, headers=cookie | foreign)
        assert answer.status_code == 403 and "cross-site" in answer.json()["type"]
    for home in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}):
        assert client.post("/v1/batches", json=body, headers=cookie | home).status_code == 201


def test_large_bodies_are_refused_whether_they_say_so_or_not(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = hands_in(service, "Mine") | {"Content-Type": "application/json"}
    monkeypatch.setattr(front, "MOST_BYTES", 1000)
    told = client.post("/v1/batches", content=b"x" * 1001, headers=headers)
    untold = client.post("/v1/batches", content=iter([b"x" * 600] * 3), headers=headers)
    assert (told.status_code, untold.status_code) == (413, 413)


def test_who_asks_too_often_is_told_to_wait(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(front.PER_MINUTE, "public", 5)
    app = create_app(settings_of(service.book.path, service.settings.database_url))
    with TestClient(app) as client:
        answers = [client.get("/v1/companies?q=a") for _ in range(6)]
        assert [a.status_code for a in answers] == [200] * 5 + [429]
        assert int(answers[-1].headers["retry-after"]) > 0 and answers[-1].json()["fix"]
        key = key_of(service, "ada", "analyst")
        assert client.get("/v1/companies?q=a", headers=key).status_code == 200


def test_the_public_report_names_nobody_else(service: Service, client: TestClient) -> None:
    code = a_code(service)
    public = client.get(f"/v1/companies/{code}/report")
    told = public.json()
    assert told["provenance"]["sources"] == []
    for row in told["promises"]["rows"]:
        assert (
            row["id"] == "" and row["value_minor"] is None and row["to"].startswith("counterparty")
        )
    auditor = key_of(service, "aud", "auditor")
    assert client.get(f"/v1/companies/{code}/report", headers=auditor).json() == told
    whole = client.get(
        f"/v1/companies/{code}/report", headers=auditor | {"Tallystick-Purpose": "yearly audit"}
    )
    assert whole.json()["provenance"]["sources"] and "no-store" in whole.headers["cache-control"]


def test_a_look_at_evidence_is_logged_with_its_purpose(
    service: Service, client: TestClient
) -> None:
    from tallystick.service import views
    from tallystick.units import key_of as number

    code = a_code(service)
    path = f"/v1/companies/{code}/promises"
    auditor = key_of(service, "aud", "auditor")
    assert client.get(path).status_code == 401
    assert client.get(path, headers=key_of(service, "bo", "analyst")).status_code == 403
    assert client.get(path, headers=auditor).status_code == 428
    seen = client.get(path, headers=auditor | {"Tallystick-Purpose": "yearly audit"})
    assert seen.status_code == 200 and seen.json()["items"]
    with service.store.read() as db:
        (view,) = views.of_company(db, number(code), 2**62, 10)
    assert (view["name"], view["resource"], view["purpose"]) == ("aud", "promises", "yearly audit")
    own = key_of(service, "mei", "company", company=number(code))
    assert client.get(path, headers=own).status_code == 200
    other = key_of(service, "moe", "company", company=number(code) + 1)
    assert client.get(path, headers=other).status_code == 403


def test_agents_are_reached_by_known_hosts_only(client: TestClient) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream"}
    assert client.post("/mcp/", json=body, headers=headers).status_code < 500
    evil = client.post("/mcp/", json=body, headers=headers | {"Host": "evil.example"})
    assert evil.status_code == 421


def test_logs_hold_no_secrets(service: Service, client: TestClient, capsys: Any) -> None:
    headers = key_of(service, "ada", "operator")
    client.get("/v1/jobs", headers=headers)
    line, patience = "", time.monotonic() + 10
    while "/v1/jobs" not in line and time.monotonic() < patience:
        time.sleep(HELD_S)
        line = next((x for x in capsys.readouterr().err.splitlines() if "/v1/jobs" in x), "")
    assert json.loads(line)["status"] == 200 and headers["Authorization"].split("_")[2] not in line
    told = redact(None, "", {"api_key": "x", "url": f"a {headers['Authorization']}", "n": 1})
    assert told == {"api_key": BLANK, "url": f"a Bearer {BLANK}", "n": 1}
