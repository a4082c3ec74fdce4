"""Chance in `world-1`: as in the plain world, among companies that come, change and go, and with fraud.

Idea: `Fate` draws whether promises are kept; `Fortune` knows in addition who is there on a day, which deals
were planted (sham deals break nothing), and that a firm that closes first does nothing any more. It keeps
for every promise the probability at which it was drawn, with the chance of closing before the day on which
it would have been kept: drawn outcomes agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tallystick.world.companies import FAR, Bools, Floats, Ints
from tallystick.world.config import WorldConfig
from tallystick.world.fate import Fate
from tallystick.world.planted import EXIT_SCAM, SHAM, SLANDER, SYBIL
from tallystick.world.society import Society

PLANTED_TRIES: Final = 0.35
"""Share of platform deals that are given to a ring drawn at random, if it acts on that day."""

LOYAL: Final = 0.25
"""Share of buyers that buy of their main supplier, where they have one."""

_ROUNDS: Final = 12
_GRUDGE: Final = 0.9


@dataclass(slots=True)
class Made:
    """A kind of promise in every deal of a chunk, where `promised`; `p`: probability of being broken."""

    promisor: Ints
    made_on: Ints
    promised: Bools
    p: Floats


class Fortune(Fate):
    """Draws over one chunk of `world-1`. `scheme` and `ring` of each deal are -1 where it is true."""

    companies: Society

    def __init__(self, config: WorldConfig, companies: Society, chunk: int, count: int) -> None:
        super().__init__(config, companies, chunk, count)
        self.made: dict[str, Made] = {}
        self.scheme = np.full(count, -1)
        self.ring = np.full(count, -1)

    @property
    def sham(self) -> Bools:
        """Deals that are on paper only."""
        return np.isin(self.scheme, SHAM)

    def pair(self, opened_on: Ints, trade: Bools) -> tuple[Ints, Ints]:
        """Sellers and buyers that are there on the day; a part of the deals are planted."""
        seller, buyer = self._strangers(opened_on)
        society = self.companies
        supplier = society.latent.supplier[buyer]
        loyal = self.chance(LOYAL) & (supplier >= 0) & society.active(supplier, opened_on)
        seller = np.where(loyal, supplier, seller)
        return self._plant(opened_on, trade, seller, buyer)

    def _strangers(self, opened_on: Ints) -> tuple[Ints, Ints]:
        """By activity; who is not there is drawn again, and in the end one of the two that always are."""
        seller, buyer = np.zeros((2, self.count), dtype=np.int64)
        buyer += 1
        rows = np.arange(self.count)
        for _ in range(_ROUNDS):
            u = self._rng.random((2, len(rows)))
            s = np.searchsorted(self.companies.sell_cdf, u[0], side="right")
            b = np.searchsorted(self.companies.buy_cdf, u[1], side="right")
            day = opened_on[rows]
            good = self.companies.active(s, day) & self.companies.active(b, day) & (s != b)
            seller[rows[good]], buyer[rows[good]] = s[good], b[good]
            rows = rows[~good]
        return seller, buyer

    def _plant(self, opened_on: Ints, trade: Bools, seller: Ints, buyer: Ints) -> tuple[Ints, Ints]:
        rings = self.companies.rings
        tries, which, place = self._rng.random((3, self.count))
        if not len(rings.scheme):
            return seller, buyer
        ring = np.floor(which * len(rings.scheme)).astype(np.int64)
        acts = (rings.since[ring] <= opened_on) & (opened_on < rings.until[ring])
        scheme = rings.scheme[ring]
        acts &= ~trade & (tries < PLANTED_TRIES) & ((rings.hands[ring] > 1) | (scheme == EXIT_SCAM))
        at = np.floor(place * 1000).astype(np.int64)
        hand, next_hand = rings.hand(ring, at), rings.hand(ring, at + 1)
        gains = np.where(scheme == SYBIL, next_hand, rings.seller[ring])
        spends = np.where(scheme == EXIT_SCAM, buyer, hand)
        acts &= gains != spends
        acts &= self.companies.active(gains, opened_on) & self.companies.active(spends, opened_on)
        self.scheme, self.ring = np.where(acts, scheme, -1), np.where(acts, ring, -1)
        return np.where(acts, gains, seller), np.where(acts, spends, buyer)

    def held_share(self, buyer: Ints, collected_on: Ints) -> float | Floats:
        """Customs are busy towards the end of the year."""
        year_end = np.cos(2 * np.pi * (collected_on - 345) / 365.25)
        return np.asarray(0.05 + 0.03 * year_end)

    def complaining(self, share: Floats) -> Floats:
        """Slanderers complain about what was as agreed."""
        return np.where(self.scheme == SLANDER, np.maximum(share, _GRUDGE), share)

    def breaks(self, kind: str, promisor: Ints, made_on: Ints, promised: Bools) -> Bools:
        """Draw and record whether each promise is broken; sham deals break nothing."""
        promised = promised & (made_on < FAR)
        p = self.companies.break_probability(kind, promisor, made_on)
        p = np.where(self.sham, 0.0, p)
        broken = promised & (self._rng.random(self.count) < p)
        self.outcomes[kind] = (promised, broken)
        self.made[kind] = Made(promisor, made_on, promised, p)
        return broken

    def breaks_with(self, kind: str, other: str, promised: Bools, broken: Bools) -> None:
        """As in the plain world; the probability is that of either."""
        super().breaks_with(kind, other, promised, broken)
        mine, their = self.made[kind], self.made[other]
        mine.promised = promised
        mine.p = np.where(their.promised, 1 - (1 - mine.p) * (1 - their.p), mine.p)

    def act(self, kind: str, in_time: Ints, late: Ints) -> Ints:
        """As in the plain world, but a firm that is gone by then does nothing: its promise is broken."""
        made = self.made[kind]
        left_on = self.companies.left_on[made.promisor]
        day = super().act(kind, in_time, late)
        for name in (kind, "confirm") if kind == "dispatch" else (kind,):
            self._close(name, in_time, left_on)
        return np.where(day >= left_on, FAR, day)

    def _close(self, kind: str, in_time: Ints, left_on: Ints) -> None:
        made, (promised, broken) = self.made[kind], self.outcomes[kind]
        self.outcomes[kind] = (promised, broken | (promised & (in_time >= left_on)))
        gone = self.companies.closing(made.promisor, made.made_on, np.where(promised, in_time, 0))
        made.p = np.where(promised & ~self.sham, 1 - (1 - made.p) * (1 - gone), made.p)
