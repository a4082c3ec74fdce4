"""What the lab reports: cost of forgery, harm by slander, gain of an exit scam, whitewashing, accuracy.

Every figure is that of an attacker who knows the rating and searches for the best spend (search.py), as a mean
over several markets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.rating import GRADES, Policy
from tallystick.units import PPM
from tallystick.world.attack.costs import Costs
from tallystick.world.attack.market import MEDIAN_CENTS, MEDIAN_PROMISES, OWN, Market
from tallystick.world.attack.plans import ACCOMPLICES, PLANS, Plan
from tallystick.world.attack.rows import Rows, joined
from tallystick.world.attack.schemes import Strategy, attack
from tallystick.world.attack.scorer import Floats, Scorer, percentiles
from tallystick.world.attack.search import BUDGETS, ROUNDS, Search, Tried
from tallystick.world.attack.trial import STRIDE, Trial

MARK: Final = 80.0
"""Percentile whose price is the cost of forgery."""

TRUSTED: Final = 60.0
"""Percentile from which strangers order without asking."""

DEMAND_CENTS: Final = 10_000_000
"""What they then order within 30 days, at most."""

SHIPPED: Final = Policy()
FACTORS: Final = {
    0.15: 0.5,
    0.3: 1.0,
    SHIPPED.exposure_ppm / PPM: float(SHIPPED.exposure_floor_medians),
    1.0: 2.0,
}
"""Exposure factor -> its floor, in usual orders; at the shipped policy's factor (.5) its own floor."""

VICTIM: Final = 72.0
"""Percentile at which an honest firm that is slandered stands."""

VICTIMS: Final = 3
"""So many of them in each market."""

RINGS: Final = 40
RING_CENTS: Final = 30_000

Progress = Callable[[str], None]


def silent(what: str) -> None:
    """No progress."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard the attacker searches: at which `budgets` (US cents), for how many `rounds`; `tell` is told
    what is being tried."""

    budgets: tuple[int, ...] = BUDGETS
    rounds: int = ROUNDS
    tell: Progress = silent


@dataclass(frozen=True, slots=True)
class Forgery:
    """What lifting a rating costs from one start. `reached`: scheme -> percentile at each budget; `marks`:
    what is reached -> the cheapest way to it (None: none was found): "80" the percentile, "grade" one
    grade better, and the names of the top grades; `before` without an attack."""

    before: Tried
    reached: dict[str, list[float]]
    marks: dict[str, Tried | None]


def forgery(
    trials: Sequence[Trial], costs: Costs, start: str, plans: Sequence[Plan], effort: Effort
) -> Forgery:
    """What lifting a "bad" or a "fresh" record costs by these schemes. Accomplices come last and count for no
    mark: their price is that of a bribe."""
    search = Search([(trial, start) for trial in trials], costs, lambda p, money, s: p)
    search.evaluate([Strategy()], 0)
    reached = {}
    for plan in [p for p in plans if p.name not in ACCOMPLICES]:
        effort.tell(f"{plan.name}, from a {start} record")
        reached[plan.name] = [t.percentile for t in search.run(plan, effort.budgets, effort.rounds)]
    before = search.tried[Strategy()]
    marks = {"80": search.cheapest(lambda t: t.percentile >= MARK)}
    if trials[0].honest["grade"].null_count == 0:
        marks["grade"] = search.cheapest(lambda t: t.grade <= min(before.grade, len(GRADES)) - 1)
        for n, grade in enumerate(GRADES[:4]):
            marks[grade] = search.cheapest(_at_least(n))
    for plan in [p for p in plans if p.name in ACCOMPLICES]:
        effort.tell(f"{plan.name}, from a {start} record")
        reached[plan.name] = [t.percentile for t in search.run(plan, effort.budgets, effort.rounds)]
    return Forgery(before, reached, marks)


def _at_least(place: int) -> Callable[[Tried], bool]:
    return lambda t: t.grade <= place


def victims(trial: Trial) -> list[int]:
    """Honest sellers of middling record whose rating is good: those to slander."""
    place = percentiles(trial.honest_risk, trial.honest_risk)
    counts = np.bincount(trial.market.record.promisor, minlength=len(place) + 1)[1:]
    middling = np.abs(np.log(np.maximum(counts, 1) / MEDIAN_PROMISES)) < 0.5
    far = np.abs(place - VICTIM) + np.where(middling, 0, 1000)
    return [int(key) for key in trial.market.sellers[np.argsort(far, kind="stable")[:VICTIMS]]]


def slander(
    trials: Sequence[Trial], costs: Costs, plans: Sequence[Plan], effort: Effort
) -> dict[str, list[float]]:
    """Scheme -> percentile of an honest firm at no cost and at each budget."""
    cases = [(t, key) for t in trials for key in victims(t)]
    search = Search(cases, costs, lambda p, money, s: -p)
    search.evaluate([Strategy()], 0)
    out = {}
    for plan in plans:
        effort.tell(plan.name)
        after = [t.percentile for t in search.run(plan, effort.budgets, effort.rounds)]
        out[plan.name] = [search.tried[Strategy()].percentile, *after]
    return out


def whitewash(trials: Sequence[Trial], costs: Costs) -> dict[str, float]:
    """Percentile of the bad record ("old"), of fresh identities of each kind, and of a verified one once it is
    known whose it is ("linked"): then it carries the old record."""
    cases: dict[str, tuple[str, str]] = {
        "old": ("bad", "unverified"),
        "unverified": ("fresh", "unverified"),
        "mule": ("fresh", "mule"),
        "shell": ("fresh", "shell"),
        "linked": ("bad", "mule"),
    }
    made = {
        name: [
            t.reached([attack(t.market, Strategy(identity), costs, start)]).percentile[0]
            for t in trials
        ]
        for name, (start, identity) in cases.items()
    }
    return {name: float(np.mean(found)) for name, found in made.items()}


def loot(factor: float, again: bool = False) -> Callable[[float, float, Strategy], float]:
    """What a cheat takes at an exposure factor, in cents: nothing unless he is trusted, then all that the limit
    allows. `again`: he means to go on, so he takes single orders and must still be trusted after them."""

    def worth(percentile: float, proven: float, strategy: Strategy) -> float:
        if percentile < TRUSTED:
            return percentile / 1000
        limit = max(factor * proven, FACTORS[factor] * MEDIAN_CENTS)
        if again:
            return strategy.cheated * min(limit, MEDIAN_CENTS)
        return min(limit, DEMAND_CENTS)

    return worth


def gain(
    trials: Sequence[Trial], costs: Costs, plan: Plan, factor: float, effort: Effort
) -> list[float]:
    """Attack-gain ratio at each budget: loot over budget, of a cheat who began afresh."""
    effort.tell(f"{plan.name}, exposure factor {factor:g}")
    search = Search(
        [(t, "fresh") for t in trials], costs, loot(factor, again="cheated" in plan.grid)
    )
    search.evaluate([Strategy()], 0)
    best = search.run(plan, effort.budgets, effort.rounds)
    return [t.worth / budget for t, budget in zip(best, effort.budgets, strict=True)]


def auc(risk: Floats, truth: Floats, rate: Floats) -> float:
    """How probably a promise that will be broken is of a company that ranks as riskier than that of one that
    will be kept; expected over the promises to come, so without their luck."""
    _, place = np.unique(risk, return_inverse=True)
    broken, kept = np.bincount(place, truth * rate), np.bincount(place, (1 - truth) * rate)
    below = np.cumsum(kept) - kept / 2
    return float((broken * below).sum() / broken.sum() / kept.sum())


def accuracy(trials: Sequence[Trial]) -> float:
    """AUC among honest sellers, without an attack."""
    return float(np.mean([auc(t.honest_risk, t.market.truth, t.market.rate) for t in trials]))


def ringed(market: Market, strategy: Strategy, costs: Costs) -> Market:
    """The market with RINGS more sellers that break every other promise, each lifted by a ring of its own;
    they make as many promises as others on average."""
    parts, known = [market.record], [market.companies]
    keys = OWN + np.arange(RINGS) * STRIDE
    for n, key in enumerate(keys):
        made = attack(replace(market, seed=market.seed + 1000 * (n + 1)), strategy, costs, "bad")
        moved = _shifted(made.added, int(key) - OWN)
        parts.append(moved)
        owned = made.companies["company"].to_numpy() + int(key) - OWN
        known.append(made.companies.set_column(0, made.companies.schema.field(0), pa.array(owned)))
    return replace(
        market,
        sellers=np.concatenate([market.sellers, keys]),
        truth=np.concatenate([market.truth, np.full(RINGS, 0.5)]),
        rate=np.concatenate([market.rate, np.full(RINGS, market.rate.mean())]),
        record=joined(parts),
        companies=pa.concat_tables(known),
    )


def _shifted(found: Rows, by: int) -> Rows:
    moved = [np.where(keys >= OWN, keys + by, keys) for keys in (found.promisor, found.promisee)]
    return replace(found, promisor=moved[0], promisee=moved[1])


def accuracy_ringed(scorer: Scorer, trials: Sequence[Trial], costs: Costs, effort: Effort) -> float:
    """AUC with RINGS planted, each the best ring of free identities for the money against this rating."""
    effort.tell(f"accuracy with {RINGS} rings")
    search = Search([(t, "bad") for t in trials], costs, lambda p, money, s: p)
    best = search.run(PLANS["brushing"], (RING_CENTS,), effort.rounds)[0]
    found = []
    for trial in trials:
        market = ringed(trial.market, best.strategy, costs)
        trapped = Trial(scorer, market)
        found.append(auc(trapped.honest_risk, market.truth, market.rate))
    return float(np.mean(found))
