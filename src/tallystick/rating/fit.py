"""Fitting scorecards to what promises became, strictly out of time.

Idea: an example is a promise with what was known of its promisor on the day before it was made, by the very
SQL that a rating reads, and whether it was broken. The weights are those under which the outcomes were least
surprising (logistic regression), drawn towards the cold start by a ridge, and none but the intercept below
0. Choices that no likelihood makes (the weight of the prior, whether alarms help) are made by the surprise
at the last examples in time, which the trial fits have not seen.

Worked example: where newcomers with nothing known break 8 % and the peers' average is 5 %, the fit finds an
intercept and a weight of the prior that bring the terms of an empty file to 8 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.optimize import minimize
from scipy.special import betaln, psi

from tallystick.rating.policy import Policy, Scorecard
from tallystick.rating.prior import Expected, chance
from tallystick.rating.seasons import Seasons
from tallystick.rating.terms import TERMS, alarms, masses_of, matrix, odds

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

RIDGES: Final = (60.0, 1000.0)
PRIOR_RIDGE: Final = 20.0
"""Draws the weight of what is expected of peers towards 1, not standardised: a market that stood still while
examples were gathered must not teach that it will never move."""

KAPPAS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 8.0)
DEEPS: Final = (0.0, 1.0)
"""Whether deep files are believed where they speak against a company: `terms.believed`."""

TRIAL_SHARE: Final = 0.7
"""The first examples in time, on which trial fits are made; the others judge them."""

LEAST_EXAMPLES: Final = 1_000
LEAST_BROKEN: Final = 50.0
"""A kind of promise with fewer examples, or fewer of them broken, goes by the card of all kinds."""

SURE_SPREAD: Final = 0.5
"""By how much, in logarithms, kinds of promise differ in how sure one may be: two in three by a factor of 1.6
at most. Where few companies made more than one promise, the outcomes themselves tell next to nothing."""

LEAST_GAIN: Final = 0.0003
"""A fuller card is used where it lowers the mean surprise by at least so much (natural logarithm)."""

THIN: Final = 3
"""A file with at most so many outcomes is thin."""

ALARMS: Final = ("week", "day", "last")
SILENT: Final = ((), ALARMS, (*ALARMS, "level", "entrants"))
"""Terms that may be left out, from the fullest card to the plainest."""

BOUNDS: Final = (1e-5, 1 - 1e-5)


@dataclass(frozen=True, slots=True)
class Examples:
    """Promises to learn from. `known`: schema MOMENT, one row each; `kind`, `country`: of the promise and its
    promisor; `day`: as of which it was known; `broken`: share broken; `weight`: how many promises it stands
    for; `seasons`: what was expected then; `others`: what promises of other kinds said, rows x 3 (`others_of`).
    `broken` is 1 too for what was kept in part: a rating says how probable any break is."""

    known: pa.Table
    kind: pa.Array
    country: pa.Array
    day: Floats
    broken: Floats
    weight: Floats
    seasons: Seasons
    others: Floats

    def __len__(self) -> int:
        return len(self.day)

    def take(self, rows: Flags) -> Examples:
        """Some of them."""
        mask = pa.array(rows)
        return Examples(
            self.known.filter(mask),
            self.kind.filter(mask),
            self.country.filter(mask),
            self.day[rows],
            self.broken[rows],
            self.weight[rows],
            self.seasons,
            self.others[rows],
        )

    def expected(self) -> Expected:
        """What was expected of each, at its time."""
        return self.seasons.expected(self.kind, self.country, self.day)

    def terms(self, kappa: float, deep: float, expected: Expected) -> Floats:
        """The terms of each, rows x TERMS."""
        alarm = alarms(self.known, self.day)
        return matrix(expected, self.known, alarm, kappa, self.others, deep)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A policy with fitted cards. `examples`: kind -> how many it learnt from; `surprise`: kind -> mean log
    loss at the last examples in time, of the cold start and of the fit that had not seen them."""

    policy: Policy
    examples: dict[str, int]
    surprise: dict[str, tuple[float, float]]


def fit(
    examples: Examples,
    policy: Policy,
    progress: Callable[[int, int], None] = lambda done, total: None,
    fairness: float = 0.0,
) -> Fitted:
    """Cards for all kinds together and for each kind with enough examples. With too few examples at all the
    cold start stays as it is. `fairness`: how dear it is that a group (country, depth of file) scores otherwise
    than all on average; 0 is free, see `fairness_curve`."""
    cards: dict[str, Scorecard] = {"": Scorecard()}
    surprise: dict[str, tuple[float, float]] = {}
    counts: dict[str, int] = {}
    kinds = sorted(pc.unique(examples.kind).to_pylist())
    for n, kind in enumerate(["", *kinds]):
        progress(n, len(kinds) + 1)
        part = examples if not kind else examples.take(_flags(pc.equal(examples.kind, kind)))
        counts[kind] = len(part)
        if len(part) >= LEAST_EXAMPLES and part.broken.sum() >= LEAST_BROKEN:
            cards[kind], surprise[kind] = _fit_card(part, cards[""], fairness)
    progress(len(kinds) + 1, len(kinds) + 1)
    return Fitted(replace(policy, cards=cards), counts, surprise)


def _flags(mask: pa.Array) -> Flags:
    out: Flags = mask.to_numpy(zero_copy_only=False)
    return out


@dataclass(frozen=True, slots=True)
class _Choice:
    """What no likelihood decides: weight of the prior, whether deep files are believed, strength of the ridge,
    terms that are left out, and how dear gaps between groups are."""

    kappa: float
    deep: float
    ridge: float
    out: tuple[str, ...]
    fairness: float = 0.0


class _Trials:
    """Examples of one kind, and fits of them."""

    def __init__(self, part: Examples, start: Scorecard) -> None:
        self.part, self.start = part, start
        self.expected = part.expected()
        self.early = part.day <= np.quantile(part.day, TRIAL_SHARE)
        self.groups = groups_of(part)
        self._terms: dict[tuple[float, float], Floats] = {}

    def terms(self, of: _Choice | Scorecard) -> Floats:
        """The terms of all examples, as a card has them."""
        key = of.kappa, of.deep
        if key not in self._terms:
            self._terms[key] = self.part.terms(*key, self.expected)
        return self._terms[key]

    def solve(self, choice: _Choice, rows: Flags | None = None) -> Scorecard:
        """The best card for some examples, or all."""
        rows = np.ones(len(self.part), dtype=bool) if rows is None else rows
        terms, weight = self.terms(choice)[rows], self.part.weight[rows]
        apart = gaps(terms, weight, [group[rows] for group in self.groups])
        return _solve(terms, self.part.broken[rows], weight, self.start, choice, apart)

    def surprise(self, card: Scorecard) -> float:
        """Log loss of a card at the last examples."""
        late, part = ~self.early, self.part
        return log_loss(card, self.terms(card)[late], part.broken[late], part.weight[late])

    def best(self, choices: Sequence[_Choice]) -> tuple[float, _Choice]:
        """The first is the fullest or loosest; each after it may cost LEAST_GAIN more and is still taken."""
        losses = [self.surprise(self.solve(choice, self.early)) for choice in choices]
        n = min(range(len(choices)), key=lambda n: losses[n] - n * LEAST_GAIN)
        return losses[n], choices[n]

    def choose(self) -> _Choice:
        """What does best at the last examples."""
        tried = [
            self.best([_Choice(kappa, deep, ridge, ()) for ridge in RIDGES])
            for deep in DEEPS
            for kappa in KAPPAS
        ]
        _, choice = min(tried, key=lambda found: found[0])
        return self.best([replace(choice, out=out) for out in SILENT])[1]


def _fit_card(
    part: Examples, start: Scorecard, fairness: float
) -> tuple[Scorecard, tuple[float, float]]:
    """The best card for examples, and the surprise of (the cold start, the trial) at the last of them."""
    trials = _Trials(part, start)
    choice = replace(trials.choose(), fairness=fairness)
    loss = trials.surprise(trials.solve(choice, trials.early))
    return trials.solve(choice), (round(trials.surprise(Scorecard()), 6), round(loss, 6))


def groups_of(part: Examples) -> list[Flags]:
    """Groups that a rating must not treat unlike without need: countries with at least a hundredth of the
    examples, and files with at most three outcomes."""
    names = pc.value_counts(part.country)
    least = max(len(part) // 100, 1)
    common = [pair["values"].as_py() for pair in names if pair["counts"].as_py() >= least]
    countries = [_flags(pc.equal(part.country, name)) for name in sorted(common)]
    return [*countries, part.known["n_counted"].to_numpy() <= THIN]


def gaps(terms: Floats, weight: Floats, groups: Sequence[Flags]) -> Floats:
    """Groups x terms: how far the mean of each group lies from that of all, times the root of its share."""
    mean = np.average(terms, axis=0, weights=weight)
    rows = [
        np.sqrt(weight[group].sum() / weight.sum())
        * (np.average(terms[group], axis=0, weights=weight[group]) - mean)
        for group in groups
        if weight[group].sum() > 0
    ]
    return np.array(rows).reshape(-1, terms.shape[1])


@dataclass(frozen=True, slots=True)
class FairnessPoint:
    """`gap_points`: root mean square, over groups, of how far their mean score lies from that of all, each
    weighed by its share; `log_loss`: at the last examples, by a fit that had not seen them."""

    fairness: float
    gap_points: float
    log_loss: float


def fairness_curve(
    part: Examples, strengths: Sequence[float] = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
) -> list[FairnessPoint]:
    """What fairness between groups costs, for examples of one kind. The gap at which the fit itself looks never
    grows with the strength: of two minima of loss + strength * gap, the one of the greater strength has the
    smaller gap, or both could be bettered by changing places."""
    trials, curve = _Trials(part, Scorecard()), []
    choice = trials.choose()
    for strength in strengths:
        card = trials.solve(replace(choice, fairness=strength), trials.early)
        rows = [group[trials.early] for group in trials.groups]
        terms, weight = trials.terms(card)[trials.early], part.weight[trials.early]
        by_group = gaps(terms, weight, rows) @ np.array([getattr(card, name) for name in TERMS])
        gap = 20 / np.log(2) * float(np.sqrt(np.sum(by_group**2)))
        curve.append(FairnessPoint(strength, gap, trials.surprise(card)))
    return curve


def log_loss(card: Scorecard, terms: Floats, broken: Floats, weight: Floats) -> float:
    """Mean surprise (natural logarithm) of a card at examples."""
    p = np.clip(chance(odds(card, terms)), *BOUNDS)
    loss = -(broken * np.log(p) + (1 - broken) * np.log(1 - p))
    return float(np.average(loss, weights=weight)) if len(loss) else 0.0


def _solve(
    terms: Floats,
    broken: Floats,
    weight: Floats,
    start: Scorecard,
    choice: _Choice,
    apart: Floats,
) -> Scorecard:
    """Ridge-penalised logistic regression with bounds, on standardised terms, drawn towards `start`.

    The fast half-lives never weigh more than the slow ones: what they weigh, the slow ones weigh besides."""
    terms = terms @ _SLOW_TOO
    scale = np.maximum(
        np.sqrt(np.average((terms - terms.mean(0)) ** 2, axis=0, weights=weight)), 1e-6
    )
    x, apart = terms / scale, apart @ _SLOW_TOO / scale * np.sqrt(choice.fairness)
    centre = np.linalg.solve(_SLOW_TOO, [getattr(start, name) for name in TERMS]) * scale
    size = weight.sum() / weight.mean()
    ridge = np.where(
        np.array(TERMS) == "prior", choice.ridge + PRIOR_RIDGE / scale**2, choice.ridge
    )

    def cost(b: Floats) -> tuple[float, Floats]:
        eta = b[0] + x @ b[1:]
        away = b[1:] - centre
        loss = weight @ (np.logaddexp(0, eta) - broken * eta) / weight.mean()
        error = weight * (chance(eta) - broken) / weight.mean()
        gap = apart @ b[1:]
        slope = x.T @ error + 2 * ridge * away + 2 * size * apart.T @ gap
        loss += float((ridge * away) @ away + size * gap @ gap)
        return float(loss) / size, np.concatenate([[error.sum()], slope]) / size

    free: list[tuple[float | None, float | None]] = [(None, None)]
    for name in TERMS:
        free.append((0.0, 0.0) if name in choice.out else (0.0, None))
    begin = np.concatenate([[start.intercept], centre])
    found = minimize(
        cost, begin, jac=True, method="L-BFGS-B", bounds=free, options={"maxiter": 300}
    )
    b = _SLOW_TOO @ (found.x[1:] / scale)
    named = {name: _digits(value) for name, value in zip(TERMS, b, strict=True)}
    kept = {"kappa": choice.kappa, "deep": choice.deep}
    return Scorecard(intercept=_digits(found.x[0]), **kept, **named)


def _slow_too() -> Floats:
    """The matrix by which a weight of a fast half-life is one of a slow one too: a burst of good conduct in the
    last weeks must not outweigh years (docs/decisions/0017)."""
    out = np.eye(len(TERMS))
    for fast, slow in (("half_30", "half_all"), ("half_180", "half_730")):
        out[TERMS.index(slow), TERMS.index(fast)] = 1.0
    return out


_SLOW_TOO: Final = _slow_too()


def _digits(value: float) -> float:
    """Six significant digits: what lies beyond depends on the machine."""
    return float(f"{max(value, 0.0) if abs(value) < 1e-9 else value:.6g}")


def stated(card: Scorecard, examples: Examples) -> Floats:
    """What a card states of examples, within `BOUNDS`."""
    p: Floats = np.clip(
        chance(odds(card, examples.terms(card.kappa, card.deep, examples.expected()))), *BOUNDS
    )
    return p


def fit_sureness(
    card: Scorecard,
    held: Examples,
    made: Floats,
    broken: Floats,
    near: tuple[float, float] | None = None,
) -> Scorecard:
    """The card with `sure_peers` and `sure_own`, by which the months to come are foretold, under which what
    became of the next promises is least surprising (beta-binomial). `held`: files as they were known on some
    day; `made`, `broken`: how many promises each made afterwards, and how many of those it broke; `near`: what
    was found for all kinds, to which it is drawn (docs/decisions/0023)."""
    p = stated(card, held)
    evidence = masses_of(held.known, "n", "s")("730")[0]
    middle = np.log(near or (card.kappa, 1.0))
    pull = 1 / (len(p) * SURE_SPREAD**2) if near else 0.0

    def cost(log_sure: Floats) -> tuple[float, Floats]:
        peers, own = np.exp(log_sure)
        s = peers + own * evidence
        a, b = p * s, (1 - p) * s
        loss = betaln(a + broken, b + made - broken) - betaln(a, b)
        by_s = psi(s) - psi(s + made) + p * (psi(a + broken) - psi(a))
        by_s += (1 - p) * (psi(b + made - broken) - psi(b))
        gradient = np.array([np.mean(by_s) * peers, np.mean(by_s * evidence) * own])
        away = log_sure - middle
        return pull / 2 * float(away @ away) - float(np.mean(loss)), pull * away - gradient

    found = minimize(
        cost,
        middle,
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(0.5), np.log(500.0)), (np.log(0.02), np.log(20.0))],
    )
    peers, own = np.exp(found.x)
    return replace(card, sure_peers=_digits(peers), sure_own=_digits(own))
