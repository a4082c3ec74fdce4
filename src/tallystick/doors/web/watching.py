"""Watching companies from their pages: a notice on one's own page whenever a rating moves, is joined or parted.

Addresses that are called (webhooks) are for programs: they are made over the API, and listed here.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from tallystick.adapters.store import served
from tallystick.doors.api.companies import body_of, company_key
from tallystick.doors.api.problems import Problem
from tallystick.doors.web.asking import Ask, someone
from tallystick.service import watches
from tallystick.units import code_of

LISTED: Final = 100


def watched(ask: Ask, company: int) -> bool | None:
    """Whether who looks watches a company; None where they cannot."""
    account = ask.caller.account
    if account is None or ask.caller.scopes is not None or not ask.caller.may("watch.use", True):
        return None
    with ask.service.store.read() as db:
        return watches.of_company(db, account.id, company) is not None


def watch(ask: Ask) -> Response:
    """Watch a company, or watch it no more, as the button says."""
    account = someone(ask)
    ask.caller.must("watch.use", own=True)
    code = ask.part("code")
    company, now = company_key(code), ask.service.clock()
    with ask.service.store.read() as db:
        found = watches.of_company(db, account.id, company)
    if ask.text("do") == "end":
        if found is not None:
            with ask.service.store.write() as db:
                watches.end(db, found, now)
    elif found is None:
        body_of(ask.service, code)
        watches.begin(ask.service, account.id, company, None)
    return RedirectResponse(ask.url(f"/c/{code}") + "#does", 303, {"Cache-Control": "no-store"})


def end(ask: Ask) -> Response:
    """End one of one's watches."""
    account = someone(ask)
    told = ask.text("watch", 18)  # what a database takes for a number
    with ask.service.store.write() as db:
        row = watches.one(db, account.id, int(told)) if told.isdecimal() else None
        if row is None:
            raise Problem(404, "no-such-watch", "You have no such watch.")
        watches.end(db, row["id"], ask.service.clock())
    return RedirectResponse(ask.url("/me") + "#watches", 303, {"Cache-Control": "no-store"})


def listed(db: sa.Connection, account: int) -> list[dict[str, Any]]:
    """What an account watches, newest first, with name and grade as they are served."""
    rows = watches.of_account(db, account, 2**62, LISTED)
    bodies = served.bodies(db, {row["company"] for row in rows})
    told = []
    for row in rows:
        body = bodies.get(row["company"])
        head = body["headline"] if body else None
        told.append(
            {
                "id": row["id"],
                "company": code_of(row["company"], "C"),
                "name": body["company"]["name"] if body else None,
                "grade": head["grade"] if head else None,
                "url": row["url"],
            }
        )
    return told
