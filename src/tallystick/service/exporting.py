"""Whole tables of the cut that is served, part by part, so that a million companies fit through.

| table | a row | columns |
|---|---|---|
| `ratings` | company, scope, role, kind | those of RATING after code, name, country |
| `companies` | company | code, name, country, public identifiers, grade, score |
| `promises` | promise | those of PROMISE, with codes for companies and deals and ISO dates |

Identifiers that a contributor gives out (`id:shop:17`) are left out: they tell who deals where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.background import with_names
from tallystick.adapters.cuts import Cut
from tallystick.codes import codes_of

_OWN_NUMBER: Final = "id:"
_AT_ONCE: Final = 100_000


def ratings(cut: Cut) -> Iterator[pa.Table]:
    """All ratings."""
    for part in cut.parts("ratings"):
        yield with_names(part, cut).drop_columns(["company"])


def companies(cut: Cut) -> Iterator[pa.Table]:
    """All companies with their headline."""
    heads = cut.read("ratings", ["company", "scope", "grade", "score_tenths"])
    heads = heads.filter(pc.equal(heads["scope"], "headline"))
    keys = heads["company"].combine_chunks()
    for part in cut.parts("companies"):
        place = pc.index_in(part["company"].combine_chunks(), value_set=keys)
        public = [
            [one for one in ids if not one.startswith(_OWN_NUMBER)]
            for ids in part["ids"].to_pylist()
        ]
        yield pa.table(
            {
                "code": codes_of(part["company"], "C"),
                "name": part["name"],
                "country": part["country"],
                "ids": pa.array(public, pa.list_(pa.string())),
                "grade": heads["grade"].combine_chunks().take(place),
                "score_tenths": heads["score_tenths"].combine_chunks().take(place),
            }
        )


def promises(cut: Cut) -> Iterator[pa.Table]:
    """All promises."""
    for whole in cut.parts("promises"):
        for begin in range(0, len(whole), _AT_ONCE):
            part = whole.slice(begin, _AT_ONCE)
            columns: dict[str, Any] = {"deal": codes_of(part["deal"], "D")}
            for name in part.column_names[1:]:
                column = part[name]
                if name in ("promisor", "promisee"):
                    nobody = pc.equal(column.combine_chunks(), 0)
                    column = pc.if_else(nobody, pa.scalar(None, pa.string()), codes_of(column, "C"))
                elif name.endswith("_day"):
                    name, column = f"{name.removesuffix('_day')}_on", column.cast(pa.date32())
                columns[name] = column
            yield pa.table(columns)


TABLES: Final[dict[str, Callable[[Cut], Iterator[pa.Table]]]] = {
    "ratings": ratings,
    "companies": companies,
    "promises": promises,
}
"""Name of an export -> its parts."""
