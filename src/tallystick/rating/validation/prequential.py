"""What was known of a promisor when he made a promise: sums over outcomes that were knowable before it.

Idea: outcomes are put in order by party and by the moment they became known. A decayed sum after every outcome
is found for all parties at once by doubling: the sum over the last 2 outcomes from that over 1, over 4 from 2,
and so on, so that n outcomes cost n log(longest record) and no loop walks a record. A promise then reads the
state of the last outcome known strictly before it was made.

Worked example: one party, outcomes known on days 0 and 30, both broken, half-life 30 days: the sum after the
second is 1 + 2^-1 = 1.5; a promise made on day 60 reads 0.75, one made on day 30 reads 0.5 (day 30 itself is
not before it).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Timeline:
    """Outcomes by party and moment of knowledge (days, may have fractions)."""

    def __init__(self, party: Ints, known: Floats) -> None:
        self.order: Ints = np.lexsort((known, party))
        self.party: Ints = party[self.order]
        self.known: Floats = known[self.order]

    @cached_property
    def rank(self) -> Ints:
        """How many outcomes of the same party stand before each, in sorted order."""
        n = len(self.party)
        fresh = np.ones(n, dtype=bool)
        fresh[1:] = self.party[1:] != self.party[:-1]
        starts = np.flatnonzero(fresh)
        place: Ints = np.arange(n) - np.repeat(starts, np.diff(np.append(starts, n)))
        return place

    @cached_property
    def _keys(self) -> tuple[Floats, Ints]:
        """The moments there are, and one number per outcome that orders by party and moment."""
        times = np.unique(self.known)
        return times, self.party * (len(times) + 1) + np.searchsorted(times, self.known)

    def last_before(self, party: Ints, moment: Floats) -> Ints:
        """For each query the sorted place of the party's last outcome known strictly before it, or -1."""
        if not len(self.party):
            return np.full(len(party), -1)
        times, keys = self._keys
        asked = party * (len(times) + 1) + np.searchsorted(times, moment)
        place = np.searchsorted(keys, asked, side="left") - 1
        hit = (place >= 0) & (self.party[place] == party)
        return np.where(hit, place, -1)

    def decayed(self, amounts: Floats, half_life_days: float) -> Floats:
        """State after each outcome, in sorted order: sums of the columns of `amounts` (outcomes x columns, in
        the order in which the outcomes were given), halved every so many days."""
        state = amounts[self.order].astype(np.float64)
        longest, step = int(self.rank.max(initial=0)), 1
        while step <= longest:
            rows = np.flatnonzero(self.rank >= step)
            gap = self.known[rows] - self.known[rows - step]
            # the right side is read whole before anything is written: sums of the round before
            state[rows] += np.exp2(-gap / half_life_days)[:, None] * state[rows - step]
            step *= 2
        return state

    def read(self, state: Floats, place: Ints, moment: Floats, half_life_days: float) -> Floats:
        """The states at `place` (from `last_before`) decayed to `moment`; zero where there is none."""
        found = np.zeros((len(place), state.shape[1]))
        rows = np.flatnonzero(place >= 0)
        gap = moment[rows] - self.known[place[rows]]
        found[rows] = state[place[rows]] * np.exp2(-gap / half_life_days)[:, None]
        return found

    def sums_before(
        self, amounts: Floats, party: Ints, moment: Floats, half_life_days: float
    ) -> Floats:
        """Decayed sums of `amounts` over what was known of each `party` before each `moment`."""
        place = self.last_before(party, moment)
        return self.read(self.decayed(amounts, half_life_days), place, moment, half_life_days)
