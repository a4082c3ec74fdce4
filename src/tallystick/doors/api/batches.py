"""Batches: handing evidence in, trying it first, reading what was rejected, taking it back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, Header, Path, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from tallystick.doors.api import shapes
from tallystick.doors.api.callers import Caller, Live, needs
from tallystick.doors.api.companies import Lang
from tallystick.doors.api.problems import Problem, documented
from tallystick.doors.api.tables import safe_csv
from tallystick.doors.api.times import moment_text
from tallystick.evidence.formats.rule_words import in_chinese
from tallystick.evidence.ledger import OUTCOMES
from tallystick.service import Service, idempotency, uploads

router = APIRouter(prefix="/v1/batches", tags=["batches"])

AT_ONCE: Final = 2 * 1024 * 1024
"""An upload of at most so many bytes is taken in before the answer; a longer one in the background."""
Upload = Annotated[str, Path(pattern=r"^up_[0-9a-f]{20}$", examples=["up_0123456789abcdef0123"])]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Sent again with the same key, a request does nothing twice and has the same answer.",
    ),
]


BODY: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "CSV, Parquet, XML, EDIFACT, PDF, zip ...",
                    },
                    "mapping": {
                        "type": "string",
                        "description": "TOML that says how to read a table.",
                    },
                },
            }
        },
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["documents"],
                "properties": {"documents": {"type": "array", "items": {"type": "object"}}},
            }
        },
    },
}
"""What may be handed in, for openapi.json."""


@router.post(
    "",
    status_code=201,
    openapi_extra={"x-body": BODY},
    responses=documented(409, 415) | {202: {"model": shapes.BatchTold}},
    response_model=shapes.BatchTold,
)
async def hand_in(
    request: Request,
    service: Live,
    caller: Annotated[Caller, needs("batch.write")],
    file: Annotated[
        UploadFile | None, File(description="CSV, Parquet, XML, EDIFACT, PDF, zip ...")
    ] = None,
    mapping: Annotated[str | None, Form(description="TOML that says how to read a table.")] = None,
    dry_run: Annotated[
        bool,
        Query(description="Only say what would become of it, compared with the book as it is."),
    ] = False,
    key: Key = None,
) -> Response:
    """Hand in a file (multipart form) or documents (JSON: `{"documents": [...]}`). What is small is taken in
    before the answer; what is large is answered with 202 and a place to look."""
    handed = await _handed(request, file, mapping, dry_run)
    assert caller.account is not None
    if caller.account.contributor is None:
        fix = "An operator says under which name an account hands evidence in."
        raise Problem(403, "no-contributor", "This account is no contributor.", fix)
    return await run_in_threadpool(_take, service, caller, handed, key)


async def _handed(
    request: Request, file: UploadFile | None, mapping: str | None, dry_run: bool
) -> uploads.Handed:
    kind = request.headers.get("content-type", "").split(";")[0]
    if file is not None:
        return uploads.Handed(file.filename or "upload", await file.read(), mapping, dry_run)
    if kind == "application/json":
        data = await request.body()
        uploads.documents_in(data)
        return uploads.Handed(uploads.DOCUMENTS, data, None, dry_run)
    fix = "Send multipart/form-data with `file`, or application/json with `documents`."
    raise Problem(415, "content", f"{kind or 'nothing'!r} is not taken here.", fix)


def _take(service: Service, caller: Caller, handed: uploads.Handed, key: str | None) -> Response:
    assert caller.account is not None

    def answer() -> tuple[int, dict[str, Any]]:
        assert caller.account is not None
        upload = uploads.receive(service, caller.account, handed)
        small = len(handed.data) <= AT_ONCE
        if small:
            uploads.take(service, upload)
        told = shown(service, upload)
        return (201 if small else 202), told

    asked = idempotency.digest_of(
        handed.name, handed.data, handed.mapping or "", str(handed.dry_run)
    )
    status, told = idempotency.once(service, caller.account.id, key, asked, answer)
    return JSONResponse(told, status, {"Location": f"/v1/batches/{told['id']}"})


@router.get("", response_model=shapes.Batches)
def listed(
    service: Live,
    caller: Annotated[Caller, needs("batch.read")],
    after: Annotated[str, Query(pattern="^[0-9]{0,18}$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """What was handed in, newest first: one's own, or everybody's for who may see it."""
    whose = None if caller.may("batch.read") else _own(caller)
    with service.store.read() as db:
        rows = uploads.listed(db, whose, int(after or 2**62), limit)
    more = str(rows[-1]["created_us"]) if len(rows) == limit else None
    return {"items": [told_of(row) for row in rows], "next": more}


@router.get("/{upload}", responses=documented(404), response_model=shapes.BatchTold)
def one(
    service: Live,
    upload: Upload,
    caller: Annotated[Caller, needs("batch.read")],
    lang: Lang = "en",
) -> dict[str, Any]:
    """What became of something that was handed in."""
    return told_of(find(service, upload, caller, "batch.read"), lang)


@router.get("/{upload}/rejects.csv", responses=documented(404), response_class=Response)
def rejects(
    service: Live,
    upload: Upload,
    caller: Annotated[Caller, needs("batch.read")],
    lang: Lang = "en",
) -> Response:
    """What was rejected or is held: file, row, field, rule, message and fix, as a table to work through."""
    told = told_of(find(service, upload, caller, "batch.read"), lang)
    found = [r for b in told["batches"] for r in b["rejects"]]
    headers = {"Content-Disposition": f'attachment; filename="rejects-{upload}.csv"'}
    return Response(safe_csv(found, _FIRST), 200, headers, "text/csv; charset=utf-8")


@router.delete("/{upload}", responses=documented(404, 409), response_model=shapes.BatchTold)
def take_back(
    service: Live,
    upload: Upload,
    caller: Annotated[Caller, needs("batch.write")],
    why: Annotated[str, Query(min_length=3, max_length=500, description="Why it is taken back.")],
) -> dict[str, Any]:
    """Take all of it out of the book. Ratings are then as if it had never been handed in; earlier states stay
    readable."""
    row = find(service, upload, caller, "batch.write")
    if row["state"] not in ("taken", "retracted"):
        raise Problem(
            409, "state", f"It is {row['state']}; only what was taken in can be taken back."
        )
    told = uploads.retract(service, upload, why)
    assert told is not None
    return told_of(told)


def find(service: Service, upload: str, caller: Caller, right: str) -> dict[str, Any]:
    """An upload that the caller may see. Others' are not told from what is not there."""
    with service.store.read() as db:
        row = uploads.get(db, upload)
    if row is None or not caller.may(right, caller.owns_contributor(row["contributor"])):
        raise Problem(
            404, "no-such-batch", f"There is no batch {upload}.", "List yours with GET /v1/batches."
        )
    return row


def shown(service: Service, upload: str) -> dict[str, Any]:
    """What is told of an upload."""
    with service.store.read() as db:
        row = uploads.get(db, upload)
    assert row is not None
    return told_of(row)


def told_of(row: dict[str, Any], lang: str = "en") -> dict[str, Any]:
    """An upload as JSON, rejects and error in a language. Counts are those of all its batches together."""
    told = {name: row[name] for name in ("id", "contributor", "name", "bytes", "dry_run", "state")}
    told |= {
        "created_at": moment_text(row["created_us"]),
        "finished_at": moment_text(row["finished_us"]),
    }
    result = row["result"] or {}
    batches = result.get("batches", [])
    for name in OUTCOMES:
        told[name] = sum(batch[name] for batch in batches)
    error = result.get("error_zh" if lang == "zh" else "error") or result.get("error")
    said = [{**one, "rejects": [in_language(r, lang) for r in one["rejects"]]} for one in batches]
    return told | {"error": error, "batches": said}


def in_language(reject: dict[str, Any], lang: str) -> dict[str, Any]:
    """A reject in a language; in Chinese with the English as `original` where that says more."""
    found = in_chinese(reject["rule"], reject["message"], reject["fix"]) if lang == "zh" else None
    return reject | asdict(found) if found else reject


_FIRST: Final = ("source", "row", "field", "rule", "outcome", "message", "fix", "original")


def _own(caller: Caller) -> str:
    return (caller.account.contributor if caller.account else None) or ""
