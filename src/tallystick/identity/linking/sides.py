"""What is known of those that are compared beside their names, and how much it can add to what the names weigh.

Idea: most of what is compared has no traits at all, or numbers by one contributor that differ. Of such a pair
it is known, before any text is looked at, that nothing beside the names speaks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.linking.weigh import TRAIT_WEIGHTS, Side, sorted_traits
from tallystick.identity.ordering import flags, repeated

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_MOST_NUMBERS: Final = 3
"""Contributors whose numbers of one node are looked at; what more of them say is found by comparing."""


@dataclass(frozen=True, slots=True)
class Beside:
    """`traits`: which nodes have any; `scheme`, `number`: of each node the numbers that contributors gave it,
    one of each scheme, shape (nodes, _MOST_NUMBERS), -1 where there is none."""

    traits: Flags
    scheme: Ints
    number: Ints

    @classmethod
    def of(cls, told: pa.Table, node: Ints) -> Beside:
        """Of descriptions (columns ids, traits; lists joined by U+001F) and the node of each."""
        nodes = int(node.max(initial=-1)) + 1
        traits = np.zeros(nodes, dtype=bool)
        traits[node[flags(pc.not_equal(told["traits"], ""))]] = True
        lists = pc.split_pattern(told["ids"], "\x1f").combine_chunks()
        refs = pc.list_flatten(lists)
        given = np.flatnonzero(flags(pc.starts_with(refs, "id:")))
        refs, of_ref = refs.take(given), node[pc.list_parent_indices(lists).to_numpy()[given]]
        scheme = pc.list_element(pc.split_pattern(refs, ":", max_splits=1, reverse=True), 0)
        slots = _slots(nodes, of_ref, _codes(scheme), _codes(refs))
        return cls(traits, *slots)

    def numbered_apart(self, a: Ints, b: Ints) -> Flags:
        """Which of the pairs of nodes are sure to have different numbers by one contributor."""
        found = np.zeros(len(a), dtype=bool)
        for n in range(_MOST_NUMBERS):
            for m in range(_MOST_NUMBERS):
                one, other = self.scheme[a, n], self.scheme[b, m]
                differ = self.number[a, n] != self.number[b, m]
                found |= (one == other) & (one >= 0) & differ
        return found

    def say_nothing(self, a: Ints, b: Ints) -> Flags:
        """Which of the pairs of nodes have nothing beside their names that speaks for them."""
        found: Flags = ~(self.traits[a] & self.traits[b])
        return found

    def weights(self, a: Ints, b: Ints) -> Ints:
        """The most that it weighs beside their names, for pairs of nodes of which it says nothing for them."""
        return np.where(self.numbered_apart(a, b), TRAIT_WEIGHTS["two-ids"], 0)


def _codes(texts: pa.Array) -> Ints:
    found: Ints = texts.dictionary_encode().indices.to_numpy().astype(np.int64)
    return found


def _slots(nodes: int, node: Ints, scheme: Ints, number: Ints) -> tuple[Ints, Ints]:
    """The numbers of each node by scheme; of schemes by which it has several, none."""
    order = np.lexsort((number, scheme, node))
    node, scheme, number = node[order], scheme[order], number[order]
    fresh = ~repeated(node, scheme, number)
    node, scheme, number = node[fresh], scheme[fresh], number[fresh]
    again = repeated(node, scheme)
    alone = ~again
    alone[:-1] &= ~again[1:]
    node, scheme, number = node[alone], scheme[alone], number[alone]
    place = np.arange(len(node)) - np.searchsorted(node, node)
    kept = place < _MOST_NUMBERS
    found = np.full((2, nodes, _MOST_NUMBERS), -1, np.int64)
    for values, column in zip(found, (scheme, number), strict=True):
        values[node[kept], place[kept]] = column[kept]
    return found[0], found[1]


class Sides:
    """What is known of some nodes, gathered when it is asked for."""

    def __init__(
        self, told: pa.Table, node: Ints, asked: Ints, common: frozenset[str] = frozenset()
    ) -> None:
        rows = np.flatnonzero(np.isin(node, asked))
        rows = rows[np.argsort(node[rows], kind="stable")]
        columns = [told[name].take(rows).to_pylist() for name in ("country", "ids", "traits")]
        self._rows: dict[int, list[tuple[str | None, str, str]]] = {}
        for mine, *row in zip(node[rows].tolist(), *columns, strict=True):
            self._rows.setdefault(mine, []).append((row[0], row[1], row[2]))
        self._common = common
        self._known: dict[int, Side] = {}

    def of(self, node: int) -> Side:
        """The side of a pair that this node is."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = side_of(self._rows[node], self._common)
        return found

    def numbered_apart(self, one: int, other: int) -> bool:
        """Whether one contributor has them under two numbers."""
        mine, yours = self.of(one).ids, self.of(other).ids
        return any(not mine[scheme] & yours[scheme] for scheme in mine.keys() & yours.keys())


def side_of(
    rows: Sequence[tuple[str | None, str, str]], common: frozenset[str] = frozenset()
) -> Side:
    """A side out of its descriptions: (country, ids, traits), the lists joined by U+001F."""
    ids: dict[str, set[str]] = {}
    traits: set[str] = set()
    for _, refs, told in rows:
        traits.update(told.split("\x1f") if told else ())
        for ref in refs.split("\x1f"):
            if ref.startswith("id:"):
                ids.setdefault(ref.rpartition(":")[0], set()).add(ref)
    countries = {country for country, _, _ in rows if country}
    return Side(
        min(countries) if len(countries) == 1 else None,
        sorted_traits(traits, common),
        {scheme: frozenset(refs) for scheme, refs in ids.items()},
    )
