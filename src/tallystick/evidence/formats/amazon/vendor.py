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
from tallystick.evidence.said import Said

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


def read_purchase_order(order: Record, pointer: str) -> Said:
    """An order of the marketplace to a vendor. Its value is known where all is ordered by the piece."""
    told = value_at(order, "/orderDetails")
    items = many(told, "/items") or many(order, "/items")
    said = Said(
        "order",
        number=text_at(order, "/purchaseOrderNumber"),
        namespace=NAMESPACE,
        issued_on=day(text_at(told, "/purchaseOrderDate")),
        due_on=latest(value_at(told, "/shipWindow") or value_at(order, "/shipWindow")),
        deliver_on=latest(value_at(told, "/deliveryWindow") or value_at(order, "/deliveryWindow")),
        happened_at=text_at(told, "/purchaseOrderDate"),
        incoterm=_INCOTERMS.get(text_at(told, "/importDetails/internationalCommercialTerms") or ""),
        reason=text_at(order, "/purchaseOrderState"),
    )
    said.amount, said.currency = _value(items)
    said.quantity, said.unit = _quantity(items, "/orderedQuantity")
    _put_party(said, told, "seller", "/sellingParty")
    _put_party(said, told, "buyer", "/buyingParty")
    said.places = {
        "number": f"{pointer}/purchaseOrderNumber",
        "issued_on": f"{pointer}/orderDetails/purchaseOrderDate",
        "seller": f"{pointer}/orderDetails/sellingParty",
        "buyer": f"{pointer}/orderDetails/buyingParty",
    }
    return said


def _put_party(said: Said, holder: object, role: str, pointer: str) -> None:
    found = party(value_at(holder, pointer))
    if found:
        said.parties[role] = found


def _value(items: list[Record]) -> tuple[str | None, str | None]:
    """Net cost by the piece times pieces; nothing where goods come in cases, whose cost may be of either."""
    lines, currencies = [], set()
    for item in items:
        cost, currency = money(value_at(item, "/netCost"))
        count = text_at(item, "/orderedQuantity/amount")
        if text_at(item, "/orderedQuantity/unitOfMeasure") != "Eaches" or not count or not cost:
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


def read_shipment(shipment: Record, pointer: str) -> Said:
    """A vendor's confirmation that goods left it."""
    items = many(shipment, "/shippedItems")
    orders = [text_at(item, "/itemDetails/purchaseOrderNumber") for item in items]
    orders += [
        text_at(order, "/purchaseOrderNumber") for order in many(shipment, "/purchaseOrders")
    ]
    said = Said(
        "dispatch",
        number=text_at(shipment, "/shipmentIdentifier", "/vendorShipmentIdentifier"),
        issued_on=day(text_at(shipment, "/shipmentConfirmationDate", "/transactionDate")),
        due_on=day(text_at(shipment, "/estimatedDeliveryDate")),
        happened_at=text_at(
            shipment, "/shippedDate", "/shipmentConfirmationDate", "/transactionDate"
        ),
        references=[("order", n, NAMESPACE) for n in dict.fromkeys(orders) if n],
    )
    _put_party(said, shipment, "seller", "/sellingParty")
    _put_party(said, shipment, "buyer", "/shipToParty")
    said.quantity, said.unit = _quantity(items, "/shippedQuantity")
    said.places = {
        "number": f"{pointer}/shipmentIdentifier",
        "happened_at": f"{pointer}/shippedDate",
        "seller": f"{pointer}/sellingParty",
        "references": f"{pointer}/shippedItems",
    }
    return said
