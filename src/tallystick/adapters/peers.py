"""How soon everybody in a cut keeps its promises: a cut that grows keeps these counts up, of another they are
counted once and remembered.

A report takes the company's own promises off these counts, so that peers are the others. At most some thousand
rows are remembered per cut, whatever the size of the book.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Final

import pyarrow as pa

from tallystick.adapters.cuts import Cut
from tallystick.engine import Engine
from tallystick.record import LATENESS, lateness, lateness_among

REMEMBERED: Final = 16
"""Cuts whose counts are kept in memory."""

_counts: OrderedDict[Path, pa.Table] = OrderedDict()


def lateness_of_all(cut: Cut, engine: Engine) -> pa.Table:
    """The promises of a cut by kind and by how soon they were kept (schema LATENESS)."""
    found = _counts.get(cut.folder)
    if found is None and (cut.folder / "lateness").exists():
        return cut.read("lateness").cast(LATENESS)
    if found is None:
        cut.register(engine, "promise_of_all", "promises")
        found = lateness(engine, "promise_of_all", cut.as_of_day)
        _counts[cut.folder] = found
        while len(_counts) > REMEMBERED:
            _counts.popitem(last=False)
    return found


def lateness_of_own(promises: pa.Table, cut: Cut, engine: Engine) -> pa.Table:
    """The same of some promises (columns of PROMISE)."""
    return lateness_among(engine, promises, cut.as_of_day)
