"""The kinds of break: which documents disagree about what, how far they may, and who could have caused it.

Idea: most breaks compare two figures of a deal, so they are rows of a table, not code: what is expected, what
is found, and how far one may lie under or over the other. The others have a text of their own (52 to 58). Who
could have caused a break is who made the document, moved the goods or the money, or alone tells of it.

Worked example: 100 kg sent and 90 received is `quantity`, "dispatch and receipt": the carrier or the seller,
and the buyer too where nobody but the buyer says that it was 90.

>>> PAIRS[0].kind, PAIRS[0].between, PAIRS[0].under_ppm, CAUSES["quantity", "dispatch and receipt"]
('amount', 'quotation and order', 20000, 'carrier,seller')
"""

from __future__ import annotations

from typing import Final, NamedTuple

ANY: Final = 10**15
"""A tolerance in ppm that nothing exceeds: only the other side is looked at."""

GOODS: Final = 20_000
"""2 %: what bills, quantities and declared values may differ by in the trade."""

MONEY: Final = 5_000
"""Half of one per cent: what banks take off money on its way."""


class Pair(NamedTuple):
    """Two figures of a deal: the sum of documents of the kind `expects` and of the kind `finds`, of money or
    goods. `deposit`: -1 where what a proforma asked for before may have been taken off, 1 where it may have
    come on top; `credit`: 1 where credit notes come off what is expected; `unless`: a kind of document that,
    where the deal has it, is compared in its place."""

    kind: str
    between: str
    basis: str
    expects: str
    finds: str
    under_ppm: int
    over_ppm: int
    deposit: int = 0
    credit: int = 0
    unless: str = ""


def _pair(
    kind: str, expects: str, finds: str, under: int = GOODS, over: int = GOODS, deposit: int = 0
) -> Pair:
    basis = "goods" if kind == "quantity" else "money"
    return Pair(kind, f"{expects} and {finds}", basis, expects, finds, under, over, deposit)


PAIRS: Final = (
    _pair("amount", "quotation", "order"),
    _pair("amount", "order", "order_confirmation"),
    _pair("amount", "order", "invoice", deposit=-1),
    _pair("payment", "invoice", "payment", MONEY, ANY, deposit=1)._replace(credit=1),
    Pair("payment", "more paid than billed", "money", "invoice", "payment", ANY, MONEY, 1, 1),
    _pair("payment", "payment_instruction", "payment", MONEY, ANY),
    _pair("declaration", "invoice", "export_declaration", deposit=1),
    _pair("declaration", "invoice", "import_declaration", deposit=1),
    _pair("quantity", "order", "order_confirmation"),
    _pair("quantity", "order", "dispatch"),
    _pair("quantity", "dispatch", "shipment"),
    _pair("quantity", "dispatch", "receipt"),
    _pair("quantity", "order", "receipt")._replace(unless="dispatch"),
    _pair("quantity", "order", "invoice"),
    _pair("quantity", "invoice", "export_declaration"),
    _pair("quantity", "invoice", "import_declaration"),
    _pair("quantity", "warehouse_receipt", "warehouse_release", ANY),
)
"""Figures that must fit."""

PARTIES: Final = (
    ("seller", "order", "invoice"),
    ("seller", "order", "dispatch"),
    ("seller", "invoice", "payment"),
    ("seller", "invoice", "export_declaration"),
    ("buyer", "order", "invoice"),
    ("buyer", "invoice", "payment"),
    ("buyer", "invoice", "import_declaration"),
)
"""(role, kind of document, kind of document): who must be the same on both."""

_CAUSED: Final = """
contradiction: quotation = seller; order = buyer; proforma = seller; invoice = seller
amount: quotation and order = buyer,seller; order and order_confirmation = seller; order and invoice = seller
price: quotation and order = buyer,seller; order and order_confirmation = seller; order and invoice = seller
payment: invoice and payment = bank,buyer; more paid than billed = buyer,seller
payment: payment_instruction and payment = bank
declaration: invoice and export_declaration = seller; invoice and import_declaration = buyer
currency: documents in two currencies = buyer,seller; invoice and payment = bank,buyer
billed twice: invoice and invoice = seller
quantity: order and order_confirmation = seller; order and dispatch = seller; order and invoice = seller
quantity: dispatch and shipment = carrier,seller; dispatch and receipt = carrier,seller
quantity: order and receipt = carrier,seller; invoice and export_declaration = seller
quantity: invoice and import_declaration = buyer; warehouse_receipt and warehouse_release = warehouse
party: order and invoice = seller; order and dispatch = seller; invoice and payment = buyer,seller
party: invoice and export_declaration = seller; invoice and import_declaration = buyer
account: invoice and payment = buyer,seller; bills of one seller = seller; bill and earlier bill = seller
financing: assignment and assignment = seller; invoice and assignment = seller
financing: assignment and payment = buyer,seller
insurance: invoice and policy = buyer,seller; order and policy = buyer,seller
insurance: policy and claim = buyer,seller; policy after loss = buyer,seller
insurance: loss after cover ended = buyer,seller
order of events: dispatch before order = seller; collection before order = carrier,seller
order of events: receipt before dispatch = buyer,seller; receipt before collection = buyer,carrier
order of events: delivery before collection = carrier; declaration before order = seller
order of events: invoice before order = seller; payment before invoice = buyer,seller
goods: receipt without shipment = buyer,carrier,seller
"""


def _causes() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for line in _CAUSED.strip().splitlines():
        kind, _, listed = line.partition(": ")
        for entry in listed.split("; "):
            between, _, roles = entry.partition(" = ")
            found[kind, between] = roles
    return found


CAUSES: Final = _causes()
"""(kind, between) -> who could have caused such a break: roles, sorted, with commas between."""


def with_role(roles: str, role: str) -> str:
    """Roles with one more.

    >>> with_role("carrier,seller", "buyer")
    'buyer,carrier,seller'
    """
    return ",".join(sorted({*filter(None, roles.split(",")), role}))
