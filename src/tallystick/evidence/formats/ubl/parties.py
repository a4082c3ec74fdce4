"""Parties of a UBL document: their names, country, identifiers and details as written.

Worked example: `cac:PartyName/cbc:Name` "Consortial", `cac:PostalAddress/cac:Country` GB and a
`cac:PartyTaxScheme/cbc:CompanyID` "175 269 2355" of scheme VAT become
`PartySaid("Consortial", "GB", [("vat", "175 269 2355")])`. Check digits are verified elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from tallystick.evidence.countries import country_code
from tallystick.evidence.details import details_of
from tallystick.evidence.formats.ubl.codes import IDENTIFIER_SCHEMES, UNSCOPED_SCHEMES
from tallystick.evidence.formats.ubl.tree import asked
from tallystick.evidence.formats.xmlpaths import Found, Spot, paths_of
from tallystick.evidence.formats.xmlsafe import Element
from tallystick.evidence.registers import with_prefix
from tallystick.evidence.said import PartySaid

Roles = Mapping[str, tuple[str, ...]]
"""Role -> paths of parties, the first that names anybody being taken."""

_AGENCY: Final = re.compile(r"([A-Z]{2})[:,]")
_ODD: Final = re.compile(r"[^a-z0-9]+")
_NAMES: Final = ("PartyName/Name", "PartyLegalEntity/RegistrationName")
_ADDRESSES: Final = ("PostalAddress", "PartyLegalEntity/RegistrationAddress")
_HOSTS: Final = ("WebsiteURI", "Contact/ElectronicMail")
_IDS: Final = ("EndpointID", "PartyIdentification/ID", "PartyLegalEntity/CompanyID")
_TAX: Final = "PartyTaxScheme"
_PARTY: Final = asked((*_NAMES, *_ADDRESSES, *_HOSTS, *_IDS, _TAX))
"""All that is asked of a party; its addresses and its numbers for taxes are asked each for itself."""

_TAX_NUMBER: Final = "CompanyID"
_TAX_NAME: Final = "RegistrationName"
_TAX_ID: Final = "TaxScheme/ID"
_TAX_TYPE: Final = "TaxScheme/TaxTypeCode"
_TAXED: Final = asked((_TAX_NAME, _TAX_NUMBER, _TAX_ID, _TAX_TYPE))
_COUNTRY: Final = "Country/IdentificationCode"
_LAND: Final = "Country/Name"
_ROWS: Final = (
    ("StreetName", "BuildingNumber"),
    ("AdditionalStreetName",),
    "AddressLine/Line",
    ("Postbox",),
    ("PostalZone", "CityName"),
    ("CountrySubentity",),
)
_ADDRESS: Final = asked((*paths_of(_ROWS), _COUNTRY, _LAND))


def find_parties(told: Found, roles: Roles) -> dict[str, tuple[PartySaid, Spot]]:
    """Role -> party and where it stands, for every role whose paths name somebody, by name or number."""
    found: dict[str, tuple[PartySaid, Spot]] = {}
    at = told.at
    for role, paths in roles.items():
        for path in paths:
            for spot in at[path] if path in at and role not in found else ():
                party = read_party(Found(spot[2], _PARTY))
                if party.name or party.ids:
                    found[role] = party, spot
                    break
    return found


def read_party(told: Found) -> PartySaid:
    """A `cac:Party` (or an element of that type) as it names itself."""
    taxes = told.below(_TAX, _TAXED)
    names = told.texts(*_NAMES)
    country, lines = None, []
    for path in _ADDRESSES:
        for address in told.below(path, _ADDRESS):
            country = country or country_code(address.text(_COUNTRY, _LAND) or "")
            lines.append(address.address(_ROWS, _COUNTRY, _LAND))
    ids = _ids(told, country)
    for tax in taxes:
        if _TAX_NAME in tax.at:
            names += tax.texts(_TAX_NAME)
        _put_vat(ids, tax)
    details = details_of(lines, domains=told.texts(*_HOSTS), other_names=names[1:])
    return PartySaid(names[0] if names else None, country, list(ids), details)


def same_party(one: PartySaid | None, other: PartySaid | None) -> bool:
    """Whether two parties are named alike, whatever else is said of each."""
    if one is None or other is None:
        return one is other
    return replace(one, details=None) == replace(other, details=None)


def _ids(told: Found, country: str | None) -> dict[tuple[str, str], None]:
    """Identifiers, each once."""
    ids: dict[tuple[str, str], None] = {}
    for _, number, element in told.spots(*_IDS):
        written = element.get("schemeID") or element.get("schemeName") or ""
        if len(written) < 3 and written.isdigit():
            scheme = _national(element, written, country)
        else:
            scheme = scheme_of(written)
        if scheme:
            ids[scheme, with_prefix(written, number) if scheme == "vat" else number] = None
    return ids


def _put_vat(ids: dict[tuple[str, str], None], tax: Found) -> None:
    """Company numbers under a VAT scheme; other tax numbers are local to an office and name nobody."""
    for _, number, element in tax.spots(_TAX_NUMBER):
        named = f"{tax.text(_TAX_ID)} {tax.text(_TAX_TYPE)} {element.get('schemeID')}"
        if "VAT" in named.upper():
            ids["vat", number] = None


def _national(element: Element, code: str, country: str | None) -> str | None:
    """The scheme of a code that only a country's own list has (Peru's 6 is a RUC, Colombia's 31 a NIT, whose
    check digit stands where others name the scheme); None where the country is not known."""
    agency = element.get("schemeAgencyName") or ""
    named = _AGENCY.match(agency)
    land = named.group(1) if named else country or ""
    kind = element.get("schemeName") or ""
    code = kind if kind.isdigit() else code
    return f"id.{land.lower()}.{code}" if len(land) == 2 and land.isalpha() else None


@lru_cache(1024)
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
