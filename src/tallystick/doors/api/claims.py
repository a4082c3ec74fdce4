"""Claims: a company proves that an account speaks for it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from tallystick.doors.api import shapes_redress as shapes
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.companies import COMPANY, Cursor, Limit, body_of
from tallystick.doors.api.problems import Problem, documented
from tallystick.doors.api.times import moment_text
from tallystick.evidence.ledger import EvidenceError
from tallystick.service import Service, claims
from tallystick.units import code_of, key_of

router = APIRouter(prefix="/v1/claims", tags=["claims"])

Number = Annotated[int, Path(ge=1, le=2**53, examples=[17])]


class Claimed(BaseModel):
    """A claim of a company's page. `domain`: one that a register lists for it, for the method `domain`."""

    company: str = Field(pattern=COMPANY)
    method: Literal["domain", "contributor", "operator"] = "operator"
    domain: str | None = Field(None, max_length=253, examples=["example.com"])


class Decided(BaseModel):
    """Whether a claim is granted, and why."""

    grant: bool
    note: str = Field("", max_length=500)


@router.post("", status_code=201, responses=documented(403, 404, 409), response_model=shapes.Claim)
def begin(
    service: Live, asked: Claimed, caller: Annotated[Caller, needs("claim.open")]
) -> dict[str, Any]:
    """Claim a company's page. By `domain`: put the `token` of the answer at `look_at` and call `check`."""
    assert caller.account is not None
    body_of(service, asked.company)
    company = key_of(asked.company)
    return told(
        refusing(claims.begin, service, caller.account, company, asked.method, asked.domain), True
    )


@router.get("", responses=documented(403), response_model=shapes.Claims)
def listed(
    service: Live,
    caller: Annotated[Caller, needs("claim.read")],
    after: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """One's own claims, or all for who may see them."""
    whose = None if caller.may("claim.read") else _id(caller)
    with service.store.read() as db:
        rows = claims.listed(db, whose, int(after or 2**62), limit)
    more = str(rows[-1]["id"]) if len(rows) == limit else None
    return {"items": [told(row, row["account"] == _id(caller)) for row in rows], "next": more}


@router.get("/{number}", responses=documented(403, 404), response_model=shapes.Claim)
def one(
    service: Live, number: Number, caller: Annotated[Caller, needs("claim.read")]
) -> dict[str, Any]:
    """A claim."""
    row = find(service, number, caller)
    return told(row, row["account"] == _id(caller))


@router.post("/{number}/check", responses=documented(403, 404, 409), response_model=shapes.Claim)
def check(
    service: Live, number: Number, caller: Annotated[Caller, needs("claim.check")]
) -> dict[str, Any]:
    """Look for the token at the domain; the claim is granted where it is there."""
    return told(refusing(claims.check, service, find(service, number, caller)), True)


@router.post("/{number}/decision", responses=documented(403, 404, 409), response_model=shapes.Claim)
def decide(
    service: Live,
    number: Number,
    asked: Decided,
    caller: Annotated[Caller, needs("claim.decide")],
) -> dict[str, Any]:
    """Grant or refuse: the operator any claim, a contributor one on a company that its evidence describes."""
    assert caller.account is not None
    with service.store.read() as db:
        row = claims.get(db, number)
    mine = caller.account.contributor
    own = row is not None and mine is not None and row["method"] == "contributor"
    if row is None or not (
        caller.may("claim.decide") or (own and claims.may_decide(service, row, mine or ""))
    ):
        raise _missing(number)
    return told(
        refusing(claims.decide, service, number, asked.grant, asked.note, caller.account.name),
        False,
    )


def find(service: Service, number: int, caller: Caller) -> dict[str, Any]:
    """A claim that the caller may see."""
    with service.store.read() as db:
        row = claims.get(db, number)
    if row is None or not caller.may("claim.read", row["account"] == _id(caller)):
        raise _missing(number)
    return row


def told(row: dict[str, Any], own: bool) -> dict[str, Any]:
    """A claim as JSON; its token for who made it only."""
    shown = {name: row[name] for name in ("id", "method", "domain", "state", "note")}
    shown |= {"company": code_of(row["company"], "C"), "decided_by": row["decided_by"]}
    shown |= {
        "created_at": moment_text(row["created_us"]),
        "decided_at": moment_text(row["decided_us"]),
    }
    secret = own and row["method"] == "domain" and row["state"] == "open"
    shown["token"] = row["token"] if secret else None
    shown["look_at"] = f"https://{row['domain']}{claims.PATH}" if row["domain"] else None
    return shown


def refusing(do: Any, *args: Any) -> dict[str, Any]:
    """What a step of a claim made; what it refuses as a `Problem`."""
    try:
        found: dict[str, Any] = do(*args)
    except EvidenceError as error:
        fix = "See docs/how-to/claim.md for the three ways."
        raise Problem(409, "claim", str(error), fix) from None
    return found


def _missing(number: int) -> Problem:
    return Problem(404, "no-such-claim", f"There is no claim {number}.", "GET /v1/claims.")


def _id(caller: Caller) -> int:
    return caller.account.id if caller.account else 0
