"""Parties of a CII document: their names, country, identifiers and details as written.

Worked example: `Name` "Lieferant GmbH", `PostalTradeAddress/CountryID` DE and `SpecifiedTaxRegistration/ID`
with `schemeID` VA "DE123456789" become `PartySaid("Lieferant GmbH", "DE", [("vat", "DE123456789")])`. Tax
numbers of a local office (FC) name nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.cii import paths
from tallystick.evidence.formats.ubl.parties import scheme_of
from tallystick.evidence.formats.xmlpaths import Found
from tallystick.evidence.said import PartySaid

_VAT: Final = "VA"


def party(told: Found, creditor: str | None = None) -> PartySaid:
    """A trade party as it names itself. `creditor`: its number as a SEPA creditor, said elsewhere."""
    names = told.texts(*paths.NAMES)
    ids = list(dict.fromkeys(_ids(told)))
    if creditor:
        ids.append(("id.sepa", creditor))
    return PartySaid(
        names[0] if names else None, told.text(paths.COUNTRY), ids, _details(told, names[1:])
    )


def _ids(told: Found) -> Iterator[tuple[str, str]]:
    for _, number, element in told.spots(*paths.IDS):
        scheme = scheme_of(element.get("schemeID") or "")
        if scheme:
            yield scheme, number
    for _, number, element in told.spots(paths.TAX):
        if (element.get("schemeID") or "").upper() == _VAT:
            yield "vat", number


def _details(told: Found, other_names: list[str]) -> Details | None:
    lines = [told.text(line) for line in paths.LINES]
    town = " ".join(text for name in paths.TOWN if (text := told.text(name)))
    address = ", ".join(part for part in (*lines, town, told.text(paths.REGION)) if part)
    if address and (country := told.text(paths.COUNTRY)):
        address += f", {country}"
    found = Details(
        addresses=(address,) if address else (),
        domains=tuple(dict.fromkeys(told.texts(*paths.MAILS))),
        other_names=tuple(dict.fromkeys(other_names)),
    )
    return found if any(found.texts()) else None
