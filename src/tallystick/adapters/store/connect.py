"""Connections to the store, on SQLite and on PostgreSQL.

Two ways in: `read()` for looking and `write()` for a transaction. On SQLite a writing transaction takes the
one write lock at its beginning (`BEGIN IMMEDIATE`), so that two writers wait for each other instead of failing
half-way; the write-ahead log lets readers go on meanwhile. What is committed has reached the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from tallystick.adapters.store.migrate import StoreError, migrate

BUSY_MS: Final = 15_000
"""How long a writer waits for another one on SQLite."""
POOL: Final = 8
"""Connections that one process keeps to PostgreSQL."""


class Store:
    """One database of operational data. Safe for threads; close it at the end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self._own = threading.local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for looking, in its own snapshot; nothing that it does is kept."""
        with self.engine.connect() as db:
            yield db
            db.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back where an exception leaves it."""
        with self.engine.connect() as db:
            if self.sqlite:
                db.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def quick(self) -> Any:
        """A connection of the driver itself that belongs to this thread, for the one look-up that must be
        quick. The caller only reads; after an error it calls `forget`."""
        held: Any = getattr(self._own, "held", None)
        if held is None:
            held = self._own.held = self.engine.raw_connection()
            if not self.sqlite:
                held.driver_connection.autocommit = True
        return held.driver_connection

    def forget(self) -> None:
        """Give up this thread's quick connection, for instance because the server ended it."""
        held = getattr(self._own, "held", None)
        self._own.held = None
        if held is not None:
            held.invalidate()

    def close(self) -> None:
        """Give back all connections."""
        held = getattr(self._own, "held", None)
        self._own.held = None
        if held is not None:
            held.close()
        self.engine.dispose()


def engine_of(url: str) -> Engine:
    """The SQLAlchemy engine of a URL `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`. Raises
    `StoreError` for another."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StoreError(f"{_shown(url)!r} is no address of a database; {_FIX}") from None
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        parsed = parsed.set(drivername="postgresql+psycopg")
        return sa.create_engine(parsed, pool_size=POOL, max_overflow=POOL, pool_pre_ping=True)
    if parsed.drivername != "sqlite" or not parsed.database:
        raise StoreError(
            f"{parsed.drivername!r} is a database that the service does not speak; {_FIX}"
        )
    engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


_FIX: Final = (
    "set TALLYSTICK_DATABASE_URL to postgresql://USER:PASSWORD@HOST/NAME, or leave it out for a SQLite file in "
    "the book's folder"
)


def open_store(url: str) -> Store:
    """The store at a URL, its tables brought up to date. Raises `StoreError` where it cannot be reached or was
    made by a newer Tallystick."""
    engine = engine_of(url)
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        migrate(engine)
    except OperationalError as error:
        engine.dispose()
        reason = str(error.orig).strip().splitlines()[0]
        raise StoreError(f"the database {_shown(url)} cannot be used: {reason}") from error
    return Store(engine)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """A write-ahead log that is synced at each commit; transactions begun by `Store.write` alone."""
    connection.isolation_level = None
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {setting}")


def _shown(url: str) -> str:
    """A URL without its password."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return url.split("@")[-1]
