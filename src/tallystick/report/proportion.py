"""How sure a share is that was counted.

>>> wilson(9, 10, 900_000)
(652281, 977365)

Nine of ten were kept; a share of 65 % to 98 % is what may well be behind it.
"""

from __future__ import annotations

from functools import cache
from math import sqrt
from statistics import NormalDist

from tallystick.units import PPM


def wilson(kept: float, counted: float, coverage_ppm: int) -> tuple[int, int]:
    """Wilson's interval of a share in ppm; everything is possible where nothing was counted.

    Source: E. B. Wilson, JASA 22 (1927). It never leaves 0 to 1, and covers well from a handful on.
    """
    if counted <= 0:
        return 0, PPM
    z = _normal(coverage_ppm)
    share, size = kept / counted, 1 + z * z / counted
    middle = (share + z * z / (2 * counted)) / size
    half = z / size * sqrt(share * (1 - share) / counted + (z / (2 * counted)) ** 2)
    return max(round((middle - half) * PPM), 0), min(round((middle + half) * PPM), PPM)


@cache
def _normal(coverage_ppm: int) -> float:
    return NormalDist().inv_cdf(0.5 + coverage_ppm / PPM / 2)
