"""The live book: what is served is what the book says, and follows new evidence."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import Any

import pytest

from tallystick.adapters.cuts import DONE
from tallystick.adapters.named import companies_named
from tallystick.adapters.store import accounts, served
from tallystick.adapters.struck_of import struck_counts
from tallystick.evidence.ledger import EvidenceError
from tallystick.service import Service, looking, uploads, worker
from tallystick.service.access import RIGHTS, ROLES, allowed
from tallystick.service.body import made_of, served_rows

BILL = {
    "kind": "invoice", "number": "L-1", "issued_on": "2025-05-01", "due_on": "2025-06-01",
    "amount": "50", "currency": "EUR", "terms": "open_account",
    "parties": {
        "seller": {"ids": {"id:tradeport.member": "00000001"}},
        "buyer": {"ids": {"id:tradeport.member": "00000002"}},
    },
}  # fmt: skip
PAID = {
    "kind": "payment",
    "number": "P-1",
    "issued_on": "2025-09-01",
    "amount": "50",
    "currency": "EUR",
}
PAID |= {"parties": BILL["parties"], "references": [{"kind": "invoice", "number": "L-1"}]}


def bank_of(service: Service) -> accounts.Account:
    with service.store.write() as db:
        return accounts.create(
            db, service.clock(), "bank", "The Bank", "contributor", None,
            contributor="The Bank", contributor_kind="bank",
        )  # fmt: skip


def hand_in(
    service: Service, who: accounts.Account, documents: list[Any], dry: bool = False
) -> str:
    body = json.dumps({"documents": documents}).encode()
    return uploads.receive(service, who, uploads.Handed(uploads.DOCUMENTS, body, None, dry))


def all_served(service: Service) -> dict[int, str]:
    with service.store.read() as db:
        return served.etags(db)


def made_anew(service: Service) -> dict[int, str]:
    """What a service that begins with this evidence would serve."""
    cut = service.book.cut()
    ratings, struck = service.book.ratings(cut=cut), struck_counts(cut)
    return {row.company: row.etag for row in served_rows(ratings, made_of(cut), {}, struck)}


def test_what_is_served_is_what_the_book_says(service: Service) -> None:
    assert all_served(service) == made_anew(service) and len(all_served(service)) > 50
    some = service.book.ratings(cut=service.cut()).to_pylist()[0]
    found = served.body_of(service.store, some["code"])
    assert found is not None
    body = json.loads(found[1])
    head = body["headline"]
    if head is not None:
        assert abs(sum(r["points"] for r in head["reasons"]) - head["score"]) < 1e-6
    assert served.body_of(service.store, "C-0000000000000") is None


def test_new_evidence_changes_what_is_served(service: Service) -> None:
    before, who = all_served(service), bank_of(service)
    upload = hand_in(service, who, [BILL, PAID])
    worker.drain(service)
    with service.store.read() as db:
        row = uploads.get(db, upload)
        assert row is not None and row["state"] == "taken"
        assert row["result"]["batches"][0]["accepted"] == 2
        moved = served.changes_since(db, 0, 100)
    after = all_served(service)
    assert after == made_anew(service) != before
    assert any(change["cause"] == "evidence" for change in moved)
    uploads.retract(service, upload, "sent by mistake")
    worker.drain(service)
    assert all_served(service) == made_anew(service) == before


def test_a_cut_that_did_not_grow_tells_new_evidence_from_the_market(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tallystick.service.live.touched", lambda before, cut, table: None)
    monkeypatch.setattr(service, "_publish_first", lambda *_: None)
    upload = hand_in(service, bank_of(service), [BILL, PAID])
    worker.drain(service)
    with service.store.read() as db:
        moved = {row["company"]: row["cause"] for row in served.changes_since(db, 0, 100)}
        row = uploads.get(db, upload)
    cut = service.cut()
    assert cut is not None and row is not None
    versions = [batch.version for batch in service.book.batches()][-1:]
    assert {moved[one] for one in companies_named(cut, versions) if one in moved} == {"evidence"}
    assert "evidence" not in {
        moved[one] for one in moved.keys() - set(companies_named(cut, versions))
    }
    assert all_served(service) == made_anew(service)


def test_looking_at_past_days_takes_nothing_from_what_is_served(service: Service) -> None:
    cut = service.cut()
    assert cut is not None
    company = int(cut.read("ratings", ["company"])["company"][0].as_py())
    for day in range(1, 9):
        looking.rating_at(service, company, date(2024, 3, day), None)
    assert (cut.folder / DONE).exists()
    assert looking.promises(service, company, None, 0, 5)
    shutil.rmtree(cut.folder)
    assert looking.promises(service, company, None, 0, 5), "it is made anew"


def test_what_came_twice_is_taken_out_together_and_stays_out(service: Service) -> None:
    before, who = all_served(service), bank_of(service)
    first, second, other = (hand_in(service, who, bills) for bills in ([BILL], [BILL], [PAID]))
    worker.drain(service)
    uploads.retract(service, second, "sent by mistake")
    again = hand_in(service, who, [BILL])
    worker.drain(service)
    with service.store.read() as db:
        rows = {one: uploads.get(db, one) for one in (first, second, other, again)}
    assert [row and row["state"] for row in rows.values()] == [
        "retracted", "retracted", "taken", "retracted"
    ]  # fmt: skip
    told = rows[again]
    assert told is not None and "sent by mistake" in told["result"]["batches"][0]["remark"]
    uploads.retract(service, other, "as well")
    worker.drain(service)
    assert all_served(service) == before


def test_the_same_upload_twice_counts_once(service: Service) -> None:
    who = bank_of(service)
    hand_in(service, who, [BILL])
    worker.drain(service)
    once = all_served(service)
    upload = hand_in(service, who, [BILL])
    uploads.take(service, upload)
    uploads.take(service, upload)
    worker.drain(service)
    assert all_served(service) == once


def test_a_dry_run_says_what_would_become_of_it_and_changes_nothing(service: Service) -> None:
    before, who = len(service.book.batches()), bank_of(service)
    upload = hand_in(service, who, [BILL, {"kind": "nonsense"}], dry=True)
    told = uploads.take(service, upload)
    assert (told["state"], len(service.book.batches())) == ("checked", before)
    (batch,) = told["result"]["batches"]
    assert (batch["accepted"], batch["rejected"]) == (1, 1)
    assert batch["rejects"][0]["rule"] == "kind-unknown"
    uploads.take(service, hand_in(service, who, [BILL]))
    told = uploads.take(service, hand_in(service, who, [BILL, PAID], dry=True))
    (batch,) = told["result"]["batches"]
    assert (batch["accepted"], batch["duplicate"]) == (1, 1), "against the book that it would go to"
    with service.store.read() as db:
        rows = uploads.summaries(db, "The Bank", 9)
        assert (
            uploads.summaries(db, "Somebody", 9) == [] and len(uploads.summaries(db, None, 1)) == 1
        )
    assert [(row["dry_run"], row["accepted"]) for row in rows] == [(True, 1), (False, 1), (True, 1)]
    assert [rule["rule"] for rule in rows[2]["rules"]] == ["kind-unknown"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b"7", b'{"documents": 3}'])
def test_what_is_no_document_fails_with_the_reason(service: Service, body: bytes) -> None:
    upload = uploads.receive(service, bank_of(service), uploads.Handed(uploads.DOCUMENTS, body))
    told = uploads.take(service, upload)
    assert told["state"] == "failed" and "body" in told["result"]["error"]


def test_what_went_wrong_does_not_say_where_it_lies(service: Service) -> None:
    handed = uploads.Handed("notes.txt.md", b"nothing that anybody reads")
    told = uploads.take(service, uploads.receive(service, bank_of(service), handed))
    assert told["state"] == "failed" and told["result"]["error"].startswith("notes.txt.md is not")
    assert str(service.book.path) not in json.dumps(told["result"])


def test_names_of_files_lead_nowhere_else(service: Service) -> None:
    who = bank_of(service)
    for name in ("../../evil.csv", "..\\evil.csv", "/etc/passwd", "a\x00b.csv"):
        upload = uploads.receive(service, who, uploads.Handed(name, b"x"))
        (kept,) = (service.book.path / uploads.UPLOADS / upload).iterdir()
        assert kept.read_bytes() == b"x"
    for name in ("", "..", "/"):
        with pytest.raises(EvidenceError):
            uploads.receive(service, who, uploads.Handed(name, b"x"))


def test_the_table_of_rights_is_whole() -> None:
    for right, roles in RIGHTS.items():
        assert set(roles) <= set(ROLES) and set(roles.values()) <= {"all", "own"}, right
        assert not allowed("operator", right, True, scopes=frozenset({"nothing"}))
    assert not any(
        allowed("auditor", r, True)
        for r in RIGHTS
        if r.split(".")[1] in ("write", "decide", "judge")
    )
    assert not any(allowed("public", r, True) for r in RIGHTS if r.split(".")[1] != "read")


def test_while_more_comes_in_those_with_new_evidence_go_first(service: Service) -> None:
    who = bank_of(service)
    service.rate()  # all have followed just now, not when the book of the tests was made
    uploads.take(service, hand_in(service, who, [BILL, PAID]))
    service.rate()  # the job of the batch still waits, as if another had come in meanwhile
    with service.store.read() as db:
        first, whole = (served.state(db, name) for name in ("cut", "whole"))
        moved = served.changes_since(db, 0, 1000)
    assert first != whole and moved and {change["cause"] for change in moved} == {"evidence"}
    worker.drain(service)
    with service.store.read() as db:
        assert served.state(db, "cut") == served.state(db, "whole")
    assert all_served(service) == made_anew(service)


def test_who_is_known_and_promised_nothing_has_no_record(service: Service) -> None:
    known = BILL | {"kind": "profile", "number": "K-1"}
    known["parties"] = {"subject": {"name": "Quite Unknown Ltd", "country": "GB"}}
    service.book.add([known], bank_of(service).contributor or "")
    service.rate()
    cut = service.cut()
    assert cut is not None
    (row,) = service.book.find("Quite Unknown Ltd", cut, 1)
    assert served.body_of(service.store, row["code"]) is None
    told = looking.without_record(service, row["company"])
    assert told is not None
    body = json.loads(told[1])
    assert body["headline"] is None and not body["enough_evidence"]
    assert looking.without_record(service, 1) is None
