"""Moments as text."""

from __future__ import annotations

from tallystick.units import moment_of


def moment_text(us: int | None) -> str | None:
    """A moment of the store as ISO 8601 text, UTC."""
    return None if us is None else moment_of(us).isoformat(timespec="milliseconds")
