"""Which of the acts that were tried are told: those that lift a grade, the fewest and soonest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tallystick.rating.policy import GRADES

Row = dict[str, Any]

SHOWN_COUNTS: Final = (5, 10, 20)

SHOWN_STEPS: Final = 5
"""Acts that are told of each scope."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `code`: new (kept to others, well known), more (kept to those it deals with), witness (one for
    kept promises that have none), both (the other side's word for such that have only one), registered
    (counterparties that no register knew), time (nothing but keeping what is open). `n`: how many; `day`: from
    when it counts; `kind`: of promise, "" where it is about several; `whom`: which counterparties, in turn."""

    code: str
    kind: str
    n: int
    day: int
    whom: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An act with what it makes of the rating of one scope (headline, role or kind; `name`: of which). `lifts`:
    the grade gets better."""

    act: Act
    scope: str
    name: str
    grade: str
    broken_ppm: int
    low_ppm: int
    high_ppm: int
    lifts: bool


@dataclass(frozen=True, slots=True)
class WayUp:
    """The steps of every scope, soonest first, and those of the act `new` by kind, for 0 and more promises."""

    steps: tuple[Step, ...]
    narrowest: Step | None
    more: dict[str, tuple[Step, ...]]


def chosen(acts: Sequence[Act], ratings: Sequence[Sequence[Row]]) -> WayUp:
    """For each scope the least of every sort of act that lifts its grade; where none does, the one that lowers
    its chance most. A single role is the whole, so nothing is said of it."""
    now = {_scope(row): row for row in ratings[0]}
    steps = [
        _step(act, row, now[_scope(row)])
        for act, rows in zip(acts[1:], ratings[1:], strict=True)
        for row in rows
        if _scope(row) in now
    ]
    roles = sum(scope == "role" for scope, _ in now)
    chosen: list[Step] = []
    for scope in now:
        if scope[0] == "role" and roles == 1:
            continue
        mine = [step for step in steps if (step.scope, step.name) == scope]
        chosen += _least(mine)[:SHOWN_STEPS] or _lowest(mine, now[scope])
    return WayUp(tuple(chosen), _narrowest(steps, now), _more_by_kind(steps))


def _narrowest(steps: Sequence[Step], now: Mapping[tuple[str, str], Row]) -> Step | None:
    """What evidence about what is past would narrow the interval of the headline most."""
    width = now["headline", ""]["high_ppm"] - now["headline", ""]["low_ppm"]
    told = [
        step
        for step in steps
        if step.scope == "headline" and step.act.code in ("witness", "both", "registered")
        if step.high_ppm - step.low_ppm < width
    ]
    return min(told, key=lambda s: (s.high_ppm - s.low_ppm, s.act.n), default=None)


def _least(steps: Sequence[Step]) -> list[Step]:
    """Of every sort of act the fewest that lift the grade, soonest first."""
    best: dict[str, Step] = {}
    for step in sorted(steps, key=lambda s: (s.act.n, s.act.day, s.act.kind)):
        first = best.setdefault(step.act.code, step) if step.lifts else step
        if step.lifts and step.act.code == "time" and step.act.day < first.act.day:
            best["time"] = step
    return sorted(best.values(), key=lambda s: (s.act.day, s.act.n, s.act.code))


def _lowest(steps: Sequence[Step], now: Row) -> list[Step]:
    lower = [step for step in steps if step.broken_ppm < now["broken_ppm"]]
    return [min(lower, key=lambda s: (s.broken_ppm, s.act.n))] if lower else []


def _more_by_kind(steps: Sequence[Step]) -> dict[str, tuple[Step, ...]]:
    out: dict[str, tuple[Step, ...]] = {}
    for step in steps:
        shown = (step.scope, step.name) in (("kind", step.act.kind), ("headline", ""))
        if step.act.code == "new" and step.act.n in SHOWN_COUNTS and shown:
            out[step.act.kind] = (*out.get(step.act.kind, ()), step)
    return out


def _scope(row: Row) -> tuple[str, str]:
    scope = row["scope"]
    return scope, "" if scope == "headline" else row[scope]


def _step(act: Act, row: Row, now: Row) -> Step:
    ends = row["broken_ppm"], row["low_ppm"], row["high_ppm"]
    return Step(act, *_scope(row), row["grade"], *ends, _rank(row["grade"]) < _rank(now["grade"]))


def _rank(grade: str) -> int:
    """Place of a grade; none at all comes last."""
    return GRADES.index(grade) if grade in GRADES else len(GRADES)
