"""The queue of who-is-who as a page: what a person should decide, most valuable first, to be read.

Each row asks whether two records mean one company: what speaks for it in bits, and how many documents change
their company with the answer. Judging is done on the command line (`tallystick review --by NAME`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.rendering import Page, answer
from tallystick.identity.why import Firm, Why
from tallystick.service.looking import cut_of
from tallystick.units import code_of

QUESTIONS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Page):
    """The page. `rows`: one for each pair of each question, the questions in order."""

    rows: tuple[dict[str, Any], ...]


def review(ask: Ask) -> Response:
    """The queue."""
    someone(ask)
    ask.caller.must("identity.judge")
    questions = ask.service.book.review(cut_of(ask.service), QUESTIONS)
    rows = tuple(
        {"kind": question.kind, "first": n == 0} | _row(pair, question.documents)
        for question in questions
        for n, pair in enumerate(question.pairs)
    )
    return answer(Review(ask=ask, told={"pairs": rows}, kept=False, rows=rows), "review.html")


def _row(pair: Why, documents: dict[int, int]) -> dict[str, Any]:
    at_stake = min(documents.get(side.company, 0) for side in (pair.a, pair.b))
    sides = {"a": _side(pair.a, pair.name_a), "b": _side(pair.b, pair.name_b)}
    return {**sides, "bits": f"{pair.weight / 1000:.1f}", "documents": at_stake}


def _side(firm: Firm, name: str | None) -> dict[str, Any]:
    names = [one for one in (name, *firm.names) if one]
    told = {"name": names[0] if names else "–", "country": firm.country}
    return {**told, "company": code_of(firm.company, "C")}
