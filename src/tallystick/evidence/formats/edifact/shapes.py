"""Where each EDIFACT message keeps what matters: one row per message type, read by one function.

Idea: a `Shape` is data. It names the kind that a message becomes and, for each field of `Said`, the qualifiers
that may hold it, the first that does being taken.

>>> SHAPES["INVOIC"].kind, SHAPES["INVOIC"].amount[:2]
('invoice', ('9', '77'))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tallystick.evidence.formats.edifact.codes import INVOICES

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One message type. `roles`: role -> qualifiers of `NAD`; `amount`: of `MOA`, `quantity`: of `QTY`, the
    dates: of `DTM`; `kinds`: kind by the document name of `BGM`; `lines`: segments that begin a line;
    `finish`: names of the steps of `finish.STEPS`; `reader`: name of the way it is read."""

    kind: str
    roles: dict[str, Codes]
    amount: Codes = ()
    quantity: Codes = ()
    due_on: Codes = ()
    deliver_on: Codes = ()
    happened_at: Codes = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    lines: Codes = ("LIN", "CPS")
    finish: Codes = ()
    reader: str = "plain"


def _roles(**more: Codes) -> dict[str, Codes]:
    base = {"seller": ("SU", "SE"), "buyer": ("BY", "OB"), "issuer": ("MS",), "recipient": ("MR",)}
    return base | more


_BILLING: Final = _roles(
    seller=("SU", "SE", "II"), buyer=("BY", "IV", "BT"), recipient=("IV", "BT", "MR")
)
_MONEY: Final = {
    "seller": ("PE", "SU", "SE", "II", "MR"),
    "buyer": ("PR", "BY", "IV", "MS"),
}
_GOODS: Final = _roles(
    seller=("SU", "SE", "CZ", "SF", "EX"),
    buyer=("BY", "CN", "UC", "DP", "ST", "IM"),
    carrier=("CA",),
)
_CARRIAGE: Final = _roles(
    seller=("CZ", "SE", "SU", "EX", "SF"),
    buyer=("CN", "BY", "IM", "UC", "DP"),
    carrier=("CA", "FW"),
)
_ORDER: Final = Shape(
    "order",
    _roles(),
    amount=("9", "86", "128", "79"),
    quantity=("21",),
    due_on=("10", "38"),
    deliver_on=("2", "63", "61"),
    kinds={"315": "contract"},
    finish=("cancelled",),
)
_ORDERED: Final = Shape(
    "payment_instruction", {}, amount=("9", "57"), due_on=("203",), reader="payments"
)
_BOOKED: Final = Shape(
    "payment",
    {},
    amount=("60", "36", "119", "98", "9"),
    happened_at=("202", "179", "209", "193"),
    reader="payments",
)
_BOOKING: Final = Shape(
    "booking",
    _CARRIAGE,
    due_on=("200", "235", "234", "10", "133"),
    deliver_on=("63", "2", "69", "17", "132"),
    kinds=dict.fromkeys("703 704 705 710 720 722 730 740 741".split(), "shipment"),
    lines=("GID", "EQD"),
    finish=("carriage",),
)

SHAPES: Final[Mapping[str, Shape]] = {
    # asking and agreeing
    "REQOTE": Shape(
        "rfq",
        _roles(),
        quantity=("21",),
        due_on=("36", "273"),
        deliver_on=("2", "63"),
    ),
    "QUOTES": Shape(
        "quotation",
        _roles(),
        amount=("9", "86", "128", "79"),
        quantity=("21", "1"),
        due_on=("36", "273"),
        deliver_on=("69", "17", "2", "63"),
    ),
    "ORDERS": _ORDER,
    "ORDCHG": Shape(
        "order_change",
        _roles(),
        amount=_ORDER.amount,
        quantity=("21",),
        due_on=_ORDER.due_on,
        deliver_on=_ORDER.deliver_on,
        finish=("cancelled",),
    ),
    "ORDRSP": Shape(
        "order_confirmation",
        _roles(),
        amount=_ORDER.amount,
        quantity=("113", "21", "12"),
        due_on=("79", "10"),
        deliver_on=("69", "67", "17", "2", "63"),
        finish=("answer",),
    ),
    # goods
    "DESADV": Shape(
        "dispatch",
        _GOODS,
        quantity=("12",),
        due_on=("17", "69", "132", "2", "63"),
        happened_at=("11", "136"),
    ),
    "RECADV": Shape(
        "receipt",
        _GOODS,
        quantity=("48", "194", "46"),
        happened_at=("50", "35"),
        finish=("receipt",),
    ),
    "IFTMIN": _BOOKING,
    "IFTMBF": _BOOKING,
    "IFTMBC": replace(_BOOKING, finish=("carriage", "booked")),
    "IFTMCS": replace(_BOOKING, kind="shipment", kinds={}),
    "IFTSTA": Shape(
        "transport_event",
        _CARRIAGE,
        lines=("CNI", "EQD", "STS"),
        happened_at=("334", "7", "78", "35", "178", "186", "136", "11", "200", "1"),
        reader="events",
    ),
    # customs
    "CUSRES": Shape(
        "customs_event",
        {
            "seller": ("EX", "CZ", "SE"),
            "buyer": ("IM", "CN", "BY"),
            "carrier": ("CA",),
            "issuer": ("CM", "MS"),
        },
        happened_at=("334", "9", "58", "7", "204"),
        lines=("CST",),
        finish=("customs",),
    ),
    # bills
    "INVOIC": Shape(
        "invoice",
        _BILLING,
        amount=("9", "77", "39", "86", "128"),
        quantity=("47", "12"),
        kinds=INVOICES,
        finish=("sides", "negative", "freight", "due", "terms", "account", "self_billed"),
    ),
    # money and disputes
    **dict.fromkeys(("PAYORD", "PAYEXT", "PAYMUL"), _ORDERED),
    **dict.fromkeys(("CREADV", "CREEXT", "CREMUL", "DEBADV", "DEBMUL"), _BOOKED),
    "REMADV": Shape(
        "remittance",
        _MONEY,
        amount=("12", "9", "86", "128"),
        happened_at=("138", "203", "209"),
        lines=("DOC",),
        finish=("account",),
        reader="remittances",
    ),
    "COMDIS": Shape(
        "dispute",
        _roles(seller=("SU", "SE", "II"), buyer=("BY", "IV", "PR")),
        amount=("165", "9", "77"),
        lines=("DOC", "LIN"),
        reader="disputes",
    ),
}
"""Message type of `UNH` -> how it is read."""

SERVICE: Final = frozenset({"APERAK", "CONTRL"})
"""Answers to a message, not to what it says: nothing about the trade."""
