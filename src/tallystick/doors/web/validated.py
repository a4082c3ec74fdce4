"""What was measured of the ratings, as the model page shows it: whether they come true, how far scores drift,
whom they may wrong, and what it costs to fake one.

Real figures only: what the operator published (`service.measured`), with the day and the command; where nothing
was published the page says so. The whole validation is a page of its own, laid out as the report of it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from pydantic import TypeAdapter
from starlette.responses import Response

from tallystick.adapters.drawing import draw
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.rating.validation.segments import Segment
from tallystick.rating.validation.validate import Validation
from tallystick.report import figures, validation_charts
from tallystick.report.card import Grid, Part
from tallystick.report.phrases import Phrases
from tallystick.report.picture import Picture
from tallystick.report.validation import ValidationReport, in_language, value_name
from tallystick.report.validation_html import context, number, share
from tallystick.report.validation_pictures import fairness_picture
from tallystick.report.validation_words import VALIDATING
from tallystick.service import measured

SHOWN: Final = ("auc", "gini", "ks", "brier", "log_loss", "ece", "observed_expected")
WHOM: Final = ("size", "country")
"""The dimensions of fairness that the page tells of; the whole validation has all."""
MARKS: Final = ("80", "grade", "BBB", "A")
STARTS: Final = ("bad", "fresh")
_NONE: Final = ("thin", "migration")
"""What of a validation may be missing; elsewhere null is a figure that could not be told."""


@dataclass(frozen=True, slots=True)
class Validated:
    """The validation on the model page. `made`: when and how; `other`: it was made of another policy;
    `over_time`, `fairness`: drawn."""

    made: str
    command: str
    other: bool
    sentence: str
    report: ValidationReport
    quality: Part
    drift: Part
    over_time: Markup
    fairness: Picture | None
    whom: Part


@dataclass(frozen=True, slots=True)
class Attacked:
    """What it costs to fake a rating."""

    made: str
    command: str
    other: bool
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Page):
    """The whole validation. `report`: what the template of the report reads."""

    report: dict[str, Any]


def validation_page(ask: Ask) -> Response:
    """The whole validation."""
    ask.caller.must("model.read")
    kept = measured.kept(ask.service)
    if kept is None:
        raise Problem(
            404, "not-validated", "No validation was published.", "tallystick validate --publish"
        )
    shown = context(_report(kept, ask.lang), draw) | {"say": ask.say}
    return answer(Whole(ask=ask, told=kept, report=shown), "validation.html")


def validated(kept: Mapping[str, Any] | None, policy: str, say: Phrases) -> Validated | None:
    """The validation as the model page shows it; None where none is kept. `policy`: digest of the one in
    force: a validation made of another one says so."""
    if kept is None:
        return None
    report = _report(kept, say.lang)
    v = report.validation
    sentence = say(
        "v.sentence",
        promises=figures.count(v.promises),
        parties=figures.count(v.parties),
        first=figures.iso(v.first_day),
        last=figures.iso(v.last_day),
        broken=share(v.broken_share),
    )
    chart = validation_charts.over_time(
        v.blocks, say("v.stated"), say("v.observed"), say("v.time_chart")
    )
    return Validated(
        say("w.m.validated", day=kept["on"], as_of=kept["as_of"]),
        kept.get("command") or "tallystick validate --publish",
        kept["policy"] != policy,
        sentence,
        report,
        Part(say("v.grades"), list(_quality(v, say))),
        Part(say("w.m.drift"), list(_drift(v, say))),
        chart,
        fairness_picture([s for s in v.segments if s.dimension in WHOM], say),
        Part(say("w.m.fairness"), list(_whom(v, say))),
    )


def _report(kept: Mapping[str, Any], lang: str) -> ValidationReport:
    told = kept["report"]
    found = TypeAdapter(Validation).validate_python(_with_nan(told["validation"]))
    return in_language(found, told["subject"], lang)


def _with_nan(value: Any, name: str = "") -> Any:
    """What `validation_json` told, with the figures that could not be told as they were."""
    if isinstance(value, dict):
        return {key: _with_nan(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_nan(inner) for inner in value]
    return math.nan if value is None and name not in _NONE else value


def _quality(v: Validation, say: Phrases) -> Iterator[str | Grid]:
    heads = (say("v.figure"), "", say("w.m.interval"))
    told = ((name, v.figures[name]) for name in SHOWN if name in v.figures)
    rows = [
        (say(f"v.m.{name}") if f"v.m.{name}" in VALIDATING else name, number(e.value, 4),
         f"{number(e.low, 4)} – {number(e.high, 4)}")
        for name, e in told
    ]  # fmt: skip
    yield Grid(heads, rows)
    names = ("grades", "promises", "parties", "stated", "observed", "p_value")
    yield Grid(
        tuple(say(f"v.{name}") for name in names),
        [
            (t.grade, figures.count(t.promises), figures.count(t.parties), share(t.expected),
             share(t.observed), number(t.p_value))
            for t in v.grades
        ],
    )  # fmt: skip
    yield say("v.grades_note")


def _drift(v: Validation, say: Phrases) -> Iterator[str | Grid]:
    heads = (*(say(f"v.{n}") for n in ("from", "to", "promises", "stated", "observed")), "AUC")
    rows = [
        (*(str(figures.iso(day)) for day in (b.first_day, b.last_day)), figures.count(b.promises),
         share(b.expected), share(b.observed), number(b.auc), number(b.psi, 2))
        for b in v.blocks
    ]  # fmt: skip
    yield Grid((*heads, say("v.psi")), rows)
    yield say("v.psi_note")


def _whom(v: Validation, say: Phrases) -> Iterator[str | Grid]:
    heads = tuple(say(f"v.{n}") for n in ("promises", "parties", "oe"))
    last = (say("w.m.interval"), say("v.gap_rejection"))
    for dimension in WHOM:
        found = [s for s in v.segments if s.dimension == dimension]
        if not found:
            yield say("w.m.no_segments", what=say(f"v.d.{dimension}"))
        else:
            yield Grid((say(f"v.d.{dimension}"), *heads, *last), [_segment(s, say) for s in found])
    yield say("w.m.fairness_note")


def _segment(s: Segment, say: Phrases) -> tuple[str, ...]:
    oe, gap = s.observed_expected, s.rejection_gap
    rejected = "–"
    if math.isfinite(gap.value):
        rejected = f"{number(100 * gap.value, 1, True)} ({number(100 * gap.low, 1, True)} – "
        rejected += f"{number(100 * gap.high, 1, True)})"
    counts = (figures.count(s.promises), figures.count(s.parties))
    between = f"{number(oe.low, 2)} – {number(oe.high, 2)}"
    return (value_name(s, say), *counts, number(oe.value, 2), between, rejected)


def attacked(kept: Mapping[str, Any] | None, policy: str, say: Phrases) -> Attacked | None:
    """What an attack found as the model page shows it; None where none is kept."""
    if kept is None:
        return None
    found = kept["found"]
    made = say(
        "w.m.attacked",
        day=kept["on"],
        n=found["seeds"],
        costs=say.either("w.m.costs", found["costs"]),
    )
    part = Part(say("w.m.attack"), list(_attacked(found["ratings"], say)))
    return Attacked(made, kept["command"], kept["policy"] != policy, part)


def _attacked(ratings: list[dict[str, Any]], say: Phrases) -> Iterator[str | Grid]:
    heads = tuple(say(f"w.m.mark_{mark}") for mark in ("80", "grade"))
    for start in STARTS:
        rows = [
            (one["rating"], *(_cost(one["forgery"][start]["marks"], mark, say) for mark in MARKS))
            for one in ratings
            if start in one["forgery"]
        ]
        if rows:
            yield say(f"w.m.from_{start}")
            yield Grid((say("w.m.rating"), *heads, "BBB", "A"), rows)
    yield from _harm(ratings, say)
    yield say("w.m.attack_note")


def _harm(ratings: list[dict[str, Any]], say: Phrases) -> Iterator[str | Grid]:
    """How far an honest firm can be pulled down, at the largest budget."""
    rows = [
        (one["rating"], name, f"{line[0]:.1f}", f"{line[-1]:.1f}")
        for one in ratings
        for name, line in one["slander"].items()
    ]
    if rows:
        budget = figures.money_usd(ratings[0]["budgets_cents"][-1])
        yield say("w.m.slander")
        yield Grid(
            (
                say("w.m.rating"),
                say("w.m.scheme"),
                say("w.m.untouched"),
                say("w.m.spent", budget=budget),
            ),
            rows,
        )


def _cost(marks: Mapping[str, Any], mark: str, say: Phrases) -> str:
    if mark not in marks:
        return "–"
    tried = marks[mark]
    return say("w.m.not_found") if tried is None else figures.money_usd(tried["cost_cents"])
