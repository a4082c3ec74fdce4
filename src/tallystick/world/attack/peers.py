"""Ratings in use elsewhere, in a few lines each, that stand beside ours in every figure of the lab.

Raw kept rate; beta reputation with the prior (1, 1) of Jøsang and Ismail, plain, decayed (half-life 180 days)
and weighed by value over the median without a cap; EigenTrust (Kamvar et al. 2003) from pre-trusted buyers;
and trust bounded as in MeritRank (Nasrulin et al. 2022): walks from the same buyers that fade with every step
and where little gets through a single neighbour. None knows who vouches for a promise.

Worked example: of 4 promises 1 was broken: raw .25, beta (1 + 1) / (4 + 2) = .33.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix

from tallystick.world.attack.market import Market
from tallystick.world.attack.scorer import SCORES, Floats, Rater

HALF_LIFE: Final = 180
PRIOR_WEIGHT: Final = 2.0
"""Promises that the market's average counts for, where a rating starts from it."""

TRUSTED: Final = 0.05
"""Share of buyers whom EigenTrust and bounded trust start from."""

RESTART: Final = 0.15
FADE: Final = 0.5
STEPS: Final = 20


@dataclass(frozen=True, slots=True)
class Counting:
    """A rating out of a company's own promises alone: weights of the promises, then broken over all with
    `prior` promises at the rate `start` (None: the market's)."""

    name: str
    weigh: Callable[[pa.Table, Market], Floats]
    prior: float
    start: float | None
    together: bool = True

    def learn(self, market: Market) -> Rater:
        start = float(market.record.broken.mean()) if self.start is None else self.start

        def score(promises: pa.Table, companies: pa.Table) -> pa.Table:
            keys, place = _places(promises, companies)
            weight = self.weigh(promises, market)
            broken = 1 - promises["kept_ppm"].to_numpy() / 1e6
            total = np.bincount(place, weight, len(keys))
            bad = np.bincount(place, weight * broken, len(keys))
            return scores(keys, (bad + self.prior * start) / (total + self.prior))

        return score


def scores(keys: Floats, risk: Floats) -> pa.Table:
    """A table of schema SCORES of a rating without grades and without proven money."""
    none, no_limit = pa.nulls(len(keys), pa.string()), pa.nulls(len(keys), pa.int64())
    return pa.table([keys, risk, none, no_limit], schema=SCORES)


def _places(promises: pa.Table, companies: pa.Table) -> tuple[Floats, Floats]:
    """Those who are scored, and for each promise the place of its promisor among them."""
    targets = companies.filter(pc.equal(companies["identity"], "target"))["company"].to_numpy()
    keys = np.union1d(promises["promisor"].to_numpy(), targets)
    return keys, np.searchsorted(keys, promises["promisor"].to_numpy())


def _alike(promises: pa.Table, market: Market) -> Floats:
    return np.ones(len(promises))


def _decayed(promises: pa.Table, market: Market) -> Floats:
    age = market.as_of_day - promises["matured_day"].to_numpy()
    weight: Floats = np.exp2(-age / HALF_LIFE)
    return weight


def _valued(promises: pa.Table, market: Market) -> Floats:
    weight: Floats = promises["value_minor"].to_numpy() / float(np.median(market.record.cents))
    return weight


@dataclass(frozen=True, slots=True)
class Walking:
    """A rating by walks over who kept promises to whom; the more often a walk comes by, the better."""

    name: str
    walk: Callable[[csr_matrix, Floats], Floats]
    together: bool = False

    def learn(self, market: Market) -> Rater:
        chosen = market.random(1).random(len(market.buyers)) < TRUSTED
        trusted = market.buyers[chosen]

        def score(promises: pa.Table, companies: pa.Table) -> pa.Table:
            keys, place = np.unique(
                np.concatenate([promises["promisor"], promises["promisee"], companies["company"]]),
                return_inverse=True,
            )
            count = len(promises)
            good = promises["kept_ppm"].to_numpy() / 5e5 - 1
            shape = (len(keys), len(keys))
            edges = csr_matrix((good, (place[count : 2 * count], place[:count])), shape)
            edges.data = np.maximum(edges.data, 0)
            start = np.isin(keys, trusted) / len(trusted)
            scored, _ = _places(promises, companies)
            trust = self.walk(edges, start)[np.searchsorted(keys, scored)]
            return scores(scored, -trust)

        return score


def _rows_to_one(edges: csr_matrix) -> csr_matrix:
    total = np.asarray(edges.sum(axis=1)).ravel()
    scale = np.divide(1, total, out=np.zeros_like(total), where=total > 0)
    return csr_matrix(edges.multiply(scale[:, None]))


def _eigen(edges: csr_matrix, start: Floats) -> Floats:
    edges = _rows_to_one(_both_ways(edges))
    trust = start
    for _ in range(STEPS):
        moved = edges.T @ trust
        trust = (1 - RESTART) * (moved + (1 - moved.sum()) * start) + RESTART * start
    return trust


def _both_ways(edges: csr_matrix) -> csr_matrix:
    """A seller whose promise was kept knows its buyer too: without that walks would end at once."""
    return csr_matrix(edges + edges.T)


def _bounded(edges: csr_matrix, start: Floats) -> Floats:
    edges = _rows_to_one(_both_ways(edges))
    trust, moved = start, start
    for _ in range(STEPS):
        flow = edges.multiply(moved[:, None]).tocsc()
        arrived = np.asarray(flow.sum(axis=0)).ravel()
        most = flow.max(axis=0).toarray().ravel()
        share = np.divide(most, arrived, out=np.zeros_like(most), where=arrived > 0)
        moved = FADE * arrived * (1 - share)
        trust = trust + moved
    return trust


PEERS: Final = (
    Counting("raw kept rate", _alike, 1e-6, None),
    Counting("beta (1, 1)", _alike, 2.0, 0.5),
    Counting("beta, decayed", _decayed, 2.0, 0.5),
    Counting("value-weighted beta", _valued, PRIOR_WEIGHT, None),
    Walking("EigenTrust", _eigen),
    Walking("bounded trust", _bounded),
)
"""All of them."""
