"""The report as JSON: its blocks under stable keys, nothing left out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from tallystick.report.blocks import Report

FORMAT: Final = "tallystick.report/1"
"""Goes up when a key changes its meaning or goes away; new keys may come at any time."""


def render_json(report: Report) -> dict[str, Any]:
    """Keys `format`, `lang`, then one per block; only what `json.dumps` takes."""
    blocks = {block.key: asdict(block) for block in report.blocks}
    return {"format": FORMAT, "lang": report.lang, **blocks}
