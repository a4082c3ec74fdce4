"""The timeline of a deal as one self-contained page: the picture, and everything in it as text below.

The picture is no riddle for those who do not see it: each event, break, promise and sum stands in a list or
table, and marks in the picture are links to them. No script, no request; light, dark, print and phone by style
sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Template

from tallystick.report import charts, figures
from tallystick.report.figures import quantity
from tallystick.report.page import language_tag, style, template
from tallystick.report.phrases import Phrases
from tallystick.report.standing import where
from tallystick.report.timeline import OUTCOMES
from tallystick.report.timeline_blocks import Event, Guess, Timeline
from tallystick.report.timeline_chart import picture
from tallystick.report.timeline_sums import amount

FILTERS = {"iso": figures.iso, "moment": figures.iso_moment}


def render_timeline_html(deal: Timeline) -> str:
    """The page as text, to be written as UTF-8."""
    return _template().render(
        lang=language_tag(deal.lang),
        say=Phrases(deal.lang),
        style=style("report.css", "timeline.css"),
        **context(deal),
    )


def context(deal: Timeline) -> dict[str, Any]:
    """What `timeline.html` reads of a deal; a page of the service that extends it shows the same."""
    say = Phrases(deal.lang)
    outcomes = {span.outcome for span in deal.spans}
    return {
        "deal": deal,
        "picture": picture(deal),
        "legend": charts.legend([name for name in OUTCOMES if name in outcomes], say),
        "days": by_day(deal.events),
        "guesses": {
            e.anchor: [g for g in deal.guesses if g.event == e.anchor] for e in deal.events
        },
        "name": lambda anchor: deal.event(anchor).name,
        "guess_words": lambda guess: guess_words(guess, deal, say),
        "money": figures.money,
        "quantity": quantity,
        "figure": amount,
        "where": where,
    }


def by_day(events: Sequence[Event]) -> list[tuple[str | None, int, list[Event]]]:
    """The events of each day: its date, how many days after the one before it, and they."""
    found: list[tuple[str | None, int, list[Event]]] = []
    before: int | None = None
    for day, group in groupby(events, key=lambda event: event.day):
        gap = day - before if day is not None and before is not None else 0
        found.append((figures.iso(day), gap, list(group)))
        before = day
    return found


def guess_words(guess: Guess, deal: Timeline, say: Phrases) -> str:
    """An inferred link as a sentence: to what, how strong, and by which rule."""
    met = [deal.event(anchor) for anchor in guess.to]
    to = say.joined([event.name for event in met])
    blanks = {
        "to": to or say("t.another"),
        "strength": f"{guess.ppm / 1e6:.2f}",
        "words": guess.words,
    }
    if guess.part_minor is None:
        return say("t.guess", **blanks)
    return say("t.guess_part", part=figures.money(guess.part_minor, guess.currency), **blanks)


@cache
def _template() -> Template:
    return template("timeline.html", FILTERS)
