"""A try says what handing in says afterwards, and takes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tallystick.book import Book, open_book
from tallystick.evidence.ledger import Contributor, Receipt
from tallystick.service.trial import Trial

SHOP = Contributor("Shop", "marketplace")
HEAD = "kind,number,action,issued_on,due_on,amount,currency,seller_name,buyer_name"


def bill(number: int, action: str = "state", due: str = "2025-06-01") -> str:
    return f"invoice,B-{number},{action},2025-05-01,{due},10.00,EUR,Acme,Bolt Ltd"


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A book with bills 1 to 9, of which 9 was struck and the batch of 8 taken out."""
    made = open_book(tmp_path / "book", create=True)
    made.ingest([table(tmp_path / "first.csv", *map(bill, (1, 2, 3, 9)))], who=SHOP)
    gone = made.ingest([table(tmp_path / "gone.csv", bill(8))], who=SHOP).receipts[0]
    made.retract(gone.batch.batch_id, "by mistake")
    kept = made.ledger.snapshot().inbox_documents.to_pylist()
    struck = [row["doc_id"] for row in kept if row["number"] == "B-9"]
    made.strike(struck, "wrong", "the operator")
    return made


def told(receipts: Sequence[Receipt]) -> list[Any]:
    """What receipts say, but for when."""
    return [
        (
            replace(one.batch, version=0, recorded_at_us=0),
            one.new,
            one.remark,
            one.rejects.to_pylist(),
        )
        for one in receipts
    ]


def test_a_try_says_what_handing_in_says(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    # Known, new, struck, impossible; what corrects a bill of the book, of the other file, of nobody; twice.
    lines = [bill(1), bill(4), bill(9), bill(5, due="2025-13-01"), bill(2, "correct", "2025-07-01")]
    table(folder / "a.csv", *lines, bill(6, "retract"), bill(7))
    table(folder / "b.csv", bill(4), bill(7, "correct", "2025-08-01"), bill(8), bill(10))
    (folder / "c.csv").write_bytes((tmp_path / "first.csv").read_bytes())
    before, aside = [b.batch_id for b in book.batches()], tmp_path / "aside"
    with Trial(book, aside) as trial:
        tried = told(trial.ingest([folder], who=SHOP).receipts)
    assert [b.batch_id for b in book.batches()] == before
    taken = told(book.ingest([folder], who=SHOP).receipts)
    assert tried == taken
    counts = [(b.accepted, b.duplicate, b.held, b.rejected) for b, *_ in taken]
    assert counts == [(3, 2, 1, 1), (3, 1, 0, 0), (4, 0, 0, 0)]
    assert [new for _, new, *_ in taken] == [True, True, False]


def test_documents_are_tried_as_they_would_be_added(book: Book, tmp_path: Path) -> None:
    party = {"name": "Acme", "country": "DE"}
    said: dict[str, Any] = {
        "kind": "invoice",
        "number": "X-1",
        "issued_on": "2025-05-01",
        "due_on": "2025-06-01",
    }
    said |= {"amount": "5", "currency": "EUR", "parties": {"seller": party, "buyer": party}}
    for accepted, duplicate in ((1, 0), (0, 1)):
        more = {**said, "number": "X-2", "parties": {}}
        with Trial(book, tmp_path / f"aside-{accepted}") as trial:
            tried = trial.add([said, more], SHOP)
        taken = book.add([said, more] if accepted else [said, more, more], SHOP)
        assert (tried.batch.accepted, tried.batch.rejected) == (1, 1)
        if accepted:
            assert told([tried]) == told([taken])
        else:
            assert not tried.new, "the very same batch is in the book"
            assert (taken.batch.accepted, taken.batch.duplicate) == (0, duplicate)
