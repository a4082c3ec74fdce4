"""The picture of fairness in a validation: for each segment, how much more was broken than was stated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from tallystick.rating.validation.segments import Segment
from tallystick.report.phrases import Phrases
from tallystick.report.picture import (
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
from tallystick.report.validation import LEAST_EXPECTED, value_name

DIMENSIONS: Final = ("country", "size", "known", "age", "contributor")
"""Groups of companies, whom a rating may wrong; kinds of promise are not."""

MOST: Final = 8
"""Segments of one dimension that are drawn, the largest."""

SIGNED: Final = "datum.value ? format(datum.value, '+') : '0'"
ROW: Final = 22
LEFT: Final = 190


def fairness_picture(segments: Sequence[Segment], say: Phrases) -> Picture | None:
    """Observed less stated with its interval, segment by segment; None where no segment is large enough."""
    groups = [
        (say(f"v.d.{dimension}"), sorted(found, key=lambda s: -s.promises)[:MOST])
        for dimension, found in groupby(filter(_told, segments), key=lambda s: s.dimension)
        if dimension in DIMENSIONS
    ]
    shown = [segment for _, found in groups for segment in found]
    if not shown:
        return None
    worst = max(shown, key=lambda s: abs(s.honesty_gap.value))
    off = [s for s in shown if s.honesty_gap.low > 0 or s.honesty_gap.high < 0]
    text = say(
        "v.fair.desc",
        n=len(shown),
        off=len(off),
        worst=fit(value_name(worst, say), 60),
        gap=_points(worst.honesty_gap.value),
    )
    return Picture(
        key="fairness",
        lang=say.lang,
        title=say("v.gap_honesty"),
        text=text,
        note=say("v.fair.note", least=LEAST_EXPECTED),
        head=(say("v.fair.segment"), "", say("v.gap_honesty"), say("v.interval")),
        rows=tuple(
            (
                value_name(s, say),
                title,
                _points(s.honesty_gap.value),
                f"{_points(s.honesty_gap.low)} – {_points(s.honesty_gap.high)}",
            )
            for title, found in groups
            for s in found
        ),
        spec=_spec(groups, say),
    )


def _told(segment: Segment) -> bool:
    return segment.expected >= LEAST_EXPECTED and math.isfinite(segment.honesty_gap.low)


def _points(share: float) -> str:
    """A difference of shares in percentage points."""
    return f"{100 * share:+.1f}".replace("-", "−")


def _spec(groups: Sequence[tuple[str, Sequence[Segment]]], say: Phrases) -> Spec:
    values: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    y = 0
    for title, found in groups:
        titles.append({"text": title, "y": y + ROW / 2})
        y += ROW
        for segment in found:
            values.append(_value(segment, y + ROW / 2, say))
            y += ROW
    ends = [end for v in values for end in (v["low"], v["high"])]
    low, high = min(*ends, 0) - 0.5, max(*ends, 0) + 0.5
    x: Spec = {"field": "gap", "type": "quantitative", "scale": scale(low, high),
               "axis": axis(ticks(low, high, 8), labelExpr=SIGNED, grid=True)}  # fmt: skip
    down: Spec = {"field": "y", "type": "quantitative", "axis": None,
                  "scale": {"domain": [0, y], "range": [0, y], "nice": False}}  # fmt: skip
    colour = {"condition": {"test": "datum.off", "value": OTHER}, "value": OWN}
    shape = {"condition": {"test": "datum.off", "value": "square"}, "value": "circle"}
    names = {"type": "text", "align": "right", "baseline": "middle"}
    layers: list[Spec] = [
        {"data": {"values": [{"gap": 0}]}, "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": {"value": 0}, "y2": {"value": y}}},
        {"data": {"values": titles}, "mark": {**names, "align": "left", "fontWeight": 600},
         "encoding": {"x": {"value": -LEFT + 6}, "y": down, "text": {"field": "text"}}},
        {"mark": names, "encoding": {"x": {"value": -8}, "y": down, "text": {"field": "name"}}},
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": down, "color": colour}},
        {"mark": dot(size=80),
         "encoding": {"x": x, "y": down, "fill": colour, "shape": shape,
                      "description": {"field": "told"}}},
    ]  # fmt: skip
    return framed(y, {"data": {"values": values}, "layer": layers}, (LEFT, 6, 12, 26))


def _value(segment: Segment, y: float, say: Phrases) -> dict[str, Any]:
    gap = segment.honesty_gap
    name = fit(value_name(segment, say), 26)
    told = f"{name}: {_points(gap.value)} ({_points(gap.low)} – {_points(gap.high)})"
    value, low, high = (round(100 * share, 3) for share in (gap.value, gap.low, gap.high))
    return {"name": name, "gap": value, "low": low, "high": high, "off": low > 0 or high < 0,
            "y": y, "told": told}  # fmt: skip
