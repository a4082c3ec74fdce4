"""Transactions of a seller's account with the marketplace: money held, released and refunded.

Worked example: a transaction `Shipment` that is `RELEASED` is an `escrow_release` of the platform to the
seller for the order that it names; while it is `DEFERRED` it is an `escrow_hold`.
"""

from __future__ import annotations

from typing import Final

from tallystick.evidence.formats.amazon.fields import NAMESPACE, PLATFORM, many, money
from tallystick.evidence.formats.amazon.fields import seller as seller_of
from tallystick.evidence.formats.jsonpaths import Record, text_at, value_at
from tallystick.evidence.said import Reject, Said

_SALES: Final = frozenset({"Shipment", "Order", "ProductSale"})
_HELD: Final = frozenset({"DEFERRED"})


def read_transaction(transaction: Record, pointer: str) -> Said | Reject:
    """What a transaction says; a `Reject` for fees, transfers and the like."""
    kind = text_at(transaction, "/transactionType") or ""
    names = {
        text_at(item, "/relatedIdentifierName"): text_at(item, "/relatedIdentifierValue")
        for item in many(transaction, "/relatedIdentifiers")
    }
    refund = "Refund" in kind
    order = names.get("ORDER_ID")
    if not order or not (refund or kind in _SALES):
        return Reject(None, None, "transactionType", "not-of-the-loop",
                      f"a transaction {kind[:40]!r} {'of no order ' if not order else ''}is no sale",
                      "leave it out; sales and refunds of orders are read")  # fmt: skip
    amount, currency = money(value_at(transaction, "/totalAmount"))
    held = (text_at(transaction, "/transactionStatus") or "").upper() in _HELD
    sold_by = seller_of(text_at(transaction, "/sellingPartnerMetadata/sellingPartnerId"))
    said = Said(
        "refund" if refund else ("escrow_hold" if held else "escrow_release"),
        number=text_at(transaction, "/transactionId"),
        namespace=NAMESPACE,
        happened_at=text_at(transaction, "/postedDate"),
        amount=amount.removeprefix("-") if refund and amount else amount,
        currency=currency,
        reason=kind,
        parties={"platform": PLATFORM} | ({"seller": sold_by} if sold_by else {}),
        references=[("order", order, NAMESPACE)],
    )
    said.places = {
        "amount": f"{pointer}/totalAmount",
        "happened_at": f"{pointer}/postedDate",
        "references": f"{pointer}/relatedIdentifiers",
        "seller": f"{pointer}/sellingPartnerMetadata",
    }
    return said
