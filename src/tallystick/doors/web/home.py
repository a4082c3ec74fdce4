"""The first page, which explains the rating in one screen, and the search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.report import charts, figures
from tallystick.service import finding

SHOWN: Final = 20
MOST_CHOICES: Final = 8
"""Values of one facet that are shown."""
EXAMPLE: Final = (9_000, 15_000, 26_000)
"""Interval and mean, in ppm, of the company that the first page draws as an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing(Page):
    """The first page: `scale` is the picture of the grades with an example."""

    scale: Markup
    example: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: in words, how many companies have it, and where it leads: to the search narrowed by
    it, or back where it is chosen."""

    words: str
    companies: int
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    """Something to narrow a search by."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Page):
    """What a search found. `exact`: some of it is what was asked, letter by letter; `matching`: how many the
    choices leave, of `looked_at`; `plain`: the address of the search without choices."""

    q: str
    rows: tuple[dict[str, Any], ...]
    exact: bool
    facets: tuple[Facet, ...]
    narrowed: bool
    matching: int
    looked_at: int
    plain: str
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
    """Companies that a text may mean, with what each is and why it is listed, and what to narrow them by."""
    ask.caller.must("rating.read")
    q = ask.text("q", 300)
    chosen = {name: value for name in finding.FACETS if (value := ask.text(name, 20))}
    if q:
        told = finding.search(ask.service, q, SHOWN, ask.lang, chosen)
    else:
        told = {"companies": [], "facets": {}, "matching": 0, "looked_at": 0}
    rows = told["companies"]
    ask.shows(*(row["code"] for row in rows))
    page = Found(
        ask=ask,
        told={"q": q, **told},
        q=q,
        rows=tuple(rows),
        exact=any(row["match"] != "similar" for row in rows),
        facets=tuple(_facets(ask, q, told, chosen)) if told["looked_at"] else (),
        narrowed=bool(chosen),
        matching=told["matching"],
        looked_at=told["looked_at"],
        plain=ask.url("/search", q=q),
    )
    return answer(page, "search.html")


def _facets(
    ask: Ask, q: str, told: Mapping[str, Any], chosen: Mapping[str, str]
) -> Iterator[Facet]:
    """What there is to choose; a facet that leaves all whatever is chosen is none, unless it was chosen."""
    for name, counts in told["facets"].items():
        if name not in chosen and all(one["companies"] == told["matching"] for one in counts):
            continue
        choices = []
        shown = _telling(counts, chosen.get(name)) if name == "fresh" else counts
        for one in shown[:MOST_CHOICES]:
            value, on = one["value"], chosen.get(name) == one["value"]
            query = {**chosen, name: "" if on else value}
            url = ask.url("/search", q=q, **query)
            choices.append(Choice(_words(ask, name, value), one["companies"], on, url))
        yield Facet(ask.say(f"w.f.{name}"), tuple(choices))


def _telling(counts: list[dict[str, Any]], chosen: str | None) -> list[dict[str, Any]]:
    """Times without those that leave no more companies than the shorter one before."""
    before = [0, *(one["companies"] for one in counts)]
    return [
        one
        for one, shorter in zip(counts, before, strict=False)
        if one["companies"] > shorter or one["value"] in (finding.OLDER, finding.NONE, chosen)
    ]


def _words(ask: Ask, facet: str, value: str) -> str:
    if value == finding.NONE:
        return ask.say(f"w.f.none.{facet}")
    if facet == "level":
        return f"{value} {ask.say.either('level', value)}"
    if value == finding.OLDER:
        return ask.say("w.f.older", n=finding.WITHIN_DAYS[-1])
    if facet == "fresh":
        return ask.say("w.f.within", n=value)
    return ask.say.either("w.f", value) if facet == "role" else value
