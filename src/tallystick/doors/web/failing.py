"""Pages that say why there is no page, and how to go on.

Every problem has a code, and every code a sentence `w.e.CODE` in the language of the page and a link to where
one goes on (`_STEPS`); a company or a path that is not there has a box to search from. What the problem says to
programs (`detail`, `fix`) is shown only where a code has no sentence, marked as English.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tallystick.doors.api.callers import NOBODY
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.doors.web.words import LANGUAGES, WORDS
from tallystick.service.access import RIGHTS
from tallystick.service.access_page import WORDS as FOR_WHAT

_SEARCHED: Final = ("no-such-path", "no-such-company")
_STEPS: Final[dict[str, tuple[str, str]]] = {
    "no-such-deal": ("/me", "w.go.me"),
    "no-such-batch": ("/console", "w.go.console"),
    "no-such-entry": ("/me", "w.go.me"),
    "no-such-dispute": ("/disputes", "w.go.disputes"),
    "no-such-claim": ("/claims", "w.go.all_claims"),
    "no-such-watch": ("/me", "w.go.me"),
    "no-such-two": ("/review", "w.go.review"),
    "no-such-preview": ("/review", "w.go.review"),
    "not-validated": ("/model", "w.go.model"),
    "role": ("/me", "w.go.me"),
    "event": ("/disputes/{number}", "w.go.disputes"),
    "decision": ("/claims", "w.go.all_claims"),
    "no-company": ("/claims", "w.go.claims"),
    "merged": ("/c/{into}", "w.go.again"),
    "no-font": ("/c/{code}/report", "w.go.file"),
    "unknown": ("/sign-in", "w.go.sign_in"),
    "scope": ("/sign-in", "w.go.sign_in"),
    "key": ("/sign-in", "w.go.sign_in"),
    "scheme": ("/sign-in", "w.go.sign_in"),
}
"""Code -> where one goes on, and the words of the link; elsewhere to the first page."""
_AGAIN: Final = ("database-away", "too-many", "bug")
"""What may be better in a moment: the same page again, where it was only looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Page):
    """What went wrong in a heading, and what to do in a sentence. `english`: what programs are told, where
    there is no sentence; `step`: address and words of the link to go on; `search`: there is a box to search."""

    title: str
    sentence: str
    english: str
    step: tuple[str, str]
    search: bool


def nothing(ask: Ask) -> Response:
    """There is no page at that address; without a slash at its end there may be."""
    where = ask.request.url.path
    if where.endswith("/") and ask.request.method == "GET":
        return RedirectResponse(where.rstrip("/"), 308, {"Cache-Control": "no-store"})
    if ask.request.method != "GET":
        return told(ask, Problem(405, "http", f"{ask.path[:200]} takes no form."))
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
    title = f"w.error.{problem.status}"
    known = f"w.e.{problem.code}" in WORDS
    page = Failure(
        ask=ask,
        told=problem.body(),
        status=problem.status,
        title=ask.say(title) if title in WORDS else problem.body()["title"],
        sentence=sentence(ask, problem) if known else "",
        english="" if known else " ".join(filter(None, (problem.detail, problem.fix))),
        step=_step(ask, problem),
        search=problem.code in _SEARCHED,
    )
    response = answer(page, "failure.html")
    response.headers.update(problem.headers)
    return response


def sentence(ask: Ask, problem: Problem) -> str:
    """What is wrong and what to do, in the language of the page."""
    key = f"w.e.{problem.code}"
    return ask.say(key, **_blanks(ask, problem)) if key in WORDS else problem.detail


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
    blanks = {"number": number}
    return told(ask, Problem(500, "bug", "Nobody foresaw this.", blanks=blanks, request_id=number))


def _blanks(ask: Ask, problem: Problem) -> dict[str, Any]:
    """What a sentence may tell: parts of the path, what the problem says of itself, and who asks."""
    parts = {name: ask.part(name)[:40] for name in ask.request.path_params}
    role = ask.say.either("w.role", ask.caller.role)
    told: dict[str, Any] = {"path": ask.path[:200], "role": role, "entry": ask.text("entry", 80)}
    told |= parts | {"seconds": problem.headers.get("Retry-After", "60")} | problem.blanks
    return told | (_who_may(ask, problem) if problem.code == "role" else {})


def _who_may(ask: Ask, problem: Problem) -> dict[str, str]:
    """What a right is for, and the roles that have it."""
    right = str(problem.blanks["right"])
    told = []
    for role, reach in RIGHTS[right].items():
        words = ask.say.either("w.role", role)
        told.append(ask.say("w.e.own", role=words) if reach == "own" else words)
    what = FOR_WHAT[right][LANGUAGES.index(ask.lang)]
    return {"what": what, "roles": ("、" if ask.lang == "zh" else ", ").join(told)}


def _step(ask: Ask, problem: Problem) -> tuple[str, str]:
    """Where one goes on, and the words of the link."""
    if problem.code in _AGAIN and ask.request.method == "GET":
        query = ask.request.url.query
        return ask.path + (f"?{query}" if query else ""), ask.say("w.go.again")
    path, words = _STEPS.get(problem.code, ("", "w.go.home"))
    return ask.url(path.format(**_blanks(ask, problem))), ask.say(words)
