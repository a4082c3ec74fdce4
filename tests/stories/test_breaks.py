"""Where the documents of a deal disagree, and what they refer to that never came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tallystick.book import Book
from tallystick.report.blocks import Breaks

INVOICE = "2024-02-03 invoice I1 ->order:PO-7 due=2024-03-04 amount=100 USD by=seller\n"
ORDER = "2024-01-06 order PO-7 due=2024-02-01 amount=100 USD\n"


@pytest.fixture
def missing(tell: Callable[[str], Book]) -> Callable[[str], list[tuple[str, str]]]:
    """(between which kinds, number) of each missing document that a ledger leads to."""

    def found(text: str) -> list[tuple[str, str]]:
        book = tell(text)
        rows = book.breaks(book.cut(date(2024, 12, 31))).to_pylist()
        return [(r["between_kinds"], r["unit"]) for r in rows if r["kind"] == "missing document"]

    return found


Missing = Callable[[str], list[tuple[str, str]]]


def test_a_reference_to_a_document_that_never_came_is_a_break(missing: Missing) -> None:
    assert missing(INVOICE) == [("invoice and order", "PO-7")]


def test_a_document_that_came_is_not_missing(missing: Missing) -> None:
    assert missing(INVOICE + ORDER) == []


def test_the_same_reference_by_several_documents_of_a_kind_is_missing_once(
    missing: Missing,
) -> None:
    again = INVOICE.replace("I1", "I2")
    sent = "2024-02-01 dispatch D1 ->order:PO-7\n"
    assert missing(INVOICE + again + sent) == [
        ("dispatch and order", "PO-7"),
        ("invoice and order", "PO-7"),
    ]


def test_each_of_several_references_is_looked_for(missing: Missing) -> None:
    paid = "2024-03-01 payment P1 ->invoice:I1 ->invoice:I9 ->order:PO-7 amount=100 USD by=bank\n"
    assert missing(INVOICE + ORDER + paid) == [("payment and invoice", "I9")]


def test_the_number_of_a_transaction_is_no_document(missing: Missing) -> None:
    assert missing(ORDER.replace("PO-7", "PO-7 ->deal:T1")) == []
    sent = "2024-02-01 dispatch D1 ->deal:T1 ->order:PO-8\n"
    assert missing(sent) == [("dispatch and order", "PO-8")]


def test_a_document_that_was_taken_back_is_missing(missing: Missing) -> None:
    assert missing(INVOICE + ORDER + "2024-01-09 order PO-7 action=retract\n") == [
        ("invoice and order", "PO-7")
    ]


def test_a_missing_document_is_told_by_its_number(tell: Callable[[str], Book]) -> None:
    book = tell(INVOICE)
    cut = book.cut(date(2024, 12, 31))
    for lang, between, found in (
        ("en", "invoice and order", "not in the book"),
        ("zh", "发票与订单", "账簿中没有"),
    ):
        row = book.report("Shop", cut, lang).block(Breaks).rows[0]
        assert (row.between, row.expected, row.found) == (between, "PO-7", found)
