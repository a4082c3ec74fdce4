"""Accounts and keys: who one is, keys for programs, notices; and everybody's accounts for operators."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from tallystick.adapters.store import accounts, notices
from tallystick.adapters.store.accounts import Account
from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.companies import (
    COMPANY,
    NEWEST,
    Cursor,
    Limit,
    body_of,
    company_key,
    offset,
)
from tallystick.doors.api.problems import Problem, documented
from tallystick.doors.api.times import moment_text
from tallystick.evidence.kinds import CONTRIBUTOR_KINDS
from tallystick.service.access import RIGHTS, ROLES, SCOPES, scopes_beyond
from tallystick.units import DAY_US, code_of

router = APIRouter(prefix="/v1", tags=["accounts"])

PLAIN: Final = r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$"
"""Text of one line with something on it."""
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]
Number = Annotated[int, Path(ge=1, lt=2**62)]


class NewKey(BaseModel):
    """A key to be made. `scopes`: rights, families of rights (`batch`), or `*`."""

    label: Line = Field(examples=["nightly upload"])
    scopes: list[Annotated[str, Field(pattern=f"^({'|'.join(map(re.escape, SCOPES))})$")]] = Field(
        min_length=1, max_length=len(RIGHTS), examples=[["batch.write", "rating"]]
    )
    expires_days: Annotated[int, Field(ge=1, le=3660)] | None = 365


class NewAccount(BaseModel):
    """An account to be made; without a password it can sign in by OIDC only, where its login is the verified
    e-mail."""

    login: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f]+$")]
    name: Line
    role: Annotated[str, Field(pattern=f"^({'|'.join(ROLES[1:])})$")]
    password: Annotated[str, Field(min_length=accounts.LEAST_PASSWORD, max_length=200)] | None = (
        None
    )
    company: Annotated[str, Field(pattern=COMPANY)] | None = None
    contributor: Line | None = None
    contributor_kind: Annotated[str, Field(pattern=f"^({'|'.join(CONTRIBUTOR_KINDS)})$")] = "firm"
    language: Annotated[str, Field(pattern="^(en|zh)$")] = "en"


@router.get("/me", response_model=shapes.Me)
def me(request: Request, caller: Annotated[Caller, needs("key.use")]) -> dict[str, Any]:
    """Who is asking, what it may, and what it used today."""
    account, left = _mine(caller), request.state.left
    may = {right: reach[account.role] for right, reach in RIGHTS.items() if account.role in reach}
    return _told(account) | {
        "rights": {right: reach for right, reach in may.items() if caller.may(right, own=True)},
        "scopes": None if caller.scopes is None else sorted(caller.scopes),
        "today": {
            "requests": left.used,
            "documents": left.documents,
            "quota": left.limit,
            "reset_s": left.reset_s,
        },
    }


@router.get("/keys", response_model=list[shapes.KeyTold])
def keys(service: Live, caller: Annotated[Caller, needs("key.use")]) -> list[dict[str, Any]]:
    """One's keys, newest first; what opens is not among it."""
    with service.store.read() as db:
        return [_key(row) for row in accounts.keys_of(db, _mine(caller).id)]


@router.post("/keys", status_code=201, response_model=shapes.KeyMade)
def new_key(
    service: Live, new: NewKey, caller: Annotated[Caller, needs("key.use")]
) -> dict[str, Any]:
    """A new key. It is shown this once. A key cannot make one that may more than itself."""
    beyond = scopes_beyond(new.scopes, caller.scopes)
    if beyond:
        detail = f"This key has no scope {beyond[0]!r} to hand on."
        raise Problem(403, "scope", detail, "Make it with a key that has it, or signed in.")
    now = service.clock()
    until = now + new.expires_days * DAY_US if new.expires_days else None
    with service.store.write() as db:
        mine = _mine(caller).id
        text = accounts.new_key(db, mine, now, new.label, sorted(set(new.scopes)), until)
        prefix = text.split("_")[1]
        row = next(row for row in accounts.keys_of(db, mine) if row["prefix"] == prefix)
    return _key(row) | {"key": text}


@router.delete("/keys/{prefix}", status_code=204, responses=documented(404))
def revoke(
    request: Request,
    service: Live,
    prefix: Annotated[str, Path(pattern="^[0-9a-f]{10}$")],
    caller: Annotated[Caller, needs("key.use")],
) -> Response:
    """End one of one's keys; within seconds it opens nothing anywhere."""
    with service.store.write() as db:
        done = accounts.revoke_key(db, _mine(caller).id, prefix, service.clock())
    if not done:
        raise Problem(404, "no-such-key", f"You have no key {prefix}.", "List yours: GET /v1/keys.")
    request.app.state.callers.forget()
    return Response(None, 204)


@router.get("/accounts", response_model=list[shapes.AccountTold])
def everybody(service: Live, _: Annotated[Caller, needs("account.write")]) -> list[dict[str, Any]]:
    """All accounts that may sign in, by login."""
    with service.store.read() as db:
        return [_told(account) for account in accounts.listed(db)]


@router.post(
    "/accounts",
    status_code=201,
    responses=documented(308, 404, 409),
    response_model=shapes.AccountTold,
)
def new_account(
    service: Live, new: NewAccount, _: Annotated[Caller, needs("account.write")]
) -> dict[str, Any]:
    """A new account. `company`: the code of the company that it speaks for; `contributor`: the name under which
    it hands evidence in."""
    more: dict[str, Any] = {"language": new.language}
    if new.company:
        body_of(service, new.company)
        more["company"] = company_key(new.company)
    if new.contributor:
        more |= {"contributor": new.contributor, "contributor_kind": new.contributor_kind}
    with service.store.write() as db:
        made = accounts.create(
            db, service.clock(), new.login, new.name, new.role, new.password, **more
        )
    return _told(made)


@router.delete("/accounts/{account}", status_code=204, responses=documented(404, 409))
def disable(
    request: Request,
    service: Live,
    account: Number,
    caller: Annotated[Caller, needs("account.write")],
) -> Response:
    """Shut an account, its keys and its sessions; what it did stays under its name."""
    if account == _mine(caller).id:
        raise Problem(409, "own-account", "This is your own account.", "Ask another operator.")
    with service.store.write() as db:
        if accounts.by_id(db, account) is None:
            raise Problem(404, "no-such-account", f"There is no account {account}.")
        accounts.disable(db, account, service.clock())
    request.app.state.callers.forget()
    return Response(None, 204)


@router.get("/notices", response_model=shapes.Notices)
def notices_of(
    service: Live,
    caller: Annotated[Caller, needs("notice.read")],
    after: Cursor = "",
    limit: Limit = 50,
    unread: Annotated[bool, Query(description="Only what was not read yet.")] = False,
) -> dict[str, Any]:
    """What one should know, newest first: ratings that moved, answers to disputes, corrections."""
    with service.store.read() as db:
        rows = notices.of_account(db, _mine(caller).id, offset(after) or NEWEST, limit, unread)
    return {
        "items": [_notice(row) for row in rows],
        "next": str(rows[-1]["id"]) if len(rows) == limit else None,
    }


@router.post("/notices/{notice}/read", status_code=204, responses=documented(404))
def read_notice(
    service: Live, notice: Number, caller: Annotated[Caller, needs("notice.read")]
) -> Response:
    """A notice was read."""
    with service.store.write() as db:
        done = notices.mark_read(db, _mine(caller).id, notice, service.clock())
    if not done:
        raise Problem(404, "no-such-notice", f"You have no notice {notice}.", "GET /v1/notices.")
    return Response(None, 204)


def _mine(caller: Caller) -> Account:
    assert caller.account is not None  # the rights asked for here belong to no role without one
    return caller.account


def _told(account: Account) -> dict[str, Any]:
    names = ("id", "login", "name", "role", "contributor", "contributor_kind", "language")
    company = code_of(account.company, "C") if account.company else None
    return {name: getattr(account, name) for name in names} | {"company": company}


def _key(row: dict[str, Any]) -> dict[str, Any]:
    told = {"prefix": row["prefix"], "label": row["label"], "scopes": row["scopes"].split()}
    moments = ("created", "expires", "revoked")
    return told | {f"{name}_at": moment_text(row[f"{name}_us"]) for name in moments}


def _notice(row: dict[str, Any]) -> dict[str, Any]:
    told = {"id": row["id"], "kind": row["kind"], "body": json.loads(row["body"])}
    return told | {"at": moment_text(row["created_us"]), "read_at": moment_text(row["read_us"])}
