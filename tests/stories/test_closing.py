"""Money that names no bill, and goods that name no order: where they belong, and where nobody can say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tallystick.book import Book

INVOICE = "2024-02-03 invoice INV-1 due=2024-03-04 amount=1000 USD terms=open_account by=seller\n"
SECOND = "2024-02-05 invoice INV-2 due=2024-03-06 amount=400 USD terms=open_account by=seller\n"
BY_REFERENCE = INVOICE.strip() + " reference=RF18539007547034\n"
THIRD = "2024-02-07 invoice INV-3 due=2024-03-08 amount=250 USD terms=open_account by=seller\n"


def pay(number: str, amount: str, words: str = "", day: str = "2024-03-01") -> str:
    currency = "" if amount[-1].isalpha() else " USD"
    return f"{day} payment {number} amount={amount}{currency} by=bank {words}\n"


Found = tuple[list[tuple[str, int | None]], dict[str, tuple[str, int | None]]]


@pytest.fixture
def closed(tell: Callable[[str], Book]) -> Callable[[str], Found]:
    """(rule, part) of each inferred link, and invoice number -> (outcome, kept) of the promise to pay it."""

    def found(text: str) -> Found:
        book = tell(text)
        cut = book.cut(date(2024, 12, 31))
        links = [(r["rule"], r["part_minor"]) for r in cut.read("inferred").to_pylist()]
        paid = {
            f"{r['value_minor'] // 100}": (r["outcome"], r["kept_ppm"])
            for r in book.promises(cut=cut).to_pylist()
            if r["kind"] == "pay"
        }
        return sorted(links, key=str), paid

    return found


KEPT = ("kept", 1_000_000)


CASES: dict[str, tuple[str, list[tuple[str, int | None]], dict[str, tuple[str, int]]]] = {
    "its amount": (
        INVOICE + SECOND + pay("P-1", "1000"),
        [("payment-by-amount", None)],
        {"1000": KEPT},
    ),
    "a bank's fees taken off": (
        INVOICE + SECOND + pay("P-1", "997.50"),
        [("payment-less-fees", None)],
        {"1000": KEPT},
    ),
    "its number in the text": (
        INVOICE + SECOND + pay("P-1", "400", "note=RE:INV-1"),
        [("payment-by-number", None)],
        {"1000": ("partial", 400_000)},
    ),
    "a third party that pays, with the number": (
        INVOICE + pay("P-1", "1000", "buyer=Uncle note=INV.1"),
        [("payment-by-number", None)],
        {"1000": KEPT},
    ),
    "the creditor reference its note tells": (
        BY_REFERENCE + SECOND + pay("P-1", "400", "note=RF18-5390-0754-7034"),
        [("payment-by-number", None)],
        {"1000": ("partial", 400_000)},
    ),
    "a creditor reference no bill tells": (
        BY_REFERENCE + pay("P-1", "400", "buyer=Uncle note=RF23567483937849450550875"),
        [],
        {},
    ),
    "a creditor reference of several bills": (
        BY_REFERENCE
        + BY_REFERENCE.replace("INV-1", "INV-9")
        + pay("P-1", "400", "buyer=Uncle note=RF18539007547034"),
        [],
        {},
    ),
    "a national reference its note tells, whose digits are no invoice's": (
        INVOICE.strip() + " reference=2345676\n" + SECOND + pay("P-1", "400", "note=KID:2345676"),
        [("payment-by-number", None)],
        {"1000": ("partial", 400_000)},
    ),
    "several numbers in the text": (
        INVOICE + SECOND + THIRD + pay("P-1", "1400", "note=INV-1,INV/2"),
        [("payment-by-number", 40_000), ("payment-by-number", 100_000)],
        {"1000": KEPT, "400": KEPT},
    ),
    "several numbers and too little": (
        INVOICE + SECOND + pay("P-1", "1100", "note=INV-1,INV-2"),
        [("payment-by-number", 10_000), ("payment-by-number", 100_000)],
        {"1000": KEPT, "400": ("partial", 250_000)},
    ),
    "all bills there are": (
        INVOICE + SECOND + THIRD + pay("P-1", "1650"),
        [("payment-for-all", 25_000), ("payment-for-all", 40_000), ("payment-for-all", 100_000)],
        {"1000": KEPT, "400": KEPT, "250": KEPT},
    ),
    "two bills of three": (
        INVOICE + SECOND + THIRD + pay("P-1", "650"),
        [("payment-for-two", 25_000), ("payment-for-two", 40_000)],
        {"400": KEPT, "250": KEPT},
    ),
    "two payments for one bill": (
        INVOICE + SECOND + pay("P-1", "300") + pay("P-2", "700"),
        [("payment-in-two", None), ("payment-in-two", None)],
        {"1000": KEPT},
    ),
    "part of the only bill": (
        INVOICE + pay("P-1", "300"),
        [("payment-in-part", None)],
        {"1000": ("partial", 300_000)},
    ),
    "less a credit note": (
        INVOICE
        + SECOND
        + "2024-02-20 credit_note CN-1 ->invoice:INV-1 amount=100 USD by=seller\n"
        + pay("P-1", "900"),
        [("payment-by-amount", None)],
        {"1000": KEPT},
    ),
    "another currency": (
        INVOICE + SECOND + pay("P-1", "925 EUR"),
        [("payment-converted", 100_000)],
        {"1000": KEPT},
    ),
    "two that fit as well": (
        INVOICE + INVOICE.replace("INV-1", "INV-9") + pay("P-1", "1000"),
        [],
        {},
    ),
    "two payments that fit one bill as well": (
        INVOICE + pay("P-1", "1000") + pay("P-2", "1000", day="2024-03-02"),
        [],
        {},
    ),
    "another buyer's money": (INVOICE + pay("P-1", "1000", "buyer=Uncle"), [], {}),
    "a number of another bill": (INVOICE + pay("P-1", "400", "buyer=Uncle note=INV-11"), [], {}),
    "too much": (INVOICE + pay("P-1", "1200"), [], {}),
    "long before the bill": (INVOICE + pay("P-1", "1000", day="2023-12-01"), [], {}),
}


@pytest.mark.parametrize("case", CASES)
def test_money_finds_its_bill(closed: Callable[[str], Found], case: str) -> None:
    text, links, outcomes = CASES[case]
    found, paid = closed(text)
    assert found == sorted(links, key=str)
    assert {number: paid[number] for number in outcomes} == outcomes
    assert all(
        outcome == "broken" for n, (outcome, _) in paid.items() if links and n not in outcomes
    )


def test_the_payers_bank_and_the_payees_both_tell_of_one_payment(
    tell: Callable[[str], Book],
) -> None:
    other = pay("Q-7", "1000", day="2024-03-02").replace("by=bank", "by=payment_service")
    book = tell(INVOICE + pay("P-1", "1000") + other)
    cut = book.cut(date(2024, 12, 31))
    assert len(cut.read("inferred")) == 2
    (promise,) = book.promises(cut=cut).to_pylist()
    assert promise["outcome"] == "kept"


def test_one_payment_told_twice_is_not_two(tell: Callable[[str], Book]) -> None:
    half = "2024-02-20 payment {} ->invoice:INV-1 amount=500 USD by={}\n"
    book = tell(INVOICE + half.format("P-1", "bank") + half.format("Q-9", "payment_service"))
    (promise,) = book.promises(as_of=date(2024, 12, 31)).to_pylist()
    assert (promise["outcome"], promise["kept_ppm"]) == ("partial", 500_000)


def test_two_payments_of_one_amount_are_two(tell: Callable[[str], Book]) -> None:
    half = "2024-02-20 payment {} ->invoice:INV-1 amount=500 USD by=bank\n"
    book = tell(INVOICE + half.format("P-1") + half.format("P-2"))
    (promise,) = book.promises(as_of=date(2024, 12, 31)).to_pylist()
    assert promise["outcome"] == "kept"


def test_an_end_to_end_id_that_nobody_else_knows_does_not_keep_money_from_its_bill(
    closed: Callable[[str], Found],
) -> None:
    links, paid = closed(INVOICE + SECOND + pay("P-1", "1000", "->payment_instruction:E2E-1"))
    assert links == [("payment-by-amount", None)] and paid["1000"] == KEPT


def test_money_follows_the_order_to_the_bank_that_it_names(closed: Callable[[str], Found]) -> None:
    order = (
        "2024-02-28 payment_instruction E2E-1 bank=Bank ->invoice:INV-2 amount=1000 USD by=buyer\n"
    )
    links, paid = closed(
        INVOICE + SECOND + order + pay("P-1", "1000", "->payment_instruction:E2E-1")
    )
    assert links == [] and paid["1000"][0] == "broken" and paid["400"] == KEPT


GOODS = (
    "2024-01-06 order PO-1 due=2024-02-01 amount=1000 USD quantity=100 unit=kg by=buyer\n"
    "2024-01-09 order PO-2 due=2024-02-03 amount=700 USD quantity=60 unit=kg by=buyer\n"
)


def deals_of(book: Book, *kinds: str) -> dict[str, set[int]]:
    cut = book.cut(date(2024, 12, 31))
    listed: dict[str, set[int]] = {}
    for deal in book.deals(cut)["deal"].to_pylist():
        for row in book.documents_of(cut, [deal]).to_pylist():
            listed.setdefault(row["number"], set()).add(deal)
    return listed


def test_goods_find_their_order_by_quantity_and_bills_by_amount(
    tell: Callable[[str], Book],
) -> None:
    book = tell(
        GOODS
        + "2024-01-30 dispatch DN-1 quantity=60 unit=kg by=seller\n"
        + "2024-01-31 invoice INV-1 amount=1000 USD due=2024-03-01 by=seller\n"
        + "2024-02-09 receipt RC-1 quantity=60 unit=kg by=buyer\n"
        + "2024-02-01 export_declaration EX-1 amount=1000 USD by=customs\n"
    )
    found = deals_of(book)
    assert found["DN-1"] == found["RC-1"] == found["PO-2"]
    assert found["INV-1"] == found["EX-1"] == found["PO-1"] != found["PO-2"]


def test_goods_that_may_be_of_either_order_are_of_none(tell: Callable[[str], Book]) -> None:
    book = tell(
        GOODS + "2024-01-30 dispatch DN-1 by=seller\n2024-02-01 review RV-1 score=.9 by=buyer\n"
    )
    found: dict[str, Any] = deals_of(book)
    assert len({min(deals) for deals in found.values()}) == 4


def test_what_names_an_order_that_nobody_has_is_not_put_to_another(
    tell: Callable[[str], Book],
) -> None:
    book = tell(GOODS + "2024-01-30 dispatch DN-1 ->order:PO-77 quantity=60 unit=kg by=seller\n")
    found = deals_of(book)
    assert found["DN-1"] != found["PO-2"]
