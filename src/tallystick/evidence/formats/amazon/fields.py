"""What the shapes of the selling partner interfaces share: texts, money, windows of time, parties.

>>> latest("2019-05-23T10:00:00Z--2019-05-30T10:00:00Z"), money({"amount": "1.50", "currencyCode": "EUR"})
('2019-05-30', ('1.50', 'EUR'))
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tallystick.evidence.details import Details
from tallystick.evidence.formats.jsonpaths import Record, objects, text_at, value_at
from tallystick.evidence.said import PartySaid

NAMESPACE: Final = "amazon"
PLATFORM: Final = PartySaid("Amazon", None, [("id:amazon", "platform")])


def many(record: Any, pointer: str) -> list[Record]:
    """The objects of the list at a pointer."""
    return [item for _, item in objects(value_at(record, pointer))]


def money(value: Any) -> tuple[str | None, str | None]:
    """(amount, currency) of an object, in whichever of the spellings of the interfaces."""
    amount = text_at(value, "/amount", "/Amount", "/currencyAmount", "/CurrencyAmount")
    return amount, text_at(value, "/currencyCode", "/CurrencyCode") if amount else None


def day(text: str | None) -> str | None:
    """The date of a moment."""
    return text[:10] if text else None


def latest(window: Any) -> str | None:
    """The last day of `start--end`, or of an object with `latestDateTime`."""
    if isinstance(window, str):
        return day(window.rpartition("--")[2].strip())
    return day(text_at(window, "/latestDateTime"))


def total(texts: Iterable[str | None]) -> str | None:
    """The sum of decimal texts; None where one is none."""
    found = Decimal(0)
    for text in texts:
        try:
            found += Decimal(text or "x")
        except InvalidOperation:
            return None
    return format(found, "f") if found.is_finite() else None


def party(value: Any) -> PartySaid | None:
    """A vendor, or the buying arm: its code, name, address and tax number."""
    code, name = text_at(value, "/partyId"), text_at(value, "/address/name")
    ids = [("id:amazon.party", code)] if code else []
    taxes = [*many(value, "/taxRegistrationDetails"), value_at(value, "/taxInfo")]
    for tax in taxes:
        number = text_at(tax, "/taxRegistrationNumber")
        if number and text_at(tax, "/taxRegistrationType", "/taxType") == "VAT":
            ids.append(("vat", number))
    if not ids and not name:
        return None
    parts = ("addressLine1", "addressLine2", "city", "postalCode", "postalOrZipCode", "countryCode")
    line = ", ".join(t for p in parts if (t := text_at(value, f"/address/{p}")))
    details = Details((line[:500],)) if line else None
    return PartySaid(name, text_at(value, "/address/countryCode"), ids, details)


def seller(code: str | None) -> PartySaid | None:
    """A seller on the marketplace by its merchant token."""
    return PartySaid(ids=[("id:amazon.seller", code)]) if code else None


def buyer(company: str | None, country: str | None, mail: str | None, order: str) -> PartySaid:
    """Who buys: a company by its name; a consumer as a pseudonym, a hash of the address that the marketplace
    made for it, or else whoever placed the order. The name of a person is never kept."""
    if company:
        return PartySaid(company, country)
    if mail:
        digest = hashlib.sha256(mail.strip().lower().encode("utf-8", "replace")).hexdigest()[:32]
        return PartySaid(ids=[("id:amazon.buyer", digest)])
    return PartySaid(ids=[("id:amazon.buyer-of-order", order)])
