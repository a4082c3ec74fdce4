"""Disputes and claims by forms alone: a company objects, its contributor contests, the operator decides, what
was struck is gone; and who may not, sees nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import PASSWORD, Served
from tests.web.test_inside import service_of
from tests.web.test_public import assert_inert

from tallystick.adapters.store import accounts
from tallystick.doors.web.words import Words
from tallystick.exchange import REASONS
from tallystick.service import redress, worker
from tallystick.units import key_of

As = Callable[[str], TestClient]
HARM = "<script>alert(1)</script> 我方账簿"
SAY = Words("en")


def entries(client: TestClient, code: str) -> list[str]:
    """The entries that the own page offers to dispute."""
    page = client.get(f"/en/c/{code}").text
    return re.findall(r"/en/disputes/new\?entry=(D-\w+%2F[a-z_]+%2F[\w-]+)", page)


@pytest.fixture
def entry(as_role: As, served: Served) -> str:
    """An entry of the company that is not under dispute, and a contributor's account that must answer it."""
    client = as_role("company")
    service = service_of(client)
    name = entries(client, served.company)[0].replace("%2F", "/")
    _, documents = redress.entry_of(service, key_of(served.company), name)
    who = sorted({row["contributor"] for row in documents})[0]
    with service.store.write() as db:
        if accounts.by_login(db, f"of {who}") is None:
            accounts.create(
                db, service.clock(), f"of {who}", who, "contributor", PASSWORD,
                contributor=who, contributor_kind="bank",
            )  # fmt: skip
    return name


@pytest.fixture
def opened(as_role: As, entry: str) -> Iterator[tuple[int, str]]:
    """A dispute that was just opened by form, and the login of who must answer."""
    client = as_role("company")
    form = {"entry": entry, "reason": "other", "text": HARM}
    answer = client.post("/en/disputes", data=form)
    assert answer.status_code == 303, answer.text
    rows = client.get("/en/disputes.json").json()["disputes"]
    row = next(r for r in rows if r["entry"] == entry and r["mark"])
    yield row["id"], f"of {row['contributor']}"
    client = as_role("company")
    for row in client.get("/en/disputes.json").json()["disputes"]:
        if row["mark"]:
            client.post(f"/en/disputes/{row['id']}/events", data={"event": "withdraw"})


def do(client: TestClient, number: int, event: str, text: str = "") -> int:
    path = f"/en/disputes/{number}/events"
    return client.post(path, data={"event": event, "text": text}).status_code


def buttons(client: TestClient, number: int) -> list[str]:
    return re.findall(r'name="event" value="(\w+)"', client.get(f"/en/disputes/{number}").text)


def test_the_form_names_the_entry_and_asks_for_a_reason(as_role: As, entry: str) -> None:
    client = as_role("company")
    for lang in ("en", "zh"):
        page = client.get(f"/{lang}/disputes/new", params={"entry": entry})
        assert page.status_code == 200 and entry in page.text
        words = [r.english if lang == "en" else r.chinese for r in REASONS.values()]
        assert all(one in page.text for one in words)
        assert_inert(page.text)
    form = {"entry": entry, "reason": "whim", "text": HARM}
    wrong = client.post("/en/disputes", data=form)
    assert wrong.status_code == 422 and "alert(1)&lt;/script&gt;" in wrong.text
    silent = client.post("/zh/disputes", data=form | {"reason": "other", "text": ""})
    assert silent.status_code == 409 and "请用一句话说明理由" in silent.text
    assert client.get("/en/disputes/new?entry=D-0000000000000/pay/0").status_code == 404


def test_a_company_disputes_and_the_operator_strikes(
    as_role: As, served: Served, opened: tuple[int, str]
) -> None:
    number, contributor = opened
    client = as_role("company")
    assert buttons(client, number) == ["withdraw", "reply"]
    assert f"/en/disputes/{number}" in client.get(f"/en/c/{served.company}").text
    mine = client.get("/en/me").text
    assert f"/en/disputes/{number}" in mine and "days left" in mine
    client = as_role(contributor)
    assert SAY("w.r.to_answer") in client.get("/en/disputes").text
    assert set(buttons(client, number)) == {"accept", "contest", "reply"}
    assert do(client, number, "contest") == 409, "why is needed"
    assert do(client, number, "decide_for", "mine!") == 409, "not theirs to decide"
    assert do(client, number, "contest", HARM) == 303
    client = as_role("operator")
    assert SAY("w.r.to_decide") in client.get("/en/disputes").text
    page = client.get(f"/zh/disputes/{number}")
    assert "我方账簿" in page.text and {"decide_for", "decide_against"} <= set(
        buttons(client, number)
    )
    assert_inert(page.text)
    documents = set(client.get(f"/en/disputes/{number}.json").json()["documents"])
    assert do(client, number, "decide_for", "the ledger is plain") == 303
    service = service_of(client)
    worker.drain(service)
    with service.book.evidence(service.book.cut()) as engine:
        counts = engine.fetch("SELECT DISTINCT doc_id FROM doc_linked")["doc_id"].to_pylist()
    assert documents and not documents & set(counts)
    assert buttons(client, number) == [] and do(client, number, "reply", "still") == 409
    client = as_role(contributor)
    notice = SAY("w.n.for_company", dispute=number)
    assert f'/en/disputes/{number}">{notice}' in client.get("/en/me").text
    told = client.get(f"/en/disputes/{number}.json").json()
    assert (told["state"], told["days_left"], told["steps"]) == ("for_company", None, [])
    client.cookies.clear()
    public = client.get(f"/en/c/{served.company}").text
    assert told["outcome"] in public and told["entry"] not in public and HARM[-4:] not in public
    assert SAY("struck_note") in public
    assert contributor not in public.split('id="struck"')[1].split("</section>")[0]
    told = client.get(f"/en/c/{served.company}.json").json()["struck"]
    assert told["total"] == len(told["rows"]) > 0
    assert {row["contributor"] for row in told["rows"]} == {None}
    assert client.get(f"/v1/companies/{served.company}").json()["struck"] == told["total"]


def test_the_public_reads_marks_without_names(
    as_role: As, served: Served, opened: tuple[int, str]
) -> None:
    number, _ = opened
    client = as_role("company")
    told = client.get(f"/en/disputes/{number}.json").json()
    client.cookies.clear()
    page = client.get(f"/en/c/{served.company}").text
    assert told["mark"] in page and told["contributor"] not in page[page.index('id="disputes"') :]
    rows = client.get(f"/en/c/{served.company}.json").json()["disputes"]
    assert not {"entry", "contributor", "text", "documents", "id"} & set(rows[0])


def test_others_do_not_learn_that_it_is_there(as_role: As, opened: tuple[int, str]) -> None:
    number, _ = opened
    client = as_role("analyst")
    service = service_of(client)
    with service.store.write() as db:
        if accounts.by_login(db, "stranger") is None:
            accounts.create(db, service.clock(), "stranger", "S", "company", PASSWORD, company=1)
    for role in ("analyst", "contributor", "stranger"):
        client = as_role(role)
        for path in (f"/en/disputes/{number}", f"/en/disputes/{number}.json"):
            assert client.get(path).status_code == 404, role
        assert do(client, number, "reply", "hello") == 404
        gone = re.sub(r"\d+", "", client.get(f"/en/disputes/{number}").text)
        assert gone == re.sub(r"\d+", "", client.get("/en/disputes/999999").text)
    client = as_role("auditor")
    assert client.get(f"/en/disputes/{number}").status_code == 200 and not buttons(client, number)
    assert do(client, number, "reply", "hello") == 403
    client.cookies.clear()
    assert client.get(f"/en/disputes/{number}").status_code == 303
    assert do(client, number, "reply", "hello") == 401


def test_only_the_company_objects_to_its_entries(as_role: As, entry: str) -> None:
    form = {"entry": entry, "reason": "other", "text": "no"}
    for role, status in (
        ("analyst", 403),
        ("contributor", 403),
        ("auditor", 403),
        ("operator", 403),
    ):
        assert as_role(role).post("/en/disputes", data=form).status_code == status
    service = service_of(as_role("company"))
    with service.store.write() as db:
        if accounts.by_login(db, "stranger") is None:
            accounts.create(db, service.clock(), "stranger", "S", "company", PASSWORD, company=1)
    assert as_role("stranger").post("/en/disputes", data=form).status_code == 404
    shown = as_role("stranger").get("/en/disputes/new", params={"entry": entry})
    assert shown.status_code == 404


def test_forms_of_other_sites_do_nothing(as_role: As, opened: tuple[int, str]) -> None:
    number, _ = opened
    client = as_role("company")
    away = {"sec-fetch-site": "cross-site"}
    for path in ("/disputes", f"/disputes/{number}/events", "/claims", "/claims/1/decision"):
        answer = client.post(f"/en{path}", data={"event": "withdraw"}, headers=away)
        assert answer.status_code == 403
    assert client.get(f"/en/disputes/{number}.json").json()["state"] == "open"


def claimant(client: TestClient, login: str) -> None:
    service = service_of(client)
    with service.store.write() as db:
        if accounts.by_login(db, login) is None:
            accounts.create(db, service.clock(), login, f"<i>{login}</i>", "company", PASSWORD)


def test_a_page_is_claimed_and_the_operator_decides(as_role: As, served: Served) -> None:
    claimant(as_role("operator"), "claimant")
    client = as_role("claimant")
    assert 'name="method"' in client.get("/zh/me").text
    assert "/claims?company=" in client.get(f"/en/c/{served.hostile}").text
    form = {"company": served.hostile, "method": "operator", "domain": ""}
    assert client.post("/en/claims", data=form | {"company": "C-x"}).status_code == 422
    assert client.post("/en/claims", data=form | {"method": "magic"}).status_code == 422
    unlisted = client.post("/en/claims", data=form | {"method": "domain", "domain": "a.example"})
    assert unlisted.status_code == 409 and SAY("w.k.e.not_listed") in unlisted.text
    assert client.post("/en/claims", data=form).status_code == 303
    row = client.get("/en/claims.json").json()["mine"][0]
    verdict = f"/en/claims/{row['id']}/decision"
    assert client.post(verdict, data={"do": "grant"}).status_code == 403
    assert as_role("contributor").post(verdict, data={"do": "grant"}).status_code == 404
    assert as_role("analyst").get("/en/claims").status_code == 403
    client = as_role("operator")
    page = client.get("/en/claims").text
    assert verdict in page and "&lt;i&gt;claimant" in page
    assert_inert(page)
    assert client.post(verdict, data={"do": "grant", "note": "saw <papers>"}).status_code == 303
    assert client.post(verdict, data={"do": "grant"}).status_code == 409
    client = as_role("claimant")
    mine = client.get("/en/me").text
    assert (
        served.hostile in mine and "saw &lt;papers&gt;" in mine and entries(client, served.hostile)
    )
    assert as_role("operator").post(verdict, data={"do": "refuse"}).status_code == 303
    assert not entries(as_role("claimant"), served.hostile), "the page was taken back"


def test_codes_that_are_none_are_not_there(as_role: As) -> None:
    client = as_role("operator")
    for number in ("0", "x", "-1", "9" * 40, "１"):
        assert client.get(f"/en/disputes/{number}").status_code == 404
        path = f"/en/claims/{number}/decision"
        assert client.post(path, data={"do": "grant"}).status_code == 404


def test_the_queue_of_who_is_who_is_read_by_who_may_judge(as_role: As) -> None:
    for role in ("company", "contributor"):
        assert as_role(role).get("/en/review").status_code == 403, role
    client = as_role("analyst")
    assert "/zh/review" in client.get("/zh/me").text
    page, told = client.get("/zh/review"), client.get("/zh/review.json").json()
    assert page.status_code == 200 and Words("zh")("w.q.title") in page.text
    assert_inert(page.text)
    service = service_of(client)
    cut = service.cut()
    assert cut is not None
    asked = [pair for question in service.book.review(cut, 50) for pair in question.pairs]
    assert len(told["pairs"]) == len(asked)
    assert all(row["a"]["company"] in page.text for row in told["pairs"])
