"""How good probabilities are: ranking (AUC, KS), error (Brier, log loss) and honesty (ECE, observed/expected).

Idea: everything is a sum over promises in the order of their probability, so one sort serves every figure and
every draw of the bootstrap. An outcome may be a share: a promise broken by a quarter is a quarter of a broken
and three quarters of a kept one.

Worked example: p = (.1, .4, .8), y = (0, 1, 0): of the two pairs of a broken with a kept promise one stands in
the right order: AUC 1/2. Brier (.01 + .36 + .64) / 3 = .337. Observed over expected 1 / 1.3 = .77.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from tallystick.rating.validation.bootstrap import (
    DRAWS,
    SEED,
    Estimate,
    estimate,
    party_codes,
    party_weights,
)
from tallystick.rating.validation.prequential import Floats, Ints

BINS: Final = 10
SUREST: Final = 1e-4
"""No probability is taken as nearer to 0 or 1: else one surprise would outweigh a million promises."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What one set of probabilities is worth; NaN where it cannot be told (nobody broke, say)."""

    auc: float
    gini: float
    ks: float
    brier: float
    log_loss: float
    ece: float
    observed_expected: float


MEASURES: Final = tuple(field.name for field in fields(Measures))


@dataclass(frozen=True, slots=True)
class Bin:
    """A row of the reliability table: promises of about one probability."""

    expected: float
    observed: float
    low: float
    high: float
    promises: int


class Foretold:
    """Probabilities and outcomes in order of the probability, with who made the promise."""

    def __init__(self, p: Floats, y: Floats, party: Ints, bins: int = BINS) -> None:
        order = np.argsort(p, kind="stable")
        self.p, self.y = p[order], y[order]
        codes, self.parties = party_codes(party)
        self.party = codes[order]
        fresh = np.ones(len(p), dtype=bool)
        fresh[1:] = self.p[1:] != self.p[:-1]
        self.starts = np.flatnonzero(fresh)
        self.bin = np.arange(len(p)) * bins // max(len(p), 1)
        self.bin_starts = np.flatnonzero(np.diff(self.bin, prepend=-1))
        self.gap = self.p - self.y
        summed = (np.ones(len(p)), self.gap**2, losses(self.p, self.y), self.y, self.p)
        self.sums = np.stack([np.bincount(self.party, c, self.parties) for c in summed], axis=1)

    def __len__(self) -> int:
        return len(self.p)

    def weights(self, of_party: Floats | None) -> Floats:
        """Weight of each promise, given how often its party was drawn."""
        return np.ones(len(self)) if of_party is None else of_party[self.party]

    def measures(self, of_party: Floats | None = None) -> Measures:
        """All figures at once."""
        w = self.weights(of_party)
        summed = self.sums.sum(axis=0) if of_party is None else of_party @ self.sums
        total, square, loss, observed, expected = (float(s) for s in summed)
        if not total:
            return Measures(*[float("nan")] * len(MEASURES))
        auc, ks = self._ranking(w)
        gaps = np.add.reduceat(w * self.gap, self.bin_starts)
        return Measures(
            auc=auc,
            gini=2 * auc - 1,
            ks=ks,
            brier=square / total,
            log_loss=loss / total,
            ece=float(np.abs(gaps).sum() / total),
            observed_expected=observed / expected if expected else float("nan"),
        )

    def _ranking(self, w: Floats) -> tuple[float, float]:
        """AUC and KS; equal probabilities count half."""
        broken = w * self.y
        kept = w - broken
        if len(self.starts) < len(self):
            broken, kept = (np.add.reduceat(mass, self.starts) for mass in (broken, kept))
        below, above = np.cumsum(kept), np.cumsum(broken)
        all_kept, all_broken = below[-1], above[-1]
        if all_broken <= 0 or all_kept <= 0:
            return float("nan"), float("nan")
        auc = (broken @ below - broken @ kept / 2) / (all_broken * all_kept)
        ks = np.abs(below / all_kept - above / all_broken).max()
        return float(auc), float(ks)

    def estimates(self, draws: int = DRAWS, seed: int = SEED) -> dict[str, Estimate]:
        """Every figure of `Measures` with its interval by party."""
        drawn = [self.measures(w) for w in party_weights(self.parties, draws, seed)]
        whole = self.measures()
        return {
            name: estimate(getattr(whole, name), [getattr(m, name) for m in drawn])
            for name in MEASURES
        }

    def reliability(self, draws: int = DRAWS, seed: int = SEED) -> list[Bin]:
        """Expected and observed share in bins of equal number, with intervals by party."""

        def share(w: Floats) -> Floats:
            number = np.bincount(self.bin, w)
            with np.errstate(invalid="ignore"):
                found: Floats = np.bincount(self.bin, w * self.y) / number
            return found

        drawn = np.array([share(self.weights(w)) for w in party_weights(self.parties, draws, seed)])
        number = np.bincount(self.bin)
        expected, observed = np.bincount(self.bin, self.p) / number, share(np.ones(len(self)))
        found = [estimate(observed[n], drawn[:, n]) for n in range(len(number))]
        return [
            Bin(float(expected[n]), e.value, e.low, e.high, int(number[n]))
            for n, e in enumerate(found)
        ]


def losses(p: Floats, y: Floats) -> Floats:
    """Log loss of each promise."""
    sure = np.clip(p, SUREST, 1 - SUREST)
    loss: Floats = -(y * np.log(sure) + (1 - y) * np.log1p(-sure))
    return loss


def paired(
    one: Foretold,
    other: Foretold,
    figure: Callable[[Measures], float],
    draws: int = DRAWS,
    seed: int = SEED,
) -> Estimate:
    """A figure of `one` minus that of `other`, both of the same promises, in the same draws."""
    drawn = [
        figure(one.measures(w)) - figure(other.measures(w))
        for w in party_weights(one.parties, draws, seed)
    ]
    return estimate(figure(one.measures()) - figure(other.measures()), drawn)


def paired_log_loss(
    p: Floats, other: Floats, y: Floats, party: Ints, draws: int = DRAWS, seed: int = SEED
) -> Estimate:
    """Log loss of `p` minus that of `other` on the same promises: below zero, `p` is better."""
    codes, parties = party_codes(party)
    gap = np.bincount(codes, losses(p, y) - losses(other, y), parties)
    number = np.bincount(codes, minlength=parties)
    drawn = [float(w @ gap / (w @ number)) for w in party_weights(parties, draws, seed)]
    return estimate(float(gap.sum() / number.sum()), drawn)
