"""The charts of the validation report as inline SVG, in the colours of the style sheet."""

from __future__ import annotations

import math
from typing import Final

from markupsafe import Markup

from tallystick.rating.policy import GRADE_CEILING_PPM
from tallystick.rating.validation.bootstrap import Estimate
from tallystick.rating.validation.grades import GradeTest
from tallystick.rating.validation.measures import Bin
from tallystick.rating.validation.validate import Block
from tallystick.report.scale import FIRST_PPM, position
from tallystick.report.svg import picture, tag
from tallystick.units import PPM, day_of

SIDE: Final = 380
LEFT: Final = 58
WIDTH: Final = 760
RATIO_SPAN: Final = 1.5
"""Ratios are drawn for one and a half doublings either way: from .35 to 2.8."""


def reliability(bins: tuple[Bin, ...], across: str, upwards: str, label: str) -> Markup:
    """Stated chance against the share that broke, both on the axis of the grades."""
    plot = SIDE - 10
    parts = [*_ticks(plot), tag("line", x1=LEFT, y1=plot, x2=LEFT + plot, y2=0, class_="zero")]
    for bin_ in bins:
        x = LEFT + _at(bin_.expected) * plot
        low, middle, high = (plot - _at(s) * plot for s in (bin_.low, bin_.observed, bin_.high))
        told = f"{bin_.expected:.2%} → {bin_.observed:.2%} [{bin_.low:.2%}, {bin_.high:.2%}]"
        parts += [
            tag("line", x1=x, x2=x, y1=low, y2=high, class_="range"),
            tag("circle", tag("title", told), cx=x, cy=middle, r=5.0, class_="mean"),
        ]
    parts.append(
        tag("text", across, x=LEFT + plot / 2, y=SIDE + 28, class_="value", text_anchor="middle")
    )
    turned = f"rotate(-90 12 {plot / 2:.0f})"
    parts.append(
        tag("text", upwards, x=12, y=plot / 2, class_="value", text_anchor="middle",
            transform=turned)
    )  # fmt: skip
    return picture(LEFT + SIDE, SIDE + 36, label, *parts, class_="reliability")


def _at(share: float) -> float:
    return position(round(share * PPM)) if math.isfinite(share) else 0.0


def _ticks(plot: int) -> list[Markup]:
    parts: list[Markup] = []
    for ppm in (FIRST_PPM, *GRADE_CEILING_PPM):
        at, told = position(ppm) * plot, f"{ppm / 1e4:g} %" if ppm > FIRST_PPM else "0"
        y = plot - at
        parts += [
            tag("line", x1=LEFT, x2=LEFT + plot, y1=y, y2=y, class_="rail"),
            tag("line", x1=LEFT + at, x2=LEFT + at, y1=0, y2=plot, class_="rail"),
            tag("text", told, x=LEFT - 5, y=y + 4, class_="axis", text_anchor="end"),
            tag("text", told, x=LEFT + at, y=plot + 15, class_="axis", text_anchor="middle"),
        ]
    return parts


def grade_pair(test: GradeTest) -> Markup:
    """What a grade said (tick) and what came (dot), on the axis of the grades."""
    said, came = _at(test.expected) * 112 + 4, _at(test.observed) * 112 + 4
    kind = "dot-bad" if test.rejected else "mean"
    return picture(
        120,
        20,
        f"{test.expected:.2%} → {test.observed:.2%}",
        tag("line", x1=0, x2=120, y1=10, y2=10, class_="rail"),
        tag("line", x1=said, x2=said, y1=2, y2=18, class_="peers"),
        tag("circle", cx=came, cy=10, r=4.0, class_=kind),
        class_="small",
    )


def ratio(found: Estimate, low: float, high: float) -> Markup:
    """Observed over expected with its interval, the band that is asked for, and a line at 1."""
    x = [_halvings(value) for value in (found.low, found.value, found.high, low, 1.0, high)]
    a, m, z, start, one, end = x
    kind = "dot-bad" if found.high < low or found.low > high else "mean"
    return picture(
        180,
        20,
        f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]",
        tag("rect", x=start, y=1, width=end - start, height=18, class_="g1"),
        tag("line", x1=one, x2=one, y1=0, y2=20, class_="zero"),
        tag("line", x1=a, x2=z, y1=10, y2=10, class_="range"),
        tag("circle", cx=m, cy=10, r=4.0, class_=kind),
        class_="ratio",
    )


def _halvings(value: float) -> float:
    """Where a ratio lies on an axis of 180 that halves and doubles about 1."""
    if not math.isfinite(value):
        return 90.0
    doubled = math.log2(value) if value > 0 else -RATIO_SPAN
    return 90 + 84 * max(-1.0, min(1.0, doubled / RATIO_SPAN))


def difference(found: Estimate, widest: float) -> Markup:
    """A difference with its interval about a line at zero; `widest`: what reaches the edge."""

    def x(value: float) -> float:
        return 90 + 84 * max(-1.0, min(1.0, value / widest)) if math.isfinite(value) else 90.0

    kind = "dot-bad" if found.low > 0 else "dot-good" if found.high < 0 else "mean"
    return picture(
        180,
        20,
        f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}]",
        tag("line", x1=0, x2=180, y1=10, y2=10, class_="rail"),
        tag("line", x1=90, x2=90, y1=0, y2=20, class_="zero"),
        tag("line", x1=x(found.low), x2=x(found.high), y1=10, y2=10, class_="range"),
        tag("circle", cx=x(found.value), cy=10, r=4.0, class_=kind),
        class_="ratio",
    )


def over_time(blocks: tuple[Block, ...], stated: str, observed: str, label: str) -> Markup:
    """Share broken in each block as a bar, what was stated as a tick on it."""
    step = WIDTH / max(len(blocks), 6)
    top = max(max(b.observed, b.expected) for b in blocks) or 1.0
    parts = []
    for n, block in enumerate(blocks):
        middle = n * step + step / 2
        height, said = (110 * share / top for share in (block.observed, block.expected))
        told = f"{observed} {block.observed:.1%}, {stated} {block.expected:.1%}"
        parts += [
            tag("rect", tag("title", told), x=middle - 18, y=140 - height, width=36,
                height=height, class_="base"),
            tag("line", x1=middle - 24, x2=middle + 24, y1=140 - said, y2=140 - said,
                class_="said"),
            tag("text", f"{block.observed:.1%}", x=middle, y=132 - max(height, said),
                class_="value", text_anchor="middle"),
            tag("text", day_of(block.first_day).isoformat(), x=middle, y=156, class_="axis",
                text_anchor="middle"),
        ]  # fmt: skip
    return picture(WIDTH, 162, label, *parts, class_="quarters")
