"""A book in which every word that can be chosen freely attacks whoever shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from tallystick.adapters.cuts import Cut
from tallystick.book import Book, open_book
from tallystick.settings import Settings


def party(name: str, shop: str) -> dict[str, Any]:
    return {"name": name, "country": "CN", "ids": {"id:shop": shop}}


@contextmanager
def hostile_book(folder: Path, evil: str, unit: str, buyer: str = "") -> Iterator[tuple[Book, Cut]]:
    """The book and its cut; `evil` stands in names, numbers and sources, `buyer` in one more name."""
    both = {"seller": party(f"S {evil}", "s"), "buyer": party(f"B {evil}{buyer}", "b")}
    said: list[dict[str, Any]] = []
    for n in range(6):
        order = {"kind": "order", "number": f"{n} {evil}"}
        month = f"2025-0{n + 1}"
        said += [
            {**order, "issued_on": f"{month}-01", "due_on": f"{month}-10", "amount": "100.00",
             "currency": "USD", "quantity": "10", "unit": unit, "parties": both},
            {"kind": "dispatch", "number": f"D{n} {evil}", "issued_on": f"{month}-1{n}",
             "quantity": "7", "unit": unit, "parties": both, "references": [order]},
        ]  # fmt: skip
    with open_book(folder, create=True, settings=Settings(folder, "duckdb", 1024, 2)) as book:
        book.add(said, f"contributor {evil}", source=f"file {evil}")
        yield book, book.cut(as_of=date(2025, 9, 1))
