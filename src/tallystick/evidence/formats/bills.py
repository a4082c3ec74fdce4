"""What bills mean beyond their fields, the same whatever syntax they come in.

Idea: EN 16931 has two syntaxes and EDIFACT says the same in segments. Whether a bill below nothing is a credit
note, what an overpaid bill owes back and whether it gave credit is decided here, from a `Said` with its fields
filled.

>>> said = Said("invoice", amount="-20.00")
>>> turn_negative(said)
>>> said.kind, said.amount, overpaid("-20.00", "119.00")
('credit_note', '20.00', Decimal('20.00'))

Source: EN 16931-1:2017 (BT-112, BT-113, BT-115); UNCL 4461 for means of payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.numbers import decimal_of, total
from tallystick.evidence.formats.payment_references import (
    account_in,
    creditors_of,
    reference_note,
)
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Said

_OPPOSITE: Final = {
    "invoice": "credit_note",
    "proforma": "credit_note",
    "debit_note": "credit_note",
    "credit_note": "debit_note",
}
BILLS: Final = ("invoice", "freight_invoice")
"""Kinds that ask to be paid for what was delivered."""
CARDS: Final = frozenset({"48", "54", "55"})
"""UNCL 4461: bank card, credit card, debit card."""

_DAYS: Final = re.compile(
    r"[1-9](?<!\w[1-9])\d{0,2} *(calendar +|working +)?"
    r"(days?|months?|tagen?|monate?n?|jours|mois|giorni|mesi|d[ií]as|dagen|dage|dagar|dager)\b",
    re.IGNORECASE,
)
"""Begins with its first digit, which a search finds at once, and not with the bound before it."""
_DISCOUNT_DAYS: Final = re.compile(r"#TAGE=[1-9]", re.IGNORECASE)


def put_payment_reference(said: Said, written: Iterable[str]) -> None:
    """By what the payment of a bill is to name it: neither its number nor a document, so its note says it. Who
    is paid, and the account, must be known."""
    given = list(written)
    for line in reference_note(given, creditors_of(said)) if given else ():
        said.note = f"{said.note} / {line}"[-MAX_NOTE:] if said.note else line


def overpaid(due: str | None, whole: str | None) -> Decimal:
    """By how much the prepayments on a bill exceed it, 0 where they do not: what is due is below nothing though
    the bill as a whole is not."""
    if not due or not due.startswith("-"):
        return Decimal(0)
    left, all_of_it = decimal_of(due) or Decimal(0), decimal_of(whole) or Decimal(0)
    return -left if left < 0 < all_of_it else Decimal(0)


def refund(said: Said, excess: Decimal) -> Said:
    """What an overpaid bill says besides: that who sent it owes the rest."""
    return replace(
        said,
        kind="refund_approval",
        amount=total([excess]),
        quantity=None,
        unit=None,
        due_on=None,
        terms=None,
        references=[(said.kind, said.number or "", None)],
        places={k: v for k, v in said.places.items() if k not in ("quantity", "due_on")},
    )


def turn_negative(said: Said) -> None:
    """A bill below nothing is the opposite bill: EN 16931 lets an invoice be corrected that way."""
    negative = said.amount is not None and said.amount.startswith("-")
    if said.kind in _OPPOSITE and said.amount and negative and decimal_of(said.amount):
        said.kind, said.amount = _OPPOSITE[said.kind], said.amount[1:]
        said.quantity = said.quantity.lstrip("-") if said.quantity else None
        if said.kind == "credit_note":
            said.due_on = None
            said.places.pop("due_on", None)
    if said.quantity and said.quantity.startswith("-"):
        said.quantity = said.unit = None


def put_terms(
    said: Said, prepaid: str | None, whole: str | None, means: Iterable[str], notes: Iterable[str]
) -> None:
    """Whether credit was given: prepaid in full, paid by card (`means`: codes of UNCL 4461), or payable after
    the day of issue; where no day is due, by the days that `notes` on the payment name."""
    if said.kind not in BILLS:
        return
    paid = decimal_of(prepaid)
    if paid and (all_of_it := decimal_of(whole)) and paid >= all_of_it > 0:
        said.terms = "prepaid"
    elif not CARDS.isdisjoint(means):
        said.terms = "card"
    elif said.due_on:
        later = said.issued_on is not None and said.due_on > said.issued_on
        said.terms = "open_account" if later else None
    elif any(_DAYS.search(note) or _DISCOUNT_DAYS.search(note) for note in notes):
        said.terms = "open_account"


def put_self_billed(said: Said) -> None:
    """The buyer wrote the bill in the seller's name."""
    if "buyer" in said.parties:
        said.parties["issuer"] = said.parties["buyer"]


def put_accounts(said: Said, accounts: tuple[str, ...], texts: Iterable[str] = ()) -> None:
    """The accounts that a bill asks to be paid to are those of who sent it; a credit note's are not. Where it
    names none, the one IBAN that its `texts` name is it: a change of bank is often told in words alone."""
    role = "carrier" if said.kind == "freight_invoice" else "seller"
    if said.kind == "credit_note" or role not in said.parties:
        return
    if not accounts and (told := account_in(texts)):
        accounts = (told,)
    if accounts:
        party = said.parties[role]
        details = (party.details or Details())._replace(accounts=accounts)
        said.parties[role] = replace(party, details=details)
