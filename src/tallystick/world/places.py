"""Countries, currencies and sectors of the synthetic economy.

Levels of exchange are those of about 2024 and stay fixed: the world has no FX risk, so that a break
between two amounts is always somebody's doing. Companies of countries whose currency the European
Central Bank does not quote bill in dollars or euros, as they do in truth.

>>> COUNTRIES[0].code, CURRENCY_CODES[COUNTRIES[0].currency]
('CN', 'CNY')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tallystick.units import CURRENCIES

_LEVELS: Final = {
    "USD": 1.0,
    "CNY": 7.1,
    "EUR": 0.92,
    "GBP": 0.79,
    "JPY": 150.0,
    "BRL": 5.4,
    "INR": 83.5,
    "TRY": 33.0,
    "PLN": 4.0,
    "KRW": 1340.0,
    "MXN": 18.5,
}

CURRENCY_CODES: Final = tuple(_LEVELS)
MINOR_PER_USD: Final = np.array([rate * 10.0 ** CURRENCIES[c] for c, rate in _LEVELS.items()])
"""Minor units of each currency (in the order of `CURRENCY_CODES`) that one dollar buys."""


@dataclass(frozen=True, slots=True)
class Country:
    """`weight`: share of companies; `lean`: shift of the reliability score in standard deviations,
    above 0 = breaks more; `script`: the word list that names are composed from."""

    code: str
    currency: int
    weight: float
    lean: float
    script: str


def _country(code: str, currency: str, weight: float, lean: float, script: str) -> Country:
    return Country(code, CURRENCY_CODES.index(currency), weight, lean, script)


COUNTRIES: Final = (
    _country("CN", "CNY", 0.28, 0.00, "chinese"),
    _country("US", "USD", 0.11, -0.05, "english"),
    _country("DE", "EUR", 0.08, -0.20, "german"),
    _country("GB", "GBP", 0.06, -0.05, "english"),
    _country("JP", "JPY", 0.06, -0.25, "japanese"),
    _country("IN", "INR", 0.08, 0.15, "indian"),
    _country("VN", "USD", 0.06, 0.10, "vietnamese"),
    _country("TR", "TRY", 0.05, 0.20, "turkish"),
    _country("BR", "BRL", 0.05, 0.15, "portuguese"),
    _country("FR", "EUR", 0.04, -0.05, "french"),
    _country("IT", "EUR", 0.04, 0.05, "italian"),
    _country("PL", "PLN", 0.03, -0.05, "polish"),
    _country("KR", "KRW", 0.03, -0.15, "korean"),
    _country("MX", "MXN", 0.015, 0.15, "spanish"),
    _country("KZ", "USD", 0.01, 0.10, "russian"),
    _country("RS", "EUR", 0.005, 0.05, "serbian"),
)

FORMS: Final = (
    "Co., Ltd.", "Inc.", "GmbH", "Ltd", "K.K.", "Pvt. Ltd.", "JSC", "A.Ş.",
    "Ltda.", "SARL", "S.r.l.", "Sp. z o.o.", "Co., Ltd.", "S.A. de C.V.", "LLP", "d.o.o.",
)  # fmt: skip
"""A usual legal form of each country, in the order of `COUNTRIES`."""

SIZES: Final = ("micro", "small", "medium", "large")
"""Bands of activity; the busiest 2 % are large, the next 8 % medium, the next 30 % small."""


@dataclass(frozen=True, slots=True)
class Sector:
    """`price`: median price of one unit in dollars; `unit`: its UN/ECE code."""

    name: str
    unit: str
    price: float


SECTORS: Final = (
    Sector("electronics", "EA", 38.0),
    Sector("textiles", "MTR", 4.0),
    Sector("machinery", "EA", 640.0),
    Sector("furniture", "EA", 85.0),
    Sector("toys", "EA", 7.0),
    Sector("chemicals", "KGM", 3.0),
    Sector("metals", "KGM", 2.2),
    Sector("food", "KGM", 5.0),
    Sector("cosmetics", "EA", 6.5),
    Sector("vehicle-parts", "EA", 54.0),
)

UNITS: Final = ("EA", "MTR", "KGM")
SECTOR_UNIT: Final = np.array([UNITS.index(s.unit) for s in SECTORS], dtype=np.int64)
SECTOR_PRICE: Final = np.array([s.price for s in SECTORS])
