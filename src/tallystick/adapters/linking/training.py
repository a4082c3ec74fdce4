"""The parameters of a linkage model, estimated from the records alone.

Splink estimates first: how often values agree by chance (u, from random pairs) and in records of one entity
(m, by expectation maximisation). Then the model is fitted again on what it found, because in a table full of
duplicates even random pairs are often of one entity, and a name that one entity bears in twenty records is not
a common name:

* m: how often each level of agreement occurs within the clusters found;
* u: the random pairs, less those within clusters;
* how rare a value is: by how many other clusters, not by how many records, say it;
* a field can at best single out one entity among all, which bounds what a level tells (`SINGLED_OUT`).
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from tallystick.adapters.linking.compiling import block

SEED: Final = 1
RANDOM_PAIRS: Final = 1_000_000
SMOOTHING: Final = 2.0
"""Pairs that are added to those found, spread over the levels half as first estimated, half as is usual."""

EQUAL: Final = 0.6
DIFFERENT: Final = 0.1

SINGLED_OUT: Final = 1.25
"""An agreement tells at most so many times log2(entities) bits: enough to single out one entity among all, and
somewhat more, since a value that nobody else says may be rarer than a table of this size can show."""

UNSEEN: Final = 1e-3
"""The share of a level of which the first estimate saw nothing."""


def estimate(linker: Any, rules: list[tuple[str, ...]]) -> dict[str, Any]:
    """Splink's settings with its own estimates in them. `rules`: blocking to learn from, none without pairs."""
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for rule in rules:
        training.estimate_parameters_using_expectation_maximisation(
            block(rule), estimate_without_term_frequencies=True
        )
    return dict(linker.misc.save_model_to_json())


def refit(
    estimated: dict[str, Any], con: Any, pairs: str, entities: int, possible: dict[str, int]
) -> dict[str, Any]:
    """The estimates fitted again. `pairs`: a table of weighed pairs with `together`, whether both are in one
    cluster; `possible`: per comparison, how many pairs of records there are that both say something; under ""
    how many there are at all."""
    fitted = deepcopy(estimated)
    for comparison in fitted["comparisons"]:
        name = comparison["output_column_name"]
        rows = con.sql(
            f"select gamma_{name}, count(*) from {pairs} where together group by 1"
        ).fetchall()
        told = [
            level for level in comparison["comparison_levels"] if not level.get("is_null_level")
        ]
        _refit(told, dict(rows), possible[name], entities)
    found = con.sql(f"select count(*) from {pairs} where together").fetchall()[0][0]
    fitted["probability_two_random_records_match"] = max(1, found) / possible[""]
    return fitted


def _refit(told: list[dict[str, Any]], seen: dict[int, int], possible: int, entities: int) -> None:
    """Levels from the strongest down; Splink numbers them up to it from the last, which is 0."""
    within = sum(count for number, count in seen.items() if number >= 0)
    for number, level in enumerate(reversed(told)):
        usual = _usual(number, len(told))
        before = (level.get("m_probability", usual) + usual) / 2
        m = (seen.get(number, 0) + SMOOTHING * before) / (within + SMOOTHING)
        by_chance = possible * level.get("u_probability", UNSEEN) - seen.get(number, 0)
        level["m_probability"] = m
        level["u_probability"] = max(
            by_chance / max(1, possible - within), m / entities**SINGLED_OUT, 1e-9
        )


def _usual(number: int, count: int) -> float:
    """How often a level of so many occurs within an entity, before anything is known: mostly equal, seldom
    different."""
    if number == 0:
        return DIFFERENT
    return EQUAL if number == count - 1 else (1 - EQUAL - DIFFERENT) / max(1, count - 2)


def count_bearers(con: Any, sides: list[str], column: str, entities: int) -> str:
    """Make a table of how rare each value of a column is: the share of clusters that say it beside the two
    that are compared, and at least one of all. Returns its name."""
    name = f"bearers_{column}"
    records = " union all ".join(f"select unique_id, {column} from {side}" for side in sides)
    con.execute(
        f"create or replace table {name} as select {column}, greatest({entities**-SINGLED_OUT}, "
        f"(bearers - 2) / greatest(1, sum(bearers) over () - 2)) as tf_{column} "
        f"from (select {column}, count(distinct cluster) as bearers from ({records}) "
        f"join clusters using (unique_id) where {column} is not null group by 1)"
    )
    return name
