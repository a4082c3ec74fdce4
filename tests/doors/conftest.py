"""The program run in this process, and a small book to run it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tallystick.doors.cli.main import app


@dataclass(frozen=True, slots=True)
class Ran:
    """What a call of the program left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that `--json` promises."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("rate", "--json")` runs the program in an empty folder; `typed` is what it reads from a pipe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TALLYSTICK_BOOK", raising=False)

    def call(*args: str | Path, typed: str | None = None) -> Ran:
        given = [str(arg) for arg in args]
        result = CliRunner().invoke(app, given, prog_name="tallystick", input=typed)
        assert "Traceback" not in result.stderr + result.stdout
        return Ran(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 40 companies, as `tallystick simulate` writes it."""
    from tallystick.world import WorldConfig, simulate

    folder = tmp_path_factory.mktemp("made") / "world"
    simulate(WorldConfig(companies=40, deals=600, seed=3), folder)
    return folder


@pytest.fixture(scope="session")
def book(world: Path) -> Path:
    """A book that holds that world, derived once."""
    from tallystick import open_book

    path = world.parent / "world.book"
    with open_book(path, create=True) as opened:
        opened.ingest([world])
        opened.cut()
    return path


@pytest.fixture(scope="session")
def seller(book: Path) -> str:
    """The code of the company with the most promises in selling."""
    from tallystick import open_book

    with open_book(book) as opened:
        rows = opened.ratings(cut=opened.cut()).to_pylist()
    selling = [row for row in rows if row["scope"] == "role" and row["role"] == "selling"]
    return str(max(selling, key=lambda row: row["n_promises"])["code"])
