"""From weighed pairs to companies: joined, held because two are about as good, or kept apart.

Idea: pairs that weigh enough are followed from the heaviest down, unless that would bring together what is
known to be two: different numbers in one register, a person's judgement, or two that were compared and found
different. Before that, whoever could as well be one as the other of two *rivals* is held: nothing is
guessed, and a person is asked.

Worked example: "Huaqiang Electronics" weighs 11 bits with the firm of that name in Shenzhen and 11 with the one
in Dongguan, and those two are different (-3). It is held between them. With the Shenzhen firm's account on it
the first pair weighs 24, and it joins that firm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tallystick.identity.joining import Groups, Marks, clash

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

JOIN_FROM: Final = 9000
"""Thousandths of a bit from which two are taken for one."""

ASK_FROM: Final = 5000
"""Thousandths of a bit from which a pair that is not joined is worth a person's look."""

APART_BELOW: Final = 2500
"""Thousandths of a bit below which a compared pair keeps the companies of the two apart."""

MARGIN: Final = 2000
"""Two pairs whose weights differ by less are about as good."""

RIVAL_GAP: Final = 1000
"""How much less than with the one between them two that are not to be joined must weigh to be its rivals."""

SURE_FROM: Final = 16_000
"""Thousandths of a bit from which on more than a name says that two are one: whoever is one with the same third
so surely is no rival, however they are called."""

_MOST_RIVALS: Final = 40

JOINED, HELD, WEAKER, FORBIDDEN, ASK, APART, CROWDED = range(7)
"""What became of a pair: followed; held as ambiguous; another is better; known to be two; a person may look;
different; one of too many that are alike."""

OUTCOMES: Final = ("joined", "held", "weaker", "forbidden", "ask", "apart", "crowded")


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs of nodes `a` < `b`, each once. `weight` in thousandths of a bit; `opposed`: whether something
    speaks against the two, not merely too little for them, and `parted`: whether that is more than their names;
    `crowded`: places of pairs that say nothing, because too many are alike."""

    a: Ints
    b: Ints
    weight: Ints
    opposed: Flags
    parted: Flags
    crowded: Ints


@dataclass(frozen=True, slots=True)
class Settled:
    """`label`: of each node the smallest node of its company; `outcome`: of each pair, one of the constants."""

    label: Ints
    outcome: npt.NDArray[np.int8]


def settle(
    nodes: int,
    pairs: Compared,
    marks: Marks,
    two: Callable[[int, int], bool] = lambda _one, _other: False,
    contradict: Callable[[int], bool] = lambda _place: True,
) -> Settled:
    """Companies of the nodes 0 … nodes-1. `marks` of nodes, kind -> mark: two nodes with different marks of a
    kind are never one. `two`: whether nodes that were not compared look like two companies; `contradict`:
    whether the names of the pair at a place say what cannot be of one, not only more or less."""
    weight = pairs.weight
    outcome = np.where(weight >= JOIN_FROM, JOINED, np.where(weight >= ASK_FROM, ASK, APART))
    outcome = outcome.astype(np.int8)
    outcome[pairs.crowded] = CROWDED
    worth = np.flatnonzero(outcome != APART)  # of what is known to be two, nobody need be asked
    ends = zip(worth.tolist(), pairs.a[worth].tolist(), pairs.b[worth].tolist(), strict=True)
    clashing = [n for n, a, b in ends if clash(marks.get(a), marks.get(b))]
    outcome[clashing] = FORBIDDEN
    settling = _Settling(pairs, marks, two, contradict, _sure(nodes, pairs, marks, outcome))
    settling.hold(outcome)
    return Settled(settling.join(nodes, outcome), outcome)


def _sure(nodes: int, pairs: Compared, marks: Marks, outcome: npt.NDArray[np.int8]) -> Ints:
    """Of each node the smallest that it is surely one with; itself where something more than names parts those
    that are so tied together."""
    rows = np.flatnonzero((outcome == JOINED) & (pairs.weight >= SURE_FROM))
    label = components(nodes, pairs.a[rows], pairs.b[rows])
    parted = pairs.parted | (outcome == FORBIDDEN) | (outcome == CROWDED)
    against = parted & (label[pairs.a] == label[pairs.b]) & (pairs.weight < SURE_FROM)
    bad = set(label[pairs.a[against]].tolist()) | _clashing(label, marks)
    loose = np.isin(label, np.array(sorted(bad), np.int64))
    label[loose] = np.flatnonzero(loose)
    return label


def _clashing(label: Ints, marks: Marks) -> set[int]:
    """Labels of companies that would bear two marks of a kind."""
    seen: dict[tuple[int, str], str] = {}
    bad: set[int] = set()
    for node, told in marks.items():
        for kind, mark in told.items():
            if seen.setdefault((int(label[node]), kind), mark) != mark:
                bad.add(int(label[node]))
    return bad


class _Settling:
    def __init__(
        self,
        pairs: Compared,
        marks: Marks,
        two: Callable[[int, int], bool],
        contradict: Callable[[int], bool],
        sure: Ints,
    ) -> None:
        self._sure, self._contradict, self._parted = sure, contradict, pairs.parted
        self._known: dict[int, bool] = {}
        self._a, self._b, self._weight = pairs.a, pairs.b, pairs.weight
        self._opposed = pairs.opposed.copy()
        self._opposed[pairs.crowded] = True
        self._marks, self._two = marks, two

    def hold(self, outcome: npt.NDArray[np.int8]) -> None:
        """Mark the pairs of whoever is held between rivals, and those that a better one outdoes."""
        strong = np.flatnonzero(outcome == JOINED)
        ends = np.concatenate([self._a[strong], self._b[strong]])
        several = np.flatnonzero(np.bincount(ends, minlength=1)[ends] > 1)
        rows = np.concatenate([strong, strong])[several]
        centre = ends[several]
        order = np.lexsort((rows, -self._weight[rows], centre))
        rows, centre = rows[order], centre[order]
        other = np.where(self._a[rows] == centre, self._b[rows], self._a[rows])
        beside = self._pairs_beside(other)
        held: dict[int, int] = {}
        begins = np.flatnonzero(np.diff(centre, prepend=-1))
        for begin, end in pairwise([*begins.tolist(), len(rows)]):
            few = min(end, begin + _MOST_RIVALS)
            self._judge(rows[begin:few].tolist(), other[begin:few].tolist(), beside, held)
            if any(row in held for row in rows[begin:few].tolist()):
                held |= dict.fromkeys(rows[few:end].tolist(), HELD)
        for row, verdict in held.items():
            outcome[row] = verdict

    def _pairs_beside(self, other: Ints) -> dict[tuple[int, int], int]:
        """The places of the compared pairs whose two sides both stand beside somebody."""
        beside = np.unique(other)
        rows = np.flatnonzero(np.isin(self._a, beside) & np.isin(self._b, beside))
        ends = zip(self._a[rows].tolist(), self._b[rows].tolist(), strict=True)
        return dict(zip(ends, rows.tolist(), strict=True))

    def _opposes(self, row: int) -> bool:
        """Whether something speaks against a pair: more than its names, or what contradicts in them."""
        found = self._known.get(row)
        if found is None:
            against = bool(self._opposed[row])
            found = against and (bool(self._parted[row]) or self._contradict(row))
            self._known[row] = found
        return found

    def _judge(
        self,
        rows: list[int],
        others: list[int],
        beside: dict[tuple[int, int], int],
        held: dict[int, int],
    ) -> None:
        """The pairs of one centre, heaviest first: where two of the others are rivals, the weaker goes, or both
        if they are about as good."""
        for n, (row, other) in enumerate(zip(rows, others, strict=True)):
            for better_row, better in zip(rows[:n], others[:n], strict=True):
                if held.get(better_row) == WEAKER:
                    continue
                least = int(self._weight[row])
                if not self._rivals(better, other, beside, least):
                    continue
                close = int(self._weight[better_row]) - least < MARGIN
                if close:
                    held[better_row] = held[row] = HELD
                else:
                    held[row] = WEAKER if held.get(row) != HELD else HELD
                    break

    def _rivals(self, one: int, other: int, beside: dict[tuple[int, int], int], least: int) -> bool:
        if clash(self._marks.get(one), self._marks.get(other)):
            return True
        if self._sure[one] == self._sure[other]:
            return False
        pair = (min(one, other), max(one, other))
        if pair not in beside:
            return self._two(one, other)
        weak = int(self._weight[beside[pair]]) < min(JOIN_FROM, least - RIVAL_GAP)
        return weak and self._opposes(beside[pair])

    def join(self, nodes: int, outcome: npt.NDArray[np.int8]) -> Ints:
        """Labels after following the pairs that stay; those that are forbidden on the way are marked so."""
        rows = np.flatnonzero(outcome == JOINED)
        label = components(nodes, self._a[rows], self._b[rows])
        known = (outcome == FORBIDDEN) | (outcome == CROWDED)
        against = np.flatnonzero((self._weight < APART_BELOW) | known)
        against = against[label[self._a[against]] == label[self._b[against]]]
        against = against[self._sure[self._a[against]] != self._sure[self._b[against]]]
        sure = [bool(known[row]) or self._opposes(row) for row in against.tolist()]
        against = against[np.array(sure, bool)]
        bad = set(label[self._a[against]].tolist()) | _clashing(label, self._marks)
        if bad:
            again = np.isin(label[self._a], np.array(sorted(bad)))
            self._one_by_one(rows[again[rows]], against, label, outcome)
        return label

    def _one_by_one(
        self, rows: Ints, against: Ints, label: Ints, outcome: npt.NDArray[np.int8]
    ) -> None:
        order = np.lexsort((self._b[rows], self._a[rows], -self._weight[rows]))
        apart: dict[int, set[int]] = defaultdict(set)
        for x, y in zip(self._a[against].tolist(), self._b[against].tolist(), strict=True):
            apart[x].add(y)
            apart[y].add(x)
        members = np.unique(np.concatenate([self._a[rows], self._b[rows]])).tolist()
        groups = Groups(members, self._marks, apart)
        for row in rows[order].tolist():
            if groups.join(int(self._a[row]), int(self._b[row])):
                outcome[row] = FORBIDDEN
        for node in members:
            label[node] = groups.top(node)


def components(nodes: int, a: Ints, b: Ints) -> Ints:
    """For each node the smallest node that it is connected with."""
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(nodes, nodes)).tocsr()
    found = connected_components(graph, directed=False)[1]
    smallest = np.full(int(found.max(initial=0)) + 1, nodes, np.int64)
    np.minimum.at(smallest, found, np.arange(nodes, dtype=np.int64))
    labels: Ints = smallest[found] if nodes else np.zeros(0, np.int64)
    return labels
