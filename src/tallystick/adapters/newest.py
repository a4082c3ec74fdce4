"""The day of the newest document, kept up with the batches that come in rather than looked for in all.

`newest.json` beside the cuts says what the newest day of some batches is, as it was looked for on a day; of a
state with more batches only these are read. It can be deleted at any time, and is made anew on the next day.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tallystick.adapters.laying import newer
from tallystick.adapters.state import newest_day
from tallystick.engine import Engine
from tallystick.evidence.ledger import Snapshot

_FILE: Final = "newest.json"
FRESH_DAYS: Final = 90
"""A book whose newest evidence is older is rated as of that evidence, not as of today."""


def day_to_rate(
    root: Path, open_engine: Callable[[], Engine], snapshot: Snapshot, today: int
) -> int:
    """The day as of which a state is rated where nobody says: today, or that of its newest document."""
    newest = _newest(root, open_engine, snapshot, today)
    return today if newest is None or today - newest <= FRESH_DAYS else newest


def _newest(
    root: Path, open_engine: Callable[[], Engine], snapshot: Snapshot, today: int
) -> int | None:
    """The day of the newest document of a state until today, as `newest_day` finds it; None without one."""
    kept = _read(root / _FILE)
    held = kept.get("live", [])
    same = kept.get("today") == today and kept.get("struck") == snapshot.struck.key()
    grown = same and not snapshot.resurrect and set(held) <= snapshot.live.keys()
    if grown and len(held) == len(snapshot.live):
        found: int | None = kept["newest"]
        return found
    engine = open_engine()
    try:
        asked = newer(snapshot, held) if grown else snapshot
        days = [newest_day(engine, asked, today), *([kept["newest"]] if grown else [])]
    finally:
        engine.close()
    newest = max((day for day in days if day is not None), default=None)
    told = {"today": today, "struck": snapshot.struck.key(), "newest": newest}
    _write(root / _FILE, told | {"live": sorted(snapshot.live)})
    return newest


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _write(path: Path, told: dict[str, Any]) -> None:
    """Put the file in place whole, whoever reads it meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="newest-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(told))
    Path(name).replace(path)
