"""Searching with counts, and looking up a whole list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.companies import Lang
from tallystick.doors.api.tables import MEDIA, harmless
from tallystick.promises.kinds import ROLE_OF_SIDE
from tallystick.service import Service, finding, many

router = APIRouter(prefix="/v1", tags=["companies"])

NONE: Final = finding.NONE
_ROLES: Final = "|".join((*ROLE_OF_SIDE.values(), NONE))
MOST: Final = 1000
"""Lines of one request; each may take a search of its own."""


class Count(shapes.Told):
    """How many companies have a value; `none`: those that have none."""

    value: str
    companies: int


class FoundMore(shapes.Found):
    """A company that a search found, with what one may narrow by."""

    level: str | None = Field(description="E0 to E4")
    roles: list[str]
    age_days: int | None = Field(
        description="Days since the newest promise fell due; null without a record."
    )


class Search(shapes.Told):
    """What a text may mean. `looked_at`: the companies over which is counted; `matching`: how many of them
    the choices leave."""

    companies: list[FoundMore]
    matching: int
    looked_at: int
    facets: dict[str, list[Count]]


class Line(BaseModel):
    """One company of a list: its name, numbers to believe before the name, and its country."""

    name: Annotated[str, Field(min_length=1, max_length=many.LONGEST, examples=["Acme Ltd"])]
    ids: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field([], max_length=5)
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None


class AskedMany(BaseModel):
    """A list to look up."""

    companies: list[Line] = Field(min_length=1, max_length=MOST)


class Meant(shapes.Told):
    """A company that a line means, or may mean."""

    code: str
    name: str | None
    country: str | None
    grade: str | None


class Matched(shapes.Told):
    """One line: `rating` where one company is meant for sure, else those that `may_mean`."""

    asked: str
    answer: str = Field(description="found, ambiguous, similar or none")
    company: Meant | None
    rating: shapes.Rating | None
    why: list[str]
    may_mean: list[Meant]


@router.get("/search", response_model=Search)
def search(
    service: Live,
    caller: Annotated[Caller, needs("rating.read")],
    q: Annotated[str, Query(min_length=1, max_length=300, description="Name, identifier or code.")],
    country: Annotated[str | None, Query(pattern=f"^([A-Z]{{2}}|{NONE})$")] = None,
    role: Annotated[str | None, Query(pattern=f"^({_ROLES})$")] = None,
    grade: Annotated[
        str | None, Query(pattern=f"^(A{{1,3}}|B{{1,3}}|C{{1,3}}|D|X|NR|{NONE})$")
    ] = None,
    level: Annotated[str | None, Query(pattern=f"^(E[0-4]|{NONE})$")] = None,
    fresh: Annotated[
        str | None,
        Query(
            pattern=f"^({'|'.join(finding.FRESH)})$",
            description="The newest promise fell due within so many days, longer ago, or there is none.",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=finding.POOL)] = 20,
    lang: Lang = "en",
) -> dict[str, Any]:
    """Companies that a text may mean, narrowed, with how many there are of each country, role, grade, level and
    freshness of evidence. A count says how many would be left if its value were chosen instead."""
    chosen = {"country": country, "role": role, "grade": grade, "level": level, "fresh": fresh}
    narrow = {name: value for name, value in chosen.items() if value}
    found = finding.search(service, q, limit, lang, narrow)
    caller.shown(service, *(one["code"] for one in found["companies"]))
    return found


@router.post(
    "/companies/match",
    response_model=list[Matched],
    responses={200: {"content": {MEDIA["csv"]: {"schema": {"type": "string"}}}}},
)
def match(
    service: Live,
    asked: AskedMany,
    caller: Annotated[Caller, needs("bulk.read")],
    ending: Annotated[
        Literal["json", "csv"], Query(alias="as", description="json or csv")
    ] = "json",
    lang: Lang = "en",
) -> Any:
    """Which company each line of a list means, with its rating; where several may be meant, which, and nobody's
    rating. CSV holds one row a line."""
    wanted = [many.Wanted(one.name, tuple(one.ids), one.country or "") for one in asked.companies]
    rows = noted(service, caller, many.look_up(service, wanted, lang))
    return list(rows) if ending == "json" else table_of(rows)


def noted(
    service: Service, caller: Caller, rows: Iterable[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Lines that were looked up, while the caller is shown them: what one means, or may mean."""
    for row in rows:
        meant = [row["company"], *row["may_mean"]]
        caller.shown(service, *(one["code"] for one in meant if one))
        yield row


def table_of(rows: Iterable[Mapping[str, Any]]) -> Response:
    """Lines that were looked up as CSV that no spreadsheet runs, sent as they are found."""
    headers = {
        "Content-Disposition": 'attachment; filename="companies.csv"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_lines(rows), 200, headers, MEDIA["csv"])


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "\ufeff" + _line(many.COLUMNS)  # the mark by which spreadsheets know UTF-8
    for row in rows:
        told = many.flat(row)
        yield _line([harmless(told[name]) for name in many.COLUMNS])


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
