"""Who may see what: evidence behind a page, deals, one's own page, handing in and taking back."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.unit.adapters.workbooks import sheet, workbook
from tests.web.conftest import Served
from tests.web.test_public import assert_inert

from tallystick.adapters.store import accounts
from tallystick.adapters.store.served import add_changes
from tallystick.adapters.store.tables import CHANGE
from tallystick.doors.web.words import Words
from tallystick.rating.policy import GRADE_CEILING_PPM, GRADES
from tallystick.service import Service, uploads, views
from tallystick.units import key_of

As = Callable[[str], TestClient]
ROLES = ("company", "contributor", "analyst", "operator", "auditor")
BAD = b"""kind,number,issued_on,amount,currency,seller_name,buyer_name,due_on
invoice,W-1,2025-05-01,10.00,EUR,Acme <b>,Bolt Ltd,2025-06-01
invoice,W-2,2025-13-01,10.00,EUR,Acme <b>,Bolt Ltd,2025-06-01
"""


def service_of(client: TestClient) -> Service:
    found: Service = client.app.state.service  # type: ignore[attr-defined]
    return found


def looks_at(client: TestClient, code: str) -> list[dict[str, Any]]:
    with service_of(client).store.read() as db:
        return views.of_company(db, key_of(code), 2**62, 100)


def deals_in(text: str) -> set[str]:
    return set(re.findall(r"/deal/(D-[0-9A-Z]{13})", text))


def test_a_company_sees_all_of_its_own_and_the_look_is_logged(as_role: As, served: Served) -> None:
    client = as_role("company")
    before = len(looks_at(client, served.company))
    others = len(looks_at(client, served.other))
    page = client.get(f"/en/c/{served.company}")
    assert page.headers["cache-control"] == "private, no-store" and deals_in(page.text)
    look = looks_at(client, served.company)
    assert len(look) == before + 1 and look[0]["purpose"] == "own data"
    as_public = client.get(f"/en/c/{served.company}?as=public").text
    assert not deals_in(as_public) and len(looks_at(client, served.company)) == before + 1
    assert not deals_in(client.get(f"/en/c/{served.other}").text), "others' it sees as anybody"
    assert len(looks_at(client, served.other)) == others


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_whoever_looks_at_evidence_says_why(as_role: As, served: Served, role: str) -> None:
    client = as_role(role)
    asked = client.get(f"/zh/c/{served.other}").text
    assert not deals_in(asked) and 'name="purpose"' in asked
    told = client.get(f"/zh/c/{served.other}", params={"purpose": "a <b>check</b>"})
    assert deals_in(told.text) and "<b>check" not in told.text
    assert looks_at(client, served.other)[0]["purpose"] == "a <b>check</b>"
    whole = client.get(f"/en/c/{served.other}.json", params={"purpose": "check"}).json()
    assert whole["promises"]["rows"][0]["id"].startswith("D-")


@pytest.mark.parametrize("role", ["analyst", "contributor"])
def test_a_purpose_opens_nothing_for_others(as_role: As, served: Served, role: str) -> None:
    client = as_role(role)
    told = client.get(f"/en/c/{served.other}?purpose=curious")
    assert not deals_in(told.text) and 'name="purpose"' not in told.text
    assert client.get(f"/en/deal/{served.deal}?purpose=curious").status_code == 404


def test_a_deal_is_for_its_companies_and_who_says_why(as_role: As, served: Served) -> None:
    client = as_role("company")
    page = client.get(f"/en/deal/{served.deal}")
    assert page.status_code == 200 and served.deal in page.text and "<svg" in page.text
    assert_inert(page.text)
    assert looks_at(client, served.company)[0]["resource"] == f"deal {served.deal}"
    assert client.get(f"/en/deal/{served.deal}.json").json()["purpose"] == "own data"
    client = as_role("auditor")
    assert 'name="purpose"' in client.get(f"/en/deal/{served.deal}").text
    assert "<svg" in client.get(f"/zh/deal/{served.deal}?purpose=audit").text
    for wrong in ("D-0000000000000", "C-0000000000000", "D-x", "nothing"):
        assert client.get(f"/en/deal/{wrong}?purpose=audit").status_code == 404


def test_who_is_not_signed_in_is_asked_to_and_comes_back(
    client: TestClient, served: Served
) -> None:
    for path in ("/me", "/console", "/console/up_00000000000000000000", f"/deal/{served.deal}"):
        answer = client.get(f"/zh{path}")
        assert answer.status_code == 303, path
        there = answer.headers["location"]
        assert there.startswith("/zh/sign-in?next=%2Fzh%2F")
        assert client.get(f"/zh{path}.json").status_code == 401
    for path in ("/me/keys", "/me/keys/revoke", "/password", "/console"):
        assert client.post(f"/en{path}").status_code == 401


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_of_people_are_whole(as_role: As, role: str, lang: str) -> None:
    client = as_role(role)
    page = client.get(f"/{lang}/me")
    assert page.status_code == 200 and f"&lt;i&gt;{role}&lt;/i&gt;" in page.text
    assert_inert(page.text)
    assert client.get(f"/{lang}/me.json").json()["account"]["role"] == role
    console = client.get(f"/{lang}/console")
    assert console.status_code == (200 if role in ("contributor", "operator", "auditor") else 403)
    assert_inert(console.text)


def test_my_page_shows_who_looked(as_role: As, served: Served) -> None:
    as_role("auditor").get(f"/en/c/{served.company}?purpose=yearly+audit")
    page = as_role("company").get("/en/me").text
    assert (
        "yearly audit" in page and "&lt;i&gt;auditor&lt;/i&gt;" in page and served.company in page
    )


def _moves(served: Served) -> list[dict[str, Any]]:
    """CCC, a little better, B, and back to BB over two months."""
    told: list[dict[str, Any]] = []
    path = [("CCC", 120_000, 560.0, "evidence"), ("CCC", 110_000, 564.0, "time"),
            ("B", 75_000, 581.0, "dispute"), ("BB", 38_000, 608.0, "policy")]  # fmt: skip
    before = None
    for n, (grade, ppm, score, why) in enumerate(path):
        after = {"as_of": f"2025-0{n + 1}-01", "grade": grade, "broken_ppm": ppm, "score": score,
                 "low_ppm": ppm // 2, "high_ppm": 2 * ppm, "evidence_level": "E2"}  # fmt: skip
        row = {"company": key_of(served.company), "at_us": 1_790_000_000_000_000 + n}
        told.append(row | {"before": before, "after": json.dumps(after), "cause": json.dumps(why)})
        before = json.dumps(after)
    return told


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_my_page_shows_how_the_grade_came_about(as_role: As, served: Served, lang: str) -> None:
    client, say = as_role("company"), Words(lang)
    with service_of(client).store.write() as db:
        db.execute(sa.delete(CHANGE).where(CHANGE.c.company == key_of(served.company)))
        add_changes(db, _moves(served))
    page = client.get(f"/{lang}/me").text
    section = page[page.index('id="path"') : page.index('<section id="notices"')]
    assert "picture-history" in section and "<table" in section
    listed = section[section.index('<table class="stack"') :]
    assert "CCC → B<" in listed and "B → BB<" in listed
    assert say("w.c.history_first", grade="CCC") in listed
    assert say("w.cause.dispute") in listed and say("w.cause.policy") in listed
    assert say("w.cause.time") not in listed, "a move within a grade is told on the credit page"
    assert f"/{lang}/c/{served.company}#history" in listed
    path = client.get(f"/{lang}/me.json").json()["rating"]["path"]
    assert [(one["before"], one["after"]) for one in path] == [
        ("B", "BB"), ("CCC", "B"), (None, "CCC"),
    ]  # fmt: skip
    with service_of(client).store.write() as db:
        db.execute(sa.delete(CHANGE).where(CHANGE.c.company == key_of(served.company)))
    assert say("w.me.path_none") in client.get(f"/{lang}/me").text


def test_my_page_says_what_the_next_grade_needs(as_role: As, served: Served) -> None:
    client = as_role("company")
    told = client.get("/en/me.json").json()["rating"]
    place = GRADES.index(told["grade"])
    assert told["next"]["grade"] == GRADES[place - 1]
    assert told["next"]["at_most_ppm"] == GRADE_CEILING_PPM[place - 1]
    report = client.get(f"/en/c/{served.company}.json").json()
    assert report["headline"]["broken_ppm"] > told["next"]["at_most_ppm"]
    whole = [step for step in report["outlook"]["plan"] if step["scope"] == "headline"]
    assert told["next"]["steps"] and all(step in whole for step in told["next"]["steps"])
    assert told["next"]["lifts"] == any(step["lifts"] for step in whole)
    page = client.get("/zh/me").text
    assert Words("zh")("w.me.next_any" if told["next"]["lifts"] else "w.me.next_none") in page


def test_all_looks_can_be_read_and_public_ones_are_counted(as_role: As, served: Served) -> None:
    as_role("company")
    client = as_role("auditor")
    for n in range(60):
        client.get(f"/en/c/{served.company}?purpose=look+{n:02}")
    as_role("analyst").get(f"/en/c/{served.company}")
    service_of(client).seen.flush()
    client = as_role("company")
    client.get(f"/en/c/{served.company}")
    own = client.get("/zh/me?own=1").text
    assert "企业页面" in own and Words("zh")("w.c.own") in own and "own data" not in own
    page = client.get("/en/me").text
    assert "own data" not in page, "what it looked at itself is left out"
    assert "look 59" in page and "look 10" in page and "look 09" not in page
    (earlier,) = re.findall(r'href="(/en/me\?looks=[^"#]+)#views"', page)
    assert "look 09" in client.get(earlier).text and "look 10" not in client.get(earlier).text
    shown = {row["role"]: row["accounts"] for row in client.get("/en/me.json").json()["shown"]}
    assert shown["analyst"] == 1 and "company" not in shown, "its own looks are not told"
    assert "analyst: accounts 1, times" in page
    assert client.get("/en/me?looks=x").status_code == 200


def test_another_password_ends_what_the_old_one_opened(client: TestClient, served: Served) -> None:
    service = service_of(client)
    with service.store.write() as db:
        made = accounts.create(db, 1, "forgetful", "Forgetful", "analyst", "old-password-1")
        elsewhere = accounts.begin_session(db, made.id, service.clock())

    def opens(password: str) -> bool:
        with service.store.read() as db:
            return accounts.signed_in(db, "forgetful", password) is not None

    def change(old: str, new: str) -> Any:
        return client.post("/en/password", data={"password": old, "new": new})

    form = {"login": "forgetful", "password": "old-password-1"}
    assert client.post("/en/sign-in", data=form).status_code == 303
    assert "new-password" in client.get("/en/password").text
    wrong, short = change("old-password-2", "new-password-1"), change("old-password-1", "short")
    assert (wrong.status_code, short.status_code) == (422, 422)
    assert Words("en")("w.password.wrong") in wrong.text and "at least 10" in short.text
    assert change("old-password-1", "new-password-1").headers["location"] == "/en/me"
    assert client.get("/en/me").status_code == 200, "who changed it stays signed in"
    with service.store.read() as db:
        assert accounts.of_session(db, elsewhere, service.clock()) is None
    assert (opens("old-password-1"), opens("new-password-1")) == (False, True)


def test_a_key_is_shown_once_and_can_be_ended(as_role: As) -> None:
    client = as_role("analyst")
    form = {"label": "<b>nightly</b>", "scopes": ["rating", "nonsense"]}
    page = client.post("/en/me/keys", data=form)
    (key,) = re.findall(r"ts_[0-9a-f]{10}_[\w-]{20,}", page.text)
    assert page.headers["cache-control"] == "private, no-store" and "<b>nightly" not in page.text
    service = service_of(client)
    found = accounts.of_key(service.store, key, service.clock())
    assert found is not None and found[1] == frozenset({"rating"})
    assert key not in client.get("/en/me").text
    prefix = key.split("_")[1]
    assert (
        as_role("operator").post("/en/me/keys/revoke", data={"prefix": prefix}).status_code == 303
    )
    assert accounts.of_key(service.store, key, service.clock()), "others cannot end it"
    as_role("analyst").post("/en/me/keys/revoke", data={"prefix": prefix})
    assert accounts.of_key(service.store, key, service.clock()) is None


def send(client: TestClient, do: str, mapping: str = "", data: bytes = BAD) -> Any:
    return client.post(
        "/en/console", data={"do": do, "mapping": mapping}, files={"file": ("my <b>.csv", data)}
    )


def test_a_try_tells_what_is_wrong_and_takes_nothing(as_role: As) -> None:
    client = as_role("contributor")
    batches = len(service_of(client).book.batches())
    answer = send(client, "try")
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert "date-impossible" in page.text and "rejects.csv" in page.text
    assert Words("en")("w.state.checked") in page.text and "<b>" not in page.text
    assert_inert(page.text)
    assert len(service_of(client).book.batches()) == batches
    told = client.get(answer.headers["location"] + ".json").json()
    assert (told["accepted"], told["rejected"]) == (1, 1)
    table = client.get(f"/v1/batches/{told['id']}/rejects.csv")
    assert table.status_code == 200 and "date-impossible" in table.text


def test_what_goes_wrong_is_told_in_the_language_of_the_page(as_role: As) -> None:
    client = as_role("contributor")
    form = {"do": "try", "mapping": ""}
    place = client.post("/zh/console", data=form, files={"file": ("a.csv", BAD)}).headers[
        "location"
    ]
    page = client.get(place).text
    assert "issued_on 的值 &#39;2025-13-01&#39; 不是日期" in page and "is not a date" not in page
    table = client.get(re.findall(r'href="(/v1[^"]+rejects.csv[^"]*)"', page)[0]).text
    assert "不是日期" in table and "is not a date" not in table
    number = place.split("/")[-1]
    assert "is not a date" in client.get(f"/v1/batches/{number}").text, (
        "programs are told in English"
    )
    assert "不是日期" in client.get("/zh/console").text
    wrong = client.post(
        "/zh/console", data={**form, "mapping": "no TOML"}, files={"file": ("a.csv", BAD)}
    )
    assert "mapping 不是 TOML" in wrong.text
    sheet, handed = {"file": ("a.csv", b"Order;Amount\n1;2\n")}, {**form, "do": "take"}
    told = client.get(client.post("/zh/console", data=handed, files=sheet).headers["location"]).text
    assert "a.csv 没有 `kind` 列" in told and Words("zh")("w.h.need_mapping") in told
    torn = {
        "file": (
            "a.xml",
            b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>",
        )
    }
    told = client.get(client.post("/zh/console", data=form, files=torn).headers["location"]).text
    assert "文件不完整" in told and '<span class="note" lang="en">the file ends before' in told


def test_handing_in_and_taking_back(as_role: As) -> None:
    client = as_role("contributor")
    answer = send(client, "take")
    place = answer.headers["location"]
    assert Words("en")("w.state.taken") in client.get(place).text
    assert place in client.get("/en/console").text
    assert client.post(f"{place}/retract", data={"why": "x"}).status_code == 422
    assert as_role("auditor").post(f"{place}/retract", data={"why": "for fun"}).status_code == 404
    assert as_role("auditor").get(place).status_code == 200
    assert as_role("company").get(place).status_code == 404, "not even that it is there"
    client = as_role("contributor")
    assert client.post(f"{place}/retract", data={"why": "by mistake"}).status_code == 303
    assert Words("en")("w.state.retracted") in client.get(place).text


def test_data_health_counts_every_document(as_role: As, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_role("contributor")
    lines = [f"invoice,H-{n},2025-05-01,x{n},EUR,Acme,Bolt Ltd,2025-06-01\n" for n in range(2100)]
    data = (BAD.decode().splitlines()[0] + "\n" + "".join(lines)).encode()
    before = client.get("/en/console.json").json()["health"]
    assert send(client, "try", data=data).status_code == 303
    assert client.get("/en/console.json").json()["health"] == before, "a try is none"
    assert send(client, "take", data=data).status_code == 303
    monkeypatch.setattr("tallystick.doors.web.console.LISTED", 1)
    assert send(client, "take").status_code == 303
    told = client.get("/zh/console.json").json()
    assert len(told["uploads"]) == 1
    health = told["health"]
    assert health["rejected"] >= 2101 and health["uploads"] >= before["uploads"] + 1
    (amounts,) = [one for one in health["rules"] if one["rule"] == "amount-not-a-number"]
    assert (amounts["n"], amounts["message"]) == (2100, "'x0' 不是金额")
    assert sum(day["rejected"] for day in health["by_day"]) == health["rejected"]
    assert send(client, "take", data=data).status_code == 303, "the same again"
    again = client.get("/zh/console.json").json()["health"]
    assert again["accepted"] == health["accepted"] and again["uploads"] == health["uploads"] + 1
    page = client.get("/zh/console").text
    assert Words("zh")("handed.note") in page and 'class="drawn"' in page
    assert_inert(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_data_health_tells_how_full_and_how_late_documents_are(as_role: As, lang: str) -> None:
    client, say = as_role("operator"), Words(lang)
    health = client.get(f"/{lang}/console.json").json()["health"]
    rows = {row["kind"]: row for row in health["fields"]}
    assert health["documents"] == sum(row["documents"] for row in health["fields"]) > 1000
    assert 0 < rows["order"]["references"] < rows["order"]["documents"] == rows["order"]["parties"]
    assert all(row["p50_days"] <= row["p90_days"] for row in health["lateness"])
    page = client.get(f"/{lang}/console").text
    section = page[page.index('id="fields"') :]
    assert say.paper("invoice") in section and say("w.h.has.parties") in section
    assert "picture-lateness" in section and health["lateness"][-1]["month"] in section
    assert_inert(page)


def test_a_contributor_is_told_of_its_own_documents_alone(as_role: As) -> None:
    client = as_role("operator")
    whole = client.get("/en/console.json").json()["health"]["documents"]
    client = as_role("contributor")
    own = client.get("/en/console.json").json()["health"]
    assert own["documents"] < whole and own["documents"] == sum(
        row["documents"] for row in own["fields"]
    )


def test_a_mapping_is_drafted_and_kept_in_the_form(as_role: As) -> None:
    client = as_role("contributor")
    table = b"Order No;Buyer;Amount\n1;</textarea><script>x</script>;3,50\n"
    page = send(client, "draft", data=table)
    assert page.status_code == 200 and "<textarea" in page.text and "<script>x" not in page.text
    assert "Order No" in page.text
    assert_inert(page.text)
    assert re.search("<textarea.*?Order No", send(client, "try", data=table).text, re.S)
    wrong = send(client, "try", mapping="this is no TOML")
    assert wrong.status_code == 422 and "this is no TOML" in wrong.text
    empty = client.post("/en/console", data={"do": "try"})
    assert empty.status_code == 422 and Words("en")("w.h.no_file") in empty.text


def test_a_workbook_that_is_tried_is_drafted_too(as_role: As, tmp_path: Path) -> None:
    rows = sheet([["Order No", "Buyer", "Amount"], ["1", "Acme Ltd", 3.5]])
    file = workbook(tmp_path / "mine.xlsx", Orders=rows, Notes=sheet([["see above"]]))
    files = {"file": ("mine.xlsx", file.read_bytes())}
    page = as_role("contributor").post(
        "/en/console", data={"do": "try", "mapping": ""}, files=files
    )
    assert page.status_code == 200 and re.search("<textarea.*?Order No", page.text, re.S)


def test_two_who_take_the_same_upload_in_agree(as_role: As) -> None:
    service = service_of(as_role("contributor"))
    with service.store.read() as db:
        bank = accounts.by_login(db, "contributor")
    assert bank is not None
    upload = uploads.receive(service, bank, uploads.Handed("a.csv", BAD, None, True))
    found: list[dict[str, Any]] = []
    at_once = [
        threading.Thread(target=lambda: found.append(uploads.take(service, upload))) for _ in "ab"
    ]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert [told["state"] for told in found] == ["checked", "checked"]
    assert [told["result"]["batches"][0]["accepted"] for told in found] == [1, 1]
