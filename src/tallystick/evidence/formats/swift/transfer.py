"""A transfer between banks for their customers: MT103, the forerunner of pacs.008.

Idea: field 50 orders and field 59 is paid, each as a BIC (A), as lines (K, or no letter) or as numbered lines
(F); field 32A says what is settled and when. That is one `payment`. One that returns or rejects another says so
in free text (field 72), and whose money it is then cannot be told: it is refused.

Worked example: `:32A:230803USD5000,00`, `:50K:/123456789` BUYER LTD and `:59:/987654321` SELLER LTD are
`Said("payment", amount="5000.00", currency="USD", happened_at="2023-08-03", status="settled", ...)`.

Source: SWIFT Standards MT, MT103; `docs/reference/formats/swift.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tallystick.evidence.details import MAX_ADDRESS, Details
from tallystick.evidence.formats.iso20022.common import UETR
from tallystick.evidence.formats.iso20022.parties import bank_of_account
from tallystick.evidence.formats.iso20022.remittance import is_reference, note
from tallystick.evidence.formats.swift.lines import Field
from tallystick.evidence.said import PartySaid, Reject, Said

TRANSFER: Final = "103"
_LONG_ENOUGH: Final = 8
_SETTLED: Final = re.compile(r"(\d\d)(\d\d)(\d\d)([A-Z]{3})([\d,]+)")
_MONEY: Final = re.compile(r"([A-Z]{3})([\d,]+)")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_NUMBERED: Final = re.compile(r"([1-8])/(.*)")
_PLACE: Final = re.compile(r"([A-Z]{2})(/.*)?")
_BACK: Final = re.compile(r"/(RETN|REJT)/|/REC/RETN\b")
_BEARER: Final = {"SHA": "SHAR", "BEN": "CRED"}
_OWN: Final = re.compile(r"/ROC/([^/\n]+)")
_SIDES: Final = (("buyer", "50", "AFK"), ("seller", "59", "AF"))


def read_transfer(fields: Sequence[Field]) -> Said | Reject:
    """What the fields of a message say, `121` (UETR) of its header among them."""
    told = {field.tag: field for field in fields}
    settled = told.get("32A")
    match = _SETTLED.match(settled.text) if settled else None
    if settled is None or match is None:
        return _refused(
            "swift-line-malformed",
            "the transfer has no field 32A with date, currency and amount",
            "ask the bank to send it again",
        )
    words = told["72"].text if "72" in told else ""
    if _BACK.search(words):
        return _refused(
            "nothing-stated",
            "field 72 says that this returns or rejects a transfer, but not in which order both sides stand",
            "take the return from the statement of the account",
        )
    year, month, day, currency, amount = match.groups()
    said = Said(
        "payment",
        status="settled",
        happened_at=f"{'19' if year >= '80' else '20'}{year}-{month}-{day}",
        amount=_plain(amount),
        currency=currency,
    )
    said.places = dict.fromkeys(("amount", "happened_at", "status"), f":32A:{settled.line}")
    _put_number(said, told)
    _put_sides(said, told)
    _put_bank(said, told)
    remittance = told["70"].text if "70" in told else ""
    _refer(said, told, remittance)
    said.note = note(" ".join(remittance.split()), *_notes(told, said))
    return said


def _refused(rule: str, message: str, fix: str) -> Reject:
    return Reject(None, None, ":72:" if rule == "nothing-stated" else ":32A:", rule, message, fix)


def _plain(amount: str) -> str:
    """An amount with a full stop, and none at its end."""
    return amount.replace(",", ".").removesuffix(".")


def _put_number(said: Said, told: dict[str, Field]) -> None:
    field = told.get("20")
    if field is not None and len(field.text) >= _LONG_ENOUGH and is_reference(field.text):
        said.number, said.places["number"] = field.text, f":20:{field.line}"


def _put_sides(said: Said, told: dict[str, Field]) -> None:
    for role, tag, options in _SIDES:
        for name in (*(tag + option for option in options), tag):
            if (field := told.get(name)) is not None and (party := party_of(field.text)):
                said.parties[role], said.places[role] = party, f":{name}:{field.line}"
                break


def _put_bank(said: Said, told: dict[str, Field]) -> None:
    """The payer's bank: the ordering institution, else the one in the payer's IBAN."""
    for name in ("52A", "52D"):
        if (field := told.get(name)) is not None and (bank := party_of(field.text)):
            said.parties["bank"], said.places["bank"] = bank, f":{name}:{field.line}"
            return
    payer = said.parties.get("buyer")
    number = (
        payer.details.accounts[0] if payer and payer.details and payer.details.accounts else None
    )
    if (bank := bank_of_account(number)) is not None:
        said.parties["bank"] = bank


def _refer(said: Said, told: dict[str, Field], remittance: str) -> None:
    if own := _OWN.search(remittance):
        said.references.append(("payment_instruction", own.group(1).strip(), None))
    if "121" in told:
        said.references.append(("payment_instruction", told["121"].text, UETR))
    if said.references:
        said.places["references"] = f":70:{told['70'].line}" if own else "{3:"


def _notes(told: dict[str, Field], said: Said) -> list[str]:
    notes = []
    sent = _MONEY.match(told["33B"].text) if "33B" in told else None
    if sent and (sent.group(1), _plain(sent.group(2))) != (said.currency, said.amount):
        notes.append(f"instructed: {sent.group(1)} {_plain(sent.group(2))}")
    for tag in ("71F", "71G"):
        if tag in told and (fee := _MONEY.match(told[tag].text)):
            notes.append(f"charges: {fee.group(1)} {_plain(fee.group(2))}")
    bearer = _BEARER.get(told["71A"].text[:3]) if "71A" in told else None
    return [*notes, f"charges borne: {bearer}"] if bearer else notes


def party_of(text: str) -> PartySaid | None:
    """A party as its field names it; None where that has neither a name nor a BIC.

    >>> party_of("/DE89370400440532013000\\nMUELLER GMBH\\nHAUPTSTRASSE 1\\n10115 BERLIN").name
    'MUELLER GMBH'
    >>> party = party_of("/FR34\\n1/SOME NAME\\n2/SOME STREET\\n3/FR/PARIS")
    >>> party.name, party.country, party.details.addresses
    ('SOME NAME', 'FR', ('SOME STREET, PARIS, FR',))
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    account = lines.pop(0).removeprefix("/") if lines and lines[0].startswith("/") else None
    account = account.partition("/")[2] if account and account[:2] in ("C/", "D/") else account
    if len(lines) == 1 and _BIC.fullmatch(lines[0]):
        return PartySaid(ids=[("bic", lines[0])], details=_details((), None, account))
    numbered = [match.groups() for line in lines if (match := _NUMBERED.fullmatch(line))]
    if numbered and len(numbered) == len(lines):
        return _numbered(numbered, account)
    if not lines:
        return None
    return PartySaid(lines[0], details=_details(lines[1:], None, account))


def _numbered(lines: Sequence[tuple[str, ...]], account: str | None) -> PartySaid | None:
    """Lines with their numbers: 1 name, 2 address, 3 country and town; those of persons are not read."""
    name = " ".join(text for number, text in lines if number == "1") or None
    place = next((m for n, text in lines if n == "3" and (m := _PLACE.fullmatch(text))), None)
    country = place.group(1) if place else None
    town = (place.group(2) or "").strip("/") if place else ""
    streets = [text for number, text in lines if number == "2"]
    if name is None:
        return None
    return PartySaid(name, country, details=_details([*streets, town], country, account))


def _details(lines: Sequence[str], country: str | None, account: str | None) -> Details | None:
    address = ", ".join(line for line in lines if line)
    if address and country:
        address += f", {country}"
    if not address and not account:
        return None
    return Details((address[:MAX_ADDRESS],) if address else (), (account,) if account else ())
