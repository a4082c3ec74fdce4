"""The timeline of one deal, for those who may see its evidence; the look is logged.

Who sees how much of a deal is decided where the API decides it (`service.deals`): buyer and seller see it
whole, others what names them or what they handed in, operators and auditors everything after saying why.
Nobody else is told whether there is such a deal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.rendering import Page, answer
from tallystick.report import render_timeline_json
from tallystick.report.timeline_html import context
from tallystick.service import deals
from tallystick.units import UnitError, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Page):
    """The page. `report`: what the templates of reports read; `part`: only a part of the deal is shown."""

    report: dict[str, Any]
    part: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose(Page):
    """The question for which purpose somebody looks."""

    code: str


def deal(ask: Ask) -> Response:
    """The page of a deal."""
    code, account = ask.part("code"), ask.caller.account
    if account is None:
        ask.caller.must("evidence.read")
    assert account is not None
    everything = ask.caller.may("evidence.read")
    if not ask.caller.may("evidence.read", own=True) or not _is_code(code):
        raise _missing(code)
    purpose = ask.text("purpose") or ("" if everything else "own data")
    if not purpose:
        asked = Purpose(ask=ask, told={"deal": code, "purpose": None}, kept=False, code=code)
        return answer(asked, "purpose.html")

    found = deals.look(ask.service, code, ask.lang, account, everything, purpose)
    if found is None:
        raise _missing(code)
    made, seen = found
    told = {"deal": render_timeline_json(made) | {"seen": seen}, "purpose": purpose}
    page = Deal(ask=ask, told=told, kept=False, report=context(made), part=seen == "part")
    return answer(page, "deal.html")


def _is_code(code: str) -> bool:
    try:
        return code.startswith("D-") and key_of(code) is not None
    except UnitError:
        return False


def _missing(code: str) -> Problem:
    return Problem(404, "no-such-deal", f"There is no deal {code[:40]}, or none of yours.")
