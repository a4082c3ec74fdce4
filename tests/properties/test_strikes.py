"""What must hold of struck documents: they count nowhere, and do not come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tallystick.book import Book, open_book
from tallystick.evidence.ledger import Contributor, EvidenceError
from tallystick.settings import Settings

AS_OF = date(2024, 12, 31)
MARKET = Contributor("the market", "marketplace")
BANK = Contributor("the bank", "bank")
SHOP = {"name": "Bluewhale Technology", "country": "CN", "ids": {"id:shop": "17"}}
BUYER = {"name": "Nairobi Imports", "country": "KE", "ids": {"id:shop": "b1"}}
OTHER = {"name": "Mombasa Traders", "country": "KE", "ids": {"id:shop": "b2"}}


def new_book(folder: Path, engine: str = "duckdb") -> Book:
    return open_book(folder, create=True, settings=Settings(folder, engine, 512, 1))


def bill(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "invoice",
        "number": f"I{number}",
        "issued_on": "2024-02-01",
        "due_on": "2024-03-01",
        "terms": "open_account",
        "amount": "1000",
        "currency": "USD",
        "parties": {"seller": SHOP, "buyer": BUYER},
    } | changed


def paid(number: int, late: int = 0) -> dict[str, Any]:
    return {
        "kind": "payment",
        "number": f"P{number}",
        "issued_on": (date(2024, 3, 1) + timedelta(days=late)).isoformat(),
        "amount": "1000",
        "currency": "USD",
        "parties": {"seller": SHOP, "buyer": BUYER},
        "references": [{"kind": "invoice", "number": f"I{number}"}],
    }


TRADE = [doc for n in range(5) for doc in (bill(n), paid(n))]


def fill(book: Book) -> Book:
    """Five invoices paid in time, and invoice 9, unpaid."""
    book.add(TRADE, MARKET)
    book.add([bill(9)], MARKET)
    return book


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return fill(new_book(tmp_path / "b.book"))


def doc_id(book: Book, number: str, version: int | None = None) -> str:
    snapshot = book.ledger.snapshot()
    rows = pa.concat_tables([snapshot.inbox_documents]).to_pylist()
    hits = [row for row in rows if row["number"] == number and row["kind"] != "strike"]
    hits = [row for row in hits if version in (None, row["version"])]
    return str(hits[0]["doc_id"])


def outcome(book: Book, **cut: Any) -> dict[str, pa.Table]:
    made = book.cut(as_of=AS_OF, **cut)
    found = {name: made.read(name) for name in ("companies", "merged", "nodes", "records")}
    return found | {"ratings": book.ratings(cut=made), "promises": book.promises(cut=made)}


def same(left: dict[str, pa.Table], right: dict[str, pa.Table]) -> bool:
    return all(left[name].equals(right[name]) for name in left)


def strike(book: Book, reason: str = "other", number: str = "I9") -> None:
    book.strike([doc_id(book, number)], "dispute 7", "Ada", reason)


def test_a_struck_document_counts_as_if_it_had_never_come(book: Book, tmp_path: Path) -> None:
    with new_book(tmp_path / "never.book") as never:
        never.add(TRADE, MARKET)
        expected = outcome(never)
    before = outcome(book)
    assert not same(before, expected)
    strike(book)
    assert same(outcome(book), expected)


def test_restoring_retracting_and_earlier_moments_give_back_exactly_what_was(book: Book) -> None:
    before, known = outcome(book), datetime.now(UTC)
    named = doc_id(book, "I9")
    receipt = book.strike([named], "dispute 7", "Ada")
    struck = outcome(book)
    assert not same(struck, before)
    assert same(outcome(book, known_at=known), before)
    book.restore([named], "the strike was a mistake", "Ada")
    assert same(outcome(book), before)
    assert book.strikes()["status"].to_pylist() == ["restored"]
    book.strike([named], "but it was not", "Ada")
    assert same(outcome(book), struck)
    book.retract(book.batches()[-1].batch_id, "an error")
    book.retract(receipt.batch.batch_id, "an error")
    assert same(outcome(book), before)


def test_only_the_operator_strikes(book: Book) -> None:
    before = outcome(book)["ratings"]
    said = {"kind": "strike", "number": doc_id(book, "I9"), "issued_on": "2024-06-01"}
    book.add([said | {"status": "struck"}], MARKET)
    assert outcome(book)["ratings"].equals(before)
    assert not book.ledger.struck()


Again = Callable[[Book], Any]
AGAIN: dict[str, tuple[str, Again, bool]] = {
    "the same document": ("other", lambda b: b.add([bill(9)], MARKET, "a new file"), False),
    "with another note": ("other", lambda b: b.add([bill(9, note="again")], MARKET), False),
    "with another source of it": (
        "other",
        lambda b: b.add([bill(9, incoterm="FOB")], MARKET),
        False,
    ),
    "as a correction of itself": (
        "other",
        lambda b: b.add([bill(9, action="correct")], MARKET),
        False,
    ),
    "by another, copied": ("other", lambda b: b.add([bill(9)], BANK), False),
    "by another, in its own words": (
        "other",
        lambda b: b.add([bill(9, due_on="2024-03-02")], BANK),
        True,
    ),
    "the amount, on other days": (
        "wrong_amount",
        lambda b: b.add([bill(9, due_on="2024-03-05")], MARKET),
        False,
    ),
    "another amount": ("wrong_amount", lambda b: b.add([bill(9, amount="900")], MARKET), True),
    "a correction of the amount": (
        "wrong_amount",
        lambda b: b.add([bill(9, amount="900", action="correct")], MARKET),
        True,
    ),
    "the date, with another amount": (
        "wrong_date",
        lambda b: b.add([bill(9, amount="900")], MARKET),
        False,
    ),
    "another date": ("wrong_date", lambda b: b.add([bill(9, due_on="2024-03-20")], MARKET), True),
    "us again, for less": ("not_ours", lambda b: b.add([bill(9, amount="1")], MARKET), False),
    "somebody else": (
        "wrong_company",
        lambda b: b.add([bill(9, parties={"seller": SHOP, "buyer": OTHER})], MARKET),
        True,
    ),
    "the duplicate, whatever it says": (
        "duplicate",
        lambda b: b.add([bill(9, amount="1", due_on="2024-04-01")], MARKET),
        False,
    ),
    "another number": ("other", lambda b: b.add([bill(10)], MARKET), True),
}


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """The promises while invoice 9 is struck."""
    with fill(new_book(tmp_path_factory.mktemp("gone") / "b.book")) as book:
        strike(book)
        return outcome(book)["promises"]


@pytest.mark.parametrize("case", AGAIN)
def test_what_was_struck_comes_back_only_as_something_else(
    book: Book, gone: pa.Table, case: str
) -> None:
    reason, again, counts = AGAIN[case]
    strike(book, reason)
    again(book)
    after = outcome(book)["promises"]
    assert after.equals(gone) is not counts, case


def test_what_others_had_said_before_the_strike_is_their_own_word(tmp_path: Path) -> None:
    with new_book(tmp_path / "b.book") as book:
        fill(book).add([bill(9)], BANK)
        version = book.batches()[1].version
        named = doc_id(book, "I9", version)
        before = len(outcome(book)["promises"])
        book.strike([named], "dispute 7", "Ada")
        assert len(outcome(book)["promises"]) == before
        book.strike([doc_id(book, "I9", version + 1)], "dispute 8", "Ada")
        assert len(outcome(book)["promises"]) < before


def test_neither_does_it_come_back_after_its_batch_was_retracted(book: Book) -> None:
    strike(book)
    gone = outcome(book)["promises"]
    book.retract(book.batches()[1].batch_id, "we send it anew")
    book.add([bill(9, note="anew")], MARKET)
    assert outcome(book)["promises"].equals(gone)


def test_what_is_blocked_is_told_and_can_be_restored_by_name(book: Book) -> None:
    strike(book, "wrong_amount")
    again = book.add([bill(9), bill(9, note="again")], MARKET)
    assert again.rejects["outcome"].to_pylist() == ["struck", "struck"]
    assert "Ada" in again.rejects["message"][0].as_py()
    assert (again.batch.accepted, again.batch.duplicate) == (1, 1)
    gone = outcome(book)["promises"]
    named = doc_id(book, "I9", again.batch.version)
    ids = {row["doc_id"] for row in book.ledger.snapshot().inbox_documents.to_pylist()
           if row["number"] == "I9" and row["version"] == again.batch.version}  # fmt: skip
    book.restore(sorted(ids - {doc_id(book, "I9", 2)}), "the market has proved it", "Ada")
    assert named and not outcome(book)["promises"].equals(gone)


def test_who_is_who_forgets_what_only_a_struck_document_said(tmp_path: Path) -> None:
    mixed = {"name": "Bluewhale", "country": "CN", "ids": {"id:shop": "17", "id:bank": "88"}}
    profile = {"kind": "profile", "issued_on": "2024-01-01", "parties": {"subject": mixed}}
    bank = bill(8, parties={"seller": {"name": "蓝鲸", "country": "CN", "ids": {"id:bank": "88"}},
                            "buyer": BUYER})  # fmt: skip
    with new_book(tmp_path / "b.book") as book:
        fill(book).add([bank], BANK)
        before = outcome(book)
        receipt = book.add([profile], MARKET)
        joined = outcome(book)
        assert not joined["merged"].equals(before["merged"])
        rows = book.ledger.snapshot().inbox_documents.to_pylist()
        named = [r["doc_id"] for r in rows if r["version"] == receipt.batch.version]
        book.strike(named, "dispute 9", "Ada", "wrong_company")
        assert same(outcome(book), before)


@pytest.mark.parametrize(
    ("ids", "why", "reason"),
    [
        (["0" * 32], "why", "other"),
        (["nonsense"], "why", "other"),
        ([], "why", "other"),
        (None, " ", "other"),
        (None, "why", "because"),
    ],
)
def test_what_is_no_strike_is_refused_in_a_sentence(
    book: Book, ids: list[str] | None, why: str, reason: str
) -> None:
    with pytest.raises(EvidenceError):
        book.strike([doc_id(book, "I9")] if ids is None else ids, why, "Ada", reason)


def test_a_strike_cannot_be_struck(book: Book) -> None:
    strike(book)
    rows = book.ledger.snapshot().inbox_documents.to_pylist()
    named = [row["doc_id"] for row in rows if row["kind"] == "strike"]
    with pytest.raises(EvidenceError, match="restore"):
        book.strike(named, "why", "Ada")


def test_sealing_changes_nothing(book: Book) -> None:
    strike(book)
    before = outcome(book)
    book.ledger.seal()
    with open_book(book.path, settings=book.settings) as again:
        made = again._build(again.ledger.snapshot(), again.cut(as_of=AS_OF).as_of_day,
                            again.policy_at(), None, book.path / "elsewhere")  # fmt: skip
        assert again.promises(cut=made).equals(before["promises"])
        assert made.read("companies").equals(before["companies"])
