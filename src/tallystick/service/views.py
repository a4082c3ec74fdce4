"""The log of who looked at what is not public. The rated company can read it; values are not in it."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from tallystick.adapters.store import accounts
from tallystick.adapters.store.accounts import Account
from tallystick.adapters.store.tables import ACCOUNT, VIEW
from tallystick.service.live import Service

ALL_PROMISES: Final = "export promises"
"""What the log calls an export of the promises of everybody."""


def note(
    service: Service,
    account: Account | None,
    resource: str,
    purpose: str,
    company: int | None = None,
    etag: str | None = None,
) -> None:
    """Write that an account looked at something, before it is shown."""
    row = {
        "account": account.id if account else None,
        "role": account.role if account else "public",
    }
    row |= {"company": company, "resource": resource, "purpose": purpose, "etag": etag}
    with service.store.write() as db:
        db.execute(sa.insert(VIEW).values(at_us=service.clock(), **row))


def of_company(
    db: sa.Connection, company: int, before: int, limit: int, own: bool = True
) -> list[dict[str, Any]]:
    """Who looked at a company, newest first; `before`: only views with a smaller id; `own`: with the looks of
    those who speak for it. Who took out the promises of all is among them."""
    shown = [VIEW.c[n] for n in ("id", "at_us", "role", "resource", "purpose", "etag")]
    find = sa.select(*shown, ACCOUNT.c.name).join_from(
        VIEW, ACCOUNT, ACCOUNT.c.id == VIEW.c.account, isouter=True
    )
    everybodys = sa.and_(VIEW.c.company.is_(None), VIEW.c.resource == ALL_PROMISES)
    find = find.where(sa.or_(VIEW.c.company == company, everybodys), VIEW.c.id < before)
    if not own:
        find = find.where(accounts.of_others(company))
    rows = db.execute(find.order_by(VIEW.c.id.desc()).limit(limit))
    return [dict(row._mapping) for row in rows]
