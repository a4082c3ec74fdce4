"""What exports of marketplaces and firms look like: rows of an order, several sellers, losses in part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Derive = Callable[..., dict[str, dict[str, Any]]]

ROWS = (
    "2024-01-06 order O1/1 ->deal:D1 due=2024-02-01 amount=100 USD quantity=10 unit=EA\n"
    "2024-01-06 order O1/2 ->deal:D1 due=2024-02-01 amount=50 USD quantity=5 unit=EA\n"
)
ORDER = "2024-01-06 order O1 due=2024-02-01 deliver=2024-03-01 amount=100 USD quantity=10 unit=EA\n"
BOUND = "2024-02-05 shipment W1 ->order:O1 carrier=FastShip due=2024-03-01 by=carrier\n"
EVENT = "{} transport_event E{} ->order:O1 carrier=FastShip status={} by=carrier\n"


def test_rows_of_one_order_add_up(promises: Derive) -> None:
    found = promises(
        ROWS + "2024-01-20 dispatch V1 ->deal:D1 by=seller\n"
        "2024-01-30 receipt T1 ->deal:D1 quantity=12 unit=EA by=buyer"
    )
    assert found["dispatch"]["value_minor"] == 15_000
    assert (found["deliver"]["outcome"], found["deliver"]["kept_ppm"]) == ("partial", 800_000)


def test_an_order_that_two_tell_is_one_order(promises: Derive) -> None:
    found = promises(ORDER + ORDER.strip() + " by=buyer\n2024-01-20 dispatch V1 ->order:O1")
    assert found["dispatch"]["value_minor"] == 10_000


def test_a_receipt_counts_for_the_seller_that_it_names(promises: Derive) -> None:
    other = ROWS.splitlines()[1].replace("O1/2", "O1/2 seller=Rival") + "\n"
    found = promises(
        ROWS.splitlines()[0]
        + "\n"
        + other
        + "2024-01-30 receipt T1 ->deal:D1 quantity=10 unit=EA by=buyer\n"
        + "2024-01-31 receipt T2 ->deal:D1 seller=Rival quantity=2 unit=EA by=buyer"
    )
    shares = {found[kind]["kept_ppm"] for kind in ("deliver", "deliver2")}
    assert shares == {1_000_000, 400_000}


def test_where_nothing_came_nothing_is_said_of_its_quality(promises: Derive) -> None:
    found = promises(ORDER + "2024-02-20 receipt T1 ->order:O1 quantity=0 unit=EA by=buyer")
    assert found["deliver"]["outcome"] == "broken"
    assert not {"conform", "receive"}.intersection(found)


def test_that_a_carrier_brought_the_goods_says_nothing_of_what_they_are(promises: Derive) -> None:
    found = promises(ORDER + EVENT.format("2024-02-20", 1, "delivered"))["conform"]
    assert (found["outcome"], found["anchored"], found["strength_ppm"]) == ("kept", 0, 150_000)


def test_a_late_hand_over_that_alone_explains_the_delay_excuses_the_carrier(
    promises: Derive,
) -> None:
    taken = EVENT.format("2024-02-05", 1, "collected")
    found = promises(ORDER + taken + BOUND + EVENT.format("2024-03-04", 2, "delivered"))
    assert (found["dispatch"]["outcome"], found["dispatch"]["late_days"]) == ("late", 4)
    assert (found["arrive"]["outcome"], found["arrive"]["fault"]) == ("excused", "seller")


def test_a_delay_longer_than_the_late_hand_over_is_the_carriers(promises: Derive) -> None:
    taken = EVENT.format("2024-02-05", 1, "collected")
    found = promises(ORDER + taken + BOUND + EVENT.format("2024-03-06", 2, "delivered"))["arrive"]
    assert (found["outcome"], found["fault"]) == ("late", "carrier")


def test_a_date_that_the_carrier_gave_at_the_hand_over_binds_it(promises: Derive) -> None:
    own_date = BOUND.replace("due=2024-03-01", "due=2024-02-28")
    taken = EVENT.format("2024-02-05", 1, "collected")
    found = promises(ORDER + taken + own_date + EVENT.format("2024-03-01", 2, "delivered"))
    assert (found["arrive"]["outcome"], found["arrive"]["fault"]) == ("late", "carrier")


@pytest.mark.parametrize(
    ("lost", "outcome", "kept_ppm"), [(7, "partial", 930_000), (2, "kept", 1_000_000)]
)
def test_what_was_lost_on_the_way_is_broken_in_that_part(
    promises: Derive, lost: int, outcome: str, kept_ppm: int
) -> None:
    sent = BOUND.replace(" due", " quantity=100 unit=EA due")
    harm = EVENT.format("2024-02-20", 9, "lost").replace(" by", f" quantity={lost} unit=EA by")
    found = promises(ORDER + sent + EVENT.format("2024-02-20", 1, "delivered") + harm)["arrive"]
    assert (found["outcome"], found["kept_ppm"]) == (outcome, kept_ppm)


def test_a_credit_note_that_names_no_invoice_counts_for_the_only_one(promises: Derive) -> None:
    found = promises(
        ORDER
        + "2024-02-03 invoice I1 ->order:O1 due=2024-03-04 amount=100 USD terms=open_account by=seller\n"
        + "2024-02-20 credit_note C1 ->order:O1 amount=100 USD by=seller"
    )["pay"]
    assert (found["outcome"], found["fault"]) == ("excused", "seller")
