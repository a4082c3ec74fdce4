"""What paths alone cannot say: whether an order was accepted, goods were short, credit was given.

Each step takes a `Said` that the shape has filled and what the document tells, and completes it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tallystick.evidence.formats.bills import (
    overpaid,
    put_accounts,
    put_payment_reference,
    put_self_billed,
    put_terms,
    turn_negative,
)
from tallystick.evidence.formats.numbers import decimal_of
from tallystick.evidence.formats.ubl.codes import (
    ANSWERS,
    INVOICE_TYPES,
    LINE_ANSWERS,
    SELF_BILLED,
    TRANSPORT_CODES,
    TRANSPORT_WORDS,
)
from tallystick.evidence.formats.xmlpaths import Found, sum_of
from tallystick.evidence.rules import MAX_TEXT
from tallystick.evidence.said import Said

Step = Callable[[Said, Found], None]

_AGREED: Final = "AcceptedIndicator"
_CODE: Final = "OrderResponseCode"
_LINE_STATUS: Final = ("OrderLine/LineItem/LineStatusCode", "OrderLine/LineStatusCode")
_RECEIVED: Final = tuple(
    f"ReceiptLine/{name}Quantity" for name in ("Received", "Short", "Rejected")
)
_REFUSED: Final = ("ReceiptLine/RejectReasonCode", "ReceiptLine/RejectReason")
_TYPE: Final = "InvoiceTypeCode"
_PAYABLE: Final = "LegalMonetaryTotal/PayableAmount"
_WHOLE: Final = "LegalMonetaryTotal/TaxInclusiveAmount"
_PREPAID: Final = "LegalMonetaryTotal/PrepaidAmount"
_MEANS: Final = "PaymentMeans/PaymentMeansCode"
_TERMS: Final = "PaymentTerms/Note"
_ACCOUNT: Final = "PaymentMeans/PayeeFinancialAccount/ID"
_PAYEE: Final = "PayeeParty"
_REFERENCE: Final = ("PaymentMeans/PaymentID", "PaymentMeans/InstructionID")
PATHS: Final = (
    *(_AGREED, _CODE, *_LINE_STATUS, *_RECEIVED, *_REFUSED, _TYPE, _PAYABLE, _WHOLE, _PREPAID),
    *(_MEANS, _TERMS, _ACCOUNT, _PAYEE, *_REFERENCE),
)
"""All that the steps ask for."""


def _answer(said: Said, told: Found) -> None:
    """Accepted, rejected or amended: by the indicator, by the code, or else by what the lines say."""
    if (spot := told.spot(_AGREED)) is not None:
        said.status = "accepted" if spot[1].lower() in ("true", "1") else "rejected"
    elif (spot := told.spot(_CODE)) is not None:
        said.status = ANSWERS.get(spot[1].upper())
    elif (spot := told.spot(*_LINE_STATUS)) is not None:
        said.status = _by_lines(told.texts(spot[0]))
    if spot is not None:
        said.places["status"] = told.place(spot)


def _by_lines(codes: list[str]) -> str | None:
    lines = {LINE_ANSWERS.get(code.lower()) for code in codes}
    if len(lines) > 1:
        return "amended" if lines & {"amended", "rejected"} else None
    return lines.pop()


def _receipt(said: Said, told: Found) -> None:
    """Status by the quantities of the lines: refused outweighs damaged, damaged outweighs short."""
    received, short, refused = (
        decimal_of(sum_of(told.spots(path))[0]) or Decimal(0) for path in _RECEIVED
    )
    if refused > 0:
        said.status = "rejected" if refused >= received else "damaged"
    else:
        said.status = "short" if short > 0 else "accepted"
    reason = told.text(*_REFUSED)
    said.reason = reason[:MAX_TEXT] if reason else None


def _invoice_type(said: Said, told: Found) -> None:
    """An Invoice can be a request for prepayment, a credit or debit note, or self-billed by its type."""
    code = told.text(_TYPE) or ""
    said.kind = INVOICE_TYPES.get(code, said.kind)
    if said.kind == "credit_note":
        said.due_on = None
    if code == SELF_BILLED:
        put_self_billed(said)


def excess(told: Found) -> Decimal:
    """By how much the prepayments on a bill exceed it; 0 where they do not."""
    return overpaid(told.text(_PAYABLE), told.text(_WHOLE))


def _negative(said: Said, told: Found) -> None:
    """Where only the prepayments make a bill negative it stands, and nothing is left to pay."""
    if excess(told):
        said.amount = "0"
    turn_negative(said)


def _terms(said: Said, told: Found) -> None:
    put_terms(said, told.text(_PREPAID), told.text(_WHOLE), told.texts(_MEANS), told.texts(_TERMS))


def _account(said: Said, told: Found) -> None:
    """Where a bill names another payee (a factor, say), the accounts are the payee's."""
    if _PAYEE not in told.at:
        texts = (*told.texts(_TERMS), said.note or "")
        put_accounts(said, tuple(dict.fromkeys(told.texts(_ACCOUNT))), texts)
    put_payment_reference(said, told.texts(*_REFERENCE))


STEPS: Final[dict[str, Step]] = {
    "answer": _answer,
    "receipt": _receipt,
    "invoice_type": _invoice_type,
    "negative": _negative,
    "terms": _terms,
    "account": _account,
}


def transport_status(codes: list[str], words: list[str]) -> str | None:
    """Status of a transport event: by what is written in words, or else by Recommendation 24."""
    for status, pattern in TRANSPORT_WORDS:
        if any(pattern.search(text) for text in words):
            return status
    return next((TRANSPORT_CODES[code] for code in codes if code in TRANSPORT_CODES), None)
