"""A model as settings of Splink: comparisons, blocking, and the rules it is trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tallystick.adapters.linking.model import Field, Fitted
from tallystick.adapters.linking.sorts import SORTS, Level, comparison, person_name

ALL_PAIRS: Final = 2_000_000
"""Tables with no more pairs than this are compared whole."""

PAIRS_PER_RECORD: Final = 60
"""Blocking is widened as long as no more pairs than this come of it, per record."""

Rule = tuple[str, ...]


def settings_of(fitted: Fitted, rules: list[Rule], two_tables: bool) -> dict[str, Any]:
    """The settings for DuckDB; `unique_id` numbers the records. No rules: every pair is compared."""
    return {
        "link_type": "link_only" if two_tables else "dedupe_only",
        "comparisons": [
            comparison(name, levels, _missing(says))
            for name, levels, says in comparisons_of(fitted)
        ],
        "blocking_rules_to_generate_predictions": blocking(rules),
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
    }


def comparisons_of(fitted: Fitted) -> list[tuple[str, list[Level], tuple[str, ...]]]:
    """Name and levels of each comparison, and the columns of which one must say something: one per field, but
    given name and surname together."""
    given, surname = fitted.model.of_sort("given-name"), fitted.model.of_sort("surname")
    pair = (given[0], surname[0]) if given and surname else ()
    found: list[tuple[str, list[Level], tuple[str, ...]]] = []
    if pair:
        names = (pair[0].name, pair[1].name)
        found.append(("name", person_name(*names), names))
    return found + [_of(field) for field in fitted.model.fields if field not in pair]


def _of(field: Field) -> tuple[str, list[Level], tuple[str, ...]]:
    name = field.name
    says = f"{name}_key" if field.sort == "company" else name
    return name, SORTS[field.sort].levels(name), (says,)


def _missing(says: tuple[str, ...]) -> str:
    sides = (" and ".join(f"{column}_{side} is null" for column in says) for side in "lr")
    return " or ".join(f"({side})" for side in sides)


def saying(con: Any, sides: list[str], says: tuple[str, ...]) -> int:
    """How many pairs of records there are of which both say something in one of the columns."""
    any_of = " or ".join(f"{column} is not null" for column in says)
    counts = [f"select count(*) from {side} where {any_of}" for side in sides]
    return possible_pairs([con.sql(query).fetchall()[0][0] for query in counts])


def blocking(rules: Sequence[Rule]) -> list[str]:
    """The SQL of all lines of blocking; without any, every pair is compared."""
    return [block(rule) for rule in rules] or ["1=1"]


def block(rule: Rule) -> str:
    """The SQL of a line of blocking: both records say the same in every part."""
    return " and ".join(f"{_part('l.' + part)} = {_part('r.' + part)}" for part in rule)


def _part(part: str) -> str:
    name, _, size = part.partition(":")
    return f"substr({name}, 1, {size})" if size else name


def affordable(con: Any, sides: list[str], rules: Sequence[Rule], records: int) -> list[Rule]:
    """As many of the lines of blocking as together give no more than `PAIRS_PER_RECORD`."""
    room = PAIRS_PER_RECORD * records
    kept = []
    for rule in rules:
        cost = pairs_of(con, sides, rule)
        if cost <= room:
            room -= cost
            kept.append(rule)
    return kept


def possible_pairs(sizes: list[int]) -> int:
    """How many pairs there are within one table, or between two."""
    return sizes[0] * (sizes[0] - 1) // 2 if len(sizes) == 1 else sizes[0] * sizes[1]


def pairs_of(con: Any, sides: list[str], rule: Rule) -> int:
    """How many pairs come of a line of blocking."""
    key = f"concat_ws('|', {', '.join(_part(part) for part in rule)})"
    full = " and ".join(f"{_part(part)} is not null" for part in rule)
    counts = [f"(select {key} as k, count(*) as n from {s} where {full} group by 1)" for s in sides]
    if len(sides) == 1:
        query = f"select coalesce(sum(n * (n - 1) // 2), 0) from {counts[0]}"
    else:
        query = (
            f"select coalesce(sum(a.n * b.n), 0) from {counts[0]} a join {counts[1]} b using (k)"
        )
    return int(con.sql(query).fetchall()[0][0])
