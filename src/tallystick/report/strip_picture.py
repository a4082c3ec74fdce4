"""The promise strip as a picture: each promise by the day on which it was due, how many days later it was kept,
and how it ended.

Worked example: three promises kept on their day and one five days late are three dots on the line at 0 and a
triangle at 5; one that never came is a cross at the top.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from tallystick.report import blocks as b
from tallystick.report import figures
from tallystick.report.phrases import Phrases
from tallystick.report.picture import (
    BROKEN,
    LINE,
    MUTED,
    OTHER,
    OWN,
    Picture,
    Spec,
    axis,
    framed,
    scale,
)

EARLIEST, LATEST = -14, 45
"""Days on the plot; what lies beyond is drawn at its edge."""
NEVER, OPEN = LATEST + 10, EARLIEST - 8
"""Where promises stand that were never kept, and those that are open."""
ORDER: Final = ("kept", "late", "partial", "broken", "excused", "disputed", "open")
LOOKS: Final = {
    "kept": (OWN, "circle"),
    "late": (OTHER, "triangle-up"),
    "partial": (OTHER, "diamond"),
    "broken": (BROKEN, "cross"),
    "excused": (MUTED, "square"),
    "disputed": (MUTED, "triangle-down"),
    "open": (MUTED, "triangle-right"),
}
"""Outcome -> colour and shape, so that colour is never alone."""
_DAY_MS: Final = 86_400_000
_MONTH: Final = "utcFormat(datum.value, '%Y-%m')"


def strip_picture(dots: tuple[b.Dot, ...], say: Phrases) -> Picture | None:
    """Each promise of a record; None for fewer than two."""
    if len(dots) < 2:
        return None
    counts = Counter(dot.outcome for dot in dots)
    told = [(name, counts[name]) for name in ORDER if counts[name]]
    words = [f"{say('outcome.' + name)} {figures.count(n)}" for name, n in told]
    return Picture(
        key="strip",
        lang=say.lang,
        title=say("strip"),
        text=say.joined(words),
        note="",
        head=(say("outcome"), say("promises")),
        rows=tuple((say("outcome." + name), figures.count(n)) for name, n in told),
        spec=_spec(dots, [name for name, _ in told], say),
    )


def _height(dot: b.Dot) -> int:
    if dot.after_days is None:
        return OPEN if dot.outcome == "open" else NEVER
    return min(max(dot.after_days, EARLIEST), LATEST)


def _spec(dots: tuple[b.Dot, ...], outcomes: list[str], say: Phrases) -> Spec:
    first, last = dots[0].due_day, max(dots[-1].due_day, dots[0].due_day + 30)
    values: list[dict[str, Any]] = [
        {
            "ms": dot.due_day * _DAY_MS,
            "days": _height(dot),
            "outcome": say("outcome." + dot.outcome),
        }
        for dot in sorted(dots, key=lambda dot: dot.outcome != "kept")
    ]
    step = max((last - first) // 6, 1)
    months = [day * _DAY_MS for day in range(first + step // 2, last + 1, step)]
    x = {"field": "ms", "type": "quantitative", "scale": scale(first * _DAY_MS, last * _DAY_MS),
         "axis": axis(months, labelExpr=_MONTH)}  # fmt: skip
    labels = {
        NEVER: say("never"),
        LATEST: f"≥ {LATEST}",
        EARLIEST: say("early"),
        OPEN: say("outcome.open"),
    }
    named = " : ".join(f"datum.value == {at} ? {_quoted(told)}" for at, told in labels.items())
    y = {"field": "days", "type": "quantitative", "scale": scale(OPEN - 4, NEVER + 4),
         "axis": axis([OPEN, EARLIEST, 0, 15, 30, LATEST, NEVER], grid=True,
                      labelExpr=f"{named} : datum.label")}  # fmt: skip
    words = [say("outcome." + name) for name in outcomes]
    looks = [LOOKS[name] for name in outcomes]
    legend = {
        "title": None,
        "orient": "bottom",
        "direction": "horizontal",
        "offset": 26,
        "symbolSize": 60,
    }
    kind = {"field": "outcome", "type": "nominal"}
    mark = {"type": "point", "filled": True, "opacity": 0.75, "size": 42, "strokeWidth": 1.5}
    layers: list[Spec] = [
        {"data": {"values": [{"days": 0}]}, "mark": {"type": "rule", "color": LINE, "strokeWidth": 2},
         "encoding": {"y": y, "x": {"value": 0}, "x2": {"value": "width"}}},
        {"data": {"values": values}, "mark": mark,
         "encoding": {
             "x": x, "y": y,
             "color": {**kind, "scale": {"domain": words, "range": [c for c, _ in looks]}, "legend": legend},
             "shape": {**kind, "scale": {"domain": words, "range": [s for _, s in looks]}, "legend": legend},
         }},
    ]  # fmt: skip
    return framed(200, {"layer": layers}, (60, 8, 12, 62))


def _quoted(text: str) -> str:
    """A text of ours in an expression of the charting library."""
    return "'" + text.replace("\\", "").replace("'", "") + "'"
