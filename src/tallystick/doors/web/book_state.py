"""The state of the book that a page shows: the day, the policy, and how much evidence it rests on.

Counting is done once for each cut, so that a page asks for nothing but the cut's name.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from tallystick.adapters.store.tables import SERVED
from tallystick.service import Service
from tallystick.units import day_of

_REMEMBERED: Final = 16
_KNOWN: OrderedDict[tuple[str, str], BookState] = OrderedDict()


@dataclass(frozen=True, slots=True)
class BookState:
    """As of which day, by which policy, out of how many documents, of how many companies."""

    as_of: str
    policy: str
    companies: int
    documents: int


def state_of(service: Service) -> BookState | None:
    """The state that is served now; None before the first rating."""
    cut = service.cut()
    if cut is None:
        return None
    key = (str(cut.folder), str(service.store.engine.url))
    found = _KNOWN.get(key)
    if found is None:
        with service.store.read() as db:
            companies = db.execute(sa.select(sa.func.count()).select_from(SERVED)).scalar_one()
        documents = sum(
            batch.accepted for batch in service.book.batches() if batch.retracted_at_us is None
        )
        day = day_of(cut.as_of_day).isoformat()
        found = _KNOWN[key] = BookState(day, cut.policy.name, companies, documents)
        while len(_KNOWN) > _REMEMBERED:
            _KNOWN.popitem(last=False)
    return found
