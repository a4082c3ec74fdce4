"""Tallystick: a fair, explained, checkable credit rating out of the promises that a company kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallystick.book import Book, open_book

__all__ = ["Book", "open_book"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the book only when it is asked for: `tallystick --help` must not pay for it."""
    if name in __all__:
        import tallystick.book

        return getattr(tallystick.book, name)
    raise AttributeError(f"module 'tallystick' has no attribute {name!r}")
