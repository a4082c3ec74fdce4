"""Who is who: what a person should decide, the evidence on two, what a judgement would move, and judging."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from tallystick.doors.api import shapes
from tallystick.doors.api.accounts import PLAIN
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.companies import Code, body_of, company_key
from tallystick.doors.api.problems import Problem, documented
from tallystick.doors.api.times import moment_text
from tallystick.evidence.ledger import EvidenceError
from tallystick.identity.why import told
from tallystick.service import identifying

router = APIRouter(prefix="/v1", tags=["identity"])

Text = Annotated[str, Field(min_length=1, max_length=300, pattern=PLAIN)]
Asked = Annotated[str, Query(min_length=1, max_length=300, description="Code, identifier or name.")]
Verdict = Literal["same", "apart", "withdrawn"]
_FIX: Final = (
    "Name each by its code, an identifier scheme:value, or a reference that the queue shows."
)


class Supposed(BaseModel):
    """Two descriptions of companies, and what might be said of them."""

    a: Text = Field(examples=["C-0123456789ABC"])
    b: Text = Field(examples=["id:bank.customer:88"])
    verdict: Verdict


class Judged(Supposed):
    """A judgement: the two are the same, are two, or what was judged of them is withdrawn."""

    why: Text = Field(examples=["same address and director in the register"])


class Question(shapes.Told):
    """Whether the first of each pair is the second; `kind`: held (at most one of them) or ask."""

    kind: str
    pairs: list[dict[str, Any]]


class Judgement(shapes.Told):
    """A judgement that was handed in; `new`: it was not said before."""

    batch: str
    new: bool
    a: str
    b: str
    verdict: str
    why: str
    by: str


class Preview(shapes.Told):
    """What a judgement would move; `state`: waiting, done or failed."""

    id: str
    state: str
    a: str
    b: str
    verdict: str
    at: str
    companies: int | None = None
    moved: list[dict[str, Any]] | None = None
    error: str | None = None


class Described(shapes.Told):
    """A description that means a company, and why."""

    ref: str
    name: str | None
    country: str | None
    bad_ids: list[str]
    """Identifiers with wrong check digits: kept as they were told, and nothing is matched by them."""
    reason: str
    detail: str


@router.get("/identity/queue", response_model=list[Question])
def queue(
    service: Live,
    caller: Annotated[Caller, needs("identity.read")],
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> list[dict[str, Any]]:
    """What a person should decide, most valuable first, with the evidence on each pair."""
    caller.must("identity.read")
    return [question.told() for question in identifying.queue(service, limit)]


@router.get("/identity/why", responses=documented(404), response_model=dict[str, Any])
def why(
    service: Live, caller: Annotated[Caller, needs("identity.read")], a: Asked, b: Asked
) -> dict[str, Any]:
    """The evidence on whether two are one company, line by line, and what came of it."""
    caller.must("identity.read")
    try:
        return told(identifying.evidence(service, a, b))
    except EvidenceError as error:
        raise Problem(404, "no-such-two", str(error), _FIX) from None


@router.get(
    "/companies/{code}/identity", responses=documented(308, 404), response_model=list[Described]
)
def how(
    service: Live, code: Code, caller: Annotated[Caller, needs("identity.read")]
) -> list[dict[str, Any]]:
    """How a company came to be one: its descriptions, each with the reason why it means this company, and who
    judged so."""
    company = company_key(code)
    caller.must("identity.read", caller.owns_company(company))
    body_of(service, code)
    return identifying.how(service, company)


@router.post(
    "/identity/judgements", status_code=201, responses=documented(404), response_model=Judgement
)
def judge(
    service: Live, judged: Judged, caller: Annotated[Caller, needs("identity.judge")]
) -> dict[str, Any]:
    """Judge two companies the same or apart, or withdraw what was judged. It counts at once; ratings follow
    within seconds, and whoever watches is told."""
    assert caller.account is not None
    try:
        return identifying.judge(
            service, caller.account, judged.a, judged.b, judged.verdict, judged.why
        )
    except EvidenceError as error:
        raise Problem(404, "no-such-two", str(error), _FIX) from None


@router.post(
    "/identity/previews", status_code=202, responses=documented(404), response_model=Preview
)
def begin_preview(
    service: Live, asked: Supposed, caller: Annotated[Caller, needs("identity.judge")]
) -> dict[str, Any]:
    """Have it worked out whose rating a judgement would move. It takes as long as rating everybody: ask
    `GET /v1/identity/previews/ID` until its state is not `waiting`."""
    assert caller.account is not None
    try:
        number = identifying.begin_preview(service, caller.account, asked.a, asked.b, asked.verdict)
    except EvidenceError as error:
        raise Problem(404, "no-such-two", str(error), _FIX) from None
    return _told(number, identifying.preview(service, number) or {})


@router.get("/identity/previews/{preview}", responses=documented(404), response_model=Preview)
def preview(
    service: Live,
    preview: Annotated[str, Path(pattern="^[0-9a-f]{20}$")],
    _: Annotated[Caller, needs("identity.judge")],
) -> dict[str, Any]:
    """What a judgement would move: company, grade and chance before and after, those that come, go or change
    their grade first. Kept for a day."""
    found = identifying.preview(service, preview)
    if found is None:
        fix = "Ask for one: POST /v1/identity/previews. It is kept for a day."
        raise Problem(404, "no-such-preview", f"There is no preview {preview}.", fix)
    return _told(preview, found)


def _told(number: str, found: dict[str, Any]) -> dict[str, Any]:
    names = ("state", "a", "b", "verdict", "companies", "moved", "error")
    told_of = {name: found.get(name) for name in names}
    return {"id": number, "at": moment_text(found["at_us"]), **told_of}
