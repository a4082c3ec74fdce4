"""The ten-term scorecard of the method (S6, S7) in plain arrays: the yardstick of the rating that is built.

Every term is what was known before the promise: the prior of the party's group, its record at four half-lives
drawn towards that prior, how the market moved, how entrants did, and alarms of the last days. The coefficients
are those of a ridge logistic fit with every sign fixed in advance.

`wider` adds six terms that were found on these very test blocks, so that their gain is a little flattered: how
entrants did in the last week and month, how new the party is, how many of its promises are still open, how late
it was on average, and how many promises it ever kept. `deal` adds what is of the deal and not of the party: how
harsh the promisee was with others, the record between the two, and the value against what the party usually
promises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.optimize import minimize

from tallystick.rating.validation.examples import Examples
from tallystick.rating.validation.prequential import Floats, Ints, Timeline

HALF_LIVES_DAYS: Final = (30.0, 180.0, 730.0, np.inf)
TERMS: Final = "prior r30 r180 r730 ever market entrants week day last".split()
DAYS_PER_MONTH: Final = 30.4375
FLOOR: Final = 1e-4
ENTRANT_OUTCOMES: Final = 3


def logit(p: Floats) -> Floats:
    """Log odds; no probability is taken below 1e-4 or above 1 - 1e-4."""
    bounded = np.clip(p, FLOOR, 1 - FLOOR)
    odds: Floats = np.log(bounded / (1 - bounded))
    return odds


def expit(x: Floats) -> Floats:
    """The probability of log odds."""
    p: Floats = 1 / (1 + np.exp(-x))
    return p


@dataclass(slots=True)
class Scorecard:
    """Model S: `kappa` weighs the prior in promises, `ridge` shrinks coefficients of standardised terms."""

    name: str = "scorecard"
    kappa: float = 3.0
    ridge: float = 5.0
    wider: bool = False
    deal: bool = False
    terms: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    y: Floats = field(default_factory=lambda: np.zeros(0))
    coefficients: Floats = field(default_factory=lambda: np.zeros(0))

    def prepare(self, examples: Examples) -> None:
        """Work out the ten terms of every promise."""
        self.terms, self.y = terms_of(examples, self.kappa), examples.y
        if self.wider:
            self.terms = np.column_stack([self.terms, *wider_terms_of(examples)])
        if self.deal:
            self.terms = np.column_stack([self.terms, *deal_terms_of(examples, self.kappa)])

    def fit(self, rows: Ints) -> None:
        """Coefficients: the intercept first."""
        self.coefficients = fit_signed(self.terms[rows], self.y[rows], self.ridge)

    def predict(self, rows: Ints) -> Floats:
        """Probability that the promise is broken."""
        return expit(self.coefficients[0] + self.terms[rows] @ self.coefficients[1:])


def terms_of(examples: Examples, kappa: float) -> Floats:
    """Promises x TERMS."""
    line = Timeline(examples.promisor, examples.known)
    mass = np.stack([examples.y, np.ones(len(examples))], axis=1)
    before = [
        line.sums_before(mass, examples.promisor, examples.made, days) for days in HALF_LIVES_DAYS
    ]
    m = prior_of(examples, line)
    own = [logit((kappa * m + s[:, 0]) / (kappa + s[:, 1])) - logit(m) for s in before]
    entrants = (before[-1][:, 1] < ENTRANT_OUTCOMES).astype(np.float64)
    everybody = np.ones(len(examples))
    r30, r180 = (market_rate(examples, examples.made, d, everybody) for d in (30.0, 180.0))
    e = market_rate(examples, examples.made, 180.0, entrants)
    columns = [logit(m), *own, logit(r30) - logit(r180), logit(e), *alarms_of(examples, line)]
    return np.stack(columns, axis=1)


def wider_terms_of(examples: Examples) -> list[Floats]:
    """How entrants did lately, how new the party is, how many of its promises are open, how late it was, and
    less what it ever kept: each the more, the worse."""
    line, made = (Timeline(examples.promisor, m) for m in (examples.known, examples.made))
    known, before = (
        np.where(place >= 0, one.rank[place] + 1.0, 0.0)
        for one in (line, made)
        for place in (one.last_before(examples.promisor, examples.made),)
    )
    first = np.full(int(examples.promisor.max(initial=0)) + 1, np.inf)
    np.minimum.at(first, examples.promisor, examples.made)
    age = examples.made - first[examples.promisor]
    entrants = (known < ENTRANT_OUTCOMES).astype(np.float64)
    week, month = (
        logit(market_rate(examples, examples.made, days, entrants)) for days in (7.0, 30.0)
    )
    delay = np.stack([examples.late_days, np.ones(len(examples))], axis=1)
    late = line.sums_before(delay, examples.promisor, examples.made, 180.0)
    days_late = np.divide(late[:, 0], late[:, 1], out=np.zeros(len(late)), where=late[:, 1] > 0)
    done = np.stack([1 - examples.y], axis=1)
    kept = line.sums_before(done, examples.promisor, examples.made, np.inf)[:, 0]
    still_open = np.log1p(np.maximum(before - known, 0))
    return [week, month, np.exp(-age / 30), still_open, np.log1p(days_late), -np.log1p(kept)]


def deal_terms_of(examples: Examples, kappa: float) -> list[Floats]:
    """How harsh the promisee was with others, the record of the two with one another, and how large the value
    is for this party."""
    e, one = examples, np.ones(len(examples))
    market = market_rate(e, e.made, 180.0, one)
    pair = np.unique(e.promisor * (e.promisee.max(initial=0) + 1) + e.promisee, return_inverse=True)
    found = []
    for party in (e.promisee, pair[1].astype(np.int64)):
        sums = Timeline(party, e.known).sums_before(
            np.stack([e.y, one], axis=1), party, e.made, np.inf
        )
        shrunk = (kappa * market + sums[:, 0]) / (kappa + sums[:, 1])
        found.append(logit(shrunk) - logit(market))
    worth = np.stack([np.nan_to_num(e.value), (e.value > 0).astype(np.float64)], axis=1)
    sums = Timeline(e.promisor, e.known).sums_before(worth, e.promisor, e.made, np.inf)
    told = (e.value > 0) & (sums[:, 0] > 0)
    usual = np.divide(sums[:, 0], sums[:, 1], out=one.copy(), where=sums[:, 1] > 0)
    return [*found, np.where(told, np.log(np.where(told, e.value, 1.0) / usual), 0.0)]


def market_rate(examples: Examples, moments: Floats, days: float, counts: Floats) -> Floats:
    """Decayed share broken of all promises known before each moment; one promise at 5 % to begin with."""
    one = np.zeros(len(examples), dtype=np.int64)
    mass = np.stack([counts * examples.y, counts], axis=1)
    line = Timeline(one, examples.known)
    found = line.sums_before(mass, np.zeros(len(moments), dtype=np.int64), moments, days)
    rate: Floats = (0.05 + found[:, 0]) / (1 + found[:, 1])
    return rate


def prior_of(examples: Examples, line: Timeline) -> Floats:
    """The prior of the promisor's group as it stood at the beginning of the month of each promise."""
    mass = np.stack([examples.y, np.ones(len(examples))], axis=1)
    state = line.decayed(mass, 730.0)
    parties, first = np.unique(examples.promisor, return_index=True)
    group, groups = examples.group[first], int(examples.group.max(initial=0)) + 1
    months, month_of = np.unique(np.floor(examples.made / DAYS_PER_MONTH), return_inverse=True)
    level = market_rate(examples, months * DAYS_PER_MONTH, 180.0, np.ones(len(examples)))
    prior = np.empty((len(months), groups))
    for n, month in enumerate(months):
        start = np.full(len(parties), month * DAYS_PER_MONTH)
        sums = line.read(state, line.last_before(parties, start), start, 730.0)
        weight = sums[:, 1] / (sums[:, 1] + 4)
        broken = np.divide(sums[:, 0], sums[:, 1], out=np.zeros(len(sums)), where=sums[:, 1] > 0)
        root = (2 * level[n] + (weight * broken).sum()) / (2 + weight.sum())
        prior[n] = root
        if groups > 1:
            own = np.bincount(group, weight * broken, groups)
            prior[n] = (5 * root + own) / (5 + np.bincount(group, weight, groups))
    found: Floats = prior[month_of, examples.group]
    return found


def alarms_of(examples: Examples, line: Timeline) -> list[Floats]:
    """exp(-s/7), exp(-s) with s the days since the last broken promise became known; last outcome's share
    broken."""
    broken = examples.y > 0
    breaks = Timeline(examples.promisor[broken], examples.known[broken])
    place = breaks.last_before(examples.promisor, examples.made)
    since = np.full(len(examples), np.inf)
    hit = place >= 0
    since[hit] = examples.made[hit] - breaks.known[place[hit]]
    latest = line.last_before(examples.promisor, examples.made)
    last = np.where(latest >= 0, examples.y[line.order][latest], 0.0)
    return [np.exp(-since / 7), np.exp(-since), last]


def fit_signed(terms: Floats, y: Floats, ridge: float) -> Floats:
    """Intercept and coefficients, none of them negative but the intercept, in the units of `terms`."""
    mean, spread = terms.mean(axis=0), terms.std(axis=0)
    spread = np.where(
        spread > 1e-9, spread, 1.0
    )  # a term that is the same everywhere tells nothing
    z = (terms - mean) / spread

    def loss(b: Floats) -> tuple[float, Floats]:
        eta = b[0] + z @ b[1:]
        off = expit(eta) - y
        value = np.logaddexp(0, eta).sum() - y @ eta + ridge / 2 * (b[1:] @ b[1:])
        return float(value), np.concatenate([[off.sum()], z.T @ off + ridge * b[1:]])

    start = np.full(terms.shape[1] + 1, 0.1)
    start[0] = logit(np.array([y.mean()]))[0]
    bounds = [(None, None)] + [(0, None)] * terms.shape[1]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    slope = found[1:] / spread
    return np.concatenate([[found[0] - mean @ slope], slope])
