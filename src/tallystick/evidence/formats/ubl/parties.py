"""Parties of a UBL document: their names, country, identifiers and details as written.

Worked example: `cac:PartyName/cbc:Name` "Consortial", `cac:PostalAddress/cac:Country` GB and a
`cac:PartyTaxScheme/cbc:CompanyID` "175 269 2355" of scheme VAT become
`PartySaid("Consortial", "GB", [("vat", "175 269 2355")])`. Check digits are verified elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.ubl.codes import IDENTIFIER_SCHEMES, UNSCOPED_SCHEMES
from tallystick.evidence.formats.ubl.tree import find_all, first, text_of, texts
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.said import PartySaid

Roles = Mapping[str, tuple[str, ...]]
"""Role -> paths of parties, the first that names anybody being taken."""

_ODD: Final = re.compile(r"[^a-z0-9]+")
_NAMES: Final = (
    "PartyName/Name",
    "PartyLegalEntity/RegistrationName",
    "PartyTaxScheme/RegistrationName",
)
_COUNTRIES: Final = (
    "PostalAddress/Country/IdentificationCode",
    "PartyLegalEntity/RegistrationAddress/Country/IdentificationCode",
)
_ADDRESSES: Final = ("PostalAddress", "PartyLegalEntity/RegistrationAddress")
_LINES: Final = (
    ("StreetName", "BuildingNumber"),
    ("AdditionalStreetName",),
    ("Postbox",),
    ("PostalZone", "CityName"),
    ("CountrySubentity",),
)
_HOSTS: Final = ("WebsiteURI", "Contact/ElectronicMail")
_IDS: Final = ("EndpointID", "PartyIdentification/ID", "PartyLegalEntity/CompanyID")


def find_parties(root: Element, roles: Roles) -> dict[str, tuple[PartySaid, Element]]:
    """Role -> party and where it stands, for every role whose paths name somebody."""
    found: dict[str, tuple[PartySaid, Element]] = {}
    for role, paths in roles.items():
        told = (pair for path in paths for pair in _at(root, path))
        pair = next((pair for pair in told if pair[0].name or pair[0].ids), None)
        if pair is not None:
            found[role] = pair
    return found


def _at(root: Element, path: str) -> Iterator[tuple[PartySaid, Element]]:
    return ((read_party(element), element) for element in find_all(root, path))


def read_party(party: Element) -> PartySaid:
    """A `cac:Party` (or an element of that type) as it names itself."""
    ids: list[tuple[str, str]] = []
    for scheme, value in (*_plain_ids(party), *_tax_ids(party)):
        if value and (scheme, value) not in ids:
            ids.append((scheme, value))
    names = [text for path in _NAMES for text in texts(party, path)]
    details = _details(party, names[1:])
    return PartySaid(next(iter(names), None), first(party, *_COUNTRIES), ids, details)


def _details(party: Element, other_names: Iterable[str]) -> Details | None:
    found = Details(
        addresses=_distinct(_address(a) for path in _ADDRESSES for a in find_all(party, path)),
        domains=_distinct(text for path in _HOSTS for text in texts(party, path)),
        other_names=_distinct(other_names),
    )
    return found if any(found.texts()) else None


def _address(address: Element) -> str:
    """An address in one line, "" where no more than its country is given."""
    lines = [" ".join(t for part in parts for t in texts(address, part)[:1]) for parts in _LINES]
    lines[2:2] = texts(address, "AddressLine/Line")
    if not any(lines):
        return ""
    country = first(address, "Country/IdentificationCode", "Country/Name")
    return ", ".join(line for line in (*lines, country) if line)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def with_accounts(party: PartySaid, root: Element) -> PartySaid:
    """The party that sent a bill with the accounts that it asks to be paid to; unless the bill names another
    payee (a factor, say), whose accounts they are then."""
    accounts = _distinct(texts(root, "PaymentMeans/PayeeFinancialAccount/ID"))
    if not accounts or find_all(root, "PayeeParty"):
        return party
    return replace(party, details=replace(party.details or Details(), accounts=accounts))


def same_party(one: PartySaid | None, other: PartySaid | None) -> bool:
    """Whether two parties are named alike, whatever else is said of each."""
    if one is None or other is None:
        return one is other
    return replace(one, details=None) == replace(other, details=None)


def _plain_ids(party: Element) -> Iterator[tuple[str, str]]:
    for path in _IDS:
        for element in find_all(party, path):
            scheme = scheme_of(element.get("schemeID") or element.get("schemeName") or "")
            if scheme:
                yield scheme, text_of(element)


def scheme_of(written: str) -> str | None:
    """Our scheme for a `schemeID`; None where the scheme names no issuer.

    >>> scheme_of("0088"), scheme_of("DKVAT"), scheme_of("SE:ORGNR"), scheme_of("ZZZ")
    ('gln', 'vat', 'id.se.orgnr', None)
    """
    plain = written.strip().lower()
    if plain in UNSCOPED_SCHEMES:
        return None
    known = IDENTIFIER_SCHEMES.get(plain)
    return known or ("vat" if plain.endswith("vat") else f"id.{_ODD.sub('.', plain).strip('.')}")


def _tax_ids(party: Element) -> Iterator[tuple[str, str]]:
    """Company numbers under a VAT scheme; other tax numbers are local to an office and name nobody."""
    for tax in find_all(party, "PartyTaxScheme"):
        for element in find_all(tax, "CompanyID"):
            schemes = (
                first(tax, "TaxScheme/ID"),
                first(tax, "TaxScheme/TaxTypeCode"),
                element.get("schemeID"),
            )
            if any("VAT" in (scheme or "").upper() for scheme in schemes):
                yield "vat", text_of(element)
