"""Answers of the selling partner interfaces. All records here were made for these tests."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from tests.mutated import mutated, oddly

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.amazon import looks_like_amazon, read_amazon
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

ORDER: dict[str, Any] = {
    "orderId": "123-4567890-1234567",
    "createdTime": "2026-03-05T10:30:00Z",
    "lastUpdatedTime": "2026-03-06T14:45:00Z",
    "salesChannel": {"marketplaceId": "ATVPDKIKX0DER"},
    "buyer": {"buyerName": "Wang Wu", "buyerEmail": "x1@marketplace.amazon.com",
              "buyerPurchaseOrderNumber": "PO-5"},
    "proceeds": {"grandTotal": {"amount": "154.90", "currencyCode": "USD"}},
    "fulfillment": {
        "fulfillmentStatus": "SHIPPED",
        "shipByWindow": {"latestDateTime": "2026-03-07T23:59:59Z"},
        "deliverByWindow": {"latestDateTime": "2026-03-10T23:59:59Z"},
    },
    "orderItems": [{"quantityOrdered": 2}, {"quantityOrdered": 1}],
    "packages": [{"packageReferenceId": "K1", "carrier": "UPS", "shipTime": "2026-03-06T14:00:00Z",
                  "trackingNumber": "1Z9", "packageItems": [{"quantity": 3}]}],
}  # fmt: skip
OLD: dict[str, Any] = {
    "AmazonOrderId": "902-1",
    "PurchaseDate": "2026-03-05T10:30:00Z",
    "LastUpdateDate": "2026-03-06T10:30:00Z",
    "OrderStatus": "Canceled",
    "OrderTotal": {"CurrencyCode": "EUR", "Amount": "11.01"},
    "LatestShipDate": "2026-03-07T23:59:59Z",
}
TRANSACTION: dict[str, Any] = {
    "sellingPartnerMetadata": {"sellingPartnerId": "A3TH"},
    "relatedIdentifiers": [
        {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "123-4567890-1234567"}
    ],
    "transactionType": "Shipment",
    "transactionId": "t-1",
    "transactionStatus": "RELEASED",
    "postedDate": "2026-03-14T03:35:13.214Z",
    "totalAmount": {"currencyAmount": 130.50, "currencyCode": "USD"},
}
PURCHASE: dict[str, Any] = {
    "purchaseOrderNumber": "L8266355",
    "purchaseOrderState": "New",
    "orderDetails": {
        "purchaseOrderDate": "2026-03-01T15:51:00Z",
        "shipWindow": "2026-03-02T07:00:00Z--2026-03-08T07:00:00Z",
        "importDetails": {"internationalCommercialTerms": "ExWorks"},
        "buyingParty": {"partyId": "ABCD"},
        "sellingParty": {"partyId": "999US"},
        "items": [
            {"orderedQuantity": {"amount": 3, "unitOfMeasure": "Eaches"},
             "netCost": {"amount": "346.27", "currencyCode": "USD"}},
        ],
    },
}  # fmt: skip
INVOICE: dict[str, Any] = {
    "invoiceType": "Invoice",
    "id": "0136981234",
    "date": "2026-07-24T21:17:59.821Z",
    "remitToParty": {
        "partyId": "999US",
        "address": {"name": "Maker", "addressLine1": "1 St", "countryCode": "DE"},
        "taxRegistrationDetails": [
            {"taxRegistrationType": "VAT", "taxRegistrationNumber": "DE136695976"}
        ],
    },
    "billToParty": {"partyId": "ABCD"},
    "paymentTerms": {"netDueDays": 30},
    "invoiceTotal": {"currencyCode": "USD", "amount": "1038.81"},
    "items": [{"purchaseOrderNumber": "L8266355",
               "invoicedQuantity": {"amount": 3, "unitOfMeasure": "Eaches"}}],
}  # fmt: skip
SHIPPED: dict[str, Any] = {
    "shipmentIdentifier": "S1",
    "shipmentConfirmationDate": "2026-03-06T12:38:23.388Z",
    "shipmentConfirmationType": "Original",
    "sellingParty": {"partyId": "999US"},
    "shippedItems": [{"shippedQuantity": {"amount": 3, "unitOfMeasure": "Eaches"},
                      "itemDetails": {"purchaseOrderNumber": "L8266355"}}],
}  # fmt: skip


def page(name: str, *records: Any, **more: Any) -> bytes:
    return json.dumps({"payload": {name: list(records)}} | more).encode()


def read(data: bytes) -> list[Said | Reject]:
    return list(read_amazon(io.BytesIO(data), "f"))


def said_of(data: bytes) -> list[Said]:
    items = read(data)
    assert all(isinstance(item, Said) for item in items), items
    assert canonicalise(items, Contributor("c", "firm")).rejects.to_pylist() == []
    return [item for item in items if isinstance(item, Said)]


MINE = json.dumps({"sellingPartnerId": "A3TH", "orders": [ORDER]}).encode()


def test_an_order_and_its_package() -> None:
    order, package = said_of(MINE)
    assert (order.kind, order.number, order.namespace) == ("order", ORDER["orderId"], "amazon")
    assert (order.due_on, order.deliver_on) == ("2026-03-07", "2026-03-10")
    assert (order.amount, order.currency, order.quantity) == ("154.90", "USD", "3")
    assert order.parties["seller"].ids == [("id:amazon.seller", "A3TH")]
    assert order.parties["buyer"].ids[0][0] == "id:amazon.buyer"
    assert "Wang Wu" not in str(order) and "x1@" not in str(order)
    assert order.places["amount"] == "/orders/0/proceeds/grandTotal"
    assert (package.kind, package.happened_at) == ("dispatch", "2026-03-06T14:00:00Z")
    assert package.references == [
        ("order", ORDER["orderId"], "amazon"),
        ("shipment", "1Z9", None),
    ]
    assert package.parties["carrier"].name == "UPS"


def test_a_company_that_buys_is_named_and_a_stranger_is_known_by_the_order() -> None:
    business = ORDER | {"buyer": {"buyerCompanyName": "Smith LLC"}, "sellingPartnerId": "A"}
    assert said_of(page("orders", business))[0].parties["buyer"].name == "Smith LLC"
    nobody = ORDER | {"buyer": {}, "sellingPartnerId": "A"}
    ids = said_of(page("orders", nobody))[0].parties["buyer"].ids
    assert ids == [("id:amazon.buyer-of-order", ORDER["orderId"])]


def test_an_order_of_version_0_that_was_cancelled() -> None:
    order, off = said_of(page("Orders", OLD, sellingPartnerId="A3TH"))
    assert (order.amount, order.due_on) == ("11.01", "2026-03-07")
    assert (off.kind, off.number, off.happened_at) == (
        "order_cancellation", "902-1", "2026-03-06T10:30:00Z",
    )  # fmt: skip
    assert "issuer" not in off.parties


def test_who_called_off_is_said_where_all_lines_agree() -> None:
    def off(*by: str) -> Said:
        items = [{"cancellation": {"cancellationExecution": {"cancelledBy": who}}} for who in by]
        order = ORDER | {"fulfillment": {"fulfillmentStatus": "CANCELLED"}, "orderItems": items}
        found = said_of(page("orders", order | {"sellingPartnerId": "A", "packages": []}))
        return found[1]

    assert off("MERCHANT", "MERCHANT").parties["issuer"].ids == [("id:amazon.seller", "A")]
    assert "issuer" not in off("MERCHANT", "BUYER").parties


def test_an_order_without_its_seller_is_refused() -> None:
    (item,) = read(page("orders", ORDER))
    assert isinstance(item, Reject)
    assert (item.rule, item.field) == ("amazon-seller-missing", "sellingPartnerId")


@pytest.mark.parametrize(
    ("changes", "kind", "amount"),
    [
        ({}, "escrow_release", "130.5"),
        ({"transactionStatus": "DEFERRED"}, "escrow_hold", "130.5"),
        ({"transactionType": "Refund", "totalAmount": {"currencyAmount": -20, "currencyCode": "USD"}},
         "refund", "20"),
    ],
)  # fmt: skip
def test_money_is_held_released_or_refunded(
    changes: dict[str, Any], kind: str, amount: str
) -> None:
    (said,) = said_of(page("transactions", TRANSACTION | changes))
    assert (said.kind, said.amount) == (kind, amount)
    assert said.references == [("order", ORDER["orderId"], "amazon")]
    assert said.parties["seller"].ids == [("id:amazon.seller", "A3TH")]


def test_a_fee_is_no_sale() -> None:
    (item,) = read(page("transactions", TRANSACTION | {"transactionType": "ServiceFee"}))
    assert isinstance(item, Reject) and item.rule == "not-of-the-loop"


def test_the_marketplace_as_buyer_orders_receives_and_is_billed() -> None:
    (order,) = said_of(page("orders", PURCHASE))
    (bill,) = said_of(page("invoices", INVOICE))
    (sent,) = said_of(page("shipmentConfirmations", SHIPPED))
    assert (order.kind, order.number, order.due_on) == ("order", "L8266355", "2026-03-08")
    assert (order.amount, order.incoterm, order.quantity) == ("1038.81", "EXW", "3")
    assert (bill.kind, bill.due_on, bill.terms) == ("invoice", "2026-08-23", "open_account")
    assert bill.parties["seller"].ids == [("id:amazon.party", "999US"), ("vat", "DE136695976")]
    assert bill.parties["buyer"] == order.parties["buyer"]
    assert bill.references == sent.references == [("order", "L8266355", "amazon")]
    assert (sent.kind, sent.quantity) == ("dispatch", "3")


def test_goods_in_cases_have_no_value_that_could_be_wrong() -> None:
    details = PURCHASE["orderDetails"] | {
        "items": [{"orderedQuantity": {"amount": 2, "unitOfMeasure": "Cases", "unitSize": 10},
                   "netCost": {"amount": "1800", "currencyCode": "INR"}}]
    }  # fmt: skip
    assert said_of(page("orders", PURCHASE | {"orderDetails": details}))[0].amount is None


FILES = [
    MINE,
    page("Orders", OLD, sellingPartnerId="A"),
    page("transactions", TRANSACTION),
    page("orders", PURCHASE),
    page("invoices", INVOICE),
    page("shipmentConfirmations", SHIPPED),
]


@settings(max_examples=150, deadline=2000)
@given(mutated(FILES))
def test_nothing_that_a_file_holds_raises(data: bytes) -> None:
    looks_like_amazon(data)
    items = read(data)
    assert items and all(isinstance(item, Said | Reject) for item in items)
    canonicalise(items, Contributor("c", "firm"))


@settings(max_examples=150, deadline=2000)
@given(oddly([json.loads(data) for data in FILES]))
def test_members_of_another_type_are_read_or_refused(data: bytes) -> None:
    canonicalise(read(data), Contributor("c", "firm"))


def test_files_are_recognised_by_content() -> None:
    assert all(looks_like_amazon(data) for data in FILES)
    assert not looks_like_amazon(b'{"orderId": "1"}')


@pytest.mark.parametrize("wrapper", ["payload", "order", "data"])
def test_an_answer_about_one_order_is_read_as_a_page_is(wrapper: str) -> None:
    (order, _), (again, _) = said_of(MINE), said_of(
        json.dumps({wrapper: ORDER, "sellingPartnerId": "A3TH"}).encode()
    )  # fmt: skip
    assert (again.number, again.amount, again.parties) == (
        order.number,
        order.amount,
        order.parties,
    )
    assert again.places["number"] == f"/{wrapper}/orderId"


NOTICE: dict[str, Any] = {
    "NotificationType": "ORDER_CHANGE",
    "EventTime": "2026-01-11T00:09:53.109Z",
    "Payload": {
        "OrderChangeNotification": {
            "SellerId": "A3TH",
            "AmazonOrderId": "903-1",
            "OrderChangeTrigger": {"TimeOfOrderChange": "2026-01-10T00:09:53Z"},
            "Summary": {
                "OrderStatus": "Canceled",
                "PurchaseDate": "2026-01-09T21:04:24Z",
                "DestinationPostalCode": "48110",
                "LatestShipDate": "2026-01-13T07:59:59Z",
                "OrderItems": [{"Quantity": 10}, {"Quantity": 2}],
            },
        }
    },
}


def test_a_notification_says_whose_the_order_is() -> None:
    order, off = said_of(json.dumps(NOTICE).encode())
    assert (order.number, order.issued_on, order.due_on) == ("903-1", "2026-01-09", "2026-01-13")
    assert order.parties["seller"].ids == [("id:amazon.seller", "A3TH")]
    assert order.quantity == "12"
    assert (off.kind, off.happened_at) == ("order_cancellation", "2026-01-10T00:09:53Z")


def test_the_items_of_an_order_are_no_order() -> None:
    told = {"AmazonOrderId": "902-1", "OrderItems": [{"QuantityOrdered": 1}]}
    (item,) = read(json.dumps({"payload": told, "sellingPartnerId": "A3TH"}).encode())
    assert isinstance(item, Reject) and item.rule == "amazon-record-unknown"


@pytest.mark.parametrize("status", ["DEFERRED", "Deferred"])
def test_money_is_held_in_either_spelling(status: str) -> None:
    (item,) = said_of(page("transactions", TRANSACTION | {"transactionStatus": status}))
    assert item.kind == "escrow_hold"


def test_an_order_of_direct_fulfillment_binds_the_marketplace() -> None:
    told = {
        "orderDate": "2026-01-09T21:04:24Z",
        "orderStatus": "NEW",
        "shipmentDetails": {
            "shipmentDates": {
                "requiredShipDate": "2026-01-11T00:00:00Z",
                "promisedDeliveryDate": "2026-01-15T00:00:00Z",
            }
        },
        "sellingParty": {"partyId": "999US"},
        "shipToParty": {"name": "Wang Wu", "countryCode": "US"},
        "billToParty": {"partyId": "5VA3"},
        "items": [
            {
                "orderedQuantity": {"amount": 10, "unitOfMeasure": "Each"},
                "netPrice": {"amount": "10.00", "currencyCode": "USD"},
            }
        ],
    }
    (order,) = said_of(page("orders", {"purchaseOrderNumber": "2JK3", "orderDetails": told}))
    assert (order.issued_on, order.due_on, order.deliver_on) == (
        "2026-01-09", "2026-01-11", "2026-01-15",
    )  # fmt: skip
    assert (order.amount, order.currency, order.quantity) == ("100.00", "USD", "10")
    assert order.parties["buyer"].ids == [("id:amazon.party", "5VA3")]


SENT: dict[str, Any] = {
    "vendorShipmentIdentifier": "00050003",
    "transactionType": "New",
    "transactionDate": "2026-08-07T19:56:45Z",
    "currentShipmentStatus": "Shipped",
    "shippedDate": "2026-08-08T10:00:00Z",
    "sellingParty": {"partyId": "PQRSS"},
    "shipToParty": {"partyId": "ABCDF"},
    "purchaseOrders": [
        {
            "purchaseOrderNumber": "1BBB",
            "items": [{"shippedQuantity": {"amount": 100, "unitOfMeasure": "Eaches"}}],
        }
    ],
    "transportationDetails": {
        "carrierDetails": {"name": "UPS Ground", "shipmentReferenceNumber": "TRACK1"},
        "billOfLadingNumber": "BL1",
    },
}


def test_a_vendors_shipment_names_its_orders_goods_and_carrier() -> None:
    (sent,) = said_of(page("shipments", SENT))
    assert (sent.kind, sent.action, sent.quantity) == ("dispatch", "state", "100")
    assert sent.parties["carrier"].name == "UPS Ground"
    assert sent.references == [
        ("order", "1BBB", "amazon"), ("shipment", "BL1", None), ("shipment", "TRACK1", None),
    ]  # fmt: skip


def test_a_vendors_shipment_that_is_called_off_or_has_not_left() -> None:
    (off,) = said_of(page("shipments", SENT | {"transactionType": "Cancel"}))
    assert (off.action, off.number) == ("retract", "00050003")
    waiting = {k: v for k, v in SENT.items() if k != "shippedDate"}
    (item,) = read(page("shipments", waiting | {"currentShipmentStatus": "CarrierAssigned"}))
    assert isinstance(item, Reject) and item.rule == "not-of-the-loop"
