"""Parties of a CII document: their names, country, identifiers and details as written.

Worked example: `Name` "Lieferant GmbH", `PostalTradeAddress/CountryID` DE and `SpecifiedTaxRegistration/ID`
with `schemeID` VA "DE123456789" become `PartySaid("Lieferant GmbH", "DE", [("vat", "DE123456789")])`. Tax
numbers of a local office (FC) name nobody.
"""

from __future__ import annotations

from typing import Final

from tallystick.evidence.details import details_of
from tallystick.evidence.formats.cii import paths
from tallystick.evidence.formats.ubl.parties import scheme_of
from tallystick.evidence.formats.xmlpaths import Found
from tallystick.evidence.said import PartySaid

_VAT: Final = "VA"


def party(told: Found, creditor: str | None = None) -> PartySaid:
    """A trade party as it names itself. `creditor`: its number as a SEPA creditor, said elsewhere."""
    names, where = told.texts(*paths.NAMES), told.address(paths.ROWS, paths.COUNTRY)
    ids = _ids(told)
    if creditor:
        ids.append(("id.sepa", creditor))
    details = details_of([where], domains=told.texts(*paths.MAILS), other_names=names[1:])
    return PartySaid(names[0] if names else None, told.text(paths.COUNTRY), ids, details)


def _ids(told: Found) -> list[tuple[str, str]]:
    ids: dict[tuple[str, str], None] = {}
    for _, number, element in told.spots(*paths.IDS):
        if scheme := scheme_of(element.get("schemeID") or ""):
            ids[scheme, number] = None
    for _, number, element in told.spots(paths.TAX):
        if (element.get("schemeID") or "").upper() == _VAT:
            ids["vat", number] = None
    return list(ids)
