"""Disputes as pages: a company objects on the row, its contributor answers, the operator decides, all by forms.

Who looks at a dispute sees the buttons that the rules give to its role today (`exchange.allowed`); a dispute of
others is not told from one that is not there. The public sees, on the page of the company, what is disputed and
what came of it, without names, texts and deals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from tallystick.doors.api.disputes import find, role_in
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.rendering import Page, answer
from tallystick.evidence.ledger import EvidenceError
from tallystick.exchange import CONTESTED, EVENTS, OPEN, REASONS, Refused, reason_words
from tallystick.report.figures import iso, iso_moment
from tallystick.service import redress
from tallystick.units import DAY_US, day_number

LISTED: Final = 200
LONGEST: Final = 4000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputes(Page):
    """The list: (heading, disputes) with what the reader has to do first."""

    parts: tuple[tuple[str, tuple[Row, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection(Page):
    """The form to dispute an entry. `entry`: what is told of it; `reasons`: (code, words); `wrong`: why the
    form comes back, "" where it is new."""

    entry: Row
    reasons: tuple[tuple[str, str], ...]
    reason: str
    text: str
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneDispute(Page):
    """A dispute. `steps`: the events that the reader may bring about; `deal`: address of the deal behind it."""

    dispute: Row
    steps: tuple[str, ...]
    deal: str
    text: str
    wrong: str


def disputes(ask: Ask) -> Response:
    """The disputes that concern who is signed in, those to be answered or decided first."""
    account = someone(ask)
    ask.caller.must("dispute.read", own=True)
    whole = ask.caller.may("dispute.read")
    company = None if whole or ask.caller.role == "contributor" else account.company
    contributor = None if whole or company is not None else account.contributor
    known = whole or company is not None or contributor is not None
    rows = (
        redress.listed(ask.service, company, contributor, lang=ask.lang, limit=LISTED)
        if known
        else []
    )
    rows = [clocked(ask, row) for row in rows]
    parts = _parts(ask, rows)
    told = {"disputes": rows}
    return answer(Disputes(ask=ask, told=told, kept=False, parts=parts), "disputes.html")


def of_company(ask: Ask, company: int) -> list[Row]:
    """The disputes of a company with their clocks, newest first."""
    rows = redress.listed(ask.service, company, lang=ask.lang, limit=LISTED)
    return [clocked(ask, row) for row in rows]


def public(rows: list[Row]) -> list[Row]:
    """Disputes as anybody may read them: kind of promise, state and its words; no name, deal or text."""
    shown = ("kind", "state", "reason", "reason_words", "opened_on", "due_on", "closed_on")
    return [{key: row[key] for key in (*shown, "mark", "outcome")} for row in rows]


def clocked(ask: Ask, row: Mapping[str, Any]) -> Row:
    """A dispute with its kind of promise and the days that are left to answer or decide it."""
    today = ask.service.clock() // DAY_US
    left = day_number(date.fromisoformat(row["due_on"])) - today
    kind = row["entry"].split("/")[1]
    return {**row, "kind": kind, "days_left": None if row["closed_on"] else max(0, left)}


def objection(ask: Ask, wrong: str = "", status: int = 200) -> Response:
    """The form to dispute an entry of one's own company (`?entry=D-…/pay/0`)."""
    company, name = _own(ask), ask.text("entry", 80)
    try:
        promise, documents = redress.entry_of(ask.service, company, name)
    except EvidenceError as error:
        raise Problem(404, "no-such-entry", str(error)) from None
    entry: Row = {"id": name, "kind": promise["kind"], "outcome": promise["outcome"]}
    entry |= {"due": iso(promise["due_day"]), "documents": [_document(row) for row in documents]}
    entry["deal"] = name.split("/")[0]
    reasons = tuple((code, reason_words(code, ask.lang)) for code in REASONS)
    page = Objection(
        ask=ask,
        told={"entry": entry, "reasons": dict(reasons)},
        status=status,
        kept=False,
        entry=entry,
        reasons=reasons,
        reason=ask.text("reason", 40),
        text=ask.text("text", LONGEST),
        wrong=wrong,
    )
    return answer(page, "objection.html")


def dispute_it(ask: Ask) -> Response:
    """Dispute an entry; then its page, or the list where several contributors have to answer."""
    company, account = _own(ask), someone(ask)
    reason, text = ask.text("reason", 40), ask.text("text", LONGEST)
    if reason not in REASONS:
        return objection(ask, ask.say("w.r.no_reason"), 422)
    try:
        made = redress.open_all(ask.service, account, company, ask.text("entry", 80), reason, text)
    except Refused as refused:
        return objection(ask, _why(ask, refused), 409)
    except EvidenceError as error:
        raise Problem(404, "no-such-entry", str(error)) from None
    there = f"/disputes/{made[0]}" if len(made) == 1 else "/disputes"
    return RedirectResponse(ask.url(there), 303, {"Cache-Control": "no-store"})


def dispute(ask: Ask, wrong: str = "", status: int = 200) -> Response:
    """A dispute with its course and what the reader may do."""
    row = clocked(ask, _found(ask))
    role = _role(ask, row)
    steps = redress.steps(ask.service, row["id"], role) if role else ()
    deal = ask.url(f"/deal/{row['entry'].split('/')[0]}", purpose=f"dispute {row['id']}")
    row["events"] = [{**event, "at": iso_moment(event.pop("at_us"))} for event in row["events"]]
    page = OneDispute(
        ask=ask,
        told=row | {"role": role, "steps": list(steps)},
        status=status,
        kept=False,
        dispute=row,
        steps=steps,
        deal=deal,
        text=ask.text("text", LONGEST),
        wrong=wrong,
    )
    return answer(page, "dispute.html")


def happen(ask: Ask) -> Response:
    """What a button of the page says."""
    account, row = someone(ask), _found(ask)
    role, event = role_in(row, ask.caller), ask.text("event", 40)
    if event not in EVENTS or event == "clock":
        raise Problem(422, "event", f"{event!r} is no step of a dispute.")
    try:
        text = ask.text("text", LONGEST)
        redress.move(ask.service, row["id"], event, role, account.name, text)
    except Refused as refused:
        return dispute(ask, _why(ask, refused), 409)
    there = ask.url(f"/disputes/{row['id']}")
    return RedirectResponse(there, 303, {"Cache-Control": "no-store"})


def row_links(ask: Ask, rows: list[Row], entries: list[str]) -> dict[str, tuple[str, str]]:
    """Entry -> (address, words) for each row of one's own report: its dispute, or the form to begin one."""
    found = {name: (ask.url("/disputes/new", entry=name), ask.say("w.r.this")) for name in entries}
    for row in reversed(rows):
        if row["entry"] in found and row["mark"]:
            found[row["entry"]] = (ask.url(f"/disputes/{row['id']}"), ask.say("w.r.under"))
    return found


def _parts(ask: Ask, rows: list[Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """What waits for the reader, for others, and what is closed; open ones by the day on which they are due."""
    mine = {"contributor": (OPEN,), "operator": (CONTESTED,)}.get(ask.caller.role, ())
    still = sorted((row for row in rows if row["mark"]), key=lambda r: (r["due_on"], r["id"]))
    todo = "w.r.to_answer" if ask.caller.role == "contributor" else "w.r.to_decide"
    parts = (
        (todo if mine else "", [row for row in still if row["state"] in mine]),
        ("w.r.waiting", [row for row in still if row["state"] not in mine]),
        ("w.r.closed", [row for row in rows if not row["mark"]]),
    )
    return tuple((head, tuple(part)) for head, part in parts if part or head == todo)


def _own(ask: Ask) -> int:
    """The company that who is signed in speaks for, and disputes for."""
    account = someone(ask)
    company = account.company
    ask.caller.must("dispute.open", own=True)
    if company is None:
        fix = "Claim your company's page first: /me."
        raise Problem(403, "no-company", "This account speaks for no company.", fix)
    ask.caller.must("dispute.open", own=ask.caller.owns_company(company))
    return company


def _found(ask: Ask) -> Row:
    someone(ask)
    number = ask.part("number")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise Problem(404, "no-such-dispute", "There is no such dispute.")
    return find(ask.service, int(number), ask.caller, ask.lang)


def _role(ask: Ask, row: Row) -> str | None:
    """What the reader is in a dispute, None for who only looks."""
    try:
        return role_in(row, ask.caller)
    except Problem:
        return None


def _why(ask: Ask, refused: Refused) -> str:
    return refused.chinese if ask.lang == "zh" else refused.english


def _document(row: Mapping[str, Any]) -> Row:
    who = {"contributor": row["contributor"], "kind": row["kind"], "id": row["doc_id"]}
    return {**who, "number": row.get("number")}
