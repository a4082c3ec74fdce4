"""CUMCM 2020: 726,010 VAT invoices of 302 small Chinese firms. Nobody promises anything in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

FOLDER = "cumcm2020c_cn_sme_invoices"
SALES = f"{FOLDER}/A2_302_output_invoices.csv.gz"
PURCHASES = f"{FOLDER}/A2_302_input_invoices.csv.gz"
END = date(2020, 2, 29)


@pytest.fixture(scope="module")
def invoices(golden: Callable[..., Any]) -> Any:
    return golden([(SALES, "cumcm2020-sales"), (PURCHASES, "cumcm2020-purchases")])


def test_all_726_010_rows_are_accounted_for(invoices: Any) -> None:
    counts = invoices.counts()
    assert counts == [
        ("A2_302_output_invoices.csv.gz", 301_776, 1_745, 27_314, 0),
        ("A2_302_input_invoices.csv.gz", 373_383, 4_681, 17_111, 0),
    ]
    assert sum(sum(numbers) for _, *numbers in counts) == 726_010


def test_void_invoices_count_for_nothing_and_negative_ones_are_credit_notes(
    invoices: Any, rows_of: Any
) -> None:
    valid: set[tuple[str, ...]] = set()
    void: set[tuple[str, ...]] = set()
    for file in (SALES, PURCHASES):
        for row in rows_of(file):
            *words, status = (value.strip() for value in row.values())
            (valid if status == "有效发票" else void).add((file, *words))
    negative = sum(1 for row in valid - void if float(row[-1]) < 0)
    assert invoices.by_kind(END) == {
        "invoice": len(valid - void) - negative,
        "credit_note": negative,
    }
    assert (len(valid - void), negative, len(void)) == (675_149, 9_073, 44_430)


def test_firms_and_counterparties(invoices: Any) -> None:
    cut = invoices.book.cut(END)
    refs = [row["ref"] for row in invoices.book.companies(cut).to_pylist()]
    count = {
        scheme: sum(ref.startswith(f"id:cumcm2020.{scheme}:") for ref in refs)
        for scheme in ("firm", "supplier", "customer")
    }
    assert count["firm"] == 302
    assert sum(count.values()) == len(refs) == 72_353


def test_a_firm_is_found_by_its_chinese_name_and_masked_names_do_not_merge(invoices: Any) -> None:
    cut = invoices.book.cut(END)
    (found,) = invoices.book.find("id:cumcm2020.firm:E222", cut)
    assert (found["name"], found["country"]) == ("***数码科技有限公司", "CN")
    assert any(row["ref"] == found["ref"] for row in invoices.book.find("数码科技", cut))


def test_without_due_dates_or_payments_there_is_no_promise_and_no_rating(invoices: Any) -> None:
    assert invoices.outcomes(END) == {}
    assert invoices.book.ratings(as_of=END).num_rows == 0


def test_handing_it_in_again_changes_nothing(invoices: Any) -> None:
    before = [batch.batch_id for batch in invoices.book.batches()]
    assert [receipt.new for receipt in invoices.again()] == [False, False]
    assert [batch.batch_id for batch in invoices.book.batches()] == before
