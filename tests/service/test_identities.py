"""Who is who for whoever judges and whoever watches: same, apart, withdrawn, tried before, told after."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.service.conftest import ON_SQLITE

from tallystick.adapters.store import accounts, notices, served
from tallystick.adapters.store.accounts import Account
from tallystick.service import Service, identifying, watches, worker
from tallystick.units import code_of, key_of


def account_of(service: Service) -> Account:
    with service.store.write() as db:
        return accounts.create(db, service.clock(), "ann", "Ann", "analyst", None)


def two(service: Service) -> tuple[str, str]:
    """Two rated companies that each have a promise of their own."""
    with service.store.read() as db:
        rows = [served.bodies(db, [key])[key] for key in list(served.ids(db))[:20]]
    rated = [row["company"]["code"] for row in rows if row["headline"]]
    return rated[0], rated[1]


def told(service: Service, account: Account) -> list[tuple[str, Any]]:
    with service.store.read() as db:
        rows = notices.of_account(db, account.id, 2**62, 50)
    return [(row["kind"], json.loads(row["body"])) for row in reversed(rows)]


@ON_SQLITE
def test_who_watches_hears_that_two_were_joined_and_parted(service: Service) -> None:
    ann, (a, b) = account_of(service), two(service)
    for code in (a, b):
        watches.begin(service, ann.id, key_of(code), None)
    refs = [identifying.how(service, key_of(code))[0]["ref"] for code in (a, b)]
    identifying.judge(service, ann, a, b, "same", "one address")
    worker.drain(service)
    kinds = [(kind, body["company"]["code"], body["cause"]) for kind, body in told(service, ann)]
    joined = next(row for row in kinds if row[0] == watches.MERGED and row[2]["kind"] == "joined")
    gone, into = joined[1], joined[2]["into"]
    assert {gone, into} == {a, b}
    assert (watches.MERGED, into, {"kind": "absorbed", "companies": [gone]}) in kinds
    names = {body["company"]["name"] for kind, body in told(service, ann)}
    assert None not in names, "a company that is gone is named too"
    with service.store.read() as db:
        mine = watches.of_account(db, ann.id, 2**62, 10)
    assert [row["company"] for row in mine] == [key_of(into)], "it watches that one once"

    identifying.judge(service, ann, *refs, "withdrawn", "another floor")
    worker.drain(service)
    last = [(kind, body) for kind, body in told(service, ann) if kind == watches.SPLIT]
    assert [(body["company"]["code"], body["cause"]) for _, body in last] == [
        (into, {"kind": "split", "companies": [gone]})
    ]


@ON_SQLITE
def test_a_preview_tells_what_would_move_and_moves_nothing(service: Service) -> None:
    ann, (a, b) = account_of(service), two(service)
    before = service.cut()
    number = identifying.begin_preview(service, ann, a, b, "same")
    waiting = identifying.preview(service, number)
    assert waiting is not None and waiting["state"] == "waiting"
    worker.drain(service)
    done = identifying.preview(service, number)
    assert done is not None and done["state"] == "done"
    moved = {row["company"]: row for row in done["moved"]}
    gone = [row for row in moved.values() if row["grade_after"] is None]
    assert len(gone) == 1 and gone[0]["company"] in (a, b), "one of the two would be no more"
    assert before is not None and service.cut().folder == before.folder  # type: ignore[union-attr]
    identifying.judge(service, ann, a, b, "same", "one address")
    worker.drain(service)
    into = ({a, b} - {gone[0]["company"]}).pop()
    with service.store.read() as db:
        body = served.bodies(db, [key_of(into)])[key_of(into)]
    assert body["headline"]["broken_ppm"] == moved[into]["broken_ppm_after"], "as it was foretold"


@ON_SQLITE
def test_a_preview_of_nobody_is_refused_at_once_and_an_old_one_forgotten(service: Service) -> None:
    ann, (a, b) = account_of(service), two(service)
    with pytest.raises(Exception, match="no company"):
        identifying.begin_preview(service, ann, a, "nobody at all qqq", "same")
    number = identifying.begin_preview(service, ann, a, b, "apart")
    now = service.clock()
    service.clock = lambda: now + 2 * 86_400_000_000
    identifying.begin_preview(service, ann, a, b, "same")
    assert identifying.preview(service, number) is None


@ON_SQLITE
def test_a_company_that_came_without_a_past_is_no_split(service: Service) -> None:
    ann, (a, _) = account_of(service), two(service)
    watches.begin(service, ann.id, key_of(a), None)
    from tallystick.evidence.ledger import Contributor

    bill = {"kind": "invoice", "number": "N-1", "issued_on": "2025-05-01", "due_on": "2025-06-01",
            "amount": "5", "currency": "EUR", "terms": "open_account",
            "parties": {"seller": {"ids": {"id:x": "1"}}, "buyer": {"ids": {"id:x": "2"}}}}  # fmt: skip
    service.book.add([bill], Contributor("Shop", "marketplace"), source="new")
    with service.store.write() as db:
        service.ask_to_rate(db)
    worker.drain(service)
    assert not [kind for kind, _ in told(service, ann) if kind != watches.CHANGED]
    assert code_of(key_of(a), "C") == a
