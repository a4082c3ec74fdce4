"""Organisations of a release: named in place (1.0) or once under `parties` and by their id elsewhere (1.1).

Worked example: `{"id": "GB-COH-1", "name": "AnyCorp"}` with an entry of that id under `parties`, whose
identifier is of scheme GB-COH, becomes `PartySaid("AnyCorp", "GB", [("reg.gb", "11111111")])`.
"""

from __future__ import annotations

from typing import Any, Final

from tallystick.evidence.countries import country_code
from tallystick.evidence.details import details_of
from tallystick.evidence.formats.jsonpaths import Record, objects, text_at
from tallystick.evidence.formats.registers.numbers import by_scheme
from tallystick.evidence.said import PartySaid

_HOSTS: Final = ("contactPoint/email", "contactPoint/url")
_ADDRESS: Final = ("streetAddress", "locality", "region", "postalCode", "countryName")


class Parties:
    """The organisations of one release."""

    def __init__(self, release: Record) -> None:
        listed = (entry for _, entry in objects(release.get("parties")))
        self._by_id = {key: entry for entry in listed if (key := text_at(entry, "id"))}
        self._told: dict[str, PartySaid | None] = {}

    def named(self, given: Any) -> PartySaid | None:
        """The organisation that a release refers to or describes in place; None where it names nobody."""
        if not isinstance(given, dict):
            return None
        key = text_at(given, "id") or ""
        if key not in self._by_id:
            return _party(given)
        if key not in self._told:
            self._told[key] = _party(self._by_id[key], text_at(given, "name"))
        return self._told[key]


def _party(told: Record, name: str | None = None) -> PartySaid | None:
    name = text_at(told, "name") or name
    own = told.get("identifier")
    identifiers = [item for _, item in objects([own])]
    identifiers += [item for _, item in objects(told.get("additionalIdentifiers"))]
    country = _country(told, identifiers)
    ids = [pair for item in identifiers for pair in _ids(item, country)]
    legal = [text for item in identifiers if (text := text_at(item, "legalName")) and text != name]
    if not (name or ids):
        return None
    hosts = [text_at(told, path) or "" for path in _HOSTS] if "contactPoint" in told else ()
    return PartySaid(name, country, ids, details_of([_address(told)], (), hosts, legal))


def _ids(item: Record, country: str | None) -> list[tuple[str, str]]:
    """The identifier of an entry, as a list of none or one. A scheme such as GB-VAT is of tax numbers."""
    scheme, number = text_at(item, "scheme") or "", _whole(text_at(item, "id") or "")
    if scheme.upper().endswith("-VAT") and number:
        prefix = scheme[:2].upper()
        return [("vat", number if number.upper().startswith(prefix) else prefix + number)]
    return by_scheme(scheme, None, number, country)


def _whole(number: str) -> str:
    """A number without the fraction that a spreadsheet put behind it."""
    digits = number.removesuffix(".0")
    return digits if digits.isdigit() else number


def _country(told: Record, identifiers: list[Record]) -> str | None:
    """The country as a code: of the address, or else of the register that the first identifier is of."""
    given = text_at(told, "address/country", "address/countryName")
    schemes = [text_at(item, "scheme") or "" for item in identifiers]
    said = [given or "", *(scheme[:2] for scheme in schemes if scheme[2:3] == "-")]
    codes = (country_code(text) for text in said)
    return next((code for code in codes if code and not code.startswith("X")), None)


def _address(told: Record) -> str:
    """An address in one line; "" where no more than its country is given."""
    given = told.get("address")
    lines = [text_at(given, name) for name in _ADDRESS] if given else []
    return ", ".join(filter(None, lines)) if any(lines[:-1]) else ""
