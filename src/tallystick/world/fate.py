"""Chance: the one stream of random numbers of a chunk, and the record of what was drawn.

Idea: whether a promise is kept is drawn from the promisor's own probability on the day when it was made,
and every such draw is kept as truth, seen by a contributor or not.
"""

from __future__ import annotations

import numpy as np

from tallystick.world.companies import FAR, Bools, Companies, Floats, Ints
from tallystick.world.config import WorldConfig


class Fate:
    """Draws over the `count` deals of one chunk. Every chunk has its own stream, so that the deals of a
    chunk do not depend on those before it."""

    def __init__(self, config: WorldConfig, companies: Companies, chunk: int, count: int) -> None:
        self.config = config
        self.companies = companies
        self.count = count
        self.outcomes: dict[str, tuple[Bools, Bools]] = {}
        self._rng = np.random.default_rng([config.seed, 1, chunk])

    def uniform(self) -> Floats:
        """One number from 0 to 1 for each deal."""
        return self._rng.random(self.count)

    def chance(self, probability: float | Floats) -> Bools:
        """True with that probability."""
        return self._rng.random(self.count) < probability

    def between(self, low: int | Ints, high: int | Ints) -> Ints:
        """Whole numbers from `low` to `high`, both included; each side may be an array."""
        span = np.asarray(high) - np.asarray(low) + 1
        return np.asarray(low + np.floor(self._rng.random(self.count) * span).astype(np.int64))

    def delay(self, mean: float) -> Ints:
        """Days late: geometric, at least 1."""
        return self._rng.geometric(1 / mean, size=self.count)

    def log_normal(self, median: float | Floats, sigma: float) -> Floats:
        """Log-normal numbers about a median."""
        return np.asarray(median * np.exp(sigma * self._rng.standard_normal(self.count)))

    def pick(self, shares: tuple[float, ...]) -> Ints:
        """Positions with these shares, which add up to 1."""
        edges = np.cumsum(shares)[:-1]
        return np.searchsorted(edges, self._rng.random(self.count), side="right")

    def pair(self, opened_on: Ints, trade: Bools) -> tuple[Ints, Ints]:
        """Sellers and buyers by activity, never the same company twice in one deal."""
        seller = np.searchsorted(self.companies.sell_cdf, self.uniform(), side="right")
        buyer = np.searchsorted(self.companies.buy_cdf, self.uniform(), side="right")
        again = np.searchsorted(self.companies.buy_cdf, self.uniform(), side="right")
        buyer = np.where(buyer == seller, again, buyer)
        # Companies 0 and 1 always buy, so that one of them is free to take the other side.
        buyer = np.where(buyer == seller, np.where(seller == 0, 1, 0), buyer)
        return seller.astype(np.int64), buyer.astype(np.int64)

    def held_share(self, buyer: Ints, collected_on: Ints) -> float | Floats:
        """How probable it is that customs hold goods that cross a border."""
        return 0.04

    def complaining(self, share: Floats) -> Floats:
        """How probable a complaint is, given what the buyer got."""
        return share

    def breaks(self, kind: str, promisor: Ints, made_on: Ints, promised: Bools) -> Bools:
        """Draw and record whether each promise is broken; False where none was made."""
        probability = self.companies.break_probability(kind, promisor, made_on)
        promised = promised & (made_on < FAR)
        broken = promised & (self._rng.random(self.count) < probability)
        self.outcomes[kind] = (promised, broken)
        return broken

    def breaks_with(self, kind: str, other: str, promised: Bools, broken: Bools) -> None:
        """Record that a promise is broken too where the promise `other` of the same party is."""
        self.outcomes[kind] = (promised, self.outcomes[kind][1] | broken)

    def act(self, kind: str, in_time: Ints, late: Ints) -> Ints:
        """The day on which the promisor does it: `late` where the promise is broken."""
        return np.where(self.outcomes[kind][1], late, in_time)


def when(happens: Bools, day: Ints) -> Ints:
    """`day` where it happens, `FAR` elsewhere."""
    return np.where(happens & (day < FAR), day, FAR)
