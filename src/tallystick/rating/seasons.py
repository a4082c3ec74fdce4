"""What was expected of parties in the past, day by day.

Idea: what is expected moves with the market, so an example is shown what was expected in its own time: of
parties of its country by the end of the last period of 30 days before it, with the level of the market of its
own day. Masses of a period are added up once, decayed to its end; a recursion carries them on, halving what is
180 or 730 days old.

Worked example: mass 1.0 in period 0 and nothing after weighs 2^(-30/730) = 0.97 at the end of period 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.policy import Policy
from tallystick.rating.prior import Expected, Prior, logit, party_weight, prior_from
from tallystick.units import PPM

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PERIOD_DAYS: Final = 30
PARTY_HALF_LIFE_DAYS: Final = 730

_LEVELS: Final = {
    "level30": ("n", "b", 30),
    "level180": ("n", "b", 180),
    "entrants": ("en", "eb", 180),
}
"""Level -> counts, total and broken, and half-life in days."""


@dataclass(frozen=True, slots=True)
class Seasons:
    """`first_day`: on which the first outcome came. `priors`: what was expected of parties at the end of each
    period, of which root and group are read; `levels`: kind -> log-odds of each level by day."""

    first_day: int
    priors: Sequence[Prior]
    levels: Mapping[str, Mapping[str, Floats]]

    def expected(self, kind: pa.Array, country: pa.Array, days: Floats) -> Expected:
        """What was expected of each row (kind, country, as of which day)."""
        since = np.clip(days.astype(np.int64) - self.first_day, 0, None)
        place = np.clip(since // PERIOD_DAYS - 1, 0, len(self.priors) - 1)
        out = {name: np.zeros(len(days)) for name in ("root", "group", *_LEVELS)}
        for n in np.unique(place).tolist():
            rows = place == n
            mask = pa.array(rows)
            found = self.priors[n].expected(kind.filter(mask), country.filter(mask))
            out["root"][rows], out["group"][rows] = found.root, found.group
        for name in pc.unique(kind).to_pylist():
            rows = pc.equal(kind, name).to_numpy(zero_copy_only=False)
            for which in _LEVELS:
                series = self.levels[name][which]
                out[which][rows] = series[np.minimum(since[rows], len(series) - 1)]
        level = out["level180"]
        market = out["group"] + level - out["root"]
        return Expected(
            out["root"], out["group"], market, out["level30"] - level, out["entrants"] - level
        )


def seasons(parties: pa.Table, daily: pa.Table, first_day: int, policy: Policy) -> Seasons:
    """Seasons from sums. `parties`: by promisor, kind, country and period (0 begins on `first_day`), masses by
    strength and value in micro-units, total and broken (v730, vb730), decayed to the end of the period.
    `daily`: by kind and day, outcomes and how many were broken (n, b, in ppm), and the first outcomes of files
    (en, eb)."""
    return Seasons(first_day, _priors(parties, policy), _levels(daily, first_day))


def _levels(daily: pa.Table, first_day: int) -> dict[str, dict[str, Floats]]:
    days = int(pc.max(daily["day"]).as_py()) - first_day + 1
    out: dict[str, dict[str, Floats]] = {}
    for kind in sorted(pc.unique(daily["kind"]).to_pylist()):
        rows = daily.filter(pc.equal(daily["kind"], kind))
        place = rows["day"].to_numpy() - first_day
        out[kind] = {}
        for name, (total, broken, half_life) in _LEVELS.items():
            mass, lost = (
                _decayed(np.bincount(place, rows[c].to_numpy() / PPM, days), half_life)
                for c in (total, broken)
            )
            out[kind][name] = logit((lost + 0.05) / (mass + 1))
    return out


def _decayed(fresh: npt.NDArray[Any], half_life: int) -> Floats:
    """Sums by day of what is new on it and what is left of the day before."""
    keep, left, out = 2 ** (-1 / half_life), 0.0, np.empty(len(fresh))
    for day, mass in enumerate(fresh.tolist()):
        left = left * keep + mass
        out[day] = left
    return out


def _priors(parties: pa.Table, policy: Policy) -> list[Prior]:
    parties = parties.sort_by([("period", "ascending")])
    slot, names = _slots(parties)
    period = parties["period"].to_numpy()
    count = int(period[-1]) + 1 if len(period) else 0
    edges = np.searchsorted(period, np.arange(count + 1))
    mass, broken = np.zeros(len(names)), np.zeros(len(names))
    fresh, lost = (parties[name].to_numpy().astype(float) for name in ("v730", "vb730"))
    keep = 2 ** (-PERIOD_DAYS / PARTY_HALF_LIFE_DAYS)
    priors = []
    for n in range(count):
        rows = slice(edges[n], edges[n + 1])
        mass, broken = mass * keep, broken * keep
        np.add.at(mass, slot[rows], fresh[rows])
        np.add.at(broken, slot[rows], lost[rows])
        priors.append(prior_from(_sums(names, mass, broken, policy), policy))
    return priors


def _sums(names: pa.Table, mass: Floats, broken: Floats, policy: Policy) -> pa.Table:
    """Sums as `prior_from` reads them; of the levels, only what holds the root where there is little."""
    whole = np.floor(mass).astype(np.int64), np.floor(broken).astype(np.int64)
    columns = dict(party_weight(mass, broken, policy))
    columns |= {"r180": whole[0], "b180": whole[1], "r30": whole[0], "b30": whole[1]}
    columns |= {"e180": whole[0], "eb180": whole[1]}
    return pa.table({"kind": names["kind"], "country": names["country"], **columns})


def _slots(parties: pa.Table) -> tuple[Ints, pa.Table]:
    """Number of the promisor and kind of each row, and kind and country of each number."""
    keys = parties.group_by(["promisor", "kind", "country"], use_threads=False)
    names = keys.aggregate([])
    kinds = parties["kind"].combine_chunks().dictionary_encode()
    code = pc.index_in(names["kind"].combine_chunks(), value_set=kinds.dictionary).to_numpy()
    width = len(kinds.dictionary)
    every, place = np.unique(names["promisor"].to_numpy(), return_inverse=True)
    spot = np.empty(len(every) * width, dtype=np.int64)
    spot[place * width + code] = np.arange(len(names))
    own = np.searchsorted(every, parties["promisor"].to_numpy()) * width + kinds.indices.to_numpy()
    return spot[own], names
