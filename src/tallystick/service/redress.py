"""Redress in the live book: disputes of entries, with their clock, their marks and what follows.

The rules are those of `tallystick.exchange`; here they meet the store. A transition, the mark on what is
served, the notices and the job that strikes are one transaction. The strike itself goes into the ledger by
that job, the ratings follow as with any evidence, and then everyone who was shown the old value is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from tallystick.adapters.dealing import gather_deal
from tallystick.adapters.store import jobs, notices
from tallystick.adapters.store.accounts import Account
from tallystick.adapters.store.tables import ACCOUNT, DISPUTE, DISPUTE_EVENT
from tallystick.evidence.ledger import EvidenceError
from tallystick.exchange import (
    Dispute,
    Effect,
    Event,
    Outcome,
    act,
    allowed,
    event_words,
    mark_words,
    open_dispute,
    outcome_words,
    reason_words,
    tick,
)
from tallystick.promises.kinds import PROMISES
from tallystick.report.figures import promise_id
from tallystick.service import seen
from tallystick.service.live import Service
from tallystick.service.looking import cut_of
from tallystick.service.worker import CLOCK, work
from tallystick.units import DAY_US, code_of, day_number, day_of

STRIKE: Final = "strike"
Row = dict[str, Any]


def entry_of(service: Service, company: int, entry: str) -> tuple[Mapping[str, Any], list[Row]]:
    """A promise `D-…/kind/item` of a company (made by it or to it), and the documents behind it with
    `contributor` and `entered_us`. Raises `EvidenceError` where there is none, or it concerns others."""
    parts = entry.split("/")
    if len(parts) != 3 or parts[1] not in PROMISES:
        raise EvidenceError(
            f"{entry!r} is no entry: write D-CODE/kind/item, as the report shows it"
        )
    cut = cut_of(service)
    with service.book.reading() as engine:
        material = gather_deal(parts[0], cut, engine, service.book.batches())
    promise = next((p for p in material.promises if promise_of(p) == entry), None)
    if promise is None or company not in (promise["promisor"], promise["promisee"]):
        raise EvidenceError(f"there is no entry {entry} about this company")
    kind = PROMISES[parts[1]]
    wanted = {*kind.made_by, *kind.settled_by}
    documents: list[Row] = []
    for row in material.documents:
        batch = material.batches.get(row["version"])
        elsewhere = promise["item"] and row.get("item") not in (None, 0, promise["item"])
        if row["kind"] in wanted and batch is not None and not elsewhere:
            who = {"contributor": batch.contributor.name, "entered_us": batch.recorded_at_us}
            documents.append({**row, **who})
    return promise, documents


def promise_of(row: Mapping[str, Any]) -> str:
    """The name of a row of PROMISE, as reports show it."""
    return promise_id(row["deal"], row["kind"], row["item"])


def open_all(
    service: Service,
    account: Account,
    company: int,
    entry: str,
    reason: str,
    text: str,
    documents: Sequence[str] = (),
) -> list[int]:
    """Dispute an entry: one dispute per contributor of the documents (all behind the entry, or those named);
    their numbers. Raises `Refused` and `EvidenceError` for what cannot be disputed."""
    _, found = entry_of(service, company, entry)
    known = {row["doc_id"] for row in found}
    if unknown := set(documents) - known:
        raise EvidenceError(f"{', '.join(sorted(unknown))} is not behind the entry {entry}")
    by_contributor: dict[str, list[Row]] = {}
    for row in found:
        if not documents or row["doc_id"] in documents:
            by_contributor.setdefault(row["contributor"], []).append(row)
    if not by_contributor:
        raise EvidenceError(f"no document stands behind the entry {entry}")
    now, today = service.clock(), _today(service)
    made = []
    with service.store.write() as db:
        earlier = [_dispute(row) for row in _rows(db, company=company)]
        for name, rows in sorted(by_contributor.items()):
            ids = [row["doc_id"] for row in rows]
            outcome = open_dispute(company, entry, ids, name, reason, text, today, earlier)
            values = _values(outcome.dispute) | {"opened_by": account.id, "opened_us": now}
            values["entered_us"] = min(row["entered_us"] for row in rows)
            key = db.execute(sa.insert(DISPUTE).values(**values)).inserted_primary_key
            assert key is not None
            _happened(db, key[0], now, account.name, "open", text)
            _follow(service, db, key[0], outcome)
            made.append(int(key[0]))
    return made


def move(service: Service, number: int, kind: str, role: str, by: str, text: str) -> Row:
    """Something happens in a dispute: `kind` of `exchange.EVENTS`, by a role. Raises `Refused` for what may
    not."""
    now = service.clock()
    with service.store.write() as db:
        row = _one(db, number, lock=True)
        outcome = act(_dispute(row), Event(kind, role, text), _today(service))
        _happened(db, number, now, by, kind, text)
        _keep(service, db, number, outcome)
    return told(service, number)


def steps(service: Service, number: int, role: str) -> tuple[str, ...]:
    """The events that a role may bring about in a dispute today."""
    with service.store.read() as db:
        return allowed(_dispute(_one(db, number)), role, _today(service))


def told(service: Service, number: int, lang: str = "en") -> Row:
    """A dispute with what happened in it, in words of a language."""
    with service.store.read() as db:
        row = _one(db, number)
        rows = db.execute(
            sa.select(DISPUTE_EVENT)
            .where(DISPUTE_EVENT.c.dispute == number)
            .order_by(DISPUTE_EVENT.c.id)
        ).all()
    return shown(row, lang) | {
        "events": [
            {
                "at_us": e.at_us,
                "by": e.by,
                "kind": e.kind,
                "text": e.text,
                "words": _event(e.kind, lang),
            }
            for e in rows
        ]
    }


def listed(
    service: Service,
    company: int | None = None,
    contributor: str | None = None,
    still_open: bool = False,
    lang: str = "en",
    before: int = 2**62,
    limit: int = 100,
) -> list[Row]:
    """Disputes of a company, or that a contributor must answer, or all; newest first."""
    with service.store.read() as db:
        rows = _rows(db, company, contributor, still_open, before, limit)
    return [shown(row, lang) for row in rows]


def shown(row: Row, lang: str) -> Row:
    """A dispute as JSON, in words of a language: `mark` while it is open, `outcome` after."""
    dispute = _dispute(row)
    return {
        "id": row["id"],
        "company": code_of(row["company"], "C"),
        "entry": row["entry"],
        "documents": list(dispute.documents),
        "contributor": row["contributor"],
        "reason": row["reason"],
        "reason_words": reason_words(row["reason"], lang),
        "text": row["text"],
        "state": row["state"],
        "opened_on": dispute.opened_on.isoformat(),
        "due_on": dispute.due_on.isoformat(),
        "closed_on": dispute.closed_on.isoformat() if dispute.closed_on else None,
        "mark": mark_words(dispute, lang) if dispute.marked else None,
        "outcome": None if dispute.marked else outcome_words(dispute, lang),
    }


@work(CLOCK)
def clock(service: Service, _: Mapping[str, Any]) -> None:
    """Let time decide what is due."""
    today = _today(service)
    with service.store.read() as db:
        due = [row["id"] for row in _rows(db, still_open=True) if tick(_dispute(row), today)]
    for number in due:
        with service.store.write() as db:
            outcome = tick(_dispute(_one(db, number, lock=True)), today)
            if outcome is not None:
                _happened(db, number, service.clock(), "the clock", "clock", None)
                _keep(service, db, number, outcome)


@work(STRIKE)
def strike(service: Service, args: Mapping[str, Any]) -> None:
    """Strike what was decided, have it rated, and tell those who saw it. Done twice it is the same."""
    number = int(args["dispute"])
    with service.store.read() as db:
        row = _one(db, number)
    ids = [one for one in json.loads(row["documents"]) if one not in _struck(service)]
    if ids:
        service.book.strike(ids, f"dispute {number}", "the operator", row["reason"])
    with service.store.write() as db:
        service.ask_to_rate(db)
        if not args.get("tell"):
            return
        for look in seen.of_company(db, row["company"], row["entered_us"] or 0, service.clock()):
            body = {
                "dispute": number,
                "company": code_of(row["company"], "C"),
                "entry": row["entry"],
            }
            body |= {
                "first_us": look["first_us"],
                "last_us": look["last_us"],
                "times": look["times"],
            }
            key = f"{STRIKE}:{number}"  # whoever is told is told once, though the job is done again
            notices.add(db, look["account"], "corrected", body, service.clock(), key)


def _struck(service: Service) -> set[str]:
    rows = service.book.strikes().to_pylist()
    return {row["doc_id"] for row in rows if row.get("status") == "struck"}


def _follow(service: Service, db: sa.Connection, number: int, outcome: Outcome) -> None:
    """Do what follows from a transition."""
    company = outcome.dispute.company
    for effect in outcome.effects:
        if effect.kind in ("mark", "unmark"):
            service.mark_disputed(db, company)
        elif effect.kind == "strike":
            args = {"dispute": number, "tell": True}
            jobs.put(db, service.clock(), STRIKE, args, key=f"{STRIKE}:{number}")
        elif effect.whom != "viewers":  # those are told once it is struck
            _tell(service, db, number, outcome.dispute, effect)


def _tell(
    service: Service, db: sa.Connection, number: int, dispute: Dispute, effect: Effect
) -> None:
    find = sa.select(ACCOUNT.c.id).where(ACCOUNT.c.disabled_us.is_(None))
    if effect.whom == "company":
        find = find.where(ACCOUNT.c.company == dispute.company)
    elif effect.whom == "contributor":
        find = find.where(ACCOUNT.c.contributor == dispute.contributor)
    else:
        find = find.where(ACCOUNT.c.role == "operator")
    body = {"dispute": number, "company": code_of(dispute.company, "C"), "entry": dispute.entry}
    body |= {"due_on": dispute.due_on.isoformat(), "state": dispute.state}
    for row in db.execute(find).all():
        notices.add(db, row.id, effect.what, body, service.clock())


def _keep(service: Service, db: sa.Connection, number: int, outcome: Outcome) -> None:
    values = _values(outcome.dispute)
    if outcome.dispute.closed_on is not None:
        values["closed_us"] = service.clock()
    db.execute(sa.update(DISPUTE).where(DISPUTE.c.id == number).values(**values))
    _follow(service, db, number, outcome)


def _happened(
    db: sa.Connection, number: int, at_us: int, by: str, kind: str, text: str | None
) -> None:
    row = {"dispute": number, "at_us": at_us, "by": by, "kind": kind, "text": text}
    db.execute(sa.insert(DISPUTE_EVENT).values(**row))


def _rows(
    db: sa.Connection,
    company: int | None = None,
    contributor: str | None = None,
    still_open: bool = False,
    before: int = 2**62,
    limit: int | None = None,
) -> list[Row]:
    find = sa.select(DISPUTE).where(DISPUTE.c.id < before).order_by(DISPUTE.c.id.desc())
    if company is not None:
        find = find.where(DISPUTE.c.company == company)
    if contributor is not None:
        find = find.where(DISPUTE.c.contributor == contributor)
    if still_open:
        find = find.where(DISPUTE.c.closed_us.is_(None))
    return [dict(row._mapping) for row in db.execute(find.limit(limit))]


def _one(db: sa.Connection, number: int, lock: bool = False) -> Row:
    find = sa.select(DISPUTE).where(DISPUTE.c.id == number)
    row = db.execute(find.with_for_update() if lock else find).first()
    if row is None:
        raise EvidenceError(f"there is no dispute {number}")
    return dict(row._mapping)


def _dispute(row: Row) -> Dispute:
    return Dispute(
        company=row["company"],
        entry=row["entry"],
        documents=tuple(json.loads(row["documents"])),
        contributor=row["contributor"],
        reason=row["reason"],
        text=row["text"],
        opened_on=_day(row["opened_us"]),
        due_on=_day(row["due_us"]),
        state=row["state"],
        answered_on=_day(row["answered_us"]) if row["answered_us"] else None,
        closed_on=_day(row["closed_us"]) if row["closed_us"] else None,
        how=row["how"],
    )


def _values(dispute: Dispute) -> Row:
    """The columns of DISPUTE that follow from a dispute; `opened_us` and `closed_us` are moments of their
    own."""
    return {
        "company": dispute.company,
        "entry": dispute.entry,
        "documents": json.dumps(dispute.documents),
        "contributor": dispute.contributor,
        "reason": dispute.reason,
        "text": dispute.text,
        "state": dispute.state,
        "due_us": day_number(dispute.due_on) * DAY_US,
        "answered_us": day_number(dispute.answered_on) * DAY_US if dispute.answered_on else None,
        "how": dispute.how,
    }


def _event(kind: str, lang: str) -> str:
    return event_words(kind, lang) if kind != "open" else {"en": "disputed", "zh": "提出异议"}[lang]


def _today(service: Service) -> date:
    return _day(service.clock())


def _day(us: int) -> date:
    return day_of(us // DAY_US)
