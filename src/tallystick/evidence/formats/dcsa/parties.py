"""Parties of DCSA messages: names, identifiers out of code lists, addresses and domains.

>>> party_of({"identifyingCodes": [{"codeListProvider": "GLEIF", "partyCode": "5299"}]}).ids
[('lei', '5299')]
>>> carrier_of("MAEU", "NMFTA").ids
[('id:nmfta', 'MAEU')]
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.dcsa.codes import FUNCTIONS, PROVIDERS, ROLES, TAXES
from tallystick.evidence.formats.jsonpaths import Record, text_at
from tallystick.evidence.said import PartySaid

_PLAIN: Final = re.compile(r"[^a-z0-9]+")
_LINES: Final = (
    *("street", "streetNumber", "floor", "POBox", "postCode", "city", "stateRegion"),
    *("countryCode", "country"),
)


def many(value: Any) -> list[Record]:
    """The objects of a list, or the one that stands for it."""
    if type(value) is dict:
        return [value]
    return [member for member in value if type(member) is dict] if type(value) is list else []


def carrier_of(code: str | None, provider: str | None) -> PartySaid | None:
    """A carrier by its code in the list of SMDG or NMFTA."""
    if not code:
        return None
    return PartySaid(ids=[(f"id:{_PLAIN.sub('.', (provider or 'dcsa').lower())}", code)])


def party_of(party: Record) -> PartySaid | None:
    """A party; None where it has neither a name nor a code."""
    name = text_at(party, "partyName")
    ids = [pair for code in (party, *many(party.get("identifyingCodes"))) for pair in _code(code)]
    for tax in many(party.get("taxLegalReferences")):
        kind, value = text_at(tax, "type"), text_at(tax, "value")
        land = (text_at(tax, "countryCode") or "").lower()
        if kind and value:
            ids.append((TAXES.get(kind.upper(), f"id:tax.{land}.{kind.lower()}"), value))
    if not name and not ids:
        return None
    return PartySaid(name, text_at(party, "address/countryCode"), ids, _details(party))


def _code(code: Record) -> list[tuple[str, str]]:
    value = text_at(code, "partyCode")
    provider = (text_at(code, "codeListProvider", "DCSAResponsibleAgencyCode") or "").upper()
    if not value or provider == "ZZZ":  # agreed between two parties: it means nothing to a third
        return []
    return [(PROVIDERS.get(provider) or _own(provider, text_at(code, "codeListName")), value)]


@lru_cache(maxsize=1_000)
def _own(provider: str, listed: str | None) -> str:
    """A scheme out of who keeps a list of codes, and what the list is called."""
    plain = _PLAIN.sub(".", ".".join(filter(None, (provider, listed))).lower())
    return f"id:{plain or 'dcsa'}"


def _details(party: Record) -> Details | None:
    address, contacts = party.get("address"), many(party.get("partyContactDetails"))
    lines = [text_at(address, name) for name in _LINES] if address else []
    line = ", ".join(part for part in lines if part and part != "N/A")[:500]
    mails = [mail for contact in contacts if (mail := text_at(contact, "email"))]
    if not (line or mails):
        return None
    return Details((line,) if line else (), domains=tuple(dict.fromkeys(mails)))


def document_parties(document: Record) -> dict[str, PartySaid]:
    """The parties of a document by role, whether they stand by name or in a list with functions."""
    found: dict[str, PartySaid] = {}
    given = document.get("documentParties")
    if isinstance(given, dict):
        named = [(ROLES[n], p) for n, v in given.items() if n in ROLES for p in many(v)]
    else:
        named = [
            (FUNCTIONS[function], inner if isinstance(inner := party.get("party"), dict) else party)
            for party in many(given)
            if (function := text_at(party, "partyFunction")) in FUNCTIONS
        ]
    carrier = carrier_of(
        text_at(document, "carrierCode"), text_at(document, "carrierCodeListProvider")
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
