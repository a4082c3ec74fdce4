"""The keys under which the firms of a cut are filed, beside its tables, so that the next can grow out of it.

They are arrays that are mapped into memory, not read: of ten million keys a thousand new descriptions ask for
some thousands. Like all of a cut they can be deleted; then the next cut finds who is who anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np

from tallystick.adapters.cuts import Cut
from tallystick.identity import Companies, Filed, Filing

FOLDER: Final = "filed"
_PARTS: Final = ("names", "traits")


def put_filing(cut: Cut, filing: Filing) -> None:
    """Write the filing of a cut."""
    folder = cut.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for part in _PARTS:
        filed: Filed = getattr(filing, part)
        np.save(_path(folder, part), np.stack([filed.key, filed.unit]))


def share_filing(base: Cut, cut: Cut) -> None:
    """Give a cut the filing of another, where that has one."""
    folder = cut.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for part in _PARTS:
        held = _path(base.folder / FOLDER, part)
        if held.exists():
            os.link(held, _path(folder, part))


def drop_filing(cut: Cut) -> None:
    """Take back what was written of a filing."""
    for part in _PARTS:
        _path(cut.folder / FOLDER, part).unlink(missing_ok=True)


def standing_companies(cut: Cut) -> Companies | None:
    """Who is who in a cut, for growing; None where its filing is gone."""
    filed = []
    for part in _PARTS:
        path = _path(cut.folder / FOLDER, part)
        if not path.exists():
            return None
        key, unit = np.load(path, mmap_mode="r")
        filed.append(Filed(key, unit))
    return Companies(
        companies=cut.read("companies"),
        merged=cut.read("merged"),
        judgements=cut.read("judgements"),
        links=cut.read("links"),
        filed=Filing(*filed),
    )


def _path(folder: Path, part: str) -> Path:
    return folder / f"{part}.npy"
