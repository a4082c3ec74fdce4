"""Money in EDIFACT: orders to a bank (PAYORD, PAYEXT, PAYMUL) and what a bank booked (CREADV, CREEXT, CREMUL,
DEBADV, DEBMUL).

Idea: such a message has up to three levels: the whole, one account and day (`LIN`), one payment (`SEQ`). What a
payment does not say itself is said by the level above it. Payer and payee are named by `NAD`, else as holders
of the accounts in `FII`; in what a bank booked, whoever owns the account is known by that alone.

Worked example: `LIN+1` with `DTM+203` and `FII+OR`, below it two `SEQ` with `MOA+9`, `RFF+CR` and
`NAD+BE`, are two `payment_instruction` of one payer, due on one day, numbered by their `RFF+CR`.

Source: UN/EDIFACT D.96A, directories of these messages; code lists 1153, 2005, 3035, 4025 and 5025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from tallystick.evidence.countries import country_code
from tallystick.evidence.details import Details
from tallystick.evidence.formats.edifact.envelope import Segment
from tallystick.evidence.formats.edifact.parts import (
    Found,
    Parts,
    decimal_of,
    party_of,
    references,
    split,
)
from tallystick.evidence.formats.edifact.shapes import Codes, Shape
from tallystick.evidence.formats.iso20022.parties import bank_of_account, owner_of
from tallystick.evidence.formats.iso20022.remittance import Part, is_reference, note
from tallystick.evidence.formats.iso20022.remittance import split as shared
from tallystick.evidence.formats.money import fault_of
from tallystick.evidence.formats.payment_references import creditors_of, reference_note
from tallystick.evidence.formats.ubl.codes import DOCUMENT_CODES
from tallystick.evidence.rules import MAX_NOTE
from tallystick.evidence.said import PartySaid, Reject, Said

UNTOLD: Final[Mapping[str, tuple[str, str]]] = {
    "FINSTA": (
        "a FINSTA tells the balances and entries of an account, but not who paid whom",
        "send CREMUL and DEBMUL, or the statement as camt.053 or MT940",
    ),
    "BANSTA": (
        "a BANSTA tells what became of an order to pay, but not whose it was",
        "nothing to do where DEBMUL or a statement of the account tells what was paid",
    ),
}
"""Messages of banks that name no two parties: why they say nothing here, and what does."""

_SIDES: Final = {"buyer": (("OY", "PL", "PR"), "OR"), "seller": (("BE", "PE"), "BF")}
"""Role -> qualifiers of `NAD`, and of the `FII` with its account."""

_ORDERED: Final = ("CR", "PQ", "AEK")
"""`RFF` 1153 of an order to pay: the payer's reference, that of the payment, of the order to the bank."""

_BANKS: Final = ("AII", "ACK")
"""`RFF` 1153 of a bank's own reference."""

_MADE: Final = ("137",)
_LONG_ENOUGH: Final = 8
"""Characters of a bank's reference that may stand for a payment: shorter ones are borne by several."""

_NO_TRADE: Final = {
    "SAL": "pay", "PEN": "a pension", "SSB": "a benefit", "ALM": "alimony", "TAX": "tax",
    "INT": "interest", "DIV": "a dividend",
}  # fmt: skip
"""`BUS` 4025: purposes that are no trade."""

_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_CLEARING: Final = {"133": "gbdsc", "19": "usaba"}
"""3055 of a branch -> code of its clearing system in ISO 20022."""

_FIXES: Final = {
    "payment": "ask the bank to name who ordered the payment (NAD OY)",
    "payment_instruction": "name the payer's bank (FII OR) by BIC or branch, or give the account as an IBAN",
}
_BILL_REFERENCES: Final = ("BID", "CR", "PQ")
"""`RFF` 1153 in which the reference of the bill arrives, besides free text."""


def read_payments(shape: Shape, segments: list[Segment]) -> Iterator[Said | Reject]:
    """One statement per payment, or one per bill of it where each has its own amount."""
    head, accounts = split(segments, ("LIN",))
    levels: list[tuple[list[Segment], ...]] = []
    for account in accounts or [[]]:
        common, payments = split(account, ("SEQ",))
        levels += [(payment, common, head) for payment in payments] or [(common, head)]
    for own, *above in levels:
        base, bills = split(own, ("DOC",)) if own else split(above.pop(), ("DOC",))
        found = [Parts(base), *map(Parts, above)]
        if (refused := _no_trade(found)) is not None:
            yield refused
            continue
        said = _payment(shape, found, len(levels) == 1)
        for item in shared(said, [part for bill in bills if (part := _part(bill))]):
            yield fault_of(item, _FIXES[item.kind]) or item


def _no_trade(levels: list[Parts]) -> Reject | None:
    purpose = next((s for p in levels for s in p.of("BUS") if s.get(0, 1) in _NO_TRADE), None)
    if purpose is None:
        return None
    code = purpose.get(0, 1)
    return Reject(None, None, purpose.place, "not-a-trade-payment",
                  f"{code} says that this is {_NO_TRADE[code]}, so nothing is recorded",
                  "nothing to do")  # fmt: skip


def _payment(shape: Shape, levels: list[Parts], alone: bool) -> Said:
    said = Said(shape.kind, status="settled" if shape.kind == "payment" else None)
    _put_dates(said, shape, levels)
    _put_amount(said, shape, levels, alone)
    _put_sides(said, levels)
    _put_bank(said, levels)
    _put_numbers(said, levels, alone)
    written = [s.get(0, 1) for s in levels[0].of("RFF") if s.get(0) in _BILL_REFERENCES]
    words = levels[0].notes(MAX_NOTE)
    told = [*written, *(words or "").split(" / ")]
    said.note = note(words, *reference_note(told, creditors_of(said)))
    return said


def _put(said: Said, name: str, found: Found | None, limit: int | None = None) -> None:
    if found is not None:
        setattr(said, name, found[0][:limit])
        said.places[name] = found[1].place


def _put_dates(said: Said, shape: Shape, levels: list[Parts]) -> None:
    def dated(codes: Codes) -> Found | None:
        return next((found for level in levels if (found := level.date(codes))), None)

    if said.kind == "payment":
        _put(said, "happened_at", dated(shape.happened_at) or dated(_MADE), 10)
        return
    _put(said, "issued_on", dated(_MADE), 10)
    _put(said, "due_on", dated(shape.due_on), 10)
    if said.issued_on and said.due_on and said.due_on < said.issued_on:
        said.due_on = said.issued_on  # a day that is past when the order is given means at once


def _put_amount(said: Said, shape: Shape, levels: list[Parts], alone: bool) -> None:
    """Its own; where the account has one payment only, also that of the account."""
    for level in levels if alone else levels[:1]:
        if (found := level.amount(shape.amount)) is not None:
            _put(said, "amount", found)
            said.currency = found[1].get(0, 2) or None
            return


def _put_sides(said: Said, levels: list[Parts]) -> None:
    """Each by its name, else as the holder of its account; who orders a payment also as who sends it."""
    for role, (codes, account) in _SIDES.items():
        held = _account(levels, account)
        found = _named(levels, codes) or _holder(held)
        if found is None and role == "buyer" and said.kind == "payment_instruction":
            found = _named(levels, ("MS",))
        if found is None and said.kind == "payment":
            found = _owner(held)
        if found is None:
            continue
        party, said.places[role] = found
        if held is not None:
            details = (party.details or Details())._replace(accounts=(held.get(1),))
            party = replace(party, details=details)
        said.parties[role] = party


def _account(levels: list[Parts], code: str) -> Segment | None:
    held = (s for level in levels for s in level.of("FII") if s.get(0) == code and s.get(1))
    return next(held, None)


def _named(levels: list[Parts], codes: Codes) -> tuple[PartySaid, str] | None:
    for level in levels:
        for code in codes:
            for segment in level.of("NAD"):
                if segment.get(0) == code:
                    party = party_of([_without_account(segment)])
                    if party.name or party.ids:
                        return party, segment.place
    return None


def _holder(held: Segment | None) -> tuple[PartySaid, str] | None:
    if held is None or not (held.get(1, 1) or held.get(1, 2)):
        return None
    name = " ".join(text for text in (held.get(1, 1), held.get(1, 2)) if text)
    return PartySaid(name, held.get(3)[:2].upper() or None), held.place


def _owner(held: Segment | None) -> tuple[PartySaid, str] | None:
    """Whoever owns the account that a bank tells of, where nobody says who that is."""
    owner = owner_of(held.get(1), _bank(held)) if held is not None else None
    return (owner, held.place) if owner is not None and held is not None else None


def _without_account(named: Segment) -> Segment:
    """A party before whose name the account stands in a line of its own, as in MT103."""
    lines = named.elements[2] if len(named.elements) > 2 else ""
    if not isinstance(lines, list) or not lines[0].startswith("/"):
        return named
    return replace(named, elements=[*named.elements[:2], lines[1:], *named.elements[3:]])


def _put_bank(said: Said, levels: list[Parts]) -> None:
    """The payer's bank: the one that keeps the account that is debited."""
    for level in levels:
        for segment in level.of("FII"):
            if segment.get(0) == "OR" and (bank := _bank(segment)) is not None:
                said.parties["bank"], said.places["bank"] = bank, segment.place
                return


def _bank(segment: Segment) -> PartySaid | None:
    """A bank by its code, its branch in a clearing system, its name, or its number in the account."""
    code, branch, agency = segment.get(2), segment.get(2, 3), segment.get(2, 5)
    ids = [("bic", code)] if _BIC.fullmatch(code) else []
    if not ids and branch and agency:
        ids = [(f"id:clearing.{_CLEARING.get(agency, f'edifact.{agency.lower()}')}", branch)]
    name, country = segment.get(2, 6) or None, segment.get(3)
    if not ids and not name:
        return bank_of_account(segment.get(1))
    return PartySaid(name, country_code(country), ids)


def _put_numbers(said: Said, levels: list[Parts], alone: bool) -> None:
    """The payer's reference numbers an order, the bank's a payment, which names the order; bills by `RFF`."""
    own = levels if alone else levels[:1]
    told = said.kind == "payment"
    ordered = [f for code in _ORDERED for level in own if (f := _reference(level, code, told))]
    if said.kind == "payment_instruction":
        number = ordered[0] if ordered else None
        if number is None and alone:
            number = next(((s.get(1), s) for p in levels for s in p.of("BGM") if s.get(1)), None)
    else:
        banks = (f for code in _BANKS for level in own if (f := _reference(level, code, told)))
        number = next((f for f in banks if len(f[0]) >= _LONG_ENOUGH), None)
    _put(said, "number", number)
    named = [("payment_instruction", text, segment) for text, segment in ordered]
    named += [ref for ref in references(levels[0]) if ref[0] != "payment_instruction"]
    for kind, text, segment in named:
        reference = (kind, text, None)
        if (kind, text) != (said.kind, said.number) and reference not in said.references:
            said.references.append(reference)
            said.places.setdefault("references", segment.place)


def _reference(level: Parts, code: str, told: bool) -> Found | None:
    """A reference that is one; `told`: by a bank, which writes words there too."""
    for segment in level.of("RFF"):
        text = segment.get(0, 1)
        if segment.get(0) != code or not text or not is_reference(text):
            continue
        if not told or any(letter.isdigit() for letter in text):
            return text, segment
    return None


def _part(bill: list[Segment]) -> Part | None:
    kind, number = DOCUMENT_CODES.get(bill[0].get(0)), bill[0].get(1)
    if not kind or not is_reference(number or None):
        return None
    paid = Parts(bill).amount(("12", "9", "77", "39"))
    amount = decimal_of(paid[0]) if paid else None
    if amount is not None and kind == "credit_note":
        amount = -abs(amount)
    currency = paid[1].get(0, 2) if paid else ""
    return Part(
        ((kind, number, None),), bill[0].place, amount, currency, paid[1].place if paid else ""
    )
