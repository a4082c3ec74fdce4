"""Days across the picture of a deal: where each stands, and what is written on the axis.

Worked example: a quotation in January and its invoice in December would leave eleven empty months, and
everything else in a corner. So a stretch of more than `LONGEST` days in which nothing happens is cut short to
that many, and the axis says how many days were left out; within the rest, equal days are equally wide.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from tallystick.report import figures
from tallystick.report.timeline_blocks import Timeline
from tallystick.units import day_number, day_of

LONGEST: Final = 40
"""Days in which nothing happens that are drawn at full width."""

AFTER: Final = 30
"""Days after the last event up to which a due date stretches the axis."""

SHORTEST: Final = 10
"""Days that the axis has at least."""

TICK_WIDTH: Final = 68.0
"""Room that a date takes."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `left` to `right`. `stops`: (day, drawn days before it), ascending, at each day from which
    the axis runs on evenly; `cuts`: (from, to) of the stretches that were cut short."""

    left: float
    right: float
    first: int
    last: int
    stops: tuple[tuple[int, int], ...]
    cuts: tuple[tuple[int, int], ...]
    width: int

    def x(self, day: int) -> float:
        """Where a day stands: one beyond the axis at its end, one left out in the middle of its cut."""
        inside = min(max(day, self.first), self.last)
        n = bisect_right(self.stops, inside, key=lambda stop: stop[0]) - 1
        start, before = self.stops[n]
        after, end = self.stops[n + 1] if n + 1 < len(self.stops) else (self.last, self.width)
        half, since, until = (end - before) / 2, inside - start, after - inside
        drawn = before + min(since, half) if since <= until else end - min(until, half)
        return self.left + (self.right - self.left) * drawn / self.width

    def beyond(self, day: int) -> bool:
        """Whether a day lies after the axis ends."""
        return day > self.last

    def ticks(self) -> list[tuple[float, str]]:
        """Dates under the axis, as many as there is room for: the ends and where it goes on after a cut first,
        then months, or single days of a short deal."""
        taken: list[tuple[float, int]] = []
        for day in (self.first, *(end for _, end in self.cuts), *self._between()):
            x = self.x(day)
            if all(abs(x - other) >= TICK_WIDTH for other, _ in taken):
                taken.append((x, day))
        return [(x, figures.iso(day) or "") for x, day in sorted(taken)]

    def _between(self) -> Iterable[int]:
        step = max(self.width * int(TICK_WIDTH) // int(self.right - self.left), 1)
        every = _months(self.first, self.last)
        if step < 20 and self.last - self.first < 1000:
            every = range(self.first, self.last + 1, step + 1)
        near = LONGEST // 2 - 4
        yield from (d for d in every if not any(a + near < d < b - near for a, b in self.cuts))


def _months(first: int, last: int) -> Iterable[int]:
    """The first days of the months between two days."""
    start = day_of(first)
    for month in range(start.year * 12 + start.month - 1, 12 * 10_000):
        day = day_number(date(month // 12, month % 12 + 1, 1))
        if day > last:
            return
        if day >= first:
            yield day


def scale(deal: Timeline, left: float, right: float) -> Scale | None:
    """The axis of a deal; None where nothing in it has a date."""
    days = {event.day for event in deal.events} | {span.done for span in deal.spans}
    days |= {span.made for span in deal.spans if span.made is not None}
    known = sorted(day for day in days if day is not None)
    if not known:
        return None
    reach = known[-1] + AFTER
    due = {span.due for span in deal.spans if span.due is not None and span.due <= reach}
    return axis(sorted({*known, *due}), left, right)


def axis(days: list[int], left: float, right: float) -> Scale:
    """The axis on which some days (ascending) stand.

    >>> a = axis([0, 10, 400, 410], 0, 90)
    >>> a.width, a.cuts, [a.x(day) for day in (0, 10, 200, 400, 410)]
    (60, ((10, 400),), [0.0, 15.0, 45.0, 75.0, 90.0])
    """
    stops, cuts, drawn = [(days[0], 0)], [], 0
    for before, day in pairwise(days):
        gap = day - before
        if gap > LONGEST:
            cuts.append((before, day))
        drawn += min(gap, LONGEST)
        stops.append((day, drawn))
    last, width = days[-1], drawn
    if width < SHORTEST:
        last, width = last + SHORTEST - width, SHORTEST
    return Scale(left, right, days[0], last, tuple(stops), tuple(cuts), width)
