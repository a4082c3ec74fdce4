"""Searching with counts: what a text may mean, how many of it are of each country, role, grade, depth and
freshness of evidence, and what is left of it after choosing some.

The search itself looks at no more than `POOL` companies, so the counts are over all that it looked at. A count
beside a value says how many would be left if it were chosen too: the other choices apply to it, its own do not.
Evidence is as fresh as the newest promise that fell due; what is within 30 days is within 90 too.

>>> rows = [{"country": "CN", "grade": "A", "level": "E3", "roles": ["selling"], "age_days": 400},
...         {"country": "DE", "grade": "A", "level": "E1", "roles": ["selling", "buying"], "age_days": 45}]
>>> [row["country"] for row in narrowed(rows, {"role": "buying"})]
['DE']
>>> facets(rows, {"role": "buying"})["role"], facets(rows, {"role": "buying"})["country"]
([('selling', 2), ('buying', 1)], [('DE', 1)])
>>> facets(rows, {})["fresh"]
[('90', 1), ('365', 1), ('older', 1)]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from tallystick.adapters.store import served
from tallystick.service.live import Service
from tallystick.service.looking import cut_of, found_row
from tallystick.units import day_number

POOL: Final = 100
FACETS: Final = ("country", "role", "grade", "level", "fresh")
"""What one may narrow a search by, in the order of the page."""
WITHIN_DAYS: Final = (30, 90, 365)
"""How long ago the newest promise may have fallen due."""
OLDER: Final = "older"
NONE: Final = "none"
"""The value of what a company has not: no country known, no grade since it promised nothing."""

FRESH: Final = (*map(str, WITHIN_DAYS), OLDER, NONE)
"""The values of `fresh`, in their order."""

Row = dict[str, Any]


def search(
    service: Service, text: str, limit: int, lang: str, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """{companies, facets, looked_at, matching}: the best companies that a text may mean and that `chosen`
    (facet -> value) leaves, and the counts."""
    cut = cut_of(service)
    rows = service.book.find(text, cut, POOL, lang)
    with service.store.read() as db:
        bodies = served.bodies(db, [row["company"] for row in rows])
    told = [_row(row, bodies.get(row["company"]), cut.as_of_day) for row in rows]
    left = narrowed(told, chosen)
    counts = {
        name: [{"value": value, "companies": n} for value, n in pairs]
        for name, pairs in facets(told, chosen).items()
    }
    return {
        "companies": left[:limit],
        "matching": len(left),
        "looked_at": len(told),
        "facets": counts,
    }


def _row(row: Row, body: Row | None, today: int) -> Row:
    head = (body or {}).get("headline")
    roles = [one["role"] for one in (body or {}).get("roles", ())]
    level, last = (head["evidence_level"], head["last_on"]) if head else (None, None)
    age = today - day_number(date.fromisoformat(last)) if last else None
    return found_row(row, body) | {"level": level, "roles": roles, "age_days": age}


def values(row: Mapping[str, Any], facet: str) -> Sequence[str]:
    """What a row has of a facet; a company may have several roles, and what is fresh is within longer times
    too."""
    if facet == "role":
        return row["roles"] or (NONE,)
    if facet == "fresh":
        return _times(row["age_days"])
    return (row[facet] or NONE,)


def _times(age_days: int | None) -> Sequence[str]:
    """The times within which so many days are."""
    if age_days is None:
        return (NONE,)
    return [str(days) for days in WITHIN_DAYS if age_days <= days] or (OLDER,)


def narrowed(rows: Sequence[Row], chosen: Mapping[str, str]) -> list[Row]:
    """The rows that all choices leave, in their order."""
    return [
        row
        for row in rows
        if all(value in values(row, facet) for facet, value in chosen.items() if value)
    ]


def facets(rows: Sequence[Row], chosen: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Facet -> (value, companies), most first; times in their order."""
    told = {}
    for facet in FACETS:
        others = {name: value for name, value in chosen.items() if name != facet}
        counted = Counter(v for row in narrowed(rows, others) for v in values(row, facet))
        told[facet] = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    told["fresh"].sort(key=lambda pair: FRESH.index(pair[0]))
    return told
