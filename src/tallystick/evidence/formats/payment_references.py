"""By what a payment names its bill: creditor references, and what free text says in their place.

Idea: a seller gives a bill a number by which it is to be paid, and the payer's bank hands that number on. It is
no number of the bill, so both sides say it in their note behind the same mark, where closing looks for it. RF
(ISO 11649) and Swiss QR references are known anywhere by their check digits. National ones end in one digit,
which a number by chance has too, so they count only for a creditor of that country.

Worked example: a Norwegian bill is to be paid by KID 2345676, and a statement of the seller's account has a
credit with that reference: the notes of both say "payment reference: 2345676".

Sources: ISO 11649; Swiss QR Bill (recursive modulus 10); KID of Norway (modulus 10, modulus 11); OCR of Sweden
(modulus 10); FIK of Denmark (cards 01, 04, 15, 71, 73, 75); viitenumero of Finland (7-3-1), which Estonia took
over; the structured communication of Belgium (modulus 97).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from stdnum import iban, luhn

from tallystick.evidence.said import Said

MARK: Final = "payment reference: "
"""Before a creditor reference in a note, where closing looks for it."""

_RF: Final = re.compile(r"RF\d{2}[0-9A-Z]{1,21}")
_SWISS: Final = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)
_OF_CURRENCY: Final = {"NOK": "NO", "SEK": "SE", "DKK": "DK"}
_CARD: Final = re.compile(r"(?:(?<=\+)|\b)(?:01|04|15|71|73|75) ?[<#] ?(\d{15,16}|\d{19})(?!\d)")
"""A Danish giro card: as its code line has it (+71<…+…<) or as Peppol does (71#…)."""

_PRINTED: Final = str.maketrans("", "", " \t\xa0+/*")
_IBAN: Final = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?(?![A-Z0-9])"
)

_MAYBE: Final = re.compile(r"\d(?<=[A-Z][A-Z]\d)\d[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{4}")
"""What every IBAN begins with, found by its first digit: of those a text has far fewer than of capitals."""
_SHORTEST: Final = 15
"""Characters of an IBAN of Norway; no country has a shorter one."""


def _mod_11(number: str) -> bool:
    total = sum(int(d) * (2 + n % 6) for n, d in enumerate(reversed(number[:-1])))
    return "0123456789-"[-total % 11] == number[-1]


def _seven_three_one(number: str) -> bool:
    total = sum(int(d) * (7, 3, 1)[n % 3] for n, d in enumerate(reversed(number[:-1])))
    return -total % 10 == int(number[-1])


def _norway(number: str) -> str | None:
    whole = re.fullmatch(r"\d{4,24}[\d-]", number)
    right = whole and (_mod_11(number) or (number.isdigit() and luhn.is_valid(number)))
    return number if right else None


def _sweden(number: str) -> str | None:
    return number if re.fullmatch(r"\d{5,25}", number) and luhn.is_valid(number) else None


def _denmark(number: str) -> str | None:
    """One of a card is told by its card; its digits alone by their number too."""
    return number if re.fullmatch(r"\d{15,16}", number) and luhn.is_valid(number) else None


def _finland(number: str) -> str | None:
    plain = number.lstrip("0")
    return plain if re.fullmatch(r"\d{4,20}", plain) and _seven_three_one(plain) else None


def _belgium(number: str) -> str | None:
    right = re.fullmatch(r"\d{12}", number) and int(number[:-2]) % 97 in (
        int(number[-2:]),
        int(number[-2:]) - 97,
    )
    return number if right else None


_NATIONAL: Final[dict[str, Callable[[str], str | None]]] = {
    "NO": _norway,
    "SE": _sweden,
    "DK": _denmark,
    "FI": _finland,
    "EE": _finland,
    "BE": _belgium,
}


def creditor_reference(written: str, countries: Iterable[str] = ()) -> str | None:
    """A creditor reference with right check digits, without the blanks and marks that people print in it; None
    for any other text. National ones are known for a creditor of one of the `countries`.

    >>> creditor_reference("rf18 5390 0754 7034"), creditor_reference("21 00000 00003 13947 14300 09017")
    ('RF18539007547034', '210000000003139471430009017')
    >>> [creditor_reference(*told) for told in (("2345676",), ("2345676", ["NO"]), ("2345677", ["NO"]))]
    [None, '2345676', None]
    >>> creditor_reference("+++090/9337/55493+++", ["BE"]), creditor_reference("71<000000012345674", ["DK"])
    ('090933755493', '000000012345674')
    >>> creditor_reference("RF19 5390 0754 7034") is creditor_reference("INV-7") is None
    True
    """
    plain = written.translate(_PRINTED).upper()
    if _RF.fullmatch(plain):
        number = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
        return plain if int(number) % 97 == 1 else None
    if not plain.isascii() or not plain.strip("0"):
        return None
    if len(plain) == 27 and plain.isdigit():
        return plain if _swiss(plain) else None
    card = _CARD.search(written) if "DK" in countries else None
    if card is not None:
        return card.group(1) if luhn.is_valid(card.group(1)) else None
    checks = (_NATIONAL[country] for country in countries if country in _NATIONAL)
    return next((found for check in checks if (found := check(plain))), None)


def _swiss(number: str) -> bool:
    carry = 0
    for digit in number[:-1]:
        carry = _SWISS[(carry + int(digit)) % 10]
    return (10 - carry) % 10 == int(number[-1])


def creditors_of(said: Said) -> tuple[str, ...]:
    """The countries whose references may name a bill: of who is paid, of its account, of a currency of one
    country alone."""
    found = [_OF_CURRENCY.get(said.currency or "", "")]
    for role in ("seller", "carrier"):
        if (party := said.parties.get(role)) is not None:
            accounts = party.details.accounts if party.details is not None else ()
            found += [party.country or "", *(account[:2].upper() for account in accounts)]
    return tuple(dict.fromkeys(country for country in found if country in _NATIONAL))


def reference_note(written: Iterable[str], countries: Iterable[str] = ()) -> list[str]:
    """The creditor references among some texts, as notes say them."""
    found = (creditor_reference(text, countries) for text in written)
    return [f"{MARK}{number}" for number in dict.fromkeys(found) if number]


def card_note(texts: Iterable[str]) -> list[str]:
    """The references of Danish giro cards in free text, as notes say them.

    >>> card_note(["paid +71<000000012345674+87654321<"]), card_note(["call +4571 000000012345674"])
    (['payment reference: 000000012345674'], [])
    """
    lines = [text for text in texts if "<" in text or "#" in text]
    if not lines:  # as nearly always
        return []
    found = (number for text in lines for number in _CARD.findall(text) if luhn.is_valid(number))
    return [f"{MARK}{number}" for number in dict.fromkeys(found)]


def account_in(texts: Iterable[str]) -> str | None:
    """The one account that some texts name by a right IBAN; None where they name none, or several.

    >>> account_in(["Our bank has changed: IBAN GB29 NWBK 6016 1331 9268 19, thank you"])
    'GB29NWBK60161331926819'
    >>> account_in(["GB29 NWBK 6016 1331 9268 10", "Order DE12 0000"]) is None
    True
    """
    maybe = [text for text in texts if _MAYBE.search(text)]
    if not maybe:  # as nearly always
        return None
    found = {number for text in maybe for match in _IBAN.findall(text) if (number := _right(match))}
    return found.pop() if len(found) == 1 else None


def _right(written: str) -> str | None:
    """The IBAN at the beginning of a text that may go on with short words."""
    rest = written
    while len(rest) >= _SHORTEST:
        plain = rest.replace(" ", "").replace("-", "")
        if iban.is_valid(plain):
            return plain
        rest = rest.rpartition(" ")[0]
    return None
