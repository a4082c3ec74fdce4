"""Redress as stories: an entry is disputed, marked at once, answered or not, decided, struck, and everybody
told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from tallystick.adapters.store import served
from tallystick.adapters.store.tables import NOTICE
from tallystick.doors.api import create_app
from tallystick.service import Service, redress, worker
from tallystick.units import DAY_US, code_of

from .conftest import settings_of
from .test_api import key_of
from .test_live import all_served, made_anew


class Story:
    """A company with a broken promise, and everybody who has to do with it."""

    def __init__(self, service: Service, client: TestClient) -> None:
        self.service, self.client = service, client
        rows = service.book.promises(cut=service.cut()).to_pylist()
        bad = [r for r in rows if r["outcome"] in ("late", "broken") and r["kind"] == "pay"]
        self.promise = bad[0]
        self.entry = redress.promise_of(self.promise)
        self.company = self.promise["promisor"]
        self.code = code_of(self.company, "C")
        _, documents = redress.entry_of(service, self.company, self.entry)
        self.documents = [row["doc_id"] for row in documents]
        self.contributor = documents[0]["contributor"]
        one = [row["doc_id"] for row in documents if row["contributor"] == self.contributor]
        self.disputed = one
        self.mei = key_of(service, "mei", "company", company=self.company)
        self.port = key_of(
            service, "port", "contributor", contributor=self.contributor, contributor_kind="bank"
        )
        self.olga, self.bo = key_of(service, "olga", "operator"), key_of(service, "bo", "analyst")

    def object(self, reason: str = "wrong_amount", who: dict[str, str] | None = None) -> Any:
        body = {"entry": self.entry, "reason": reason, "documents": self.disputed}
        return self.client.post("/v1/disputes", json=body, headers=who or self.mei)

    def do(self, number: int, who: dict[str, str], event: str, text: str = "because") -> Any:
        body = {"event": event, "text": text}
        return self.client.post(f"/v1/disputes/{number}/events", json=body, headers=who)

    def marked(self) -> int:
        return int(self.client.get(f"/v1/companies/{self.code}").json()["disputed"])

    def notices(self, who: dict[str, str]) -> list[str]:
        items = self.client.get("/v1/notices", headers=who).json()["items"]
        return [item["kind"] for item in items]

    def later(self, days: int) -> None:
        """Let days pass for the whole service."""
        before = self.service.clock
        for one in (self.service, self.client.app.state.service):  # type: ignore[attr-defined]
            one.clock = lambda: before() + days * DAY_US
            one.day_seen = None

    def counts(self) -> bool:
        """Whether the disputed documents count."""
        cut = self.service.book.cut()
        with self.service.book.evidence(cut) as engine:
            rows = engine.fetch("SELECT DISTINCT doc_id FROM doc_linked")["doc_id"].to_pylist()
        return bool(set(rows) & set(self.disputed))


@pytest.fixture
def story(service: Service) -> Iterator[Story]:
    app = create_app(settings_of(service.book.path, service.settings.database_url))
    with TestClient(app, base_url="http://testserver") as client:
        yield Story(service, client)


def test_silence_decides_for_the_company_and_reaches_who_saw_it(story: Story) -> None:
    assert story.client.get(f"/v1/companies/{story.code}", headers=story.bo).status_code == 200
    made = story.object()
    assert made.status_code == 201, made.text
    (dispute,) = made.json()["items"]
    assert dispute["mark"] and dispute["state"] == "open" and story.marked() == 1
    assert story.notices(story.port) == ["objection"] and "opened" in story.notices(story.olga)
    before = all_served(story.service)[story.company]
    story.client.app.state.service.seen.flush()  # type: ignore[attr-defined]
    story.later(19)
    worker.drain(story.service)
    assert story.marked() == 1 and story.counts()
    story.later(1)
    worker.drain(story.service)
    told = story.client.get(f"/v1/disputes/{dispute['id']}", headers=story.mei).json()
    assert (told["state"], story.marked(), story.counts()) == ("for_company", 0, False)
    assert all_served(story.service)[story.company] != before
    assert all_served(story.service) == made_anew(story.service)
    assert story.notices(story.bo) == ["corrected"]
    assert "for_company" in story.notices(story.mei) and "for_company" in story.notices(story.port)


def test_what_was_struck_does_not_come_back(story: Story) -> None:
    (dispute,) = story.object().json()["items"]
    assert story.do(dispute["id"], story.port, "accept").json()["state"] == "for_company"
    worker.drain(story.service)
    assert not story.counts()
    after = all_served(story.service)
    batches = [b for b in story.service.book.batches() if b.contributor.name == story.contributor]
    assert batches
    worker.drain(story.service)
    redress.strike(story.service, {"dispute": dispute["id"], "tell": False})
    worker.drain(story.service)
    assert all_served(story.service) == after, "a strike done twice is the same"


def test_a_contested_entry_stands_if_the_operator_says_so(story: Story) -> None:
    (dispute,) = story.object().json()["items"]
    number = dispute["id"]
    assert story.do(number, story.mei, "decide_for").status_code == 409
    assert story.do(number, story.olga, "decide_against").status_code == 409, "not before an answer"
    assert story.do(number, story.port, "contest", "").status_code == 409, "a reason is needed"
    assert story.do(number, story.port, "contest").json()["state"] == "contested"
    assert story.do(number, story.port, "decide_against").status_code == 409
    told = story.do(number, story.olga, "decide_against").json()
    assert told["state"] == "against_company" and story.marked() == 0
    worker.drain(story.service)
    assert story.counts()
    assert [e["kind"] for e in told["events"]] == ["open", "contest", "decide_against"]
    assert story.object().status_code == 409, "not the same again for the same reason"


def test_others_have_no_part_in_it(story: Story) -> None:
    stranger = key_of(story.service, "moe", "company", company=story.company + 1)
    assert story.object(who=stranger).status_code == 404
    assert story.object(who=story.bo).status_code == 403
    (dispute,) = story.object().json()["items"]
    path = f"/v1/disputes/{dispute['id']}"
    other = key_of(
        story.service, "other", "contributor", contributor="Other", contributor_kind="bank"
    )
    for who in (stranger, other):
        assert story.client.get(path, headers=who).status_code == 404
        assert story.do(dispute["id"], who, "accept").status_code == 404
        assert story.client.get("/v1/disputes", headers=who).json()["items"] == []
    aud = key_of(story.service, "aud", "auditor")
    assert story.client.get(path, headers=aud).status_code == 200
    assert story.do(dispute["id"], aud, "accept").status_code == 403


@pytest.mark.parametrize("entry", ["", "nonsense", "D-0000000000000/pay/0", "D-1/pay/0", "a/b/c"])
def test_what_is_no_entry_is_refused(story: Story, entry: str) -> None:
    body = {"entry": entry, "reason": "other", "text": "x"}
    answer = story.client.post("/v1/disputes", json=body, headers=story.mei)
    assert answer.status_code in (404, 422) and answer.json()["detail"]


def test_an_objection_and_its_notices_are_one_transaction(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(redress.notices, "add", broken)
    with pytest.raises(RuntimeError):
        story.object()
    with story.service.store.read() as db:
        assert not db.execute(sa.select(NOTICE)).first() and not redress.listed(story.service)
        (body,) = served.bodies(db, [story.company]).values()
    assert json.loads(json.dumps(body))["disputed"] == 0


def test_a_mark_survives_a_rating_that_was_under_way(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, write = story.service, story.service._write
    cut = service.cut()
    assert cut is not None
    with service.store.write() as db:
        served.remove(db, [story.company])

    def late(*args: Any) -> None:
        if not redress.listed(service):
            assert story.object().status_code == 201
        write(*args)

    monkeypatch.setattr(service, "_write", late)
    service._publish(cut, service.clock(), None, None, {})
    assert story.marked() == 1
