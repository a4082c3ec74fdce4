"""Whole tables of what is served, streamed: for a spreadsheet, a warehouse or an auditor."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Literal

import pyarrow as pa
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs, purpose_of
from tallystick.doors.api.companies import DIGITS, Limit, matches
from tallystick.doors.api.problems import KNOWN, documented
from tallystick.doors.api.tables import MEDIA, streamed
from tallystick.service import listing, seen, views
from tallystick.service.exporting import TABLES
from tallystick.service.looking import cut_of

router = APIRouter(prefix="/v1", tags=["exports"])

_ANY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/exports/{table}.{ending}",
    responses=documented(428) | KNOWN | {200: {"content": dict.fromkeys(MEDIA.values(), _ANY)}},
    response_class=Response,
)
def export(
    request: Request,
    service: Live,
    table: Literal["ratings", "companies", "promises"],
    ending: Literal["csv", "jsonl", "parquet"],
    caller: Annotated[Caller, needs("export.read")],
) -> Response:
    """All ratings, companies or promises of the cut that is served. Promises tell who deals with whom: they
    need the right `evidence.read` over everything besides."""
    if table == "promises":
        caller.must("evidence.read")
    purpose = purpose_of(request, caller, own=False)
    cut = cut_of(service)
    etag = f'"{cut.folder.name}-{table}-{ending}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, headers)
    views.note(service, caller.account, f"export {table}", purpose, None, cut.folder.name)
    if table == "ratings":
        caller.shown(service, seen.ALL)
    headers["Content-Disposition"] = f'attachment; filename="{table}.{ending}"'
    parts = TABLES[table](cut)
    first = next(parts, None)
    if first is None:
        return Response(b"", 200, headers, MEDIA[ending])
    return StreamingResponse(
        streamed(_alike(chain([first], parts), first.schema), first.schema, ending),
        200,
        headers,
        MEDIA[ending],
    )


def _alike(parts: Iterator[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Parts in the types of the first: engines mark columns that may be null now so, now so."""
    for part in parts:
        yield part.cast(schema) if part.schema != schema else part


@router.get("/ratings", response_model=shapes.Listed)
def ratings(
    service: Live,
    caller: Annotated[Caller, needs("bulk.read")],
    country: Annotated[
        str | None, Query(pattern="^[A-Z]{2}$", description="ISO 3166 code, such as CN.")
    ] = None,
    grade: Annotated[str | None, Query(pattern="^(A{1,3}|B{1,3}|C{1,3}|D|X|NR)$")] = None,
    after: Annotated[str, Query(pattern=f"^(C-{DIGITS})?$", description="`next` before.")] = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Ratings as served in the order of their codes, of a country or a grade or all. The first page also
    counts what matches by country and by grade."""
    narrow = {k: v for k, v in (("country", country), ("grade", grade)) if v is not None}
    told = listing.page(service, after, limit, narrow)
    caller.shown(service, *(one["company"]["code"] for one in told["items"]))
    return told
