"""The addresses of the pages, and what every page goes through: who asks, then the page, or why not.

A page that is not there, not allowed or not understood is a page too, in the language that was asked for and
with the way on; a program that asked for `.json` gets the same as problem details.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tallystick.adapters.store import StoreError
from tallystick.doors.api.callers import NOBODY
from tallystick.doors.api.problems import Problem, away
from tallystick.doors.web import (
    assets,
    claiming,
    company,
    company_then,
    compare,
    console,
    deal,
    disputing,
    elsewhere,
    failing,
    home,
    listing,
    mine,
    model,
    reviewing,
    signing,
    validated,
    watching,
)
from tallystick.doors.web.asking import JSON, Ask, caller_of, form_of, preferred
from tallystick.doors.web.words import LANGUAGES
from tallystick.evidence.ledger import EvidenceError
from tallystick.units import UnitError

Endpoint = Callable[[Ask], Response]
_LOG: Final = structlog.get_logger("web")

PAGES: Final[dict[str, Endpoint]] = {
    "": home.landing,
    "/search": home.search,
    "/lookup": listing.lookup,
    "/c/{code}": company.company,
    "/c/{code}/on": company_then.company_then,
    "/compare": compare.compare,
    "/deal/{code}": deal.deal,
    "/model": model.model,
    "/model/validation": validated.validation_page,
    "/me": mine.mine,
    "/console": console.console,
    "/console/{upload}": console.receipt,
    "/disputes": disputing.disputes,
    "/disputes/new": disputing.objection,
    "/disputes/{number}": disputing.dispute,
    "/claims": claiming.page,
    "/review": reviewing.review,
    "/review/pair": reviewing.pair,
    "/review/previews/{number}": reviewing.preview,
    "/sign-in": signing.sign_in,
    "/password": signing.password,
}
"""Path behind the language -> the page; each has its `.json` beside it."""

FORMS: Final[dict[str, Endpoint]] = {
    "/sign-in": signing.signed_in,
    "/password": signing.new_password,
    "/sign-out": signing.sign_out,
    "/lookup": listing.looked_up,
    "/me/keys": mine.new_key,
    "/me/keys/revoke": mine.revoke_key,
    "/console": console.hand_in,
    "/console/{upload}/retract": console.retract,
    "/disputes": disputing.dispute_it,
    "/disputes/{number}/events": disputing.happen,
    "/claims": claiming.begin,
    "/review/judgements": reviewing.judge,
    "/c/{code}/watch": watching.watch,
    "/me/watches/end": watching.end,
    "/claims/{number}/check": claiming.check,
    "/claims/{number}/decision": claiming.decide,
}
"""Path behind the language -> what a form that is sent there does."""


def routes() -> list[Route]:
    """All routes of the pages, for the application."""
    made = [
        Route("/", _choose, name="pages"),
        Route("/sign-in", partial(_choose, path="/sign-in")),
        *elsewhere.routes(),
        Route("/static/{name}", assets.serve),
    ]
    for lang in LANGUAGES:
        for path, show in PAGES.items():
            for end in ("", JSON):
                made.append(Route(f"/{lang}{path}{end}", _through(lang, show), methods=["GET"]))
        report = _through(lang, company.report_file)
        made.append(Route(f"/{lang}/c/{{code}}/report", report, methods=["GET"]))
        printed = _through(lang, company.report_pdf)
        made.append(Route(f"/{lang}/c/{{code}}/report.pdf", printed, methods=["GET"]))
        for path, do in FORMS.items():
            made.append(Route(f"/{lang}{path}", _through(lang, do), methods=["POST"]))
        rest = _through(lang, failing.nothing)
        made.append(Route(f"/{lang}/{{rest:path}}", rest, methods=["GET", "POST"]))
    return made


async def _choose(request: Request, path: str = "") -> Response:
    """To the language that the browser likes best."""
    lang = preferred(request.headers.get("accept-language", ""))
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-store"}
    return RedirectResponse(f"/{lang}{path}", 303, headers)


def _through(lang: str, show: Endpoint) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            form = await form_of(request) if request.method == "POST" else ({}, {})
        except (Problem, HTTPException) as error:
            return await run_in_threadpool(_unread, request, lang, error)
        return await run_in_threadpool(_page, request, lang, show, *form)

    return endpoint


def _unread(request: Request, lang: str, error: Problem | HTTPException) -> Response:
    """The page for a form that is too large or cannot be read."""
    if isinstance(error, HTTPException):
        error = Problem(error.status_code, "http", str(error.detail))
    return failing.told(Ask(request, request.app.state.service, NOBODY, lang), error)


def _page(
    request: Request,
    lang: str,
    show: Endpoint,
    words: dict[str, str],
    given: dict[str, tuple[str, bytes]],
) -> Response:
    service = request.app.state.service
    ask = Ask(request, service, caller_of(request), lang, words, given)
    try:
        return show(ask)
    except Problem as problem:
        return failing.told(ask, problem)
    except EvidenceError as error:
        return failing.told(
            ask, Problem(422, "evidence", str(error), blanks={"why": ask.said(error)})
        )
    except OperationalError as error:
        return failing.told(ask, away(error))
    except StoreError as error:
        return failing.told(ask, Problem(409, "state", str(error)))
    except UnitError as error:
        return failing.told(ask, Problem(422, "value", str(error)))
    except Exception:
        _LOG.exception("page.failed", path=request.url.path)
        return failing.unforeseen(ask)
