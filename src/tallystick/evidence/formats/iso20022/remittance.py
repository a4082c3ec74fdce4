"""What a payment is for: the bills that it names, the share of each, and the text that goes with it.

Idea: a `Strd` block that names a bill is one *part* of the payment, with its own amount where the block gives
one. A payment with several parts becomes several statements, and these add up to what was paid: a credit note
set against a bill and a fee that a bank kept on the way lower the parts, a rest stands by itself.

Worked example: EUR 100.00 with the blocks INV-1 (RmtdAmt 70.00) and INV-2 (RmtdAmt 40.00) and a credit note
of 10.00 is 60.00 on INV-1 and 40.00 on INV-2.

Sources: ISO 20022 `RemittanceInformation`. A creditor reference is the number that the seller gave to the bill
for being paid: one that is known as such stands in the note (`payment_references`), any other is taken for the
bill's own number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from tallystick.evidence.formats.iso20022.codes import BILLS, DOCUMENTS, NO_REFERENCE
from tallystick.evidence.formats.numbers import decimal_of, plain
from tallystick.evidence.formats.payment_references import (
    card_note,
    creditor_reference,
    creditors_of,
    reference_note,
)
from tallystick.evidence.formats.ubl.codes import DOCUMENT_WORDS
from tallystick.evidence.formats.xmlpaths import Found, attribute, branches
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Said

_FREE: Final = "Ustrd"
_BLOCK: Final = "Strd"
_MORE: Final = "AddtlRmtInf"
_CREDITORS: Final = ("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef")
_BILL: Final = "RfrdDocInf"
_PAID: Final = ("RfrdDocAmt/RmtdAmt", "RfrdDocInf/LineDtls/Amt/RmtdAmt")
_DUE: Final = "RfrdDocAmt/DuePyblAmt"
_OFF: Final = ("RfrdDocAmt/DscntApldAmt", "RfrdDocAmt/DscntApldAmt/Amt")
_CREDIT: Final = "RfrdDocAmt/CdtNoteAmt"
_TYPED: Final = "RfrdDocAmt/RmtAmtAndTp"
_NUMBER: Final = "Nb"
_TYPES: Final = ("Tp/CdOrPrtry/Cd", "Tp/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Prtry")
_STRUCTURED: Final = branches((_MORE, *_CREDITORS, _BILL, *_PAID, _DUE, *_OFF, _CREDIT, _TYPED))
_DOCUMENT: Final = branches((_NUMBER, *_TYPES))
_AMOUNT: Final = branches(("Amt",))
_GROUPED: Final = re.compile(r"RF\d{2}[ 0-9A-Z]+|[\d ]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One bill of a payment, or several that share an amount. `amount` is below nothing for a credit note."""

    references: tuple[Reference, ...]
    place: str
    amount: Decimal | None = None
    currency: str = ""
    amount_place: str = ""


@cache
def of_remittance(path: str) -> tuple[str, str]:
    """What is asked of remittance information at a path ("": of what is told itself)."""
    return (f"{path}/{_FREE}", f"{path}/{_BLOCK}") if path else (_FREE, _BLOCK)


def remitted(whole: Said, told: Found | None, path: str) -> tuple[list[str], list[Part]]:
    """The lines of free text, each once: numbers of bills hide in them; and the parts of a payment, in its
    order. Its sides must be known: references are those of the country of who is paid."""
    if told is None:
        return [], []
    free, block = of_remittance(path)
    blocks = told.below(block, _STRUCTURED)
    texts = told.texts(free)
    given: list[str] = []
    for each in blocks:
        texts += each.texts(_MORE)
        given += each.texts(*_CREDITORS)
    countries = creditors_of(whole) if given else ()
    parts = [part for each in blocks if (part := _part(each, countries)) is not None]
    if given:
        texts += reference_note(given, countries)
    return list(dict.fromkeys([*texts, *card_note(texts)])), parts


def note(*lines: str | None) -> str | None:
    """Lines joined as one note; cut at its limit."""
    return " / ".join(dict.fromkeys(line for line in lines if line))[:MAX_NOTE] or None


def is_reference(number: str | None) -> bool:
    """Whether a text refers to anything: not where it says that there is none."""
    return number is not None and number.lower() not in NO_REFERENCE


def _part(block: Found, countries: tuple[str, ...]) -> Part | None:
    references: dict[Reference, None] = {}
    place = ""
    for document in block.below(_BILL, _DOCUMENT):
        spot, kind = document.spot(_NUMBER), _kind(document)
        if spot is not None and kind and is_reference(number := spot[1]):
            references[kind, number, None] = None
            place = place or document.place(spot)
    given = block.spot(*_CREDITORS)
    text = given[1] if given is not None else ""
    if given is not None and is_reference(text) and not creditor_reference(text, countries):
        references["invoice", _squeezed(text), None] = None
        place = place or block.place(given)
    if not references:
        return None
    ordered = tuple(ordered_references(list(references)))
    return Part(ordered, place, *_paid(block, ordered[0][0] == "credit_note"))


def _kind(document: Found) -> str | None:
    given = document.text(*_TYPES)
    return (DOCUMENTS.get(given) or DOCUMENT_WORDS.get(given.lower())) if given else "invoice"


def _squeezed(reference: str) -> str:
    """A creditor reference without the blanks that people print in it.

    >>> _squeezed("rf18 5390 0754 7034"), _squeezed("21 00000 00003"), _squeezed("INV 7")
    ('RF18539007547034', '210000000003', 'INV 7')
    """
    grouped = _GROUPED.fullmatch(reference)
    return reference.replace(" ", "").upper() if grouped else reference


def _paid(block: Found, credited: bool) -> tuple[Decimal | None, str, str]:
    """What is paid of a bill, its currency and place: the remitted amount, else the amount due less discounts;
    a credit note's (`credited`) with a minus."""
    spot, place = block.spot(*_PAID, _DUE, _CREDIT), ""
    if spot is not None:
        place = block.place(spot)
    elif len(given := block.below(_TYPED, _AMOUNT)) == 1 and (spot := given[0].spot("Amt")):
        place = given[0].place(
            spot
        )  # since 2019: with a type beside it, of one that is there alone
    value = decimal_of(spot[1]) if spot is not None else None
    if spot is None or value is None:
        return None, "", ""
    if spot[0] == _DUE:
        value -= sum((decimal_of(off) or Decimal(0) for off in block.texts(*_OFF)), Decimal(0))
    if credited or spot[0] == _CREDIT:
        value = -abs(value)
    return value, attribute(spot[2], "Ccy"), place


def split(whole: Said, parts: list[Part]) -> Iterator[Said]:
    """The statement as one per part where each has its amount, else as it is with all that it names."""
    paying = [part for part in parts if part.references[0][0] in BILLS]
    if len(paying) < 2 or any(part.amount is None for part in parts):
        if parts:
            named = dict.fromkeys(ref for part in parts for ref in part.references)
            _name_bills(whole, list(named), parts[0].place)
        if len(parts) == 1 and whole.amount is None:
            _put_amount(whole, parts[0], parts[0].amount)
        yield whole
        return
    yield from _shared(whole, parts)


def _shared(whole: Said, parts: list[Part]) -> Iterator[Said]:
    """Amounts that add up to the whole; in another currency than it they stand as they are."""
    shares = [part.amount or Decimal(0) for part in parts]
    same = all(part.currency in ("", whole.currency) for part in parts)
    moved = decimal_of(whole.amount) if same else None
    off = -sum((share for share in shares if share < 0), Decimal(0))
    if moved is not None:
        off = max(off, sum((share for share in shares if share > 0), Decimal(0)) - moved)
    rest = moved
    for part, share in zip(parts, shares, strict=True):
        taken = min(off, max(share, Decimal(0)))
        off, own = off - taken, share - taken
        if own <= 0:
            continue
        rest = rest - own if rest is not None else None
        one = _copy(whole)
        _name_bills(one, list(part.references), part.place)
        _put_amount(one, part, own)
        yield one
    if rest is not None and rest > 0:
        one = _copy(whole)
        one.amount = plain(rest)
        yield one


def _put_amount(said: Said, part: Part, amount: Decimal | None) -> None:
    if amount is not None and amount > 0:
        said.amount, said.currency = plain(amount), part.currency or said.currency
        said.places["amount"] = part.amount_place


def _copy(whole: Said) -> Said:
    return replace(whole, references=list(whole.references), places=dict(whole.places))


def _name_bills(said: Said, bills: list[Reference], place: str) -> None:
    """Puts these bills before what the statement refers to besides."""
    others = (ref for ref in said.references if ref not in bills)
    said.references = ordered_references([*bills, *others])
    said.places["references"] = place
