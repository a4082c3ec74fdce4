"""How often one caller may ask: fixed windows of a minute, counted in the memory of one process.

No thread of its own and no lock: all requests of a process pass here on its one event loop. What a window
counted is forgotten when the next begins, so memory is bounded by what comes in within a minute.

Worked example: 300 a minute. At 10:00:59 an address asks for the 300th time, at 10:00:59.5 it is told to wait
one second, and at 10:01:00 its count begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil
from typing import Final

WINDOW_S: Final = 60


class Windows:
    """The counts of the minute. `clock`: seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._minute = -1
        self._counts: dict[tuple[str, str], int] = {}

    def hit(self, sort: str, who: str, most: int) -> int | None:
        """Count a request of `who`. None where it may pass; the seconds to wait where it is more than `most`
        of that sort."""
        now = self._clock()
        minute = int(now // WINDOW_S)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        key = (sort, who)
        self._counts[key] = count = self._counts.get(key, 0) + 1
        return None if count <= most else max(1, ceil(WINDOW_S - now % WINDOW_S))
