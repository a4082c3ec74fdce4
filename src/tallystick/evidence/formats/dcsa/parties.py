"""Parties of DCSA messages: names, identifiers out of code lists, addresses and domains.

>>> party_of({"identifyingCodes": [{"codeListProvider": "GLEIF", "partyCode": "5299"}]}).ids
[('lei', '5299')]
>>> carrier_of("MAEU", "NMFTA").ids
[('id:nmfta', 'MAEU')]
"""

from __future__ import annotations

import re
from typing import Any, Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.dcsa.codes import FUNCTIONS, PROVIDERS, ROLES, TAXES
from tallystick.evidence.said import PartySaid

_PLAIN: Final = re.compile(r"[^a-z0-9]+")
_LINES: Final = ("street", "streetNumber", "floor", "POBox", "postCode", "city", "stateRegion")
_COUNTRIES: Final = ("countryCode", "country")


def many(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the one that stands for it."""
    members = value if isinstance(value, list) else [value]
    return [member for member in members if isinstance(member, dict)]


def text(value: Any) -> str | None:
    """The text of a value, trimmed; None where it has none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def carrier_of(code: str | None, provider: str | None) -> PartySaid | None:
    """A carrier by its code in the list of SMDG or NMFTA."""
    if not code:
        return None
    return PartySaid(ids=[(f"id:{_PLAIN.sub('.', (provider or 'dcsa').lower())}", code)])


def party_of(party: dict[str, Any]) -> PartySaid | None:
    """A party; None where it has neither a name nor a code."""
    name = text(party.get("partyName"))
    ids = [pair for code in (party, *many(party.get("identifyingCodes"))) for pair in _code(code)]
    for tax in many(party.get("taxLegalReferences")):
        kind, value = text(tax.get("type")), text(tax.get("value"))
        land = (text(tax.get("countryCode")) or "").lower()
        if kind and value:
            ids.append((TAXES.get(kind.upper(), f"id:tax.{land}.{kind.lower()}"), value))
    if not name and not ids:
        return None
    address = party.get("address")
    country = text(address.get("countryCode")) if isinstance(address, dict) else None
    return PartySaid(name, country, ids, _details(party))


def _code(code: dict[str, Any]) -> list[tuple[str, str]]:
    value = text(code.get("partyCode"))
    provider = (text(code.get("codeListProvider")) or "").upper()
    if not value or provider == "ZZZ":  # agreed between two parties: it means nothing to a third
        return []
    listed = text(code.get("codeListName"))
    own = _PLAIN.sub(".", ".".join(filter(None, (provider, listed))).lower()) or "dcsa"
    return [(PROVIDERS.get(provider, f"id:{own}"), value)]


def _details(party: dict[str, Any]) -> Details | None:
    address = party.get("address")
    lines = [text(address.get(n)) for n in _LINES + _COUNTRIES] if isinstance(address, dict) else []
    line = ", ".join(part for part in lines if part and part != "N/A")[:500]
    mails = [text(contact.get("email")) for contact in many(party.get("partyContactDetails"))]
    found = Details((line,) if line else (), domains=tuple(dict.fromkeys(filter(None, mails))))
    return found if any(found.texts()) else None


def document_parties(document: dict[str, Any]) -> dict[str, PartySaid]:
    """The parties of a document by role, whether they stand by name or in a list with functions."""
    found: dict[str, PartySaid] = {}
    given = document.get("documentParties")
    if isinstance(given, dict):
        named = [(ROLES[n], p) for n, v in given.items() if n in ROLES for p in many(v)]
    else:
        named = [
            (FUNCTIONS[function], party)
            for party in many(given)
            if (function := text(party.get("partyFunction"))) in FUNCTIONS
        ]
    carrier = carrier_of(
        text(document.get("carrierCode")), text(document.get("carrierCodeListProvider"))
    )
    if carrier:
        found["carrier"] = carrier
    for role, party in named:
        said = party_of(party)
        if said:
            found.setdefault(role, said)
    if "carrier" not in found and "issuer" in found and isinstance(given, dict):
        issuing = given.get("issuingParty")
        found |= {"carrier": found["issuer"]} if isinstance(issuing, dict) else {}
    return found
