"""The grade scale as an axis: one grade is one doubling, so each is equally wide.

>>> position(2_500), position(640_000), position(40_000)
(0.1, 0.9, 0.5)
"""

from __future__ import annotations

import math
from typing import Final

from tallystick.rating.policy import GRADES

FIRST_PPM: Final = 1_250
"""Left end: half of what AAA allows."""


def position(ppm: int) -> float:
    """Where a chance lies on the axis from 0 (best) to 1."""
    if ppm <= FIRST_PPM:
        return 0.0
    return min(math.log2(ppm / FIRST_PPM) / len(GRADES), 1.0)
