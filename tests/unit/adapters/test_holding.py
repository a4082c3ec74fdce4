"""Corrections and retractions that come before what they speak of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.book import Book, open_book
from tallystick.evidence.ledger import Batch, Contributor
from tallystick.settings import Settings

SHOP = Contributor("Shop", "marketplace")
OTHER = Contributor("Other", "marketplace")
HEADER = "kind,action,number,issued_on,seller_name,buyer_name,amount,currency\n"
STATED = "invoice,state,7,2024-01-02,ACME,Bob,100,EUR\n"
RETRACTED = "invoice,retract,7,2024-01-03,ACME,Bob,,\n"
CORRECTED = "invoice,correct,8,2024-01-03,ACME,Bob,50,EUR\n"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return open_book(tmp_path / "b", create=True, settings=Settings(tmp_path, "duckdb", 512, 1))


def by_table(book: Book, text: str, who: Contributor = SHOP) -> Batch:
    file = book.path.parent / "t.csv"
    file.write_text(HEADER + text)
    return book.ingest([file], who=who).receipts[0].batch


def by_program(book: Book, text: str, who: Contributor = SHOP) -> Batch:
    documents = []
    for line in text.splitlines():
        kind, action, number, day, seller, buyer, amount, currency = line.split(",")
        document: dict[str, object] = {
            "kind": kind,
            "action": action,
            "number": number,
            "issued_on": day,
            "parties": {"seller": {"name": seller}, "buyer": {"name": buyer}},
        }
        if amount:
            document |= {"amount": amount, "currency": currency}
        documents.append(document)
    return book.add(documents, who).batch


@pytest.mark.parametrize("send", [by_table, by_program])
def test_held_until_the_document_comes(book: Book, send: object) -> None:
    assert callable(send)
    first = send(book, RETRACTED)
    assert (first.held, first.accepted, first.rejected) == (1, 0, 0)
    told = book.rejects(first.batch_id).to_pylist()
    assert [(r["rule"], r["outcome"], r["row"]) for r in told] == [
        ("target-not-yet-seen", "held", 1)
    ]
    second = send(book, STATED)
    assert (second.held, second.accepted) == (0, 1)
    assert book.promises().num_rows == 0


@pytest.mark.parametrize("send", [by_table, by_program])
def test_not_held_where_the_document_is_there(book: Book, send: object) -> None:
    assert callable(send)
    send(book, STATED, OTHER)
    assert send(book, RETRACTED + CORRECTED).held == 2, "another contributor's is not ours"
    assert send(book, STATED + CORRECTED.replace(",8,", ",7,")).held == 0
    assert send(book, RETRACTED.replace("03", "04")).held == 0


@pytest.mark.parametrize("send", [by_table, by_program])
def test_a_correction_of_nothing(book: Book, send: object) -> None:
    assert callable(send)
    batch = send(book, RETRACTED.replace(",7,", ",,"))
    told = book.rejects(batch.batch_id).to_pylist()
    assert [(r["rule"], r["field"], r["outcome"]) for r in told] == [
        ("target-missing", "number", "rejected")
    ]
