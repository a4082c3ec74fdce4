"""The OASIS UBL 2.0 chain, RFQ G867B to the statement, and the traps that lie around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tallystick.units import code_of

FOLDER = "trade/ubl-oasis"
END = date(2006, 1, 1)
LATER = date(2024, 1, 1)


@pytest.fixture(scope="module")
def oasis(golden_documents: Callable[..., Any]) -> Any:
    """All 75 files of the folder."""
    return golden_documents(FOLDER)


@pytest.fixture(scope="module")
def plain(golden_documents: Callable[..., Any]) -> Any:
    """The examples of UBL 2.0 alone, as one firm's papers."""
    return golden_documents(FOLDER, "UBL-*-2.0-*.xml")


def deal_of(golden: Any, day: date, kind: str, number: str) -> int:
    """The one deal that holds that document; several would be a mistake."""
    (deal,) = {d["deal"] for d in golden.documents(day, kind) if d["number"] == number}
    return int(deal)


def papers(golden: Any, day: date, deal: int) -> Counter[tuple[str, str]]:
    rows = golden.book.documents_of(golden.book.cut(day), [deal]).to_pylist()
    return Counter((row["kind"], row["number"]) for row in rows if not row.get("duplicate"))


def test_request_to_statement_is_one_deal(plain: Any) -> None:
    deal = deal_of(plain, END, "invoice", "A00095678")
    assert papers(plain, END, deal) == {
        ("rfq", "G867B"): 1,
        ("quotation", "QIY7655"): 1,
        ("order", "AEG012345"): 2,
        ("order_confirmation", "66890-9-09"): 1,
        ("dispatch", "565899"): 1,
        ("shipment", "KHN23-44044-1"): 1,
        ("receipt", "658398"): 1,
        ("invoice", "A00095678"): 1,
        ("remittance", "6577884"): 1,
        ("credit_note", "CN758494"): 1,
        ("statement", "JUL2005-07758990"): 1,
    }


def test_no_document_names_the_quotation_so_its_link_is_inferred(plain: Any) -> None:
    strengths = {
        kind: {d["link_ppm"] for d in plain.documents(END, kind)}
        for kind in ("rfq", "quotation", "order", "invoice")
    }
    assert strengths["rfq"] == strengths["quotation"] == {600_000}
    assert strengths["order"] == strengths["invoice"] == {1_000_000}
    inferred = plain.book.cut(END).read("inferred").to_pylist()
    assert [(row["rule"], row["ppm"]) for row in inferred] == [("order-by-days", 600_000)]


def test_its_timeline_says_what_was_inferred_and_where_the_facts_stand(plain: Any) -> None:
    deal = deal_of(plain, END, "invoice", "A00095678")
    told = plain.book.deal(code_of(deal, "D"), plain.book.cut(END))
    (bill,) = (event for event in told.events if event.kind == "invoice")
    assert dict(bill.told[0].places)["amount"].startswith("LegalMonetaryTotal/PayableAmount:")
    (guess,) = told.guesses
    assert told.event(guess.event).name == "order AEG012345 (100.00 GBP)"
    assert "quotation QIY7655" in {told.event(anchor).name for anchor in guess.to}
    assert all(found.sides[0] for found in told.breaks)


def test_seven_renderings_of_one_invoice_are_one_invoice(plain: Any) -> None:
    (receipt,) = plain.receipts
    assert receipt.batch.duplicate == 6
    assert len([d for d in plain.documents(END, "invoice") if d["number"] == "A00095678"]) == 1


def test_breaks(plain: Any) -> None:
    cut = plain.book.cut(END)
    deal = deal_of(plain, END, "order", "AEG012345")
    found = {
        (row["kind"], row["between_kinds"]): (row["expected"], row["found"], row["unit"])
        for row in plain.book.breaks(cut, [deal]).to_pylist()
    }
    assert found["amount", "order and invoice"] == (10_000, 10_750, "GBP")
    assert found["amount", "quotation and order"] == (10_750, 10_000, "GBP")
    # the same number and UUID, another total in another currency
    assert found["contradiction", "order in GBP and in USD"] == (10_000, 100_000, "GBP and USD")
    assert found["quantity", "order and dispatch"] == (100_000, 90_000, "KGM")


def test_promises(plain: Any) -> None:
    found = {p["kind"]: (p["outcome"], p["fault"]) for p in plain.promises(END)}
    assert found == {
        "quote": ("kept", None),
        "confirm": ("kept", None),
        "order": ("kept", None),
        "deliver": ("partial", "seller"),
        "conform": ("kept", None),
        "receive": ("kept", None),
        "arrive": ("kept", None),
        "pay": ("excused", "seller"),
    }
    (deliver,) = [p for p in plain.promises(END) if p["kind"] == "deliver"]
    assert deliver["kept_ppm"] == 900_000


def test_every_file_is_accounted_for(oasis: Any) -> None:
    (receipt,) = oasis.receipts
    batch = receipt.batch
    assert (batch.accepted, batch.duplicate, batch.held, batch.rejected) == (34, 6, 0, 35)
    assert set(receipt.rejects["rule"].to_pylist()) == {"not-of-the-loop"}


def test_a_later_cancellation_takes_the_receipt_back(oasis: Any) -> None:
    """UBL 2.1 adds a fulfilment cancellation of receipt 658398, one day after it."""
    deal = deal_of(oasis, LATER, "invoice", "A00095678")
    assert ("receipt", "658398") not in papers(oasis, LATER, deal)
    before = deal_of(oasis, date(2005, 6, 21), "order", "AEG012345")
    assert ("receipt", "658398") in papers(oasis, date(2005, 6, 21), before)


def test_the_same_numbers_between_other_parties_are_another_deal(oasis: Any) -> None:
    deals = {d["deal"] for d in oasis.documents(LATER, "rfq") if d["number"] == "G867B"}
    quoted = {d["deal"] for d in oasis.documents(LATER, "quotation") if d["number"] == "QIY7655"}
    assert len(deals) == 2
    assert deals == quoted
    danish = next(d for d in oasis.documents(LATER, "quotation") if d["amount_minor"] == 24_718_750)
    assert papers(oasis, LATER, danish["deal"]) == {
        ("rfq", "G867B"): 1,
        ("quotation", "QIY7655"): 1,
    }


def test_number_7_of_four_kinds_is_four_documents_of_one_order(oasis: Any) -> None:
    deal = deal_of(oasis, LATER, "order", "34")
    assert papers(oasis, LATER, deal) == {
        ("order", "34"): 1,
        ("order_change", "7"): 1,
        ("order_confirmation", "7"): 2,
        ("order_cancellation", "7"): 1,
    }


def test_bills_that_share_a_number_are_told_apart_by_kind(oasis: Any) -> None:
    deal = deal_of(oasis, LATER, "invoice", "TOSL108")
    found = papers(oasis, LATER, deal)
    assert {kind for kind, number in found if number == "TOSL108"} == {
        "invoice",
        "debit_note",
        "credit_note",
    }
    (pay,) = [p for p in oasis.promises(LATER) if p["kind"] == "pay" and p["deal"] == deal]
    assert (pay["outcome"], pay["fault"]) == ("excused", "seller")  # credited in full
    (freight,) = oasis.documents(LATER, "freight_invoice")
    assert freight["number"] == "TOSL108"
    assert freight["deal"] != deal


def test_a_chain_alone_is_hardly_any_evidence(plain: Any) -> None:
    """One deal, told by a marketplace, moves nobody far from what is expected of anybody."""
    rows = plain.book.ratings(as_of=END).to_pylist()
    kinds = {(r["name"], r["kind"]): r for r in rows if r["scope"] == "kind"}
    assert {row["evidence_level"] for row in kinds.values()} == {"E0"}
    assert max(row["evidence_micro"] for row in kinds.values()) == 405_548
    assert kinds["IYT Corporation", "pay"]["grade"] == "NR"
    assert {row["grade"] for row in rows} == {"B", "BB", "NR"}
