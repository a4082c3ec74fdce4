"""Ratings as served: finished JSON per company, read by its code.

What is served follows from the book, so the table can be emptied at any time and is filled again by the next
rating. Writing is by difference: a row whose `etag` is the same stays, and what moved leaves a line in
`change` with its cause.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from tallystick.adapters.store.connect import Store
from tallystick.adapters.store.tables import CACHED, CHANGE, SERVED, STATE

AT_ONCE: Final = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Served:
    """What is served of a company; `body` is JSON text and `etag` a digest of it."""

    company: int
    code: str
    name: str | None
    country: str | None
    grade: str | None
    score_tenths: int | None
    etag: str
    body: str


def batched(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Rows in tuples of at most `size`."""
    left = iter(rows)
    while some := tuple(islice(left, size)):
        yield some


def body_of(store: Store, code: str) -> tuple[str, str] | None:
    """(etag, body) of the company with that code; the quickest way there is. Tried once more where the server
    of the database ended the connection."""
    sign = "?" if store.sqlite else "%s"
    sql = f"SELECT etag, body FROM served WHERE code = {sign}"
    for again in (True, False):
        try:
            row = store.quick().execute(sql, (code,)).fetchone()
        except Exception:
            store.forget()
            if not again:
                raise
        else:
            return (row[0], row[1]) if row else None
    raise AssertionError


def etags(db: Connection, companies: Sequence[int] | None = None) -> dict[int, str]:
    """Company -> etag of all that are served, or of some."""
    found: dict[int, str] = {}
    for some in [None] if companies is None else list(batched(companies, AT_ONCE)):
        find = sa.select(SERVED.c.company, SERVED.c.etag)
        rows = db.execute(find if some is None else find.where(SERVED.c.company.in_(some)))
        found.update((row.company, row.etag) for row in rows)
    return found


def bodies(db: Connection, companies: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Company -> what is served of it."""
    found: dict[int, dict[str, Any]] = {}
    for some in batched(companies, AT_ONCE):
        rows = db.execute(
            sa.select(SERVED.c.company, SERVED.c.body).where(SERVED.c.company.in_(some))
        )
        found.update((row.company, json.loads(row.body)) for row in rows)
    return found


def lock(db: Connection, companies: Iterable[int]) -> dict[int, str | None]:
    """Company -> its grade, of those that are served; nobody else changes them until the transaction ends."""
    found: dict[int, str | None] = {}
    for some in batched(companies, AT_ONCE):
        find = sa.select(SERVED.c.company, SERVED.c.grade).where(SERVED.c.company.in_(some))
        rows = db.execute(find.order_by(SERVED.c.company).with_for_update())
        found.update((row.company, row.grade) for row in rows)
    return found


def listed(db: Connection, after: str, limit: int, **equal: str) -> list[dict[str, Any]]:
    """What is served of companies behind a code, by code; `equal` narrows by country or grade."""
    find = sa.select(SERVED.c.body).where(SERVED.c.code > after).order_by(SERVED.c.code)
    for column, value in equal.items():
        find = find.where(SERVED.c[column] == value)
    return [json.loads(row.body) for row in db.execute(find.limit(limit))]


def facets(db: Connection, column: str, **equal: str) -> list[tuple[str | None, int]]:
    """(value, companies) of `country` or `grade`, most first; `equal` narrows as in `listed`."""
    by = SERVED.c[column]
    find = sa.select(by, sa.func.count().label("n")).group_by(by)
    for name, value in equal.items():
        find = find.where(SERVED.c[name] == value)
    return sorted(((row[0], row[1]) for row in db.execute(find)), key=lambda r: (-r[1], r[0] or ""))


def put(db: Connection, rows: Iterable[Served], now_us: int) -> None:
    """Write or replace what is served of some companies."""
    insert = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    columns = [c.name for c in SERVED.c if c.name != "company"]
    for some in batched(rows, AT_ONCE):
        values = [
            {name: getattr(row, name) for name in Served.__slots__} | {"rated_us": now_us}
            for row in some
        ]
        into = insert(SERVED)
        db.execute(
            into.on_conflict_do_update(
                index_elements=["company"], set_={name: into.excluded[name] for name in columns}
            ),
            values,
        )


def remove(db: Connection, companies: Iterable[int]) -> None:
    """Serve some companies no more: they were joined to others, or nothing is left of them."""
    for some in batched(companies, AT_ONCE):
        for table in (SERVED, CACHED):
            db.execute(sa.delete(table).where(table.c.company.in_(some)))


def add_changes(db: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Note how companies moved (columns of CHANGE but its id)."""
    for some in batched(rows, AT_ONCE):
        db.execute(sa.insert(CHANGE), list(some))


def changes(
    db: Connection, company: int, limit: int = 200, before: int = 2**62
) -> list[dict[str, Any]]:
    """How a company moved, newest first; `before`: only changes with a smaller id."""
    find = sa.select(CHANGE).where(CHANGE.c.company == company, CHANGE.c.id < before)
    find = find.order_by(CHANGE.c.id.desc())
    return [_change(row) for row in db.execute(find.limit(limit))]


def changes_since(db: Connection, after: int, limit: int) -> list[dict[str, Any]]:
    """How companies moved after the change with that id, oldest first."""
    find = sa.select(CHANGE).where(CHANGE.c.id > after).order_by(CHANGE.c.id)
    return [_change(row) for row in db.execute(find.limit(limit))]


def _change(row: Any) -> dict[str, Any]:
    told = dict(row._mapping)
    for name in ("before", "after", "cause"):
        told[name] = json.loads(told[name]) if told[name] else None
    return told


def kept(db: Connection, company: int, what: str, etag: str) -> str | None:
    """A report that was made while what is served of the company had this etag."""
    row = db.execute(
        sa.select(CACHED.c.body).where(
            CACHED.c.company == company, CACHED.c.what == what, CACHED.c.etag == etag
        )
    ).first()
    return row.body if row else None


def keep(db: Connection, company: int, what: str, etag: str, body: str, asked_us: int) -> None:
    """Keep a report that was made, and when somebody last waited for it."""
    gone = sa.delete(CACHED).where(CACHED.c.company == company, CACHED.c.what == what)
    db.execute(gone)
    row = {"company": company, "what": what, "etag": etag, "body": body, "made_us": asked_us}
    db.execute(sa.insert(CACHED).values(**row))


def state(db: Connection, name: str) -> Any:
    """A fact that the service keeps of itself, None where there is none."""
    row = db.execute(sa.select(STATE.c.value).where(STATE.c.name == name)).first()
    return json.loads(row.value) if row else None


def set_state(db: Connection, name: str, value: Any) -> None:
    """Keep a fact that `json` takes."""
    db.execute(sa.delete(STATE).where(STATE.c.name == name))
    db.execute(sa.insert(STATE).values(name=name, value=json.dumps(value)))


def anybody(db: Connection) -> int | None:
    """One of the companies that are served, None where there is none."""
    found: int | None = db.execute(sa.select(SERVED.c.company).limit(1)).scalar()
    return found


def ids(db: Connection) -> Iterator[int]:
    """All companies that are served."""
    yield from (row.company for row in db.execute(sa.select(SERVED.c.company)))
