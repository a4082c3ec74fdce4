"""Claims as pages: a company proves in one of three ways that an account speaks for it; others decide.

Who claims sees the token of its own claim and where to put it. The operator decides any claim, a contributor
those that ask for it, about companies that its evidence describes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from tallystick.adapters.store import accounts
from tallystick.doors.api import claims as api
from tallystick.doors.api.companies import COMPANY, body_of
from tallystick.doors.api.problems import Problem
from tallystick.doors.web import failing
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.rendering import Page, answer
from tallystick.evidence.ledger import EvidenceError
from tallystick.service import claims
from tallystick.service.access import may_ever
from tallystick.units import key_of

LISTED: Final = 200
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims(Page):
    """The page. `mine`: claims of one's own; `open`, `decided`: those that the reader decides, or has;
    `may_claim`: there is a form to claim; `may_decide`: there are buttons to decide."""

    mine: tuple[Row, ...]
    open: tuple[Row, ...]
    decided: tuple[Row, ...]
    may_claim: bool
    may_decide: bool
    company: str
    method: str
    domain: str
    wrong: str


def page(ask: Ask, wrong: str = "", status: int = 200) -> Response:
    """One's own claims with the form to make one, and those that one decides."""
    someone(ask)
    if not (may_ever(ask.caller.role, "claim.read") or may_ever(ask.caller.role, "claim.decide")):
        ask.caller.must("claim.read")
    mine = own_claims(ask)
    rows = _others(ask)
    shown = Claims(
        ask=ask,
        told={"mine": mine, "to_decide": [r for r in rows if r["state"] == "open"],
              "decided": [r for r in rows if r["state"] != "open"]},
        status=status,
        kept=False,
        mine=tuple(mine),
        open=tuple(reversed([row for row in rows if row["state"] == "open"])),
        decided=tuple(row for row in rows if row["state"] != "open"),
        may_claim=ask.caller.role == "company",
        may_decide=may_ever(ask.caller.role, "claim.decide"),
        company=ask.text("company", 40),
        method=ask.text("method", 20),
        domain=ask.text("domain", 253),
        wrong=wrong,
    )  # fmt: skip
    return answer(shown, "claims.html")


def own_claims(ask: Ask) -> list[Row]:
    """The claims of who is signed in, newest first, with the tokens of those that wait."""
    account = someone(ask)
    with ask.service.store.read() as db:
        return [api.told(row, True) for row in claims.listed(db, account.id, 2**62, LISTED)]


def begin(ask: Ask) -> Response:
    """Claim a company's page."""
    account = someone(ask)
    ask.caller.must("claim.open")
    code, method, domain = ask.text("company", 40), ask.text("method", 20), ask.text("domain", 253)
    if not re.match(COMPANY, code):
        return page(ask, ask.say("w.k.bad_code"), 422)
    if method not in claims.METHODS:
        return page(ask, ask.say("w.k.bad_method"), 422)
    try:
        body_of(ask.service, code)
        claims.begin(ask.service, account, key_of(code), method, domain or None)
    except Problem as problem:
        return page(ask, failing.sentence(ask, problem), 409)
    except EvidenceError as error:
        return page(ask, why(ask, error), 409)
    return _back(ask)


def check(ask: Ask) -> Response:
    """Look for the token at the domain of a claim of one's own."""
    someone(ask)
    ask.caller.must("claim.check", own=True)
    row = api.find(ask.service, _number(ask), ask.caller)
    try:
        claims.check(ask.service, row)
    except EvidenceError as error:
        return page(ask, why(ask, error), 409)
    ask.request.app.state.callers.forget()
    return _back(ask)


def why(ask: Ask, error: EvidenceError) -> str:
    """What cannot be done with a claim, in the language of the page."""
    if isinstance(error, claims.NoClaim):
        return ask.say(f"w.k.e.{error.code}", **error.blanks)
    return ask.said(error)


def decide(ask: Ask) -> Response:
    """Grant or refuse a claim, with a note."""
    someone(ask)
    ask.caller.must("claim.decide", own=True)
    verdict = ask.text("do", 10)
    if verdict not in ("grant", "refuse"):
        raise Problem(422, "decision", f"{verdict!r} is neither grant nor refuse.")
    decision = api.Decided(grant=verdict == "grant", note=ask.text("note", 500))
    try:
        api.decide(ask.service, _number(ask), decision, ask.caller)
    except Problem as problem:
        if problem.status != 409:
            raise
        return page(ask, ask.say("w.k.e.decided"), 409)
    ask.request.app.state.callers.forget()
    return _back(ask)


def _others(ask: Ask) -> list[Row]:
    """Claims of others that the reader sees: all for who sees all, and for a contributor those that it may
    decide."""
    account, whole = someone(ask), ask.caller.may("claim.read")
    contributor = account.contributor
    if not whole and not (contributor and may_ever(ask.caller.role, "claim.decide")):
        return []
    with ask.service.store.read() as db:
        rows = claims.listed(db, None, 2**62, LISTED)
        if not whole:
            waits = [r for r in rows if (r["state"], r["method"]) == ("open", "contributor")]
            rows = [r for r in waits if claims.may_decide(ask.service, r, contributor or "")]
        names = {one.id: one for one in accounts.listed(db)}
    found = []
    for row in rows:
        who = names.get(row["account"])
        by = {"login": who.login if who else "–", "name": who.name if who else "–"}
        found.append(api.told(row, False) | by)
    return found


def _number(ask: Ask) -> int:
    number = ask.part("number")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        raise Problem(404, "no-such-claim", "There is no such claim.")
    return int(number)


def _back(ask: Ask) -> Response:
    return RedirectResponse(ask.url("/claims"), 303, {"Cache-Control": "no-store"})
