"""Work that is done without the interpreter looking for cycles of garbage in the meantime.

Idea: reading names makes millions of small tuples and sets, none of which refer to each other in a circle. The
collector cannot know that and goes through all that lives again and again: a tenth of the time of who is who
from nothing, and a third of that of a thousand descriptions more. What nothing refers to any more is freed at
once as ever; only cycles wait until the work is done. What a large work leaves behind is set aside, or the
collector would go through all of it at its first turn.

>>> @uncollected
... def work() -> bool:
...     return gc.isenabled()
>>> gc.isenabled(), work(), gc.isenabled()
(True, False, True)
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

LARGE: Final = 1_000_000
"""Objects that a work has left behind; so few works do that what is set aside stays little."""


def uncollected(work: Callable[Given, Result]) -> Callable[Given, Result]:
    """The same work, with the collector at rest; it is woken again where it was awake before."""

    @functools.wraps(work)
    def at_rest(*args: Given.args, **named: Given.kwargs) -> Result:
        awake = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **named)
        finally:
            if awake:
                if gc.get_count()[0] > LARGE:
                    gc.freeze()
                gc.enable()

    return at_rest
