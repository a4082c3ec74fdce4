"""The queue of who-is-who with rows in it: the evidence on a pair, what a judgement would move, judging."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PASSWORD, enter, settings_of
from tests.web.test_public import assert_inert

from tallystick.adapters.store import accounts
from tallystick.book import open_book
from tallystick.doors.api import create_app
from tallystick.evidence.ledger import Contributor
from tallystick.service import open_service, worker

FIRMS = (
    ("bank", "深圳市华强电子有限公司"),
    ("shop", "Shenzhen Huaqiang Electronics Co., Ltd."),
    ("carrier", "Huaqiang Electronics"),
    ("market", "Dongguan Huaqiang Electronics Co., Ltd."),
)
HOSTILE = "Li <b>Trading</b>"


def bills(who: str, name: str) -> list[dict[str, object]]:
    """Bills that a company of that name owes."""
    seller = {"name": HOSTILE, "ids": {f"id:{who}": "9"}}
    buyer = {"name": name, "country": "CN", "ids": {f"id:{who}": "1"}}
    return [
        {"kind": "invoice", "number": f"{who}-{n}", "issued_on": f"2025-0{n}-01", "due_on": f"2025-0{n}-20",
         "amount": "900", "currency": "EUR", "terms": "open_account",
         "parties": {"seller": seller, "buyer": buyer}}
        for n in range(1, 9)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A served book in which two companies may be one."""
    settings = settings_of(tmp_path_factory.mktemp("review") / "book")
    with open_book(settings.book, create=True, settings=settings) as book:
        for who, name in FIRMS:
            book.add(bills(who, name), Contributor(who, "marketplace"), source=who)
    service = open_service(settings)
    worker.drain(service)
    with service.store.write() as db:
        for role in ("analyst", "auditor", "contributor"):
            accounts.create(db, service.clock(), role, role, role, PASSWORD)
    service.close()
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


def pair_in(client: TestClient, lang: str = "en") -> str:
    """The address of the first pair of the queue."""
    page = client.get(f"/{lang}/review").text
    assert_inert(page)
    found = re.findall(rf'href="(/{lang}/review/pair\?[^"]+)"', page)
    assert found, page
    return html.unescape(found[0])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_queue_leads_to_the_evidence_line_by_line(asked: TestClient, lang: str) -> None:
    client = enter(asked, "auditor")
    page = client.get(pair_in(client, lang)).text
    assert_inert(page)
    assert "Huaqiang" in page and "<b>Trading" not in page
    assert re.search(r"[+-]\d+\.\d</td>", page), "bits in favour"
    assert "/review/judgements" not in page, "an auditor looks and changes nothing"
    told = client.get(pair_in(client).replace("/pair?", "/pair.json?")).json()
    assert told["lines"] and told["outcome"] in ("held", "ask", "crowded")


def test_who_may_not_judge_gets_no_queue(asked: TestClient) -> None:
    assert enter(asked, "contributor").get("/en/review").status_code == 403
    asked.cookies.clear()
    assert asked.get("/en/review").status_code == 303


def fields(client: TestClient) -> dict[str, str]:
    page = client.get(pair_in(client)).text
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w)" value="([^"]*)"', page)
    }


def test_a_judgement_is_tried_then_handed_in_with_its_reason(asked: TestClient) -> None:
    client = enter(asked, "analyst")
    sides = fields(client)
    service = client.app.state.service  # type: ignore[attr-defined]
    tried = client.post("/en/review/judgements", data={**sides, "verdict": "same", "do": "preview"})
    there = tried.headers["location"]
    assert "It is being worked out" in client.get(there).text
    worker.drain(service)
    done = client.get(there).text
    assert "What it would move" in done and "Ratings that would move" in done
    assert_inert(done)
    silent = client.post("/zh/review/judgements", data={**sides, "verdict": "same", "do": "judge"})
    assert silent.status_code == 422
    nothing = client.post("/en/review/judgements", data={**sides, "do": "judge"})
    assert nothing.status_code == 422 and "Choose what they are" in nothing.text
    before = client.get("/en/review.json").json()["pairs"]
    judged = client.post(
        "/en/review/judgements",
        data={**sides, "verdict": "same", "why": "one director", "do": "judge"},
    )
    assert "Judged: the same company" in client.get(judged.headers["location"]).text
    worker.drain(service)
    after = client.get("/en/review.json").json()["pairs"]
    assert len(after) < len(before), "what was judged is not asked again"
    page = client.get(f"/en/review/pair?a={sides['a']}&b={sides['b']}".replace("|", "%7C"))
    assert "judged the same by analyst" in page.text or page.status_code == 404
