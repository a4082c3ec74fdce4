"""Companies: search, ratings, reports, promises, deals, and the evidence behind any number."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from tallystick.adapters.store import served
from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs, purpose_of
from tallystick.doors.api.problems import KNOWN, Problem, documented
from tallystick.doors.api.times import moment_text
from tallystick.service import Service, looking, views
from tallystick.units import UnitError, key_of

router = APIRouter(prefix="/v1/companies", tags=["companies"])

DIGITS: Final = "[0-7][0-9A-HJKMNP-TV-Z]{12}"
"""What follows the letter of a code: 63 bits in base 32."""
COMPANY: Final = f"^C-{DIGITS}$"
Code = Annotated[
    str,
    Path(pattern=COMPANY, examples=["C-0123456789ABC"], description="Code of a company."),
]
Cursor = Annotated[str, Query(pattern="^[0-9]{0,18}$", description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200)]
Lang = Annotated[str, Query(pattern="^(en|zh)$", description="en or zh")]
_CACHE: Final = "public, max-age=5, stale-while-revalidate=60"


class Asked(BaseModel):
    """Companies to look up: codes, identifiers `scheme:value`, or names."""

    companies: list[Annotated[str, Field(min_length=1, max_length=300)]] = Field(
        min_length=1, max_length=500
    )


def company_key(code: str) -> int:
    """The number of a company's code. Raises `Problem` for what is no code."""
    try:
        return key_of(code)
    except UnitError as error:
        blanks = {"code": code}
        raise Problem(404, "no-such-company", str(error), _SEARCH, blanks=blanks) from None


_SEARCH: Final = "Search for it with GET /v1/companies?q=NAME."


def body_of(service: Service, code: str) -> tuple[str, str]:
    """(etag, body) of what is served of a company; one that was joined to another is told. Raises `Problem`."""
    found = served.body_of(service.store, code)
    if found is None:
        merged = looking.merged_into(service, company_key(code))
        if merged is not None:
            fix = f"Follow /v1/companies/{merged}."
            headers = {"Location": f"/v1/companies/{merged}"}
            blanks = {"code": code, "into": merged}
            raise Problem(308, "merged", f"{code} was joined to {merged}.", fix, headers, blanks)
        found = looking.without_record(service, company_key(code))
    if found is None:
        detail, blanks = f"There is no company {code} in this book.", {"code": code}
        raise Problem(404, "no-such-company", detail, _SEARCH, blanks=blanks)
    return found


@router.get("/{code}", responses=documented(308, 404) | KNOWN, response_model=shapes.Rating)
async def rating(
    request: Request, service: Live, code: Code, caller: Annotated[Caller, needs("rating.read")]
) -> Response:
    """The rating of a company as of now: headline with reasons, then by role and by kind of promise."""
    return rated(service, caller, code, request.headers.get("if-none-match"))


def rated(service: Service, caller: Caller, code: str, known: str | None) -> Response:
    """What is served of a company; nothing but its validator where the caller `known` it already."""
    caller.must("rating.read")
    found = body_of(service, code)
    caller.shown(service, code)
    return fresh(known, *found)


def fresh(known: str | None, etag: str, body: str, cache: str = _CACHE) -> Response:
    """A body with its validator; 304 where the caller has it already."""
    headers = {"ETag": f'"{etag}"', "Cache-Control": cache}
    if matches(known, headers["ETag"]):
        return Response(None, 304, headers)
    return Response(body, 200, headers, "application/json")


def matches(known: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names a validator: alone, in a list, weak, or any by `*`."""
    if not known or known == etag:
        return known == etag
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in known.split(","))


@router.get("", response_model=list[shapes.Found])
def search(
    service: Live,
    caller: Annotated[Caller, needs("rating.read")],
    q: Annotated[str, Query(min_length=1, max_length=300, description="Name, identifier or code.")],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    lang: Lang = "en",
) -> list[dict[str, Any]]:
    """Companies that a text may mean, in any script, best first, with the reasons why."""
    found = looking.search(service, q, limit, lang)
    caller.shown(service, *(one["code"] for one in found))
    return found


@router.post("/lookup", response_model=list[shapes.LookedUp])
def lookup(
    service: Live, asked: Asked, caller: Annotated[Caller, needs("bulk.read")]
) -> list[dict[str, Any]]:
    """The ratings of up to 500 companies at once; what is not found or may mean several says so in its
    place."""
    found = looking.lookup(service, asked.companies)
    ratings = (one["rating"] for one in found if one.get("rating"))
    caller.shown(service, *(rating["company"]["code"] for rating in ratings))
    return found


@router.get("/{code}/rating", responses=documented(308, 404), response_model=shapes.Rating)
def rating_then(
    service: Live,
    code: Code,
    caller: Annotated[Caller, needs("past.read")],
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> dict[str, Any]:
    """The rating as of any day and as known at any moment: any past rating, bit for bit."""
    company = company_key(code)
    if as_of is None and known_at is None:
        found: dict[str, Any] = json.loads(body_of(service, code)[1])
        caller.shown(service, company)
        return found
    if known_at is not None and known_at.tzinfo is None:
        known_at = known_at.replace(tzinfo=UTC)
    if as_of is not None:
        must_be_a_day(as_of, datetime.now(UTC).date())
    if not caller.may("operation.read"):
        body_of(service, code)  # what nobody knows of is not worth deriving a past state for
    told = looking.rating_at(service, company, as_of, known_at)
    if told is None:
        raise Problem(404, "no-such-company", f"{code} was not known then.", _SEARCH)
    caller.shown(service, company)
    return told


def must_be_a_day(day: date, today: date) -> None:
    """Raises the `Problem` of a day as of which nothing is told: before 1990, or to come."""
    if not date(1990, 1, 1) <= day <= today:
        raise Problem(404, "no-such-day", f"{day} is not a day between 1990 and today.")


@router.get("/{code}/report", responses=documented(308, 404) | KNOWN, response_model=dict[str, Any])
def report(
    request: Request,
    service: Live,
    code: Code,
    caller: Annotated[Caller, needs("report.read")],
    lang: Lang = "en",
) -> Response:
    """The whole report as typed blocks; counterparties are numbered unless the caller may see the evidence."""
    company = company_key(code)
    etag, _ = body_of(service, code)
    caller.shown(service, company)
    open_book = wants_evidence(request, service, caller, company, "report", etag)
    text = looking.report(service, company, lang, etag, whole=open_book)
    cache = "private, no-store" if open_book else _CACHE
    etag = f"{etag}-{lang}{'-w' if open_book else ''}"
    return fresh(request.headers.get("if-none-match"), etag, text, cache)


def wants_evidence(
    request: Request,
    service: Service,
    caller: Caller,
    company: int,
    resource: str,
    etag: str | None,
) -> bool:
    """Whether the evidence behind a company is shown; where it is, the look is logged with its purpose.
    Somebody who may and gives no purpose is shown what the public is."""
    own = caller.owns_company(company)
    if not caller.may("evidence.read", own):
        return False
    if not own and not (
        request.headers.get("tallystick-purpose") or request.query_params.get("purpose")
    ):
        return False
    views.note(service, caller.account, resource, purpose_of(request, caller, own), company, etag)
    return True


def look(request: Request, service: Service, caller: Caller, code: str, resource: str) -> int:
    """Let a caller look at the evidence behind a company, and log it with its purpose; the company's number.
    Raises `Problem` for who may not, or says no purpose."""
    company = company_key(code)
    own = caller.owns_company(company)
    caller.must("evidence.read", own)
    etag, _ = body_of(service, code)
    views.note(service, caller.account, resource, purpose_of(request, caller, own), company, etag)
    return company


@router.get("/{code}/promises", responses=documented(308, 404, 428), response_model=shapes.Promises)
def promises(
    request: Request,
    service: Live,
    code: Code,
    caller: Annotated[Caller, needs("evidence.read")],
    kind: Annotated[str | None, Query(max_length=40)] = None,
    after: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """The promises of a company with outcome, fault and strength of evidence, newest first."""
    company = look(request, service, caller, code, "promises")
    return looking.promises(service, company, kind, offset(after), limit)


@router.get("/{code}/explain", responses=documented(308, 404, 428), response_model=dict[str, Any])
def explain(
    request: Request,
    service: Live,
    code: Code,
    caller: Annotated[Caller, needs("evidence.read")],
    kind: Annotated[
        str | None, Query(max_length=40, description="A kind of promise, such as pay.")
    ] = None,
    lang: Lang = "en",
) -> dict[str, Any]:
    """How a rating comes about, down to the rows of the files that were handed in."""
    look(request, service, caller, code, "explanation")
    return looking.explain(service, f"{code}/{kind}" if kind else code, lang)


@router.get("/{code}/history", responses=documented(308, 404), response_model=shapes.Changes)
def history(
    service: Live,
    code: Code,
    _: Annotated[Caller, needs("rating.read")],
    after: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """How the rating moved while it was served, newest first, each move with its cause."""
    body_of(service, code)
    rows = looking.history(service, company_key(code), limit, offset(after) or NEWEST)
    told = [row | {"at": moment_text(row["at_us"])} for row in rows]
    return {"items": told, "next": str(rows[-1]["id"]) if len(rows) == limit else None}


@router.get("/{code}/views", responses=documented(308, 404), response_model=shapes.Views)
def looked(
    service: Live,
    code: Code,
    caller: Annotated[Caller, needs("view.read")],
    after: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Who looked at what is not public of a company, when and for which purpose, newest first."""
    company = company_key(code)
    caller.must("view.read", caller.owns_company(company))
    body_of(service, code)
    with service.store.read() as db:
        rows = views.of_company(db, company, offset(after) or NEWEST, limit)
    names = ("role", "resource", "purpose", "etag")
    told = [
        {"at": moment_text(row["at_us"]), "who": row["name"], **{n: row[n] for n in names}}
        for row in rows
    ]
    return {"items": told, "next": str(rows[-1]["id"]) if len(rows) == limit else None}


NEWEST: Final = 2**62


def offset(cursor: str) -> int:
    """Where a page begins."""
    return int(cursor or 0)
