"""The country of a company that states none, out of its numbers.

Idea: a marketplace hands in `vat:DK61056416` and no address. The number was given in Denmark, so the company is
there, as far as anybody knows. That is the weakest source: one description that states a country outranks it,
and where the page shows it, it names the number. It changes no matching, which goes by what descriptions state.

The number of a register of firms tells before a VAT number, and that before an EORI number, since firms
register for tax and customs abroad, but are founded in one place. Numbers of equal weight that tell of several
countries tell of none: who holds VAT numbers of France and of Italy sells there, and may be at home in neither.

>>> country_by(["vat:DK61056416"]), country_by(["vat:FR83404833048", "vat:IT00743110157"])
(('DK', 'vat:DK61056416'), None)
>>> country_by(["cn.uscc:91310000607378528A", "vat:FR83404833048", "eori:DE1234567"])
('CN', 'cn.uscc:91310000607378528A')
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from tallystick.evidence.registers import only_one

READABLE: Final = r"^(vat:|eori:|cn\.uscc:|reg\.)"
"""A pattern (RE2) of the references that may tell."""

_GIVEN_BY: Final = {"EL": "GR", "XI": "GB", "UK": "GB"}
"""Prefixes that are not the code of the country: Greece, Northern Ireland, the United Kingdom."""
_NOWHERE: Final = frozenset({"EU", "IM"})
"""Prefixes of the One Stop Shop, which sellers from anywhere get."""
_EORI: Final = frozenset(
    """AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK""".split()
)
"""Who gives EORI numbers: nothing but the prefix of one can be verified."""
_FIRST: Final = {"reg": 0, "cn": 0, "vat": 1, "eori": 2}


@lru_cache(maxsize=200_000)
def country_of(ref: str) -> str | None:
    """The country (ISO 3166-1 alpha-2) that a valid canonical reference tells of, or None.

    >>> [country_of(ref) for ref in ("vat:EL094014201", "eori:XI123456789000", "vat:EU372010777")]
    ['GR', 'GB', None]
    """
    scheme, _, value = ref.partition(":")
    if scheme == "cn.uscc":
        return "CN"
    if scheme.startswith("reg."):
        return scheme[4:6].upper() if only_one(ref) else None
    prefix = value[:2]
    country = _GIVEN_BY.get(prefix, prefix)
    if scheme == "vat":
        return None if prefix in _NOWHERE else country
    return country if scheme == "eori" and country in _EORI else None


def country_by(refs: Iterable[str]) -> tuple[str, str] | None:
    """(country, reference that tells it) out of the references of a company, the strongest first; None where
    none tells, or those that weigh most disagree."""
    told = [(_weight(ref), country, ref) for ref in refs if (country := country_of(ref))]
    first = min((weight for weight, _, _ in told), default=0)
    best = {country: ref for weight, country, ref in reversed(told) if weight == first}
    return next(iter(best.items())) if len(best) == 1 else None


def _weight(ref: str) -> int:
    return _FIRST[ref.partition(":")[0].partition(".")[0]]
