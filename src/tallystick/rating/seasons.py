"""What was expected of parties in the past, month by month.

Idea: a prior moves with the market, so an example is shown the prior of its own time: the one at the end of
the last period of 30 days before it. Masses of a period are added up once, decayed to its end; a recursion
carries them on, halving what is 180 or 730 days old.

Worked example: mass 1.0 in period 0 and nothing after weighs 2^(-30/180) = 0.89 at the end of period 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.policy import Policy
from tallystick.rating.prior import FEW, Prior, party_weight, prior_from

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PERIOD_DAYS: Final = 30

_MASSES: Final = {"r30": 30, "b30": 30, "r180": 180, "b180": 180, "v730": 730, "vb730": 730}
"""Column -> half-life in days."""


@dataclass(frozen=True, slots=True)
class Seasons:
    """`ends`: last days of periods, ascending; `priors`: what was expected from then on."""

    ends: Ints
    priors: Sequence[Prior]

    def at(self, days: Floats) -> list[tuple[npt.NDArray[np.bool_], Prior]]:
        """The rows of `days` that each prior is for; days before the first period have the first prior."""
        place = np.clip(np.searchsorted(self.ends, days, side="right") - 1, 0, None)
        return [(place == n, self.priors[n]) for n in np.unique(place).tolist()]


def priors_by_period(sums: pa.Table, first_day: int, policy: Policy) -> Seasons:
    """Priors at the end of each period. `sums`: by promisor and period (0 begins on `first_day`): `kind`,
    `country`, `n` outcomes, and masses in micro-units, total and broken, decayed to the end of the period: of
    all promises (r30, b30, r180, b180) and by strength and value (v730, vb730)."""
    sums = sums.sort_by([("period", "ascending")])
    slot, names = _slots(sums)
    period = sums["period"].to_numpy()
    count = int(period[-1]) + 1 if len(period) else 0
    edges = np.searchsorted(period, np.arange(count + 1))
    columns = {name: sums[name].to_numpy().astype(float) for name in _MASSES}
    state = {name: np.zeros(len(names)) for name in _MASSES}
    outcomes, told = np.zeros(len(names)), sums["n"].to_numpy()
    priors = []
    for n in range(count):
        rows = slice(edges[n], edges[n + 1])
        for name, half_life in _MASSES.items():
            state[name] *= 2 ** (-PERIOD_DAYS / half_life)
            np.add.at(state[name], slot[rows], columns[name][rows])
        np.add.at(outcomes, slot[rows], told[rows])
        priors.append(prior_from(_state_sums(names, state, outcomes, policy), policy))
    ends = first_day + PERIOD_DAYS * np.arange(1, count + 1) - 1
    return Seasons(ends, priors)


def _slots(sums: pa.Table) -> tuple[Ints, pa.Table]:
    """Number of the promisor and kind of each row, and kind and country of each number."""
    keys = sums.select(["promisor", "kind", "country"]).group_by(
        ["promisor", "kind", "country"], use_threads=False
    )
    names = keys.aggregate([])
    kinds = sums["kind"].combine_chunks().dictionary_encode()
    known = names["kind"].combine_chunks()
    code = pc.index_in(known, value_set=kinds.dictionary).to_numpy()
    width = len(kinds.dictionary)
    every, place = np.unique(names["promisor"].to_numpy(), return_inverse=True)
    spot = np.empty(len(every) * width, dtype=np.int64)
    spot[place * width + code] = np.arange(len(names))
    own = np.searchsorted(every, sums["promisor"].to_numpy()) * width + kinds.indices.to_numpy()
    return spot[own], names


def _state_sums(
    names: pa.Table, state: dict[str, Floats], outcomes: Floats, policy: Policy
) -> pa.Table:
    whole = {name: np.floor(values).astype(np.int64) for name, values in state.items()}
    few = ((outcomes > 0) & (outcomes <= FEW)).astype(np.int64)
    columns = party_weight(state["v730"], state["vb730"], policy)
    columns |= {name: whole[name] for name in ("r180", "b180", "r30", "b30")}
    columns |= {"e180": whole["r180"] * few, "eb180": whole["b180"] * few}
    return pa.table({"kind": names["kind"], "country": names["country"], **columns})
