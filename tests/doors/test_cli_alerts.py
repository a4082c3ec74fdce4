"""`alerts`: what is found in a book, in which words, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tallystick.book import open_book
from tallystick.settings import Settings

LAST = date(2025, 6, 30)


def order(n: int, ago: int, seller: str, buyer: str) -> list[dict[str, object]]:
    """An order of $2,000, sent and received a week later."""
    parties = {
        "seller": {"name": seller, "country": "CN"},
        "buyer": {"name": buyer, "country": "KE"},
    }
    made, sent, due = (str(LAST - timedelta(ago - days)) for days in (0, 7, 9))
    common = {"amount": "2000", "currency": "USD", "quantity": "1", "parties": parties}
    ref = {"refs": [{"kind": "order", "number": f"O{n}"}]}
    return [
        {"kind": "order", "number": f"O{n}", "issued_on": made, "due_on": due} | common,
        {"kind": "dispatch", "number": f"D{n}", "issued_on": sent} | common | ref,
    ]


@pytest.fixture(scope="module")
def ringed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of 12 sellers and 30 buyers of long standing, and eight that came to one seller this month."""
    folder = tmp_path_factory.mktemp("ringed") / "ringed.book"
    told = []
    for n in range(240):
        papers = order(n, 20 + 2 * n, f"Maker {n % 12:02}", f"Shop {n * 7 % 30:02}")
        told += papers[:1] if n % 11 == 0 else papers  # some are never sent
    for n in range(8):
        told += order(900 + n, 25 - n, "Maker 03", f"Nobody {n}")
    with open_book(folder, create=True, settings=Settings(folder, "duckdb", 512, 1)) as book:
        book.add(told, "the market:marketplace", source="orders.jsonl")
    return folder


def test_a_ring_is_told_with_its_firms_and_deals(run, ringed):
    asked = ("alerts", "--book", ringed, "--as-of", str(LAST))
    (alert,) = run(*asked, "--json", "--pattern", "brushing_ring").json["alerts"]
    assert len(alert["companies"]) == 9 and len(alert["deals"]) == 8
    assert alert["since"] == str(LAST - timedelta(25)) and alert["strength_ppm"] > 500_000
    assert alert["text"].startswith("8 counterparties new to the book")
    shown = run(*asked).out
    assert "Maker 03" in shown and alert["companies"][0] in shown and "+ 6" in shown
    assert "Alerts change no rating" in shown
    assert "新出现的交易对手" in run(*asked, "--lang", "zh").out


def test_earlier_there_was_nothing(run, ringed):
    shown = run("alerts", "--book", ringed, "--as-of", "2025-05-01")
    assert (shown.code, shown.out) == (0, "Nothing to look at as of 2025-05-01.\n")


def test_an_alert_changes_no_rating(ringed):
    with open_book(ringed) as book:
        cut = book.cut(as_of=LAST)
        before = book.ratings(cut=cut)
        assert book.alerts(cut)
        assert book.ratings(cut=book.cut(as_of=LAST)) == before


def test_a_pattern_that_is_none_is_refused_with_those_that_are(run, ringed):
    shown = run("alerts", "--book", ringed, "--pattern", "ring")
    assert shown.code == 2 and "brushing_ring" in shown.err
