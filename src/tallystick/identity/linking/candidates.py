"""Which pairs are compared at all: those filed under a key that not too many share.

Idea: all (key, unit) are sorted by key, and within a run of equal keys every unit meets every other. A key
that many units share tells little and would cost much: "trading" in one country, or the address of 40,000
shops. Such a key is passed over; whether it is depends on how many share it, not on who came first.

>>> filed = Filed(np.array([7, 7, 9, 9]), np.array([0, 1, 1, 2]))
>>> pairs_of(filed, np.array([0, 1, 2])).tolist()
[[0, 1], [1, 2]]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tallystick.identity.linking.keys import EXACT
from tallystick.identity.ordering import repeated

Ints = npt.NDArray[np.int64]

MOST_EXACT: Final = 200
MOST_LOOSE: Final = 24
"""Units that a key may hold and still be looked into: one of all telling words, and any other."""


@dataclass(frozen=True, slots=True)
class Filed:
    """Units (their places) by key; `key` ascending, and `unit` within it."""

    key: Ints
    unit: Ints

    @classmethod
    def of(cls, key: Ints, unit: Ints) -> Filed:
        """Of rows in any order; repeats count once."""
        order = np.lexsort((unit, key))
        key, unit = key[order], unit[order]
        fresh = ~repeated(key, unit)
        return cls(key[fresh], unit[fresh])


@dataclass(frozen=True, slots=True)
class Around:
    """The rest of a book, where a part of it is linked anew: how many are filed there under each of some
    keys of names (in one country, and in any), and under those of traits."""

    names: Callable[[Ints], Ints]
    anywhere: Callable[[Ints], Ints]
    traits: Callable[[Ints], Ints]


def sizes(key: Ints) -> Ints:
    """For each row of sorted keys, how many rows have its key."""
    begins = np.flatnonzero(~repeated(key))
    counts = np.diff(np.append(begins, len(key)))
    return np.repeat(counts, counts)


def looked_into(key: Ints, count: Ints) -> npt.NDArray[np.bool_]:
    """Which keys are looked into, by how many units share each."""
    most = np.where(key & EXACT, MOST_EXACT, MOST_LOOSE)
    return (count > 1) & (count <= most)


def pairs_of(filed: Filed, label: Ints, count: Ints | None = None) -> Ints:
    """Pairs of units of different labels that share a key, shape (n, 2), smaller first, ascending.

    `count`: how many units share the key of each row in the whole book, where `filed` is a part of it."""
    kept = looked_into(filed.key, sizes(filed.key) if count is None else count)
    key, unit = filed.key[kept], filed.unit[kept]
    width = int(unit.max(initial=0)) + 1
    found: list[Ints] = []
    step = 1
    while len(key) > step:
        met = key[step:] == key[:-step]
        if not met.any():
            break
        a, b = unit[:-step][met], unit[step:][met]
        apart = label[a] != label[b]
        found.append(a[apart] * width + b[apart])
        if step & 7 == 0:  # runs that have ended need not be looked at again
            keep = sizes(key) > step
            key, unit = key[keep], unit[keep]
        step += 1
    both = distinct(np.concatenate(found)) if found else np.zeros(0, np.int64)
    return np.stack(np.divmod(both, width), axis=1)


def distinct(values: Ints) -> Ints:
    """The distinct values, ascending; by sorting, which is quicker here than the table of `np.unique`."""
    values = np.sort(values)
    return values[~repeated(values)]


def distinct_pairs(*parts: Ints) -> Ints:
    """The pairs of several arrays of shape (n, 2), each once, ascending."""
    pairs = np.concatenate(parts)
    width = int(pairs.max(initial=0)) + 1
    codes = distinct(
        pairs[:, 0] * width + pairs[:, 1]
    )  # numbers are sorted ten times as fast as rows
    return np.stack(np.divmod(codes, width), axis=1)
