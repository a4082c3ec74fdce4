"""The credit page of a company: the report as it stands now, with what moved it, who it is, and where to go on.

The public sees the report without names of others (`report.discreet`). The company's own people see all; an
operator or auditor does after saying for which purpose (`?purpose=`), and each such look is logged before it
is shown. A page is drawn from the report's JSON, which is kept while what is served of the company stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa
from starlette.responses import RedirectResponse, Response

from tallystick.adapters.drawing import draw
from tallystick.adapters.printing import PrintError, render_pdf
from tallystick.doors.api.companies import body_of, company_key
from tallystick.doors.api.problems import Problem
from tallystick.doors.web import disputing, watching
from tallystick.doors.web.asking import Ask
from tallystick.doors.web.moves import CHANGES, Change, changes_of, moves_picture
from tallystick.doors.web.reading import report_of
from tallystick.doors.web.rendering import Page, answer
from tallystick.report import Report, render_html
from tallystick.report import blocks as b
from tallystick.report.html import context
from tallystick.report.picture import Picture
from tallystick.service import looking, views
from tallystick.units import day_of

STALE_DAYS: Final = 365
"""A company of which nothing fell due for so long is shown with a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company(Page):
    """The page. `report`: what the templates of reports read; `purpose`: for which all is shown, None where the
    public's part is; `may_ask`: the evidence may be seen after saying why;
    `may_look_back`: it may be seen as of another day; `watched`: by who looks, None where they cannot;
    `disputes`: of the company, without names where the public's part is shown."""

    report: dict[str, Any]
    code: str
    disputed: int
    stale: str | None
    merged: str | None
    purpose: str | None
    may_ask: bool
    own: bool
    watched: bool | None
    may_claim: bool
    may_look_back: bool
    disputes: tuple[dict[str, Any], ...]
    changes: tuple[Change, ...]
    moves: Picture | None
    rated: str


def company(ask: Ask) -> Response:
    """The credit page of a company."""
    ask.caller.must("report.read")
    code = ask.part("code")
    if len(code) != 15 or not code.startswith("C-"):
        raise Problem(404, "no-such-company", f"{code[:40]!r} is no code of a company.")
    key = company_key(code)
    try:
        etag, body = shown_of(ask, key, code)
    except Problem as problem:
        return _moved(ask, key, code, problem)
    ask.shows(key)
    purpose = seen_for(ask, key, "page", etag)
    text = looking.report(ask.service, key, ask.lang, etag, whole=purpose is not None)
    told = json.loads(text)
    page = _page(ask, key, told, body, purpose)
    return answer(page, "company.html")


def report_file(ask: Ask) -> Response:
    """The report as one self-contained file, for mail and print."""
    page = render_html(_report_shown(ask, "report file"), draw)
    headers = _filed(ask, "html") | {"Content-Security-Policy": _FILE_CSP}
    return Response(page, 200, headers, "text/html; charset=utf-8")


def report_pdf(ask: Ask) -> Response:
    """The report as a PDF for archives, with its JSON inside."""
    report = _report_shown(ask, "report PDF")
    try:
        made = render_pdf(report, ask.service.settings.fonts)
    except PrintError as error:
        raise Problem(503, "no-font", str(error)) from None
    return Response(made, 200, _filed(ask, "pdf"), "application/pdf")


def _report_shown(ask: Ask, resource: str) -> Report:
    """The report that the one who asks may see; a look at more than the public sees is logged."""
    ask.caller.must("report.read")
    code = ask.part("code")
    key = company_key(code)
    etag, _ = shown_of(ask, key, code)
    ask.shows(key)
    purpose = seen_for(ask, key, resource, etag)
    text = looking.report(ask.service, key, ask.lang, etag, whole=purpose is not None)
    return report_of(json.loads(text))


def _filed(ask: Ask, ending: str) -> dict[str, str]:
    name = f"{ask.part('code')}-{ask.lang}.{ending}"
    return {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-store",
    }


_FILE_CSP: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox"
)
"""A file carries its style sheet with it, runs nothing and sends nothing."""


def seen_for(ask: Ask, key: int, resource: str, etag: str | None) -> str | None:
    """For which purpose the evidence about a company is shown, None where it is not. The look is logged first;
    who looks at their own company need not say why."""
    own = ask.caller.owns_company(key)
    if not ask.caller.may("evidence.read", own) or ask.text("as") == "public":
        return None
    purpose = ask.text("purpose") or ("own data" if own else "")
    if not purpose:
        return None
    views.note(ask.service, ask.caller.account, resource, purpose, key, etag)
    return purpose


def shown_of(ask: Ask, key: int, code: str) -> tuple[str, dict[str, Any]]:
    """(etag, body) of what is served of a company; of one that is known but never promised anything, a body
    that says so. Raises `Problem` where there is none, or it was joined to another."""
    try:
        etag, text = body_of(ask.service, code)
        body: dict[str, Any] = json.loads(text)
        return etag, body
    except Problem as problem:
        cut = ask.service.cut()
        if problem.status != 404 or cut is None:
            raise
        if not len(cut.rows("companies", "company", pa.array([key], pa.int64()), ["company"])):
            raise
    made = {"as_of": day_of(cut.as_of_day).isoformat(), "headline": None, "disputed": 0}
    return cut.folder.name, made


def _moved(ask: Ask, key: int, code: str, problem: Problem) -> Response:
    """To the company that this one was joined to."""
    if problem.status != 308:
        raise problem
    into = looking.merged_into(ask.service, key)
    end = ".json" if ask.wants_json else ""
    return RedirectResponse(ask.url(f"/c/{into}{end}", merged=code), 308)


def _page(
    ask: Ask, key: int, told: dict[str, Any], body: Mapping[str, Any], purpose: str | None
) -> Company:
    report = report_of(told)
    own = ask.caller.owns_company(key)
    moves = looking.history(ask.service, key, CHANGES)
    code = report.block(b.Headline).code
    disputes = disputing.of_company(ask, key)
    shown = context(report, draw) | {"deal_link": ask.url("/deal/") if purpose else ""}
    if own and purpose and ask.caller.may("dispute.open", own):
        entries = [row.id for row in report.block(b.Promises).rows if row.id]
        shown["row_links"] = disputing.row_links(ask, disputes, entries)
    if not purpose:
        disputes = disputing.public(disputes)
    more = {"history": moves, "disputes": disputes}
    return Company(
        ask=ask,
        told=told | {"disputed": body["disputed"]} | more,
        report=shown,
        code=code,
        disputed=body["disputed"],
        stale=_stale(body),
        merged=_merged_from(ask, code),
        purpose=ask.say("w.c.own") if purpose == "own data" else purpose,
        may_ask=purpose is None and ask.caller.may("evidence.read", own),
        own=own,
        watched=watching.watched(ask, key),
        may_claim=_may_claim(ask),
        may_look_back=ask.caller.account is not None and ask.caller.may("past.read"),
        disputes=tuple(disputes),
        changes=tuple(changes_of(moves, ask)),
        moves=moves_picture(moves, body["as_of"], report, ask),
        rated=body["as_of"],
    )


def _may_claim(ask: Ask) -> bool:
    """Whether who looks may say that the company is theirs: a company's account without one."""
    account = ask.caller.account
    return account is not None and account.role == "company" and account.company is None


def _stale(body: Mapping[str, Any]) -> str | None:
    head = body["headline"]
    last = head and head["last_on"]
    if not last:
        return None
    age = date.fromisoformat(body["as_of"]) - date.fromisoformat(last)
    return str(last) if age.days > STALE_DAYS else None


def _merged_from(ask: Ask, code: str) -> str | None:
    """The code that led here, if it was really joined to this company."""
    old = ask.text("merged", 15)
    if len(old) != 15 or not old.startswith("C-"):
        return None
    return old if looking.merged_into(ask.service, company_key(old)) == code else None
