"""`strike` as a user meets it: found by `explain`, struck, listed, told on re-sending, restored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BILL = {
    "kind": "invoice",
    "number": "I9",
    "issued_on": "2024-02-01",
    "due_on": "2024-03-01",
    "terms": "open_account",
    "amount": "1000",
    "currency": "USD",
    "parties": {
        "seller": {"name": "Bluewhale", "country": "CN", "ids": {"id:shop": "17"}},
        "buyer": {"name": "Nairobi Imports", "country": "KE", "ids": {"id:shop": "b1"}},
    },
}


@pytest.fixture
def book(run: Callable[..., Any]) -> Callable[..., Any]:
    Path("bill.jsonl").write_text(json.dumps(BILL) + "\n", encoding="utf-8")
    assert run("ingest", "bill.jsonl").code == 0
    return run


def test_a_document_is_struck_told_and_restored(book: Callable[..., Any]) -> None:
    text = book("explain", "id:shop:b1/pay", "--json").out
    named = text.split('"doc_id": "')[1][:32]
    assert book("strike").out.strip() == "Nothing was struck."
    why = ("--why", "dispute 17: 已付清", "--by", "Ada")
    done = book("strike", named, "--reason", "wrong_amount", *why, "--json").json
    assert (done["status"], done["doc_ids"]) == ("struck", [named])
    [row] = book("strike", "--json").json["strikes"]
    assert (row["doc_id"], row["reason"], row["by"]) == (named, "wrong_amount", "Ada")
    assert "dispute 17" in book("strike").out
    assert book("explain", "id:shop:b1/pay").code == 1
    Path("again.jsonl").write_text(json.dumps(BILL | {"note": "again"}) + "\n", encoding="utf-8")
    book("ingest", "again.jsonl")
    assert book("explain", "id:shop:b1/pay").code == 1
    assert "It counts" in book("strike", named, "--restore", *why).out
    assert book("explain", "id:shop:b1/pay").code == 0


def test_explain_says_what_was_struck_when_by_whom_and_why(book: Callable[..., Any]) -> None:
    other = BILL | {"number": "OTHER-8", "issued_on": "2024-02-05"}
    Path("other.jsonl").write_text(json.dumps(other) + "\n", encoding="utf-8")
    book("ingest", "other.jsonl")
    assert "were struck" not in book("explain", "id:shop:b1").out
    named = book("explain", "id:shop:b1/pay", "--json").out.split('"doc_id": "')[1][:32]
    book("strike", named, "--reason", "wrong_amount", "--why", "dispute 17", "--by", "Ada")
    told = " ".join(book("explain", "id:shop:b1").out.replace("│", " ").split())
    assert "Documents about it that were struck" in told
    assert "struck by Ada: dispute 17" in told
    assert "已剔除单据" in book("explain", "id:shop:b1", "--lang", "zh").out


def test_a_strike_without_reason_author_or_document_is_refused(book: Callable[..., Any]) -> None:
    assert book("strike", "0" * 32).code == 2
    ran = book("strike", "0" * 32, "--why", "x", "--by", "Ada")
    assert ran.code == 1 and "no document" in ran.err
