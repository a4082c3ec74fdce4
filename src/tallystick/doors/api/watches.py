"""Watches: being told when a rating moves, by notices and by signed webhooks."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

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
from tallystick.service import Service, watches
from tallystick.service.reaching import LONGEST, Refused, Unreached
from tallystick.service.signing import OVERLAP_US
from tallystick.units import code_of

router = APIRouter(prefix="/v1/watches", tags=["watches"])

Watch = Annotated[int, Path(ge=1, lt=2**62)]
User = Annotated[Caller, needs("watch.use")]


class NewWatch(BaseModel):
    """A company to watch. With `url` a signed message is sent there, besides the notice."""

    company: Annotated[str, Field(pattern=COMPANY)]
    url: Annotated[str, Field(max_length=LONGEST)] | None = Field(
        default=None, examples=["https://hooks.example.org/ratings"]
    )


@router.post(
    "", status_code=201, responses=documented(308, 404, 409), response_model=shapes.WatchMade
)
def begin(service: Live, new: NewWatch, caller: User) -> dict[str, Any]:
    """Watch a company. Its moves come as notices and, with `url`, as messages signed with the secret that is
    shown here once. The address must be https, its name public, and all that it resolves to."""
    body_of(service, new.company)
    try:
        row = watches.begin(service, _mine(caller).id, company_key(new.company), new.url)
    except (Refused, Unreached) as error:
        fix = "Name an https address that anybody can reach."
        raise Problem(409, "url", f"Nothing is sent to this URL: {error}.", fix) from None
    return _told(row) | {"secret": row["secret"]}


@router.get("", response_model=shapes.Watches)
def listed(service: Live, caller: User, after: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """One's watches, newest first."""
    with service.store.read() as db:
        rows = watches.of_account(db, _mine(caller).id, offset(after) or NEWEST, limit)
    more = str(rows[-1]["id"]) if len(rows) == limit else None
    return {"items": [_told(row) for row in rows], "next": more}


@router.get("/{watch}", responses=documented(404), response_model=shapes.WatchTold)
def one(service: Live, watch: Watch, caller: User) -> dict[str, Any]:
    """One of one's watches."""
    return _told(_find(service, watch, caller))


@router.delete("/{watch}", status_code=204, responses=documented(404))
def end(service: Live, watch: Watch, caller: User) -> Response:
    """End a watch; what still waits to be sent is not."""
    _find(service, watch, caller)
    with service.store.write() as db:
        watches.end(db, watch, service.clock())
    return Response(None, 204)


@router.post(
    "/{watch}/test", status_code=202, responses=documented(404, 409), response_model=shapes.Message
)
def try_out(service: Live, watch: Watch, caller: User) -> dict[str, Any]:
    """Send a message that says nothing but that it is a test; see `deliveries` for what became of it."""
    return {"id": watches.try_out(service, _with_url(service, watch, caller))}


@router.post("/{watch}/secret", responses=documented(404, 409), response_model=shapes.Secret)
def rotate(service: Live, watch: Watch, caller: User) -> dict[str, Any]:
    """Replace the secret. For a day messages carry both signatures, so that nothing is lost while the receiver
    changes over."""
    row, now = _with_url(service, watch, caller), service.clock()
    with service.store.write() as db:
        secret = watches.rotate(db, row, now)
    return {"secret": secret, "before_until": moment_text(now + OVERLAP_US)}


@router.get(
    "/{watch}/deliveries", responses=documented(404), response_model=list[shapes.DeliveryTold]
)
def deliveries(
    service: Live, watch: Watch, caller: User, limit: Limit = 50
) -> list[dict[str, Any]]:
    """The newest messages of a watch and what became of them."""
    _find(service, watch, caller)
    with service.store.read() as db:
        return [_delivery(row) for row in watches.deliveries(db, watch, limit)]


def _mine(caller: Caller) -> Account:
    assert caller.account is not None  # nobody without an account has the right
    return caller.account


def _find(service: Service, watch: int, caller: Caller) -> dict[str, Any]:
    with service.store.read() as db:
        row = watches.one(db, _mine(caller).id, watch)
    if row is None:
        fix = "List yours with GET /v1/watches."
        raise Problem(404, "no-such-watch", f"You have no watch {watch}.", fix)
    return row


def _with_url(service: Service, watch: int, caller: Caller) -> dict[str, Any]:
    row = _find(service, watch, caller)
    if row["url"] is None:
        fix = "Make another one with a URL; notices need none."
        raise Problem(409, "no-url", "This watch has no URL.", fix)
    return row


def _told(row: dict[str, Any]) -> dict[str, Any]:
    told = {"id": row["id"], "company": code_of(row["company"], "C"), "url": row["url"]}
    return told | {"created_at": moment_text(row["created_us"])}


def _delivery(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("id", "state", "attempts", "last")}
    told |= {f"{name}_at": moment_text(row[f"{name}_us"]) for name in ("created", "finished")}
    return told | {"body": json.loads(row["body"])}
