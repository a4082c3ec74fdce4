"""EigenTrust: a party is trusted as far as those are trusted to whom it kept its promises.

Worked example: three parties in a ring, each kept one promise to the next: all are trusted alike, 1/3 each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from tallystick.adapters.rivals.simple import platt
from tallystick.rating.validation.examples import Examples
from tallystick.rating.validation.prequential import Floats, Ints

DAYS_PER_MONTH: Final = 30.4375
RESTART: Final = 0.15
ROUNDS: Final = 50
CLOSE: Final = 1e-8


def eigentrust(truster: Ints, trusted: Ints, weight: Floats, parties: int) -> Floats:
    """Share of the trust of everybody, restarting from all parties alike."""
    matrix = sparse.csr_matrix((weight, (trusted, truster)), shape=(parties, parties))
    given = np.asarray(matrix.sum(axis=0)).ravel()
    silent = given <= 0
    spread = matrix @ sparse.diags(np.divide(1.0, given, out=np.zeros(parties), where=~silent))
    trust = np.full(parties, 1 / parties)
    for _ in range(ROUNDS):
        passed = (1 - RESTART) * (spread @ trust + trust[silent].sum() / parties)
        new = passed + RESTART / parties
        done, trust = np.abs(new - trust).sum() < CLOSE, new
        if done:
            break
    return trust


@dataclass(slots=True)
class EigenTrust:
    """Trust as at the beginning of the month, turned into a probability by Platt's method."""

    name: str = "eigentrust"
    trust: Floats = field(default_factory=lambda: np.zeros(0))
    y: Floats = field(default_factory=lambda: np.zeros(0))
    line: tuple[float, float] = (0.0, 1.0)

    def prepare(self, examples: Examples) -> None:
        """Trust of every promisor at the beginning of the month of each of its promises."""
        self.y, self.trust = examples.y, np.zeros(len(examples))
        parties = int(max(examples.promisor.max(initial=0), examples.promisee.max(initial=0))) + 1
        month = np.floor(examples.made / DAYS_PER_MONTH)
        for start in np.unique(month):
            kept = np.flatnonzero((examples.known < start * DAYS_PER_MONTH) & (examples.y < 1))
            trust = eigentrust(
                examples.promisee[kept], examples.promisor[kept], 1 - examples.y[kept], parties
            )
            rows = month == start
            self.trust[rows] = np.log(trust[examples.promisor[rows]] * parties)

    def fit(self, rows: Ints) -> None:
        """Platt's two numbers."""
        self.line = platt(self.trust[rows], self.y[rows])

    def predict(self, rows: Ints) -> Floats:
        """Calibrated probabilities."""
        p: Floats = 1 / (1 + np.exp(-(self.line[0] + self.line[1] * self.trust[rows])))
        return p
