"""From weighed pairs to clusters: from the strongest pair down, and not by every chain.

Plain connected components join all that a chain of pairs reaches, so that one wrong pair joins two towns. Here
a pair joins two clusters only if nothing forbids it:

* exclusive values: one record says tax number 1, another tax number 2;
* one to one: each of two tables tells an entity once, and the place is taken by a stronger pair;
* a weak bridge: on average the weighed pairs between the two clusters speak against joining.

>>> pairs = [("a", "b", 9000), ("c", "d", 8000), ("b", "c", 500), ("a", "d", -4000)]
>>> join_pairs("abcd", pairs)                             # the bridge b-c does not carry
{'a': 'a', 'b': 'a', 'c': 'c', 'd': 'c'}
>>> join_pairs("abc", [("a", "b", 9000), ("b", "c", 8000)], exclusive={"a": ["tax:1"], "c": ["tax:2"]})
{'a': 'a', 'b': 'a', 'c': 'c'}
>>> join_pairs("abc", [("a", "b", 9000), ("a", "c", 8000)], sides={"a": 0, "b": 1, "c": 1})
{'a': 'a', 'b': 'a', 'c': 'c'}

The outcome depends on the records and the weights, not on the order in which either is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

CAP: Final = 15_000
"""Thousandths of a bit that one pair can add to the average between two clusters, either way."""


def join_pairs(
    records: Iterable[Any],
    pairs: Iterable[tuple[Any, Any, int]],
    threshold: int = 0,
    sides: Mapping[Any, int] | None = None,
    exclusive: Mapping[Any, Sequence[str]] | None = None,
) -> dict[Any, Any]:
    """The cluster of every record, named by its least record. `pairs`: two records and a weight in thousandths
    of a bit; `threshold`: least weight that joins; `sides`: the table of each record, where records meet one to
    one; `exclusive`: values of the form `field:value` that must not differ within a cluster. Records must be
    sortable and distinct."""
    ordered = sorted(records)
    number = {record: n for n, record in enumerate(ordered)}
    found = _Clusters(
        [1 << sides[r] if sides else 0 for r in ordered],
        [_values((exclusive or {}).get(r, ())) for r in ordered],
    )
    weighed = [(*sorted((number[a], number[b])), weight) for a, b, weight in pairs]
    weighed.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    for a, b, weight in weighed:
        found.weigh(a, b, weight)
    for a, b, weight in weighed:
        if weight < threshold:
            break
        found.join(a, b, min(0, threshold))
    return {record: ordered[found.least[found.root(n)]] for n, record in enumerate(ordered)}


def _values(entries: Sequence[str]) -> dict[str, str]:
    return {field: value for field, _, value in (entry.partition(":") for entry in entries)}


class _Clusters:
    """Clusters that grow. A cluster is known by its root, whichever record that is, and named by its least."""

    def __init__(self, sides: list[int], values: list[dict[str, str]]) -> None:
        self._sides, self._values = sides, values
        self._parent = list(range(len(sides)))
        self.least = list(range(len(sides)))
        self._between: list[dict[int, tuple[int, int]]] = [{} for _ in sides]

    def root(self, n: int) -> int:
        parent = self._parent
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    def weigh(self, a: int, b: int, weight: int) -> None:
        """Note the weight of a pair between what are still single records."""
        total, count = self._between[a].get(b, (0, 0))
        both = (total + max(-CAP, min(CAP, weight)), count + 1)
        self._between[a][b] = self._between[b][a] = both

    def join(self, a: int, b: int, least: int) -> None:
        """Join the clusters of two records, unless something forbids it. `least`: weight of a bridge."""
        a, b = self.root(a), self.root(b)
        if a != b and self._may(a, b, least):
            busy = len(self._between[a]) >= len(self._between[b])  # the other has less to be moved
            self._merge(*((a, b) if busy else (b, a)))

    def _may(self, a: int, b: int, least: int) -> bool:
        total, count = self._between[a][b]
        if self._sides[a] & self._sides[b] or total < least * count:
            return False
        mine, theirs = self._values[a], self._values[b]
        return not any(mine.get(field, value) != value for field, value in theirs.items())

    def _merge(self, a: int, b: int) -> None:
        self._parent[b] = a
        self.least[a] = min(self.least[a], self.least[b])
        self._sides[a] |= self._sides[b]
        if self._values[b]:
            self._values[a] = {**self._values[a], **self._values[b]}
        mine, theirs = self._between[a], self._between[b]
        del mine[b], theirs[a]
        for other, (total, count) in theirs.items():
            before, counted = mine.get(other, (0, 0))
            mine[other] = self._between[other][a] = (before + total, counted + count)
            del self._between[other][b]
        self._between[b] = {}
