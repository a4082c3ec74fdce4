"""Rows of a deal by hand, for the tests of its timeline."""

from __future__ import annotations

from typing import Any

from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Batch, Contributor
from tallystick.rating import Policy
from tallystick.report import DealMaterial
from tallystick.report.material import Made

SELLER, BUYER, CARRIER = 11, 22, 33
NAMES = {SELLER: "Sun Lamps", BUYER: "Harbour", CARRIER: "Polar Line"}
DAY = 20_000
"""2024-10-04"""

BATCHES = {
    version: Batch(version, f"{name}-batch", Contributor(name, kind), f"{name}.csv", 0, 1, 0, 0, 0)
    for version, name, kind in ((1, "shop", "marketplace"), (2, "bank", "bank"))
}


def document(kind: str, day: int | None, number: str | None = None, **more: Any) -> dict[str, Any]:
    """A row of `reporting.documents_in`, `day` days after DAY, told by the shop in row 7."""
    number = f"{kind[:2]}-1" if number is None else number
    named = [{"kind": k, "number": n, "namespace": None} for k, n in more.pop("names", ())]
    row: dict[str, Any] = dict.fromkeys((*ROLES, "item", "amount_minor", "currency", "unit"))
    row |= dict.fromkeys(("quantity_milli", "status", "reason", "due_day", "deliver_day", "thread"))
    row |= {"kind": kind, "day": None if day is None else DAY + day, "number": number or None}
    row |= {"doc_id": f"{kind}/{number}/{day}/{sorted(more.items())}", "deal": 5, "mask": 4}
    row |= {"own": hash((kind, number)) & 0xFFFFFF, "link_ppm": 1_000_000, "references": named}
    row |= {"seller": SELLER, "buyer": BUYER, "source": "orders.csv", "row": 7, "version": 1}
    row |= {"places": None} | more
    for name in ("due_day", "deliver_day"):
        row[name] = None if row[name] is None else DAY + row[name]
    return row


def promise(
    kind: str, outcome: str, made: int, due: int | None, done: int | None, **more: Any
) -> dict[str, Any]:
    """A row of PROMISE; days count from DAY."""
    made_day, due_day, done_day = (None if d is None else DAY + d for d in (made, due, done))
    late = None if done is None else max(done - (done if due is None else due), 0)
    return {
        "deal": 5, "item": 0, "kind": kind, "promisor": SELLER, "promisee": BUYER, "made_day": made_day,
        "first_due_day": due_day, "due_day": due_day, "revisions": 0, "done_day": done_day,
        "matured_day": due_day, "outcome": outcome, "late_days": late, "kept_ppm": 1_000_000,
        "fault": None, "value_minor": 10_000, "currency": "GBP", "mask": 4, "anchored": 0, "witness": 1,
        "strength_ppm": 350_000, "link_ppm": 1_000_000,
    } | more  # fmt: skip


def a_break(
    kind: str, between: str, expected: int | None, found: int | None, unit: str | None, **more: Any
) -> dict[str, Any]:
    """A row of `deals.breaks`."""
    told = {"deal": 5, "kind": kind, "between_kinds": between, "caused_by": ""}
    return told | {"expected": expected, "found": found, "unit": unit} | more


def inferred(doc: dict[str, Any], rule: str, ppm: int, b: int, **more: Any) -> dict[str, Any]:
    """A row of INFERRED that placed a document."""
    told = {
        "a": 1,
        "b": b,
        "weak": 1,
        "ppm": ppm,
        "rule": rule,
        "seller": SELLER,
        "doc_id": doc["doc_id"],
    }
    return told | {"item": None, "part_minor": None, "part_currency": None, "tie": True} | more


def deal(
    documents: list[dict[str, Any]],
    promises: list[dict[str, Any]] | None = None,
    breaks: list[dict[str, Any]] | None = None,
    links: list[dict[str, Any]] | None = None,
    names: dict[int, str] | None = None,
) -> DealMaterial:
    """The material of a deal as of 60 days after DAY."""
    made = Made(DAY + 60, None, Policy(), "rates", "0", "cut")
    return DealMaterial(
        5, documents, promises or [], breaks or [], links or [], names or NAMES, BATCHES, made
    )


def chain() -> DealMaterial:
    """Order, dispatch three days late, a bill that is too high, told twice, and money that names nothing."""
    order = document(
        "order", 0, "PO-7", amount_minor=10_000, currency="GBP", quantity_milli=4000, unit="EA",
        due_day=10, issuer=BUYER, thread=70,
    )  # fmt: skip
    sent = document(
        "dispatch", 13, "DN-1", quantity_milli=3000, unit="EA", names=[("order", "PO-7")]
    )
    bill = document(
        "invoice", 13, "INV-9", amount_minor=10_750, currency="GBP", own=90, thread=70,
        names=[("order", "PO-7"), ("contract", "C-1"), ("deal", "T-1")], due_day=43,
        places="amount=MOA 14\x1enumber=BGM 2\x1edue_on=DTM 9",
    )  # fmt: skip
    again = {
        **bill,
        "doc_id": "again",
        "version": 2,
        "source": "bank.xml",
        "row": None,
        "places": None,
    }
    money = document(
        "payment", 40, "P-1", amount_minor=10_700, currency="GBP", status="settled", version=2
    )
    return deal(
        [money, again, bill, sent, order],
        [
            promise(
                "pay", "partial", 13, 43, 40, kept_ppm=995_000, promisor=BUYER, promisee=SELLER
            ),
            promise("dispatch", "late", 0, 10, 13, fault="seller"),
        ],
        [
            a_break("amount", "order and invoice", 10_000, 10_750, "GBP", caused_by="seller"),
            a_break("missing document", "invoice and contract", None, None, "C-1"),
            a_break("quantity", "order and dispatch", 4000, 3000, "EA"),
        ],
        [inferred(money, "payment-less-fees", 700_000, 70, item=90)],
    )
