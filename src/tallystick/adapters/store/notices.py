"""Notices: what an account should know, kept until it has read it and after."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from tallystick.adapters.store.tables import DELIVERY, NOTICE


def add(
    db: Connection,
    account: int,
    kind: str,
    body: dict[str, Any],
    now_us: int,
    key: str | None = None,
) -> None:
    """Tell an account something; with a `key` it is told once, however often that is asked."""
    row = {
        "account": account,
        "kind": kind,
        "body": json.dumps(body, ensure_ascii=False),
        "key": key,
    }
    insert = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    into = insert(NOTICE).values(**row, created_us=now_us)
    db.execute(into.on_conflict_do_nothing(index_elements=["account", "key"]))


def of_account(
    db: Connection, account: int, before: int, limit: int, unread: bool = False
) -> list[dict[str, Any]]:
    """The notices of an account, newest first; `before`: only those with a smaller id. `body` is JSON text."""
    find = sa.select(NOTICE).where(NOTICE.c.account == account, NOTICE.c.id < before)
    if unread:
        find = find.where(NOTICE.c.read_us.is_(None))
    rows = db.execute(find.order_by(NOTICE.c.id.desc()).limit(limit))
    return [dict(row._mapping) for row in rows]


def mark_read(db: Connection, account: int, notice: int, now_us: int) -> bool:
    """An account has read a notice; False where it has no such notice."""
    mine = sa.update(NOTICE).where(NOTICE.c.account == account, NOTICE.c.id == notice)
    first = sa.func.coalesce(NOTICE.c.read_us, now_us)
    return db.execute(mine.values(read_us=first)).rowcount > 0


def forget_delivered(db: Connection, before_us: int) -> None:
    """Delete messages of webhooks that were sent, or given up, before a moment."""
    db.execute(sa.delete(DELIVERY).where(DELIVERY.c.finished_us < before_us))
