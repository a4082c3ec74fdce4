"""The report as one self-contained HTML file: no script, no request, readable in print.

Names in a report were written by strangers. The template escapes everything, the charts escape their words
(`svg.tag`), and a content security policy forbids whatever might slip through to run or load.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, Environment, StrictUndefined, Template
from markupsafe import Markup

from tallystick.report import blocks as b
from tallystick.report import charts, figures
from tallystick.report.phrases import Phrases
from tallystick.report.standing import chance_label, where

FILTERS = {
    "percent": figures.percent,
    "share": figures.share,
    "usd": figures.money_usd,
    "points": figures.points,
    "count": figures.count,
    "weight": figures.weight,
}


def render_html(report: b.Report) -> str:
    """The page as text, to be written as UTF-8."""
    say = Phrases(report.lang)
    promises = report.block(b.Promises)
    outcomes = {dot.outcome for dot in promises.dots}
    order = ["kept", "late", "partial", "broken", "excused", "disputed", "open"]
    return _template().render(
        lang="zh-Hans" if report.lang == "zh" else "en",
        say=say,
        charts=charts,
        chance=chance_label(report.block(b.Headline), say),
        money=figures.money,
        where=where,
        style=Markup(_text("report.css")),
        head=report.block(b.Headline),
        meaning=report.block(b.Meaning),
        reasons=report.block(b.Reasons),
        record=report.block(b.TrackRecord),
        promises=promises,
        legend=charts.legend([name for name in order if name in outcomes], say),
        breaks=report.block(b.Breaks),
        related=report.block(b.Related),
        outlook=report.block(b.Outlook),
        provenance=report.block(b.Provenance),
        versions=report.block(b.Versions),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=BaseLoader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment.from_string(_text("report.html"))


def _text(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")
