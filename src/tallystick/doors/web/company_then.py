"""A company as of another day: the same report, by what is known today or by what was known then.

Idea: whoever agreed a deal in June wants to know what the page said in June, and whoever audits a rating what
it would have been. Both are the ordinary report on a cut of that day; nothing was kept for it. What needs
today is left out: disputes, what moved the rating since, and the way up.

Worked example: `/en/c/C-…/on?day=2026-06-30&known=then` shows the report as it stood at the end of June,
without the payment of May that a bank handed in only in July; without `known=then` that payment counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from tallystick.adapters.drawing import draw
from tallystick.doors.api.companies import body_of, company_key, must_be_a_day
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask, someone
from tallystick.doors.web.company import seen_for
from tallystick.doors.web.rendering import Page, answer
from tallystick.report import Report, render_json
from tallystick.report import blocks as b
from tallystick.report.discreet import discreet
from tallystick.report.html import context
from tallystick.service import looking
from tallystick.units import moment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyThen(Page):
    """The page. `report`: what the templates of reports read; `day`: ISO; `then`: whether only what was
    known on it counts; `purpose`: for which all is shown, None where the public's part is."""

    report: dict[str, Any]
    code: str
    day: str
    then: bool
    purpose: str | None


def company_then(ask: Ask) -> Response:
    """The report on a company as of a day, for who is signed in."""
    someone(ask)
    ask.caller.must("past.read")
    code = ask.part("code")
    key = company_key(code)
    day, then = _day(ask), ask.text("known", 4) == "then"
    if day == _today(ask) and not then:
        return RedirectResponse(ask.url(f"/c/{code}") + (".json" if ask.wants_json else ""), 303)
    if not ask.caller.may("operation.read"):
        body_of(ask.service, code)  # what nobody knows of is not worth deriving a past state for
    known = datetime.combine(day + timedelta(1), datetime.min.time(), UTC) if then else None
    made = looking.report_at(ask.service, key, ask.lang, day, known)
    if made is None:
        blanks = {"code": code, "day": day.isoformat()}
        raise Problem(404, "not-known-then", f"{code} was not known on {day}.", blanks=blanks)
    ask.shows(key)
    purpose = seen_for(ask, key, f"page as of {day}", None)
    shown = made if purpose is not None else discreet(made)
    return answer(_page(ask, shown, code, day, then, purpose), "company_then.html")


def _page(
    ask: Ask, shown: Report, code: str, day: date, then: bool, purpose: str | None
) -> CompanyThen:
    return CompanyThen(
        ask=ask,
        told=render_json(shown) | {"known": "then" if then else "today"},
        kept=False,
        report=context(shown, draw) | {"deal_link": ask.url("/deal/") if purpose else ""},
        code=shown.block(b.Headline).code or code,
        day=day.isoformat(),
        then=then,
        purpose=ask.say("w.c.own") if purpose == "own data" else purpose,
    )


def _day(ask: Ask) -> date:
    try:
        day = date.fromisoformat(ask.text("day", 20))
    except ValueError:
        day = date.min
    must_be_a_day(day, _today(ask))
    return day


def _today(ask: Ask) -> date:
    return moment_of(ask.service.clock()).date()
