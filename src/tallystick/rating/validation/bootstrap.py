"""How sure a figure is: drawn again by party, since the promises of one party stand or fall together.

Idea: a draw takes as many parties as there are, with replacement, each with all its promises. A figure that is
a sum over promises is a sum over parties too, so a draw costs no more than one product of the parties' sums
with how often each was drawn. The interval is that of the middle 95 % of the draws.

Worked example: 10 parties, one of them with 1,000 promises and the rest with one: a bootstrap by promise would
call the rate of the giant certain; by party, a third of the draws have no giant at all: the interval is wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from tallystick.rating.validation.prequential import Floats, Ints

DRAWS: Final = 200
COVERED: Final = 0.95
SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; NaN where it cannot be told."""

    value: float
    low: float
    high: float

    def within(self, low: float, high: float) -> bool:
        """Whether the figure itself lies between two bounds."""
        return low <= self.value <= high


def party_codes(party: Ints) -> tuple[Ints, int]:
    """Parties as 0, 1, 2 .. and how many there are."""
    names, code = np.unique(party, return_inverse=True)
    return code.astype(np.int64), len(names)


def party_weights(parties: int, draws: int = DRAWS, seed: int = SEED) -> Iterator[Floats]:
    """For each draw, how often each party was drawn."""
    generator = np.random.default_rng(seed)
    for _ in range(draws):
        drawn = generator.integers(0, parties, parties)
        yield np.bincount(drawn, minlength=parties).astype(np.float64)


def estimate(value: float, drawn: Sequence[float] | Floats) -> Estimate:
    """A figure and the middle 95 % of its draws."""
    known = np.asarray(drawn, dtype=np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return Estimate(float(value), float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return Estimate(float(value), float(low), float(high))


class PartySums:
    """Sums over promises by cell (a segment, say) and figure, kept by party so that they can be redrawn."""

    def __init__(self, party: Ints, cell: Ints, cells: int, columns: Floats) -> None:
        """`columns`: promises x figures. A promise with cell -1 is in none."""
        self.cells, self.figures = cells, columns.shape[1]
        rows = np.flatnonzero(cell >= 0)
        place = (cell[rows, None] * self.figures + np.arange(self.figures)).ravel()
        at = np.repeat(party[rows], self.figures)
        shape = (cells * self.figures, int(party.max(initial=-1)) + 1)
        self.matrix = sparse.csr_matrix((columns[rows].ravel(), (place, at)), shape=shape)

    def total(self, weights: Floats | None = None) -> Floats:
        """Cells x figures, for parties drawn so often; once each if not said."""
        count = self.matrix.shape[1]
        summed = self.matrix @ (np.ones(count) if weights is None else weights[:count])
        shaped: Floats = summed.reshape(self.cells, self.figures)
        return shaped
