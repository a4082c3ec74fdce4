"""What paths alone cannot say: whether an order was accepted, goods were short, credit was given.

Each step takes a `Said` that the shape has filled and the root element, and completes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tallystick.evidence.formats.ubl.codes import (
    ANSWERS,
    CARD_CODES,
    INVOICE_TYPES,
    LINE_ANSWERS,
    SELF_BILLED,
    TRANSPORT_CODES,
    TRANSPORT_WORDS,
)
from tallystick.evidence.formats.ubl.parties import with_accounts
from tallystick.evidence.formats.ubl.tree import (
    decimal_of,
    first,
    first_element,
    quantity,
    text_of,
    texts,
)
from tallystick.evidence.formats.xmlpaths import place
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.rules import MAX_TEXT
from tallystick.evidence.said import Said

Step = Callable[[Said, Element], None]

_OPPOSITE: Final = {
    "invoice": "credit_note",
    "proforma": "credit_note",
    "debit_note": "credit_note",
    "credit_note": "debit_note",
}
DAYS: Final = re.compile(
    r"\b[1-9]\d{0,2} *(calendar +|working +)?"
    r"(days?|months?|tagen?|monate?n?|jours|mois|giorni|mesi|d[ií]as|dagen|dage|dagar|dager)\b"
    r"|#TAGE=[1-9]",
    re.IGNORECASE,
)


def _answer(said: Said, root: Element) -> None:
    """Accepted, rejected or amended: by the indicator, by the code, or else by what the lines say."""
    told = first_element(root, "AcceptedIndicator")
    if told is not None:
        said.status = "accepted" if text_of(told).lower() in ("true", "1") else "rejected"
    elif (told := first_element(root, "OrderResponseCode")) is not None:
        said.status = ANSWERS.get(text_of(told).upper())
    else:
        told = first_element(root, *_LINE_STATUS)
        said.status = _by_lines(root)
    if told is not None:
        said.places["status"] = place(told, root)


_LINE_STATUS: Final = ("OrderLine/LineItem/LineStatusCode", "OrderLine/LineStatusCode")


def _by_lines(root: Element) -> str | None:
    lines = {LINE_ANSWERS.get(code.lower()) for code in texts(root, *_LINE_STATUS)}
    if len(lines) > 1:
        return "amended" if lines & {"amended", "rejected"} else None
    return lines.pop() if lines else None


def _receipt(said: Said, root: Element) -> None:
    """Status by the quantities of the lines: refused outweighs damaged, damaged outweighs short."""
    received, short, refused = (
        decimal_of(quantity(root, f"ReceiptLine/{name}Quantity")[0]) or Decimal(0)
        for name in ("Received", "Short", "Rejected")
    )
    if refused > 0:
        said.status = "rejected" if refused >= received else "damaged"
    else:
        said.status = "short" if short > 0 else "accepted"
    reason = first(root, "ReceiptLine/RejectReasonCode", "ReceiptLine/RejectReason")
    said.reason = reason[:MAX_TEXT] if reason else None


def _invoice_type(said: Said, root: Element) -> None:
    """An Invoice can be a request for prepayment, a credit or debit note, or self-billed by its type."""
    code = first(root, "InvoiceTypeCode") or ""
    said.kind = INVOICE_TYPES.get(code, said.kind)
    if said.kind == "credit_note":
        said.due_on = None
    if code == SELF_BILLED and "buyer" in said.parties:
        said.parties["issuer"] = said.parties["buyer"]


def overpaid(root: Element) -> Decimal:
    """By how much the prepayments on a bill exceed it; 0 where they do not."""
    due = decimal_of(first(root, "LegalMonetaryTotal/PayableAmount")) or Decimal(0)
    whole = decimal_of(first(root, "LegalMonetaryTotal/TaxInclusiveAmount")) or Decimal(0)
    return -due if due < 0 < whole else Decimal(0)


def _negative(said: Said, root: Element) -> None:
    """A bill below nothing is the opposite bill: EN 16931 lets an invoice be corrected that way.

    Not so where only the prepayments make it negative: then the bill stands, and nothing is left to pay.
    """
    if overpaid(root):
        said.amount = "0"
    elif said.amount and said.amount.startswith("-") and decimal_of(said.amount):
        said.kind, said.amount = _OPPOSITE[said.kind], said.amount[1:]
        said.quantity = said.quantity.lstrip("-") if said.quantity else None
        if said.kind == "credit_note":
            said.due_on = None
    if said.quantity and said.quantity.startswith("-"):
        said.quantity = said.unit = None


def _terms(said: Said, root: Element) -> None:
    """Whether credit was given: prepaid in full, paid by card, or payable after the day of issue."""
    if said.kind not in ("invoice", "freight_invoice"):
        return
    prepaid = decimal_of(first(root, "LegalMonetaryTotal/PrepaidAmount"))
    whole = decimal_of(first(root, "LegalMonetaryTotal/TaxInclusiveAmount"))
    if prepaid and whole and prepaid >= whole > 0:
        said.terms = "prepaid"
    elif CARD_CODES & set(texts(root, "PaymentMeans/PaymentMeansCode")):
        said.terms = "card"
    elif said.due_on:
        later = said.issued_on is not None and said.due_on > said.issued_on
        said.terms = "open_account" if later else None
    elif any(DAYS.search(note) for note in texts(root, "PaymentTerms/Note")):
        said.terms = "open_account"


def _account(said: Said, root: Element) -> None:
    """The accounts that a bill asks to be paid to are those of who sent it; a credit note's are not."""
    role = "carrier" if said.kind == "freight_invoice" else "seller"
    if said.kind != "credit_note" and role in said.parties:
        said.parties[role] = with_accounts(said.parties[role], root)


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
