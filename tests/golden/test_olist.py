"""Olist: the seller's hand-over and the carrier's delivery are promises of different parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tallystick.evidence.links import link_key

FOLDER = "olist_sample_bravida/olist_"
ITEMS = f"{FOLDER}order_items_dataset.csv"
ORDERS = f"{FOLDER}orders_dataset.csv"
END = date(2018, 10, 17)
CUT = date(2018, 4, 15)
DELIVERED_WEIGHT = 18.7
"""How many delivered orders of the marketplace one of the sample stands for."""


@pytest.fixture(scope="module")
def olist(golden: Callable[..., Any]) -> Any:
    return golden(
        [
            (ITEMS, "olist-orders"),
            (ORDERS, "olist-carrier"),
            (f"{FOLDER}order_payments_dataset.csv", "olist-payments"),
            (f"{FOLDER}order_reviews_dataset.csv", "olist-reviews"),
        ]
    )


@pytest.fixture(scope="module")
def orders(rows_of: Any) -> dict[int, dict[str, str]]:
    """Deal -> row of the orders file, with the limit that its seller was given."""
    limits = {row["order_id"]: row["shipping_limit_date"] for row in rows_of(ITEMS)}
    return {
        link_key("deal", "olist", row["order_id"]): row | {"limit": limits.get(row["order_id"], "")}
        for row in rows_of(ORDERS)
    }


@pytest.fixture(scope="module")
def promises(olist: Any) -> list[dict[str, Any]]:
    return list(olist.promises(END))


def test_every_row_becomes_its_documents(olist: Any) -> None:
    assert olist.counts() == [
        ("olist_order_items_dataset.csv", 8_914, 0, 0, 0),
        ("olist_orders_dataset.csv", 17_847, 0, 0, 0),
        ("olist_order_payments_dataset.csv", 8_763, 0, 0, 0),
        ("olist_order_reviews_dataset.csv", 8_225, 0, 0, 0),
    ]
    assert olist.by_kind(END) == {
        "order": 8_365,
        "order_cancellation": 549,
        "transport_event": 11_523,
        "shipment": 6_324,
        "payment": 8_763,
        "review": 8_223,  # two were answered after that day
    }


def test_outcomes(olist: Any) -> None:
    """No `pay`: customers paid before the goods left, so nobody was given credit."""
    assert olist.outcomes(END) == {
        "dispatch": {"kept": 6_037, "late": 387, "broken": 623, "excused": 386},
        "arrive": {"kept": 4_827, "late": 292, "broken": 1_176, "excused": 29},
        "conform": {"kept": 5_240},
    }


def test_a_hand_over_is_late_where_the_file_says_so_whatever_the_carrier_did_next(
    promises: list[dict[str, Any]], orders: dict[int, dict[str, str]]
) -> None:
    checked = 0
    for promise in promises:
        order = orders[promise["deal"]]
        if promise["kind"] == "dispatch" and order["order_delivered_carrier_date"]:
            handed, limit = order["order_delivered_carrier_date"][:10], order["limit"][:10]
            days = (date.fromisoformat(handed) - date.fromisoformat(limit)).days
            assert promise["late_days"] == max(days, 0)
            assert promise["outcome"] == ("late" if days > 0 else "kept")
            assert (promise["strength_ppm"], promise["anchored"]) == (850_000, 1)
            checked += 1
    assert checked == 6_424


def test_a_carriers_delay_is_never_the_sellers_fault(
    promises: list[dict[str, Any]], orders: dict[int, dict[str, str]]
) -> None:
    by_deal = {(p["deal"], p["kind"]): p for p in promises}
    delayed = 0
    for deal, order in orders.items():
        arrive, sent = by_deal.get((deal, "arrive")), by_deal.get((deal, "dispatch"))
        if not (arrive and sent and sent["outcome"] == "kept" and arrive["done_day"]):
            continue
        arrived = order["order_delivered_customer_date"][:10]
        if arrived > order["order_estimated_delivery_date"][:10]:
            assert (arrive["outcome"], arrive["fault"]) == ("late", "carrier")
            assert sent["fault"] is None
            delayed += 1
    assert delayed == 262


def test_a_delay_that_a_late_hand_over_explains_is_not_the_carriers(
    promises: list[dict[str, Any]],
) -> None:
    excused = [p for p in promises if p["kind"] == "arrive" and p["outcome"] == "excused"]
    handed = {p["deal"]: p["late_days"] for p in promises if p["kind"] == "dispatch"}
    assert {p["fault"] for p in excused} == {"seller"}
    assert all(0 < p["late_days"] <= handed[p["deal"]] for p in excused)


def test_several_sellers_of_one_order_are_judged_apart(promises: list[dict[str, Any]]) -> None:
    sellers: dict[int, set[int]] = {}
    for promise in promises:
        if promise["kind"] == "dispatch":
            sellers.setdefault(promise["deal"], set()).add(promise["promisor"])
    counts = [len(members) for members in sellers.values()]
    assert (counts.count(1), counts.count(2), counts.count(3)) == (7_289, 69, 2)


def test_items_of_one_seller_add_up(promises: list[dict[str, Any]], rows_of: Any) -> None:
    total = sum(
        round(100 * (float(r["price"]) + float(r["freight_value"]))) for r in rows_of(ITEMS)
    )
    assert sum(p["value_minor"] for p in promises if p["kind"] == "dispatch") == total


def test_a_cancelled_order_is_held_against_nobody_unless_the_goods_were_not_there(
    promises: list[dict[str, Any]], orders: dict[int, dict[str, str]]
) -> None:
    for promise in promises:
        order = orders[promise["deal"]]
        if promise["kind"] == "dispatch" and not order["order_delivered_carrier_date"]:
            status = order["order_status"]
            assert (promise["outcome"] == "excused") == (status == "canceled")
            assert (promise["fault"] == "seller") == (status != "canceled")


def test_customers_stand_under_pseudonyms(olist: Any) -> None:
    companies = olist.book.companies(olist.book.cut(END)).to_pylist()
    named = {row["name"] for row in companies if row["name"]}
    assert named == {"Olist", "Olist's carriers"}
    assert {row["ref"].rsplit(":", 1)[0] for row in companies} == {
        "id:olist.seller",
        "id:olist.customer",
        "id:olist.carrier",
        "id:olist.platform",
    }


def test_late_rate_of_the_sample_and_of_the_marketplace(
    promises: list[dict[str, Any]], orders: dict[int, dict[str, str]]
) -> None:
    """The sample holds every undelivered order but one delivered order in 18.7."""
    raw = [0.0, 0.0]
    weighted = [0.0, 0.0]
    for promise in promises:
        if promise["kind"] == "dispatch" and promise["outcome"] != "excused":
            delivered = orders[promise["deal"]]["order_status"] == "delivered"
            weight = DELIVERED_WEIGHT if delivered else 1.0
            kept = promise["outcome"] == "kept"
            raw[kept] += 1
            weighted[kept] += weight
    assert raw[0] / sum(raw) == pytest.approx(0.1433, abs=0.0001)
    assert weighted[0] / sum(weighted) == pytest.approx(0.0633, abs=0.0001)


@pytest.mark.parametrize(
    ("seller", "kept", "late", "broken", "grade"),
    [
        ("6560211a19b47992c3666cc44a7e94c0", 135, 0, 3, "B"),
        ("7a67c85e85bb2ce8582c35f2203ad736", 86, 0, 0, "B"),
        ("80e6699fe29150b372a0c8a1ebf7dcc8", 9, 0, 0, "B"),
        ("06a2c3af7b3aee5d69171b0e14f0ee87", 8, 10, 0, "C"),
        ("4342d4b2ba6b161468c63a7e7cfce593", 0, 0, 18, "C"),
        ("81f89e42267213cb94da7ddc301651da", 2, 0, 0, "B"),
    ],
)
def test_named_sellers(
    olist: Any, seller: str, kept: int, late: int, broken: int, grade: str
) -> None:
    found = olist.rating(END, f"id:olist.seller:{seller}", "dispatch")
    assert (found["n_kept"], found["n_late"], found["n_broken"]) == (kept, late, broken)
    assert found["grade"] == grade


def test_handing_it_in_again_changes_nothing(olist: Any) -> None:
    before = olist.book.ratings(as_of=END)
    assert [receipt.new for receipt in olist.again()] == [False] * 4
    assert olist.book.ratings(as_of=END).equals(before)


def test_ratings_of_april_foresee_who_hands_over_late_after_it(olist: Any) -> None:
    auc, promises = olist.foresight("dispatch", CUT, END, lambda p: p["outcome"] != "kept")
    assert promises == 1_897
    assert auc >= 0.65
