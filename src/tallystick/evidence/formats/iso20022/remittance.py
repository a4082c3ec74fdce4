"""What a payment is for: the bills that it names, the share of each, and the text that goes with it.

Idea: a `Strd` block that names a bill is one *part* of the payment, with its own amount where the block gives
one. A payment with several parts becomes several statements, and these add up to what was paid: a credit note
set against a bill and a fee that a bank kept on the way lower the parts, a rest stands by itself.

Worked example: EUR 100.00 with the blocks INV-1 (RmtdAmt 70.00) and INV-2 (RmtdAmt 40.00) and a credit note
of 10.00 is 60.00 on INV-1 and 40.00 on INV-2.

Sources: ISO 20022 `RemittanceInformation`; ISO 11649 (RF); Swiss QR reference (QRR). A creditor reference is
the number that the seller gave to the bill for being paid, so it is a reference to an invoice too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from tallystick.evidence.formats.bills import creditor_reference, reference_note
from tallystick.evidence.formats.iso20022.codes import BILLS, DOCUMENTS, NO_REFERENCE
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.formats.numbers import decimal_of, plain
from tallystick.evidence.formats.ubl.codes import DOCUMENT_WORDS
from tallystick.evidence.links import Reference, ordered_references
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import Said

_TEXTS: Final = ("Ustrd", "Strd/AddtlRmtInf")
_CREDITORS: Final = ("Strd/CdtrRefInf/Ref", "Strd/CdtrRefInf/CdtrRef")
_PAID: Final = ("RfrdDocAmt/RmtdAmt", "RfrdDocInf/LineDtls/Amt/RmtdAmt")
_DUE: Final = ("RfrdDocAmt/DuePyblAmt",)
_OFF: Final = ("RfrdDocAmt/DscntApldAmt", "RfrdDocAmt/DscntApldAmt/Amt")
_CREDIT: Final = ("RfrdDocAmt/CdtNoteAmt",)
_TYPES: Final = ("Tp/CdOrPrtry/Cd", "Tp/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Prtry")
_GROUPED: Final = re.compile(r"RF\d{2}[ 0-9A-Z]+|[\d ]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One bill of a payment, or several that share an amount. `amount` is below nothing for a credit note."""

    references: tuple[Reference, ...]
    place: str
    amount: Decimal | None = None
    currency: str = ""
    amount_place: str = ""


def parts_of(remittance: Sequence[Node]) -> list[Part]:
    """The parts of a payment, in the order in which it names them."""
    blocks = [block for node in remittance for block in node.all("Strd")]
    return [part for block in blocks if (part := _part(block)) is not None]


def text_of(nodes: Sequence[Node]) -> list[str]:
    """The lines of free text, each once: numbers of bills hide in them."""
    texts = dict.fromkeys(text.text for node in nodes for text in node.some(*_TEXTS))
    given = (text.text for node in nodes for text in node.some(*_CREDITORS))
    return [*texts, *reference_note(given)]


def note(*lines: str | None) -> str | None:
    """Lines joined as one note; cut at its limit."""
    return " / ".join(dict.fromkeys(line for line in lines if line))[:MAX_NOTE] or None


def is_reference(number: str | None) -> bool:
    """Whether a text refers to anything: not where it says that there is none."""
    return number is not None and number.lower() not in NO_REFERENCE


def _part(block: Node) -> Part | None:
    references: dict[Reference, None] = {}
    place = ""
    for document in block.all("RfrdDocInf"):
        number, kind = document.first("Nb"), _kind(document)
        if number is not None and kind and is_reference(number.text):
            references[kind, number.text, None] = None
            place = place or number.place
    given = block.first("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef")
    if given is not None and is_reference(given.text) and not creditor_reference(given.text):
        references["invoice", _squeezed(given.text), None] = None
        place = place or given.place
    if not references:
        return None
    ordered = tuple(ordered_references(list(references)))
    return Part(ordered, place, *_paid(block, ordered[0][0] == "credit_note"))


def _kind(document: Node) -> str | None:
    given = document.said(*_TYPES)
    return (DOCUMENTS.get(given) or DOCUMENT_WORDS.get(given.lower())) if given else "invoice"


def _squeezed(reference: str) -> str:
    """A creditor reference without the blanks that people print in it.

    >>> _squeezed("rf18 5390 0754 7034"), _squeezed("21 00000 00003"), _squeezed("INV 7")
    ('RF18539007547034', '210000000003', 'INV 7')
    """
    grouped = _GROUPED.fullmatch(reference)
    return reference.replace(" ", "").upper() if grouped else reference


def _paid(block: Node, credited: bool) -> tuple[Decimal | None, str, str]:
    """What is paid of a bill, its currency and place: the remitted amount, else the amount due less discounts;
    a credit note's (`credited`) with a minus."""
    credit = block.first(*_CREDIT)
    node = block.first(*_PAID) or block.first(*_DUE) or credit or _typed(block)
    value = decimal_of(node.text) if node is not None else None
    if node is None or value is None:
        return None, "", ""
    if node.name == "DuePyblAmt":
        value -= sum((decimal_of(off.text) or Decimal(0) for off in block.some(*_OFF)), Decimal(0))
    if credited or node is credit:
        value = -abs(value)
    return value, node.get("Ccy"), node.place


def _typed(block: Node) -> Node | None:
    """The amount as versions since 2019 have it: with a type beside it, of one that is there alone."""
    given = block.all("RfrdDocAmt/RmtAmtAndTp")
    return given[0].first("Amt") if len(given) == 1 else None


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
