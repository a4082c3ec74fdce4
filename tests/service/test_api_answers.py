"""What the API answers, and to whom how much of it."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.service.api_world import Api
from tests.service.conftest import settings_of

from tallystick import units
from tallystick.adapters.dealing import gather_deal
from tallystick.adapters.store import notices, served
from tallystick.adapters.store.tables import DELIVERY, USED
from tallystick.doors.api.tables import harmless, harmless_columns, streamed
from tallystick.rating import REASONS, Policy
from tallystick.report import render_timeline_json, timeline
from tallystick.service import watches, worker
from tallystick.service.access import RIGHTS, SCOPES
from tallystick.service.deals import seen_by
from tallystick.service.quota import Quotas
from tallystick.units import DAY_US


def test_a_deal_is_seen_whole_by_its_sides_and_in_part_by_others(api: Api) -> None:
    path = f"/v1/deals/{api.deals['mine']}"
    whole = api.ask("operator", "GET", path).json()
    own = api.ask("company", "GET", path).json()
    assert (whole["seen"], own["seen"]) == ("whole", "whole")
    assert own["documents"] == whole["documents"] and own["promises"] == whole["promises"]
    contributors = {told["contributor"] for doc in whole["documents"] for told in doc["told_by"]}
    assert "Bank of contributor" not in contributors
    assert api.ask("contributor", "GET", path).status_code == 404


def test_a_carrier_sees_of_a_deal_what_names_it(api: Api) -> None:
    cut = api.service.cut()
    assert cut is not None
    promises = cut.read("promises").to_pylist()
    carried = next(row for row in promises if row["kind"] in ("arrive", "collect"))
    with api.service.book.evidence(cut) as engine:
        code = code_of(carried)
        material = gather_deal(code, cut, engine, api.service.book.batches())
    shown = seen_by(material, carried["promisor"], None)
    assert shown is not None
    part, seen = shown
    assert seen == "part" and 0 < len(part.documents) < len(material.documents)
    assert all(row["carrier"] == carried["promisor"] for row in part.documents)
    assert {row["promisor"] for row in part.promises} == {carried["promisor"]}
    assert seen_by(material, 1, None) is None and seen_by(material, None, "nobody") is None
    assert json.dumps(render_timeline_json(timeline(part, "zh")), default=str)


def test_a_contributor_sees_of_a_deal_what_it_handed_in(api: Api) -> None:
    api.upload("contributor", "SEEN-1")
    worker.drain(api.service)
    cut = api.service.cut()
    assert cut is not None
    deals = api.service.book.deals(cut).to_pylist()
    found = [row for row in deals if row["documents"] == 1]
    codes = [api.ask("contributor", "GET", f"/v1/deals/{code_of(row)}") for row in found]
    seen = [told.json() for told in codes if told.status_code == 200]
    assert seen and all(told["seen"] == "part" and told["promises"] == [] for told in seen)
    told_by = {t["contributor"] for told in seen for d in told["documents"] for t in d["told_by"]}
    assert told_by == {"Bank of contributor"}


def code_of(row: dict[str, Any]) -> str:
    return units.code_of(row["deal"], "D")


def test_the_deals_of_a_company_come_page_by_page(api: Api) -> None:
    path, seen, after = f"/v1/companies/{api.code()}/deals", [], ""
    while after is not None:
        page = api.ask("company", "GET", path, params={"limit": 7, "after": after}).json()
        seen += [line["deal"] for line in page["items"]]
        after = page["next"]
    assert len(seen) == len(set(seen)) > 0 and api.deals["mine"] in seen
    assert api.deals["other"] not in seen


def test_every_company_is_listed_once_and_counted(api: Api) -> None:
    seen, after = [], ""
    first = api.ask("analyst", "GET", "/v1/ratings", params={"limit": 9}).json()
    while after is not None:
        page = api.ask("analyst", "GET", "/v1/ratings", params={"limit": 9, "after": after}).json()
        seen += [row["company"]["code"] for row in page["items"]]
        after = page["next"]
    assert seen == sorted(set(seen)) and len(seen) > 50
    assert sum(row["companies"] for row in first["countries"]) == len(seen)
    assert sum(row["companies"] for row in first["grades"]) == len(seen)
    some = first["countries"][0]
    narrow = {"country": some["value"], "limit": 200}
    told = api.ask("analyst", "GET", "/v1/ratings", params=narrow).json()
    assert len(told["items"]) == some["companies"]
    assert {row["company"]["country"] for row in told["items"]} == {some["value"]}


@pytest.mark.parametrize("table", ["ratings", "companies", "promises"])
def test_exports_hold_the_same_rows_in_each_format(api: Api, table: str) -> None:
    got = {
        ending: api.ask("auditor", "GET", f"/v1/exports/{table}.{ending}")
        for ending in ("csv", "jsonl", "parquet")
    }
    assert {told.status_code for told in got.values()} == {200}
    rows = list(csv.DictReader(io.StringIO(got["csv"].text)))
    lines = [json.loads(line) for line in got["jsonl"].text.splitlines()]
    parquet = pq.read_table(io.BytesIO(got["parquet"].content))
    assert len(rows) == len(lines) == len(parquet) > 50
    assert list(rows[0]) == list(lines[0]) == parquet.column_names
    assert [row["code" if table != "promises" else "deal"] for row in rows] == parquet[
        0
    ].to_pylist()
    cut = api.service.cut()
    assert cut is not None and len(parquet) == len(cut.read(table))
    etag = got["csv"].headers["etag"]
    again = api.ask("auditor", "GET", f"/v1/exports/{table}.csv", headers={"If-None-Match": etag})
    assert again.status_code == 304


def test_promises_of_everybody_are_for_who_may_see_all_evidence(api: Api) -> None:
    assert api.ask("analyst", "GET", "/v1/exports/ratings.csv").status_code == 200
    assert api.ask("analyst", "GET", "/v1/exports/promises.csv").status_code == 403
    text = api.ask("analyst", "GET", "/v1/exports/companies.csv").text
    assert "id:" not in text, "numbers that a contributor gives out tell who deals where"


def test_no_cell_of_a_table_is_a_formula() -> None:
    bad = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＠x"]
    fine = ["a=1", "", " =1", "Li & Co", "中文", None, "'=1"]
    table = pa.table({"text": bad + fine, "number": [-1] * len(bad + fine)})
    told = harmless_columns(table)["text"].to_pylist()
    assert told == [harmless(text) for text in bad + fine] == ["'" + t for t in bad] + fine
    out = b"".join(streamed([table], table.schema, "csv")).decode()
    assert [row["text"] or None for row in csv.DictReader(io.StringIO(out, newline=""))][
        : len(bad)
    ] == ["'" + text for text in bad]


def test_the_model_card_is_the_policy_in_force(api: Api) -> None:
    told = api.ask("public", "GET", "/v1/model")
    card = told.json()
    assert card["policy"]["digest"] == Policy().digest()[:16]
    assert card["policy"]["parameters"]["min_evidence_micro"] == Policy().min_evidence_micro
    assert {row["code"] for row in card["reasons"]} == set(REASONS)
    assert [row["grade"] for row in card["grades"]][-3:] == ["D", "X", "NR"]
    again = api.ask("public", "GET", "/v1/model", headers={"If-None-Match": told.headers["etag"]})
    assert again.status_code == 304


def test_who_looked_is_told_to_the_company(api: Api) -> None:
    code = api.code()
    told = api.ask("auditor", "GET", f"/v1/companies/{code}/promises")
    assert told.status_code == 200
    seen = api.ask("company", "GET", f"/v1/companies/{code}/views").json()["items"]
    assert seen[0]["who"] == "Auditor" and seen[0]["purpose"] == "a test"
    assert seen[0]["resource"] == "promises"


def test_both_sides_of_a_deal_learn_who_looked_at_it(api: Api) -> None:
    deal = api.deals["mine"]
    told = api.ask("auditor", "GET", f"/v1/deals/{deal}").json()
    (other,) = {p["promisee"] for p in told["promises"] if p["kind"] == "deliver"}
    seen = api.ask("company", "GET", f"/v1/companies/{api.code()}/views").json()["items"]
    assert (seen[0]["who"], seen[0]["resource"]) == ("Auditor", f"deal {deal}")
    theirs = api.ask("operator", "GET", f"/v1/companies/{other}/views").json()["items"]
    assert any(row["resource"] == f"deal {deal}" for row in theirs)
    api.ask("auditor", "GET", "/v1/exports/promises.jsonl")
    last = api.ask("company", "GET", f"/v1/companies/{api.code()}/views").json()["items"][0]
    assert last["resource"] == "export promises"


def test_old_messages_and_counts_are_forgotten(api: Api) -> None:
    service, now = api.service, api.service.clock()
    watch = watches.begin(
        service, api.accounts["analyst"].id, api.company, "https://a.example.org/"
    )
    with service.store.write() as db:
        row = {"watch": watch["id"], "body": "{}", "attempts": 1, "created_us": 0}
        for n, done in enumerate((now - 40 * DAY_US, now, None)):
            state = "done" if done else "waiting"
            values = row | {"id": f"msg_old_{n}", "state": state, "finished_us": done}
            db.execute(DELIVERY.insert().values(**values))
        db.execute(USED.insert().values(account=1, day=1, requests=1, documents=0))
        served.set_state(db, "day", None)
    service.day_seen = None
    worker.daily(service)
    with service.store.read() as db:
        kept = {row.id for row in db.execute(DELIVERY.select())}
        assert not [row for row in db.execute(USED.select()) if row.day == 1]
    assert {"msg_old_1", "msg_old_2"} <= kept and "msg_old_0" not in kept


def test_keys_are_shown_once_and_hand_on_no_more_than_they_have(api: Api) -> None:
    made = api.ask("analyst", "POST", "/v1/keys", json={"label": "x", "scopes": ["rating", "key"]})
    key = {"Authorization": f"Bearer {made.json()['key']}"}
    listed = api.ask("analyst", "GET", "/v1/keys")
    assert made.json()["key"] not in listed.text and made.json()["prefix"] in listed.text
    for scopes, wanted in ((["*"], 403), (["export"], 403), (["rating.read"], 201)):
        told = api.client.post("/v1/keys", headers=key, json={"label": "y", "scopes": scopes})
        assert told.status_code == wanted, scopes
    me = api.client.get("/v1/me", headers=key).json()
    assert me["scopes"] == ["key", "rating"] and me["rights"] == {
        "rating.read": "all",
        "key.use": "own",
    }
    assert api.ask("analyst", "DELETE", f"/v1/keys/{made.json()['prefix']}").status_code == 204
    assert api.client.get("/v1/me", headers=key).status_code == 401
    assert set(RIGHTS) < set(SCOPES)


def test_an_operator_makes_and_shuts_accounts(api: Api) -> None:
    new = {"login": "li", "name": "Li", "role": "company", "company": api.code()}
    made = api.ask("operator", "POST", "/v1/accounts", json=new)
    assert made.status_code == 201 and made.json()["company"] == api.code()
    assert api.ask("operator", "POST", "/v1/accounts", json=new).status_code == 409
    unknown = new | {"login": "wu", "company": "C-0000000000000"}
    assert api.ask("operator", "POST", "/v1/accounts", json=unknown).status_code == 404
    number = made.json()["id"]
    assert api.ask("operator", "DELETE", f"/v1/accounts/{number}").status_code == 204
    assert api.ask("operator", "DELETE", f"/v1/accounts/{number}").status_code == 404
    own = api.accounts["operator"].id
    assert api.ask("operator", "DELETE", f"/v1/accounts/{own}").status_code == 409


def test_notices_are_ones_own(api: Api) -> None:
    with api.service.store.write() as db:
        for who in ("analyst", "company"):
            body = {"for": who}
            notices.add(db, api.accounts[who].id, "test", body, api.service.clock())
    (mine,) = api.ask("analyst", "GET", "/v1/notices?limit=1").json()["items"]
    assert mine["body"] == {"for": "analyst"} and mine["read_at"] is None
    assert api.ask("company", "POST", f"/v1/notices/{mine['id']}/read").status_code == 404
    assert api.ask("analyst", "POST", f"/v1/notices/{mine['id']}/read").status_code == 204
    unread = api.ask("analyst", "GET", "/v1/notices?unread=true").json()["items"]
    assert mine["id"] not in {row["id"] for row in unread}


def test_quotas_are_counted_told_and_kept(api: Api) -> None:
    client = api.client
    quotas = client.app.state.quotas
    told = api.ask("analyst", "GET", f"/v1/companies/{api.code()}")
    limit = settings_of(api.service.book.path).daily_requests
    assert told.headers["ratelimit-policy"] == f'"day";q={limit};w=86400'
    assert told.headers["ratelimit"].startswith('"day";r=')
    used = api.ask("analyst", "GET", "/v1/me").json()["today"]["requests"]
    quotas.flush()
    with api.service.store.read() as db:
        rows = {row.account: row.requests for row in db.execute(USED.select())}
    assert rows[api.accounts["analyst"].id] == used
    assert "ratelimit" not in api.ask("operator", "GET", "/v1/me").headers


def test_documents_that_were_taken_in_are_counted(api: Api) -> None:
    api.client.app.state.quotas.flush()

    def counted() -> int:
        with api.service.store.read() as db:
            mine = USED.c.account == api.accounts["contributor"].id
            return sum(row.documents for row in db.execute(USED.select().where(mine)))

    before = counted()
    api.upload("contributor", "Q-1")
    api.upload("contributor", "Q-1")
    assert counted() == before + 1, "the same documents count once"


def test_two_processes_count_one_quota(api: Api) -> None:
    account = 987_654
    one, two = (Quotas(api.service, 10) for _ in range(2))
    for _ in range(6):
        one.hit(account, "analyst")
        two.hit(account, "analyst")
    one.flush()
    two.flush()
    assert two.hit(account, "analyst").over
    one.hit(account, "analyst")
    one.flush()
    left = one.hit(account, "analyst")
    assert left.over and left.used == 14 and left.remaining == 0
    assert not one.hit(account, "operator").over


def test_a_quota_that_is_used_up_is_told(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.client.app.state.quotas, "_limit", 1)
    api.ask("contributor 2", "GET", "/v1/me")
    for path in ("/v1/me", f"/v1/companies/{api.code()}"):
        told = api.ask("contributor 2", "GET", path)
        assert (told.status_code, told.json()["type"]) == (429, "urn:tallystick:problem:quota")
        assert int(told.headers["retry-after"]) > 0
