"""How the cells of a column write numbers: decimal mark, grouping, and what stands beside them.

Idea: the way that reads most cells is the column's, if it reads three of four; what it cannot read is a
reject of its row later, and no reason to leave out the column.

>>> form = number_form(["€ 1.234,50", "€ 7", "tbd", "€ 12,00"])
>>> form.decimal, form.thousands, form.beside, form.currency
(',', '.', ('€',), 'EUR')
>>> number_form(["A1", "B2"]) is None
True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from tallystick.units import CURRENCIES

MOST: Final = 0.75
"""Share of a column's cells that must be readable for the column to be what they are."""

SIGNS: Final[dict[str, str]] = {
    "€": "EUR", "US$": "USD", "$": "USD", "£": "GBP", "R$": "BRL", "HK$": "HKD", "NT$": "TWD",
    "A$": "AUD", "C$": "CAD", "S$": "SGD", "₹": "INR", "₺": "TRY", "₽": "RUB", "₩": "KRW", "₫": "VND",
    "฿": "THB", "₴": "UAH", "₦": "NGN", "₱": "PHP", "zł": "PLN", "Kč": "CZK", "元": "CNY", "CN¥": "CNY",
    "RMB": "CNY", "円": "JPY", "JP¥": "JPY", "원": "KRW", "Rp": "IDR", "RM": "MYR", "¥": "", "￥": "",
    "kr": "", "Rs": "",
}  # fmt: skip
"""Signs beside an amount -> the currency (ISO 4217) that they most likely mean, "" where that is several."""

_BESIDE: Final = re.compile(
    r"([-+]?)\s*([^\d\s.,+-]{1,4}(?: \$)?)?\s*"
    r"([-+]?\d[\d.,'’ \u00a0\u202f]*(?:[eE][-+]?\d+)?)\s*([^\d\s.,+-]{1,4})?"
)
_PLAIN: Final = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How a column writes numbers. `thousands`: None where nothing groups digits; `beside`: signs and codes of
    currencies that stand before or behind them; `currency`: what all of these mean, "" where unsure."""

    decimal: str
    thousands: str | None
    beside: tuple[str, ...] = ()
    currency: str = ""

    def value(self, text: str) -> float | None:
        """The number of a cell, None where it is none."""
        bare, _ = _bare(text)
        plain = bare.replace(self.thousands or "", "").replace(self.decimal, ".")
        return float(plain) if _PLAIN.fullmatch(plain) else None


def _grouped(decimal: str, thousands: str) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape(thousands)
    return re.compile(rf"[-+]?(\d{{1,3}}({group}\d{{3}})+|\d+)({point}\d+)?")


_WAYS: Final = (
    (".", None, _PLAIN),
    *((d, t, _grouped(d, t)) for d, t in ((".", ","), (",", "."))),
    *((d, t, _grouped(d, t)) for t in (" ", "\u00a0", "\u202f", "'", "’") for d in (",", ".")),
)


def number_form(values: Sequence[str]) -> NumberForm | None:
    """How a column writes numbers, None where fewer than `MOST` of its cells are any."""
    return _number_form(tuple(values))


@lru_cache(maxsize=256)
def _number_form(values: tuple[str, ...]) -> NumberForm | None:
    told = [_bare(value) for value in values]
    read = [sum(bool(way.fullmatch(bare)) for bare, _ in told) for *_, way in _WAYS]
    most = max(read)
    if not most or most < MOST * len(values):
        return None
    decimal, thousands, _ = _WAYS[read.index(most)]
    beside = tuple(sorted({sign for _, signs in told for sign in signs}))
    meant = {_meaning(sign) for sign in beside}
    return NumberForm(decimal, thousands, beside, meant.pop() if len(meant) == 1 else "")


def _bare(text: str) -> tuple[str, tuple[str, ...]]:
    """A cell without the currency beside its number, and what that was."""
    found = _BESIDE.fullmatch(text.strip())
    if found is None:
        return text, ()
    minus, before, number, behind = found.groups()
    signs = tuple(sign for sign in (before, behind) if sign)
    if not all(_sign(sign) in SIGNS or sign in CURRENCIES for sign in signs):
        return text, ()
    return minus + number.strip(), signs


def _meaning(sign: str) -> str:
    return sign if sign in CURRENCIES else SIGNS[_sign(sign)]


def _sign(text: str) -> str:
    """A sign as `SIGNS` has it: `US $` is US$."""
    return text.replace(" ", "")


def currency_of(text: str) -> str | None:
    """The code of a currency that is written as a code, by a sign or by its name in English or Chinese.

    >>> currency_of("usd"), currency_of("RMB"), currency_of("人民币"), currency_of("Euro"), currency_of("x")
    ('USD', 'CNY', 'CNY', 'EUR', None)
    """
    short = text.strip()
    if short.upper() in CURRENCIES:
        return short.upper()
    return SIGNS.get(_sign(short)) or _by_name().get(short.casefold())


@cache
def _by_name() -> dict[str, str]:
    from babel import Locale

    names = {"人民币元": "CNY", "renminbi": "CNY", "美金": "USD"}
    for language in ("en", "zh"):
        for code, name in Locale.parse(language).currencies.items():
            if code in CURRENCIES:
                names.setdefault(name.casefold(), code)
    return names
