"""Companies that share no identifier, linked by what they are called and by what relates them.

Idea: descriptions are filed under keys of their names (`keys`), those that meet are compared (`candidates`,
`weigh`), and the pairs are settled into companies (`settle`). All of it depends on the descriptions alone: not
on their order, nor on chance. The slow part, reading and comparing names, is handed to `spread`, which may do
it in several processes.

Worked example: a marketplace's "HUAQIANG ELEC SZ" with a customer number and a bank's 深圳市华强电子有限公司
with another: no number in common, one company at 14 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.joining import BY_PERSON, Marks
from tallystick.identity.linking.candidates import Filed, distinct_pairs, pairs_of, sizes
from tallystick.identity.linking.keys import EXACT, name_keys
from tallystick.identity.linking.screen import CONTRADICTION, clearly_different, own_words
from tallystick.identity.linking.settle import APART_BELOW, JOIN_FROM, Compared, settle
from tallystick.identity.linking.weigh import (
    MOST_SHARE,
    Side,
    name_weights,
    sorted_traits,
    trait_evidence,
)
from tallystick.identity.names.bulk import Spread
from tallystick.identity.ordering import flags, repeated
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]

PART: Final = 20_000
"""Names, and pairs of them, that are worked on in one go."""

OPPOSED: Final = -2000
"""Thousandths of a bit that speak against two, beside their names, from which on they are opposed."""

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
class Around:
    """The rest of a book, where a part of it is linked anew: how many are filed there under each of some
    keys of names (in one country, and in any), and under those of traits."""

    names: Callable[[Ints], Ints]
    anywhere: Callable[[Ints], Ints]
    traits: Callable[[Ints], Ints]


@dataclass(frozen=True, slots=True)
class Linked:
    """`label`: of each node the smallest node of its company; `links`: schema LINK, by a and b; `names`,
    `traits`: the nodes under the keys of their names, one for each name, and of their traits."""

    label: Ints
    links: pa.Table
    names: Filed
    traits: Filed


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
        numbers = np.array([0, *map(country_number, country.dictionary.to_pylist())], np.int64)
        where = numbers[pc.fill_null(pc.add(country.indices, 1), 0).to_numpy()]
        sorted_names = pc.sort_indices(names.dictionary).to_numpy()
        place = np.empty(len(sorted_names), np.int64)
        place[sorted_names] = np.arange(len(place))
        name, node = place[names.indices.to_numpy()], node[named]
        order = np.lexsort((where, name, node))
        node, name, where = node[order], name[order], where[order]
        fresh = ~repeated(node, name, where)
        told_names = names.dictionary.take(sorted_names).to_pylist()
        return cls(node[fresh], name[fresh], where[fresh], told_names)


def link(
    told: pa.Table,
    node: Ints,
    marks: Marks,
    spread: Spread = map,
    around: Around | None = None,
) -> Linked:
    """Link nodes 0, 1 … by their descriptions: `told` (columns name, country, ids, traits; the lists joined by
    U+001F) and the `node` of each. `marks`: what keeps nodes apart (see `joining`)."""
    units = Units.of(told, node)
    traits = _Traits.of(told, node, around)
    read = _done(spread, _keys_and_words, units.names)
    raw, unit = _file(units, [packed for packed, _ in read])
    filed = Filed.of(in_country(raw, units.country[unit]), unit)
    pairs = distinct_pairs(
        _pairs_in_country(filed, units, around),
        _pairs_without(raw, unit, units, around),
        _beside(units, traits.pairs),
    )
    pairs = _not_told_apart(pairs, units.node, marks)
    links = _best_names(units, pairs, [words for _, words in read], spread)
    sides = _Sides(told, node, traits.common)
    a, b, names = (links[name].to_numpy() for name in ("a", "b", "weight"))
    beside = np.zeros(len(links), np.int64)
    for n in np.flatnonzero(names >= WORTH_MORE).tolist():
        beside[n] = sum(line.weight for line in trait_evidence(sides.of(a[n]), sides.of(b[n])))
    weight = names + beside
    compared = Compared(
        a,
        b,
        weight,
        opposed=(names < APART_BELOW) | (beside <= OPPOSED),
        crowded=_crowded(a, b, weight, sides),
    )
    nodes = int(node.max(initial=-1)) + 1
    settled = settle(nodes, compared, marks, sides.numbered_apart)
    links = links.set_column(4, LINK.field("weight"), pa.array(weight))
    links = links.append_column(LINK.field("outcome"), pa.array(settled.outcome)).cast(LINK)
    return Linked(settled.label, links, Filed(filed.key, units.node[filed.unit]), traits.filed)


def filed_under(told: pa.Table, spread: Spread = map) -> tuple[Ints, Ints, Ints]:
    """Of descriptions (columns name, country, traits) the keys of their names in any country and the country of
    each (0 where it is not known), and the keys of their traits."""
    units = Units.of(told, np.arange(len(told)))
    read = _done(spread, _keys_and_words, units.names)
    traits = pc.list_flatten(told["traits"]).to_pylist()
    raw, unit = _file(units, [packed for packed, _ in read])
    return raw, units.country[unit], np.array([trait_key(trait) for trait in traits], np.int64)


def in_country(key: Ints, country: Ints) -> Ints:
    """Keys of names as they are filed in countries (numbers of `country_number`)."""
    return key ^ (country & ~EXACT)


def country_number(country: str) -> int:
    """The number of a country."""
    return hash64("country", country)


def _file(units: Units, packed: Sequence[bytes]) -> tuple[Ints, Ints]:
    """The keys of the units, and the unit of each. `packed`: the keys of each name."""
    counts = np.array([len(keys) // 8 for keys in packed], np.int64)
    keys = np.frombuffer(b"".join(packed), np.int64)
    begins = np.concatenate([[0], np.cumsum(counts)])[units.name]
    size = counts[units.name]
    unit = np.repeat(np.arange(len(size)), size)
    offset = np.arange(len(unit)) - np.repeat(np.cumsum(size) - size, size)
    return keys[np.repeat(begins, size) + offset], unit


def _pairs_in_country(filed: Filed, units: Units, around: Around | None) -> Ints:
    count = sizes(filed.key) + (around.names(filed.key) if around else 0)
    return pairs_of(filed, units.node, count)


def _pairs_without(raw: Ints, unit: Ints, units: Units, around: Around | None) -> Ints:
    """The pairs of which one at least has no country: those meet units of all countries, but only those that
    have all telling words in common, since there are so many."""
    exact = (raw & EXACT) == EXACT
    placeless = (units.country[unit] == 0) & exact
    asked = np.isin(raw, raw[placeless])
    filed = Filed.of(raw[asked], unit[asked])
    count = sizes(filed.key) + (around.anywhere(filed.key) if around else 0)
    pairs = pairs_of(filed, units.node, count)
    out: Ints = pairs[(units.country[pairs] == 0).any(axis=1)]
    return out


def _done(spread: Spread, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    parts = (items[n : n + PART] for n in range(0, len(items), PART))
    return [result for part in spread(work, parts) for result in part]


def _keys_and_words(names: Sequence[str]) -> list[tuple[bytes, str]]:
    return [(np.array(name_keys(name), np.int64).tobytes(), own_words(name)) for name in names]


def _weights(pairs: Sequence[tuple[str, str, str, str]]) -> list[int]:
    """What the names of each pair weigh; with their own words, by which those clearly different go."""
    gone = clearly_different([(x, y) for _, _, x, y in pairs]).tolist()
    weights = iter(
        name_weights([(a, b) for (a, b, _, _), over in zip(pairs, gone, strict=True) if not over])
    )
    return [CONTRADICTION if over else next(weights) for over in gone]


@dataclass(frozen=True, slots=True)
class _Traits:
    """`filed`: nodes by the keys of their traits; `common`: the traits that too many share; `pairs`: of nodes,
    shape (n, 2), that share an account or a domain which is none of those."""

    filed: Filed
    common: frozenset[str]
    pairs: Ints

    @classmethod
    def of(cls, told: pa.Table, node: Ints, around: Around | None) -> _Traits:
        """Of descriptions and the node of each."""
        has = np.flatnonzero(flags(pc.not_equal(told["traits"], "")))
        lists = pc.split_pattern(told["traits"].take(has), "\x1f").combine_chunks()
        code = pc.list_flatten(lists).dictionary_encode()
        texts, of_text = code.dictionary, code.indices.to_numpy()
        keys = np.array([trait_key(text) for text in texts.to_pylist()], np.int64)
        filed = Filed.of(keys[of_text], node[has[pc.list_parent_indices(lists).to_numpy()]])
        count = sizes(filed.key) + (around.traits(filed.key) if around else 0)
        many = np.isin(keys, filed.key[count > MOST_SHARE])
        common = frozenset(texts.filter(pa.array(many)).to_pylist())
        telling = [text.startswith(("account:", "domain:")) for text in texts.to_pylist()]
        kept = np.isin(filed.key, keys[np.array(telling, bool) & ~many])
        part = Filed(filed.key[kept], filed.unit[kept])
        return cls(filed, common, pairs_of(part, np.arange(node.max(initial=0) + 1), count[kept]))


@lru_cache(maxsize=100_000)
def trait_key(trait: str) -> int:
    """The key under which a trait is filed."""
    return hash64("trait", trait) & ~EXACT


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
    weight = _name_weights(units.names, names, own, spread)
    a, b = units.node[pairs[:, 0]], units.node[pairs[:, 1]]
    order = np.lexsort((names[:, 1], names[:, 0], -weight, b, a))
    a, b = a[order], b[order]
    best = ~repeated(a, b)
    rows = order[best]
    words = pa.array(units.names, pa.string())
    columns = {"a": a[best], "b": b[best]}
    columns |= {f"name_{side}": words.take(names[rows, n]) for n, side in enumerate("ab")}
    return pa.table(columns | {"weight": weight[rows]})


def _not_told_apart(pairs: Ints, node: Ints, marks: Marks) -> Ints:
    """The pairs of units whose nodes have no different numbers of one register: what a register tells apart
    need not be compared, whatever it is called. Judgements are many and concern few; `settle` heeds them."""
    of_register: dict[str, dict[str, list[int]]] = {}
    for mine, told in marks.items():
        for kind, mark in told.items():
            if not kind.startswith(BY_PERSON):
                of_register.setdefault(kind, {}).setdefault(mark, []).append(mine)
    ends = node[pairs]
    keep = np.ones(len(pairs), dtype=bool)
    code = np.zeros(max([int(node.max(initial=-1)), *marks]) + 1, np.int32)
    for bearers in of_register.values():
        code[:] = 0
        for number, nodes in enumerate(bearers.values(), start=1):
            code[nodes] = number
        a, b = code[ends[:, 0]], code[ends[:, 1]]
        keep &= (a == b) | (a == 0) | (b == 0)
    found: Ints = pairs[keep]
    return found


def _name_weights(told: Sequence[str], names: Ints, own: Sequence[str], spread: Spread) -> Ints:
    """What pairs of names weigh (`names`: places in `told`, shape (n, 2)). Each is compared once, and those
    of the same first words one after the other: whoever compares names remembers what it has read."""
    by_words = np.array(sorted(range(len(own)), key=own.__getitem__), np.int64)
    rank = np.empty(len(own), np.int64)
    rank[by_words] = np.arange(len(own))
    low, high = rank[names].min(axis=1), rank[names].max(axis=1)
    distinct, place = np.unique(low * max(1, len(own)) + high, return_inverse=True)
    ends = (by_words[end].tolist() for end in np.divmod(distinct, max(1, len(own))))
    asked = [(told[x], told[y], own[x], own[y]) for x, y in zip(*ends, strict=True)]
    return np.array(_done(spread, _weights, asked), np.int64)[place]


class _Sides:
    """What is known of the nodes, gathered for those that are asked for."""

    def __init__(self, told: pa.Table, node: Ints, common: frozenset[str]) -> None:
        order = np.argsort(node, kind="stable")
        self._begin = np.searchsorted(node[order], np.arange(node.max(initial=-1) + 2)).tolist()
        rows = told.select(["country", "ids", "traits"]).take(order)
        self._rows = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
        self._common = common
        self._known: dict[int, Side] = {}

    def of(self, node: int) -> Side:
        """The side of a pair that this node is."""
        found = self._known.get(node)
        if found is None:
            rows = self._rows[self._begin[node] : self._begin[node + 1]]
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
