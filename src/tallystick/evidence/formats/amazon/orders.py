"""Orders of a marketplace's sellers: the answer of the orders interface, of 2026-01-01 and of version 0.

Worked example: an order with `fulfillmentStatus` `SHIPPED` and one package is an `order` with the last day of
shipping as `due_on`, and a `dispatch` of that package on the day of its `shipTime`.

The answer does not say whose orders these are: the caller knows. Who stores it writes `sellingPartnerId`
beside the orders; without it an order has no seller and is refused, saying so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tallystick.evidence.formats.amazon.fields import (
    NAMESPACE,
    PLATFORM,
    buyer,
    day,
    latest,
    many,
    money,
    seller,
    total,
)
from tallystick.evidence.formats.jsonpaths import Record, text_at, value_at
from tallystick.evidence.said import PartySaid, Reject, Said


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a version of the interface keeps what matters, as JSON pointers within an order."""

    number: str
    made: str
    changed: str
    total: str
    status: str
    ship: str
    deliver: str
    company: str
    mail: str
    country: str
    own: str
    place: str
    items: str = "/orderItems"
    count: str = "/quantityOrdered"


NEW: Final = Shape(
    "/orderId", "/createdTime", "/lastUpdatedTime", "/proceeds/grandTotal",
    "/fulfillment/fulfillmentStatus", "/fulfillment/shipByWindow", "/fulfillment/deliverByWindow",
    "/buyer/buyerCompanyName", "/buyer/buyerEmail", "/recipient/deliveryAddress/countryCode",
    "/buyer/buyerPurchaseOrderNumber", "/salesChannel/marketplaceId",
)  # fmt: skip
OLD: Final = Shape(
    "/AmazonOrderId", "/PurchaseDate", "/LastUpdateDate", "/OrderTotal", "/OrderStatus",
    "/LatestShipDate", "/LatestDeliveryDate", "/ShippingAddress/CompanyName",
    "/BuyerInfo/BuyerEmail", "/ShippingAddress/CountryCode", "/PurchaseOrderNumber",
    "/MarketplaceId",
)  # fmt: skip

NOTICE: Final = Shape(
    "/AmazonOrderId", "/Summary/PurchaseDate", "/OrderChangeTrigger/TimeOfOrderChange", "",
    "/Summary/OrderStatus", "/Summary/LatestShipDate", "/Summary/LatestDeliveryDate",
    "", "", "", "", "/Summary/MarketplaceId", "/Summary/OrderItems", "/Quantity",
)  # fmt: skip
"""A notification of the marketplace that an order changed; it says whose the order is."""

_CANCELLED: Final = frozenset({"CANCELLED", "CANCELED"})
_BY: Final = {"MERCHANT": "seller", "BUYER": "buyer", "AMAZON": "platform"}


def read_order(order: Record, pointer: str, owner: str | None) -> Iterator[Said | Reject]:
    """The order, its cancellation where it is off, and the dispatch of each package."""
    shape = (NOTICE if "Summary" in order else OLD) if "AmazonOrderId" in order else NEW
    number = text_at(order, shape.number)
    sold_by = seller(text_at(order, "/sellingPartnerId", "/SellerId") or owner)
    if sold_by is None or number is None:
        missing = "sellingPartnerId" if number else shape.number.strip("/")
        yield Reject(None, None, missing, "amazon-seller-missing",
                     f"the order does not say {'whose it is' if number else 'its number'}",
                     'write "sellingPartnerId" with the merchant token beside the orders')  # fmt: skip
        return
    said = _order(order, shape, number, sold_by)
    said.places = _places(said, shape, pointer)
    yield said
    if (text_at(order, shape.status) or "").upper() in _CANCELLED:
        yield _cancellation(order, shape, said, pointer)
    for n, package in enumerate(many(order, "/packages")):
        yield _dispatch(package, said, f"{pointer}/packages/{n}", n)


def _order(order: Record, shape: Shape, number: str, sold_by: PartySaid) -> Said:
    amount, currency = money(value_at(order, shape.total))
    made = text_at(order, shape.made)
    own = text_at(order, shape.own)
    country = text_at(order, shape.country)
    bought_by = buyer(text_at(order, shape.company), country, text_at(order, shape.mail), number)
    quantity = total(text_at(item, shape.count) for item in many(order, shape.items))
    return Said(
        "order",
        number=number,
        namespace=NAMESPACE,
        issued_on=day(made),
        due_on=latest(value_at(order, shape.ship)),
        deliver_on=latest(value_at(order, shape.deliver)),
        happened_at=made,
        amount=amount,
        currency=currency,
        quantity=quantity if quantity != "0" else None,
        note=f"buyer's own number {own}" if own else None,
        parties={"seller": sold_by, "buyer": bought_by, "platform": PLATFORM},
    )


def _places(said: Said, shape: Shape, pointer: str) -> dict[str, str]:
    stands = {
        "number": shape.number,
        "issued_on": shape.made,
        "happened_at": shape.made,
        "due_on": shape.ship,
        "deliver_on": shape.deliver,
        "amount": shape.total,
        "quantity": shape.items,
        "buyer": shape.mail,
    }
    return {n: pointer + p for n, p in stands.items() if getattr(said, n, True)}


def _cancellation(order: Record, shape: Shape, said: Said, pointer: str) -> Said:
    """Who called it off, where the lines say so and agree."""
    by = {
        text_at(item, "/cancellation/cancellationExecution/cancelledBy")
        for item in many(order, "/orderItems")
    }
    role = _BY.get(next(iter(by)) or "") if len(by) == 1 else None
    parties = {n: said.parties[n] for n in ("seller", "buyer", "platform")}
    return Said(
        "order_cancellation",
        number=said.number,
        namespace=NAMESPACE,
        happened_at=text_at(order, shape.changed) or said.happened_at,
        reason=text_at(order, shape.status),
        parties=parties | ({"issuer": said.parties[role]} if role else {}),
        references=[("order", said.number or "", NAMESPACE)],
        places={"number": pointer + shape.number, "happened_at": pointer + shape.changed},
    )


def _dispatch(package: Record, order: Said, pointer: str, n: int) -> Said:
    reference = text_at(package, "/packageReferenceId") or str(n + 1)
    carrier, tracking = text_at(package, "/carrier"), text_at(package, "/trackingNumber")
    quantity = total(text_at(item, "/quantity") for item in many(package, "/packageItems"))
    said = Said(
        "dispatch",
        number=f"{order.number}/{reference}",  # in no namespace: so the waybill is the carrier's
        happened_at=text_at(package, "/shipTime", "/createdTime"),
        quantity=quantity if quantity != "0" else None,
        reason=text_at(package, "/packageStatus/status"),
        parties={n: order.parties[n] for n in ("seller", "buyer", "platform")},
        references=[("order", order.number or "", NAMESPACE)],
        places={"happened_at": f"{pointer}/shipTime", "number": f"{pointer}/packageReferenceId"},
    )
    if carrier:
        said.parties["carrier"] = PartySaid(carrier)
        if tracking:
            said.references.append(("shipment", tracking, None))
            said.places["references"] = f"{pointer}/trackingNumber"
    return said
