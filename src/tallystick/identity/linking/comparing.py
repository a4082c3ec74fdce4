"""Pairs that share a key compared: what their names weigh, and what speaks for and against them beside.

Idea: only a pair that may be joined or asked about is worth comparing, and of most pairs it is known without a
comparison that they may not (`ceiling`, `sides`). What weighs too little tells something in one case alone:
where other pairs join the two, in a chain, it keeps them apart. So the promising pairs are compared first, and
of the others those whose ends hang together by pairs that are strong enough to be followed.

Worked example: of 600,000 pairs of a marketplace's customers 12,000 are compared; of the others none could be
asked about, and none lies between two customers that anything joins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tallystick.identity.linking.candidates import distinct
from tallystick.identity.linking.ceiling import ceilings
from tallystick.identity.linking.screen import CONTRADICTION, clearly_different
from tallystick.identity.linking.settle import (
    APART_BELOW,
    ASK_FROM,
    JOIN_FROM,
    Compared,
    components,
)
from tallystick.identity.linking.sides import Beside, Sides
from tallystick.identity.linking.units import Units
from tallystick.identity.linking.weigh import (
    CONTRADICTS,
    MOST_SHARE,
    name_evidence,
    name_weights,
    share_a_key,
    sisters,
    trait_evidence,
)
from tallystick.identity.linking.words import Words
from tallystick.identity.names import Name, read_name
from tallystick.identity.names.bulk import Spread
from tallystick.identity.names.compare import Evidence
from tallystick.identity.ordering import repeated

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PART: Final = 10_000
"""Pairs of names that are compared in one go."""

FEW: Final = 20_000
"""Pairs of names that are compared at once, by what was read of them; it takes a second."""

OPPOSED: Final = -2000
"""Thousandths of a bit that speak against two, beside their names, from which on they are opposed."""

WORTH_MORE: Final = -7000
"""Thousandths of a bit of the names below which nothing else is looked at but an account or a domain that is
shared."""

LEAST: Final = -13_000
"""Thousandths of a bit of the names below which nothing else is looked at."""


class Comparison:
    """Descriptions (columns country, ids, traits) and the node of each, whose names are compared."""

    def __init__(
        self,
        units: Units,
        words: Words,
        told: pa.Table,
        node: Ints,
        common: frozenset[str],
        spread: Spread,
    ) -> None:
        self._units, self._words, self._spread = units, words, spread
        self._told, self._node, self._common = told, node, common
        self._nodes = int(node.max(initial=-1)) + 1

    def compared(self, pairs: Ints) -> tuple[pa.Table, Sides]:
        """Of pairs of units that share a key the compared pairs of nodes (columns a, b, name_a, name_b, names,
        beside, weight), by a and b; and what is known of the nodes."""
        ends = self._units.node[pairs]
        promising = self._promising(pairs, ends)
        sides = Sides(self._told, self._node, ends[promising], self._common)
        first = self._weighed(pairs[promising], sides)
        rest, ends = pairs[~promising], ends[~promising]
        a, b, weight = (first[name].to_numpy() for name in ("a", "b", "weight"))
        strong = weight >= JOIN_FROM
        label = components(self._nodes, a[strong], b[strong])
        near = label[ends[:, 0]] == label[ends[:, 1]]
        found = pa.concat_tables([first, self._weighed(rest[near], sides)])
        return found.sort_by([("a", "ascending"), ("b", "ascending")]), sides

    def _promising(self, pairs: Ints, ends: Ints) -> Flags:
        """Which pairs are of nodes that may be joined or asked about."""
        beside, names = Beside.of(self._told, self._node), self._units.name[pairs]
        a, b = ends.T
        key = self._units.name_key[names]
        quiet = np.flatnonzero(beside.say_nothing(a, b) & (key[:, 0] != key[:, 1]))
        most = ceilings(self._words, names[quiet]) + beside.weights(a[quiet], b[quiet])
        hope = np.ones(len(pairs), dtype=bool)
        hope[quiet[most < ASK_FROM]] = False
        both = a * self._nodes + b
        found: Flags = np.isin(both, both[hope])
        return found

    def _weighed(self, pairs: Ints, sides: Sides) -> pa.Table:
        links = _best_names(self._units, pairs, self._words, self._spread)
        a, b, names = (links[name].to_numpy() for name in ("a", "b", "names"))
        beside = np.zeros(len(links), np.int64)
        for n in np.flatnonzero(names >= LEAST).tolist():
            one, other = sides.of(a[n]), sides.of(b[n])
            if names[n] >= WORTH_MORE or share_a_key(one, other):
                beside[n] = _beside(links, n, trait_evidence(one, other))
        links = links.append_column("beside", pa.array(beside))
        return links.append_column("weight", pa.array(names + beside))


def _beside(links: pa.Table, n: int, lines: Sequence[Evidence]) -> int:
    """What the evidence beside the names of a pair weighs."""
    weight = sum(line.weight for line in lines)
    if links["names"][n].as_py() + weight >= JOIN_FROM:
        names = (links[name][n].as_py() for name in ("name_a", "name_b"))
        weight += sum(line.weight for line in sisters(name_evidence(*names), lines))
    return weight


def to_settle(links: pa.Table, sides: Sides) -> Compared:
    """Compared pairs as they are settled."""
    a, b, names, beside, weight = (
        links[name].to_numpy() for name in ("a", "b", "names", "beside", "weight")
    )
    parted = beside <= OPPOSED
    opposed = (names < APART_BELOW) | parted
    return Compared(a, b, weight, opposed, parted, _crowded(a, b, weight, sides))


def contradicting(links: pa.Table) -> Callable[[int], bool]:
    """Tells of compared pairs, by their place, whether their names contradict each other."""

    sides = [links[side].combine_chunks() for side in ("name_a", "name_b")]

    def contradict(place: int) -> bool:
        names = (side[place].as_py() for side in sides)
        return any(line.code in CONTRADICTS for line in name_evidence(*names))

    return contradict


def _best_names(units: Units, pairs: Ints, words: Words, spread: Spread) -> pa.Table:
    """Of each pair of nodes the pair of names that weighs most: columns a, b, name_a, name_b, names."""
    turned = units.node[pairs[:, 0]] > units.node[pairs[:, 1]]
    pairs = np.where(turned[:, None], pairs[:, ::-1], pairs)
    names = units.name[pairs]
    weight = _name_weights(units.names, names, words, spread)
    a, b = units.node[pairs[:, 0]], units.node[pairs[:, 1]]
    order = np.lexsort((names[:, 1], names[:, 0], -weight, b, a))
    a, b = a[order], b[order]
    best = ~repeated(a, b)
    rows = order[best]
    texts = pa.array(units.names, pa.string())
    columns = {"a": a[best], "b": b[best]}
    columns |= {f"name_{side}": texts.take(names[rows, n]) for n, side in enumerate("ab")}
    return pa.table(columns | {"names": weight[rows]})


def _name_weights(told: Sequence[str], names: Ints, words: Words, spread: Spread) -> Ints:
    """What pairs of names weigh (`names`: places in `told`, shape (n, 2)). Each is compared once, and those
    of the same first words one after the other: whoever compares names remembers what it has read."""
    own = words.own
    by_words = np.array(sorted(range(len(own)), key=own.__getitem__), np.int64)
    rank = np.empty(len(own), np.int64)
    rank[by_words] = np.arange(len(own))
    low, high = rank[names].min(axis=1), rank[names].max(axis=1)
    codes, place = np.unique(low * max(1, len(own)) + high, return_inverse=True)
    ends = (by_words[end].tolist() for end in np.divmod(codes, max(1, len(own))))
    asked = [(told[x], told[y], own[x], own[y]) for x, y in zip(*ends, strict=True)]
    if len(asked) <= FEW:
        places = distinct(names.ravel())
        read = dict(zip([told[n] for n in places.tolist()], words.read(places), strict=True))
        return np.array(_weights(asked, read.__getitem__), np.int64)[place]
    parts = (asked[n : n + PART] for n in range(0, len(asked), PART))
    weights = [weight for part in spread(_weights, parts) for weight in part]
    return np.array(weights, np.int64)[place]


def _weights(
    pairs: Sequence[tuple[str, str, str, str]], read: Callable[[str], Name] = read_name
) -> list[int]:
    """What the names of each pair weigh; with their own words, by which those clearly different go."""
    gone = clearly_different([(x, y) for _, _, x, y in pairs]).tolist()
    left = [(a, b) for (a, b, _, _), over in zip(pairs, gone, strict=True) if not over]
    weights = iter(name_weights(left, read))
    return [CONTRADICTION if over else next(weights) for over in gone]


def _crowded(a: Ints, b: Ints, weight: Ints, sides: Sides) -> Ints:
    """The pairs that would be joined though one contributor tells the two apart, of nodes with more than
    `MOST_SHARE` such: what so many customers of one market are called says nothing about who is who."""
    strong = np.flatnonzero(weight >= JOIN_FROM)
    busy = _of_many(a, b, strong)
    apart = [n for n in busy.tolist() if sides.numbered_apart(int(a[n]), int(b[n]))]
    return _of_many(a, b, np.array(apart, np.int64))


def _of_many(a: Ints, b: Ints, rows: Ints) -> Ints:
    """Of these pairs those with an end that is in more than `MOST_SHARE` of them."""
    count = np.bincount(np.concatenate([a[rows], b[rows]]), minlength=1)
    found: Ints = rows[(count[a[rows]] > MOST_SHARE) | (count[b[rows]] > MOST_SHARE)]
    return found
