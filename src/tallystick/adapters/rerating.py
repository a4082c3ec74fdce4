"""A cut out of one that differs in nothing but the policy: who is who, deals and promises are shared.

Idea: a policy enters where evidence is added up, and where it is rated. A policy that adds up alike shares the
track records too, and only rating is done again. So what another policy would change is known in the time
that rating takes. The result is that of deriving everything anew, value for value.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.background import with_country
from tallystick.adapters.cuts import DONE, PRIOR, Cut
from tallystick.adapters.find_index import FOLDER as FOUND_BY
from tallystick.adapters.rates import rates_version
from tallystick.adapters.state import (
    LAYOUT,
    Progress,
    add_up,
    linked_evidence,
    rate_all,
)
from tallystick.engine import Engine
from tallystick.rating import Moves, compare
from tallystick.units import digest

_RATED: Final = {"ratings", "kin", "sums", PRIOR, DONE}
"""What every policy makes anew."""

_BEFORE: Final = set(
    "companies filed gates inferred judged judgements laid links merged nodes parties promises related "
    "standing".split()
) | {FOUND_BY}
"""What no policy has a part in; all else is made anew where evidence is added up otherwise."""


def evidence_key(cut: Cut, engine: str) -> str:
    """What two cuts share that differ in nothing but the policy."""
    return digest(LAYOUT, cut.snapshot.key(), str(cut.as_of_day), rates_version(), engine)[:32]


def record_key(cut: Cut) -> str:
    """What the policies of two cuts share that add evidence up alike."""
    return digest(repr(cut.policy.record))[:32]


def find_twin(root: Path, cut: Cut, engine: str) -> Cut | None:
    """A cut under `root` of the same evidence, one whose policy adds up alike if there is one."""
    key, found = evidence_key(cut, engine), None
    for folder in sorted(root.iterdir()):
        if not (folder / DONE).exists():
            continue
        twin = Cut(folder, cut.as_of_day, cut.snapshot, cut.policy)
        if twin.facts().get("evidence") == key and (found is None or alike(twin, cut)):
            found = twin
    return found


def alike(twin: Cut, cut: Cut) -> bool:
    """Whether a twin holds the very track records of a cut."""
    return twin.facts().get("record") == record_key(cut)


def rerate(twin: Cut, cut: Cut, engine: Engine, progress: Progress) -> None:
    """Fill the folder of `cut` from its twin."""
    same = alike(twin, cut)
    held = {place.name for place in twin.folder.iterdir()}
    _share(twin.folder, cut.folder, held - _RATED if same else held & _BEFORE)
    if not same:
        linked_evidence(engine, cut)
        add_up(cut, engine, progress)
    rate_all(cut, progress)


def _share(base: Path, folder: Path, names: Iterable[str]) -> None:
    """Give a folder the files and folders of another that bear these names."""
    for name in names:
        place, target = base / name, folder / name
        if place.is_dir():
            target.mkdir(exist_ok=True)
            _share(place, target, [inner.name for inner in place.iterdir()])
        else:
            os.link(place, target)


def moves(before: Cut, after: Cut) -> Moves:
    """Whom the policy of one cut moves against that of another, on the same evidence."""
    return compare(*(with_country(cut, _headlines(cut)) for cut in (before, after)))


def _headlines(cut: Cut) -> pa.Table:
    rows = cut.read("ratings")
    return rows.filter(pc.equal(rows["scope"], "headline"))
