"""The validation report as one self-contained HTML file: no script, no request, readable in print."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from tallystick.rating.validation.bootstrap import Estimate
from tallystick.rating.validation.grades import Migration
from tallystick.report import figures, validation_charts
from tallystick.report.html import Draw
from tallystick.report.page import language_tag, style, template
from tallystick.report.phrases import Phrases
from tallystick.report.validation import (
    LEAST_EXPECTED,
    SEGMENT_LIMITS,
    ValidationReport,
    model_name,
    value_name,
)
from tallystick.report.validation_pictures import fairness_picture

SHOWN: tuple[str, ...] = ("auc", "log_loss", "ece", "observed_expected")
"""The figures at the top."""


def render_validation(report: ValidationReport, draw: Draw | None = None) -> str:
    """The page as text, to be written as UTF-8. Without `draw` its picture is a table."""
    sheet = style("report.css", "drawn.css", "validation.css")
    return _template().render(context(report, draw) | {"style": sheet})


def context(report: ValidationReport, draw: Draw | None = None) -> dict[str, Any]:
    """What the template reads but for its style, so that other pages can show the same."""
    say, v = Phrases(report.lang), report.validation
    widest = [abs(r.less.value) for r in v.rivals if r.name != v.model]
    return {
        "lang": language_tag(report.lang),
        "say": say,
        "report": report,
        "v": v,
        "charts": validation_charts,
        "shown": SHOWN,
        "draw": draw and (lambda picture: Markup(draw(picture))),
        "fairness": fairness_picture(v.segments, say),
        "model_name": lambda name: model_name(name, say),
        "value_name": lambda segment: value_name(segment, say),
        "dimensions": [(d, list(s)) for d, s in groupby(v.segments, key=lambda s: s.dimension)],
        "band": SEGMENT_LIMITS,
        "least_expected": LEAST_EXPECTED,
        "widest": min(sorted(widest)[len(widest) // 2] * 2, max(widest)) if widest else 1.0,
        "moved": _moved(v.migration),
    }


def _moved(migration: Migration | None) -> dict[str, str]:
    if migration is None:
        return {}
    shares = {name: f"{getattr(migration, name):.1%}" for name in ("stayed", "better", "worse")}
    return shares | {name: figures.count(getattr(migration, name)) for name in ("came", "went")}


def number(value: float, digits: int = 3, sign: bool = False) -> str:
    """A figure, or a dash where it cannot be told."""
    if not math.isfinite(value):
        return "–"
    return f"{value:{'+' if sign else ''}.{digits}f}".replace("-", "−")


def interval(e: Estimate, digits: int = 3, sign: bool = False) -> str:
    """An interval, or a dash where it cannot be told."""
    if not math.isfinite(e.low):
        return "–"
    return f"{number(e.low, digits, sign)} – {number(e.high, digits, sign)}"


def share(value: float, digits: int = 1, sign: bool = False) -> str:
    """A share in per cent, or a dash."""
    told = number(100 * value, digits, sign)
    return told if told == "–" else told + figures.PERCENT


def leaves_out_zero(e: Estimate) -> bool:
    """Whether an interval lies on one side of zero."""
    return e.low > 0 or e.high < 0


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "interval": interval,
    "part": share,
    "count": figures.count,
    "day": figures.iso,
    "sure": leaves_out_zero,
}


@cache
def _template() -> Template:
    return template("validation.html", FILTERS)
