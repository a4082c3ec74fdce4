"""Parties of a UBL document: their names, country and identifiers as written.

Worked example: `cac:PartyName/cbc:Name` "Consortial", `cac:PostalAddress/cac:Country` GB and a
`cac:PartyTaxScheme/cbc:CompanyID` "175 269 2355" of scheme VAT become
`PartySaid("Consortial", "GB", [("vat", "175 269 2355")])`. Check digits are verified elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from tallystick.evidence.formats.ubl.codes import IDENTIFIER_SCHEMES, UNSCOPED_SCHEMES
from tallystick.evidence.formats.ubl.tree import find_all, first, text_of
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
_IDS: Final = ("EndpointID", "PartyIdentification/ID", "PartyLegalEntity/CompanyID")


def read_parties(root: Element, roles: Roles) -> dict[str, PartySaid]:
    """Role -> party, for every role whose paths name somebody."""
    found: dict[str, PartySaid] = {}
    for role, paths in roles.items():
        party = next((p for path in paths for p in _at(root, path) if p.name or p.ids), None)
        if party is not None:
            found[role] = party
    return found


def _at(root: Element, path: str) -> Iterator[PartySaid]:
    return (read_party(element) for element in find_all(root, path))


def read_party(party: Element) -> PartySaid:
    """A `cac:Party` (or an element of that type) as it names itself."""
    ids: list[tuple[str, str]] = []
    for scheme, value in (*_plain_ids(party), *_tax_ids(party)):
        if value and (scheme, value) not in ids:
            ids.append((scheme, value))
    return PartySaid(first(party, *_NAMES), first(party, *_COUNTRIES), ids)


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
