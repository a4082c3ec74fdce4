"""Retail procurement: the marketplace as buyer, its orders, and the vendor's dispatches and invoices.

Worked example: an invoice of 24 July with `netDueDays` 30 is an `invoice` on open account, to be paid by
23 August, that names the purchase orders of its lines.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from tallystick.evidence.formats.amazon.fields import (
    NAMESPACE,
    day,
    latest,
    many,
    money,
    party,
    total,
)
from tallystick.evidence.formats.jsonpaths import Record, text_at, value_at
from tallystick.evidence.said import PartySaid, Reject, Said

_INCOTERMS: Final = {
    "ExWorks": "EXW",
    "FreeCarrier": "FCA",
    "FreeOnBoard": "FOB",
    "FreeAlongSideShip": "FAS",
    "CostAndFreight": "CFR",
    "CostInsuranceAndFreight": "CIF",
    "CarriagePaidTo": "CPT",
    "CarriageAndInsurancePaidTo": "CIP",
    "DeliveredAtPlace": "DAP",
    "DeliverDutyPaid": "DDP",
    "DeliveredDutyPaid": "DDP",
}


_DIRECT: Final = "/shipmentDetails/shipmentDates"
"""Where an order of direct fulfillment keeps its days."""

_MADE: Final = ("/purchaseOrderDate", "/orderDate")


def read_purchase_order(order: Record, pointer: str) -> Said:
    """An order of the marketplace to a vendor, for its own stock or (direct fulfillment) to a consumer. Its
    value is known where all is ordered by the piece."""
    told = value_at(order, "/orderDetails")
    items = many(told, "/items") or many(order, "/items")
    made = next((at for at in _MADE if text_at(told, at)), _MADE[0])
    ship = value_at(told, "/shipWindow") or value_at(order, "/shipWindow")
    arrive = value_at(told, "/deliveryWindow") or value_at(order, "/deliveryWindow")
    said = Said(
        "order",
        number=text_at(order, "/purchaseOrderNumber"),
        namespace=NAMESPACE,
        issued_on=day(text_at(told, made)),
        due_on=latest(ship) or day(text_at(told, f"{_DIRECT}/requiredShipDate")),
        deliver_on=latest(arrive) or day(text_at(told, f"{_DIRECT}/promisedDeliveryDate")),
        happened_at=text_at(told, made),
        incoterm=_INCOTERMS.get(text_at(told, "/importDetails/internationalCommercialTerms") or ""),
        reason=text_at(order, "/purchaseOrderState") or text_at(told, "/orderStatus"),
    )
    said.amount, said.currency = _value(items)
    said.quantity, said.unit = _quantity(items, "/orderedQuantity")
    _put_party(said, told, "seller", "/sellingParty")
    buyer = next((at for at in _BUYERS if value_at(told, at)), _BUYERS[0])
    _put_party(said, told, "buyer", buyer)
    said.places = {
        "number": f"{pointer}/purchaseOrderNumber",
        "issued_on": f"{pointer}/orderDetails{made}",
        "seller": f"{pointer}/orderDetails/sellingParty",
        "buyer": f"{pointer}/orderDetails{buyer}",
    }
    return said


_BUYERS: Final = ("/buyingParty", "/billToParty")


def _put_party(said: Said, holder: object, role: str, pointer: str) -> None:
    found = party(value_at(holder, pointer))
    if found:
        said.parties[role] = found


_PIECES: Final = ("Eaches", "Each")


def _value(items: list[Record]) -> tuple[str | None, str | None]:
    """Net cost by the piece times pieces; nothing where goods come in cases, whose cost may be of either."""
    lines, currencies = [], set()
    for item in items:
        cost, currency = money(value_at(item, "/netCost") or value_at(item, "/netPrice"))
        count = text_at(item, "/orderedQuantity/amount")
        unit = text_at(item, "/orderedQuantity/unitOfMeasure")
        if unit not in _PIECES or not count or not cost:
            return None, None
        product = _times(cost, count)
        if product is None:
            return None, None
        lines.append(product)
        currencies.add(currency)
    return (total(lines), currencies.pop()) if len(currencies) == 1 else (None, None)


def _times(cost: str, count: str) -> str | None:
    try:
        product = Decimal(cost) * Decimal(count)
    except InvalidOperation:
        return None
    return format(product, "f") if product.is_finite() else None


def _quantity(items: list[Record], pointer: str) -> tuple[str | None, str | None]:
    units = {text_at(item, f"{pointer}/unitOfMeasure") for item in items}
    if len(units) != 1:
        return None, None
    return total(text_at(item, f"{pointer}/amount") for item in items), units.pop()


def read_invoice(invoice: Record, pointer: str) -> Said:
    """A vendor's invoice or credit note."""
    issued, days = day(text_at(invoice, "/date")), text_at(invoice, "/paymentTerms/netDueDays")
    orders = (text_at(item, "/purchaseOrderNumber") for item in many(invoice, "/items"))
    credit = text_at(invoice, "/invoiceType") == "CreditNote"
    amount, currency = money(value_at(invoice, "/invoiceTotal"))
    said = Said(
        "credit_note" if credit else "invoice",
        number=text_at(invoice, "/id"),
        issued_on=issued,
        due_on=None if credit else _later(issued, days),
        amount=amount,
        currency=currency,
        terms="open_account" if days and not credit else None,
        references=[("order", n, NAMESPACE) for n in dict.fromkeys(orders) if n],
    )
    _put_party(said, invoice, "seller", "/remitToParty")
    _put_party(said, invoice, "buyer", "/billToParty")
    said.quantity, said.unit = _quantity(many(invoice, "/items"), "/invoicedQuantity")
    said.places = {
        "number": f"{pointer}/id",
        "issued_on": f"{pointer}/date",
        "due_on": f"{pointer}/paymentTerms",
        "amount": f"{pointer}/invoiceTotal",
        "seller": f"{pointer}/remitToParty",
        "buyer": f"{pointer}/billToParty",
        "references": f"{pointer}/items",
    }
    return said


def _later(issued: str | None, days: str | None) -> str | None:
    try:
        return (date.fromisoformat(issued or "") + timedelta(days=int(days or "x"))).isoformat()
    except (ValueError, OverflowError):
        return None


_WAITING: Final = frozenset({"Created", "TransportationRequested", "CarrierAssigned"})
"""States of a shipment in which the goods are still where they were."""

_CARRIAGE: Final = "/transportationDetails"
_SCAC: Final = 4
"""Letters of a carrier's code in the list of NMFTA, at most."""


def read_shipment(shipment: Record, pointer: str) -> Said | Reject:
    """A vendor's confirmation that goods left it; a `Reject` where they have not left yet."""
    state = text_at(shipment, "/currentShipmentStatus")
    shipped = text_at(shipment, "/shippedDate", f"{_CARRIAGE}/shippedDate")
    if state in _WAITING and not shipped:
        return Reject(None, None, "currentShipmentStatus", "not-of-the-loop",
                      f"the shipment is {state}: its goods have not left yet",
                      "send it again once it is shipped")  # fmt: skip
    orders = many(shipment, "/purchaseOrders")
    items = many(shipment, "/shippedItems") or [i for o in orders for i in many(o, "/items")]
    numbers = [text_at(item, "/itemDetails/purchaseOrderNumber") for item in items]
    numbers += [text_at(order, "/purchaseOrderNumber") for order in orders]
    told = text_at(shipment, "/shipmentConfirmationDate", "/transactionDate")
    said = Said(
        "dispatch",
        action="retract" if text_at(shipment, "/transactionType") == "Cancel" else "state",
        number=text_at(shipment, "/shipmentIdentifier", "/vendorShipmentIdentifier"),
        issued_on=day(told),
        due_on=day(text_at(shipment, "/estimatedDeliveryDate")),
        happened_at=shipped or told,
        references=[("order", n, NAMESPACE) for n in dict.fromkeys(numbers) if n],
    )
    _put_party(said, shipment, "seller", "/sellingParty")
    _put_party(said, shipment, "buyer", "/shipToParty")
    _put_carriage(said, value_at(shipment, _CARRIAGE))
    said.quantity, said.unit = _quantity(items, "/shippedQuantity")
    first = "shippedItems" if "shippedItems" in shipment else "purchaseOrders"
    own = "shipmentIdentifier" if "shipmentIdentifier" in shipment else "vendorShipmentIdentifier"
    said.places = {
        "number": f"{pointer}/{own}",
        "happened_at": f"{pointer}/shippedDate",
        "seller": f"{pointer}/sellingParty",
        "references": f"{pointer}/{first}",
    }
    if "carrier" in said.parties:
        said.places["carrier"] = f"{pointer}{_CARRIAGE}/carrierDetails"
    return said


def _put_carriage(said: Said, carriage: object) -> None:
    """Who carries the goods, and under which numbers of its own."""
    name = text_at(carriage, "/carrierDetails/name")
    code = text_at(carriage, "/carrierDetails/code", "/carrierScac")
    if not name and not code:
        return
    ids = [("id:nmfta", code)] if code and len(code) <= _SCAC else []
    said.parties["carrier"] = PartySaid(name or code, None, ids)
    numbers = (
        text_at(carriage, "/billOfLadingNumber"),
        text_at(
            carriage, "/carrierDetails/shipmentReferenceNumber", "/carrierShipmentReferenceNumber"
        ),
    )
    said.references += [("shipment", number, None) for number in numbers if number]
