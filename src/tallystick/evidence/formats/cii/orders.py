"""Order-X and its family: orders, their changes and the answers to them, in the structures of the invoice.

Idea: an order has the parts of a bill, agreement, delivery and settlement, and says by its type and purpose
what it is. 220 orders, 230 changes an order, 231 answers one; with the purpose 1 it calls the order off.
Whether an answer accepts is said by its purpose or its status, or else by its lines, in the codes of EDIFACT.

Worked example: `TypeCode` 231 with `PurposeCode` 27 and `BuyerOrderReferencedDocument` PO1 is
`Said("order_confirmation", status="rejected", references=[("order", "PO1", None)])`.

Source: Order-X 1.0 (CIO D20B: `SCRDMCCBDACIOMessageStructure`); UN/CEFACT Cross Industry Order, Order Change,
Order Response, Quotation and Request for Quotation, which share their parts.
"""

from __future__ import annotations

from typing import Final

from tallystick.evidence.formats.cii import paths
from tallystick.evidence.formats.cii.parts import put_date, put_head, put_party, put_references
from tallystick.evidence.formats.edifact.codes import ANSWERS, LINE_ANSWERS
from tallystick.evidence.formats.xmlpaths import Found, attribute, branches, sum_of
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.said import Said

_PURPOSE: Final = ("ExchangedDocument/PurposeCode", "ExchangedDocument/StatusCode")
_LINE_STATUS: Final = paths.LINE + "AssociatedDocumentLineDocument/LineStatusCode"
_CURRENCIES: Final = tuple(
    paths.SETTLEMENT + f"{n}CurrencyCode" for n in ("Order", "Invoice", "Price")
)
_AMOUNTS: Final = tuple(
    paths.SUMS + name for name in ("GrandTotalAmount", "TaxBasisTotalAmount", "LineTotalAmount")
)
_QUANTITIES: Final = tuple(
    f"{paths.LINE}SpecifiedLineTradeDelivery/{name}Quantity" for name in ("Agreed", "Requested")
)
_WHEN: Final = (
    "OccurrenceSpecifiedPeriod/EndDateTime/DateTimeString",
    "OccurrenceDateTime/DateTimeString",
)
_BY: Final = tuple(
    f"{where}{event}DeliverySupplyChainEvent/{when}"
    for where in (paths.DELIVERY, paths.LINE + "SpecifiedLineTradeDelivery/")
    for event in ("Promised", "Requested")
    for when in _WHEN
)
_UNTIL: Final = "ExchangedDocument/EffectiveSpecifiedPeriod/EndDateTime/DateTimeString"
_REFERENCES: Final = (
    *paths.REFERENCES,
    *(
        (kind, f"{paths.AGREEMENT}{name}ReferencedDocument/IssuerAssignedID")
        for kind, name in (
            ("contract", "BlanketOrder"),
            ("order_change", "PreviousOrderChange"),
            ("order_confirmation", "PreviousOrderResponse"),
            ("rfq", "RequestForQuotation"),
        )
    ),
)
_ASKED: Final = branches(
    (
        *(paths.NUMBER, paths.TYPE, paths.NOTE, paths.ISSUED, *_PURPOSE, *_CURRENCIES, *_AMOUNTS),
        *(*_QUANTITIES, _LINE_STATUS, *_BY, _UNTIL, *paths.INCOTERMS_AT),
        *(paths.SELLER, paths.BUYER, paths.ADDITIONAL, *(path for _, path in _REFERENCES)),
    )
)
ORDERS: Final = {
    "SCRDMCCBDACIOMessageStructure": "order",
    "CrossIndustryOrder": "order",
    "CrossIndustryOrderChange": "order_change",
    "CrossIndustryOrderResponse": "order_confirmation",
    "CrossIndustryQuotation": "quotation",
    "CrossIndustryRequestForQuotation": "rfq",
}
"""Root element -> what it is, where its type does not say."""

_TYPES: Final = {
    "220": "order",
    "221": "order",
    "227": "order",
    "230": "order_change",
    "231": "order_confirmation",
    "310": "quotation",
    "311": "rfq",
}
"""UNCL 1001 -> kind."""

_CALLED_OFF: Final = "1"


def read_order(root: Element, kind: str) -> Said:
    """What an order, its change or an answer says; `kind`: what its root element is."""
    told = Found(root, _ASKED)
    said = Said(_TYPES.get(told.text(paths.TYPE) or "", kind))
    put_head(said, told)
    _put_amount(said, told)
    _put_quantity(said, told)
    for path in _BY:
        if said.deliver_on is None:
            put_date(said, "deliver_on", told, path)
    if said.kind in ("quotation", "rfq"):
        put_date(said, "due_on", told, _UNTIL)
    put_party(said, "seller", told, paths.SELLER)
    put_party(said, "buyer", told, paths.BUYER)
    put_references(said, told, _REFERENCES)
    if said.kind == "order_confirmation":
        _put_answer(said, told)
    elif told.text(_PURPOSE[0]) == _CALLED_OFF and said.kind in ("order", "order_change"):
        _call_off(said)
    return said


def _put_amount(said: Said, told: Found) -> None:
    spot = told.spot(*_AMOUNTS)
    if spot is not None:
        said.amount, said.places["amount"] = spot[1], told.place(spot)
        said.currency = attribute(spot[2], "currencyID") or told.text(*_CURRENCIES)


def _put_quantity(said: Said, told: Found) -> None:
    said.quantity, said.unit, shown = sum_of(told.some(*_QUANTITIES))
    if said.quantity and shown:
        said.places["quantity"] = told.place(shown)


def _put_answer(said: Said, told: Found) -> None:
    """Accepted, rejected or amended."""
    for path in _PURPOSE:
        spot = told.spot(path)
        if spot is not None and spot[1] in ANSWERS:
            said.status, said.places["status"] = ANSWERS[spot[1]], told.place(spot)
            return
    lines = {LINE_ANSWERS.get(code) for code in told.texts(_LINE_STATUS)}
    if len(lines) == 1:
        said.status = lines.pop()
    elif lines & {"amended", "rejected"}:
        said.status = "amended"
    if said.status and (spot := told.spot(_LINE_STATUS)):
        said.places["status"] = told.place(spot)


def _call_off(said: Said) -> None:
    """An order that is cancelled names itself; a change names the order besides."""
    if said.kind == "order" and said.number:
        said.references.insert(0, ("order", said.number, None))
        said.places["references"] = said.places["number"]
    said.kind, said.deliver_on, said.quantity, said.unit = "order_cancellation", None, None, None
    said.places.pop("deliver_on", None)
    said.places.pop("quantity", None)
    if "buyer" in said.parties:
        said.parties["issuer"] = said.parties["buyer"]
