"""The lab: every figure of a rating under attack, beside those of other ratings under the same attacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tallystick.world.attack.costs import Costs
from tallystick.world.attack.detection import Alerts, days_to_detection, false_alarms
from tallystick.world.attack.market import make_market
from tallystick.world.attack.measures import (
    FACTORS,
    Effort,
    Forgery,
    Progress,
    accuracy,
    accuracy_ringed,
    forgery,
    gain,
    silent,
    slander,
    whitewash,
)
from tallystick.world.attack.plans import (
    ACCOMPLICES,
    ACCURACY,
    ANY,
    LIFT,
    LOOT,
    PLANS,
    SCHEMES,
    SLANDER,
    WHITEWASH,
    Plan,
)
from tallystick.world.attack.schemes import Strategy, attack
from tallystick.world.attack.scorer import Scorer
from tallystick.world.attack.search import BUDGETS, ROUNDS
from tallystick.world.attack.trial import Trial
from tallystick.world.config import WorldError

FIXED_RING: Final = Strategy(sybils=10, fakes=1)
"""The ring that somebody should see: ten free identities with a parcel each, for about $650 in the lab."""

ALONE_ROUNDS: Final = 1
"""Rounds of the search that are left out where a rating must be asked for each strategy on its own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What to measure: markets by their `seeds`, at `costs`, these `schemes` (of SCHEMES) at these `budgets`
    (US cents) with so many `rounds` of search; `alerts`, if there is something that looks for rings."""

    costs: Costs
    seeds: tuple[int, ...] = (1, 2)
    schemes: tuple[str, ...] = SCHEMES
    budgets: tuple[int, ...] = BUDGETS
    rounds: int = ROUNDS
    alerts: Alerts | None = None

    def plans(self, goal: str) -> list[Plan]:
        """The schemes with that goal, in the order of PLANS."""
        return [p for p in PLANS.values() if p.goal == goal and p.name in self.schemes]


def chosen_schemes(names: Sequence[str]) -> tuple[str, ...]:
    """The schemes that are meant: of `all` all; those that lift by themselves too where `any` is asked for,
    since it begins from them. Raises `WorldError` for a name that is none."""
    unknown = set(names) - {*SCHEMES, "all"}
    if unknown:
        raise WorldError(
            f"no scheme is called {', '.join(sorted(unknown))}; there are {', '.join(SCHEMES)} and all"
        )
    if "all" in names:
        return SCHEMES
    wanted = set(names)
    if ANY.name in wanted:
        wanted |= {p.name for p in PLANS.values() if p.goal == LIFT} - set(ACCOMPLICES)
    return tuple(name for name in SCHEMES if name in wanted)


@dataclass(slots=True)
class Assessed:
    """The figures of one rating; what was not asked for stays empty. `forgery` by start, `slander` by scheme,
    `gain` by scheme and exposure factor, `accuracy` without attack and `ringed` with rings, `detection`:
    days by market and share of honest firms suspected, None where nothing looks for rings; `limited`: it knows
    an exposure limit."""

    name: str
    forgery: dict[str, Forgery] = field(default_factory=dict)
    slander: dict[str, list[float]] = field(default_factory=dict)
    gain: dict[tuple[str, float], list[float]] = field(default_factory=dict)
    wash: dict[str, float] = field(default_factory=dict)
    accuracy: float | None = None
    ringed: float | None = None
    detection: tuple[list[int | None], float] | None = None
    limited: bool = True


def assess(scorer: Scorer, settings: Settings, tell: Progress = silent) -> Assessed:
    """All figures of one rating."""
    found, costs = Assessed(scorer.name), settings.costs
    rounds = settings.rounds if scorer.together else max(settings.rounds - ALONE_ROUNDS, 0)
    effort = Effort(settings.budgets, rounds, lambda what: tell(f"{scorer.name}: {what}"))
    effort.tell("an honest market")
    trials = [Trial(scorer, make_market(seed)) for seed in settings.seeds]
    if plans := settings.plans(LIFT):
        for start in ("bad", "fresh"):
            found.forgery[start] = forgery(trials, costs, start, plans, effort)
    if plans := settings.plans(SLANDER):
        found.slander = slander(trials, costs, plans, effort)
    found.limited = trials[0].honest["proven_cents"].null_count == 0
    for plan in settings.plans(LOOT):
        for factor in FACTORS if found.limited else (1.0,):
            found.gain[plan.name, factor] = gain(trials, costs, plan, factor, effort)
    if WHITEWASH in settings.schemes:
        found.wash = whitewash(trials, costs)
    if ACCURACY in settings.schemes:
        found.accuracy = accuracy(trials)
        found.ringed = accuracy_ringed(scorer, trials, costs, effort)
    if settings.alerts is not None:
        found.detection = detection(trials, costs, settings.alerts)
    return found


def detection(
    trials: Sequence[Trial], costs: Costs, alerts: Alerts
) -> tuple[list[int | None], float]:
    """Days until FIXED_RING is seen in each market, and the share of honest companies that are suspected."""
    days = []
    for trial in trials:
        ring = attack(trial.market, FIXED_RING, costs, "bad")
        days.append(days_to_detection(trial.market, ring, alerts))
    return days, float(np.mean([false_alarms(t.market, alerts) for t in trials]))
