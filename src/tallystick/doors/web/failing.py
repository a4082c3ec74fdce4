"""Pages that say why there is no page, and how to go on."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tallystick.doors.api.callers import NOBODY
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.doors.web.words import LANGUAGES, WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Page):
    """What went wrong in a heading, and what to do in sentences."""

    title: str
    sentences: tuple[str, ...]


def nothing(ask: Ask) -> Response:
    """There is no page at that address; without a slash at its end there may be."""
    where = ask.request.url.path
    if where.endswith("/") and ask.request.method == "GET":
        return RedirectResponse(where.rstrip("/"), 308, {"Cache-Control": "no-store"})
    return told(ask, Problem(404, "no-such-path", f"There is nothing at {ask.path[:200]}."))


def told(ask: Ask, problem: Problem) -> Response:
    """A problem as a page; who is not signed in is asked to, and comes back afterwards."""
    if ask.wants_json:
        return problem.response()
    if problem.status == 401 and ask.request.method == "GET":
        query = ask.request.url.query
        there = ask.path + (f"?{query}" if query else "")
        return RedirectResponse(ask.url("/sign-in", next=there), 303, {"Cache-Control": "no-store"})
    if problem.status == 308 and "Location" in problem.headers:
        return RedirectResponse(problem.headers["Location"], 308)
    key = f"w.error.{problem.status}"
    title = ask.say(key) if key in WORDS else problem.detail
    return _failure(ask, problem.status, title, _sentences(ask, problem), problem)


def refused(scope: MutableMapping[str, Any], problem: Problem) -> Response | None:
    """A page for a request that was refused before it came to the pages; None where a program asked."""
    lang = scope["path"].split("/")[1] if scope["path"].count("/") else ""
    request = Request(scope)
    if lang not in LANGUAGES or "text/html" not in request.headers.get("accept", ""):
        return None
    ask = Ask(request, request.app.state.service, NOBODY, lang)
    return None if ask.wants_json else told(ask, problem)


def unforeseen(ask: Ask) -> Response:
    """Something broke; the number leads to it in the log."""
    number = ask.request.scope.get("state", {}).get("request_id", "–")
    problem = Problem(500, "bug", "Nobody foresaw this.", request_id=number)
    if ask.wants_json:
        return problem.response()
    sentence = ask.say("w.error.500_text", number=number)
    return _failure(ask, 500, ask.say("w.error.500"), (sentence,), problem)


def _sentences(ask: Ask, problem: Problem) -> tuple[str, ...]:
    if problem.status == 404:
        return (ask.say("w.error.404_text"),)
    if problem.status == 429:
        return (ask.say("w.error.429_text", seconds=problem.headers.get("Retry-After", "60")),)
    if problem.code == "cross-site":
        return (ask.say("w.error.cross_site"),)
    if problem.status == 403:
        role = ask.say.either("w.role", ask.caller.role)
        return (ask.say("w.error.403_text", role=role),)
    return tuple(text for text in (problem.detail, problem.fix) if text)


def _failure(
    ask: Ask, status: int, title: str, sentences: tuple[str, ...], problem: Problem
) -> Response:
    page = Failure(ask=ask, told=problem.body(), status=status, title=title, sentences=sentences)
    response = answer(page, "failure.html")
    response.headers.update(problem.headers)
    return response
