"""Companies that share no identifier, linked by what they are called and by what relates them.

Idea: descriptions are filed under keys of their names (`keys`), those that meet are compared (`candidates`,
`weigh`), and the pairs are settled into companies (`settle`). All of it depends on the descriptions alone: not
on their order, nor on chance. The slow part, reading and comparing names, is handed to `spread`, which may do
it in several processes.

Worked example: a marketplace's "HUAQIANG ELEC SZ" with a customer number and a bank's 深圳市华强电子有限公司
with another: no number in common, one company at 14 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.linking.candidates import Filed, pairs_of
from tallystick.identity.linking.keys import name_keys
from tallystick.identity.linking.screen import CONTRADICTION, clearly_different, own_words
from tallystick.identity.linking.settle import JOIN_FROM, Marks, settle
from tallystick.identity.linking.weigh import (
    MOST_SHARE,
    Side,
    name_weights,
    sorted_traits,
    trait_evidence,
)
from tallystick.identity.ordering import flags
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]

Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""What `map` does: the work done on each part, results in the order of the parts."""

PART: Final = 20_000
"""Names, and pairs of them, that are worked on in one go."""

WORTH_MORE: Final = -7000
"""Thousandths of a bit of the names below which nothing else is looked at."""

LINK: Final = pa.schema(
    [
        pa.field("a", pa.int64(), nullable=False),
        pa.field("b", pa.int64(), nullable=False),
        pa.field("name_a", pa.string()),
        pa.field("name_b", pa.string()),
        pa.field("weight", pa.int64(), nullable=False),
        pa.field("outcome", pa.int8(), nullable=False),
    ]
)
"""A compared pair: `a`, `b` the nodes given; the names that fit best; `weight` in thousandths of a bit."""


@dataclass(frozen=True, slots=True)
class Linked:
    """`label`: of each node the smallest node of its company; `links`: schema LINK, by a and b."""

    label: Ints
    links: pa.Table


@dataclass(frozen=True, slots=True)
class Units:
    """What is compared: a name of a node in a country. `node`, `name` (place in `names`) and `country` (a
    number, 0 where it is not known) by unit."""

    node: Ints
    name: Ints
    country: Ints
    names: list[str]

    @classmethod
    def of(cls, told: pa.Table, node: Ints) -> Units:
        """Of descriptions (columns name, country) and the node of each; those without a name are left out."""
        named = np.flatnonzero(flags(pc.is_valid(told["name"])))
        names = told["name"].take(named).combine_chunks().dictionary_encode()
        country = told["country"].take(named).combine_chunks().dictionary_encode()
        numbers = np.array(
            [0, *(hash64("country", c) for c in country.dictionary.to_pylist())], np.int64
        )
        columns = (node[named], names.indices.to_numpy().astype(np.int64))
        where = numbers[pc.fill_null(pc.add(country.indices, 1), 0).to_numpy()]
        order = np.lexsort((where, *reversed(columns)))
        distinct = np.unique(np.stack([*columns, where], axis=1)[order], axis=0)
        return cls(distinct[:, 0], distinct[:, 1], distinct[:, 2], names.dictionary.to_pylist())


def link(
    told: pa.Table, node: Ints, marks_of: Callable[[Ints], Marks], spread: Spread = map
) -> Linked:
    """Link nodes 0, 1 … by their descriptions: `told` (columns name, country, ids, traits; the lists joined by
    U+001F) and the `node` of each. `marks_of`: what keeps the asked nodes apart (see `settle`)."""
    units = Units.of(told, node)
    common, shared = _shared_traits(told, node)
    filed = _done(spread, _keys_and_words, units.names)
    keys = _file(units, [packed for packed, _ in filed])
    pairs = np.concatenate([pairs_of(keys, units.node), _beside(units, shared)])
    links = _best_names(units, pairs, [words for _, words in filed], spread)
    sides = _Sides(told, node, common)
    weight = links["weight"].to_numpy().copy()
    a, b = links["a"].to_numpy(), links["b"].to_numpy()
    for n in np.flatnonzero(weight >= WORTH_MORE).tolist():
        weight[n] += sum(line.weight for line in trait_evidence(sides.of(a[n]), sides.of(b[n])))
    weight[_crowded(a, b, weight, sides)] = 0
    nodes = int(node.max(initial=-1)) + 1
    marks = marks_of(np.unique(np.concatenate([a, b])))
    settled = settle(nodes, a, b, weight, marks, sides.numbered_apart)
    links = links.set_column(4, LINK.field("weight"), pa.array(weight))
    links = links.append_column(LINK.field("outcome"), pa.array(settled.outcome))
    return Linked(settled.label, links.cast(LINK))


def _file(units: Units, packed: Sequence[bytes]) -> Filed:
    """Units under the keys of their names (`packed`: of each name) in their country. Those without a country
    also meet all others."""
    counts = np.array([len(keys) // 8 for keys in packed], np.int64)
    keys = np.frombuffer(b"".join(packed), np.int64)
    begins = np.concatenate([[0], np.cumsum(counts)])[units.name]
    size = counts[units.name]
    unit = np.repeat(np.arange(len(size)), size)
    offset = np.arange(len(unit)) - np.repeat(np.cumsum(size) - size, size)
    key = keys[np.repeat(begins, size) + offset]
    where = units.country[unit]
    nowhere = key[where == 0]
    everywhere = (where != 0) & np.isin(key, nowhere) if len(nowhere) else np.zeros(len(key), bool)
    return Filed.of(
        np.concatenate([key ^ (where & ~1), key[everywhere]]),
        np.concatenate([unit, unit[everywhere]]),
    )


def _done(spread: Spread, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    parts = (items[n : n + PART] for n in range(0, len(items), PART))
    return [result for part in spread(work, parts) for result in part]


def _keys_and_words(names: Sequence[str]) -> list[tuple[bytes, str]]:
    return [(np.array(name_keys(name), np.int64).tobytes(), own_words(name)) for name in names]


def _weights(pairs: Sequence[tuple[str, str, str, str]]) -> list[int]:
    """What the names of each pair weigh; with their own words, by which the clearly different are left out."""
    gone = clearly_different([(x, y) for _, _, x, y in pairs]).tolist()
    weights = iter(
        name_weights([(a, b) for (a, b, _, _), over in zip(pairs, gone, strict=True) if not over])
    )
    return [CONTRADICTION if over else next(weights) for over in gone]


def _shared_traits(told: pa.Table, node: Ints) -> tuple[frozenset[str], Ints]:
    """The traits that too many nodes share, and the pairs of nodes (n, 2) that share an account or a domain."""
    has = np.flatnonzero(flags(pc.not_equal(told["traits"], "")))
    lists = pc.split_pattern(told["traits"].take(has), "\x1f").combine_chunks()
    code = pc.list_flatten(lists).dictionary_encode()
    filed = Filed.of(
        code.indices.to_numpy().astype(np.int64),
        node[has[pc.list_parent_indices(lists).to_numpy()]],
    )
    count = np.bincount(filed.key, minlength=1)
    traits = code.dictionary
    common = (
        frozenset(traits.take(np.flatnonzero(count > MOST_SHARE)).to_pylist())
        if len(traits)
        else frozenset()
    )
    telling = flags(pc.or_(pc.starts_with(traits, "account:"), pc.starts_with(traits, "domain:")))
    kept = (
        (count[filed.key] <= MOST_SHARE) & telling[filed.key] if len(traits) else np.zeros(0, bool)
    )
    return common, pairs_of(
        Filed(filed.key[kept], filed.unit[kept]), np.arange(node.max(initial=0) + 1)
    )


def _beside(units: Units, shared: Ints) -> Ints:
    """Pairs of units of the nodes that share something: the first names of each."""
    first = np.searchsorted(units.node, shared.ravel()).reshape(-1, 2)
    known = np.isin(shared, units.node).all(axis=1) if len(shared) else np.zeros(0, bool)
    out: Ints = first[known]
    return out


def _best_names(units: Units, pairs: Ints, own: Sequence[str], spread: Spread) -> pa.Table:
    """Of each pair of nodes the pair of names that weighs most: columns a, b, name_a, name_b, weight. `own`:
    the own words of each name."""
    turned = units.node[pairs[:, 0]] > units.node[pairs[:, 1]]
    pairs = np.where(turned[:, None], pairs[:, ::-1], pairs)
    names = units.name[pairs]
    distinct, place = np.unique(np.sort(names, axis=1), axis=0, return_inverse=True)
    told = units.names
    asked = [(told[x], told[y], own[x], own[y]) for x, y in distinct.tolist()]
    weight = np.array(_done(spread, _weights, asked), np.int64)[place.ravel()]
    a, b = units.node[pairs[:, 0]], units.node[pairs[:, 1]]
    order = np.lexsort((names[:, 1], names[:, 0], -weight, b, a))
    a, b = a[order], b[order]
    best = np.ones(len(a), dtype=bool)
    best[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    rows = order[best]
    words = pa.array(units.names, pa.string())
    columns = {"a": a[best], "b": b[best]}
    columns |= {f"name_{side}": words.take(names[rows, n]) for n, side in enumerate("ab")}
    return pa.table(columns | {"weight": weight[rows]})


class _Sides:
    """What is known of the nodes, gathered for those that are asked for."""

    def __init__(self, told: pa.Table, node: Ints, common: frozenset[str]) -> None:
        self._order = np.argsort(node, kind="stable")
        self._node = node[self._order]
        self._told, self._common = told.select(["country", "ids", "traits"]), common
        self._known: dict[int, Side] = {}

    def of(self, node: int) -> Side:
        """The side of a pair that this node is."""
        found = self._known.get(node)
        if found is None:
            low, high = np.searchsorted(self._node, [node, node + 1])
            rows = self._told.take(self._order[low:high]).to_pylist()
            found = self._known[node] = side_of(rows, self._common)
        return found

    def numbered_apart(self, one: int, other: int) -> bool:
        """Whether one contributor has them under two numbers."""
        mine, yours = self.of(one).ids, self.of(other).ids
        return any(not mine[scheme] & yours[scheme] for scheme in mine.keys() & yours.keys())


def _crowded(a: Ints, b: Ints, weight: Ints, sides: _Sides) -> Ints:
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


def side_of(rows: Sequence[dict[str, Any]], common: frozenset[str] = frozenset()) -> Side:
    """A side out of its descriptions (country, ids and traits, the lists joined by U+001F)."""
    traits = {trait for row in rows for trait in row["traits"].split("\x1f") if trait}
    ids: dict[str, set[str]] = {}
    for ref in {ref for row in rows for ref in row["ids"].split("\x1f")}:
        if ref.startswith("id:"):
            ids.setdefault(ref.rpartition(":")[0], set()).add(ref)
    countries = {row["country"] for row in rows if row["country"]}
    return Side(
        min(countries) if len(countries) == 1 else None,
        sorted_traits(traits, common),
        {scheme: frozenset(refs) for scheme, refs in ids.items()},
    )
