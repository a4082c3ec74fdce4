"""China's messages of cross-border e-commerce: order, payment, waybill and list, of exports and imports.

Idea: the family is a closed loop. The number of an order means one order on a platform, so its namespace is
the platform's code, `ceb:<ebpCode>`, and order, payment and list meet there; the waybill meets the list by
its number at the carrier, `ceb:<logisticsCode>`. A table says for each element what it becomes.

Worked example: `CEB303Message` with orderNo 7 of platform 33019 is `Said("order", number="7",
namespace="ceb:33019")`; the `CEB403Message` that names order 7 is a `payment` that refers to it.

A consumer is no company: the buyer is known by a hash of its account or identity number, or else by its order
alone, never by name. Times are those of China (+08:00).

Sources: announcements of the General Administration of Customs on the messages CEB303 to CEB622; structure and
codes as public implementations of them have them. No filled sample is public; tests use messages made for them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from tallystick.evidence.formats.customs.tree import Facts, find_all, first, local, moment
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.said import PartySaid, Said

NAMESPACE: Final = "http://www.chinaport.gov.cn/ceb"
_CHINA: Final = "+08:00"
_ACTIONS: Final = {"1": "state", "2": "correct", "3": "retract"}

CURRENCIES: Final = {
    "110": "HKD", "116": "JPY", "121": "MOP", "129": "PHP", "132": "SGD", "133": "KRW", "136": "THB",
    "142": "CNY", "143": "TWD", "300": "EUR", "302": "DKK", "303": "GBP", "326": "NOK", "330": "SEK",
    "331": "CHF", "344": "RUB", "501": "CAD", "502": "USD", "601": "AUD", "609": "NZD",
}  # fmt: skip
"""Currency codes of China Customs -> ISO 4217."""

_OTHERS_HELD: Final = frozenset(str(code) for code in range(500, 600))
RETURNS: Final = {"100": "refused", "120": "accepted", "300": "held", "700": "refused",
                  "800": "released", "899": "released"}  # fmt: skip
"""`returnStatus` -> status; 500 to 599 (inspection, detention) are `held`; any other has none."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How an element is read. `head`: the child that holds the fields, "" for the element itself; `number`,
    `scope`: elements with its own number and with whose numbering that is, the first given being taken;
    `amount`, `moment`: elements; `lines`: child with lines whose `totalPrice` and `qty` add up."""

    kind: str
    head: str
    number: tuple[str, ...]
    scope: tuple[str, ...]
    amount: tuple[str, ...] = ()
    moment: tuple[str, ...] = ("appTime",)
    lines: str = ""


SHAPES: Final = {
    ("Order", "E"): Shape("order", "OrderHead", ("orderNo",), ("ebpCode",), ("goodsValue",)),
    ("Order", "I"): Shape(
        "order", "OrderHead", ("orderNo",), ("ebpCode",), ("acturalPaid", "goodsValue")
    ),
    ("Receipts", "E"): Shape(
        "payment", "", ("payNo",), ("payCode",), ("charge",), ("accountingDate", "appTime")
    ),
    ("Payment", "I"): Shape(
        "payment", "PaymentHead", ("payTransactionId",), ("payCode",), ("amountPaid",),
        ("payTime", "appTime"),
    ),
    ("Logistics", "E"): Shape("shipment", "", ("logisticsNo",), ("logisticsCode",)),
    ("Logistics", "I"): Shape("shipment", "LogisticsHead", ("logisticsNo",), ("logisticsCode",)),
    ("LogisticsStatus", "I"): Shape(
        "transport_event", "", ("guid",), (), (), ("logisticsTime", "appTime")
    ),
    ("Inventory", "E"): Shape(
        "export_declaration", "InventoryHead", ("copNo", "invtNo", "ivtNo"), ("ebcCode",), (),
        ("declTime", "appTime"), "InventoryList",
    ),
    ("Inventory", "I"): Shape(
        "import_declaration", "InventoryHead", ("copNo", "invtNo", "ivtNo"), ("ebcCode",), (),
        ("declTime", "appTime"), "InventoryList",
    ),
    ("InventoryReturn", ""): Shape("customs_event", "", ("guid",), (), (), ("returnTime",)),
}  # fmt: skip
"""(element, E of an export message, I of an import one, "" of either) -> how it is read."""

MESSAGES: Final = {
    "CEB303": "E", "CEB403": "E", "CEB505": "E", "CEB603": "E", "CEB604": "E",
    "CEB311": "I", "CEB411": "I", "CEB511": "I", "CEB513": "I", "CEB621": "I", "CEB622": "I",
}  # fmt: skip
"""Messages that are read -> direction."""

ELEMENTS: Final = tuple(dict.fromkeys(name for name, _ in SHAPES))


def read_ceb(element: Element, direction: str) -> Said | None:
    """What one element of a message says; None for an element that is none of those that are read."""
    name = local(element)
    shape = SHAPES.get((name, direction)) or SHAPES.get((name, ""))
    if shape is None:
        return None
    head = next(iter(find_all(element, shape.head)), element) if shape.head else element
    facts = Facts(head)
    at = moment(facts.take("happened_at", *shape.moment), _CHINA)
    said = Said(
        shape.kind,
        action=_ACTIONS.get(facts.text("appType") or "1", "state"),
        number=facts.take("number", *shape.number),
        namespace=_scope(facts.text(*shape.scope)) if shape.scope else "ceb",
        happened_at=at,
        amount=facts.take("amount", *shape.amount) if shape.amount else None,
        note=facts.text("note", "goodsInfo", "returnInfo"),
    )
    if shape.kind not in ("payment", "transport_event", "customs_event") and at:
        said.issued_on = at[:10]
    if said.amount:
        said.currency = _currency(facts.text("currency"))
    if shape.lines:
        _add_up(said, element, shape.lines, facts)
    said.parties = _parties(facts, shape.kind)
    said.references = _references(facts, shape.kind, direction)
    _finish(said, facts)
    said.places = facts.places
    return said


def _scope(code: str | None) -> str:
    return f"ceb:{code}" if code else "ceb"


def _currency(code: str | None) -> str | None:
    return CURRENCIES.get(code or "", code)


def _add_up(said: Said, element: Element, lines: str, facts: Facts) -> None:
    """The declared value and quantity: the sums of the lines where all are of one currency and one unit."""
    rows = find_all(element, lines)
    prices = [first(row, "totalPrice") for row in rows]
    counts = [first(row, "qty") for row in rows]
    currencies = {first(row, "currency") for row in rows}
    units = {first(row, "unit") for row in rows}
    if rows and len(currencies) == 1 and all(prices):
        said.amount, said.currency = _sum(prices), _currency(currencies.pop())
        facts.at("amount", rows[0], f"{lines}/totalPrice")
    if rows and len(units) == 1 and all(counts):
        said.quantity, said.unit = _sum(counts), units.pop()
        facts.at("quantity", rows[0], f"{lines}/qty")


def _sum(texts: list[str | None]) -> str | None:
    try:
        return format(sum((Decimal(text or "0") for text in texts), Decimal(0)), "f")
    except InvalidOperation:
        return texts[0]


_FIRMS: Final = {
    "seller": ("ebcCode", "ebcName"),
    "platform": ("ebpCode", "ebpName"),
    "bank": ("payCode", "payName"),
    "carrier": ("logisticsCode", "logisticsName"),
    "issuer": ("agentCode", "agentName"),
}
_PERSON: Final = ("buyerRegNo", "buyerIdNumber", "payerIdNumber")


def _parties(facts: Facts, kind: str) -> dict[str, PartySaid]:
    found: dict[str, PartySaid] = {}
    for role, (code_name, name_name) in _FIRMS.items():
        code, name = facts.take(role, code_name), facts.take(role, name_name)
        if code or name:
            found[role] = PartySaid(name, "CN", [_firm_id(code)] if code else [])
    buyer = _buyer(facts) if kind in ("order", "payment", "import_declaration") else None
    if buyer:
        found["buyer"] = buyer
    return found


def _firm_id(code: str) -> tuple[str, str]:
    """A company by its unified code of 18 characters, or its 10 of registration with customs."""
    return ("cn.uscc", code) if len(code) == 18 else ("id:cn.customs", code)


def _buyer(facts: Facts) -> PartySaid | None:
    """The consumer as a pseudonym: a hash of its account on the platform or of its identity number, which is
    never kept; where neither is given, whoever placed this order."""
    platform = facts.text("ebpCode") or ""
    for name in _PERSON:
        text = facts.take("buyer", name)
        if text and "*" not in text:  # masked, it is of many
            scope = platform if name == "buyerRegNo" else "person"
            digest = hashlib.sha256(f"{scope}\x1f{text}".encode()).hexdigest()[:32]
            return PartySaid(ids=[("id:ceb.buyer", digest)])
    order = facts.take("buyer", "orderNo")
    return PartySaid(ids=[("id:ceb.buyer-of-order", f"{platform}:{order}")]) if order else None


def _references(facts: Facts, kind: str, direction: str) -> list[tuple[str, str, str | None]]:
    found: list[tuple[str, str, str | None]] = []
    order, waybill = facts.text("orderNo"), facts.text("logisticsNo")
    if order and kind != "order":
        found.append(("order", order, _scope(facts.text("ebpCode"))))
    if waybill and kind != "shipment":
        found.append(("shipment", waybill, _scope(facts.text("logisticsCode"))))
    if kind == "customs_event":
        declared = "import_declaration" if direction == "I" else "export_declaration"
        number = facts.text("copNo", "invtNo")
        found += [(declared, number, _scope(facts.text("ebcCode")))] if number else []
    if found:
        facts.take("references", "orderNo", "logisticsNo", "copNo", "invtNo")
    return found


def _finish(said: Said, facts: Facts) -> None:
    """What a code says: money has moved, goods are signed for, customs has let them go."""
    if said.kind == "payment":
        said.status = "settled"
    elif said.kind == "transport_event":
        code = facts.take("status", "logisticsStatus")
        said.status, said.reason = ("delivered" if code == "S" else None), code
    elif said.kind == "customs_event":
        code = facts.take("status", "returnStatus") or ""
        said.status = "held" if code in _OTHERS_HELD else RETURNS.get(code)
        said.reason = code or None
