"""Stored answers of the selling partner interfaces to `Said` and `Reject`.

Nothing here raises for what a file holds. A file that breaks off yields what stood before, and a reject.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

from tallystick.evidence.formats.amazon.finances import read_transaction
from tallystick.evidence.formats.amazon.orders import read_order
from tallystick.evidence.formats.amazon.vendor import (
    read_invoice,
    read_purchase_order,
    read_shipment,
)
from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.jsonfile import open_json
from tallystick.evidence.formats.jsonpaths import text_at, value_at
from tallystick.evidence.said import Reject, Said

_LISTS: Final = {
    name: (f"/payload/{name}", f"/{name}")
    for name in (
        "orders",
        "Orders",
        "transactions",
        "invoices",
        "shipmentConfirmations",
        "shipments",
    )
}
_MARKS: Final = (
    (b'"AmazonOrderId"',),
    (b'"orderId"', b'"salesChannel"'),
    (b'"sellingPartnerMetadata"', b'"transactionType"'),
    (b'"purchaseOrderNumber"', b'"orderDetails"'),
    (b'"invoiceType"', b'"remitToParty"'),
    (b'"shipmentConfirmationType"',),
    (b'"vendorShipmentIdentifier"',),
)
_FIX: Final = (
    "send answers of the interfaces for orders, finances, or vendor orders, shipments and invoices"
)


def looks_like_amazon(head: bytes) -> bool:
    """Whether the first bytes of a file (some thousands) are those of an answer of these interfaces."""
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return begin[:1] in (b"{", b"[") and any(all(m in begin for m in marks) for marks in _MARKS)


def read_amazon(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What an answer says; `row` counts its statements from 1. `source` must be able to seek."""
    return framed(_items(source), name, ("the file holds no record", _FIX))


def _items(source: IO[bytes]) -> Iterator[Said | Reject]:
    opened = open_json(source, _LISTS)
    owner = text_at(opened.head, "/sellingPartnerId")
    for pointer, record in map(_unwrapped, opened.records):
        found = _of_record(record, pointer, owner)
        yield from (found,) if isinstance(found, Said | Reject) else found


_WRAPPERS: Final = (
    "/Payload/OrderChangeNotification",
    "/payload/order",
    "/payload/Order",
    "/order",
    "/payload",
    "/data",
)
"""Where an answer about one record, a notification, or a store's own wrapper keeps it."""


def _unwrapped(found: tuple[str, Any]) -> tuple[str, Any]:
    pointer, record = found
    inner = ((at, value_at(record, at)) for at in _WRAPPERS)
    at, held = next(((at, held) for at, held in inner if isinstance(held, dict)), ("", record))
    return pointer + at, held


def _of_record(
    record: Any, pointer: str, owner: str | None
) -> Said | Reject | Iterator[Said | Reject]:
    if not isinstance(record, dict):
        message = f"a record is an object, not {type(record).__name__}"
    elif "OrderItems" in record and "PurchaseDate" not in record:
        message = "the items of an order say nothing without the order itself"
    elif "AmazonOrderId" in record or "orderId" in record:
        return read_order(record, pointer, owner)
    elif "transactionType" in record and "relatedIdentifiers" in record:
        return read_transaction(record, pointer)
    elif "purchaseOrderNumber" in record:
        return read_purchase_order(record, pointer)
    elif "invoiceType" in record:
        return read_invoice(record, pointer)
    elif "shipmentIdentifier" in record or "vendorShipmentIdentifier" in record:
        return read_shipment(record, pointer)
    else:
        message = "the record is of none of the interfaces that are read"
    return Reject(None, None, None, "amazon-record-unknown", message, _FIX)
