"""How probable it is that two compared descriptions are of one company, by what speaks for it.

Weights are bits, but not all of them are independent and few companies are compared with many, so that a weight
is no probability yet. The table was counted on simulated worlds, pooled where it would fall: it says what
share of the compared pairs of a weight were one company.

>>> probability_ppm(9000), probability_ppm(-30_000) < probability_ppm(30_000)
(916372, True)
"""

from __future__ import annotations

from typing import Final

_STEP: Final = 500
_LOWEST: Final = -6000
_SHARES: Final = tuple(
    map(
        int,
        """
    5474 16538 26138 27318 28835 34294 56036 58433 58433 106929
    128169 128169 128169 133691 260910 260910 260910 500000 501447 558299
    594272 618291 659080 659080 700885 817906 817906 853619 916372 916372
    916372 940611 940611 958761 967491 973103 981809 981809 981809 984640
    998849 998849 998935 998935 999265 999265 999265 999265 999265 999265
    999265 999777 999777 999777 999777 999777 999932
""".split(),
    )
)
"""Millionths of the pairs that were one, by half bits from `_LOWEST` on; worlds of habits "a", seeds 1 to 3."""


def probability_ppm(weight: int) -> int:
    """The probability in millionths that a pair of this weight, in thousandths of a bit, is one company."""
    place = (weight - _LOWEST) // _STEP
    return _SHARES[min(max(place, 0), len(_SHARES) - 1)]
