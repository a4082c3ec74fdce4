"""Parties of a UBL document: their names, country, identifiers and details as written.

Worked example: `cac:PartyName/cbc:Name` "Consortial", `cac:PostalAddress/cac:Country` GB and a
`cac:PartyTaxScheme/cbc:CompanyID` "175 269 2355" of scheme VAT become
`PartySaid("Consortial", "GB", [("vat", "175 269 2355")])`. Check digits are verified elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.ubl.codes import IDENTIFIER_SCHEMES, UNSCOPED_SCHEMES
from tallystick.evidence.formats.ubl.tree import asked
from tallystick.evidence.formats.xmlpaths import Found, Spot
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

_TAXED: Final = asked(("RegistrationName", "CompanyID", "TaxScheme/ID", "TaxScheme/TaxTypeCode"))
_STREET: Final = ("StreetName", "BuildingNumber")
_TOWN: Final = ("PostalZone", "CityName")
_LINE: Final = "AddressLine/Line"
_COUNTRY: Final = "Country/IdentificationCode"
_LAND: Final = "Country/Name"
_ADDRESS: Final = asked(
    (
        *_STREET,
        "AdditionalStreetName",
        _LINE,
        "Postbox",
        *_TOWN,
        "CountrySubentity",
        _COUNTRY,
        _LAND,
    )
)


def find_parties(told: Found, roles: Roles) -> dict[str, tuple[PartySaid, Spot]]:
    """Role -> party and where it stands, for every role whose paths name somebody."""
    found: dict[str, tuple[PartySaid, Spot]] = {}
    for role, paths in roles.items():
        pair = next((pair for path in paths for pair in _named(told, path)), None)
        if pair is not None:
            found[role] = pair
    return found


def _named(told: Found, path: str) -> Iterator[tuple[PartySaid, Spot]]:
    """Parties at a path that have a name or an identifier."""
    for spot in told.at.get(path, ()):
        party = read_party(Found(spot[2], _PARTY))
        if party.name or party.ids:
            yield party, spot


def read_party(told: Found) -> PartySaid:
    """A `cac:Party` (or an element of that type) as it names itself."""
    taxes = told.below(_TAX, _TAXED)
    addresses = [address for path in _ADDRESSES for address in told.below(path, _ADDRESS)]
    names = told.texts(*_NAMES)
    for tax in taxes:
        names += tax.texts("RegistrationName")
    country = next((code for address in addresses if (code := address.text(_COUNTRY))), None)
    details = Details(
        addresses=_distinct(map(_address, addresses)),
        domains=_distinct(told.texts(*_HOSTS)),
        other_names=_distinct(names[1:]),
    )
    is_detailed = details.addresses or details.domains or details.other_names
    return PartySaid(
        names[0] if names else None,
        country,
        list(dict.fromkeys(_ids(told, taxes, country))),
        details if is_detailed else None,
    )


def _address(told: Found) -> str:
    """An address in one line, "" where no more than its country is given."""
    lines = (
        told.joined(_STREET),
        told.text("AdditionalStreetName"),
        *told.texts(_LINE),
        told.text("Postbox"),
        told.joined(_TOWN),
        told.text("CountrySubentity"),
    )
    given = [line for line in lines if line]
    if given and (country := told.text(_COUNTRY, _LAND)):
        given.append(country)
    return ", ".join(given)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))


def same_party(one: PartySaid | None, other: PartySaid | None) -> bool:
    """Whether two parties are named alike, whatever else is said of each."""
    if one is None or other is None:
        return one is other
    return replace(one, details=None) == replace(other, details=None)


def _ids(told: Found, taxes: Iterable[Found], country: str | None) -> Iterator[tuple[str, str]]:
    """Identifiers, and company numbers under a VAT scheme; other tax numbers are local to an office and name
    nobody."""
    for _, number, element in told.spots(*_IDS):
        written = element.get("schemeID") or element.get("schemeName") or ""
        if len(written) < 3 and written.isdigit():
            scheme = _national(element, written, country)
        else:
            scheme = scheme_of(written)
        if scheme:
            yield scheme, with_prefix(written, number) if scheme == "vat" else number
    for tax in taxes:
        named = (tax.text("TaxScheme/ID"), tax.text("TaxScheme/TaxTypeCode"))
        for _, number, element in tax.spots("CompanyID"):
            if any("VAT" in (scheme or "").upper() for scheme in (*named, element.get("schemeID"))):
                yield "vat", number


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
