"""IBM receivables: 2,466 invoices of one seller to 100 customers, each with its day of settlement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

FILE = "ibm_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv"
END = date(2014, 1, 31)


@pytest.fixture(scope="module")
def ibm(golden: Callable[..., Any]) -> Any:
    return golden([(FILE, "ibm-receivables")])


def test_every_row_becomes_its_documents(ibm: Any) -> None:
    assert ibm.counts() == [(FILE.split("/")[1], 5_493, 0, 0, 0)]
    assert ibm.by_kind(END) == {"invoice": 2_466, "payment": 2_466, "dispute": 561}


def test_outcomes(ibm: Any) -> None:
    assert ibm.outcomes(END) == {"pay": {"kept": 1_589, "late": 877}}


def test_days_late_are_those_of_the_file_on_every_row(ibm: Any, rows_of: Any) -> None:
    stated = {row["invoiceNumber"]: int(row["DaysLate"]) for row in rows_of(FILE)}
    number_of = {d["deal"]: d["number"] for d in ibm.documents(END, "invoice")}
    derived = {number_of[p["deal"]]: p["late_days"] for p in ibm.promises(END)}
    assert derived == stated
    assert len(stated) == 2_466


def test_late_is_the_buyers_fault_and_known_from_one_side_only(ibm: Any) -> None:
    late = [p for p in ibm.promises(END) if p["outcome"] == "late"]
    assert {(p["fault"], p["strength_ppm"], p["anchored"]) for p in late} == {("buyer", 150_000, 0)}


def test_a_dispute_stands_in_the_deal_of_its_invoice(ibm: Any) -> None:
    invoices = {d["deal"] for d in ibm.documents(END, "invoice")}
    disputes = [d["deal"] for d in ibm.documents(END, "dispute")]
    assert len(set(disputes)) == 561
    assert invoices.issuperset(disputes)


def test_on_an_earlier_day_invoices_are_open_or_overdue(ibm: Any) -> None:
    found = ibm.outcomes(date(2013, 6, 30))["pay"]
    assert found == {"kept": 1_167, "late": 679, "open": 72, "broken": 12}


@pytest.mark.parametrize(
    ("customer", "late", "invoices", "grade", "broken_ppm"),
    [
        ("9286-VLKMI", 0, 34, "CC", 292_955),
        ("7209-MDWKR", 14, 24, "C", 341_378),
        ("6708-DPYTF", 25, 30, "C", 362_811),
        ("6296-UKEUZ", 0, 19, "NR", 295_922),
    ],
)
def test_named_customers(
    ibm: Any, customer: str, late: int, invoices: int, grade: str, broken_ppm: int
) -> None:
    found = ibm.rating(END, f"id:ibm.customer:{customer}", "pay")
    assert (found["n_late"], found["n_promises"]) == (late, invoices)
    assert (found["grade"], found["broken_ppm"]) == (grade, broken_ppm)


def test_the_word_of_one_seller_makes_nobody_a_name(ibm: Any) -> None:
    """What one seller says of its own customers counts together: it moves nobody far from its peers."""
    rows = [r for r in ibm.book.ratings(as_of=END).to_pylist() if r["kind"] == "pay"]
    assert len(rows) == 100
    assert {row["evidence_level"] for row in rows} == {"E0"}
    assert {row["grade"] for row in rows} == {"CC", "C", "NR"}


def test_handing_it_in_again_changes_nothing(ibm: Any) -> None:
    before = ibm.book.ratings(as_of=END)
    assert [receipt.new for receipt in ibm.again()] == [False]
    assert ibm.book.ratings(as_of=END).equals(before)


def test_ratings_of_2012_foresee_who_pays_late_in_2013(ibm: Any) -> None:
    auc, promises = ibm.foresight("pay", date(2012, 12, 31), END, lambda p: p["outcome"] != "kept")
    assert promises == 1_189
    assert auc >= 0.86
