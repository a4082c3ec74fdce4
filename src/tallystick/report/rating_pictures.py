"""The pictures of ratings: grade over time with what changed it, and two or more companies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final

from tallystick.rating.policy import GRADE_CEILING_PPM, GRADES
from tallystick.report import figures
from tallystick.report.phrases import Phrases
from tallystick.report.picture import (
    CARD,
    INK,
    LINE,
    MUTED,
    OTHER,
    OWN,
    TINTS,
    WIDTH,
    Picture,
    Spec,
    axis,
    dot,
    fit,
    framed,
    scale,
    ticks,
)
from tallystick.report.scale import position
from tallystick.units import PPM

TINT_OF_GRADE: Final = dict(zip(GRADES, (1, 1, 1, 2, 2, 3, 4, 4, 5, 5), strict=True))

LOOKS: Final = ((OWN, "circle"), (OTHER, "square"), (INK, "diamond"), (MUTED, "triangle-up"))
"""Colour and shape of the companies of a comparison, in their order; at most as many are compared."""

SHOWN_FACTORS: Final = 12

DATE: Final = "utcFormat(datum.value, '%Y-%m-%d')"

_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class GradePoint:
    """A rating from `day` (day number) on, and in words what changed it from the one before."""

    day: int
    score_tenths: int
    grade: str
    low_ppm: int
    high_ppm: int
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A company of a comparison: its headline rating, and (text, tenths of points) of its reasons; the base is
    left out, as it is large and says nothing of the company."""

    name: str
    grade: str
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    tenths: tuple[tuple[str, int], ...] = ()


def score_of(ppm: int) -> float:
    """The points of a chance: 600 at 5 %, 20 for odds doubled.

    >>> round(score_of(50_000), 1), round(score_of(25_641), 1)
    (600.0, 620.0)
    """
    share = min(max(ppm, 1), PPM - 1) / PPM
    return 600 + 20 / log(2) * (log((1 - share) / share) - log(19))


def history_picture(
    points: Sequence[GradePoint], last_day: int, coverage_ppm: int, say: Phrases
) -> Picture | None:
    """The score over time up to `last_day`, its interval, and numbers where something changed it. `points`: by
    day; None where there is none."""
    if not points:
        return None
    changes = [(n, point) for n, point in enumerate(points, start=1)]
    text = say(
        "history.desc",
        first=figures.iso(points[0].day),
        last=figures.iso(last_day),
        n=figures.count(len(points) - 1),
        from_grade=points[0].grade,
        to_grade=points[-1].grade,
    )
    coverage = figures.share(coverage_ppm)
    return Picture(
        key="history",
        lang=say.lang,
        title=say("history"),
        text=text,
        note=say("history.note", coverage=coverage),
        head=("", say("history.day"), say("grade"), say("score"), say("interval", coverage=coverage),
              say("history.causes")),
        rows=tuple(
            (str(n), figures.iso(p.day) or "", p.grade, _points(p.score_tenths),
             f"{figures.percent(p.low_ppm)} – {figures.percent(p.high_ppm)}",
             fit(say.joined(list(p.causes))) or "–")
            for n, p in changes
        ),
        spec=_history_spec(changes, last_day, say),
    )  # fmt: skip


def _points(tenths: int) -> str:
    return f"{tenths / 10:.1f}"


def _history_spec(changes: Sequence[tuple[int, GradePoint]], last_day: int, say: Phrases) -> Spec:
    values = [_history_value(n, point, say) for n, point in changes]
    end = max(last_day, values[-1]["ms"] // _DAY_MS + 1) * _DAY_MS
    lasting = [*values, {**values[-1], "ms": end, "number": "", "told": ""}]
    low = min(v["low"] for v in values) - 6
    high = max(v["high"] for v in values) + 6
    x = {"field": "ms", "type": "quantitative", "scale": scale(values[0]["ms"], end),
         "axis": axis(_dates(values[0]["ms"], end), labelExpr=DATE)}  # fmt: skip
    y = {"field": "score", "type": "quantitative", "scale": scale(low, high),
         "axis": axis(ticks(low, high), grid=False)}  # fmt: skip
    plot = {"data": {"values": lasting}}
    step = {"interpolate": "step-after", "color": OWN}
    layers: list[Spec] = [
        *_bands(low, high),
        {**plot, "mark": {"type": "area", "opacity": 0.13, **step},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {**plot, "mark": {"type": "line", "strokeWidth": 2.5, **step}, "encoding": {"x": x, "y": y}},
        {"data": {"values": values},
         "mark": dot(size=330, color=CARD, stroke=OWN),
         "encoding": {"x": x, "y": y, "description": {"field": "told"}}},
        {"data": {"values": values},
         "mark": {"type": "text", "baseline": "middle", "fontSize": 11, "fontWeight": 600, "dy": 0.5},
         "encoding": {"x": x, "y": y, "text": {"field": "number"}}},
    ]  # fmt: skip
    return framed(220, {"layer": layers}, (52, 14, 48, 30))


def _history_value(number: int, point: GradePoint, say: Phrases) -> dict[str, Any]:
    told = say(
        "history.told",
        day=figures.iso(point.day),
        grade=point.grade,
        score=_points(point.score_tenths),
        low=figures.percent(point.low_ppm),
        high=figures.percent(point.high_ppm),
        causes=say.joined(list(point.causes)),
    )
    score = point.score_tenths / 10
    return {
        "ms": point.day * _DAY_MS,
        "number": str(number),
        "score": score,
        "low": min(round(score_of(point.high_ppm), 1), score),
        "high": max(round(score_of(point.low_ppm), 1), score),
        "told": fit(told, 300),
    }


def _dates(first: int, last: int) -> list[int]:
    """About five days from the first to the last, as milliseconds."""
    days = (last - first) // _DAY_MS
    step = max(days // 4, 1)
    return [first + n * step * _DAY_MS for n in range(days // step + 1)]


def _bands(low: float, high: float) -> list[Spec]:
    """The grades behind the line, as tinted bands with their names at the right."""
    tops = [high, *(score_of(ppm) for ppm in GRADE_CEILING_PPM)]
    bands = []
    for grade, above, below in zip(GRADES, tops, [*tops[1:], low], strict=True):
        top, bottom = round(min(above, high), 1), round(max(below, low), 1)
        if top > bottom:
            named = grade if top - bottom > (high - low) / 18 else ""
            tint = TINTS[TINT_OF_GRADE[grade]]
            bands.append(
                {
                    "top": top,
                    "bottom": bottom,
                    "middle": (top + bottom) / 2,
                    "grade": named,
                    "tint": tint,
                }
            )
    y = {"field": "top", "type": "quantitative", "scale": scale(low, high)}
    return [
        {"data": {"values": bands}, "mark": {"type": "rect", "opacity": 0.55},
         "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH - 100}, "y": y, "y2": {"field": "bottom"},
                      "fill": {"field": "tint", "type": "nominal", "scale": None}}},
        {"data": {"values": bands}, "mark": {"type": "text", "align": "left", "baseline": "middle",
                                            "fontWeight": 600},
         "encoding": {"x": {"value": WIDTH - 100 + 8}, "y": {**y, "field": "middle"},
                      "text": {"field": "grade"}}},
    ]  # fmt: skip


ACROSS: Final[Spec] = {"type": "quantitative", "scale": scale(0, 1), "axis": None}
"""The scale of grades as an axis, by `scale.position`."""
AS_IT_IS: Final[Spec] = {"type": "nominal", "scale": None}
"""A field that says its colour or shape itself."""


def downwards(height: int) -> Spec:
    """Rows of a picture by their `y` in pixels, from the top."""
    across_pixels = {"domain": [0, height], "range": [0, height], "nice": False}
    return {"field": "y", "type": "quantitative", "axis": None, "scale": across_pixels}


def graded(height: int) -> list[Spec]:
    """The grades side by side behind rows that are `height` pixels high, with names above and chances below."""
    step = 1 / len(GRADES)
    grades = [
        {"from": n * step, "to": (n + 1) * step, "middle": (n + 0.5) * step, "grade": grade,
         "tint": TINTS[TINT_OF_GRADE[grade]]}
        for n, grade in enumerate(GRADES)
    ]  # fmt: skip
    edges = [
        {"at": (n + 1) * step, "text": f"{ppm / 1e4:g} %"}
        for n, ppm in enumerate(GRADE_CEILING_PPM)
    ]
    return [
        {"data": {"values": grades}, "mark": {"type": "rect", "opacity": 0.7, "stroke": CARD},
         "encoding": {"x": {**ACROSS, "field": "from"}, "x2": {"field": "to"},
                      "fill": AS_IT_IS | {"field": "tint"}, "y": {"value": 0}, "y2": {"value": height}}},
        {"data": {"values": grades}, "mark": {"type": "text", "fontWeight": 600, "baseline": "bottom"},
         "encoding": {"x": {**ACROSS, "field": "middle"}, "y": {"value": -6}, "text": {"field": "grade"}}},
        {"data": {"values": edges}, "mark": {"type": "text", "color": MUTED, "baseline": "top"},
         "encoding": {"x": {**ACROSS, "field": "at"}, "y": {"value": height + 6}, "text": {"field": "text"}}},
    ]  # fmt: skip


def intervals_picture(companies: Sequence[Compared], say: Phrases) -> Picture:
    """The intervals of two to four companies on one axis of grades. Raises `ValueError` for other numbers."""
    _few(companies)
    told = [
        say(
            "compare.told",
            name=fit(c.name, 60),
            grade=c.grade,
            mean=figures.percent(c.broken_ppm),
            low=figures.percent(c.low_ppm),
            high=figures.percent(c.high_ppm),
        )
        for c in companies
    ]
    return Picture(
        key="intervals",
        lang=say.lang,
        title=say("compare"),
        text=say("compare.desc", each=("；" if say.lang == "zh" else "; ").join(told)),
        note="",
        head=(say("compare.company"), say("grade"), say("chance_short"), "", ""),
        rows=tuple(
            (c.name, c.grade, *(figures.percent(v) for v in (c.broken_ppm, c.low_ppm, c.high_ppm)))
            for c in companies
        ),
        spec=_intervals_spec(companies, told),
    )


def _few(companies: Sequence[Compared]) -> None:
    if not 2 <= len(companies) <= len(LOOKS):
        raise ValueError(f"two to {len(LOOKS)} companies are compared, not {len(companies)}")


def _intervals_spec(companies: Sequence[Compared], told: list[str]) -> Spec:
    row = 46
    height = row * len(companies)
    values = [
        {"name": fit(c.name, 48), "low": position(c.low_ppm), "mean": position(c.broken_ppm),
         "high": position(c.high_ppm), "grade": c.grade, "told": words, "colour": colour, "shape": shape,
         "y": row * n + 28, "above": row * n + 10}
        for n, (c, words, (colour, shape)) in enumerate(zip(companies, told, LOOKS, strict=False))
    ]  # fmt: skip
    across, down, colour = ACROSS, downwards(height), AS_IT_IS | {"field": "colour"}
    layers: list[Spec] = [
        *graded(height),
        {"mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
         "encoding": {"x": {"value": 0}, "y": {**down, "field": "above"}, "text": {"field": "name"}}},
        {"mark": {"type": "rule", "strokeWidth": 3},
         "encoding": {"x": {**across, "field": "low"}, "x2": {"field": "high"}, "y": down, "stroke": colour}},
        {"mark": dot(size=170),
         "encoding": {"x": {**across, "field": "mean"}, "y": down, "fill": colour,
                      "shape": {"field": "shape", "type": "nominal", "scale": None},
                      "description": {"field": "told"}}},
    ]  # fmt: skip
    content = {"data": {"values": values}, "layer": layers}
    return framed(height, content, (10, 26, 10, 26))


def factors_picture(companies: Sequence[Compared], say: Phrases) -> Picture | None:
    """Points for each reason, a mark per company on one line, the widest difference first; None where no
    reason differs. Raises `ValueError` for fewer than two companies or more than four."""
    _few(companies)
    tenths = [{fit(text, 90): value for text, value in c.tenths} for c in companies]
    texts = list(dict.fromkeys(fit(text, 90) for c in companies for text, _ in c.tenths))
    rows = [(text, [each.get(text, 0) for each in tenths]) for text in texts]
    rows = [(text, points) for text, points in rows if len(set(points)) > 1]
    rows.sort(key=lambda row: min(row[1]) - max(row[1]))
    rows = rows[:SHOWN_FACTORS]
    if not rows:
        return None
    names = [fit(c.name, 60) for c in companies]
    return Picture(
        key="factors",
        lang=say.lang,
        title=say("factors"),
        text=say("factors.desc", names=say.joined(names), widest=rows[0][0]),
        note="",
        head=(say("reason"), *(c.name for c in companies)),
        rows=tuple((text, *(figures.points(value) for value in points)) for text, points in rows),
        spec=_factors_spec(names, rows, say),
    )


def _factors_spec(names: list[str], rows: list[tuple[str, list[int]]], say: Phrases) -> Spec:
    values = [
        {"text": text, "points": value / 10, "colour": colour, "shape": shape, "y": 38 * n + 27,
         "told": say("factors.told", text=text, name=name, points=figures.points(value))}
        for n, (text, points) in enumerate(rows)
        for name, value, (colour, shape) in zip(names, points, LOOKS, strict=False)
    ]  # fmt: skip
    lines = [
        {
            "text": text,
            "y": 38 * n + 27,
            "above": 38 * n + 9,
            "from": min(p) / 10,
            "to": max(p) / 10,
        }
        for n, (text, p) in enumerate(rows)
    ]
    height = 38 * len(rows)
    every = [0.0, *(value / 10 for _, points in rows for value in points)]
    low, high = min(every) - 2, max(every) + 2
    x: Spec = {"field": "points", "type": "quantitative", "scale": scale(low, high),
               "axis": axis(ticks(low, high, 8), title=say("points"), grid=True, titlePadding=6)}  # fmt: skip
    y: Spec = {"field": "y", "type": "quantitative", "axis": None,
               "scale": {"domain": [0, height], "range": [0, height], "nice": False}}  # fmt: skip
    colour = {"field": "colour", "type": "nominal", "scale": None}
    layers: list[Spec] = [
        {"data": {"values": [{"points": 0}]}, "mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 3]},
         "encoding": {"x": x, "y": {"value": 0}, "y2": {"value": height}}},
        {"data": {"values": lines}, "mark": {"type": "rule", "color": LINE, "strokeWidth": 4},
         "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y}},
        {"data": {"values": lines}, "mark": {"type": "text", "align": "left", "baseline": "middle"},
         "encoding": {"x": {"value": 0}, "y": {**y, "field": "above"}, "text": {"field": "text"}}},
        {"mark": dot(size=120),
         "encoding": {"x": x, "y": y, "fill": colour, "description": {"field": "told"},
                      "shape": {"field": "shape", "type": "nominal", "scale": None}}},
    ]  # fmt: skip
    content = {"data": {"values": values}, "layer": layers}
    return framed(height, content, (10, 4, 10, 44))
