"""The port through which the lab sees a rating: it learns from a market, and then scores companies."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tallystick.world.attack.market import Market

Floats = npt.NDArray[np.float64]

SCORES: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("risk", pa.float64(), nullable=False),
        pa.field("grade", pa.string()),
        pa.field("proven_cents", pa.int64()),
    ]
)
"""What a rating says: `risk` orders companies, higher is worse; `grade` null where it has none;
`proven_cents`: money kept before witnesses, on which an exposure limit rests (null: it knows no limit)."""


class Rater(Protocol):
    """A rating that has learnt from a market."""

    def __call__(self, promises: pa.Table, companies: pa.Table) -> pa.Table:
        """Scores (schema SCORES) of promisors among the `promises` (schema PROMISE) and of those of the
        `companies` (schema COMPANIES) whose identity is honest seller or target, by company."""
        ...


class Scorer(Protocol):
    """A rating. `name` stands in tables; `together`: True where a company's score depends on nobody beyond its
    counterparties and theirs, so that many strangers may be scored in one go."""

    name: str
    together: bool

    def learn(self, market: Market) -> Rater:
        """The rating with what it takes from the market as a whole: priors, medians, levels."""
        ...


def percentiles(risk: Floats, honest: Floats) -> Floats:
    """Share of honest companies that are worse, in percent; ties count half."""
    ordered = np.sort(honest)
    better_or_equal = np.searchsorted(ordered, risk, side="right")
    better = np.searchsorted(ordered, risk, side="left")
    found: Floats = 100 * (1 - (better + better_or_equal) / 2 / len(ordered))
    return found
