"""Structured logs: JSON lines on standard error, without secrets.

Fields whose name speaks of a secret are blanked whoever writes them, and so is anything that looks like a key.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

_SECRET: Final = re.compile(r"password|secret|token|authorization|cookie|api_?key", re.IGNORECASE)
_KEY: Final = re.compile(r"\bts_[0-9a-f]{10}_[\w-]{20,}")
BLANK: Final = "***"
HELD_S: Final = 0.05
"""How long a line of the log waits for others."""


class Lines:
    """Finished lines on their way to standard error, those of a moment in one write: a write for each request
    costs a change of threads. Belongs to the event loop that adds the first; a process that is killed loses
    the lines of its last moment."""

    def __init__(self) -> None:
        self._held: list[str] = []

    def add(self, line: str) -> None:
        """Have a line written soon; it ends with a newline."""
        if not self._held:
            asyncio.get_running_loop().call_later(HELD_S, self.flush)
        self._held.append(line)

    def flush(self) -> None:
        """Write the lines that wait."""
        held, self._held = self._held, []
        if held:
            sys.stderr.write("".join(held))


def configure(level: int = logging.INFO) -> None:
    """Log as JSON lines to standard error, as text where that is a terminal."""
    human = sys.stderr.isatty()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    render = structlog.dev.ConsoleRenderer() if human else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if human else [structlog.processors.format_exc_info]),
            redact,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank what must not be in a log."""
    for name, value in event.items():
        if _SECRET.search(name):
            event[name] = BLANK
        elif isinstance(value, str):
            event[name] = _KEY.sub(BLANK, value)
    return event
