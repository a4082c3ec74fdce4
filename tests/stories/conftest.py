"""A small language for ledgers: one line is one document.

    2024-01-06 order O1 due=2024-02-01 amount=100 USD by=marketplace
    2024-02-02 dispatch D1 ->order:O1
    2024-03-10 payment P1 ->invoice:I1 amount=107.5 USD by=bank

Parties are Maker (seller, CN) and Shop (buyer, KE) unless a line says otherwise (`carrier=FastShip`,
`issuer=Shop`); `by` is the kind of contributor (default marketplace; `by=seller` and `by=buyer` are the
firms themselves, `by=bank:Bank` is a bank that is a company of the book).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tallystick.book import Book, open_book
from tallystick.evidence.details import Details
from tallystick.evidence.identifiers import describe
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import PartySaid, Said
from tallystick.settings import Settings

COUNTRY = {
    "Maker": "CN",
    "Shop": "KE",
    "FastShip": "SG",
    "Cover": "GB",
    "Bank": "DE",
    "Store": "NL",
}
DATES = {"due": "due_on", "deliver": "deliver_on"}
ROLES = ("issuer", "recipient", "carrier", "insurer", "bank", "warehouse", "platform", "subject")


def party(name: str) -> PartySaid:
    return PartySaid(name, COUNTRY.get(name, "US"))


def contributor(by: str) -> Contributor:
    kind, _, name = {"seller": "firm:Maker", "buyer": "firm:Shop"}.get(by, by).partition(":")
    if not name:
        return Contributor(f"the {by}", by)
    row = describe(name, party(name).country, [])
    assert row is not None
    return Contributor(name, kind, row.party)


def read_line(line: str, number: int) -> tuple[str, Said]:
    day, kind, *words = line.split()
    said = Said(kind, issued_on=day, source="story", row=number)
    said.parties = {"seller": party("Maker"), "buyer": party("Shop")}
    by = "marketplace"
    for word in words:
        key, eq, value = word.partition("=")
        if word.startswith("->"):
            of, _, ref = word[2:].partition(":")
            said.references.append((of, ref, None))
        elif not eq and said.number is None and not word.isalpha():
            said.number = word
        elif not eq:
            said.currency = word
        elif key == "by":
            by = value
        elif key in ("seller", "buyer"):
            said.parties.pop(key)
            if value:
                said.parties[key] = party(value)
        elif key in ROLES:
            said.parties[key] = party(value)
        elif key == "account":  # of who is to be paid
            seller = said.parties["seller"]
            said.parties["seller"] = replace(seller, details=Details(accounts=(value,)))
        elif key == "reference":  # by which it is to be paid
            said.note = f"payment reference: {value}"
        else:
            setattr(said, DATES.get(key, key), value)
    return by, said


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return open_book(
        tmp_path / "story.book", create=True, settings=Settings(tmp_path, "duckdb", 1024, 1)
    )


@pytest.fixture
def tell(book: Book) -> Callable[[str], Book]:
    """Put the lines of a ledger into the book, one batch per contributor."""

    def told(text: str) -> Book:
        batches: dict[str, list[Said]] = {}
        for number, line in enumerate(text.strip().splitlines(), start=1):
            if line.strip():
                by, said = read_line(line, number)
                batches.setdefault(by, []).append(said)
        for by, documents in batches.items():
            receipt = book.add(documents, contributor(by))
            assert not len(receipt.rejects), receipt.rejects.to_pylist()
        return book

    return told


@pytest.fixture
def promises(tell: Callable[[str], Book]) -> Callable[..., dict[str, dict[str, Any]]]:
    """The promises that a ledger leads to, by kind (several of a kind: kind, kind2, ...)."""

    def derived(text: str, as_of: str = "2024-12-31") -> dict[str, dict[str, Any]]:
        out: dict[str, dict[str, Any]] = {}
        for row in tell(text).promises(as_of=date.fromisoformat(as_of)).to_pylist():
            n = sum(1 for name in out if name.rstrip("0123456789") == row["kind"])
            out[row["kind"] + (str(n + 1) if n else "")] = row
        return out

    return derived
