"""UBL documents that others wrote: the OASIS chain, Peppol billing, the ZUGFeRD corpus.

Skipped, saying so, where the samples are absent (`../shared/samples` or TALLYSTICK_SAMPLES).
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.ubl import looks_like_ubl, read_ubl
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", _ROOT.parent / "shared" / "samples"))
OASIS = SAMPLES / "trade" / "ubl-oasis"
FOLDERS = [OASIS, SAMPLES / "trade" / "peppol-billing", SAMPLES / "trade" / "zugferd-corpus"]


def files(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.xml"))
    if not found:
        pytest.skip(f"no sample files in {folder}; set TALLYSTICK_SAMPLES")
    return found


def read(path: Path) -> list[Said | Reject]:
    return list(read_ubl(path.read_bytes(), path.name))


def said(name: str) -> Said:
    files(OASIS)
    (item,) = read(OASIS / f"UBL-{name}.xml")
    assert isinstance(item, Said)
    return item


def refs(item: Said) -> list[tuple[str, str]]:
    return [ref[:2] for ref in item.references]


# document, kind, number, amount, currency, seller, buyer, references
CHAIN = [
    (
        "RequestForQuotation-2.0-Example",
        "rfq",
        "G867B",
        None,
        None,
        "The Terminus",
        "contract GHJ76849",
    ),
    ("Quotation-2.0-Example", "quotation", "QIY7655", "107.50", "GBP", "The Terminus", "rfq G867B"),
    ("Order-2.0-Example", "order", "AEG012345", "100.00", "GBP", "IYT Corporation", ""),
    (
        "OrderResponseSimple-2.0-Example",
        "order_confirmation",
        "66890-9-09",
        None,
        None,
        "IYT Corporation",
        "order AEG012345",
    ),
    (
        "DespatchAdvice-2.0-Example",
        "dispatch",
        "565899",
        None,
        None,
        "IYT Corporation",
        "order AEG012345",
    ),
    (
        "ReceiptAdvice-2.0-Example",
        "receipt",
        "658398",
        None,
        None,
        "IYT Corporation",
        "order AEG012345, dispatch 565899",
    ),
    (
        "Invoice-2.0-Example",
        "invoice",
        "A00095678",
        "107.50",
        "GBP",
        "IYT Corporation",
        "order AEG012345",
    ),
    (
        "RemittanceAdvice-2.0-Example",
        "remittance",
        "6577884",
        "107.50",
        "GBP",
        "IYT Corporation",
        "invoice A00095678",
    ),
    (
        "CreditNote-2.0-Example",
        "credit_note",
        "CN758494",
        "107.50",
        "GBP",
        "IYT Corporation",
        "invoice A00095678",
    ),
    (
        "Statement-2.0-Example",
        "statement",
        "JUL2005-07758990",
        "-107.50",
        "GBP",
        "IYT Corporation",
        "credit_note CN758494",
    ),
    (
        "Waybill-2.0-Example-International",
        "shipment",
        "KHN23-44044-1",
        "1500.00",
        "USD",
        "IYT Corporation",
        "order AEG012345, booking KHN23-44044",
    ),
]


@pytest.mark.parametrize("row", CHAIN, ids=[row[1] for row in CHAIN])
def test_the_oasis_chain(row: tuple[str | None, ...]) -> None:
    item = said(str(row[0]))
    links = ", ".join(" ".join(ref) for ref in refs(item))
    assert (item.kind, item.number, item.amount, item.currency) == row[1:5]
    assert (item.parties["seller"].name, item.parties["buyer"].name, links) == (
        "Consortial",
        *row[5:],
    )


def test_details_of_the_chain() -> None:
    quotation, order = said("Quotation-2.0-Example"), said("Order-2.0-Example")
    assert (quotation.due_on, quotation.deliver_on) == ("2005-07-20", "2005-06-29")
    assert (order.deliver_on, order.quantity, order.unit) == ("2005-06-29", "100", "KGM")
    assert order.parties["issuer"].name == quotation.parties["buyer"].name == "The Terminus"
    despatch, receipt = said("DespatchAdvice-2.0-Example"), said("ReceiptAdvice-2.0-Example")
    assert (despatch.due_on, despatch.quantity) == ("2005-06-21", "90")
    assert (receipt.status, receipt.quantity) == ("short", "90")
    assert receipt.happened_at == "2005-06-20T11:30:00.0Z"
    assert said("OrderResponseSimple-2.0-Example").status == "accepted"
    cancelled = said("FulfilmentCancellation-2.1-Example")
    assert (cancelled.kind, cancelled.action, cancelled.number) == ("receipt", "retract", "658398")
    assert said("TransportationStatus-2.1-Example").status == "damaged"


def test_seven_renderings_of_one_invoice_are_equal() -> None:
    files(OASIS)
    found = [path for path in OASIS.glob("UBL-Invoice-2.0-*.xml") if "Signature" not in path.name]
    assert len(found) == 7
    first, *others = [
        replace(item, source="", places={}) if isinstance(item, Said) else item
        for path in found
        for item in read(path)
    ]
    assert isinstance(first, Said) and (first.due_on, first.terms) == ("2005-07-21", "open_account")
    assert len(others) == 6 and all(other == first for other in others)
    assert canonicalise([first, *others], Contributor("c")).repeated == 6


def test_traps_of_the_chain() -> None:
    local, abroad = said("Order-2.0-Example"), said("Order-2.0-Example-International")
    assert local.number == abroad.number
    assert (abroad.amount, abroad.currency, abroad.incoterm) == ("1000.00", "USD", None)
    sevens = {
        said(f"{name}-2.1-Example").kind: said(f"{name}-2.1-Example").number
        for name in ("OrderChange", "OrderResponse", "OrderCancellation", "OrderResponseSimple")
    }
    assert sevens == {"order_change": "7", "order_confirmation": "7", "order_cancellation": "7"}
    old, new = said("Quotation-2.0-Example"), said("Quotation-2.1-Example")
    assert (old.number, old.references) == (new.number, new.references)
    assert old.parties != new.parties


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_every_file_is_said_or_rejected_with_a_reason(folder: Path) -> None:
    for path in files(folder):
        items = read(path)
        assert items, path.name
        for item in items:
            assert item.source == path.name
            if isinstance(item, Reject):
                assert item.rule and item.message and item.fix
        if any(isinstance(item, Said) for item in items):
            assert looks_like_ubl(path.read_bytes()[:4_000]), path.name


def test_what_becomes_of_the_oasis_files() -> None:
    items = [item for path in files(OASIS) for item in read(path)]
    rules = Counter(item.rule for item in items if isinstance(item, Reject))
    assert rules == {
        "not-of-the-loop": len(items) - 1 - sum(isinstance(i, Said) for i in items),
        "not-ubl": 1,
    }
    assert sum(isinstance(item, Said) for item in items) == 40
    checked = canonicalise([i for i in items if isinstance(i, Said)], Contributor("oasis"))
    assert checked.rejects.to_pylist() == []
    assert (checked.documents.num_rows, checked.repeated) == (34, 6)


@pytest.mark.parametrize("folder", FOLDERS[1:], ids=[folder.name for folder in FOLDERS[1:]])
def test_bills_of_europe_pass_the_rules(folder: Path) -> None:
    items = [item for path in files(folder) for item in read(path)]
    bills = [item for item in items if isinstance(item, Said)]
    assert len(bills) >= 27
    assert {bill.kind for bill in bills} <= {"invoice", "credit_note", "refund_approval"}
    assert canonicalise(bills, Contributor("c")).rejects.to_pylist() == []
    assert all(bill.amount and bill.currency and "seller" in bill.parties for bill in bills)


_SEEDS = sorted(OASIS.glob("*Example*.xml"))[::6]


@pytest.mark.skipif(not _SEEDS, reason=f"no sample files in {OASIS}; set TALLYSTICK_SAMPLES")
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_SEEDS or [Path()]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=5)), max_size=5),
    st.floats(0, 1),
)
def test_mutilated_files_never_raise(
    path: Path, edits: list[tuple[float, bytes]], keep: float
) -> None:
    data = path.read_bytes()
    for place, patch in edits:
        at = int(place * len(data))
        data = data[:at] + patch + data[at + len(patch) :]
    for item in read_ubl(data[: int(keep * len(data))] if keep < 0.9 else data, path.name):
        assert isinstance(item, Said | Reject)
