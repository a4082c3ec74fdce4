"""My page: the account, its company as others see it, how its grade came about and what the next one needs, who
looked, keys and notices.

A key is shown once, on the answer to the form that made it, and never again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from tallystick.adapters.store import accounts, notices
from tallystick.adapters.store.accounts import Account
from tallystick.doors.api.problems import Problem
from tallystick.doors.web import claiming, disputing, watching
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.company import shown_of
from tallystick.doors.web.moves import (
    CHANGES,
    Change,
    NextGrade,
    cause,
    changes_of,
    graded,
    moves_picture,
    next_grade,
)
from tallystick.doors.web.reading import report_of
from tallystick.doors.web.rendering import Page, answer
from tallystick.report import blocks as b
from tallystick.report.figures import iso_moment
from tallystick.report.picture import Picture
from tallystick.service import looking, seen, views, watches
from tallystick.service.access import RIGHTS, may_ever
from tallystick.service.access_page import WORDS
from tallystick.units import DAY_US, code_of

VIEWS: Final = 50
NOTICES: Final = 20
KEY_DAYS: Final = 365
"""For how long a key opens, as in the API where nobody says otherwise."""
LOOKED_AT: Final = 500
"""Moves among which the changes of the grade are looked for."""
GRADES_SHOWN: Final = 12
_DISPUTE: Final = ("/disputes/{dispute}", frozenset({"dispute", "company", "due_on"}))
_NOTICES: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "objection": _DISPUTE,
    "opened": _DISPUTE,
    "contested": _DISPUTE,
    "to_decide": _DISPUTE,
    "reply": _DISPUTE,
    "for_company": _DISPUTE,
    "against_company": _DISPUTE,
    "withdrawn": _DISPUTE,
    "corrected": ("/c/{company}", frozenset({"company", "entry", "first_us"})),
    "claimed": ("/claims", frozenset({"claim", "company", "by"})),
    "claim": ("/claims", frozenset({"claim", "company", "state"})),
}
"""Kind of notice -> the page to go on, and what must be in it for its words `w.n.KIND`."""


WATCHED: Final = (watches.CHANGED, watches.MERGED, watches.SPLIT)
"""Kinds of notice about companies that one watches."""


@dataclass(frozen=True, slots=True)
class Own:
    """The company that an account speaks for. `path`: how its grade changed, newest first; `moves`: how its
    rating did, drawn; `up`: what the next grade needs."""

    code: str
    name: str
    grade: str
    sentence: str
    disputed: int
    path: tuple[Change, ...]
    moves: Picture | None
    up: NextGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine(Page):
    """The page. `made`: a key that was just made; `scopes`: what a key of this account can be made for, with
    words; `earlier`: where older looks are, "" for nowhere; `whole`: its own are among them; `shown`: who was
    shown what is public, by role; `disputes`, `claims`: its own; `sees_…`: there is a page of them."""

    account: Account
    own: Own | None
    views: tuple[dict[str, Any], ...]
    earlier: str
    whole: bool
    shown: tuple[dict[str, Any], ...]
    keys: tuple[dict[str, Any], ...]
    notices: tuple[dict[str, Any], ...]
    scopes: tuple[tuple[str, str], ...]
    made: str | None
    watches: tuple[dict[str, Any], ...]
    disputes: tuple[dict[str, Any], ...]
    claims: tuple[dict[str, Any], ...]
    sees_disputes: bool
    sees_claims: bool
    sees_review: bool
    may_watch: bool


def mine(ask: Ask, made: str | None = None) -> Response:
    """The page of whoever is signed in."""
    account = someone(ask)
    own = _own(ask, account)
    with ask.service.store.read() as db:
        looks, earlier = _looks(ask, db, account.company)
        shown = seen.by_role(db, account.company) if account.company else []
        keys = accounts.keys_of(db, account.id)
        watched = watching.listed(db, account.id)
        told_of = [_notice(ask, row) for row in notices.of_account(db, account.id, 2**62, NOTICES)]
    shown = [row | {"last": iso_moment(row.pop("last_us"))} for row in shown]
    keys = [
        {**key, "created": iso_moment(key.pop("created_us")), "ended": bool(key.pop("revoked_us"))}
        for key in keys
    ]
    disputes = disputing.of_company(ask, account.company) if account.company else []
    claims = claiming.own_claims(ask)
    told = {"account": {"login": account.login, "name": account.name, "role": account.role},
            "company": own.code if own else None, "rating": _rating_told(own), "views": looks,
            "shown": shown, "keys": keys, "notices": told_of, "watches": watched,
            "disputes": disputes, "claims": claims}  # fmt: skip
    page = Mine(
        ask=ask,
        told=told,
        kept=False,
        account=account,
        own=own,
        views=tuple(looks),
        earlier=earlier,
        whole=bool(ask.text("own", 1)),
        shown=tuple(shown),
        keys=tuple(keys),
        notices=tuple(told_of),
        scopes=tuple((scope, _for_what(scope, ask.lang)) for scope in scopes_of(account.role)),
        made=made,
        watches=tuple(watched),
        disputes=tuple(disputes),
        claims=tuple(claims),
        sees_disputes=may_ever(account.role, "dispute.read"),
        may_watch=may_ever(account.role, "watch.use"),
        sees_review=ask.caller.may("identity.read"),
        sees_claims=any(may_ever(account.role, f"claim.{right}") for right in ("read", "decide")),
    )
    return answer(page, "mine.html")


def _looks(ask: Ask, db: sa.Connection, company: int | None) -> tuple[list[dict[str, Any]], str]:
    """The looks at a company before the one that `looks` names, newest first, those of others unless `own` asks
    for all; where those before them are."""
    if company is None:
        return [], ""
    told = ask.text("looks", 18)
    before = int(told) if told.isascii() and told.isdigit() else 2**62
    own = ask.text("own", 1)
    rows = views.of_company(db, company, before, VIEWS + 1, own=bool(own))
    last = str(rows[VIEWS - 1]["id"]) if len(rows) > VIEWS else ""
    looks = [_look(ask, look) for look in rows[:VIEWS]]
    return looks, ask.url("/me", own=own, looks=last) + "#views" if last else ""


def _look(ask: Ask, look: dict[str, Any]) -> dict[str, Any]:
    """A look as it is shown: what was looked at and for which purpose in words."""
    deal = look["resource"].removeprefix("deal ")
    shown = deal != look["resource"]
    what = (
        ask.say("w.look.deal", code=deal) if shown else ask.say.either("w.look", look["resource"])
    )
    why = ask.say("w.c.own") if look["purpose"] == "own data" else look["purpose"]
    told = {"what": what, "why": why, "deal": deal if shown else ""}
    return look | told | {"at": iso_moment(look.pop("at_us"))}


def scopes_of(role: str) -> tuple[str, ...]:
    """What a key of a role can be made for: the groups of rights that the role has at all."""
    groups = dict.fromkeys(right.split(".")[0] for right in RIGHTS if may_ever(role, right))
    return tuple(groups)


def _for_what(scope: str, lang: str) -> str:
    """What a family of rights is for: the words of its rights."""
    words = [told for right, told in WORDS.items() if right.split(".")[0] == scope]
    return ("；" if lang == "zh" else "; ").join(told[1 if lang == "zh" else 0] for told in words)


def new_key(ask: Ask) -> Response:
    """Make a key and show it, this once."""
    account = someone(ask)
    ask.caller.must("key.use", own=True)
    known = scopes_of(account.role)
    wanted = [scope for scope in ask.text("scopes", 500).split(",") if scope in known] or ["*"]
    with ask.service.store.write() as db:
        label = ask.text("label", 80) or "key"
        now = ask.service.clock()
        until = now + KEY_DAYS * DAY_US
        made = accounts.new_key(db, account.id, now, label, wanted, until)
    return mine(ask, made)


def revoke_key(ask: Ask) -> Response:
    """End a key of one's own."""
    account = someone(ask)
    with ask.service.store.write() as db:
        accounts.revoke_key(db, account.id, ask.text("prefix", 40), ask.service.clock())
    ask.request.app.state.callers.forget()
    return RedirectResponse(ask.url("/me") + "#keys", 303, {"Cache-Control": "no-store"})


def _own(ask: Ask, account: Account) -> Own | None:
    if account.company is None:
        return None
    code = code_of(account.company, "C")
    try:
        etag, body = shown_of(ask, account.company, code)
    except Problem:
        return None
    told = json.loads(looking.report(ask.service, account.company, ask.lang, etag, whole=True))
    report = report_of(told)
    head = report.block(b.Headline)
    moves = looking.history(ask.service, account.company, LOOKED_AT)
    return Own(
        code=code,
        name=head.name,
        grade=head.grade,
        sentence=head.sentence,
        disputed=body["disputed"],
        path=tuple(graded(changes_of(moves, ask))[:GRADES_SHOWN]),
        moves=moves_picture(moves[:CHANGES], body["as_of"], report, ask),
        up=next_grade(report, ask),
    )


def _rating_told(own: Own | None) -> dict[str, Any] | None:
    """The grade, how it changed and what the next one needs, for programs."""
    if own is None:
        return None
    return {"grade": own.grade, "path": [asdict(one) for one in own.path], "next": asdict(own.up)}


def _notice(ask: Ask, row: dict[str, Any]) -> dict[str, Any]:
    """A notice in words, with the page on which to go on ("" where there is none)."""
    at, read = iso_moment(row["created_us"]), bool(row["read_us"])
    shown = {"kind": row["kind"], "text": row["body"], "link": "", "at": at, "read": read}
    try:
        told = json.loads(row["body"])
    except ValueError:
        return shown
    if not isinstance(told, dict):
        return shown | {"text": str(told)}
    plain = told.get("text") or ", ".join(f"{key}: {value}" for key, value in told.items())
    if row["kind"] in WATCHED and isinstance(told.get("company"), dict):
        return shown | _watched(ask, row["kind"], told)
    words = _NOTICES.get(row["kind"])
    if words is None or not words[1] <= told.keys():
        return shown | {"text": str(plain)}
    told |= {"state_words": ask.say.either("w.k.state", str(told.get("state")))}
    link = ask.url(words[0].format(**told))
    return shown | {"text": ask.say(f"w.n.{row['kind']}", **told), "link": link}


def _watched(ask: Ask, kind: str, told: dict[str, Any]) -> dict[str, Any]:
    """What happened to a company that one watches, in words, with its page."""
    was, now = ((told.get(when) or {}).get("grade") or "–" for when in ("before", "after"))
    name = told["company"]["name"] or told["company"]["code"]
    text = ask.say(f"w.n.{kind}", name=name, was=was, now=now, why=cause(told["cause"], ask))
    into = told["cause"].get("into") if isinstance(told["cause"], dict) else None
    return {"text": text, "link": ask.url(f"/c/{into or told['company']['code']}")}
