"""Who is who as pages: what a person should decide, the evidence on two, what a judgement would move, judging.

A row of the queue leads to the evidence on its pair. There one says whether the two are the same, first trying
what it would move, and why. A judgement stands under the name of who judged and can be withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import RedirectResponse, Response

from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.rendering import Page, answer
from tallystick.evidence.ledger import EvidenceError
from tallystick.identity import VERDICTS
from tallystick.identity.linking.calibration import probability_ppm
from tallystick.identity.why import Firm, Why
from tallystick.identity.why import told as told_pair
from tallystick.report import figures
from tallystick.report.who_text import rule_text, verdict
from tallystick.report.who_words import evidence_text
from tallystick.service import identifying
from tallystick.units import code_of

QUESTIONS: Final = 50
LEAST: Final = 3
"""Letters of a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Page):
    """The page. `rows`: one for each pair of each question, the questions in order."""

    rows: tuple[dict[str, Any], ...]
    judges: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Page):
    """The evidence on two. `lines`: what decides and what weighs, in bits; `sum`: all of it; `came`: of it;
    `judges`: who looks may judge; `verdict`, `why`: what the form holds; `preview`: what it would move;
    `done`: what was just judged."""

    a: dict[str, Any]
    b: dict[str, Any]
    lines: tuple[tuple[str, str], ...]
    sum: tuple[str, str]
    came: str
    judges: bool
    verdict: str
    why: str
    wrong: str
    preview: dict[str, Any] | None
    done: str
    verdicts: tuple[str, ...] = tuple(VERDICTS)


def review(ask: Ask) -> Response:
    """The queue."""
    someone(ask)
    ask.caller.must("identity.read")
    questions = identifying.queue(ask.service, QUESTIONS)
    rows = tuple(
        {"kind": question.kind, "first": n == 0} | _row(ask, pair, question.documents)
        for question in questions
        for n, pair in enumerate(question.pairs)
    )
    judges = ask.caller.may("identity.judge")
    page = Review(ask=ask, told={"pairs": rows}, kept=False, rows=rows, judges=judges)
    return answer(page, "review.html")


def _row(ask: Ask, pair: Why, documents: dict[int, int]) -> dict[str, Any]:
    at_stake = min(documents.get(side.company, 0) for side in (pair.a, pair.b))
    sides = {"a": _side(pair.a, pair.name_a), "b": _side(pair.b, pair.name_b)}
    link = ask.url("/review/pair", a=pair.a.ref, b=pair.b.ref)
    return {**sides, "bits": f"{pair.weight / 1000:.1f}", "documents": at_stake, "link": link}


def _side(firm: Firm, name: str | None) -> dict[str, Any]:
    names = [one for one in (name, *firm.names) if one]
    told = {"name": names[0] if names else "–", "country": firm.country, "ref": firm.ref}
    return {**told, "company": code_of(firm.company, "C"), "ids": firm.ids, "names": firm.names}


def pair(ask: Ask) -> Response:
    """The evidence on `?a=…&b=…`."""
    someone(ask)
    ask.caller.must("identity.read")
    return _pair(ask, ask.text("a", 300), ask.text("b", 300))


def _pair(
    ask: Ask,
    a: str,
    b: str,
    chosen: str = "",
    wrong: str = "",
    preview: dict[str, Any] | None = None,
) -> Response:
    try:
        found = identifying.evidence(ask.service, a, b)
    except EvidenceError as error:
        blanks = {"a": a, "b": b}
        fix = ask.url("/review")
        raise Problem(404, "no-such-two", str(error), fix, blanks=blanks) from None
    say = ask.say
    lines = [(say("who.decides"), rule_text(rule, say)) for rule in found.rules]
    lines += [(f"{one.weight / 1000:+.1f}", evidence_text(one, ask.lang)) for one in found.lines]
    share = figures.percent(probability_ppm(found.weight))
    page = Pair(
        ask=ask,
        told=told_pair(found) | {"preview": preview},
        status=422 if wrong else 200,
        kept=False,
        a=_side(found.a, found.name_a) | {"asked": a},
        b=_side(found.b, found.name_b) | {"asked": b},
        lines=tuple(lines),
        sum=(f"{found.weight / 1000:+.1f}", say("who.sum", share=share)),
        came=verdict(found, say),
        judges=ask.caller.may("identity.judge"),
        verdict=chosen,
        why=ask.text("why", 300),
        wrong=wrong,
        preview=preview,
        done=done if (done := ask.text("done", 20)) in VERDICTS else "",
    )
    return answer(page, "pair.html")


def judge(ask: Ask) -> Response:
    """Do what the button says: work out what it would move, or judge."""
    account = someone(ask)
    ask.caller.must("identity.judge")
    a, b, chosen = ask.text("a", 300), ask.text("b", 300), ask.text("verdict", 20)
    if chosen not in VERDICTS:
        return _pair(ask, a, b, wrong=ask.say("w.q.choose"))
    if ask.text("do") == "preview":
        number = identifying.begin_preview(ask.service, account, a, b, chosen)
        there = ask.url(f"/review/previews/{number}", why=ask.text("why", 300))
        return RedirectResponse(there, 303, {"Cache-Control": "no-store"})
    if len(ask.text("why", 300)) < LEAST:
        return _pair(ask, a, b, chosen, ask.say("w.h.why_short"))
    identifying.judge(ask.service, account, a, b, chosen, ask.text("why", 300))
    there = ask.url("/review/pair", a=a, b=b, done=chosen)
    return RedirectResponse(there, 303, {"Cache-Control": "no-store"})


def preview(ask: Ask) -> Response:
    """What a judgement would move, beside the evidence and the form."""
    someone(ask)
    ask.caller.must("identity.judge")
    found = identifying.preview(ask.service, ask.part("number")[:40])
    if found is None:
        raise Problem(404, "no-such-preview", "There is no such preview; it is kept for a day.")
    shown = {name: found.get(name) for name in ("state", "verdict", "companies", "error")}
    shown["moved"] = [_moved(row) for row in found.get("moved") or ()]
    return _pair(ask, found["a"], found["b"], found["verdict"], preview=shown)


def _moved(row: dict[str, Any]) -> dict[str, Any]:
    chances = {
        when: "–"
        if row[f"broken_ppm_{when}"] is None
        else figures.percent(row[f"broken_ppm_{when}"])
        for when in ("before", "after")
    }
    return row | chances
