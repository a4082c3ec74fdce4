"""A chart of the lab: percentile reached against money spent, one line for each rating, as SVG.

The axis of money is logarithmic; the line of the rating that is meant is thick, each line has its name at its
end and its own dash, so that the chart can be read without colours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from tallystick.world.attack.lab import Assessed
from tallystick.world.attack.measures import MARK

WIDTH: Final = 760
PANEL: Final = 300
LEFT: Final = 48
RIGHT: Final = 190
TOP: Final = 44
COLOURS: Final = ("#0b5cad", "#b3261e", "#7a4f01", "#1b7f4d", "#6a3d9a", "#555555", "#c2185b")
DASHES: Final = ("", "6 3", "2 3", "8 3 2 3", "4 4", "1 4", "10 4")

Place = Callable[[int, float], tuple[float, float]]
"""Budget and percentile -> point of the chart."""


def drawn(found: Sequence[Assessed], budgets: Sequence[int]) -> str:
    """The chart, a panel from a bad record and one from none; an empty one where nothing was lifted."""
    starts = [start for start in ("bad", "fresh") if any(start in one.forgery for one in found)]
    panels = [_panel(found, budgets, start, n * PANEL) for n, start in enumerate(starts)]
    height = PANEL * max(len(starts), 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12" '
        'aria-label="Percentile that an attacker reaches against money spent">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n{"".join(panels)}</svg>\n'
    )


def _panel(found: Sequence[Assessed], budgets: Sequence[int], start: str, y: int) -> str:
    bottom = y + PANEL - 40
    low, high = math.log(budgets[0]), math.log(max(budgets[-1], budgets[0] * 10))

    def at(budget: int, percentile: float) -> tuple[float, float]:
        across = LEFT + (math.log(budget) - low) / (high - low) * (WIDTH - LEFT - RIGHT)
        return across, bottom - percentile / 100 * (bottom - y - TOP)

    record = "a bad record" if start == "bad" else "no record"
    parts = [
        f'<text x="{LEFT}" y="{y + 22}" font-size="14" font-weight="600">'
        f"Percentile reached from {record}</text>\n"
    ]
    for mark in (0, 50, MARK, 100):
        height = at(budgets[0], mark)[1]
        dash = ' stroke-dasharray="3 3"' if mark == MARK else ""
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
            f'stroke="#cccccc"{dash}/><text x="{LEFT - 8}" y="{height + 4:.1f}" '
            f'text-anchor="end">{mark:g}</text>\n'
        )
    for budget in budgets:
        parts.append(
            f'<text x="{at(budget, 0)[0]:.1f}" y="{bottom + 18}" text-anchor="middle">'
            f"${budget / 100:,.0f}</text>\n"
        )
    return "".join([*parts, *_lines(found, budgets, start, at)])


def _lines(found: Sequence[Assessed], budgets: Sequence[int], start: str, at: Place) -> list[str]:
    """The lines, with their names at the right, moved apart where they would lie on each other."""
    lines = []
    for n, one in enumerate(found):
        if start in one.forgery:
            reached = one.forgery[start].reached
            best = [max(line[m] for line in reached.values()) for m in range(len(budgets))]
            lines.append((n, one.name, [at(b, p) for b, p in zip(budgets, best, strict=True)]))
    lines.sort(key=lambda line: line[2][-1][1])
    parts, free = [], 0.0
    for n, name, points in lines:
        colour, dash = COLOURS[n % len(COLOURS)], DASHES[n % len(DASHES)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        free = max(points[-1][1], free + 15)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" '
            f'stroke-width="{2.6 if n == 0 else 1.4}" stroke-dasharray="{dash}"/>'
            f'<line x1="{WIDTH - RIGHT + 8}" x2="{WIDTH - RIGHT + 32}" y1="{free:.1f}" y2="{free:.1f}" '
            f'stroke="{colour}" stroke-width="{2.6 if n == 0 else 1.4}" stroke-dasharray="{dash}"/>'
            f'<text x="{WIDTH - RIGHT + 38}" y="{free + 4:.1f}">{escape(name)}</text>\n'
        )
    return parts
