"""Whether the population moved: PSI of the score and of what it is made of.

Idea: the values of an earlier time are cut into ten parts of equal number; how far the later time fills those
parts otherwise is PSI = sum of (later - earlier) * ln(later / earlier). Below .1 nothing moved, above .25 much.

Worked example: two parts, earlier half and half, later 60 % and 40 %: .1 ln 1.2 - .1 ln .8 = .041.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from tallystick.rating.validation.prequential import Floats

PARTS: Final = 10
MOVED: Final = 0.25


@dataclass(frozen=True, slots=True)
class Stability:
    """PSI of one column between two times."""

    name: str
    psi: float

    @property
    def moved(self) -> bool:
        """Whether it is more than a validator lets pass without a word."""
        return self.psi > MOVED


def psi(earlier: Floats, later: Floats, parts: int = PARTS) -> float:
    """Population stability index; half a value is added to every part, so that an empty one costs much but not
    everything."""
    if not len(earlier) or not len(later):
        return float("nan")
    edges = np.unique(np.quantile(earlier, np.linspace(0, 1, parts + 1)[1:-1]))
    shares = []
    for values in (earlier, later):
        count = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
        shares.append((count + 0.5) / (len(values) + 0.5 * len(count)))
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def stability(earlier: Mapping[str, Floats], later: Mapping[str, Floats]) -> list[Stability]:
    """PSI of every column that both have, largest first."""
    found = [Stability(name, psi(earlier[name], later[name])) for name in earlier if name in later]
    return sorted(found, key=lambda s: (-s.psi, s.name))
