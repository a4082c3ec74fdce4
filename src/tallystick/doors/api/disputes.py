"""Disputes: a company objects to an entry, its contributor answers, the operator decides, time decides
otherwise."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from tallystick.doors.api import shapes_redress as shapes
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.companies import COMPANY, DIGITS, Cursor, Lang, Limit, company_key
from tallystick.doors.api.problems import Problem, documented
from tallystick.evidence.ledger import EvidenceError
from tallystick.exchange import REASONS
from tallystick.service import Service, redress
from tallystick.units import code_of, key_of

router = APIRouter(prefix="/v1/disputes", tags=["disputes"])

Number = Annotated[int, Path(ge=1, le=2**53, examples=[17])]
ENTRY: Final = f"^D-{DIGITS}/[a-z_]{{3,20}}/(0|I-{DIGITS})$"
"""A promise as reports name it."""
Text = Annotated[str, Field(max_length=4000)]


class Opened(BaseModel):
    """An objection to an entry. `documents`: those at fault; without any, all behind the entry."""

    company: Annotated[str, Field(pattern=COMPANY)] | None = Field(
        None, description="Whose entry it is; an operator says it, a company needs not."
    )
    entry: str = Field(pattern=ENTRY, examples=["D-0123456789ABC/pay/0"])
    reason: str = Field(pattern=f"^({'|'.join(REASONS)})$", examples=["wrong_amount"])
    text: Text = ""
    documents: list[Annotated[str, Field(pattern="^[0-9a-f]{32}$")]] = Field([], max_length=200)


class Moved(BaseModel):
    """Something that the caller does in a dispute."""

    event: Literal["accept", "contest", "decide_for", "decide_against", "withdraw", "reply"]
    text: Text = ""


@router.post(
    "", status_code=201, responses=documented(403, 404, 409, 422), response_model=shapes.Disputes
)
def begin(
    service: Live,
    asked: Opened,
    caller: Annotated[Caller, needs("dispute.open")],
    lang: Lang = "en",
) -> dict[str, Any]:
    """Dispute an entry. It is marked at once; whoever handed it in has twenty days to answer, and silence
    decides for the company. Documents of several contributors make a dispute each."""
    assert caller.account is not None
    company = key_of(asked.company) if asked.company else caller.account.company
    if company is None:
        fix = "Claim your company's page first: POST /v1/claims."
        raise Problem(403, "no-company", "This account speaks for no company.", fix)
    caller.must("dispute.open", caller.owns_company(company))
    try:
        made = redress.open_all(
            service, caller.account, company, asked.entry, asked.reason, asked.text, asked.documents
        )
    except EvidenceError as error:
        fix = "The report names each entry: GET /v1/companies/{code}/promises."
        raise Problem(404, "no-such-entry", str(error), fix) from None
    return {"items": [redress.told(service, number, lang) for number in made], "next": None}


@router.get("", responses=documented(403), response_model=shapes.Disputes)
def listed(
    service: Live,
    caller: Annotated[Caller, needs("dispute.read")],
    still_open: Annotated[bool, Query(alias="open", description="Only those not closed.")] = False,
    lang: Lang = "en",
    after: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Disputes that concern the caller: of its company, to be answered by it, or all for who sees all."""
    company = contributor = None
    if not caller.may("dispute.read"):
        assert caller.account is not None
        company, contributor = caller.account.company, caller.account.contributor
        if company is None and contributor is None:
            return {"items": [], "next": None}
        company = None if caller.role == "contributor" else company
    rows = redress.listed(
        service, company, contributor if company is None else None, still_open, lang,
        int(after or 2**62), limit,
    )  # fmt: skip
    more = str(rows[-1]["id"]) if len(rows) == limit else None
    return {"items": rows, "next": more}


@router.get("/{number}", responses=documented(403, 404), response_model=shapes.Dispute)
def one(
    service: Live,
    number: Number,
    caller: Annotated[Caller, needs("dispute.read")],
    lang: Lang = "en",
) -> dict[str, Any]:
    """A dispute with its course."""
    return find(service, number, caller, lang)


@router.post(
    "/{number}/events", responses=documented(403, 404, 409, 422), response_model=shapes.Dispute
)
def happen(
    service: Live,
    number: Number,
    moved: Moved,
    caller: Annotated[Caller, needs("dispute.act")],
    lang: Lang = "en",
) -> dict[str, Any]:
    """Accept, contest, decide, withdraw or reply, as the role of the caller in it allows."""
    row = find(service, number, caller, lang)
    role = role_in(row, caller)
    assert caller.account is not None
    redress.move(service, number, moved.event, role, caller.account.name, moved.text)
    return redress.told(service, number, lang)


def find(service: Service, number: int, caller: Caller, lang: str) -> dict[str, Any]:
    """A dispute that the caller may see; others' are not told from what is not there."""
    missing = Problem(404, "no-such-dispute", f"There is no dispute {number}.", "GET /v1/disputes.")
    try:
        row = redress.told(service, number, lang)
    except EvidenceError:
        raise missing from None
    own = caller.owns_company(company_key(row["company"])) or caller.owns_contributor(
        row["contributor"]
    )
    if not caller.may("dispute.read", own):
        raise missing
    return row


def role_in(row: dict[str, Any], caller: Caller) -> str:
    """What the caller is in a dispute. Raises `Problem` for who only looks."""
    if caller.may("dispute.decide"):
        return "operator"
    if caller.owns_contributor(row["contributor"]) and caller.may("dispute.answer", own=True):
        return "contributor"
    account = caller.account
    if account and account.company and code_of(account.company, "C") == row["company"]:
        caller.must("dispute.open", own=True)
        return "company"
    detail = "You may look at this dispute, not act in it."
    raise Problem(403, "role", detail, blanks={"right": "dispute.act"})
