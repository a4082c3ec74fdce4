"""The charts of the page as inline SVG. Colours come from the style sheet, by class."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from tallystick.rating.policy import GRADE_CEILING_PPM, GRADES
from tallystick.report import blocks as b
from tallystick.report import figures
from tallystick.report.phrases import Phrases
from tallystick.report.scale import position
from tallystick.report.svg import picture, tag
from tallystick.units import day_of

WIDTH: Final = 760
TINT: Final = dict(zip(GRADES, (1, 1, 1, 2, 2, 3, 4, 4, 5, 5), strict=True))
"""Grade -> which of the five tints of the style sheet."""

EARLIEST, LATEST = -14, 45
"""Days on the strip plot; what lies beyond is drawn at its edge."""


def grade_scale(low: int, mean: int, high: int, label: str) -> Markup:
    """The interval above the grades, each one doubling of the chance."""
    step = WIDTH / len(GRADES)
    parts = []
    for n, grade in enumerate(GRADES):
        parts.append(
            tag("rect", x=n * step, y=34, width=step - 2, height=26, class_=f"g{TINT[grade]}")
        )
        middle = n * step + step / 2 - 1
        parts.append(tag("text", grade, x=middle, y=52, class_="grade", text_anchor="middle"))
        if n < len(GRADE_CEILING_PPM):
            edge = f"{GRADE_CEILING_PPM[n] / 1e4:g} %"
            parts.append(
                tag("text", edge, x=(n + 1) * step - 1, y=76, class_="axis", text_anchor="middle")
            )
    parts += whisker(low, mean, high, WIDTH, 18.0, 5.0)
    return picture(WIDTH, 82, label, *parts, class_="scale")


def whisker(low: int, mean: int, high: int, width: int, y: float, size: float) -> list[Markup]:
    """An interval with its mean, on the axis of the grades."""
    a, m, z = (position(ppm) * (width - 2 * size) + size for ppm in (low, mean, high))
    return [
        tag("line", x1=a, x2=z, y1=y, y2=y, class_="range"),
        tag("line", x1=a, x2=a, y1=y - size, y2=y + size, class_="range"),
        tag("line", x1=z, x2=z, y1=y - size, y2=y + size, class_="range"),
        tag("circle", cx=m, cy=y, r=size + 1, class_="mean"),
    ]


def small_interval(row: b.KindRow | b.RoleRow, peers_ppm: int | None, label: str) -> Markup:
    """An interval for a row of a table, with a tick for the peers."""
    parts = [tag("line", x1=0, x2=120, y1=10, y2=10, class_="rail")]
    if peers_ppm is not None:
        x = position(peers_ppm) * 112 + 4
        parts.append(tag("line", x1=x, x2=x, y1=2, y2=18, class_="peers"))
    parts += whisker(row.low_ppm, row.broken_ppm, row.high_ppm, 120, 10.0, 3.0)
    return picture(120, 20, label, *parts, class_="small")


def waterfall_bar(line: b.ReasonLine, lines: tuple[b.ReasonLine, ...]) -> Markup:
    """One step of the waterfall: a bar from the running sum before it to that after it."""
    ends = [line.before_tenths + line.tenths for line in lines]
    left, right = min(ends), max(ends)
    margin = max((right - left) // 20, 10)
    span = right - left + 2 * margin

    def x(tenths: int) -> float:
        return (tenths - left + margin) / span * 300

    end = x(line.before_tenths + line.tenths)
    start = 0.0 if line.code == "base" else x(line.before_tenths)
    kind = "base" if line.code == "base" else "plus" if line.tenths > 0 else "minus"
    box = tag(
        "rect", x=min(start, end), y=4, width=max(abs(end - start), 1.5), height=14, class_=kind
    )
    stem = tag("line", x1=end, x2=end, y1=0, y2=22, class_="stem")
    return picture(300, 22, figures.points(line.tenths), box, stem, class_="bar")


def outcome_bar(row: b.KindRow, say: Phrases) -> Markup:
    """Shares of the outcomes that count, side by side."""
    counted = [(name, row.counts[name]) for name in ("kept", "partial", "late", "broken")]
    total = sum(n for _, n in counted)
    told = ", ".join(f"{say('outcome.' + name)} {n}" for name, n in counted if n)
    parts, x = [], 0.0
    for name, n in counted:
        width = 120 * n / total if total else 0.0
        parts.append(tag("rect", x=x, y=3, width=width, height=14, class_=f"o-{name}"))
        x += width
    return picture(120, 20, told or say("none"), *parts, class_="small")


def strip(dots: tuple[b.Dot, ...], say: Phrases) -> Markup:
    """Each promise: when it was due across, days after its date upwards, outcome by shape."""
    first, last = dots[0].due_day, max(dots[-1].due_day, dots[0].due_day + 30)
    parts = [*_grid(say), *_years(first, last)]
    for dot in sorted(dots, key=lambda dot: dot.outcome != "kept"):
        x = 64 + (dot.due_day - first) / (last - first) * (WIDTH - 80)
        told = f"{figures.iso(dot.due_day)}: {say('outcome.' + dot.outcome)}"
        if dot.after_days is not None:
            told += f" ({dot.after_days:+d})"
        parts.append(mark(dot.outcome, x, _height(dot), told))
    return picture(WIDTH, 210, say("strip"), *parts, class_="strip")


def _height(dot: b.Dot) -> float:
    if dot.after_days is None:
        return 16.0 if dot.outcome == "broken" else 187.0 if dot.outcome == "open" else 30.0
    clipped = min(max(dot.after_days, EARLIEST), LATEST)
    return 170 - (clipped - EARLIEST) / (LATEST - EARLIEST) * 125


def _grid(say: Phrases) -> list[Markup]:
    lines = [(16.0, say("never"), "rail"), (187.0, say("outcome.open"), "rail")]
    for days in (0, 15, 30, LATEST):
        y = _height(b.Dot(0, days, ""))
        told = f"≥ {days}" if days == LATEST else f"{days}"
        lines.append((y, told, "zero" if days == 0 else "rail"))
    lines.append((_height(b.Dot(0, EARLIEST, "")), say("early"), "rail"))
    return [
        part
        for y, told, kind in lines
        for part in (
            tag("line", x1=60, x2=WIDTH, y1=y, y2=y, class_=kind),
            tag("text", told, x=54, y=y + 4, class_="axis", text_anchor="end"),
        )
    ]


def _years(first: int, last: int) -> list[Markup]:
    """About six dates under the axis."""
    step = max((last - first) // 6, 1)
    return [
        tag(
            "text",
            day_of(day).strftime("%Y-%m"),
            x=64 + (day - first) / (last - first) * (WIDTH - 80),
            y=206,
            class_="axis",
            text_anchor="middle",
        )
        for day in range(first + step // 2, last + 1, step)
    ]


def mark(outcome: str, x: float, y: float, told: str) -> Markup:
    """The shape of an outcome, so that colour is never alone."""
    title = tag("title", told)
    kind = f"m o-{outcome}"
    if outcome == "late":
        return tag("path", title, d=f"M{x:.1f} {y - 5:.1f}l5 9h-10z", class_=kind)
    if outcome == "partial":
        return tag("path", title, d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z", class_=kind)
    if outcome == "broken":
        cross = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
        return tag("path", title, d=cross, class_=f"cross {kind}")
    if outcome == "excused":
        return tag("rect", title, x=x - 4, y=y - 4, width=8, height=8, class_=f"ring {kind}")
    if outcome == "disputed":
        return tag("path", title, d=f"M{x:.1f} {y - 5:.1f}v10m-5 -5h10", class_=f"cross {kind}")
    ring = "ring " if outcome == "open" else ""
    return tag("circle", title, cx=x, cy=y, r=3.2, class_=ring + kind)


def legend(outcomes: list[str], say: Phrases) -> list[tuple[Markup, str]]:
    """A mark and its word for each outcome."""
    words = [(name, say(f"outcome.{name}")) for name in outcomes]
    return [
        (picture(14, 14, told, mark(name, 7, 7, told), class_="key"), told) for name, told in words
    ]
