"""Companies that share no identifier, linked by what they are called and by what relates them.

Idea: descriptions are filed under keys of their names (`keys`), those that meet are compared (`candidates`,
`weigh`), and the pairs are settled into companies (`settle`). All of it depends on the descriptions alone: not
on their order, nor on chance. The slow part, reading and comparing names, is handed to `spread`, which may do
it in several processes.

Worked example: a marketplace's "HUAQIANG ELEC SZ" with a customer number and a bank's 深圳市华强电子有限公司
with another: no number in common, one company at 14 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.joining import BY_PERSON, Marks
from tallystick.identity.linking.candidates import (
    Around,
    Filed,
    distinct_pairs,
    pairs_of,
    sizes,
)
from tallystick.identity.linking.comparing import Comparison, contradicting, to_settle
from tallystick.identity.linking.keys import EXACT
from tallystick.identity.linking.settle import ASK_FROM, settle
from tallystick.identity.linking.sides import Beside
from tallystick.identity.linking.traits import Traits, place_keys, trait_key
from tallystick.identity.linking.units import Units, in_country
from tallystick.identity.linking.words import Words, words_of
from tallystick.identity.names.bulk import Spread
from tallystick.identity.ordering import stretches

Ints = npt.NDArray[np.int64]

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
    """`label`: of each node the smallest node of its company; `links`: schema LINK, by a and b; `names`,
    `traits`: the nodes under the keys of their names, one for each name, and of their traits."""

    label: Ints
    links: pa.Table
    names: Filed
    traits: Filed


def link(
    told: pa.Table,
    node: Ints,
    marks: Marks,
    spread: Spread = map,
    around: Around | None = None,
) -> Linked:
    """Link nodes 0, 1 … by their descriptions: `told` (columns name, country, ids, traits; the lists joined by
    U+001F) and the `node` of each. `marks`: what keeps nodes apart (see `joining`)."""
    met = _Met.of(told, node, marks, spread, around)
    comparison = met.comparison(told, node, spread)
    links = comparison.compared(met.pairs)
    nodes = int(node.max(initial=-1)) + 1
    asked = comparison.beside.two, contradicting(links)
    settled = settle(nodes, to_settle(links, comparison.beside), marks, *asked)
    links = links.append_column(LINK.field("outcome"), pa.array(settled.outcome)).select(LINK.names)
    names = Filed(met.filed.key, met.units.node[met.filed.unit])
    return Linked(settled.label, links.cast(LINK), names, met.traits.filed)


def alike(
    told: pa.Table, node: Ints, fresh: Ints, marks: Marks, spread: Spread, around: Around
) -> Ints:
    """The nodes, some of `fresh` among them, that may be joined to or asked about with one of `fresh`; the rest
    as in `link`."""
    met = _Met.of(told, node, marks, spread, around)
    asked = np.isin(met.units.node[met.pairs], fresh).any(axis=1)
    links = met.comparison(told, node, spread).compared(met.pairs[asked])
    near = links.filter(pc.greater_equal(links["weight"], ASK_FROM))
    return np.unique(np.concatenate([near["a"].to_numpy(), near["b"].to_numpy()]))


@dataclass(frozen=True, slots=True)
class _Met:
    """What meets: `pairs` of units, shape (n, 2), that share a key and that no register tells apart."""

    units: Units
    words: Words
    traits: Traits
    filed: Filed
    pairs: Ints

    @classmethod
    def of(
        cls, told: pa.Table, node: Ints, marks: Marks, spread: Spread, around: Around | None
    ) -> _Met:
        """Of descriptions and the node of each."""
        units = Units.of(told, node)
        traits = Traits.of(told, node, around, spread)
        words = words_of(units.names, spread)
        raw, unit = _file(units, words)
        filed = Filed.of(in_country(raw, units.country[unit]), unit)
        pairs = distinct_pairs(
            _pairs_in_country(filed, units, around),
            _pairs_without(raw, unit, units, around),
            _beside(units, traits.pairs),
        )
        return cls(units, words, traits, filed, _not_told_apart(pairs, units.node, marks))

    def comparison(self, told: pa.Table, node: Ints, spread: Spread) -> Comparison:
        """Who compares them."""
        beside = Beside.of(told, node, self.traits)
        return Comparison(self.units, self.words, beside, spread)


def filed_under(told: pa.Table, spread: Spread = map) -> tuple[Ints, Ints, Ints]:
    """Of descriptions (columns name, country, traits) the keys of their names in any country and the country of
    each (0 where it is not known), and the keys of their traits."""
    units = Units.of(told, np.arange(len(told)))
    traits = pc.list_flatten(told["traits"]).to_pylist()
    raw, unit = _file(units, words_of(units.names, spread))
    keys = [key for trait in traits for key in (trait_key(trait), *place_keys(trait))]
    return raw, units.country[unit], np.array(keys, np.int64)


def _file(units: Units, words: Words) -> tuple[Ints, Ints]:
    """The keys of the units, and the unit of each."""
    counts = words.key_counts
    begins = (np.cumsum(counts) - counts)[units.name]
    size = counts[units.name]
    unit = np.repeat(np.arange(len(size)), size)
    return words.keys[stretches(begins, size)], unit


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


def _beside(units: Units, shared: Ints) -> Ints:
    """Pairs of units of the nodes that share something: the first names of each."""
    first = np.searchsorted(units.node, shared.ravel()).reshape(-1, 2)
    known = np.isin(shared, units.node).all(axis=1) if len(shared) else np.zeros(0, bool)
    out: Ints = first[known]
    return out


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
