"""A small world for the tests of reports, and a book whose companies are in each state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tallystick.adapters.contributors import contributor
from tallystick.adapters.cuts import Cut
from tallystick.book import Book, open_book
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

FIRST = date(2025, 1, 6)


def new_book(folder: Path) -> Book:
    return open_book(folder, create=True, settings=Settings(folder, "duckdb", 1024, 2))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Cut]]:
    """A simulated book and its newest cut."""
    folder = tmp_path_factory.mktemp("report-world")
    simulate(WorldConfig(40, 250, seed=11), folder / "w")
    with new_book(folder / "b") as book:
        book.ingest([folder / "w"])
        yield book, book.cut()


def party(name: str) -> dict[str, Any]:
    return {"name": name, "country": "DE", "ids": {"id:shop": name.split()[0]}}


def deal(
    n: int, seller: str, buyer: str, late: int | None, amount: str = "100.00"
) -> list[dict[str, Any]]:
    """An order sent off `late` days after its date (None: never), and its invoice, paid in time."""
    day = FIRST + timedelta(days=3 * n)
    both = {"seller": party(seller), "buyer": party(buyer)}
    order = {"kind": "order", "number": f"PO{n}"}
    bill = {"kind": "invoice", "number": f"IN{n}"}
    money = {"amount": amount, "currency": "EUR"}

    def on(days: int) -> str:
        return (day + timedelta(days=days)).isoformat()

    said: list[dict[str, Any]] = [
        {**order, **money, "issued_on": on(0), "due_on": on(10), "parties": both},
        {**bill, **money, "issued_on": on(10), "due_on": on(40), "terms": "open_account",
         "parties": both, "references": [order]},
        {"kind": "payment", "number": f"PY{n}", **money, "issued_on": on(35), "parties": both,
         "references": [bill]},
    ]  # fmt: skip
    if late is not None:
        said.append({"kind": "dispatch", "number": f"DN{n}", "issued_on": on(10 + late),
                     "parties": both, "references": [order]})  # fmt: skip
    return said


def fact(kind: str, status: str, subject: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "status": status,
        "number": f"{kind}-1",
        "issued_on": "2025-06-01",
        "parties": {"subject": party(subject)},
    }


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Cut]]:
    """Companies by name: Rich (some late), Listed, Closed, Thin (one small deal), Silent (no promise)."""
    folder = tmp_path_factory.mktemp("report-states")
    said: list[dict[str, Any]] = []
    for n in range(40):
        said += deal(n, "Rich GmbH", f"B{n % 8} Handel", 6 if n % 10 == 0 else 0)
    said += deal(40, "Listed Ltd", "B1 Handel", 0) + deal(41, "Closed Ltd", "B1 Handel", None)
    said += deal(43, "Thin KG", "B2 Handel", 0, "10.00")
    said += [fact("sanction", "listed", "Listed Ltd"), fact("insolvency", "opened", "Closed Ltd")]
    said += [fact("registration", "active", "Silent AG")]
    said += [fact("sanction", "listed", "Unseen SA")]
    file = folder / "platform.jsonl"
    file.write_text("".join(json.dumps(doc) + "\n" for doc in said), encoding="utf-8")
    with new_book(folder / "b") as book:
        book.ingest([file], who=contributor("Shop", "marketplace"))
        yield book, book.cut(as_of=date(2025, 8, 1))
