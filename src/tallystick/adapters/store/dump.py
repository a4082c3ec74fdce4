"""The store as files that either database can load: one JSON Lines file per table.

What follows from the book (ratings as served, reports made once, which cut is served) is left out; the next
rating makes it anew. So a backup is also the way from SQLite to PostgreSQL and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from tallystick.adapters.store.connect import Store
from tallystick.adapters.store.migrate import StoreError, revision_of
from tallystick.adapters.store.served import batched
from tallystick.adapters.store.tables import CACHED, METADATA, SERVED, STATE

MARK: Final = "store.json"
DERIVED: Final = frozenset({SERVED.name, CACHED.name})
DERIVED_STATE: Final = ("cut", "whole")
_AT_ONCE: Final = 1000


def dump(store: Store, folder: Path) -> dict[str, int]:
    """Write every table into `folder`, as of one moment; the rows of each."""
    counts = {}
    with store.read() as db:
        if not store.sqlite:
            db.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        else:
            db.exec_driver_sql("BEGIN")
        for table in METADATA.sorted_tables:
            if table.name not in DERIVED:
                counts[table.name] = _dump(db, table, folder / f"{table.name}.jsonl")
        (folder / MARK).write_text(json.dumps({"revision": revision_of(db), "rows": counts}))
    return counts


def _dump(db: sa.Connection, table: sa.Table, path: Path) -> int:
    count = 0
    find = sa.select(table)
    if table is STATE:
        find = find.where(STATE.c.name.not_in(DERIVED_STATE))
    with path.open("w", encoding="utf-8") as file:
        for row in db.execute(find):
            file.write(json.dumps(dict(row._mapping), ensure_ascii=False) + "\n")
            count += 1
    return count


def load(store: Store, folder: Path) -> dict[str, int]:
    """Fill an empty store from such files. Raises `StoreError` where it holds anything, or was dumped at
    another revision."""
    told = json.loads((folder / MARK).read_text(encoding="utf-8"))
    counts = {}
    with store.write() as db:
        here = revision_of(db)
        if told["revision"] != here:
            raise StoreError(
                f"the backup is of revision {told['revision']}, the store of {here}: restore it with the "
                "Tallystick that made it, then update"
            )
        for table in METADATA.sorted_tables:
            if table.name not in DERIVED and db.execute(sa.select(table).limit(1)).first():
                raise StoreError(
                    f"the store is not empty (table {table.name}): restore into a new one"
                )
        for table in METADATA.sorted_tables:
            if table.name not in DERIVED:
                counts[table.name] = _load(db, table, folder / f"{table.name}.jsonl")
    if counts != told["rows"]:
        raise StoreError("the backup is not whole: it holds other rows than it says")
    return counts


def _load(db: sa.Connection, table: sa.Table, path: Path) -> int:
    count = 0
    with path.open(encoding="utf-8") as file:
        for lines in batched(file, _AT_ONCE):
            db.execute(sa.insert(table), [json.loads(line) for line in lines])
            count += len(lines)
    if (
        count
        and db.dialect.name == "postgresql"
        and "id" in table.c
        and table.c.id.autoincrement is True
    ):
        name = f"pg_get_serial_sequence('{table.name}', 'id')"
        db.execute(sa.text(f'SELECT setval({name}, (SELECT MAX(id) FROM "{table.name}"))'))
    return count
