"""The pictures of who hands evidence in: what became of it day by day, how late it came month by month, and
which ratings it moved.

Worked example: `handed_picture` of two days has two bars, each cut into accepted, known before, held and
rejected, the text "Documents handed in from ...", and a table of two rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tallystick.evidence.ledger import OUTCOMES
from tallystick.report import figures
from tallystick.report.phrases import Phrases
from tallystick.report.picture import (
    BROKEN,
    CARD,
    INK,
    MUTED,
    OTHER,
    OWN,
    Picture,
    Spec,
    axis,
    dot,
    fit,
    framed,
    scale,
    ticks,
)
from tallystick.report.rating_pictures import ACROSS, AS_IT_IS, downwards, graded
from tallystick.report.scale import position

MOST_DAYS: Final = 20
MOST_LEVEL: Final = 12
"""Days whose names are written level; those of more are turned."""
MOST_MOVED: Final = 12
MOST_MONTHS: Final = 24
LATE_DAYS: Final = (0, 1, 3, 7, 30, 90, 365, 1000, 3000)
"""Days late that the axis may name; it grows by factors, as a day more matters less after a year."""
_COLOURS: Final = (OWN, MUTED, OTHER, BROKEN)


@dataclass(frozen=True, slots=True)
class Moved:
    """A company whose rating moved: its grade and chance before (None where it had none) and after."""

    name: str
    before: tuple[str, int] | None
    after: tuple[str, int]


def handed_picture(days: Sequence[tuple[str, Sequence[int]]], say: Phrases) -> Picture | None:
    """Documents by day and outcome, the newest days. `days`: (day, counts in the order of `OUTCOMES`), oldest
    first; None where there is none."""
    shown = [(day, counts) for day, counts in days if sum(counts)][-MOST_DAYS:]
    if not shown:
        return None
    totals = [sum(counts[n] for _, counts in shown) for n in range(len(OUTCOMES))]
    told = [
        f"{say(f'handed.{name}')} {figures.count(n)}"
        for name, n in zip(OUTCOMES, totals, strict=True)
    ]
    n = figures.count(len(shown))
    return Picture(
        key="handed",
        lang=say.lang,
        title=say("handed"),
        text=say("handed.desc", n=n, first=shown[0][0], last=shown[-1][0], told=say.joined(told)),
        note=say("handed.note"),
        head=(say("day"), *(say(f"handed.{name}") for name in OUTCOMES)),
        rows=tuple((day, *map(figures.count, counts)) for day, counts in shown),
        spec=_handed_spec(shown, say),
    )


def _handed_spec(shown: Sequence[tuple[str, Sequence[int]]], say: Phrases) -> Spec:
    most, many = max(sum(counts) for _, counts in shown), len(shown) > MOST_LEVEL
    values: list[dict[str, Any]] = []
    for day, counts in shown:
        low = 0
        for name, colour, n in zip(OUTCOMES, _COLOURS, counts, strict=True):
            told = f"{day}: {say(f'handed.{name}')} {figures.count(n)}"
            values.append(
                {"day": day[5:], "low": low, "high": low + n, "colour": colour, "told": told}
            )
            low += n
    below = {"title": None, "labelAngle": -60 if many else 0, "labelOverlap": False}
    x = {"field": "day", "type": "ordinal", "sort": None, "axis": below}
    y = {
        "field": "low",
        "type": "quantitative",
        "scale": scale(0, most),
        "axis": axis(ticks(0, most)),
    }
    bars: Spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": CARD, "width": {"band": min(0.6, 0.1 * len(shown))}},
        "encoding": {"x": x, "y": y, "y2": {"field": "high"}, "description": {"field": "told"},
                     "fill": AS_IT_IS | {"field": "colour"}},
    }  # fmt: skip
    return framed(150, {"layer": [bars, *_key(say)]}, (52, 34, 8, 52 if many else 28))


def _key(say: Phrases) -> list[Spec]:
    """Which colour is which outcome, above the bars."""
    return [
        layer
        for n, (name, colour) in enumerate(zip(OUTCOMES, _COLOURS, strict=True))
        for layer in _named_mark(8 + 140 * n, "square", colour, say(f"handed.{name}"))
    ]


def _named_mark(left: int, shape: str, colour: str, text: str) -> list[Spec]:
    """A mark and what it stands for, above a plot."""
    data = {"data": {"values": [{"text": text}]}}
    at = {"x": {"value": left}, "y": {"value": -18}}
    mark = {
        "type": "point",
        "shape": shape,
        "filled": True,
        "size": 110,
        "opacity": 1,
        "color": colour,
    }
    words = {"type": "text", "align": "left", "baseline": "middle", "dx": 10}
    return [
        {**data, "mark": mark, "encoding": at},
        {**data, "mark": words, "encoding": at | {"text": {"field": "text"}}},
    ]


def late_picture(months: Sequence[tuple[str, int, int, int]], say: Phrases) -> Picture | None:
    """How late documents were handed in, the newest months. `months`: (month, documents, median and ninth tenth
    of the days late), oldest first; None where there is none."""
    shown = months[-MOST_MONTHS:]
    if not shown:
        return None
    month, _, median, most = shown[-1]
    return Picture(
        key="lateness",
        lang=say.lang,
        title=say("lateness"),
        text=say("lateness.desc", n=figures.count(len(shown)), first=shown[0][0], month=month,
                 median=figures.count(median), most=figures.count(most)),
        note=say("lateness.note"),
        head=(say("lateness.month"), say("documents"), say("lateness.p50"), say("lateness.p90")),
        rows=tuple((name, *map(figures.count, counts)) for name, *counts in shown),
        spec=_late_spec(shown, say),
    )  # fmt: skip


def _late_spec(shown: Sequence[tuple[str, int, int, int]], say: Phrases) -> Spec:
    top, many = max(7, *(most for *_, most in shown)), len(shown) > MOST_LEVEL
    values = [
        {"month": month, "low": median, "high": most,
         "told": f"{month}: {say('lateness.p50')} {figures.count(median)}, "
                 f"{say('lateness.p90')} {figures.count(most)}"}
        for month, _, median, most in shown
    ]  # fmt: skip
    below = {"title": None, "labelAngle": -60 if many else 0, "labelOverlap": False}
    x = {"field": "month", "type": "ordinal", "sort": None, "axis": below}
    y = {"type": "quantitative", "scale": scale(0, top) | {"type": "symlog"},
         "axis": axis([days for days in LATE_DAYS if days <= top])}  # fmt: skip
    layers: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 2, "color": MUTED},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"mark": dot("square", 90, color=OTHER), "encoding": {"x": x, "y": {**y, "field": "high"}}},
        {"mark": dot("circle", 110, color=OWN),
         "encoding": {"x": x, "y": {**y, "field": "low"}, "description": {"field": "told"}}},
    ]  # fmt: skip
    marks = (("circle", OWN, "lateness.p50"), ("square", OTHER, "lateness.p90"))
    key = [
        layer
        for n, (shape, colour, words) in enumerate(marks)
        for layer in _named_mark(8 + 200 * n, shape, colour, say(words))
    ]
    content = {"data": {"values": values}, "layer": [*layers, *key]}
    return framed(150, content, (52, 34, 8, 58 if many else 28))


def moved_picture(companies: Sequence[Moved], say: Phrases) -> Picture | None:
    """From where to where ratings moved, the widest moves first; None where none had a rating before."""
    both = [(one, one.before) for one in companies if one.before is not None]
    if not both:
        return None
    both.sort(
        key=lambda pair: (-abs(position(pair[0].after[1]) - position(pair[1][1])), pair[0].name)
    )
    shown = [(one, before) for one, before in both[:MOST_MOVED]]
    better = sum(one.after[1] < before[1] for one, before in both)
    worse = sum(one.after[1] > before[1] for one, before in both)
    return Picture(
        key="moved",
        lang=say.lang,
        title=say("moved"),
        text=say("moved.desc", n=figures.count(len(both)), better=figures.count(better),
                 worse=figures.count(worse)),
        note=say("moved.note", n=len(shown)),
        head=(say("company"), say("moved.before"), say("moved.after")),
        rows=tuple((fit(one.name, 60), _chance(before), _chance(one.after)) for one, before in shown),
        spec=_moved_spec(shown),
    )  # fmt: skip


def _chance(rated: tuple[str, int]) -> str:
    return f"{rated[0]} · {figures.percent(rated[1])}"


def _moved_spec(shown: Sequence[tuple[Moved, tuple[str, int]]]) -> Spec:
    row = 34
    height = row * len(shown)
    values = [
        {"name": fit(one.name, 48), "from": position(before[1]), "to": position(one.after[1]),
         "told": f"{fit(one.name, 60)}: {_chance(before)} → {_chance(one.after)}",
         "colour": OWN if one.after[1] <= before[1] else OTHER,
         "shape": "circle" if one.after[1] <= before[1] else "square",
         "y": row * n + 24, "above": row * n + 9}
        for n, (one, before) in enumerate(shown)
    ]  # fmt: skip
    down, colour = downwards(height), AS_IT_IS | {"field": "colour"}
    layers: list[Spec] = [
        *graded(height),
        {"mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
         "encoding": {"x": {"value": 0}, "y": {**down, "field": "above"}, "text": {"field": "name"}}},
        {"mark": {"type": "rule", "strokeWidth": 2.5},
         "encoding": {"x": {**ACROSS, "field": "from"}, "x2": {"field": "to"}, "y": down, "stroke": colour}},
        {"mark": dot(size=70, color=CARD, stroke=INK),
         "encoding": {"x": {**ACROSS, "field": "from"}, "y": down}},
        {"mark": dot(size=140),
         "encoding": {"x": {**ACROSS, "field": "to"}, "y": down, "fill": colour,
                      "shape": AS_IT_IS | {"field": "shape"},
                      "description": {"field": "told"}}},
    ]  # fmt: skip
    return framed(height, {"data": {"values": values}, "layer": layers}, (10, 26, 10, 26))
