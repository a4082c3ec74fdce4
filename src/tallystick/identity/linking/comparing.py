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
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tallystick.identity.linking.ceiling import MOST, ceilings
from tallystick.identity.linking.screen import CONTRADICTION, clearly_different
from tallystick.identity.linking.settle import (
    APART_BELOW,
    ASK_FROM,
    JOIN_FROM,
    Compared,
    components,
)
from tallystick.identity.linking.sides import Beside
from tallystick.identity.linking.units import Units
from tallystick.identity.linking.weigh import (
    AS_SISTERS,
    MOST_SHARE,
    NOWISE,
    contradict,
    lifted,
    name_evidence,
    name_weights,
)
from tallystick.identity.linking.words import Read, Words
from tallystick.identity.names.bulk import Spread
from tallystick.identity.ordering import repeated

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PART: Final = 10_000
"""Pairs of names that are compared in one go."""

FEW: Final = 20_000
"""Pairs of names up to which handing them out costs more than it saves."""

_SCREENED: Final = 100_000
"""Pairs of names that are screened in one go."""

OPPOSED: Final = -2000
"""Thousandths of a bit that speak against two, beside their names, from which on they are opposed."""

WORTH_MORE: Final = -7000
"""Thousandths of a bit of the names below which nothing else is looked at but an account or a domain that is
shared."""

LEAST: Final = -13_000
"""Thousandths of a bit of the names below which nothing else is looked at."""

UNREAD: Final = -1
"""How names contradict each other that were told apart without being compared."""


class Comparison:
    """Units whose names are compared, and what is known of their nodes `beside` those."""

    def __init__(self, units: Units, words: Words, beside: Beside, spread: Spread) -> None:
        self._units, self._words, self._spread = units, words, spread
        self.beside = beside

    def compared(self, pairs: Ints) -> pa.Table:
        """Of pairs of units that share a key the compared pairs of nodes (columns a, b, name_a, name_b, names,
        contradict, beside, weight), by a and b."""
        ends = self._units.node[pairs]
        promising = self._promising(pairs, ends)
        first = self._weighed(pairs[promising])
        rest, ends = pairs[~promising], ends[~promising]
        a, b, weight = (first[name].to_numpy() for name in ("a", "b", "weight"))
        strong = weight >= JOIN_FROM
        label = components(self.beside.nodes, a[strong], b[strong])
        near = label[ends[:, 0]] == label[ends[:, 1]]
        found = pa.concat_tables([first, self._weighed(rest[near])])
        return found.sort_by([("a", "ascending"), ("b", "ascending")])

    def _promising(self, pairs: Ints, ends: Ints) -> Flags:
        """Which pairs are of nodes that may be joined or asked about."""
        a, b = ends.T
        names = self._units.name[pairs]
        key = self._units.name_key[names]
        most = self.beside.most(a, b)
        hope = most + MOST >= ASK_FROM
        doubtful = np.flatnonzero(hope & (most + CONTRADICTION < ASK_FROM))
        hope[doubtful] = ~_screened(self._words.own, names[doubtful])
        quiet = np.flatnonzero(hope & self.beside.say_nothing(a, b) & (key[:, 0] != key[:, 1]))
        hope[quiet] = ceilings(self._words, names[quiet]) + most[quiet] >= ASK_FROM
        both = a * self.beside.nodes + b
        found: Flags = np.isin(both, both[hope])
        return found

    def _weighed(self, pairs: Ints) -> pa.Table:
        links = _best_names(self._units, pairs, self._words, self._spread)
        a, b, names = (links[name].to_numpy() for name in ("a", "b", "names"))
        asked = (names >= WORTH_MORE) | (names >= LEAST) & self.beside.share_a_key(a, b)
        rows = np.flatnonzero(asked)
        weight, agree = self.beside.weights(a[rows], b[rows], self._spread)
        beside = np.zeros(len(links), np.int64)
        beside[rows] = weight
        rows = rows[lifted(names[rows], names[rows] + weight, agree)]
        rows = rows[[how == AS_SISTERS for how in map(_contradict(links), rows.tolist())]]
        beside[rows] = JOIN_FROM - 1 - names[rows]
        links = links.append_column("beside", pa.array(beside))
        return links.append_column("weight", pa.array(names + beside))


def _contradict(links: pa.Table) -> Callable[[int], int]:
    """Tells of compared pairs, by their place, how their names contradict each other."""
    told = links["contradict"].to_numpy()
    sides = [links[side].combine_chunks() for side in ("name_a", "name_b")]

    def how(place: int) -> int:
        found = int(told[place])
        if found != UNREAD:
            return found
        return contradict(name_evidence(*(side[place].as_py() for side in sides)))

    return how


def to_settle(links: pa.Table, beside: Beside) -> Compared:
    """Compared pairs as they are settled."""
    a, b, names, besides, weight = (
        links[name].to_numpy() for name in ("a", "b", "names", "beside", "weight")
    )
    parted = besides <= OPPOSED
    opposed = (names < APART_BELOW) | parted
    return Compared(a, b, weight, opposed, parted, _crowded(a, b, weight, beside))


def contradicting(links: pa.Table) -> Callable[[int], bool]:
    """Tells of compared pairs, by their place, whether their names contradict each other."""
    how = _contradict(links)
    return lambda place: how(place) != NOWISE


def _best_names(units: Units, pairs: Ints, words: Words, spread: Spread) -> pa.Table:
    """Of each pair of nodes the pair of names that weighs most: columns a, b, name_a, name_b, names,
    contradict."""
    turned = units.node[pairs[:, 0]] > units.node[pairs[:, 1]]
    pairs = np.where(turned[:, None], pairs[:, ::-1], pairs)
    names = units.name[pairs]
    weight, contradict = _name_weights(units.names, names, words, spread)
    a, b = units.node[pairs[:, 0]], units.node[pairs[:, 1]]
    order = np.lexsort((names[:, 1], names[:, 0], -weight, b, a))
    a, b = a[order], b[order]
    best = ~repeated(a, b)
    rows = order[best]
    texts = pa.array(units.names, pa.string())
    columns = {"a": a[best], "b": b[best]}
    columns |= {f"name_{side}": texts.take(names[rows, n]) for n, side in enumerate("ab")}
    return pa.table(columns | {"names": weight[rows], "contradict": contradict[rows]})


def _name_weights(
    told: Sequence[str], names: Ints, words: Words, spread: Spread
) -> tuple[Ints, Ints]:
    """What pairs of names weigh (`names`: places in `told`, shape (n, 2)), and how they contradict each other.
    Each is compared once, and those of the same first words one after the other: so few names are handed to
    whoever compares some of them."""
    own = words.own
    by_words = np.array(sorted(range(len(own)), key=own.__getitem__), np.int64)
    rank = np.empty(len(own), np.int64)
    rank[by_words] = np.arange(len(own))
    low, high = rank[names].min(axis=1), rank[names].max(axis=1)
    codes, place = np.unique(low * max(1, len(own)) + high, return_inverse=True)
    asked = by_words[np.stack(np.divmod(codes, max(1, len(own))), axis=1)]
    parts = (_Asked.of(told, words, asked[n : n + PART]) for n in range(0, len(asked), PART))
    weighed = list((map if len(asked) <= FEW else spread)(_weigh_part, parts))
    weight, contradict = (
        (np.frombuffer(b"".join(column), np.int64) for column in zip(*weighed, strict=True))
        if weighed
        else (np.zeros(0, np.int64),) * 2
    )
    return weight[place], contradict[place]


def _screened(own: Sequence[str], names: Ints) -> Flags:
    """Which pairs of names (places in `own`, their own words) are different at first sight."""
    found = np.zeros(len(names), dtype=bool)
    for begin in range(0, len(names), _SCREENED):
        part = names[begin : begin + _SCREENED].tolist()
        found[begin : begin + len(part)] = clearly_different([(own[x], own[y]) for x, y in part])
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """Names that are compared: as they are written, their own words, as they were read, and the pairs of them
    (places here, shape (n, 2))."""

    told: list[str]
    own: list[str]
    read: Read
    pairs: Ints

    @classmethod
    def of(cls, told: Sequence[str], words: Words, pairs: Ints) -> _Asked:
        """Of pairs of places in `told`."""
        places, here = np.unique(pairs, return_inverse=True)
        names = places.tolist()
        return cls(
            [told[n] for n in names],
            [words.own[n] for n in names],
            words.read.some(places),
            here.reshape(-1, 2),
        )


def _weigh_part(asked: _Asked) -> tuple[bytes, bytes]:
    """What the names of each pair weigh, and how they contradict each other; those clearly different by their
    own words are not looked into."""
    told, own = asked.told, asked.own
    ends = asked.pairs.tolist()
    gone = clearly_different([(own[a], own[b]) for a, b in ends])
    read = dict(zip(told, asked.read.names(), strict=True))
    left = [
        (told[a], told[b]) for (a, b), over in zip(ends, gone.tolist(), strict=True) if not over
    ]
    found = np.empty((2, len(ends)), np.int64)
    found[:, gone] = [[CONTRADICTION], [UNREAD]]
    found[:, ~gone] = np.array(name_weights(left, read.__getitem__), np.int64).reshape(-1, 2).T
    return found[0].tobytes(), found[1].tobytes()


def _crowded(a: Ints, b: Ints, weight: Ints, beside: Beside) -> Ints:
    """The pairs that would be joined though one contributor tells the two apart, of nodes with more than
    `MOST_SHARE` such: what so many customers of one market are called says nothing about who is who."""
    strong = np.flatnonzero(weight >= JOIN_FROM)
    busy = _of_many(a, b, strong)
    return _of_many(a, b, busy[beside.numbered_apart(a[busy], b[busy])])


def _of_many(a: Ints, b: Ints, rows: Ints) -> Ints:
    """Of these pairs those with an end that is in more than `MOST_SHARE` of them."""
    count = np.bincount(np.concatenate([a[rows], b[rows]]), minlength=1)
    found: Ints = rows[(count[a[rows]] > MOST_SHARE) | (count[b[rows]] > MOST_SHARE)]
    return found
