"""Fitting how wide intervals must be, out of time, to what became of files.

Idea: if a rating says 5 % and the truth of each company lies somewhere about it, the broken counts of companies
scatter more than those of coins that fall on one side 5 times in 100, and how much more tells how far the
truths lie apart. Companies that made one promise tell nothing of it: they broke it or not, and that is the
mean. So the widths are those under which the counts of all that made several were least surprising.

A few firms in a hundred go astray: they go under, or take orders and never meant to send. What they break says
nothing of how alike the others are, and yet a handful that broke 20 of 20 would widen the intervals of all. So
each file is of one of two sorts: spread about its rating, or astray, where any number broken is as likely as
any other. How many are astray is fitted with the rest.

Worked example: at p = 5 %, 400 companies made 10 promises each. Coins would have .75 of them break three or
more; if 4 did, the spread is about .7, unless these 4 broke all ten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betaln

from tallystick.rating.prior import chance, logit
from tallystick.rating.spread import LEAST_PRECISION, PLACES, WEIGHTS, centre, spread_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PEERS: Final = (LEAST_PRECISION, 50.0)
OWN: Final = (0.02, 1.0)
ASTRAY: Final = (1e-5, 0.4)
"""Between these the fit looks."""

BEND: Final = 0.05
"""Step, in logarithms, by which it is seen how a cost bends."""

MOST_ERROR: Final = 1.0
"""Standard error, in logarithms, that is taken where outcomes tell nothing, and the most that ever is."""

MOST_MADE: Final = 200.0
"""More promises of one file tell no more of its probability than so many do, for conduct moves meanwhile."""

LEAST_LEVEL: Final = 10.0
"""Broken promises, and kept ones, without which nothing is said of the level of a kind in some months."""

LEVEL_STEPS: Final = 20

KIND_SPREAD: Final = 0.15
"""Kinds of promise differ, in the logarithm of `peers`, like a Cauchy distribution of this width: most hardly,
so that small differences are taken for chance, and a few much, so that what outcomes prove is believed."""

_TRIED: Final = np.arange(-3.0, 3.01, 0.2)


@dataclass(frozen=True, slots=True)
class Widths:
    """`peers`, `own`: `precision_peers` and `precision_own` of a card; `astray`: share of files that are."""

    peers: float
    own: float
    astray: float


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Files with at least two promises: what was stated of each with how much evidence, of its kind and
    `beside` of others, how many promises it made afterwards and how many of these it broke."""

    p: Floats
    evidence: Floats
    beside: Floats
    made: Floats
    broken: Floats

    def take(self, rows: Flags) -> Outcomes:
        """Some of them."""
        known = self.p[rows], self.evidence[rows], self.beside[rows]
        return Outcomes(*known, self.made[rows], self.broken[rows])


def outcomes(p: Floats, evidence: Floats, beside: Floats, made: Floats, broken: Floats) -> Outcomes:
    """Outcomes of the files that tell something of a width."""
    several = made > 1
    part = np.minimum(MOST_MADE / np.maximum(made, 1), 1.0)
    return Outcomes(p, evidence, beside, made * part, broken * part).take(several)


def at_level(p: Floats, made: Floats, broken: Floats) -> Floats:
    """What was stated, moved together in log-odds so that as many broken promises were expected as came. What
    all of a kind have in common in some months is no difference between companies, and nobody foresees it."""
    if min(broken.sum(), (made - broken).sum()) < LEAST_LEVEL:
        return p
    odds, moved = logit(p), 0.0
    for _ in range(LEVEL_STEPS):
        at = chance(odds + moved)
        step = (broken - made * at).sum() / (made * at * (1 - at)).sum()
        moved += float(np.clip(step, -1.0, 1.0))
    return chance(odds + moved)


def fit_widths(found: Outcomes) -> Widths:
    """The widths under which outcomes are least surprising, but `peers` one standard error lower: how far
    companies differ is not known exactly either, and least in a small book."""

    def cost(logs: Floats) -> float:
        return float(np.sum(_surprise(found, *np.exp(logs))))

    bounds = np.log([PEERS, OWN, ASTRAY])
    least = minimize(cost, np.log([1.0, 1.0, 0.01]), method="L-BFGS-B", bounds=bounds)
    logs = least.x.copy()
    logs[0] = max(logs[0] - _error(cost, least.x, bounds), bounds[0, 0])
    return Widths(*(_digits(value) for value in np.exp(logs)))


def _error(cost: Callable[[Floats], float], at: Floats, bounds: Floats) -> float:
    """Standard error of the first of some values at which a cost is least, the others as free as their bounds
    let them: by how the cost bends."""
    free = (at > bounds[:, 0] + BEND) & (at < bounds[:, 1] - BEND)
    free[0] = True
    steps = np.eye(len(at))[free] * BEND
    bend = [
        [cost(at + a + b) - cost(at + a - b) - cost(at - a + b) + cost(at - a - b) for b in steps]
        for a in steps
    ]
    spread = np.linalg.pinv(np.array(bend) / (2 * BEND) ** 2)[0, 0]
    return min(float(np.sqrt(spread)), MOST_ERROR) if spread > 0 else MOST_ERROR


def fit_peers(found: Outcomes, near: Widths) -> float:
    """`peers` of one kind of promise, drawn to that of all kinds: what a promise of own evidence tells and how
    many go astray is taken from there."""
    middle = np.log(near.peers)

    def cost(log_peers: float) -> float:
        surprise = _surprise(found, np.exp(log_peers), near.own, near.astray)
        far = (log_peers - middle) / KIND_SPREAD
        return float(np.sum(surprise) + np.log1p(far**2))

    low, high = np.log(PEERS)
    tried = np.clip(
        middle + _TRIED, low, high
    )  # there may be two valleys: at what all are, and its own
    best = tried[np.argmin([cost(value) for value in tried])]
    near_it = max(best - 0.2, low), min(best + 0.2, high)
    least = minimize_scalar(cost, bounds=near_it, method="bounded", options={"xatol": 1e-4})
    return _digits(np.exp(least.x))


def _digits(value: float) -> float:
    """Three significant digits: what lies beyond depends on the machine."""
    return float(f"{value:.3g}")


def _surprise(found: Outcomes, peers: float, own: float, astray: float) -> Floats:
    """Of each file, less what does not depend on the widths (natural logarithm)."""
    spread = spread_of(found.p, found.evidence, peers, own, found.beside)
    middle = centre(found.p, spread)
    share = np.clip(found.broken / found.made, 1e-9, 1 - 1e-9)
    top = found.broken * np.log(share) + (found.made - found.broken) * np.log1p(-share)
    usual = np.zeros(len(share))
    for place, weight in zip(PLACES, WEIGHTS, strict=True):
        odds = middle + spread * place
        likely = found.broken * odds + found.made * np.log(chance(-odds))
        usual += weight * np.exp(likely - top)
    other = np.exp(betaln(1 + found.broken, 1 + found.made - found.broken) - top)
    out: Floats = -np.log((1 - astray) * usual + astray * other) - top
    return out
