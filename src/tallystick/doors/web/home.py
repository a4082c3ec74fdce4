"""The first page, which explains the rating in one screen, and the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.report import charts, figures
from tallystick.service import looking

SHOWN: Final = 20
EXAMPLE: Final = (9_000, 15_000, 26_000)
"""Interval and mean, in ppm, of the company that the first page draws as an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing(Page):
    """The first page: `scale` is the picture of the grades with an example."""

    scale: Markup
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Page):
    """What a search found. `exact`: some of it is what was asked, letter by letter."""

    q: str
    rows: tuple[dict[str, Any], ...]
    exact: bool
    shown: int = SHOWN


def landing(ask: Ask) -> Response:
    """The first page."""
    low, mean, high = EXAMPLE
    scale = charts.grade_scale(low, mean, high, ask.say("w.landing.scale"))
    words = {
        "low": figures.percent(low),
        "mean": figures.percent(mean),
        "high": figures.percent(high),
    }
    told = {"search": ask.url("/search.json") + "?q=NAME", "api": "/v1/openapi.json"}
    example = ask.say("w.landing.example", **words)
    return answer(Landing(ask=ask, told=told, scale=scale, example=example), "landing.html")


def search(ask: Ask) -> Response:
    """Companies that a text may mean, with what each is and why it is listed."""
    ask.caller.must("rating.read")
    q = ask.text("q", 300)
    rows = looking.search(ask.service, q, SHOWN, ask.lang) if q else []
    exact = any(row["match"] != "similar" for row in rows)
    page = Found(ask=ask, told={"q": q, "companies": rows}, q=q, rows=tuple(rows), exact=exact)
    return answer(page, "search.html")
