"""Getting a cut: from its folder, on top of an earlier one, or from the evidence alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tallystick.adapters.cuts import DONE, Cut
from tallystick.adapters.increment import extend, find_base
from tallystick.adapters.state import Progress, building, cut_key, derive_all, family
from tallystick.engine import Engine
from tallystick.evidence.ledger import Snapshot
from tallystick.rating import Policy


def build(
    root: Path,
    open_engine: Callable[[Path], Engine],
    engine_name: str,
    snapshot: Snapshot,
    as_of_day: int,
    policy: Policy,
    progress: Progress,
) -> Cut:
    """The cut, from its folder under `root`, on top of one there, or made anew; the three are the same."""
    kin = family(as_of_day, policy, engine_name)
    cut = Cut(root / cut_key(snapshot, as_of_day, policy, engine_name), as_of_day, snapshot, policy)
    if (cut.folder / DONE).exists():
        os.utime(cut.folder)
        return cut
    with building(root, cut) as work:
        engine = open_engine(work.folder / "scratch")
        try:
            base = find_base(root, kin, cut)
            if base is None or not extend(base, work, engine, progress):
                derive_all(work, engine, progress)
        finally:
            engine.close()
        work.note(family=kin, live=sorted(snapshot.live), resurrect=snapshot.resurrect)
    return cut
