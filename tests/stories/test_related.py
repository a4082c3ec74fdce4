"""Related parties in little ledgers: whose word counts, and what is worth nothing between sisters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow.compute as pc
import pytest

from tallystick.book import Book
from tallystick.evidence.ledger import Contributor
from tallystick.report import Phrases, render_html
from tallystick.report.blocks import Related

Tell = Callable[[str], Book]

AS_OF = date(2024, 12, 31)
ORDER = "2024-01-01 order O1 due=2024-02-01 amount=100 USD by=buyer\n"
TRADE = (
    ORDER
    + """2024-01-20 dispatch D1 ->order:O1 by=seller
2024-01-20 invoice I1 ->order:O1 due=2024-03-01 amount=100 USD terms=open_account by=seller
2024-02-20 payment P1 ->invoice:I1 amount=100 USD by=bank:Bank
"""
)
OWNS = "{day} ownership {n} subject={of} issuer={by} {share} seller= buyer= {rest}\n"
PLACE = "1 Harbour Road, Mombasa 80100"
ACCOUNT = "DE89 3704 0044 0532 0130 00"
TENANTS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnr"]
COUNTRY = {"Maker": "CN", "Shop": "KE"}


def owns(by: str, of: str, share: str = "", n: str = "W1", rest: str = "by=registry") -> str:
    share = f"score={share}" if share else ""
    return OWNS.format(day="2023-01-01", n=n, of=of, by=by, share=share, rest=rest)


def strengths(book: Book, as_of: date = AS_OF) -> dict[str, int]:
    return {row["kind"]: row["strength_ppm"] for row in book.promises(as_of=as_of).to_pylist()}


def edges(book: Book, as_of: date = AS_OF) -> set[tuple[str, str, str, int]]:
    """Relations by the names of the two."""
    cut = book.cut(as_of=as_of)
    known = cut.read("companies")
    names = dict(zip(known["company"].to_pylist(), known["name"].to_pylist(), strict=True))
    return {
        (names[row["a"]], names[row["b"]], row["sort"], row["weight_ppm"])
        for row in cut.read("related").to_pylist()
    }


def describe(book: Book, told: dict[str, dict[str, Any]]) -> None:
    """Hand in profiles: name -> the details that a platform knows of it."""
    profiles = [
        {
            "kind": "profile",
            "issued_on": "2023-01-01",
            "parties": {"subject": {"name": name, "country": COUNTRY.get(name, "US"), **details}},
        }
        for name, details in told.items()
    ]
    receipt = book.add(profiles, Contributor("the platform", "marketplace"))
    assert not len(receipt.rejects), receipt.rejects.to_pylist()


def test_strangers_are_as_they_were(tell: Tell) -> None:
    book = tell(TRADE)
    assert strengths(book) == {"dispatch": 150_000, "pay": 850_000}
    assert not edges(book)


def test_two_sister_firms_praising_each_other_prove_nothing(tell: Tell) -> None:
    book = tell(TRADE + owns("Holding", "Maker") + owns("Holding", "Shop", "0.6", "W2"))
    assert set(strengths(book).values()) == {0}
    assert not book.promises(as_of=AS_OF)["anchored"].combine_chunks().sum().as_py()
    grades = book.ratings(as_of=AS_OF)
    assert set(grades["grade"].to_pylist()) == {"NR"}


def test_a_share_takes_its_part_of_the_weight(tell: Tell) -> None:
    book = tell(TRADE + owns("Maker", "Shop", "0.2"))
    assert edges(book) == {("Shop", "Maker", "ownership", 400_000)}
    assert strengths(book) == {"dispatch": 90_000, "pay": 510_000}
    assert (
        sum(book.promises(as_of=AS_OF)["anchored"].to_pylist()) == 1
    )  # below half: still a stranger


def test_both_sides_are_one_where_they_are_related_by_half(tell: Tell) -> None:
    both = TRADE + "2024-01-20 dispatch D2 ->order:O1 by=buyer\n"
    weights = {}
    for share in ("0.24", "0.26"):
        book = tell(both + owns("Maker", "Shop", share))
        weights[share] = strengths(book)["dispatch"]
        book.retract(book.batches()[-1].batch_id, "another share")
    assert weights == {"0.24": 350_000 * 52 // 100, "0.26": 150_000 * 48 // 100}


@pytest.mark.parametrize(
    ("owner", "of", "pay"),
    [("Holding", "Maker", 150_000), ("Holding", "Shop", 150_000), ("Holding", "FastShip", 850_000)],
)
def test_a_bank_of_the_group_is_no_independent_witness(
    owner: str, of: str, pay: int, tell: Tell
) -> None:
    """The bank that says that the invoice was paid belongs to the holding that also owns `of`."""
    book = tell(TRADE + owns(owner, of) + owns(owner, "Bank", n="W2"))
    assert strengths(book)["pay"] == pay


def test_a_marketplace_of_the_seller_speaks_as_the_seller(tell: Tell) -> None:
    sold = ORDER + "2024-01-20 dispatch D1 ->order:O1 by=marketplace:Market\n"
    assert strengths(tell(sold))["dispatch"] == 350_000
    assert strengths(tell(owns("Maker", "Market")))["dispatch"] == 150_000


def test_a_relation_counts_from_its_day_and_ends_on_its_day(tell: Tell) -> None:
    book = tell(
        TRADE
        + "2024-06-01 ownership W1 subject=Shop issuer=Maker seller= buyer= by=registry\n"
        + "2024-09-01 ownership W1 subject=Shop issuer=Maker status=ended seller= buyer= by=registry\n"
    )
    paid = {month: strengths(book, date(2024, month, 15))["pay"] for month in (5, 7, 10)}
    assert paid == {5: 850_000, 7: 0, 10: 850_000}


def test_a_retracted_ownership_leaves_no_trace(tell: Tell) -> None:
    book = tell(TRADE)
    before = book.ratings(as_of=AS_OF)
    tell(owns("Maker", "Shop"))
    assert not book.ratings(as_of=AS_OF).equals(before)
    book.retract(book.batches()[-1].batch_id, "wrong register")
    assert book.ratings(as_of=AS_OF).equals(before)


@pytest.mark.parametrize("by", ["seller", "marketplace", "bank", "bank:Bank"])
def test_only_registers_courts_and_the_operator_are_heard(by: str, tell: Tell) -> None:
    """Or a firm could own, by its own word, the customers that complain about it."""
    assert not edges(tell(TRADE + owns("Maker", "Shop", rest=f"by={by}")))


def test_an_account_that_two_share_relates_them_but_does_not_join_them(tell: Tell) -> None:
    book = tell(TRADE)
    describe(
        book,
        {"Maker": {"accounts": [ACCOUNT]}, "Shop": {"accounts": ["DE89-3704 0044 0532 013000"]}},
    )
    assert {row[2:] for row in edges(book)} == {("account", 900_000)}
    assert strengths(book)["pay"] == 85_000
    assert {"Maker", "Shop"} <= set(book.companies(book.cut(as_of=AS_OF))["name"].to_pylist())
    (row,) = book.related("Maker", book.cut(as_of=AS_OF))
    assert (row["name"], row["how"], row["related_ppm"]) == ("Shop", "account", 900_000)


def test_an_address_and_a_domain_add_up(tell: Tell) -> None:
    book = tell(TRADE)
    one = {"address": PLACE, "domains": ["https://www.harbour.example/shop"]}
    other = {"address": "Mombasa 80100, Harbour Rd. 1", "domains": ["sales@harbour.example"]}
    describe(book, {"Maker": one, "Shop": other})
    assert {row[2:] for row in edges(book)} == {("address", 400_000), ("domain", 700_000)}
    assert strengths(book)["pay"] == 850_000 * 18 // 100


def test_a_judgement_apart_does_not_unrelate(tell: Tell) -> None:
    book = tell(TRADE)
    describe(book, {"Maker": {"accounts": [ACCOUNT]}, "Shop": {"accounts": [ACCOUNT]}})
    before = edges(book)
    cut = book.cut(as_of=AS_OF)
    book.judge("Maker", "Shop", "apart", "two firms, one till", "Ada", cut)
    assert edges(book) == before and len(before) == 1


def test_a_business_centre_relates_nobody(tell: Tell) -> None:
    tenants = [f"Tenant {word}" for word in TENANTS]
    book = tell(TRADE)
    describe(book, {name: {"address": PLACE} for name in (*tenants, "Maker", "Shop")})
    assert not edges(book) and strengths(book)["pay"] == 850_000


def test_an_account_of_five_thousand_firms_makes_no_edges(tell: Tell) -> None:
    book = tell(TRADE)
    names = [f"Firm {b} {a}" for a in range(50) for b in TENANTS]
    describe(book, {name: {"accounts": [ACCOUNT]} for name in (*names, "Maker", "Shop")})
    assert not edges(book)


def test_who_is_related_is_told_with_its_document(tell: Tell, book: Book) -> None:
    told = owns("Holding", "Maker", "0.6") + owns("Holding", "Shop", n="W2")
    tell(TRADE + told + owns("Maker", "Shop", "0.1", "W3"))
    cut = book.cut(as_of=AS_OF)
    rows = book.related("Shop", cut)
    assert [(r["name"], r["how"], r["share_ppm"], r["related_ppm"]) for r in rows] == [
        ("Holding", "owner", None, 1_000_000),
        ("Maker", "owner", 100_000, 1_000_000),  # by their common head: the share alone is a fifth
    ]
    assert [r["how"] for r in book.related("Maker", cut)] == ["owner", "owned"]
    paper = ("since", "document", "contributor", "source", "row")
    assert [rows[0][name] for name in paper] == ["2023-01-01", "W2", "the registry", "story", 6]
    assert [r["how"] for r in book.related("Holding", cut)] == ["owned", "owned"]


def test_the_discount_is_told_in_the_report_and_the_explanation(tell: Tell, book: Book) -> None:
    tell(TRADE + owns("Maker", "Shop", "0.2") + owns("Shop", "Bank", n="W2"))
    cut = book.cut(as_of=AS_OF)
    rows = book.report("Shop", cut).block(Related).rows
    assert [(r.name, r.how, r.related_ppm, r.promises) for r in rows] == [
        ("Bank", "owned", 1_000_000, 0),
        ("Maker", "owner", 400_000, 1),
    ]
    for lang, by, word in (
        (
            "en",
            "× 0.6000 for parties that are related",
            "related to the buyer and counts as its word",
        ),
        ("zh", "× 0.6000（关联方）", "与买方有关联，视同其自述"),
    ):
        promise = book.explain("Shop/pay", cut, lang).children[1].children[0].children[0]
        assert by in promise.formula and promise.numbers["related_ppm"] == 400_000
        assert word in promise.children[1].value
        page = render_html(book.report("Shop", cut, lang))
        assert Phrases(lang)("related") in page and Phrases(lang)("related.owner") in page


def test_where_nobody_is_related_nothing_is_told(tell: Tell, book: Book) -> None:
    tell(TRADE)
    assert book.related("Shop", book.cut(as_of=AS_OF)) == []
    report = book.report("Shop", book.cut(as_of=AS_OF))
    assert report.block(Related).rows == () and "Related parties" not in render_html(report)


@pytest.mark.parametrize("share", ["", "0.1", "0.3"])
def test_a_promise_kept_to_a_sister_never_lowers_a_rating(share: str, tell: Tell) -> None:
    """It adds little or nothing, and never harm."""
    late = "2024-01-01 invoice I7 due=2024-02-01 amount=50 USD terms=open_account by=seller\n"
    book = tell(
        late
        + "2024-03-01 payment P7 ->invoice:I7 amount=50 USD by=bank\n"
        + owns("Maker", "Shop", share)
    )
    before = _chance(book)
    tell(TRADE)
    assert _chance(book) <= before


def _chance(book: Book) -> int:
    rows = book.ratings(as_of=AS_OF)
    mine = pc.and_(pc.equal(rows["name"], "Shop"), pc.equal(rows["kind"], "pay"))
    return int(rows.filter(mine)["broken_ppm"][0].as_py())
