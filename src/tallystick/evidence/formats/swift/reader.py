"""Payments out of MT940 and MT942, with the library `mt-940` for what stands in the fields.

Nothing here raises for what a file holds: a line that cannot be read is a reject of its own.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import IO, Any, Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.frame import framed
from tallystick.evidence.formats.iso20022.codes import GERMAN
from tallystick.evidence.formats.iso20022.parties import bank_of_account, owner_of
from tallystick.evidence.formats.iso20022.remittance import is_reference, note
from tallystick.evidence.formats.money import fault_of
from tallystick.evidence.formats.numbers import plain
from tallystick.evidence.formats.payment_references import card_note
from tallystick.evidence.formats.swift.lines import Field, Group, groups
from tallystick.evidence.formats.swift.transfer import TRANSFER, read_transfer
from tallystick.evidence.said import PartySaid, Reject, Said

_NOISE: Final = b"\xef\xbb\xbf \t\r\n"
_MESSAGE: Final = re.compile(rb"\{2:[IO]\d{3}")
_BEGINS: Final = re.compile(rb"\A(\{1:[^\n]{0,200}\s*)?:20:|^:20:[^\n]{0,40}\r?\n", re.MULTILINE)
_STATEMENT: Final = re.compile(rb"^:(25P?|60[FM]|61|62[FM]|34F|32A):", re.MULTILINE)
_WORDS: Final = re.compile(
    r"(?:^|(?<=/))(EREF|REMI|NAME|IBAN|BIC|CNTP|BENM|ORDP|USTD|RTRN|MARF|CSID|PREF|TRTP|ISDT)/",
    re.MULTILINE,
)
_COLONS: Final = re.compile(
    r"\b(IBAN|REK|BIC|NAAM|OMSCHRIJVING|KENMERK|BETALINGSKENM\.|MACHTIGING): *"
)
_DUTCH: Final = {"NAAM": "NAME", "REK": "IBAN", "KENMERK": "EREF"}
_COLUMN: Final = re.compile(r" {2,}|\n|/$")
_CUT: Final = re.compile(r"\d{3}([^\w\s?/])\d\d")
_PAID_OUT: Final = re.compile(r"\d{6}(\d{4})?(D|RC)")
_TOLD_BELOW: Final = frozenset({"EREF", "PREF", "MARF", "NREF"})
"""Words in the place of a reference that say where it stands: in field 86."""
_NO_TRADE: Final[dict[str, str]] = (
    dict.fromkeys(("CHG", "COM"), "a charge of the bank")
    | dict.fromkeys(("SAL",), "pay of a person")
    | dict.fromkeys(("INT",), "interest")
    | dict.fromkeys(("TAX",), "tax")
    | dict.fromkeys(("CAS", "CMI", "CMN", "CMS", "CMT", "CMZ", "SWP"), "cash, or within one firm")
    | dict.fromkeys(("FEX", "LDP", "SEC", "DIV", "MAT", "RED", "SUB"), "banking business")
)
"""Last three characters of the transaction type (SWIFT field 61, subfield 6) -> what it is, where that is no
payment between traders."""

_RETURNED: Final = "RTI"
_LONG_ENOUGH: Final = 8
_FIX_TRANSFER: Final = "ask the bank for the transfer with both sides named (fields 50 and 59)"
_FIX: Final = "ask the bank for statements that name the other side in field 86, or as camt.053"


def looks_like_swift(head: bytes) -> bool:
    """Whether the first bytes of a file are those of SWIFT messages with fields such as :20: and :25:."""
    begin = head.lstrip(_NOISE)
    if begin.startswith(b"{1:"):
        return _MESSAGE.search(begin[:400]) is not None or b":20:" in begin
    return _BEGINS.search(begin[:2_000]) is not None and _STATEMENT.search(begin) is not None


def read_swift(source: IO[bytes], name: str) -> Iterator[Said | Reject]:
    """What the statements of a file say; `row` counts their lines (`:61:`) from 1. Never raises for content."""
    nothing = ("the statement holds no line :61:, so nothing is recorded", "nothing to do")
    return framed(map(_checked, groups(source)), name, nothing)


def _checked(group: Group) -> Said | Reject:
    item = _item(group)
    if isinstance(item, Reject):
        return item
    fix = _FIX_TRANSFER if group.kind else _FIX
    return _account_fault(item, group) or fault_of(item, fix) or item


def _account_fault(said: Said, group: Group) -> Reject | None:
    """That the account itself is why who paid from it is not known."""
    number = _account(group)
    if group.kind or "buyer" in said.parties or number is None or owner_of(number) is not None:
        return None
    if not _PAID_OUT.match(group.fields[0].text):
        return None
    message = "the account in field 25 has wrong check digits, so its owner cannot be known"
    fix = "ask the bank to send the statement again, with the account as it is"
    return Reject(None, None, ":25:", "account-invalid", message, fix)


def _account(group: Group) -> str | None:
    return (group.account or "").partition(" ")[0] or None


def _not_read(kind: str, line: int) -> Reject:
    message = (
        f"line {line} begins a message MT{kind}; MT940 and MT942 are read, and transfers MT103"
    )
    fix = "ask the bank for the payment as ISO 20022 (pacs.008, camt.054) or in a statement MT940"
    return Reject(None, None, None, "swift-message-not-read", message, fix)


def _item(group: Group) -> Said | Reject:
    line = group.fields[0]
    if group.kind == TRANSFER:
        return read_transfer(group.fields[1:])
    if group.kind:
        return _not_read(group.kind, line.line)
    data = _parsed(group)
    if data is None or data.get("date") is None:
        message = f"line {line.line} is not a statement line as SWIFT has it"
        fix = (
            "ask the bank to send the statement again; docs/reference/formats/swift.md has the form"
        )
        return Reject(None, None, ":61:", "swift-line-malformed", message, fix)
    kind = str(data.get("id") or "")[-3:]
    back = str(data.get("status") or "").upper().startswith("R") or kind == _RETURNED
    if kind in _NO_TRADE and not back:
        message = f"the type {kind} says that this is {_NO_TRADE[kind]}, so nothing is recorded"
        return Reject(None, None, ":61:", "not-a-trade-payment", message, "nothing to do")
    code = _GERMAN.match(group.fields[1].text) if len(group.fields) > 1 else None
    if code is not None and code[1] in GERMAN and not back:
        message = f"the code {code[1]} says that this is {GERMAN[code[1]]}, so nothing is recorded"
        return Reject(None, None, ":86:", "not-a-trade-payment", message, "nothing to do")
    return _said(group, data, back)


_GERMAN: Final = re.compile(r"(\d{3})\?\d\d")
"""Field 86 as German banks write it: the business code, then subfields behind question marks."""


def _parsed(group: Group) -> dict[str, Any] | None:
    """The fields as the library reads them; None where it cannot."""
    text = "\n".join(f":{part.tag}:{_questioned(part)}" for part in group.fields)
    try:
        transactions, options = _library()
        found = transactions(options=options).parse(text)
    except Exception:  # the library raises what its patterns and constructors happen to raise
        return None
    return found[0].data if found else None


@cache
def _library() -> tuple[Any, Any]:
    """What makes statements of text, and with which options; silent, for it would print accounts and names."""
    import mt940

    logging.getLogger("mt940").setLevel(logging.CRITICAL)
    return mt940.models.Transactions, mt940.Options.all()


def _questioned(part: Field) -> str:
    """The text of a field; subfields of field 86 set apart by another mark than the question mark with that.

    >>> _questioned(Field("86", "051>00TRANSFER>20Invoice 7>32Buyer BV", 1))
    '051?00TRANSFER?20Invoice 7?32Buyer BV'
    """
    cut = _CUT.match(part.text) if part.tag == "86" else None
    if cut is None:
        return part.text
    return re.sub(rf"{re.escape(cut.group(1))}(?=\d\d)", "?", part.text)


def _said(group: Group, data: dict[str, Any], back: bool) -> Said:
    line, told = group.fields[0], group.fields[1] if len(group.fields) > 1 else group.fields[0]
    amount, words = data["amount"], _words(data)
    said = Said(
        "payment_return" if back else "payment",
        number=_number(data.get("bank_reference")),
        happened_at=_day(data),
        amount=plain(abs(amount.amount)),
        currency=group.currency,
        status="pending" if group.interim else None if back else "settled",
        reason=words.get("RTRN") or data.get("return_debit_notes") or None,
        note=_note(data),
    )
    _put_parties(said, group, data, words, credited=(amount.amount > 0) != back)
    for text in (
        words.get("EREF"),
        data.get("end_to_end_reference"),
        data.get("customer_reference"),
    ):
        reference = ("payment_instruction", " ".join((text or "").split()), None)
        if _is_own(reference[1]) and reference not in said.references:
            said.references.append(reference)
    here, there = f":61:{line.line}", f":{told.tag}:{told.line}"
    fields = ("number", "happened_at", "amount", "status")
    said.places = {name: here for name in fields if getattr(said, name)}
    said.places |= {role: there for role in ("buyer", "seller") if role in said.parties}
    said.places |= {"references": here} if said.references else {}
    return said


def _is_own(text: str) -> bool:
    """Whether a reference is one, and not a placeholder or a word that says where it stands."""
    return is_reference(text or None) and text not in _TOLD_BELOW and bool(text.strip("xX"))


def _number(reference: str | None) -> str | None:
    text = (reference or "").strip()
    return text if len(text) >= _LONG_ENOUGH and is_reference(text) else None


def _day(data: dict[str, Any]) -> str:
    """The day of entry, else the value date."""
    day = data.get("entry_date") or data["date"]
    return str(day.isoformat())


def _words(data: dict[str, Any]) -> dict[str, str]:
    """What field 86 says under words between slashes, as banks of the Benelux write it.

    >>> _words({"transaction_details": "/EREF/E2E-9//NAME/Seller BV/REMI/Invoice 88/"})
    {'EREF': 'E2E-9', 'NAME': 'Seller BV', 'REMI': 'Invoice 88'}
    >>> _words({"transaction_details": "/CNTP/NL32INGB0000012345/INGBNL2A/Web BV/Breda//REMI/88/"})["NAME"]
    'Web BV'
    >>> _words({"transaction_details": "INVOICE 88 REK: NL65INGB0123456789/NAAM: PICQER"})
    {'IBAN': 'NL65INGB0123456789', 'NAME': 'PICQER'}
    """
    text = data.get("transaction_details") or ""
    parts = _WORDS.split(text.replace("\n", ""))
    words = {word: value.strip("/ ") for word, value in zip(parts[1::2], parts[2::2], strict=False)}
    if "CNTP" in words:
        sides = [side.strip() for side in words["CNTP"].split("/")]
        for word, side in zip(("IBAN", "BIC", "NAME"), sides, strict=False):
            words.setdefault(word, side)
    return words or _colon_words(text)


def _colon_words(text: str) -> dict[str, str]:
    """Words before a colon, in columns that blanks part, as Dutch banks wrote field 86 for long."""
    parts = _COLONS.split(text)
    words: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=False):
        cell = _COLUMN.split(value.strip())[0]
        words.setdefault(_DUTCH.get(word, word), cell.strip(" /"))
    return words


def _note(data: dict[str, Any]) -> str | None:
    keys = ("purpose", "transaction_details", "additional_purpose", "posting_text", "extra_details")
    texts = [" ".join(str(data.get(key) or "").split()) for key in keys]
    return note(*texts, *card_note(texts))


def _put_parties(
    said: Said, group: Group, data: dict[str, Any], words: dict[str, str], *, credited: bool
) -> None:
    """The account's owner on one side, who is named in field 86 on the other."""
    own, other = ("seller", "buyer") if credited else ("buyer", "seller")
    number = _account(group)
    owner = owner_of(number)
    if owner is not None:
        said.parties[own] = owner
    name = " ".join(str(data.get("applicant_name") or words.get("NAME") or "").split()).strip(" /")
    account = str(data.get("applicant_iban") or words.get("IBAN") or "").strip()
    if name:
        details = Details(accounts=(account,)) if account else None
        said.parties[other] = PartySaid(name, details=details)
    code = str(data.get("applicant_bin") or words.get("BIC") or "").strip()
    if code and credited and len(code) in (8, 11) and code[:6].isalpha():
        said.parties["bank"] = PartySaid(ids=[("bic", code)])
    elif not credited and (bank := bank_of_account(number)) is not None:
        said.parties["bank"] = bank
