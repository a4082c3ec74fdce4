"""A page out of its context: the frame that all pages share, the template, and the headers of the answer.

`Page` is what every context has: the words, where the page stands, who looks, and the state of the book that
is shown (`as_of`, policy, evidence). What a page shows besides are the fields of its own dataclass; `told` is
the same for programs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from tallystick.adapters.drawing import draw
from tallystick.adapters.store.accounts import Account
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.assets import ASSETS
from tallystick.doors.web.book_state import BookState, state_of
from tallystick.doors.web.words import Words
from tallystick.report import figures, validation_html
from tallystick.report.html import FILTERS
from tallystick.report.page import language_tag
from tallystick.report.svg import tag

NOT_KEPT: Final = {"Cache-Control": "private, no-store"}
"""What depends on who looks is kept nowhere."""
KEPT: Final = {"Cache-Control": "public, max-age=5, stale-while-revalidate=60", "Vary": "Cookie"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has. `told`: its content for programs; `status`: of the answer; `kept`: it may be kept
    for a few seconds where nobody is signed in."""

    ask: Ask
    told: Mapping[str, Any]
    status: int = 200
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame around a page: where it stands, who looks, in which state the book is."""

    lang: str
    say: Words
    here: str
    other: str
    other_lang: str
    json: str
    style: str
    script: str
    account: Account | None
    book: BookState | None
    query: str

    def url(self, path: str) -> str:
        """A page in the same language."""
        return f"/{self.here.split('/')[1]}{path}"


def answer(page: Page, template: str) -> Response:
    """A page as HTML, or as JSON where a program asks."""
    ask = page.ask
    headers = KEPT if page.kept and ask.caller.account is None and page.status == 200 else NOT_KEPT
    if ask.wants_json:
        told = json.dumps(_json(ask, page), ensure_ascii=False, default=str)
        return Response(told, page.status, dict(headers), "application/json")
    shown = {field.name: getattr(page, field.name) for field in fields(page)}
    shown |= shown.pop("report", {})  # what the templates of reports read, beside the page's own
    text = environment().get_template(template).render(_frame(ask) | shown)
    return Response(text, page.status, dict(headers), "text/html; charset=utf-8")


def _json(ask: Ask, page: Page) -> dict[str, Any]:
    book = state_of(ask.service)
    return {"as_of": book.as_of if book else None, "policy": book.policy if book else None,
            "evidence": {"companies": book.companies, "documents": book.documents} if book else None,
            **page.told}  # fmt: skip


def shell_of(ask: Ask) -> Shell:
    """The frame of a page."""
    other = "en" if ask.lang == "zh" else "zh"
    book = state_of(ask.service)
    return Shell(
        ask.lang,
        ask.say,
        ask.path,
        ask.in_language(other),
        other,
        ask.json_url(),
        ASSETS.style,
        ASSETS.script,
        ask.caller.account,
        book,
        ask.text("q", 300),
    )


def _frame(ask: Ask) -> dict[str, Any]:
    """What the templates of the reports read, so that pages may extend them."""
    return {
        "shell": shell_of(ask),
        "lang": language_tag(ask.lang),
        "say": ask.say,
        "url": ask.url,
        "draw": lambda picture: Markup(draw(picture)),
    }


@cache
def environment() -> Environment:
    """The templates: the pages' own, then those of the reports, whose `page.html` is the pages' frame."""
    own = PackageLoader("tallystick.doors.web", "templates")
    reports = PackageLoader("tallystick.report", "templates")
    made = Environment(
        loader=ChoiceLoader([own, reports]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        **validation_html.FILTERS,
        **FILTERS,
        "iso": figures.iso,
        "moment": figures.iso_moment,
        "minute": lambda moment: (moment or "–")[:16].replace("T", " "),
    }
    made.globals |= {"mark_of_us": _mark()}
    return made


def _mark() -> Markup:
    """Our sign: a notched stick, split along so that each half carries the same notches."""
    halves = [
        tag("path", d="M2 2h28v8h-28z", class_="half"),
        tag("path", d="M2 12h20v8h-20z", class_="half other"),
    ]
    cuts = [tag("path", d=f"M{x} 7h2v8h-2z", class_="notch") for x in (6, 11, 16)]
    return tag("svg", *halves, *cuts, viewBox="0 0 32 22", class_="sign", aria_hidden="true",
               focusable="false")  # fmt: skip
