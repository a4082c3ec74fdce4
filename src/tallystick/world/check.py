"""How well ratings recover what a world hid: ranks by kind of promise, and calibration.

Idea: the simulator knows the true probability with which each company breaks its next promise. A rating
is good if it puts companies in the same order (Spearman's rank correlation) and if those rated at 8 % do
break about 8 % (calibration).

Worked example: truths 0.01, 0.05, 0.20 and ratings 0.03, 0.04, 0.06 have the same order: Spearman 1.0,
though the ratings are drawn towards the middle, as they must be when there is little evidence.

>>> rank_correlation(np.array([0.01, 0.05, 0.2]), np.array([0.03, 0.04, 0.06]))
1.0
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.units import PPM

Floats = npt.NDArray[np.float64]

BOUNDS_PPM: Final = (10_000, 20_000, 40_000, 80_000, 160_000)
"""Upper bounds of the groups of the calibration table but the last, by rated probability in ppm."""

SURE: Final = ("E3", "E4")
"""Levels of evidence at which a rating rests on the company's own record more than on its peers'."""

LEAST: Final = 10
"""A rank correlation over fewer companies is noise and left out."""


@dataclass(frozen=True, slots=True)
class KindCheck:
    """One kind of promise: companies with a grade in it, and Spearman's rank correlation; `sure` and
    `sure_spearman` the same for those with much evidence, None where they are too few."""

    kind: str
    companies: int
    spearman: float
    sure: int
    sure_spearman: float | None


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """Ratings between two probabilities (ppm): how many, and the mean rated and mean true probability."""

    low_ppm: int
    high_ppm: int
    ratings: int
    rated: float
    true: float


@dataclass(frozen=True, slots=True)
class Check:
    """`kinds` with at least `LEAST` graded companies, best ranked first; `calibration` over all of them
    together; `spearman`, `sure_spearman`: means over kinds, weighted by companies, None where no kind
    qualifies."""

    kinds: Sequence[KindCheck]
    calibration: Sequence[CalibrationRow]
    spearman: float | None
    sure_spearman: float | None


def compare(
    truth: pa.Table, ratings: pa.Table, companies: pa.Table, promises: pa.Table | None = None
) -> Check:
    """Compare ratings (schema RATING; rows of scope `kind` with a grade count) with the truth of a world.

    `truth`: `truth/companies.parquet`, with `company` as `scheme:value` and `breaks_<kind>`.
    `companies`: schema COMPANY, which says by `ids` which company each truth is about.
    `promises`: schema PROMISE; of a kind that is broken in part, such as a delivery that comes short, a rating
    foretells the share that is missing, and the truth only whether any is: it counts with the share that is
    missing where any is.
    """
    graded = pc.and_(pc.equal(ratings["scope"], "kind"), pc.not_equal(ratings["grade"], "NR"))
    rated = ratings.filter(graded).select(["company", "kind", "broken_ppm", "evidence_level"])
    known = _keyed(truth, companies)
    missing = missing_shares(promises) if promises is not None else {}
    found: list[KindCheck] = []
    pairs: list[_Pairs] = []
    for name in truth.column_names:
        if not name.startswith("breaks_"):
            continue
        kind = name.removeprefix("breaks_")
        both = _pairs(known.select(["company", name]), rated, kind)
        both = replace(both, true=both.true * missing.get(kind, 1.0))
        if len(both.true) >= LEAST:
            found.append(_checked(kind, both))
            pairs.append(both)
    found.sort(key=lambda row: (-row.spearman, row.kind))
    return Check(
        found,
        _calibration(pairs),
        _mean([(row.spearman, row.companies) for row in found]),
        _mean([(row.sure_spearman, row.sure) for row in found if row.sure_spearman is not None]),
    )


def missing_shares(promises: pa.Table) -> dict[str, float]:
    """Kind -> the mean share that is missing of a promise that is broken or kept in part, late is missing."""
    bad = promises.filter(pc.is_in(promises["outcome"], pa.array(["late", "partial", "broken"])))
    part = pc.equal(bad["outcome"], "partial")
    kept = pc.if_else(part, pc.cast(bad["kept_ppm"], pa.float64()), 0.0)
    lost = pa.table({"kind": bad["kind"], "lost": pc.subtract(1.0, pc.divide(kept, float(PPM)))})
    means = lost.group_by("kind").aggregate([("lost", "mean")])
    return dict(zip(means["kind"].to_pylist(), means["lost_mean"].to_pylist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """True and rated probability of companies, and which of them have much evidence."""

    true: Floats
    mine: Floats
    sure: npt.NDArray[np.bool_]


def _checked(kind: str, both: _Pairs) -> KindCheck:
    sure = int(both.sure.sum())
    deep = None if sure < LEAST else rank_correlation(both.true[both.sure], both.mine[both.sure])
    return KindCheck(kind, len(both.true), rank_correlation(both.true, both.mine), sure, deep)


def _mean(weighted: Sequence[tuple[float, int]]) -> float | None:
    total = sum(weight for _, weight in weighted)
    return sum(value * weight for value, weight in weighted) / total if total else None


def rank_correlation(a: Floats, b: Floats) -> float:
    """Spearman's rank correlation; ties share their mean rank; 0 where one side is constant."""
    x, y = _ranks(a), _ranks(b)
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return round(float(x @ y) / size, 12) if size else 0.0


def _ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean: Floats = (last - (counts - 1) / 2)[inverse]
    return mean


def _keyed(truth: pa.Table, companies: pa.Table) -> pa.Table:
    """The truth with `company` as the key that the book gave it; rows that it never met are left out."""
    ids = companies["ids"].combine_chunks()
    owner = companies["company"].combine_chunks().take(pc.list_parent_indices(ids))
    place = pc.index_in(truth["company"].combine_chunks(), value_set=pc.list_flatten(ids))
    column = truth.schema.get_field_index("company")
    keyed = truth.set_column(column, "company", owner.take(place))
    return keyed.filter(pc.is_valid(keyed["company"]))


def _pairs(truth: pa.Table, rated: pa.Table, kind: str) -> _Pairs:
    """The companies that have both a truth and a rating in a kind."""
    mine = rated.filter(pc.equal(rated["kind"], kind))
    place = pc.index_in(mine["company"].combine_chunks(), truth["company"].combine_chunks())
    true = truth.column(1).combine_chunks().take(place)
    both = pc.is_valid(true)
    sure = pc.is_in(mine["evidence_level"].combine_chunks(), value_set=pa.array(SURE))
    return _Pairs(
        true.filter(both).to_numpy(zero_copy_only=False),
        mine["broken_ppm"].combine_chunks().filter(both).to_numpy() / PPM,
        sure.filter(both).to_numpy(zero_copy_only=False),
    )


def _calibration(pairs: Sequence[_Pairs]) -> list[CalibrationRow]:
    if not pairs:
        return []
    true = np.concatenate([pair.true for pair in pairs])
    mine = np.concatenate([pair.mine for pair in pairs])
    group = np.searchsorted(np.array(BOUNDS_PPM) / PPM, mine, side="left")
    edges = (0, *BOUNDS_PPM, PPM)
    rows = []
    for n in range(len(edges) - 1):
        hit = group == n
        if hit.any():
            count, rated = int(hit.sum()), float(mine[hit].mean())
            rows.append(
                CalibrationRow(edges[n], edges[n + 1], count, rated, float(true[hit].mean()))
            )
    return rows
