"""Who is who in the live book: the queue, the evidence on two, judging, and seeing before what would move.

A judgement is evidence: it goes into the ledger under the name of who judged, and the ratings follow as with
any other. What it would move is worked out by a job, since that takes as long as rating everybody: the
answer is kept for a day under a number that nobody can guess.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from tallystick.adapters.asking import Question
from tallystick.adapters.store import jobs, served
from tallystick.adapters.store.accounts import Account
from tallystick.adapters.store.tables import STATE
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say
from tallystick.identity import VERDICTS
from tallystick.identity.why import Why
from tallystick.service.live import Service
from tallystick.service.looking import cut_of
from tallystick.service.worker import work
from tallystick.units import DAY_US, code_of

PREVIEW: Final = "preview"
"""The job that works out what a judgement would move, and what begins the name of its outcome."""
MOST: Final = 200
"""Companies that a preview names, those that move most."""

Row = dict[str, Any]


def queue(service: Service, limit: int) -> list[Question]:
    """What a person should decide, most valuable first."""
    return service.book.review(cut_of(service), limit)


def evidence(service: Service, a: str, b: str) -> Why:
    """The evidence on two. Raises `EvidenceError` for what means nothing."""
    return service.book.why(a, b, cut_of(service))


def how(service: Service, company: int) -> list[Row]:
    """How a company came to be one: each description with the reason why it means this company."""
    return service.book.how(code_of(company, "C"), cut_of(service))


def judge(service: Service, account: Account, a: str, b: str, verdict: str, why: str) -> Row:
    """Hand a judgement in; the ratings follow. Raises `EvidenceError` for what is none."""
    receipt = service.book.judge(a, b, verdict, why, account.name, cut_of(service))
    with service.store.write() as db:
        service.ask_to_rate(db)
    told = {"a": a, "b": b, "verdict": verdict, "why": why, "by": account.name}
    return {"batch": receipt.batch.batch_id, "new": receipt.new} | told


def begin_preview(service: Service, account: Account, a: str, b: str, verdict: str) -> str:
    """Have it worked out what a judgement would move; the number of the preview. Raises `EvidenceError` where
    the two mean nothing."""
    if verdict not in VERDICTS:
        raise EvidenceError(say("verdict", verdict=verdict, allowed=", ".join(VERDICTS)))
    evidence(service, a, b)  # says at once where one of them is nobody
    number, now = secrets.token_hex(10), service.clock()
    told = {"a": a, "b": b, "verdict": verdict, "account": account.id}
    told |= {"at_us": now, "state": "waiting"}
    with service.store.write() as db:
        _forget_old(db, now)
        served.set_state(db, _name(number), told)
        jobs.put(db, now, PREVIEW, {"number": number})
    return number


def preview(service: Service, number: str) -> Row | None:
    """A preview: `state` waiting, done or failed; `moved` once it is done; None where there is none."""
    with service.store.read() as db:
        found: Row | None = served.state(db, _name(number))
    return found


@work(PREVIEW)
def work_out(service: Service, args: Mapping[str, Any]) -> None:
    """Work a preview out; what cannot be says so in its place."""
    number = str(args["number"])
    asked = preview(service, number)
    if asked is None:
        return
    cut = cut_of(service)
    try:
        rows = service.book.preview(asked["a"], asked["b"], asked["verdict"], cut)
    except EvidenceError as error:
        outcome: Row = {"state": "failed", "error": str(error)}
    else:
        rows.sort(key=_how_far, reverse=True)
        with service.store.read() as db:
            bodies = served.bodies(db, [row["company"] for row in rows[:MOST]])
        moved = [_moved(row, bodies.get(row["company"])) for row in rows[:MOST]]
        outcome = {"state": "done", "moved": moved, "companies": len(rows)}
    with service.store.write() as db:
        served.set_state(db, _name(number), asked | outcome)


def _how_far(row: Row) -> tuple[bool, int]:
    """First those that come or go, then by how far the chance moves."""
    before, after = row["broken_ppm_before"], row["broken_ppm_after"]
    if before is None or after is None:
        return True, 0
    return row["grade_before"] != row["grade_after"], abs(before - after)


def _moved(row: Row, body: Mapping[str, Any] | None) -> Row:
    name = body["company"]["name"] if body else None
    return {"company": code_of(row["company"], "C"), "name": name} | {
        key: row[key]
        for key in ("grade_before", "grade_after", "broken_ppm_before", "broken_ppm_after")
    }


def _name(number: str) -> str:
    return f"{PREVIEW}:{number}"


def _forget_old(db: sa.Connection, now_us: int) -> None:
    """Drop previews of yesterday."""
    find = sa.select(STATE.c.name).where(STATE.c.name.like(f"{PREVIEW}:%"))
    for row in db.execute(find).all():
        told = served.state(db, row.name)
        if told and told["at_us"] < now_us - DAY_US:
            db.execute(sa.delete(STATE).where(STATE.c.name == row.name))
