"""Errors as problem details (RFC 9457) that say what to do.

>>> Problem(404, "no-such-company", "There is no company C-0.", "Search for it.").body()["type"]
'urn:tallystick:problem:no-such-company'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from tallystick.adapters.store import StoreError
from tallystick.evidence.ledger import EvidenceError
from tallystick.exchange import Refused
from tallystick.units import UnitError

_LOG: Final = structlog.get_logger("api")
MEDIA: Final = "application/problem+json"
_TITLES: Final = {
    308: "It is elsewhere now",
    400: "The request cannot be read",
    401: "Who is asking?",
    403: "Not allowed",
    404: "Not found",
    405: "Not with this method",
    409: "It is not in that state",
    412: "It has changed meanwhile",
    413: "Too large",
    415: "Not this kind of content",
    422: "It cannot be taken as it is",
    428: "A precondition is needed",
    429: "Too many requests",
    500: "An error of ours",
    503: "Not ready",
}


class Problem(Exception):
    """What went wrong, and the way out. `code` names the kind of problem for programs, and its sentence on
    pages, which `blanks` fill in."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        fix: str | None = None,
        headers: Mapping[str, str] | None = None,
        blanks: Mapping[str, object] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.fix = status, code, detail, fix
        self.headers, self.more, self.blanks = dict(headers or {}), more, dict(blanks or {})

    def body(self) -> dict[str, Any]:
        """The problem as RFC 9457 has it, with `fix` beside."""
        told = {
            "type": f"urn:tallystick:problem:{self.code}",
            "title": _TITLES.get(self.status, "Error"),
        }
        told |= {"status": self.status, "detail": self.detail}  # type: ignore[dict-item]
        return told | ({"fix": self.fix} if self.fix else {}) | self.more

    def response(self) -> Response:
        """The problem as an answer."""
        return JSONResponse(self.body(), self.status, self.headers, media_type=MEDIA)


class ProblemBody(BaseModel):
    """Problem details (RFC 9457). `fix` says what to do; `errors` lists the fields of a request at fault."""

    type: str
    title: str
    status: int
    detail: str
    fix: str | None = None
    errors: list[dict[str, Any]] | None = None


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an endpoint may answer with, for openapi.json."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {status: {"description": _TITLES[status], "content": content} for status in statuses}


KNOWN: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "What `If-None-Match` names is what it is still"}
}
"""For openapi.json, of endpoints with a validator."""


def install(app: FastAPI) -> None:
    """Answer every error with a problem."""
    app.add_exception_handler(Problem, lambda _, e: e.response())
    app.add_exception_handler(
        EvidenceError, lambda _, e: Problem(422, "evidence", str(e)).response()
    )
    app.add_exception_handler(StoreError, lambda _, e: Problem(409, "state", str(e)).response())
    app.add_exception_handler(UnitError, lambda _, e: Problem(422, "value", str(e)).response())
    app.add_exception_handler(Refused, lambda _, e: refused(e).response())
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(OperationalError, lambda _, e: away(e).response())
    app.add_exception_handler(Exception, _unforeseen)


def refused(error: Exception) -> Problem:
    """What the rules of a dispute refuse, in both languages."""
    assert isinstance(error, Refused)
    fix = "See docs/reference/disputes.md for who may do what, by when."
    return Problem(409, error.code, error.english, fix, zh=error.chinese)


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": ".".join(str(part) for part in e["loc"]), "rule": e["type"], "message": e["msg"]}
        for e in error.errors()
    ]
    first = errors[0]
    detail = f"{first['field']}: {first['message']}"
    return Problem(
        422, "request", detail, "See /v1/openapi.json for what is expected.", errors=errors
    ).response()


def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        fix = "The paths are listed in /v1/openapi.json."
        return Problem(
            404, "no-such-path", f"There is nothing at {request.url.path}.", fix
        ).response()
    headers = error.headers or {}
    return Problem(error.status_code, "http", str(error.detail), headers=headers).response()


def away(error: Exception) -> Problem:
    """The connection to the database broke, or none is to be had; whether anything was done is not known."""
    _LOG.error("database.away", exc_info=error)
    fix = "Ask again in a second; with the same Idempotency-Key nothing happens twice."
    detail = "The database cannot be reached at the moment."
    return Problem(503, "database-away", detail, fix, {"Retry-After": "1"})


def _unforeseen(request: Request, _: Exception) -> Response:
    fix = "Try again; if it stays so, tell the operator the request id."
    number = request.scope.get("state", {}).get("request_id")
    return Problem(500, "bug", "Nobody foresaw this.", fix, request_id=number).response()
