"""Pictures of a report: what a charting library draws, with the words and the table that say the same.

Idea: a picture is data. Its `spec` is Vega-Lite, made of plain values, so that nothing here knows who draws it
(`adapters.drawing` does, as SVG). All sizes, paddings and ticks are given and no text is measured, so that the
drawing is the same on every machine whatever fonts it has. Whoever cannot see it reads `title` and `text`, and
`head` and `rows` as a table.

Worked example: `quarters_picture` of 3 quarters has a spec with 3 rows of data, the text "Share of promises
kept in 3 quarters, ...", and a table of 3 rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Spec = dict[str, Any]

INK: Final = "#1c2733"
MUTED: Final = "#505c68"
LINE: Final = "#ddd8cc"
CARD: Final = "#fffefb"
OWN: Final = "#1f4e79"
OTHER: Final = "#a35b00"
BROKEN: Final = "#b3261e"
TINTS: Final = ("#d8e3f0", "#cfe8da", "#e2edcb", "#f7e9ba", "#f9d9bd", "#f5cac5")
"""The colours of templates/report.css in light; templates/drawn.css turns them into those for the dark.
Blue and brown are told apart by all eyes, and lines differ in their dashes and marks in their shape besides."""

PALETTE: Final = {
    "ink": INK,
    "muted": MUTED,
    "line": LINE,
    "card": CARD,
    "accent": OWN,
    "late": OTHER,
    "broken": BROKEN,
    **{f"t{n}": tint for n, tint in enumerate(TINTS)},
}
"""Variable of the style sheet -> the colour that a picture draws in its place."""

WIDTH: Final = 640
"""Pixels across, paddings included; drawn to scale wherever it stands."""

_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture. `key`: what it shows, the same in all languages; `title`: its heading; `text`: what it says
    in a sentence or two; `note`: how to read it; `head`, `rows`: the same as a table, words and figures ready
    to read, the first of a row its heading."""

    key: str
    lang: str
    title: str
    text: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spec: Spec


def fit(text: str, letters: int = 200) -> str:
    """A text that strangers wrote as a picture may bear it: without control characters, and not longer.

    >>> fit("Acme\\x00 Trading", 8)
    'Acme Tr…'
    """
    clean = _UNFIT.sub("", text)
    return clean if len(clean) <= letters else clean[: letters - 1] + "…"


def framed(height: int, content: Mapping[str, Any], padding: tuple[int, int, int, int]) -> Spec:
    """A spec with its frame. `content`: data and layers, or plots above each other, `height` pixels high;
    `padding`: left, top, right, bottom. The size of the whole stands under `usermeta`."""
    left, top, right, bottom = padding
    plot = {} if "vconcat" in content else {"width": WIDTH - left - right, "height": height}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "usermeta": {"width": WIDTH, "height": height + top + bottom},
        "background": "transparent",
        "autosize": {"type": "none"},
        "padding": {"left": left, "top": top, "right": right, "bottom": bottom},
        **plot,
        **content,
        "config": _CONFIG,
    }


def axis(values: Sequence[Any], **more: Any) -> Spec:
    """An axis with those ticks and no others."""
    return {"values": list(values), "title": None, "labelOverlap": False, **more}


def scale(low: float, high: float) -> Spec:
    """From `low` to `high` and not further."""
    return {"domain": [low, high], "nice": False, "zero": False}


def dot(shape: str = "circle", size: int = 100, **more: Any) -> Spec:
    """A mark with an edge of paper, so that two on one place are seen as two."""
    edge = {"stroke": CARD, "strokeWidth": 1.5}
    return {
        "type": "point",
        "filled": True,
        "opacity": 1,
        "shape": shape,
        "size": size,
        **edge,
        **more,
    }


def percent_axis(values: Sequence[float]) -> Spec:
    """An axis of shares from 0 to 1."""
    return axis(values, labelExpr="format(datum.value * 100, '.3~g') + ' %'")


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from `low` to `high`, at most `most` of them.

    >>> ticks(0.7, 1.0), ticks(580, 655)
    ([0.7, 0.8, 0.9, 1.0], [580, 600, 620, 640])
    """
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        first, last = -(-low * 1e6 // (step * 1e6)), (high * 1e6 + 1) // (step * 1e6)
        if last - first < most:
            found = [round(n * step, 6) for n in range(int(first), int(last) + 1)]
            return [int(value) if value == int(value) and step >= 1 else value for value in found]
    return [low, high]


def floor_of(lowest: float) -> float:
    """Where an axis of shares up to 1 begins: the tenth below the lowest, at most .9.

    >>> floor_of(0.97), floor_of(0.42), floor_of(0.0)
    (0.9, 0.4, 0.0)
    """
    return min(int(lowest * 10 + 1e-9), 9) / 10


_CONFIG: Final[Spec] = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelLimit": 0,
        "labelPadding": 6,
        "labelFlush": False,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleLimit": 0,
    },
    "axisX": {"grid": False, "labelAngle": 0},
    "text": {"color": INK, "fontSize": 12, "limit": 0},
    "concat": {"spacing": 0},
}
