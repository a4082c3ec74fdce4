"""Link the records of one table, or of two, by a model: `link`.

Splink compares on DuckDB and estimates; `training` fits again on what was found; `clusters` joins.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from tallystick.adapters.linking.clusters import join_pairs
from tallystick.adapters.linking.compiling import (
    ALL_PAIRS,
    affordable,
    blocking,
    comparisons_of,
    pairs_of,
    possible_pairs,
    saying,
    settings_of,
)
from tallystick.adapters.linking.model import Fitted, Model, ModelError, fit, read_model
from tallystick.adapters.linking.prepare import prepare
from tallystick.adapters.linking.training import count_bearers, estimate, refit

FLOOR_BITS: Final = -10.0
"""Pairs below this weight are forgotten."""

STEPS: Final = 6

SHOWN_BELOW: Final = 5_000
"""Pairs that fall short of joining by no more than so many thousandths of a bit are shown too."""

Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of linking. `clusters`: per record, in the order of the tables and their rows, the number of
    its cluster; `pairs`: pairs of records with the weight and what adds up to it; `model`: as it was used."""

    clusters: list[int]
    pairs: pa.Table
    model: Model


def link(
    tables: Sequence[pa.Table],
    model: str | Path | Model,
    columns: Mapping[str, str] | None = None,
    ids: Sequence[Sequence[str]] | None = None,
    names: Sequence[str] = ("the first table", "the second table"),
    progress: Step = lambda _what, _done, _total: None,
) -> Linked:
    """Link the records of one table, or those of one table to those of another.

    `model`: `person`, `company`, `payment`, a TOML file or a `Model`; `columns`: field -> column where the
    names of the model do not fit; `ids`: what names each record, so that the outcome does not depend on the
    order of the rows; `names`: of the tables, for messages. Needs the extra `link`. Raises `ModelError`."""
    chosen = model if isinstance(model, Model) else read_model(model)
    fitted = fit(
        chosen,
        [(n, t.column_names) for n, t in zip(names, tables, strict=False)],
        dict(columns or {}),
    )
    for name, table in zip(names, tables, strict=False):
        if table.num_rows == 0:
            raise ModelError(f"{name}: there are no records in it")
    return _Run(list(tables), fitted, list(ids or []), progress).link()


class _Run:
    """The work of one call, on a database of its own."""

    def __init__(
        self, tables: list[pa.Table], fitted: Fitted, ids: list[Sequence[str]], progress: Step
    ) -> None:
        import duckdb
        from splink import DuckDBAPI

        logging.getLogger("splink").setLevel(logging.ERROR)
        self.con = duckdb.connect()
        self.con.execute("set enable_progress_bar = false")
        self.api = DuckDBAPI(connection=self.con)
        self.fitted, self.model, self.progress = fitted, fitted.model, progress
        self.sizes = [table.num_rows for table in tables]
        self.two = len(tables) == 2
        self.rank = _ranks(ids, sum(self.sizes))
        progress("reading", 0, STEPS)
        self.sides = prepare(self.con, tables, fitted)
        self.inputs = [self.api.register(s, dataset_display_name=s) for s in self.sides]
        self.comparisons = comparisons_of(fitted)
        self.exclusive = self._exclusive()

    def link(self) -> Linked:
        """Estimate, weigh and join; then fit again on what was found, weigh more pairs and join."""
        whole = possible_pairs(self.sizes) <= ALL_PAIRS
        rules = [] if whole else list(self.model.rules)
        settings = settings_of(self.fitted, rules, self.two)
        settings["probability_two_random_records_match"] = 1 / max(self.sizes)
        self.progress("estimating", 1, STEPS)
        learnt = [r for r in self.model.training if pairs_of(self.con, self.sides, r) > 0]
        estimated = estimate(self._linker(settings), learnt)
        self.progress("comparing", 2, STEPS)
        pairs = self._weigh(estimated, {})
        self.progress("joining", 3, STEPS)
        settings, bearers = self._refit(estimated, pairs, self._join(pairs))
        if whole:  # a small table is quickly weighed, and little to learn from: once more
            pairs = self._weigh(settings, bearers)
            settings, bearers = self._refit(estimated, pairs, self._join(pairs))
        else:
            rules += affordable(self.con, self.sides, self.model.wide, sum(self.sizes))
            settings["blocking_rules_to_generate_predictions"] = blocking(rules)
        self.progress("comparing again", 4, STEPS)
        pairs = self._weigh(settings, bearers)
        self.progress("joining again", 5, STEPS)
        clusters = self._join(pairs)
        return Linked(clusters, self._shown(pairs, settings, clusters), self.model)

    def _linker(self, settings: dict[str, Any]) -> Any:
        from splink import Linker

        return Linker(self.inputs if self.two else self.inputs[0], settings, log_level=None)

    def _weigh(self, settings: dict[str, Any], bearers: dict[str, str]) -> str:
        """The table of pairs with their weights. `bearers`: column -> table of how rare its values are."""
        linker = self._linker(settings)
        for column, table in bearers.items():
            linker.table_management.register_term_frequency_lookup(self.api.register(table), column)
        found = linker.inference.predict(threshold_match_weight=FLOOR_BITS)
        return str(found.physical_name)

    def _join(self, pairs: str) -> list[int]:
        """The cluster of each record, named by one of its records."""
        found = self.con.sql(
            f"select unique_id_l, unique_id_r, cast(round(1000 * match_weight) as bigint) from {pairs}"
        ).to_arrow_table()
        left, right, weights = (column.to_pylist() for column in found.columns)
        rank = self.rank
        weighed = [(rank[a], rank[b], w) for a, b, w in zip(left, right, weights, strict=True)]
        sides = None
        if self.two and self.model.one_to_one:
            sides = {rank[n]: int(n >= self.sizes[0]) for n in range(len(rank))}
        exclusive = {rank[n]: values for n, values in self.exclusive.items()}
        joined = join_pairs(rank, weighed, self.model.threshold, sides, exclusive)
        return [joined[place] for place in rank]

    def _exclusive(self) -> dict[int, list[str]]:
        """The values of each record that must not differ within a cluster."""
        found: dict[int, list[str]] = {}
        for field in self.model.fields:
            if not field.exclusive:
                continue
            for side in self.sides:
                query = f"select unique_id, {field.name} from {side} where {field.name} is not null"
                for number, value in self.con.sql(query).fetchall():
                    found.setdefault(number, []).append(f"{field.name}:{value}")
        return found

    def _refit(
        self, estimated: dict[str, Any], pairs: str, clusters: list[int]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        numbers = pa.table({"unique_id": range(len(clusters)), "cluster": clusters})
        self.con.register("cluster_rows", numbers)
        self.con.execute("create or replace table clusters as select * from cluster_rows")
        self.con.unregister("cluster_rows")
        self.con.execute(
            f"create or replace table weighed as select p.*, a.cluster = b.cluster as together "
            f"from {pairs} p join clusters a on a.unique_id = p.unique_id_l "
            "join clusters b on b.unique_id = p.unique_id_r"
        )
        possible = {n: saying(self.con, self.sides, says) for n, _, says in self.comparisons}
        possible[""] = possible_pairs(self.sizes)
        entities = len(set(clusters))
        settings = refit(estimated, self.con, "weighed", entities, possible)
        rare = sorted({level.rare for _, levels, _ in self.comparisons for level in levels} - {""})
        bearers = {c: count_bearers(self.con, self.sides, c, entities) for c in rare}
        return settings, bearers

    def _shown(self, pairs: str, settings: dict[str, Any], clusters: list[int]) -> pa.Table:
        """Pairs that join or nearly do, with the thousandths of a bit that each field adds."""
        odds = settings["probability_two_random_records_match"]
        prior = round(1000 * log2(odds / (1 - odds)))
        here = set(self.con.sql(f"select * from {pairs} limit 0").columns)
        parts, told = [], []
        for name, levels, _ in self.comparisons:
            bits = " + ".join(c for c in (f"mw_{name}", f"mw_tf_adj_{name}") if c in here)
            parts.append(f"cast(round(1000 * ({bits})) as bigint) as {name}")
            told.append(f"{_labels(name, [level.label for level in levels])} as {name}_said")
        least = (self.model.threshold - SHOWN_BELOW) / 1000
        found = self.con.sql(
            f"select unique_id_l, unique_id_r, {', '.join(parts + told)} from {pairs} "
            f"where match_weight >= {least} order by match_weight desc, 1, 2"
        ).to_arrow_table()
        fields = [name for name, _, _ in self.comparisons]
        totals = [
            prior + sum(row) for row in zip(*(found[f].to_pylist() for f in fields), strict=True)
        ]
        ends = [found[c].to_pylist() for c in ("unique_id_l", "unique_id_r")]
        together = [clusters[a] == clusters[b] for a, b in zip(*ends, strict=True)]
        head = {"left": ends[0], "right": ends[1], "together": together, "weight": totals}
        head["prior"] = [prior] * len(totals)
        lines = {c: found[c] for f in fields for c in (f, f"{f}_said")}
        return pa.table({**head, **lines})


def _labels(name: str, labels: list[str]) -> str:
    """SQL: the words for the level of agreement that a pair has."""
    words = [*labels, "different"]
    cases = [
        f"when {len(words) - 1 - n} then '{word.replace(chr(39), 2 * chr(39))}'"
        for n, word in enumerate(words)
    ]
    return f"case gamma_{name} {' '.join(cases)} else 'missing' end"


def _ranks(ids: list[Sequence[str]], count: int) -> list[int]:
    """The place of each record in the order of their names, which breaks ties."""
    if not ids:
        return list(range(count))
    named = [(side, key) for side, keys in enumerate(ids) for key in keys]
    places = [0] * count
    for place, number in enumerate(sorted(range(count), key=lambda n: named[n])):
        places[number] = place
    return places
