"""Parties, banks and accounts of a message, in every shape that the versions of ISO 20022 gave them.

Idea: a party stands bare (`Dbtr/Nm`) or, in statements since 2018, in a choice (`Dbtr/Pty/Nm` or
`Dbtr/Agt/FinInstnId/Nm`); a bank's code is `BIC`, `BICFI`, `AnyBIC` or `BICOrBEI`. All of it comes out as one
`PartySaid`. Where a payment is made on behalf of another (`UltmtDbtr`), that other one is the buyer: it owed.

Worked example: `<Dbtr><Nm>ABC</Nm><PstlAdr><Ctry>US</Ctry></PstlAdr><Id><OrgId><LEI>5299...</LEI>` is
`PartySaid("ABC", "US", [("lei", "5299...")])`. Numbers of private persons (`PrvtId`) are not read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from tallystick.evidence.countries import country_code
from tallystick.evidence.details import MAX_ADDRESS, Details, account_of, details_of
from tallystick.evidence.formats.iso20022.codes import NO_REFERENCE, SCHEMES
from tallystick.evidence.formats.xmlpaths import Found, branches, paths_of
from tallystick.evidence.said import PartySaid
from tallystick.units import hash64

_ORGANISATION: Final = "Id/OrgId/"
_OF_BANK: Final = {"LEI": "lei"} | dict.fromkeys("BICFI BIC AnyBIC BICOrBEI".split(), "bic")
_OF_FIRM: Final = {f"{_ORGANISATION}{name}": scheme for name, scheme in _OF_BANK.items()}
_CODES: Final = _OF_BANK | _OF_FIRM
_OTHERS: Final = f"{_ORGANISATION}Othr"
_HOSTS: Final = ("CtctDtls/EmailAdr", "CtctDtls/URLAdr")
_INSTITUTION: Final = "FinInstnId"
_ADDRESS: Final = "PstlAdr"
_ROWS: Final = (
    (f"{_ADDRESS}/StrtNm", f"{_ADDRESS}/BldgNb"),
    (f"{_ADDRESS}/PstBx",),
    f"{_ADDRESS}/AdrLine",
    (f"{_ADDRESS}/PstCd", f"{_ADDRESS}/TwnNm"),
    (f"{_ADDRESS}/CtrySubDvsn",),
)
_COUNTRY: Final = f"{_ADDRESS}/Ctry"
_RESIDENCE: Final = "CtryOfRes"
_SCHEME_CODES: Final = ("SchmeNm/Cd", "SchmeNm/Prtry", "Issr")
_MEMBER: Final = ("ClrSysMmbId/MmbId", "ClrSysMmbId/Id")
_SYSTEM: Final = ("ClrSysMmbId/ClrSysId/Cd", "ClrSysMmbId/ClrSysId/Prtry")
_VAT: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{6,13}")
_NAMED: Final = ("Nm", _ADDRESS, _COUNTRY, *_HOSTS, *paths_of(_ROWS))
_BANK: Final = branches((*_NAMED, *_OF_BANK, *_MEMBER, *_SYSTEM), passed=("CmbndId",))
_PARTY: Final = branches(
    (*_NAMED, *_OF_FIRM, _OTHERS, _INSTITUTION, _RESIDENCE), passed=("Pty", "Agt")
)
_NUMBER: Final = branches(("Id", *_SCHEME_CODES))
_ACCOUNT: Final = ("Id/IBAN", "Id/Othr/Id", "Id/BBAN", "Id/PrtryAcct/Id")


def of_party(path: str) -> tuple[str, ...]:
    """What must have been asked for where `party` or `bank` is to be read at a path."""
    return (path, f"{path}/{_INSTITUTION}")


@cache
def of_account(path: str) -> tuple[str, ...]:
    """What is asked of an account at a path."""
    return tuple(f"{path}/{number}" for number in _ACCOUNT)


def party(told: Found | None, path: str, account: str | None = None) -> PartySaid | None:
    """The first party at a path with the account that is its own; None where it has neither name nor number."""
    named = told.inside(path, _PARTY) if told is not None else None
    if named is None:
        return None
    if _INSTITUTION in named.at:
        found = bank(named, "")
        return _with_account(found, account) if found is not None else None
    name, country = named.text("Nm"), _country(named.text(_COUNTRY, _RESIDENCE))
    ids = _codes(named)
    if _OTHERS in named.at:
        ids += _numbers(named, country)
    if name is None and not ids:
        return None
    return PartySaid(name, country, ids, _details(named, account))


def bank(told: Found | None, path: str, account: str | None = None) -> PartySaid | None:
    """The bank whose agent is at a path ("" where the agent itself is told of), by its code, LEI, number in a
    clearing system or name. Where there is none of these the bank's own number in an `account` (an IBAN) of a
    customer names it: in the euro area payers need not know more."""
    at = f"{path}/{_INSTITUTION}" if path else _INSTITUTION
    institution = told.inside(at, _BANK) if told is not None else None
    if institution is None:
        return bank_of_account(account)
    ids, name = _codes(institution) or _clearing(institution), institution.text("Nm")
    if name is None and not ids:
        return bank_of_account(account)
    country = _country(institution.text(_COUNTRY))
    return PartySaid(name, country, ids, _details(institution, None))


def number_of(told: Found | None, path: str) -> str | None:
    """The number of the account at a path as written: IBAN, or the bank's own."""
    return told.text(*of_account(path)) if told is not None else None


def bank_of_account(account: str | None) -> PartySaid | None:
    """The bank that keeps an account, by its own number in an IBAN; None for any other account."""
    code = _bank_code("".join(account.split()).upper()) if account else None
    return PartySaid(country=code[:2], ids=[("id:iban.bank", code)]) if code else None


def owner_of(account: str | None, keeper: PartySaid | None = None) -> PartySaid | None:
    """Whoever owns an account, where a statement does not say who that is: known by the account's hash. A
    number that names no bank may be in use at several: it is hashed with that of its `keeper`, if known."""
    from stdnum import iban

    number = account_of(account) if account else None
    if account is None or not number:
        return None
    if keeper is not None and keeper.ids and not iban.is_valid(number):
        number = f"{keeper.ids[0][1].removesuffix('XXX')} {number}"
    ids = [("id:account", f"{hash64('account', number):016x}")]
    return PartySaid(ids=ids, details=Details(accounts=(account,)))


def on_behalf(ultimate: PartySaid | None, direct: PartySaid | None) -> tuple[PartySaid | None, str]:
    """Who owes or is owed, and the name of the other who pays or is paid for it, "" where that is the same."""
    if ultimate is None or direct is None or _same(ultimate, direct):
        return direct or ultimate, ""
    return ultimate, direct.name or ""


def _same(one: PartySaid, other: PartySaid) -> bool:
    if one.ids and other.ids:
        return bool(set(one.ids) & set(other.ids))
    return (one.name or "").casefold() == (other.name or "").casefold()


def _with_account(found: PartySaid, account: str | None) -> PartySaid:
    if account is None:
        return found
    details = (found.details or Details())._replace(accounts=(account,))
    return replace(found, details=details)


def _details(told: Found, account: str | None) -> Details | None:
    where = told.address(_ROWS, _COUNTRY)[:MAX_ADDRESS] if _ADDRESS in told.at else ""
    return details_of([where], [account or ""], told.texts(*_HOSTS))


def _country(code: str | None) -> str | None:
    return country_code(code) if code else None


def _codes(holder: Found) -> list[tuple[str, str]]:
    """LEI and code of a bank, as organisations and institutions carry them, in their order there."""
    codes = [(_CODES[path], holder.text(path)) for path in holder.at if path in _CODES]
    return [(scheme, code) for scheme, code in codes if code]


def _numbers(named: Found, country: str | None) -> list[tuple[str, str]]:
    """Other numbers of an organisation, where they are of a scheme that others read too."""
    ids = []
    for other in named.below(_OTHERS, _NUMBER):
        number = other.text("Id")
        scheme = _scheme(other, number or "", country)
        if number and scheme and number.lower() not in NO_REFERENCE:
            ids.append((scheme, number))
    return ids


def _scheme(other: Found, number: str, country: str | None) -> str | None:
    """Our scheme of a number by what it is said to be, or by who is said to have issued it."""
    for code in other.texts(*_SCHEME_CODES):
        word = code.upper()
        if word in ("TXID", "VAT"):
            return "vat" if _VAT.fullmatch(number.upper().replace(" ", "")) else None
        scheme = SCHEMES.get(word)
        if scheme and ("{" not in scheme or country):
            return scheme.format(country=(country or "").lower())
    return None


def _clearing(institution: Found) -> list[tuple[str, str]]:
    number, system = institution.text(*_MEMBER), institution.text(*_SYSTEM)
    return [(f"id:clearing.{system.lower()[:35]}", number)] if number and system else []


@lru_cache(maxsize=10_000)
def _bank_code(number: str) -> str | None:
    """Country and bank in a valid IBAN: the first part of what stands behind its check digits.

    >>> _bank_code("DE89370400440532013000"), _bank_code("23683707994125")
    ('DE37040044', None)
    """
    from stdnum import iban, numdb

    if not iban.is_valid(number):
        return None
    parts = numdb.get("iban").info(number)
    length = re.match(r"\d+", parts[0][1].get("bban", ""))
    return number[:2] + number[4 : 4 + int(length.group())] if length else None
