"""The attacker's search: a coarse grid, then turns of single numbers around the best so far.

Idea: what is tried is kept with its price, so the best at a budget is the best of all that costs no more. More
budget therefore never reaches less. Each strategy is tried in several markets; the attacker knows the
rating but not the luck of the draw, so the mean over markets counts.

Worked example: of ($90, 40th), ($200, 55th), ($800, 50th) the best at $1,000 is the 55th, at $100 the 40th.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from tallystick.rating import GRADES
from tallystick.world.attack.costs import Costs
from tallystick.world.attack.plans import ANY, Plan
from tallystick.world.attack.schemes import MOST_PROMISES, Start, Strategy, attack
from tallystick.world.attack.trial import Trial

BUDGETS: Final = tuple(c * 100 for c in (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000))
"""In US cents."""

ROUNDS: Final = 3
EVERY: Final = 4
"""Of the grid one in so many is tried against a rating that must be asked for each strategy on its own."""

FACTORS: Final = (0.5, 0.7, 0.85, 1.2, 1.5, 2.0)
VALUES: Final = (20, 50, 100, 200, 500, 1000, 2000, 4000, 10000)
NO_GRADE: Final = len(GRADES)

Worth = Callable[[float, float, Strategy], float]
"""From percentile, money proven in cents and the strategy to what the attacker has of it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A strategy that was tried: its price, what it reached (means over markets; `grade` is the middle place
    in GRADES, NO_GRADE where there is none), and what that is worth to the attacker."""

    strategy: Strategy
    cost_cents: int
    percentile: float
    grade: float
    proven_cents: float
    worth: float


Case = tuple[Trial, Start]
"""A market with a rating, and whom the attack is about in it."""


class Search:
    """Tries strategies at one table of prices against one rating, in several cases; remembers all."""

    def __init__(self, cases: Sequence[Case], costs: Costs, worth: Worth) -> None:
        self.cases, self.costs, self.worth = cases, costs, worth
        self.tried: dict[Strategy, Tried] = {}

    def run(
        self, plan: Plan, budgets: Sequence[int] = BUDGETS, rounds: int = ROUNDS
    ) -> list[Tried]:
        """The best at each budget, by one scheme; of `plan` ANY, around what was tried before."""
        grid = [] if plan is ANY else list(plan.strategies())
        if not self.cases[0][0].together:
            grid = grid[::EVERY]
        self.evaluate([Strategy(), *grid], max(budgets))
        mine = set(self.tried) if plan is ANY else set(grid)
        for _ in range(rounds):
            corners = [found.strategy for found in self.corners(mine, budgets)]
            turned = {s for corner in corners for s in turns(corner, plan, self.costs, budgets)}
            self.evaluate(sorted(turned, key=repr), max(budgets))
            mine |= turned
        return self.best(budgets, {Strategy(), *mine})

    def evaluate(self, strategies: Iterable[Strategy], most_cents: int) -> None:
        """Try those that are new and cost at most so much."""
        new = [
            s
            for s in dict.fromkeys(strategies)
            if s not in self.tried
            and s.promises <= MOST_PROMISES
            and s.cost(self.costs) <= most_cents
        ]
        if not new:
            return
        found = []
        for trial, start in self.cases:
            reached = trial.reached([attack(trial.market, s, self.costs, start) for s in new])
            place = [GRADES.index(g) if g in GRADES else NO_GRADE for g in reached.grade]
            worth = [
                self.worth(p, m, s)
                for p, m, s in zip(reached.percentile, reached.proven_cents, new, strict=True)
            ]
            found.append((reached.percentile, place, reached.proven_cents, worth))
        mean = np.mean(np.array(found), axis=0)
        middle = np.median(np.array(found)[:, 1], axis=0)
        for n, strategy in enumerate(new):
            percentile, _, proven, worth_ = (float(column[n]) for column in mean)
            cost = strategy.cost(self.costs)
            self.tried[strategy] = Tried(
                strategy, cost, percentile, float(middle[n]), proven, worth_
            )

    def best(self, budgets: Sequence[int], among: Iterable[Strategy] | None = None) -> list[Tried]:
        """What is worth most at each budget for which there is anything; of equals the cheapest."""
        chosen = self.tried if among is None else {s for s in among if s in self.tried}
        found = sorted((self.tried[s] for s in chosen), key=lambda t: (t.cost_cents, -t.worth))
        within = ([t for t in found if t.cost_cents <= budget] for budget in budgets)
        return [max(those, key=lambda t: t.worth) for those in within if those]

    def cheapest(self, good: Callable[[Tried], bool]) -> Tried | None:
        """The cheapest that is good enough; None where none was found."""
        found = [t for t in self.tried.values() if good(t)]
        return min(found, key=lambda t: (t.cost_cents, repr(t.strategy))) if found else None

    def corners(self, among: Iterable[Strategy], budgets: Sequence[int]) -> list[Tried]:
        """Where to search on: the best at each budget, and what first reaches certain percentiles."""
        mine = [self.tried[s] for s in among if s in self.tried]
        firsts = []
        for mark in (60, 80, 95):
            there = [t for t in mine if t.percentile >= mark]
            if there:
                firsts.append(min(there, key=lambda t: (t.cost_cents, repr(t.strategy))))
        found = self.best(budgets, (t.strategy for t in mine)) + firsts
        return list({t.strategy: t for t in found}.values())


def turns(
    strategy: Strategy, plan: Plan, costs: Costs, budgets: Sequence[int]
) -> Iterator[Strategy]:
    """Strategies beside one: each number turned alone, and all of it made as large as each budget allows."""
    for name in plan.turned:
        old = getattr(strategy, name)
        for new in _others(name, old, plan.grid[name]):
            yield replace(strategy, **{name: new})
    price = strategy.cost(costs)
    for budget in budgets:
        if price and budget / price < 20:
            yield scaled(strategy, budget / price)
    for goal in (0.8, 0.9, 0.95):
        yield scaled(strategy, goal)


def scaled(strategy: Strategy, factor: float) -> Strategy:
    """The same with more or less of everything that is counted once."""
    return replace(
        strategy,
        sybils=int(strategy.sybils * factor),
        served=int(strategy.served * factor),
        records=int(strategy.records * factor),
        papers=int(strategy.papers * factor),
    )


def _others(name: str, old: Any, grid: tuple[Any, ...]) -> set[Any]:
    if isinstance(old, str):
        return set(grid) - {old}
    if name in ("value", "cover_value", "served_value"):
        place = VALUES.index(old)
        return {VALUES[n] for n in (place - 1, place + 1) if 0 <= n < len(VALUES)}
    changed = {round(old * factor) for factor in FACTORS} | {old + 1, old - 1, *grid}
    return {value for value in changed if value >= 0} - {old}
