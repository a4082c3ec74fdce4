"""How full and how late what a contributor handed in is, counted by the engine as a person would."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tallystick.adapters.handed as handed
from tallystick.adapters.engines import open_engine
from tallystick.adapters.handed import filled, lateness, newest, register_handed, shares
from tallystick.book import Book, open_book
from tallystick.settings import Settings

FIRST = datetime(2025, 6, 1, 12, tzinfo=UTC)
NUMBERED = {"seller": {"name": "Acme", "ids": {"id:shop": "1"}},
            "buyer": {"name": "Bolt", "ids": {"id:shop": "2"}}}  # fmt: skip
NAMED = {"seller": {"name": "Acme", "ids": {"id:shop": "1"}}, "buyer": {"name": "Bolt"}}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with open_book(
        tmp_path / "b", create=True, settings=Settings(tmp_path, "duckdb", 512, 1)
    ) as opened:
        yield opened


def bill(number: str, **more: Any) -> dict[str, Any]:
    told = {"kind": "invoice", "number": number, "issued_on": "2025-05-31", "amount": "9",
            "currency": "EUR", "parties": NUMBERED}  # fmt: skip
    return told | more


def told_of(book: Book, who: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    snapshot = book.ledger.snapshot()
    with closing(open_engine("duckdb", book.path / "scratch", 512, 1)) as engine:
        register_handed(engine, snapshot, newest(book.batches(), snapshot, who))
        return filled(engine), lateness(engine)


def test_fields_are_counted_by_kind(book: Book) -> None:
    order = [{"kind": "order", "number": "O-1"}]
    book.add(
        [
            bill("I-1", due_on="2025-06-30", references=order, terms="open_account"),
            bill("I-2", due_on="2025-06-30"),
            bill("I-3", parties=NAMED),
            {"kind": "receipt", "number": "R-1", "happened_at": "2025-05-30T10:00:00Z",
             "parties": {"buyer": NUMBERED["buyer"]}, "references": order},
        ],
        "Shop",
        recorded_at=FIRST,
    )  # fmt: skip
    book.add([bill("X-1")], "Another", recorded_at=FIRST)
    invoices, receipts = told_of(book, "Shop")[0]
    assert invoices == {
        "kind": "invoice", "documents": 3, "number": 3, "date": 3, "amount": 3, "due": 2,
        "references": 1, "terms": 1, "parties": 2,
    }  # fmt: skip
    assert (receipts["kind"], receipts["documents"], receipts["parties"]) == ("receipt", 1, 1)
    assert shares(invoices) == (1_000_000, 1_000_000, 1_000_000, 666_666, 333_333, 333_333, 666_666)
    assert shares(receipts) == (1_000_000, 1_000_000, None, None, 1_000_000, None, 1_000_000)
    assert told_of(book, None)[0][0]["documents"] == 4
    assert told_of(book, "Nobody") == ([], [])


def test_what_was_retracted_or_came_twice_does_not_count(book: Book) -> None:
    book.add([bill("I-1")], "Shop", recorded_at=FIRST)
    book.add([bill("I-1"), bill("I-2")], "Shop", source="again", recorded_at=FIRST)
    gone = book.add([bill("I-3")], "Shop", recorded_at=FIRST)
    book.retract(gone.batch.batch_id, "a mistake")
    assert told_of(book, "Shop")[0][0]["documents"] == 2


def test_the_newest_batches_are_counted_up_to_a_bound(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        book.add([bill(f"I-{n}")], "Shop", recorded_at=FIRST + timedelta(40 * n))
    monkeypatch.setattr(handed, "MOST", 2)
    assert [row["month"] for row in told_of(book, "Shop")[1]] == ["2025-08", "2025-09"]


def test_facts_about_companies_and_future_dates_are_not_late(book: Book) -> None:
    fact = {"kind": "registration", "number": "7", "issued_on": "1990-01-01", "status": "active",
            "parties": {"subject": NUMBERED["seller"]}}  # fmt: skip
    book.add([fact, bill("I-1", issued_on="2025-06-09")], "Shop", recorded_at=FIRST)
    assert told_of(book, "Shop")[1] == [
        {"month": "2025-06", "documents": 1, "p50_days": 0, "p90_days": 0}
    ]


def _quantile(days: list[int], tenths: int) -> int:
    """The smallest value that so many tenths of the values do not exceed."""
    return sorted(days)[math.ceil(len(days) * tenths / 10) - 1]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=12), min_size=1, max_size=4))
def test_lateness_is_the_exact_quantile_of_each_month(
    tmp_path_factory: pytest.TempPathFactory, months: list[list[int]]
) -> None:
    folder = tmp_path_factory.mktemp("late")
    given = Settings(folder, "duckdb", 512, 1)
    with open_book(folder / "b", create=True, settings=given) as book:
        for n, days in enumerate(months):
            at = FIRST + timedelta(31 * n)
            dates = [(at - timedelta(late)).date().isoformat() for late in days]
            bills = [bill(f"{n}-{m}", issued_on=date) for m, date in enumerate(dates)]
            book.add(bills, "Shop", recorded_at=at)
        assert [
            (row["documents"], row["p50_days"], row["p90_days"]) for row in told_of(book, "Shop")[1]
        ] == [(len(days), _quantile(days, 5), _quantile(days, 9)) for days in months]
