"""Watching a company from its page, and what an upload did and how well it could be read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Served
from tests.web.test_public import assert_inert

from tallystick.adapters.store import accounts, notices, served
from tallystick.doors.web.words import Words
from tallystick.service import Service, worker
from tallystick.units import key_of

As = Callable[[str], TestClient]
BILLS = b"""kind,number,issued_on,amount,currency,seller_name,buyer_name,due_on,terms
invoice,X-1,2025-05-01,10.00,EUR,Acme <b>,Bolt & Sons Ltd,2025-06-01,open_account
invoice,X-2,2025-13-01,10.00,EUR,Acme <b>,Bolt & Sons Ltd,2025-06-01,open_account
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_company_is_watched_and_no_more_by_a_button(
    as_role: As, served: Served, lang: str
) -> None:
    client, say = as_role("analyst"), Words(lang)
    page, there = client.get(f"/{lang}/c/{served.other}").text, f"/{lang}/c/{served.other}/watch"
    assert f">{say('w.c.watch')}</button>" in page
    assert client.post(there).headers["location"] == f"/{lang}/c/{served.other}#does"
    client.post(there)  # twice is once
    mine = client.get(f"/{lang}/me").text
    assert_inert(mine)
    numbers = re.findall(r'name="watch" value="(\d+)"', mine)
    assert len(numbers) == 1 and served.other in mine
    assert say("w.c.unwatch") in client.get(f"/{lang}/c/{served.other}").text
    client.post(f"/{lang}/me/watches/end", data={"watch": numbers[0]})
    assert say("w.me.watches_none") in client.get(f"/{lang}/me").text
    assert client.post(f"/{lang}/me/watches/end", data={"watch": numbers[0]}).status_code == 404
    far = {"watch": "9" * 20}  # more than a database takes for a number
    assert client.post(f"/{lang}/me/watches/end", data=far).status_code == 404
    assert client.post(there, data={"do": "end"}).status_code == 303


def test_nobody_and_an_auditor_watch_nothing(
    client: TestClient, as_role: As, served: Served
) -> None:
    say = Words("en")
    assert say("w.c.watch") + "</button>" not in client.get(f"/en/c/{served.other}").text
    assert client.post(f"/en/c/{served.other}/watch").status_code in (401, 303)
    assert as_role("auditor").post(f"/en/c/{served.other}/watch").status_code == 403


def test_a_move_is_told_in_words_with_the_page(as_role: As, served: Served) -> None:
    client = as_role("analyst")
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    moves = (
        ("rating.changed", "evidence", "Acme: BB → A, since new evidence"),
        (
            "company.merged",
            {"kind": "joined", "into": served.company},
            f"joined to {served.company}",
        ),
        ("company.split", {"kind": "split", "companies": [served.company]}, "was parted from it"),
    )
    with service.store.write() as db:
        account = accounts.by_login(db, "analyst")
        assert account is not None
        for kind, cause, _ in moves:
            body = {"company": {"code": served.other, "name": "Acme"}, "cause": cause,
                    "before": {"grade": "BB"}, "after": {"grade": "A"}}  # fmt: skip
            notices.add(db, account.id, kind, body, service.clock())
    page = client.get("/en/me").text
    for _, _, words in moves:
        assert words in page
    assert f'href="/en/c/{served.company}"' in page, (
        "one goes on to the company that it was joined to"
    )


def test_a_notice_with_a_key_is_told_once(as_role: As) -> None:
    service: Service = as_role("analyst").app.state.service  # type: ignore[attr-defined]
    with service.store.write() as db:
        account = accounts.by_login(db, "auditor")
        assert account is not None
        for key in ("once:1", "once:1", "once:2", None, None):
            notices.add(db, account.id, "corrected", {"text": str(key)}, service.clock(), key)
        rows = notices.of_account(db, account.id, 2**62, 50)
    told = [body["text"] for row in rows if "text" in (body := json.loads(row["body"]))]
    assert sorted(told) == ["None", "None", "once:1", "once:2"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_receipt_tells_what_it_did_and_the_console_what_goes_wrong(
    as_role: As, lang: str
) -> None:
    client, say = as_role("contributor"), Words(lang)
    data = BILLS.replace(b"X-", f"{lang}-".encode())
    there = client.post(
        f"/{lang}/console", data={"do": "take"}, files={"file": ("bills.csv", data, "text/csv")}
    ).headers["location"]
    service: Service = client.app.state.service  # type: ignore[attr-defined]
    worker.drain(service)
    receipt = client.get(there).text
    assert_inert(receipt)
    assert say("w.h.did") in receipt
    did = client.get(f"{there}.json").json()["effects"]
    assert did["companies"] == 2 and did["moves"] >= 1
    assert any(row["name"] == "Bolt & Sons Ltd" and row["after"] for row in did["moved"])
    console = client.get(f"/{lang}/console").text
    assert_inert(console)
    assert say("w.h.health") in console and say("w.h.worst") in console
    health = client.get(f"/{lang}/console.json").json()["health"]
    assert health["rules"][0]["n"] >= 1 and health["rejected"] >= 1
    with service.store.read() as db:
        assert served.bodies(db, [key_of(did["moved"][0]["company"])])
