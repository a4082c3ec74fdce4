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
from functools import lru_cache
from typing import Final

from tallystick.evidence.details import MAX_ADDRESS, Details, account_of
from tallystick.evidence.formats.iso20022.codes import COUNTRIES, NO_REFERENCE, SCHEMES
from tallystick.evidence.formats.iso20022.tree import Node
from tallystick.evidence.said import PartySaid
from tallystick.units import hash64

_CODES: Final = {"LEI": "lei"} | dict.fromkeys("BICFI BIC AnyBIC BICOrBEI".split(), "bic")
_HOSTS: Final = ("CtctDtls/EmailAdr", "CtctDtls/URLAdr")
_ORGANISATION: Final = "Id/OrgId"
_LINES: Final = (("StrtNm", "BldgNb"), ("PstBx",), ("PstCd", "TwnNm"), ("CtrySubDvsn",))
_SCHEME_CODES: Final = ("SchmeNm/Cd", "SchmeNm/Prtry", "Issr")
_VAT: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{6,13}")


def party(node: Node | None, account: str | None = None) -> PartySaid | None:
    """The party at a node with the account that is its own; None where it has neither name nor number."""
    if node is None:
        return None
    node = node.branch("Pty", "Agt") or node
    if "FinInstnId" in node.kids:
        found = bank(node)
        return _with_account(found, account) if found is not None else None
    name, address = node.said("Nm"), node.branch("PstlAdr")
    country = address.said("Ctry") if address is not None else None
    country = _country(country or node.said("CtryOfRes"))
    organisation = node.branch(_ORGANISATION)
    ids = _ids(organisation, country) if organisation is not None else []
    if name is None and not ids:
        return None
    return PartySaid(name, country, ids, _details(node, address, account))


def bank(agent: Node | None, account: str | None = None) -> PartySaid | None:
    """The bank at an agent's node, by its code, LEI, number in a clearing system or name. Where there is none
    of these the bank's own number in an `account` (an IBAN) of a customer names it: in the euro area payers
    need not know more."""
    institution = agent.branch("FinInstnId") if agent is not None else None
    if institution is None:
        return bank_of_account(account)
    institution = institution.branch("CmbndId") or institution
    ids = _codes(institution) or _clearing(institution)
    name = institution.said("Nm")
    if name is None and not ids:
        return bank_of_account(account)
    address = institution.branch("PstlAdr")
    country = _country(address.said("Ctry")) if address is not None else None
    return PartySaid(name, country, ids, _details(institution, address, None))


def number_of(account: Node | None) -> str | None:
    """The number of an account as written: IBAN, or the bank's own."""
    return account.said("Id/IBAN", "Id/Othr/Id", "Id/BBAN", "Id/PrtryAcct/Id") if account else None


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
    return replace(found, details=replace(found.details or Details(), accounts=(account,)))


def _details(node: Node, address: Node | None, account: str | None) -> Details | None:
    where = _address(address) if address is not None else ""
    domains = tuple(host.text for host in node.some(*_HOSTS)) if "CtctDtls" in node.kids else ()
    if not (where or account or domains):
        return None
    return Details((where,) if where else (), (account,) if account else (), domains)


def _address(address: Node) -> str:
    """An address in one line, "" where no more than its country is given."""
    given = {name: nodes[0].text for name, nodes in address.kids.items() if nodes[0].text}
    lines = [" ".join(given[part] for part in parts if part in given) for parts in _LINES]
    lines[2:2] = [node.text for node in address.some("AdrLine")]
    if not any(lines):
        return ""
    return ", ".join(line for line in (*lines, given.get("Ctry")) if line)[:MAX_ADDRESS]


def _country(code: str | None) -> str | None:
    return COUNTRIES.get(code.upper(), code) if code else None


def _codes(holder: Node) -> list[tuple[str, str]]:
    """LEI and code of a bank, as organisations and institutions carry them."""
    return [
        (_CODES[name], nodes[0].text)
        for name, nodes in holder.kids.items()
        if name in _CODES and nodes[0].text
    ]


def _ids(organisation: Node, country: str | None) -> list[tuple[str, str]]:
    ids = _codes(organisation)
    for other in organisation.all("Othr"):
        number = other.said("Id")
        scheme = _scheme(other, number or "", country)
        if number and scheme and number.lower() not in NO_REFERENCE:
            ids.append((scheme, number))
    return ids


def _scheme(other: Node, number: str, country: str | None) -> str | None:
    """Our scheme of a number by what it is said to be, or by who is said to have issued it."""
    for code in other.some(*_SCHEME_CODES):
        word = code.text.upper()
        if word in ("TXID", "VAT"):
            return "vat" if _VAT.fullmatch(number.upper().replace(" ", "")) else None
        scheme = SCHEMES.get(word)
        if scheme and ("{" not in scheme or country):
            return scheme.format(country=(country or "").lower())
    return None


def _clearing(institution: Node) -> list[tuple[str, str]]:
    member = institution.branch("ClrSysMmbId")
    number = member.said("MmbId", "Id") if member is not None else None
    system = member.said("ClrSysId/Cd", "ClrSysId/Prtry") if member is not None else None
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
