"""What relates companies, from the files to the cut: handed on whole, and no account in clear text anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tallystick.book import Book, open_book
from tallystick.evidence.ledger import Contributor
from tallystick.settings import Settings
from tallystick.units import hash64

IBAN, SLIP, LONG = "GB82WEST12345698765432", "GB82WEST12345698765431", "12345678" * 30
SHOP = Contributor("Shop", "marketplace")
HEADER = (
    "kind,number,issued_on,amount,currency,seller_id,seller_name,seller_account,seller_other_names"
)
TABLE = f"""{HEADER},buyer_name
invoice,1,2024-01-02,5,GBP,id:shop:1,Zeta,{IBAN},Alpha,Bob
invoice,2,2024-01-02,5,GBP,id:shop:2,Slip,{SLIP},,Bob
invoice,3,2024-01-02,5,GBP,id:shop:3,Long,{LONG},,Bob
"""


def document(number: str, account: str) -> dict[str, Any]:
    seller = {"ids": {"id:shop": number}, "accounts": [account], "address": "1 High St"}
    parties = {"seller": seller, "buyer": {"name": "Bob"}}
    return {"kind": "invoice", "number": number, "issued_on": "2024-01-02", "parties": parties}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return open_book(tmp_path / "b", create=True, settings=Settings(tmp_path, "duckdb", 512, 1))


def fill(book: Book) -> None:
    file = book.path.parent / "t.csv"
    file.write_text(TABLE)
    book.ingest([file], who=SHOP)
    book.add([document(str(n), a) for n, a in ((4, IBAN), (5, SLIP), (6, LONG))], SHOP)


def traits(book: Book) -> dict[tuple[str, str | None], list[str]]:
    rows = book.cut().read("parties").to_pylist()
    return {(row["ref"], row["name"]): row["traits"] for row in rows}


def test_a_cut_has_the_traits_of_sealed_batches_and_of_others(book: Book) -> None:
    fill(book)
    account = f"account:{hash64('account', IBAN):016x}"
    told = {
        ("id:shop:1", "Zeta"): [account],
        ("id:shop:1", "Alpha"): [account, "name:Zeta"],
        ("id:shop:2", "Slip"): [],
        ("id:shop:4", None): [account, "address:1 High St"],
        ("id:shop:5", None): ["address:1 High St"],
        ("name:bob|", "Bob"): [],
    }
    assert traits(book) == told
    (company,) = book.find("id:shop:1", book.cut())
    assert (company["name"], company["names"]) == ("Zeta", ["Zeta", "Alpha"])
    book.ledger.seal()
    book.add([document("7", IBAN)], SHOP)
    assert traits(book) == told | {("id:shop:7", None): [account, "address:1 High St"]}


def test_no_account_stands_in_the_book_in_clear_text(book: Book) -> None:
    fill(book)
    rejects = [row for b in book.batches() for row in book.rejects(b.batch_id).to_pylist()]
    assert [row["rule"] for row in rejects] == ["text-too-long"] * 2
    parties = book.ledger.snapshot().inbox_parties.to_pylist()
    bad = {text for row in parties for text in row["bad_ids"]}
    assert bad == {"account:GB… of 22 characters"}
    for text in (repr(rejects), repr(parties)):
        assert not any(number[4:12] in text for number in (IBAN, SLIP, LONG))
