"""The model page: which policy is in force, what grades and reasons mean, and how well it does.

Everything on it is data of the book: the policy and its signed commit, the grades of `rating.policy`, the
reasons of `rating.reasons`, figures that were measured when the policy was fitted. Nothing is computed that
takes longer than a look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from starlette.responses import Response

from tallystick.adapters.policies import Commit
from tallystick.adapters.store.tables import SERVED
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.doors.web.validated import Attacked, Validated, attacked, validated
from tallystick.rating import GRADES, Policy
from tallystick.rating.policy import GRADE_CEILING_PPM
from tallystick.rating.reasons import REASONS
from tallystick.report import figures
from tallystick.report.card import Part, model_card
from tallystick.service import looking, measured
from tallystick.service.model_card import model_card as told_card
from tallystick.units import moment_of

PARAMETERS: Final = 3
MEASURED: Final = 4
"""Where parameters and figures stand among the parts of the card; the page shows them elsewhere."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: its range of probability as words, what it is called, and how many companies have it."""

    name: str
    low: str
    high: str
    words: str
    companies: int


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A reason code, in favour and against."""

    code: str
    good: str
    bad: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Page):
    """The page. `signed`: the commit of the policy in force, None where it is the shipped one."""

    policy: Policy
    digest: str
    signed: Commit | None
    signed_on: str
    grades: tuple[Grade, ...]
    reasons: tuple[ReasonWords, ...]
    parts: tuple[Part, ...]
    parameters: Part
    figures: Part
    measured: bool
    validation: Validated | None
    attack: Attacked | None


def model(ask: Ask) -> Response:
    """The page of the policy in force."""
    ask.caller.must("model.read")
    policy = looking.cut_of(ask.service).policy
    commits = [c for c in ask.service.book.policies() if c.policy.digest() == policy.digest()]
    signed = commits[-1] if commits else None
    card, card_told = model_card(policy, ask.lang), told_card(ask.service)
    others = [n for n in range(len(card.parts)) if n not in (PARAMETERS, MEASURED)]
    page = Model(
        ask=ask,
        told=card_told,
        policy=policy,
        digest=policy.digest(),
        signed=signed,
        signed_on=moment_of(signed.at_us).date().isoformat() if signed else "",
        grades=_grades(ask),
        reasons=_reasons(ask.lang),
        parts=tuple(card.parts[n] for n in others),
        parameters=card.parts[PARAMETERS],
        figures=card.parts[MEASURED],
        measured=bool(policy.fitted and policy.fitted.measured),
        validation=validated(measured.kept(ask.service), policy.digest(), ask.say),
        attack=attacked(measured.attacked(ask.service), policy.digest(), ask.say),
    )
    return answer(page, "model.html")


def _grades(ask: Ask) -> tuple[Grade, ...]:
    with ask.service.store.read() as db:
        find = sa.select(SERVED.c.grade, sa.func.count()).group_by(SERVED.c.grade)
        counts = {row[0]: row[1] for row in db.execute(find)}
    found, low = [], 0
    for grade, high in zip(GRADES, [*GRADE_CEILING_PPM, 1_000_000], strict=True):
        words = ask.say.either("grade", grade)
        found.append(
            Grade(grade, figures.percent(low), figures.percent(high), words, counts.get(grade, 0))
        )
        low = high
    for grade in ("NR", "X"):
        found.append(Grade(grade, "–", "–", ask.say.either("grade", grade), counts.get(grade, 0)))
    return tuple(found)


def _reasons(lang: str) -> tuple[ReasonWords, ...]:
    first = 2 if lang == "zh" else 0
    return tuple(
        ReasonWords(code, words[first], words[first + 1]) for code, words in sorted(REASONS.items())
    )
