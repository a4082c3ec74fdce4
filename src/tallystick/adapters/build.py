"""Getting a cut: from its folder, out of one of another policy, on top of an earlier one, or from the
evidence alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tallystick.adapters.cuts import DONE, Cut
from tallystick.adapters.increment import extend, find_base, prepare
from tallystick.adapters.recounting import Tell
from tallystick.adapters.rerating import alike, evidence_key, find_twin, record_key, rerate
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
    tell: Tell | None = None,
) -> Cut:
    """The cut, from its folder under `root`, out of others there, or made anew; they are all the same. `tell`:
    as `extend` takes it."""
    kin = family(as_of_day, policy, engine_name)
    cut = Cut(root / cut_key(snapshot, as_of_day, policy, engine_name), as_of_day, snapshot, policy)
    if (cut.folder / DONE).exists():
        os.utime(cut.folder)
        return cut
    with building(root, cut) as work:
        engine = open_engine(work.folder / "scratch")
        try:
            _fill(root, kin, work, engine, engine_name, progress, tell)
        finally:
            engine.close()
        work.note(
            family=kin,
            evidence=evidence_key(cut, engine_name),
            record=record_key(cut),
            live=sorted(snapshot.live),
            resurrect=snapshot.resurrect,
            struck=snapshot.struck.key(),
        )
    return cut


def _fill(
    root: Path,
    kin: str,
    cut: Cut,
    engine: Engine,
    engine_name: str,
    progress: Progress,
    tell: Tell | None,
) -> None:
    """The shortest way: a twin that wants only rating, an earlier cut, a twin, the evidence alone."""
    twin = find_twin(root, cut, engine_name)
    if twin is not None and alike(twin, cut):
        rerate(twin, cut, engine, progress)
        return
    base = find_base(root, kin, cut)
    if base is not None and extend(base, cut, engine, progress, tell):
        return
    if twin is not None:
        rerate(twin, cut, engine, progress)
    else:
        derive_all(cut, engine, progress)


def make_ready(cut: Cut, open_engine: Callable[[Path], Engine]) -> None:
    """Have all ready that a cut grows by, where it can grow and nobody did so before."""
    with tempfile.TemporaryDirectory(dir=cut.folder.parent, prefix="preparing-") as folder:
        engine = open_engine(Path(folder) / "scratch")
        try:
            prepare(cut, engine, Path(folder))
        finally:
            engine.close()
