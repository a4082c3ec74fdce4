"""Which register a number is of: Registration Authority ids (GLEIF) and org-id schemes (BODS).

Idea: a number means a company only within its register, so its scheme names the register:
`reg.ra000602:4386463`. Where a country has one register of companies, its numbers go by the country
(`reg.gb:07524813`), as invoices and other files write them.

>>> by_authority("RA000585", "07524813", "GB"), by_authority("RA000602", "4386463", "US")
([('reg.gb', '07524813')], [('reg.ra000602', '4386463')])
>>> by_authority("RA999999", "unknown", "US"), by_scheme("XI-LEI", None, "529900T8BM49AURSDO55", None)
([], [('lei', '529900T8BM49AURSDO55')])
"""

from __future__ import annotations

import re
from typing import Final

NATIONAL: Final = {
    "RA000170": "DK",
    "RA000188": "FI",
    "RA000432": "LU",
    "RA000463": "NL",
    "RA000472": "NO",
    "RA000544": "SE",
    "RA000585": "GB",
    "RA000586": "GB",
    "RA000587": "GB",
}
"""Authorities whose numbers are unique in their country. Believed only where the jurisdiction agrees."""

_SCHEMES: Final = {
    "DK-CVR": "DK",
    "FI-PRO": "FI",
    "GB-COH": "GB",
    "LU-RCS": "LU",
    "NL-KVK": "NL",
    "NO-BRC": "NO",
    "SE-BLV": "SE",
}
_AUTHORITY: Final = re.compile(r"RA\d{6}")
_NONE: Final = frozenset({"RA777777", "RA888888", "RA999999"})
_BLANK: Final = frozenset({"", "-", "n/a", "na", "none", "unknown", "pending", "0"})
_NOT_IN_SCHEME: Final = re.compile(r"[^a-z0-9-]+")


def by_authority(
    authority: str | None, number: str | None, country: str | None
) -> list[tuple[str, str]]:
    """The identifier that a number is, as a list of none or one."""
    authority, number = (authority or "").upper(), _compact(number)
    if number.casefold() in _BLANK or authority in _NONE or not _AUTHORITY.fullmatch(authority):
        return []
    national = NATIONAL.get(authority)
    scheme = national if national and national == country else authority
    return [(f"reg.{scheme.lower()}", number)]


def by_scheme(
    scheme: str | None, name: str | None, number: str | None, country: str | None
) -> list[tuple[str, str]]:
    """The identifier of a BODS `identifiers` entry, as a list of none or one."""
    scheme, number = (scheme or "").upper(), _compact(number)
    if number.casefold() in _BLANK:
        return []
    if scheme == "XI-LEI":
        return [("lei", number)]
    if scheme in _SCHEMES:
        return [(f"reg.{_SCHEMES[scheme].lower()}", number)]
    if not scheme:
        return by_authority(name, number, country)
    return [(f"reg.{_NOT_IN_SCHEME.sub('-', scheme.lower())[:40]}", number)]


def _compact(number: str | None) -> str:
    """A number without the blanks that only space it for the eye."""
    return "".join((number or "").split())
