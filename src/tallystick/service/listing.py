"""All companies that are served, page by page, with how many there are of each country and grade.

A page continues behind the last code of the one before, so that nothing is skipped or told twice while
ratings change. Counts go through an index of all companies; they are kept until what is served changes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tallystick.adapters.store import served
from tallystick.service.live import Service


def page(service: Service, after: str, limit: int, narrow: dict[str, str]) -> dict[str, Any]:
    """Companies behind a code; `narrow`: country and grade. Counts are with the first page only."""
    with service.store.read() as db:
        items = served.listed(db, after, limit + 1, **narrow)
        state = served.state(db, "cut")
    more = items[limit - 1]["company"]["code"] if len(items) > limit else None
    told: dict[str, Any] = {"items": items[:limit], "next": more}
    if not after:
        known = state["known_at_us"] if state else 0
        told |= {
            plural: [
                {"value": value, "companies": n}
                for value, n in _facets(service, known, column, tuple(sorted(narrow.items())))
            ]
            for column, plural in (("country", "countries"), ("grade", "grades"))
        }
    return told


@lru_cache(maxsize=256)
def _facets(
    service: Service, _known_at_us: int, column: str, narrow: tuple[tuple[str, str], ...]
) -> tuple[tuple[str | None, int], ...]:
    with service.store.read() as db:
        return tuple(served.facets(db, column, **dict(narrow)))
