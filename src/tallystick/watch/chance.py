"""How improbable a count is by chance alone, in bits.

Idea: k of n counterparties are of a sort of which a share p is usual. Chernoff's bound says that k or more are
no more probable than 2 to the power of minus n times the divergence of k/n from p: a bound in closed form, on
the safe side.

Worked example: 8 of 10 where 3 % are usual: 33 bits, less than one in eight thousand million.

>>> round(float(bits_of(np.array([8]), np.array([10]), np.array([0.03]))[0]), 1)
33.3
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tallystick.units import PPM
from tallystick.watch.trade import Bools, Ints

Floats = npt.NDArray[np.float64]

ROUNDS = 4
"""So often the usual share is found anew among those that are not suspected."""

PARTY_CONSTANT = 4
"""A firm with so many counterparties weighs half of one with very many."""

START_SHARE = 0.75
"""It is first looked for among the firms with the lowest shares: so many of them."""


def bits_of(found: Ints, among: Ints, usual: Floats) -> Floats:
    """Bits against chance of `found` out of `among`, where a share `usual` is usual; 0 if no more than that."""
    n = np.maximum(among, 1)
    share = found / n
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(share < 1, (1 - share) * np.log2((1 - share) / (1 - usual)), 0.0)
        right = np.where(share > 0, share * np.log2(share / usual), 0.0)
    return np.where(share > usual, n * (left + right), 0.0)


def strength(bits: float, threshold: int) -> int:
    """Bits as a share in ppm: half at the threshold, nearly all far above it.

    >>> strength(13, 13), strength(39, 13)
    (500000, 750000)
    """
    thousandths = round(float(bits) * 1000)
    return thousandths * PPM // (thousandths + threshold * 1000)


def usual_share(
    found: Ints, among: Ints, floor: float, suspects: Callable[[float], Bools]
) -> float:
    """The share that is usual among firms with `found` of `among`, those left out that it makes suspects: a
    market full of rings must not make rings usual. Averaged over firms, so that a few large shops do not
    decide what is usual for all; who has shown little weighs little."""
    if not len(found):
        return floor
    share, weight = found / np.maximum(among, 1), among / (among + PARTY_CONSTANT)
    fair = share <= np.quantile(share, START_SHARE)
    for _ in range(ROUNDS):
        usual = max(float(weight[fair] @ share[fair]) / max(float(weight[fair].sum()), 1e-9), floor)
        fair = ~suspects(usual)
    return usual
