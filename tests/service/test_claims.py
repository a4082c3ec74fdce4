"""Who speaks for a company: by a domain that a register lists, by a contributor that knows it, by the
operator."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from starlette.testclient import TestClient

from tallystick.doors.api import create_app
from tallystick.evidence.ledger import Contributor
from tallystick.service import Service, worker
from tallystick.service.reaching import Sender, Target

from .conftest import ON_SQLITE, settings_of
from .test_api import hands_in, key_of
from .test_live import BILL

pytestmark = ON_SQLITE
DOMAIN = "huaqiang-trading.com"
LISTED = {
    "kind": "registration", "number": "R-1", "issued_on": "2024-01-01", "status": "active",
    "parties": {"subject": {"ids": {"id:tradeport.member": "00000001"}, "domains": [DOMAIN]}},
}  # fmt: skip


class Site:
    """The web site of the company, on this machine: what it answers, and how it is reached."""

    def __init__(self) -> None:
        self.text, self.status, self.asked = "", 200, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.headers["host"], self.path))
                self.send_response(site.status)
                self.end_headers()
                self.wfile.write(site.text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def sender(self) -> Sender:
        """A sender that finds the domain here; it is checked as any other."""
        port = self.server.server_address[1]

        class Here(Sender):
            def check(self, text: str) -> Target:
                return super().check(text.replace(f"https://{DOMAIN}", f"http://{DOMAIN}:{port}"))

        local = (ipaddress.ip_network("127.0.0.0/8"),)
        return Here(look_up=lambda host, port: ["127.0.0.1"], allowed=local, plain=True)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    service.book.add([LISTED], Contributor("The Register", "registry"))
    worker.drain(service)
    service.rate()
    app = create_app(settings_of(service.book.path, service.settings.database_url))
    with TestClient(app, base_url="http://testserver") as opened:
        yield opened


def code_of_member(service: Service, number: str) -> str:
    cut = service.cut()
    assert cut is not None
    return str(service.book.find(f"id:tradeport.member:{number}", cut)[0]["code"])


def claim(client: TestClient, who: dict[str, str], code: str, method: str, **more: Any) -> Any:
    return client.post("/v1/claims", json={"company": code, "method": method} | more, headers=who)


def test_a_token_at_the_listed_domain_opens_the_page(
    service: Service, client: TestClient, site: Site
) -> None:
    client.app.state.service.sender = site.sender()  # type: ignore[attr-defined]
    code, mei = code_of_member(service, "00000001"), key_of(service, "mei", "company")
    secret = f"/v1/companies/{code}/promises"
    assert client.get(secret, headers=mei).status_code == 403
    assert claim(client, mei, code, "domain", domain="evil.example").status_code == 409
    made = claim(client, mei, code, "domain", domain=DOMAIN)
    assert made.status_code == 201, made.text
    number, token = made.json()["id"], made.json()["token"]
    assert claim(client, mei, code, "operator").status_code == 409, "one at a time"
    for text, status in (("", 200), ("tallystick-other", 200), (token, 404), (f"x{token}", 200)):
        site.text, site.status = text, status
        assert client.post(f"/v1/claims/{number}/check", headers=mei).status_code == 409
    site.text, site.status = f"# for Tallystick\n{token}\n", 200
    told = client.post(f"/v1/claims/{number}/check", headers=mei)
    assert told.json()["state"] == "granted" and told.json()["token"] is None
    assert site.asked[-1][1] == "/.well-known/tallystick.txt"
    client.app.state.callers.forget()  # type: ignore[attr-defined]
    assert client.get(secret, headers=mei).status_code == 200


def test_a_domain_that_only_the_firm_itself_names_is_not_enough(
    service: Service, client: TestClient
) -> None:
    said = LISTED | {"kind": "profile", "number": "P-9"}
    said["parties"] = {
        "subject": {"ids": {"id:tradeport.member": "00000002"}, "domains": ["mine.com"]}
    }
    service.book.add([said], Contributor("Somebody", "firm"))
    service.rate()
    code, mei = code_of_member(service, "00000002"), key_of(service, "mei", "company")
    assert claim(client, mei, code, "domain", domain="mine.com").status_code == 409


def test_a_contributor_confirms_only_whom_its_evidence_describes(
    service: Service, client: TestClient
) -> None:
    code, mei = code_of_member(service, "00000001"), key_of(service, "mei", "company")
    knows, stranger = hands_in(service, "Knows"), hands_in(service, "Stranger")
    client.post("/v1/batches", json={"documents": [BILL]}, headers=knows)
    worker.drain(service)
    number = claim(client, mei, code, "contributor").json()["id"]
    path, grant = f"/v1/claims/{number}/decision", {"grant": True, "note": "a customer of ours"}
    assert client.post(path, json=grant, headers=stranger).status_code == 404
    assert client.post(path, json=grant, headers=mei).status_code == 403
    assert client.post(path, json=grant, headers=knows).json()["state"] == "granted"


def test_what_was_granted_can_be_taken_back(service: Service, client: TestClient) -> None:
    code, mei = code_of_member(service, "00000001"), key_of(service, "mei", "company")
    olga = key_of(service, "olga", "operator")
    number = claim(client, mei, code, "operator").json()["id"]
    path = f"/v1/claims/{number}/decision"
    assert client.get("/v1/notices", headers=olga).json()["items"][0]["kind"] == "claimed"
    assert client.post(path, json={"grant": True}, headers=olga).json()["state"] == "granted"
    assert client.post(path, json={"grant": False}, headers=olga).json()["state"] == "refused"
    assert client.post(path, json={"grant": True}, headers=olga).status_code == 409
    client.app.state.callers.forget()  # type: ignore[attr-defined]
    assert client.get(f"/v1/companies/{code}/promises", headers=mei).status_code == 403


def test_claims_of_others_are_not_told(service: Service, client: TestClient) -> None:
    code, mei = code_of_member(service, "00000001"), key_of(service, "mei", "company")
    moe = key_of(service, "moe", "company")
    number = claim(client, mei, code, "domain", domain=DOMAIN).json()["id"]
    assert client.get(f"/v1/claims/{number}", headers=moe).status_code == 404
    assert client.post(f"/v1/claims/{number}/check", headers=moe).status_code == 404
    assert client.get("/v1/claims", headers=moe).json()["items"] == []
    aud = key_of(service, "aud", "auditor")
    assert client.get(f"/v1/claims/{number}", headers=aud).json()["token"] is None
