"""Official identifiers with true check digits, made by arithmetic on whole arrays.

Idea: a check digit is a weighted sum of the body's digits, so ten thousand of them are one matrix
product. Bodies are spread by a multiplier that shares no factor with the size of the space, so that no
two companies get the same identifier.

Sources: LEI ISO 17442 with ISO 7064 MOD 97-10; Chinese USCC GB 32100-2015 (MOD 31); VAT numbers as
published by the European Commission's VIES (DE: ISO 7064 MOD 11,10; FR, IT, PL) and HMRC (GB, MOD 97).

>>> lei(np.array([0]))
['5299002L000123456769']
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_ALNUM: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_REGIONS: Final = np.array([440300, 330200, 310115, 320500, 350200, 370200, 110108, 510100])
_IT_PROVINCES: Final = np.array([1, 15, 37, 48, 58, 63, 82, 100])


def _spread(serials: Ints, space: int) -> Ints:
    """A permutation of 0 .. space-1 (space: a power of ten), so that numbers do not run in order."""
    return (serials * 7_654_321 + 1_234_567) % space


def _digits(values: Ints, width: int) -> Ints:
    """Decimal digits, shape (n, width), most significant first."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return values[:, None] // powers % 10


def _text(digits: Ints, alphabet: str = _ALNUM) -> list[str]:
    """One text per row of positions in `alphabet`."""
    letters = np.array(list(alphabet), dtype="U1")[digits]
    return [str(row) for row in np.ascontiguousarray(letters).view(f"U{digits.shape[1]}").ravel()]


def _columns(*parts: Ints) -> Ints:
    return np.hstack([part if part.ndim == 2 else part[:, None] for part in parts])


def lei(serials: Ints) -> list[str]:
    """Legal Entity Identifiers (ISO 17442), one per serial below 10**10."""
    spread = _spread(serials, 10**10)
    letters = np.stack([spread // 7 % 36, spread // 11 % 36], axis=1)
    prefix = np.tile(np.array([5, 2, 9, 9, 0, 0]), (len(serials), 1))
    body = _columns(prefix, letters, _digits(spread, 10))
    rest = np.zeros(len(serials), dtype=np.int64)
    for column in body.T:
        rest = (rest * np.where(column > 9, 100, 10) + column) % 97
    return _text(_columns(body, _digits(98 - rest * 100 % 97, 2)))


def uscc(serials: Ints) -> list[str]:
    """Chinese unified social credit codes (GB 32100-2015), serials below 10**8."""
    organisation = _digits(_spread(serials, 10**8), 8)
    check = (-(organisation @ np.array([3, 7, 9, 10, 5, 8, 4, 2]))) % 11
    # GB 11714 writes 10 as X, which stands at another place in the alphabet of GB 32100.
    check = np.where(check == 10, _USCC.index("X"), check)
    region = _digits(_USCC_REGIONS[serials % len(_USCC_REGIONS)], 6)
    prefix = np.tile(np.array([9, 1]), (len(serials), 1))
    body = _columns(prefix, region, organisation, check)
    weights = np.array([pow(3, n, 31) for n in range(17)])
    return _text(_columns(body, (-(body @ weights)) % 31), _USCC)


def _luhn(body: Ints) -> Ints:
    """The check digit that makes body + digit pass the Luhn test."""
    doubled = body[:, ::-1].copy()
    doubled[:, ::2] *= 2
    return np.asarray(-(doubled // 10 + doubled % 10).sum(axis=1) % 10)


def vat_de(serials: Ints) -> list[str]:
    """German VAT numbers, serials below 10**7."""
    body = _columns(np.full(len(serials), 2), _digits(_spread(serials, 10**7), 7))
    product = np.full(len(serials), 10)
    for column in body.T:
        total = (column + product) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    return ["DE" + text for text in _text(_columns(body, (11 - product) % 10))]


def vat_fr(serials: Ints) -> list[str]:
    """French VAT numbers: a key of two digits and a SIREN; serials below 10**7."""
    body = _columns(np.full(len(serials), 4), _digits(_spread(serials, 10**7), 7))
    siren = _columns(body, _luhn(body))
    value = siren @ (10 ** np.arange(8, -1, -1))
    return [
        "FR" + text for text in _text(_columns(_digits((12 + 3 * (value % 97)) % 97, 2), siren))
    ]


def vat_it(serials: Ints) -> list[str]:
    """Italian VAT numbers (partita IVA), serials below 10**6."""
    province = _digits(_IT_PROVINCES[serials % len(_IT_PROVINCES)], 3)
    body = _columns(np.full(len(serials), 1), _digits(_spread(serials, 10**6), 6), province)
    return ["IT" + text for text in _text(_columns(body, _luhn(body)))]


def vat_pl(serials: Ints) -> list[str]:
    """Polish VAT numbers (NIP), serials below 10**7. The last digit of the body turns from 0 to 1
    where the check would be 10, which no NIP may have."""
    body = _columns(np.full(len(serials), 5), _digits(_spread(serials, 10**7), 7))
    check = body @ np.array([6, 5, 7, 2, 3, 4, 5, 6]) % 11
    last = (check == 10).astype(np.int64)
    return ["PL" + text for text in _text(_columns(body, last, (check + 7 * last) % 11))]


def vat_gb(serials: Ints) -> list[str]:
    """British VAT numbers, serials below 10**6."""
    body = _columns(np.full(len(serials), 7), _digits(_spread(serials, 10**6), 6))
    check = -(body @ np.arange(8, 1, -1)) % 97
    return ["GB" + text for text in _text(_columns(body, _digits(check, 2)))]


NATIONAL: Final[dict[str, tuple[str, Callable[[Ints], list[str]], int]]] = {
    "CN": ("cn.uscc", uscc, 10**8),
    "DE": ("vat", vat_de, 10**7),
    "FR": ("vat", vat_fr, 10**7),
    "IT": ("vat", vat_it, 10**6),
    "PL": ("vat", vat_pl, 10**7),
    "GB": ("vat", vat_gb, 10**6),
}
"""Country -> scheme, maker, and how many different identifiers it can make."""
