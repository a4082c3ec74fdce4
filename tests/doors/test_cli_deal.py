"""The command `deal`: one deal as a timeline, in every form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tallystick.book import open_book

SOLD = {
    "seller": {"name": "Sun Lamps", "country": "CN", "ids": {"id:shop": "s"}},
    "buyer": {"name": "Harbour & <b>Sons</b>", "country": "GB", "ids": {"id:shop": "b"}},
}
GBP = {"currency": "GBP", "parties": SOLD}


@pytest.fixture
def code(run: Any, tmp_path: Path) -> str:
    """A deal whose payment names no invoice, in a book beside."""
    said = [
        {"kind": "order", "number": "PO-7", "issued_on": "2025-01-01", "due_on": "2025-01-10",
         "amount": "100.00", **GBP},
        {"kind": "invoice", "number": "INV-9", "issued_on": "2025-01-12", "due_on": "2025-02-12",
         "amount": "107.50", "references": [{"kind": "order", "number": "PO-7"}], **GBP},
    ]  # fmt: skip
    paid = {"kind": "payment", "number": "B1", "issued_on": "2025-02-20", "amount": "107.50", **GBP}
    with open_book(tmp_path / "one.book", create=True) as book:
        book.add(said, "shop")
        book.add([paid], "bank")
    (row,) = run("deals", "--book", "one.book", "--json").json["deals"]
    return str(row["deal"])


def test_one_deal_in_every_form(run: Any, code: str, tmp_path: Path) -> None:
    shown = run("deal", code, "--book", "one.book")
    assert shown.code == 0
    for words in ("PO-7", "break 1", "≈ linked to invoice INV-9", "late by 8 days"):
        assert words in shown.out
    told = run("deal", code, "--book", "one.book", "--json").json
    assert (told["format"], told["parties"]["seller"]) == ("tallystick.deal/1", "Sun Lamps")
    (guess,) = told["inferred"]
    assert (guess["rule"], guess["strength"]) == ("payment-by-amount", 0.8)
    assert {row["outcome"] for row in told["promises"] if row["kind"] == "pay"} == {"late"}
    for name in ("deal.html", "deal.svg", "deal.json"):
        assert run("deal", code, "--book", "one.book", "-o", name).code == 0
    page = (tmp_path / "deal.html").read_text(encoding="utf-8")
    assert "Harbour &amp; &lt;b&gt;Sons&lt;/b&gt;" in page and "<b>Sons" not in page
    assert ElementTree.parse(tmp_path / "deal.svg").getroot().tag.endswith("svg")
    assert json.loads((tmp_path / "deal.json").read_text(encoding="utf-8")) == told


def test_in_chinese(run: Any, code: str) -> None:
    shown = run("deal", code, "--book", "one.book", "--lang", "zh")
    assert shown.code == 0 and "推断与发票 INV-9关联" in shown.out and "迟延 8 天" in shown.out


def test_deals_with_a_code_is_the_same(run: Any, code: str) -> None:
    one, other = (run(name, code, "--book", "one.book") for name in ("deal", "deals"))
    assert one.out == other.out


@pytest.mark.parametrize(
    ("args", "exit_code"),
    [
        (["D-0000000000000"], 1),
        (["rubbish"], 1),
        (["--lang", "de"], 2),
        (["-o", "deal.png"], 2),
        (["--format", "pdf"], 2),
        (["--format", "terminal", "-o", "deal.html"], 2),
    ],
)
def test_what_is_not_there_or_not_possible(
    run: Any, code: str, args: list[str], exit_code: int
) -> None:
    given = args if args[0][0] != "-" else [code, *args]
    assert run("deal", *given, "--book", "one.book").code == exit_code


def test_a_deal_of_a_world_has_its_places_and_lanes(run: Any, book: Path) -> None:
    rows = run("deals", "--book", book, "--json").json["deals"]
    code = max(rows, key=lambda row: row["documents"])["deal"]
    told = run("deal", code, "--book", book, "--json").json
    assert len({row["lane"] for row in told["documents"]}) >= 4
    assert all(row["told_by"][0]["source"] for row in told["documents"])
    assert told["balances"] and told["promises"]
