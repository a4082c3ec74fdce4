"""A database that is away for a while: callers are told to come back, nothing that was gathered is lost, and
workers go on when it is back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient
from tests.service.conftest import ON_SQLITE

from tallystick.adapters.store import Store, jobs
from tallystick.doors.api import create_app
from tallystick.service import Service, worker
from tallystick.service.seen import of_company


@contextmanager
def away(store: Store, table: str) -> Iterator[None]:
    """Nobody reaches the database: on PostgreSQL it lets nobody in, on SQLite a table is not to be found."""
    if store.sqlite:
        _on(store, f"ALTER TABLE {table} RENAME TO elsewhere")
        yield
        _on(store, f"ALTER TABLE elsewhere RENAME TO {table}")
        return
    import psycopg

    name = store.engine.url.database
    server = store.engine.url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(server.render_as_string(False), autocommit=True) as db:
        db.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        db.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def _on(store: Store, sql: str) -> None:
    with store.write() as db:
        db.exec_driver_sql(sql)


def test_looks_are_kept_until_the_database_is_back(service: Service) -> None:
    service.seen.add(1, 77, 10)
    with away(service.store, "shown"):
        with pytest.raises(OperationalError):
            service.seen.flush()
        service.seen.add(1, 77, 20)
    service.seen.flush()
    service.seen.flush()
    with service.store.read() as db:
        (row,) = of_company(db, 77, 0, 99)
    assert (row["first_us"], row["last_us"], row["times"]) == (10, 20, 2)


def test_a_worker_goes_on_when_the_database_is_back(service: Service) -> None:
    worker.drain(service)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(service, stop))
    with away(service.store, "job"):
        thread.start()
        time.sleep(0.3)
        assert thread.is_alive()
    try:
        with service.store.write() as db:
            jobs.put(db, service.clock(), worker.CLOCK, key="again")
        assert _settled(service)
    finally:
        stop.set()
        thread.join()


def _settled(service: Service) -> bool:
    for _ in range(300):
        with service.store.read() as db:
            if not jobs.waiting(db, worker.CLOCK):
                return True
        time.sleep(0.05)
    return False


@ON_SQLITE
@pytest.mark.parametrize(
    ("path", "kind"), [("/v1/companies?q=a", "json"), ("/en/search?q=a", "html")]
)
def test_who_asks_meanwhile_is_told_to_come_back(service: Service, path: str, kind: str) -> None:
    with TestClient(create_app(service.settings), raise_server_exceptions=False) as client:
        assert client.get(path).status_code == 200
        with away(service.store, "served"):
            told = client.get(path)
        assert told.status_code == 503 and kind in told.headers["content-type"]
        assert told.headers["Retry-After"] == "1"
        assert client.get(path).status_code == 200
