"""Deals: those of a company, and one as a timeline."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs, purpose_of
from tallystick.doors.api.companies import (
    DIGITS,
    Code,
    Cursor,
    Lang,
    Limit,
    look,
    offset,
)
from tallystick.doors.api.problems import Problem, documented
from tallystick.report import render_timeline_json
from tallystick.service import deals

router = APIRouter(tags=["deals"])

DealCode = Annotated[str, Path(pattern=f"^D-{DIGITS}$", examples=["D-0123456789ABC"])]


@router.get(
    "/v1/companies/{code}/deals",
    responses=documented(308, 404, 428),
    response_model=shapes.Deals,
)
def of_company(
    request: Request,
    service: Live,
    code: Code,
    caller: Annotated[Caller, needs("evidence.read")],
    after: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """The deals in which a company promised something or was promised, newest first."""
    company = look(request, service, caller, code, "deals")
    return deals.of_company(service, company, offset(after), limit)


@router.get("/v1/deals/{deal}", responses=documented(404, 428), response_model=shapes.Deal)
def one(
    request: Request,
    service: Live,
    deal: DealCode,
    caller: Annotated[Caller, needs("evidence.read")],
    lang: Lang = "en",
) -> dict[str, Any]:
    """One deal as a timeline: documents with who said it, promises, disagreements, running sums. Buyer and
    seller see it whole, others what names them or what they handed in."""
    everything = caller.may("evidence.read")
    purpose = purpose_of(request, caller, not everything)
    assert caller.account is not None  # nobody without an account has the right
    found = deals.look(service, deal, lang, caller.account, everything, purpose)
    if found is None:
        raise Problem(
            404,
            "no-such-deal",
            f"There is no deal {deal}, or none of yours.",
            "List yours with GET /v1/companies/CODE/deals.",
        )
    return render_timeline_json(found[0]) | {"seen": found[1]}
