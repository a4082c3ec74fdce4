"""The folder of a book: what lies in it, how it is made, and whether this Tallystick can read it.

`tallystick.json` is written last and says the format, so a folder that has it is a whole book.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tallystick.adapters.ledger.durable import exclusive, sync_folder, write_whole
from tallystick.evidence.ledger import EvidenceError

FORMAT: Final = 4
MARKER: Final = "tallystick.json"
MANIFEST: Final = "manifest.sqlite"
SEGMENTS: Final = "segments"
STAGING: Final = "staging"
LOCK: Final = "sealing.lock"

_STAGING_S: Final = 86_400


def create(path: Path, created_at_us: int, make_manifest: Callable[[], None]) -> None:
    """Make a book in the folder `path`; one that is there already is left as it is."""
    path.mkdir(parents=True, exist_ok=True)
    with exclusive(path / LOCK):
        if (path / MARKER).exists():
            return
        for name in (SEGMENTS, STAGING):
            (path / name).mkdir(exist_ok=True)
        make_manifest()
        marker = json.dumps({"format": FORMAT, "created_at_us": created_at_us}) + "\n"
        write_whole(path / MARKER, lambda file: file.write(marker.encode()))
        sync_folder(path.parent)


def check(path: Path) -> None:
    """Raise `EvidenceError` unless the folder is a book that this version reads."""
    found = _format(path)
    if not isinstance(found, int) or found < 1:
        raise EvidenceError(
            f"{path / MARKER} does not say which format the book has: restore it from a backup."
        )
    if found > FORMAT:
        raise EvidenceError(
            f"The book {path} has format {found}, written by a newer Tallystick; this one reads up to "
            f"format {FORMAT}: upgrade Tallystick."
        )
    if found < FORMAT:
        raise EvidenceError(
            f"The book {path} has format {found}, of a version before the first release; this one reads "
            f"format {FORMAT}: hand its files in again to a new book."
        )


def _format(path: Path) -> Any:
    try:
        marker = json.loads((path / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise EvidenceError(
            f"{path} is no book (it has no {MARKER}): make one with `tallystick init`."
        ) from None
    except ValueError:
        return None
    return marker.get("format") if isinstance(marker, dict) else None


def sweep_staging(path: Path, now_s: float) -> int:
    """Remove staging folders that nothing was written to for a day; returns how many."""
    old = [place for place in (path / STAGING).iterdir() if _newest_s(place) < now_s - _STAGING_S]
    for place in old:
        shutil.rmtree(place, ignore_errors=True)
    return len(old)


def _newest_s(place: Path) -> float:
    return max(file.stat().st_mtime for file in (place, *place.rglob("*")))
