"""How soon promises are kept is counted alike on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from tallystick.adapters.engines import open_engine
from tallystick.engine import Engine
from tallystick.promises import PROMISE
from tallystick.record import LAST_DAY, lateness

TODAY = 20_000
ENGINES = ["duckdb", pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("lateness")
    opened = open_engine(request.param, folder, 2048, 2)
    yield opened
    opened.close()


def promise(kind: str, outcome: str, due: int | None, done: int | None) -> dict[str, object]:
    blank = {field.name: 0 if not field.nullable else None for field in PROMISE}
    return blank | {"kind": kind, "outcome": outcome, "due_day": due, "done_day": done}


def test_promises_are_counted_by_how_soon_they_were_kept(engine: Engine) -> None:
    rows = [
        promise("pay", "kept", TODAY - 10, TODAY - 11),  # early is on its day
        promise("pay", "kept", TODAY - 10, TODAY - 10),
        promise("pay", "late", TODAY - 10, TODAY - 6),
        promise("pay", "open", TODAY - 1, None),
        promise("pay", "partial", TODAY - 20, TODAY - 20),  # never kept in full
        promise("dispatch", "broken", TODAY - 400, None),
        promise("dispatch", "late", TODAY - 400, TODAY - 300),
        promise("pay", "kept", TODAY + 5, TODAY - 1),  # not due yet
        promise("pay", "excused", TODAY - 10, None),
        promise("pay", "disputed", TODAY - 10, None),
        promise("pay", "open", None, None),
        promise("conform", "kept", TODAY - 10, TODAY - 10),  # cannot be late
    ]
    engine.register("some_promise", pa.Table.from_pylist(rows, schema=PROMISE))
    found = lateness(engine, "some_promise", TODAY)
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("dispatch", 0, LAST_DAY + 1, 1),
        ("dispatch", 1, LAST_DAY + 1, 1),
        ("pay", 0, 1, 1),
        ("pay", 0, 20, 1),
        ("pay", 1, 0, 2),
        ("pay", 1, 4, 1),
    ]
