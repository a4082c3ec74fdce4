"""Searching with counts: what a text may mean, how many of it are of each country, role, grade and depth of
evidence, and what is left of it after choosing some.

The search itself looks at no more than `POOL` companies, so the counts are over all that it looked at. A count
beside a value says how many would be left if it were chosen too: the other choices apply to it, its own do not.

>>> rows = [{"country": "CN", "grade": "A", "level": "E3", "roles": ["selling"]},
...         {"country": "DE", "grade": "A", "level": "E1", "roles": ["selling", "buying"]}]
>>> [row["country"] for row in narrowed(rows, {"role": "buying"})]
['DE']
>>> facets(rows, {"role": "buying"})["role"], facets(rows, {"role": "buying"})["country"]
([('selling', 2), ('buying', 1)], [('DE', 1)])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tallystick.adapters.store import served
from tallystick.service.live import Service
from tallystick.service.looking import cut_of, found_row

POOL: Final = 100
FACETS: Final = ("country", "role", "grade", "level")
"""What one may narrow a search by, in the order of the page."""
NONE: Final = "none"
"""The value of what a company has not: no country known, no grade since it promised nothing."""

Row = dict[str, Any]


def search(
    service: Service, text: str, limit: int, lang: str, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """{companies, facets, looked_at, matching}: the best companies that a text may mean and that `chosen`
    (facet -> value) leaves, and the counts."""
    rows = service.book.find(text, cut_of(service), POOL, lang)
    with service.store.read() as db:
        bodies = served.bodies(db, [row["company"] for row in rows])
    told = [_row(row, bodies.get(row["company"])) for row in rows]
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


def _row(row: Row, body: Row | None) -> Row:
    head = (body or {}).get("headline")
    roles = [one["role"] for one in (body or {}).get("roles", ())]
    level = head["evidence_level"] if head else None
    return found_row(row, body) | {"level": level, "roles": roles}


def values(row: Mapping[str, Any], facet: str) -> Sequence[str]:
    """What a row has of a facet; a company may have several roles."""
    if facet == "role":
        return row["roles"] or (NONE,)
    return (row[facet] or NONE,)


def narrowed(rows: Sequence[Row], chosen: Mapping[str, str]) -> list[Row]:
    """The rows that all choices leave, in their order."""
    return [
        row
        for row in rows
        if all(value in values(row, facet) for facet, value in chosen.items() if value)
    ]


def facets(rows: Sequence[Row], chosen: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Facet -> (value, companies), most first."""
    told = {}
    for facet in FACETS:
        others = {name: value for name, value in chosen.items() if name != facet}
        counted = Counter(v for row in narrowed(rows, others) for v in values(row, facet))
        told[facet] = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return told
