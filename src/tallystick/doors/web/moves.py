"""How the rating of a company moved while it was served: a table and a picture; and what the next grade needs.

A move is a row of `service.looking.history`: headline before and after, and its cause. The credit page tells
all of them; a company's own page only those by which the grade became another, with the way to the next one up.

Worked example: BB on 1 May, 3.1 %; BB on 3 May, 2.9 %, by new evidence; BBB on 9 May by time, 1.9 %. The grade
changed twice: the first time, and on 9 May. The next one is A, up to 1 %: what lifts to it the report found by
trying.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tallystick.doors.web.asking import Ask
from tallystick.rating.policy import GRADE_CEILING_PPM, GRADES
from tallystick.report import Report, figures
from tallystick.report import blocks as b
from tallystick.report.picture import Picture
from tallystick.report.rating_pictures import GradePoint, history_picture
from tallystick.units import day_number, moment_of

CHANGES: Final = 40
"""Moves that are shown."""
STEPS: Final = 3
"""Steps of the way up that are told on a company's own page; that of the report has all."""


@dataclass(frozen=True, slots=True)
class Change:
    """One move of the rating: when, from which grade to which (None: it is the first), in points, and why."""

    at: str
    before: str | None
    after: str
    points: float | None
    cause: str


@dataclass(frozen=True, slots=True)
class NextGrade:
    """The next grade up (None: the best is reached, or the chance alone decides nothing), the chance that it
    allows at most, and the first steps of the way: those that lift, or where none does (`lifts`), those that
    help most."""

    grade: str | None
    at_most_ppm: int | None
    sentence: str
    lifts: bool
    steps: tuple[b.PlanStep, ...]


def changes_of(moves: Sequence[Mapping[str, Any]], ask: Ask) -> list[Change]:
    """Moves as they are shown."""
    found = []
    for move in moves:
        before, after = move["before"], move["after"]
        points = after["score"] - before["score"] if before and after else None
        moment = moment_of(move["at_us"]).strftime("%Y-%m-%d %H:%M")
        grade = after["grade"] if after else "–"
        found.append(
            Change(moment, before and before["grade"], grade, points, cause(move["cause"], ask))
        )
    return found


def graded(changes: Sequence[Change]) -> list[Change]:
    """The changes by which the grade became another."""
    return [one for one in changes if one.before != one.after]


def next_grade(report: Report, ask: Ask) -> NextGrade:
    """What the next grade up needs, out of the plan of the report."""
    head, outlook = report.block(b.Headline), report.block(b.Outlook)
    whole = [step for step in outlook.plan if step.scope == "headline"]
    lifting = [step for step in whole if step.lifts]
    steps = tuple((lifting or whole or list(outlook.plan))[:STEPS])
    if head.state != "rated" or head.grade not in GRADES:
        return NextGrade(None, None, outlook.sentences[0], bool(lifting), steps)
    place = GRADES.index(head.grade)
    if not place:
        return NextGrade(None, None, ask.say("w.me.best"), bool(lifting), steps)
    grade, most = GRADES[place - 1], GRADE_CEILING_PPM[place - 1]
    words = {"most": figures.percent(most), "now": figures.percent(head.broken_ppm)}
    return NextGrade(grade, most, ask.say("w.me.next", grade=grade, **words), bool(lifting), steps)


def cause(told: Any, ask: Ask) -> str:
    """What caused a change, in words."""
    if isinstance(told, Mapping) and told.get("kind") in ("joined", "absorbed", "split"):
        codes = [told["into"]] if "into" in told else list(told["companies"])
        return ask.say(f"w.cause.{told['kind']}", codes=ask.say.joined(codes))
    name = told if isinstance(told, str) else str((told or {}).get("kind", ""))
    return ask.say.either("w.cause", name)


def moves_picture(
    moves: Sequence[Mapping[str, Any]], as_of: str, report: Report, ask: Ask
) -> Picture | None:
    """The grade over time, one point a day; None before it has been seen on two days."""
    points: dict[int, GradePoint] = {}
    oldest = moves[-1] if moves else None
    if oldest is not None and oldest["before"]:
        first = _point(oldest["before"], ())
        points[first.day] = first
    for move in reversed(moves):
        if move["after"]:
            day = _day(move["after"]["as_of"])
            before = points[day].causes if day in points else ()
            causes = dict.fromkeys((*before, cause(move["cause"], ask)))
            points[day] = _point(move["after"], tuple(causes))
    if len(points) < 2:
        return None
    coverage = report.block(b.Headline).coverage_ppm
    shown = [points[day] for day in sorted(points)]
    return history_picture(shown, _day(as_of), coverage, ask.say)


def _point(told: Mapping[str, Any], causes: tuple[str, ...]) -> GradePoint:
    return GradePoint(
        _day(told["as_of"]),
        round(told["score"] * 10),
        told["grade"],
        told["low_ppm"],
        told["high_ppm"],
        causes,
    )


def _day(text: str) -> int:
    return day_number(date.fromisoformat(text))
