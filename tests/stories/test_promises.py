"""What became of it: each test is a little ledger and the promises that a trader would read off it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Derive = Callable[..., dict[str, dict[str, Any]]]

ORDER = "2024-01-06 order O1 due=2024-02-01 deliver=2024-03-01 amount=100 USD quantity=10 unit=EA\n"
INVOICE = (
    "2024-02-03 invoice I1 ->order:O1 due=2024-03-04 amount=100 USD terms=open_account by=seller\n"
)
SENT = "2024-01-30 dispatch D1 ->order:O1 quantity=10 unit=EA by=seller\n"
DELIVERED = (
    "2024-02-20 transport_event E1 ->order:O1 carrier=FastShip status=delivered by=carrier\n"
)

CASES = [
    ("pay", "paid before the date", ORDER + INVOICE
     + "2024-03-01 payment P1 ->invoice:I1 amount=100 USD by=bank", "kept", 0),
    ("pay", "paid nine days late", ORDER + INVOICE
     + "2024-03-13 payment P1 ->invoice:I1 amount=100 USD by=bank", "late", 9),
    ("pay", "never paid", ORDER + INVOICE, "broken", None),
    ("pay", "paid in two parts, the second in time", ORDER + INVOICE
     + "2024-02-10 payment P1 ->invoice:I1 amount=40 USD by=bank\n"
     + "2024-03-04 payment P2 ->invoice:I1 amount=60 USD by=bank", "kept", 0),
    ("pay", "paid 40 of 100", ORDER + INVOICE
     + "2024-02-10 payment P1 ->invoice:I1 amount=40 USD by=bank", "partial", None),
    ("pay", "half a per cent kept by the banks", ORDER + INVOICE
     + "2024-02-10 payment P1 ->invoice:I1 amount=99.50 USD by=bank", "kept", 0),
    ("pay", "credited in full, nothing owed", ORDER + INVOICE
     + "2024-02-20 credit_note C1 ->invoice:I1 amount=100 USD by=seller", "excused", None),
    ("pay", "paid, then the money came back", ORDER + INVOICE
     + "2024-02-10 payment P1 ->invoice:I1 amount=100 USD by=bank\n"
     + "2024-02-12 payment_return R1 ->invoice:I1 amount=100 USD by=bank", "broken", None),
    ("pay", "unpaid while a complaint is open", ORDER + INVOICE
     + "2024-02-20 dispute X1 ->order:O1 issuer=Shop reason=QUA", "disputed", None),
    ("pay", "rejected by the bank is not paid", ORDER + INVOICE
     + "2024-03-01 payment P1 ->invoice:I1 amount=100 USD status=rejected by=bank", "broken", None),
    ("dispatch", "sent in time", ORDER + SENT, "kept", 0),
    ("dispatch", "sent late", ORDER
     + "2024-02-05 dispatch D1 ->order:O1 by=seller", "late", 4),
    ("dispatch", "never sent", ORDER, "broken", None),
    ("dispatch", "the carrier's word comes before the seller's", ORDER + SENT
     + "2024-02-04 transport_event E0 ->order:O1 carrier=FastShip status=collected by=carrier",
     "late", 3),
    ("dispatch", "ready in time, carrier came late for it", ORDER + SENT
     + "2024-01-20 booking B1 ->order:O1 carrier=FastShip due=2024-01-31 by=carrier\n"
     + "2024-02-04 transport_event E0 ->order:O1 carrier=FastShip status=collected by=carrier",
     "excused", 3),
    ("dispatch", "called off by the buyer", ORDER
     + "2024-01-10 order_cancellation K1 ->order:O1 issuer=Shop", "excused", None),
    ("dispatch", "called off by the seller", ORDER
     + "2024-01-10 order_cancellation K1 ->order:O1 issuer=Maker", "broken", None),
    ("dispatch", "the buyer moves the date", ORDER
     + "2024-01-20 order_change OC1 ->order:O1 due=2024-02-10\n"
     + "2024-02-08 dispatch D1 ->order:O1 by=seller", "kept", 0),
    ("dispatch", "the seller moves its own date: the first one counts", ORDER
     + "2024-01-08 order_confirmation F1 ->order:O1 status=accepted due=2024-02-01 by=seller\n"
     + "2024-01-25 order_confirmation F2 ->order:O1 status=amended due=2024-02-20 by=seller\n"
     + "2024-02-15 dispatch D1 ->order:O1 by=seller", "late", 14),
    ("deliver", "the whole quantity", ORDER + SENT
     + "2024-02-20 receipt T1 ->order:O1 quantity=10 unit=EA by=buyer", "kept", 0),
    ("deliver", "seven of ten", ORDER + SENT
     + "2024-02-20 receipt T1 ->order:O1 quantity=7 unit=EA status=short by=buyer", "partial", 0),
    ("deliver", "nothing", ORDER
     + "2024-02-20 receipt T1 ->order:O1 quantity=0 unit=EA by=buyer", "broken", 0),
    ("conform", "no complaint in the window", ORDER + SENT + DELIVERED, "kept", 0),
    ("conform", "a failed inspection", ORDER + SENT + DELIVERED
     + "2024-02-21 inspection S1 ->order:O1 status=failed by=inspector", "broken", 0),
    ("conform", "a complaint that is still open", ORDER + SENT + DELIVERED
     + "2024-02-25 dispute X1 ->order:O1 issuer=Shop reason=QUA", "disputed", 0),
    ("conform", "a complaint that was rejected", ORDER + SENT + DELIVERED
     + "2024-02-25 dispute X1 ->order:O1 issuer=Shop reason=QUA\n"
     + "2024-03-25 dispute_ruling Y1 ->order:O1 status=rejected", "kept", 0),
    ("claim", "a complaint that was rejected", ORDER + SENT + DELIVERED
     + "2024-02-25 dispute X1 ->order:O1 issuer=Shop reason=QUA\n"
     + "2024-03-25 dispute_ruling Y1 ->order:O1 status=rejected", "broken", 0),
    ("arrive", "late in port", ORDER + SENT
     + "2024-02-01 shipment W1 ->order:O1 carrier=FastShip due=2024-02-15 by=carrier\n" + DELIVERED,
     "late", 5),
    ("arrive", "held by customs", ORDER + SENT
     + "2024-02-01 shipment W1 ->order:O1 carrier=FastShip due=2024-02-15 by=carrier\n" + DELIVERED
     + "2024-02-14 customs_event Z1 ->order:O1 status=held by=customs", "excused", 5),
    ("declare", "declared as invoiced", ORDER + INVOICE
     + "2024-02-03 export_declaration X9 ->order:O1 amount=100 USD by=customs", "kept", 0),
    ("declare", "declared at half the price", ORDER + INVOICE
     + "2024-02-03 export_declaration X9 ->order:O1 amount=50 USD by=customs", "broken", 0),
    ("declare_import", "the importer declares half",
     ORDER + INVOICE + "2024-02-21 import_declaration X8 ->order:O1 amount=50 USD by=customs",
     "broken", 0),
    ("respond", "answered in time", "2024-01-01 rfq R1 due=2024-01-10\n"
     + "2024-01-05 quotation Q1 ->rfq:R1 due=2024-01-20 amount=100 USD", "kept", 0),
    ("respond", "not answered", "2024-01-01 rfq R1 due=2024-01-10", "broken", None),
    ("quote", "withdrawn while it held", "2024-01-05 quotation Q1 due=2024-01-20 amount=100 USD\n"
     + "2024-01-10 quotation_withdrawal V1 ->quotation:Q1", "broken", 0),
    ("quote", "price raised after the order", "2024-01-05 quotation Q1 due=2024-01-20 amount=100 USD\n"
     + "2024-01-06 order O1 ->quotation:Q1 due=2024-02-01 amount=100 USD\n"
     + "2024-01-08 order_confirmation F1 ->order:O1 status=amended amount=120 USD", "broken", 0),
    ("settle", "claim answered late",
     "2024-01-05 claim L1 insurer=Cover due=2024-02-05 amount=50 USD by=insurer\n"
     + "2024-02-15 claim_settlement M1 ->claim:L1 insurer=Cover status=paid amount=50 USD by=insurer",
     "late", 10),
    ("remit", "the bank pays in time",
     "2024-01-05 payment_instruction N1 bank=Bank due=2024-01-08 amount=50 USD by=buyer\n"
     + "2024-01-07 payment P1 ->payment_instruction:N1 amount=50 USD by=bank", "kept", 0),
    ("release_goods", "the store lets go in time",
     "2024-01-05 release_order G1 warehouse=Store due=2024-01-08 by=buyer\n"
     + "2024-01-07 warehouse_release H1 ->release_order:G1 warehouse=Store by=warehouse", "kept", 0),
    ("hold", "a tenth is missing",
     "2024-01-05 warehouse_receipt G1 warehouse=Store quantity=100 unit=EA by=warehouse\n"
     + "2024-03-07 stock_count H1 ->warehouse_receipt:G1 warehouse=Store quantity=90 unit=EA by=inspector",
     "partial", 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "what", "ledger", "outcome", "late"), CASES, ids=[c[1] for c in CASES]
)
def test_outcome(
    promises: Derive, kind: str, what: str, ledger: str, outcome: str, late: int | None
) -> None:
    found = promises(ledger)[kind]
    assert (found["outcome"], found["late_days"]) == (outcome, late)


def test_a_carriers_delay_is_not_the_sellers_fault(promises: Derive) -> None:
    found = promises(
        ORDER
        + SENT
        + "2024-02-01 shipment W1 ->order:O1 carrier=FastShip due=2024-02-10 by=carrier\n"
        + DELIVERED
    )
    assert found["dispatch"]["outcome"] == "kept"
    assert found["arrive"]["outcome"] == "late"
    assert found["arrive"]["fault"] == "carrier"
    assert found["arrive"]["promisor"] != found["dispatch"]["promisor"]


@pytest.mark.parametrize("terms", ["prepaid", "card", "escrow", "sight_credit"])
def test_punctuality_counts_only_where_credit_was_given(promises: Derive, terms: str) -> None:
    ledger = ORDER + INVOICE.replace("open_account", terms)
    assert "pay" not in promises(ledger)


def test_the_first_date_is_kept_beside_the_new_one(promises: Derive) -> None:
    found = promises(
        ORDER
        + "2024-01-20 order_change OC1 ->order:O1 due=2024-02-10\n"
        + "2024-02-08 dispatch D1 ->order:O1 by=seller"
    )["dispatch"]
    assert found["due_day"] - found["first_due_day"] == 9
    assert found["revisions"] == 1


@pytest.mark.parametrize(
    ("sources", "strength"),
    [
        (["seller"], 150_000),
        (["marketplace"], 350_000),
        (["seller", "buyer"], 350_000),
        (["bank"], 850_000),
        (["bank", "customs"], 1_000_000),
    ],
)
def test_strength_of_evidence(promises: Derive, sources: list[str], strength: int) -> None:
    paid = "\n".join(
        f"2024-03-01 payment P{n} ->invoice:I1 amount=50 USD by={who}"
        for n, who in enumerate(sources, 1)
    )
    ledger = ORDER + INVOICE.replace("amount=100", f"amount={50 * len(sources)}") + paid
    assert promises(ledger)["pay"]["strength_ppm"] == strength


def test_an_accusation_that_stays_unanswered_gains_weight(promises: Derive) -> None:
    fresh = promises(ORDER + INVOICE, as_of="2024-03-10")["pay"]
    assert (fresh["outcome"], fresh["strength_ppm"]) == ("broken", 150_000)


def test_open_until_it_is_due(promises: Derive) -> None:
    assert promises(ORDER + INVOICE, as_of="2024-03-04")["pay"]["outcome"] == "open"


def test_the_same_number_of_two_buyers_is_two_deals(promises: Derive) -> None:
    other = ORDER.replace("order O1", "order O1 buyer=Other")
    found = promises(ORDER + other + SENT)
    assert {found["dispatch"]["outcome"], found["dispatch2"]["outcome"]} == {"kept", "broken"}


def test_a_correction_replaces_what_it_corrects_whichever_comes_first(promises: Derive) -> None:
    paid = "2024-03-04 payment P1 ->invoice:I1 amount=80 USD by=bank"
    fixed = INVOICE.replace("2024-02-03", "2024-02-05").replace(
        "=100 USD", "=80 USD action=correct"
    )
    assert promises(ORDER + fixed + INVOICE + paid)["pay"]["outcome"] == "kept"


def test_a_retracted_document_is_as_if_never_sent(promises: Derive) -> None:
    taken_back = INVOICE.replace("2024-02-03", "2024-02-06").replace(
        " terms", " action=retract terms"
    )
    assert "pay" not in promises(ORDER + INVOICE + taken_back)
