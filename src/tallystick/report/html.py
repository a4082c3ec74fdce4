"""The report as one self-contained HTML file: no script, no request, readable in print.

Names in a report were written by strangers. The template escapes everything, the charts escape their words
(`svg.tag`; `adapters.drawing`), and a content security policy forbids whatever might slip through to run or
load.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from tallystick.report import blocks as b
from tallystick.report import charts, figures
from tallystick.report.page import language_tag, style, template
from tallystick.report.phrases import Phrases
from tallystick.report.picture import Picture
from tallystick.report.pictures import pictures_of
from tallystick.report.standing import chance_label, where

FILTERS = {
    "percent": figures.percent,
    "share": figures.share,
    "usd": figures.money_usd,
    "points": figures.points,
    "count": figures.count,
    "weight": figures.weight,
    "expected": figures.expected,
}


PLAN_SHOWN = 6
"""Steps of the way up that are seen at once; the others are folded away."""

Draw = Callable[[Picture], str]
"""Who draws a picture as an `svg` element: `adapters.drawing.draw`."""


def render_html(report: b.Report, draw: Draw | None = None) -> str:
    """The page as text, to be written as UTF-8. Without `draw` its pictures are tables."""
    return _template().render(
        lang=language_tag(report.lang),
        say=Phrases(report.lang),
        style=style("report.css", "drawn.css"),
        **context(report, draw),
    )


def context(report: b.Report, draw: Draw | None = None) -> dict[str, Any]:
    """What `report.html` reads of a report; a page of the service that extends it shows the same. `deal_link`:
    what an address of a deal begins with, where deals have pages; `row_links`: id of a promise -> (address,
    words) of what can be done with it there."""
    say = Phrases(report.lang)
    promises = report.block(b.Promises)
    outcomes = {dot.outcome for dot in promises.dots}
    order = ["kept", "late", "partial", "broken", "excused", "disputed", "open"]
    return {
        "deal_link": "",
        "plan_shown": PLAN_SHOWN,
        "row_links": {},
        "charts": charts,
        "chance": chance_label(report.block(b.Headline), say),
        "money": figures.money,
        "where": where,
        "draw": draw and (lambda picture: Markup(draw(picture))),
        "pictures": pictures_of(report),
        "head": report.block(b.Headline),
        "meaning": report.block(b.Meaning),
        "reasons": report.block(b.Reasons),
        "record": report.block(b.TrackRecord),
        "horizon": [
            list(rows)
            for _, rows in groupby(report.block(b.Horizon).rows, key=lambda row: row.name)
        ],
        "promises": promises,
        "legend": charts.legend([name for name in order if name in outcomes], say),
        "breaks": report.block(b.Breaks),
        "struck": report.block(b.Struck),
        "related": report.block(b.Related),
        "outlook": report.block(b.Outlook),
        "provenance": report.block(b.Provenance),
        "versions": report.block(b.Versions),
    }


@cache
def _template() -> Template:
    return template("report.html", FILTERS)
