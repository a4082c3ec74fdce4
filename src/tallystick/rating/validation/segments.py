"""The same figures for every kind of file: thin and thick, small and large, young and old, here and there.

Idea: a rating may be right on the whole and wrong for newcomers. For each segment: how many broken promises
came for each that was expected, with its interval by party; and three gaps to everybody else: of the score, of
honesty (observed minus expected share), and of false rejection (how many of the promises that were kept came
from parties below the line at which a lender says no).

Worked example: 200 promises of newcomers at 5 % expected, 14 broken: observed over expected 1.4; gap of honesty
.07 - .05 = .02 less that of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.score import points
from tallystick.rating.validation.bootstrap import (
    DRAWS,
    SEED,
    Estimate,
    PartySums,
    estimate,
    party_codes,
    party_weights,
)
from tallystick.rating.validation.measures import SUREST, Foretold
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.units import PPM

THICKNESS: Final = (("0", 0), ("1-3", 3), ("4-10", 10), ("11-50", 50), (">50", None))
AGE: Final = (
    ("0-30 d", 30),
    ("31-180 d", 180),
    ("181-365 d", 365),
    ("1-2 y", 730),
    (">2 y", None),
)
MOST_VALUES: Final = 40
LEAST_PROMISES: Final = 100
OTHERS: Final = "…"
"""Of a dimension the largest values are shown, each with that many promises; the rest is one segment."""

LEAST_PARTIES: Final = 10
"""Fewer parties than this cannot be drawn again in a way that says something: there is no interval."""

REJECT_AT_PPM: Final = 160_000
"""A promise is counted as rejected where the chance of a break is worse than grade CCC."""

_COLUMNS: Final = ("n", "y", "p", "score", "kept", "rejected")

Bands = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """How the rating does for one value of one dimension, and how that differs from all others."""

    dimension: str
    value: str
    promises: int
    parties: int
    broken: float
    expected: float
    observed_expected: Estimate
    log_loss: float
    auc: float
    ece: float
    score_gap_points: Estimate
    honesty_gap: Estimate
    rejection_gap: Estimate


@dataclass(frozen=True, slots=True)
class Cells:
    """Which segment of a dimension each promise is in (-1: not known), and the names of the segments."""

    dimension: str
    names: tuple[str, ...]
    cell: Ints


def cells_of(predictions: pa.Table) -> list[Cells]:
    """The dimensions of which the predictions (schema PREDICTION) tell more than one value."""
    found = [
        _named("kind", predictions["kind"]),
        _banded("known", predictions["known"], THICKNESS),
        _named("size", predictions["size"]),
        _banded("age", predictions["age_days"], AGE),
        _named("country", predictions["country"]),
        _named("contributor", predictions["contributor"]),
    ]
    return [cells for cells in found if len(cells.names) > 1]


def _named(dimension: str, column: pa.ChunkedArray) -> Cells:
    counts = pc.value_counts(column.drop_null().combine_chunks()).to_pylist()
    ranked = sorted(counts, key=lambda row: (-row["counts"], row["values"]))
    large = [row["values"] for row in ranked if row["counts"] >= LEAST_PROMISES]
    names = large[:MOST_VALUES]
    cell = pc.fill_null(pc.index_in(column, value_set=pa.array(names, pa.string())), -1)
    codes = cell.to_numpy().astype(np.int64)
    if len(ranked) > len(names):
        codes[column.is_valid().to_numpy() & (codes < 0)] = len(names)
        names.append(OTHERS)
    return Cells(dimension, tuple(names), codes)


def _banded(dimension: str, column: pa.ChunkedArray, bands: Bands) -> Cells:
    tops = [top for _, top in bands if top is not None]
    values = pc.fill_null(column, -1).to_numpy()
    cell = np.searchsorted(tops, values).astype(np.int64)
    cell[values < 0] = -1
    there = np.unique(cell[cell >= 0])
    packed = np.where(cell >= 0, np.searchsorted(there, cell), -1)
    return Cells(dimension, tuple(bands[n][0] for n in there), packed)


def segments_of(
    predictions: pa.Table, model: str, draws: int = DRAWS, seed: int = SEED
) -> list[Segment]:
    """Every segment of every dimension of which more than one value is known."""
    p, y = probability(predictions, model), outcome(predictions)
    party, parties = party_codes(predictions["promisor"].to_numpy())
    columns = _summed(p, y)
    found: list[Segment] = []
    for cells in cells_of(predictions):
        sums = PartySums(party, cells.cell, len(cells.names), columns)
        whole = _gaps(sums.total())
        drawn = np.array([_gaps(sums.total(w)) for w in party_weights(parties, draws, seed)])
        for n in range(len(cells.names)):
            found.append(_segment(cells, n, (p, y, party), whole[n], drawn[:, n]))
    return found


def probability(predictions: pa.Table, model: str) -> Floats:
    """What a model foretold."""
    p: Floats = predictions[f"p_{model}"].to_numpy()
    return p


def outcome(predictions: pa.Table) -> Floats:
    """Share broken of each promise."""
    y: Floats = predictions["y_ppm"].to_numpy() / PPM
    return y


def _summed(p: Floats, y: Floats) -> Floats:
    """Promises x _COLUMNS."""
    rejected = p > REJECT_AT_PPM / PPM
    score = points(np.clip(p, SUREST, 1 - SUREST))
    return np.stack([np.ones(len(p)), y, p, score, 1 - y, rejected * (1 - y)], axis=1)


def _gaps(sums: Floats) -> Floats:
    """Cells x (observed over expected, gap of score, of honesty, of false rejection) from cells x _COLUMNS."""
    others = sums.sum(axis=0) - sums
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = sums[:, 1] / sums[:, 2]
        score, honesty, rejection = (
            top(sums) - top(others) for top in (_score, _honesty, _rejection)
        )
    found: Floats = np.stack([ratio, score, honesty, rejection], axis=1)
    return found


def _score(s: Floats) -> Floats:
    mean: Floats = s[:, 3] / s[:, 0]
    return mean


def _honesty(s: Floats) -> Floats:
    off: Floats = (s[:, 1] - s[:, 2]) / s[:, 0]
    return off


def _rejection(s: Floats) -> Floats:
    share: Floats = s[:, 5] / s[:, 4]
    return share


def _segment(
    cells: Cells, n: int, told: tuple[Floats, Floats, Ints], whole: Floats, drawn: Floats
) -> Segment:
    rows = np.flatnonzero(cells.cell == n)
    p, y, party = told[0][rows], told[1][rows], told[2][rows]
    figures, parties = Foretold(p, y, party).measures(), len(np.unique(party))
    again = drawn if parties >= LEAST_PARTIES else drawn[:0]
    ratio, score, honesty, rejection = (
        estimate(whole[k], again[:, k][np.isfinite(again[:, k])]) for k in range(4)
    )
    return Segment(
        dimension=cells.dimension,
        value=cells.names[n],
        promises=len(rows),
        parties=parties,
        broken=float(y.sum()),
        expected=float(p.sum()),
        observed_expected=ratio,
        log_loss=figures.log_loss,
        auc=figures.auc,
        ece=figures.ece,
        score_gap_points=score,
        honesty_gap=honesty,
        rejection_gap=rejection,
    )


def of_dimension(segments: Iterable[Segment], dimension: str) -> list[Segment]:
    """The segments of one dimension, in their order."""
    return [segment for segment in segments if segment.dimension == dimension]
