"""Standing and relatives in little ledgers: who starts lower for whom, and whose word on a standing counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tallystick.adapters import increment
from tallystick.book import Book
from tallystick.report import render_html, render_json

Tell = Callable[[str], Book]

AS_OF = date(2024, 12, 31)
SALE = """{year}-{month:02}-01 order {n} due={year}-{month:02}-10 amount=100 USD seller={seller} by=buyer
{year}-{month:02}-{day:02} dispatch D{n} ->order:{n} seller={seller} by=carrier
"""
OWNED = "2023-01-01 ownership W1 subject=Fresh issuer=Maker score=0.9 seller= buyer= by=registry\n"


def sales(seller: str, year: int, count: int, late: bool) -> str:
    """So many sales, one a month, each sent off in time or ten days late."""
    return "".join(sale(seller, year, m + 1, day=20 if late else 9) for m in range(count))


def sale(seller: str, year: int, month: int, day: int) -> str:
    """A sale of the first of a month, to be sent off by the tenth and sent off on a day."""
    return SALE.format(year=year, month=month, n=f"{seller}{year}{month}", seller=seller, day=day)


MARKET = "".join(sales(f"Honest{n}", 2023, 4, late=False) for n in range(8))


def headlines(book: Book) -> dict[str, dict[str, Any]]:
    rows = book.ratings(as_of=AS_OF).to_pylist()
    return {row["name"]: row for row in rows if row["scope"] == "headline"}


def test_a_successor_starts_lower_than_a_stranger_and_the_report_says_why(tell: Tell) -> None:
    book = tell(sales("Maker", 2023, 10, late=True) + OWNED + sales("Fresh", 2024, 1, late=False))
    tell(sales("Stranger", 2024, 1, late=False))
    rows = headlines(book)
    fresh, stranger = rows["Fresh"], rows["Stranger"]
    assert stranger["R18_tenths"] == 0 and rows["Maker"]["R18_tenths"] == 0
    assert -400 <= fresh["R18_tenths"] < 0
    assert fresh["score_tenths"] == stranger["score_tenths"] + fresh["R18_tenths"]
    assert fresh["broken_ppm"] > stranger["broken_ppm"]
    cut = book.cut(as_of=AS_OF)
    for lang, words in (("en", "related to a company that began earlier"), ("zh", "关联")):
        report = book.report("Fresh", cut, lang)
        lines = {line["code"]: line for line in render_json(report)["reasons"]["lines"]}
        assert words in lines["R18"]["text"]
        assert words in render_html(report)
    assert "related companies" in str(book.explain("Fresh/dispatch", cut))


def test_what_it_keeps_itself_takes_that_away(tell: Tell) -> None:
    book = tell(MARKET + sales("Maker", 2023, 10, late=True) + OWNED)
    tell(sales("Fresh", 2024, 1, late=False))
    before = headlines(book)["Fresh"]["R18_tenths"]
    tell("".join(sale("Fresh", 2024, m, day=9) for m in range(2, 13)))
    assert before < headlines(book)["Fresh"]["R18_tenths"] < 0


def test_a_successor_is_rated_again_when_its_elder_breaks_more(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(increment, "MAX_SHARE", 0)
    book = tell(MARKET + sales("Maker", 2023, 2, late=True) + OWNED)
    tell(sales("Fresh", 2024, 1, late=False))
    before = headlines(book)["Fresh"]["R18_tenths"]
    tell("".join(sale("Maker", 2023, m, day=25) for m in range(3, 12)))
    assert book.cut(as_of=AS_OF).layer("ratings") > 0
    assert headlines(book)["Fresh"]["R18_tenths"] < before


@pytest.mark.parametrize(
    "facts, tenths",
    [
        ("2015-01-01 registration R1 subject=Maker by=registry", 43),
        ("2024-06-01 registration R1 subject=Maker by=registry", 0),
        ("2015-01-01 registration R1 subject=Maker by=seller", 0),
        ("2023-01-01 certificate C1 due=2026-01-01 subject=Maker by=inspector", 58),
        ("2023-01-01 certificate C1 due=2024-01-01 subject=Maker by=inspector", 0),
        ("2023-01-01 certificate C1 due=2026-01-01 subject=Maker by=seller", 0),
        ("2023-01-01 insolvency I1 status=closed subject=Maker by=court", -87),
        ("2015-01-01 insolvency I1 status=closed subject=Maker by=court", 0),
        (
            "2015-01-01 registration R1 subject=Maker by=registry\n"
            "2024-01-01 registration R1b status=lapsed subject=Maker by=registry",
            -43,
        ),
    ],
)
def test_standing_counts_where_those_who_know_tell_it(tell: Tell, facts: str, tenths: int) -> None:
    plain = "\n".join(f"{line} seller= buyer=" for line in facts.splitlines())
    row = headlines(tell(sales("Maker", 2024, 4, late=False) + plain))["Maker"]
    assert row["R17_tenths"] == pytest.approx(tenths, abs=1)
