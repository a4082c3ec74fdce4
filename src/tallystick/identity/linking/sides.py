"""What is known of those that are compared beside their names, and what it weighs, a column at a time.

Idea: what `weigh.trait_evidence` says of two sides as lines of evidence, with its words, is said here of
millions of pairs as numbers. Two nodes have something in common where a code of the one is among those of the
other; only addresses are compared as texts, each two of them once. Before that it is known what all of it can
weigh at most: addresses with no number in common are not the same.

Worked example: two shops of a marketplace, under two of its numbers (-6 bits), with one account (+13) and an
address each, weigh at most 7 + 12.5 bits where both addresses have a 12 in them, else at most 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.addresses import LEVELS, compare_addresses
from tallystick.identity.linking.candidates import distinct
from tallystick.identity.linking.traits import Traits
from tallystick.identity.linking.weigh import (
    ADDRESS_CODES,
    MOST_ADDRESSES,
    TRAIT_WEIGHTS,
    Side,
    sorted_traits,
)
from tallystick.identity.names.bulk import Spread
from tallystick.identity.ordering import flags, repeated, stretches

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PART: Final = 20_000
"""Pairs of addresses that are compared in one go."""

FEW: Final = 40_000
"""Pairs of addresses up to which handing them out costs more than it saves."""

_ADDRESS_WEIGHTS: Final = np.array(
    [TRAIT_WEIGHTS[ADDRESS_CODES[level]] if level in ADDRESS_CODES else 0 for level in LEVELS]
)
"""By the place of a level of likeness in LEVELS."""


@dataclass(frozen=True, slots=True)
class Column:
    """Codes of nodes 0, 1 …, from 0 to `width` - 1: those of node n are `code[begin[n]:begin[n + 1]]`,
    ascending, and `keys` are node and code as one number."""

    begin: Ints
    code: Ints
    keys: Ints
    width: int

    @classmethod
    def of(cls, nodes: int, node: Ints, code: Ints) -> Column:
        """Of so many nodes; repeats count once."""
        width = int(code.max(initial=0)) + 1
        keys = distinct(node * width + code)
        node, code = np.divmod(keys, width)
        count = np.bincount(node, minlength=nodes)
        return cls(np.concatenate([np.zeros(1, np.int64), np.cumsum(count)]), code, keys, width)

    def counts(self, node: Ints) -> Ints:
        """How many codes each of some nodes has."""
        found: Ints = self.begin[node + 1] - self.begin[node]
        return found

    def each(self, node: Ints, count: Ints) -> tuple[Ints, Ints]:
        """The first so many codes of some nodes, node after node, and the place of the node of each."""
        place = np.repeat(np.arange(len(node)), count)
        return self.code[stretches(self.begin[node], count)], place

    def holds(self, node: Ints, code: Ints) -> Flags:
        """Which of some nodes has the code beside it."""
        if not len(self.keys):
            return np.zeros(len(node), dtype=bool)
        keys = node * self.width + code
        found: Flags = (
            self.keys[np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)] == keys
        )
        return found

    def both(self, a: Ints, b: Ints) -> Flags:
        """Which of the pairs of nodes have codes both."""
        found: Flags = (self.counts(a) > 0) & (self.counts(b) > 0)
        return found

    def shared(self, a: Ints, b: Ints) -> Flags:
        """Which of the pairs of nodes have a code in common."""
        rows = np.flatnonzero(self.both(a, b))
        code, place = self.each(a[rows], self.counts(a[rows]))
        found = np.zeros(len(a), dtype=bool)
        found[rows[place[self.holds(b[rows][place], code)]]] = True
        return found


@dataclass(frozen=True, slots=True)
class Beside:
    """What nodes have. `country`: the only one of each, -1 where there are several or none; `account`,
    `domain`, `day` and `year` of founding, `address` (codes of the texts `addresses`) and the numbers in those,
    `house`; `ref`, the numbers that contributors gave it, which ascend by their scheme (`scheme_of` each of
    them), and those schemes."""

    country: Ints
    account: Column
    domain: Column
    day: Column
    year: Column
    address: Column
    addresses: pa.Array
    house: Column
    ref: Column
    scheme: Column
    scheme_of: Ints

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.country)

    @classmethod
    def of(cls, told: pa.Table, node: Ints, traits: Traits) -> Beside:
        """Of descriptions (columns country, ids; ids joined by U+001F), the node of each and their traits."""
        nodes = int(node.max(initial=-1)) + 1
        account, domain = (traits.bearers(f"{sort}:")[:2] for sort in ("account", "domain"))
        *day, days = traits.bearers("founded:")
        years = pc.utf8_slice_codeunits(days, len("founded:"), len("founded:") + 4)
        *address, addresses = traits.bearers("address:")
        ref, scheme, scheme_of = _numbers(told["ids"], node)
        return cls(
            _countries(told["country"], node, nodes),
            Column.of(nodes, *account),
            Column.of(nodes, *domain),
            Column.of(nodes, *day),
            Column.of(nodes, day[0], _codes(years)[day[1]]),
            Column.of(nodes, *address),
            pc.utf8_slice_codeunits(addresses, len("address:")),
            Column.of(nodes, *traits.numbers()),
            Column.of(nodes, *ref),
            Column.of(nodes, *scheme),
            scheme_of,
        )

    def numbered_apart(self, a: Ints, b: Ints) -> Flags:
        """Which of the pairs of nodes have different numbers by one contributor."""
        found = np.zeros(len(a), dtype=bool)
        rows = np.flatnonzero(self.scheme.shared(a, b))
        code, place = self.ref.each(a[rows], self.ref.counts(a[rows]))
        if not len(code):
            return found
        scheme, other = self.scheme_of[code], b[rows][place]
        begins = np.flatnonzero(~repeated(place, scheme))
        same = np.logical_or.reduceat(self.ref.holds(other, code), begins)
        differ = begins[~same & self.scheme.holds(other[begins], scheme[begins])]
        found[rows[place[differ]]] = True
        return found

    def two(self, one: int, other: int) -> bool:
        """Whether two nodes have different numbers by one contributor."""
        return bool(self.numbered_apart(np.array([one]), np.array([other]))[0])

    def say_nothing(self, a: Ints, b: Ints) -> Flags:
        """Which of the pairs of nodes have no sort of trait both."""
        columns = (self.account, self.domain, self.day, self.address)
        found: Flags = ~np.logical_or.reduce([column.both(a, b) for column in columns])
        return found

    def most(self, a: Ints, b: Ints) -> Ints:
        """The most that it weighs beside their names, for pairs of nodes."""
        weight = sum(TRAIT_WEIGHTS[code] * said for code, said in self._said(a, b))
        found: Ints = weight + TRAIT_WEIGHTS["address"] * self.house.shared(a, b)
        return found

    def weights(self, a: Ints, b: Ints, spread: Spread) -> tuple[Ints, Ints]:
        """What it weighs for pairs of nodes, and how many lines of evidence speak for a pair."""
        weight = _ADDRESS_WEIGHTS[self._levels(a, b, spread)]
        agree = (weight > 0).astype(np.int64)
        for code, said in self._said(a, b):
            weight = weight + TRAIT_WEIGHTS[code] * said
            agree += said & (TRAIT_WEIGHTS[code] > 0)
        return weight, agree

    def share_a_key(self, a: Ints, b: Ints) -> Flags:
        """Which of the pairs of nodes share an account or a domain."""
        return self.account.shared(a, b) | self.domain.shared(a, b)

    def _said(self, a: Ints, b: Ints) -> Iterator[tuple[str, Flags]]:
        """The codes of lines of evidence but those of addresses, and of which pairs of nodes each is said."""
        mine, yours = self.country[a], self.country[b]
        yield "country", (mine >= 0) & (yours >= 0) & (mine != yours)
        for sort, column in (("account", self.account), ("domain", self.domain)):
            shared = column.shared(a, b)
            yield sort, shared
            yield f"{sort}-other", column.both(a, b) & ~shared
        founded = self.day.shared(a, b)
        yield "founded", founded
        yield "founded-other", self.day.both(a, b) & ~founded & ~self.year.shared(a, b)
        yield "two-ids", self.numbered_apart(a, b)

    def _levels(self, a: Ints, b: Ints, spread: Spread) -> Ints:
        """How alike the addresses of pairs of nodes are, as places in LEVELS; the best of several."""
        found = np.full(len(a), LEVELS.index("unknown"), np.int64)
        rows = np.flatnonzero(self.address.both(a, b))
        mine, yours = (self.address.counts(end[rows]).clip(max=MOST_ADDRESSES) for end in (a, b))
        x, place = self.address.each(a[rows], mine)
        again = yours[place]
        y, of_x = self.address.each(b[rows][place], again)
        x, place = x[of_x], place[of_x]
        codes = np.minimum(x, y) * self.address.width + np.maximum(x, y)
        asked, where = np.unique(codes, return_inverse=True)
        ends = (
            self.addresses.take(end).to_pylist() for end in np.divmod(asked, self.address.width)
        )
        level = _compared(list(zip(*ends, strict=True)), spread)[where]
        np.minimum.at(found, rows[place], level)
        return found


def _compared(pairs: Sequence[tuple[str, str]], spread: Spread) -> Ints:
    """How alike the two addresses of each pair are, as places in LEVELS."""
    parts = (pairs[n : n + PART] for n in range(0, len(pairs), PART))
    found = list((map if len(pairs) <= FEW else spread)(_compare_part, parts))
    return np.frombuffer(b"".join(found), np.uint8).astype(np.int64)


def _compare_part(pairs: Sequence[tuple[str, str]]) -> bytes:
    return bytes([LEVELS.index(compare_addresses(x, y)) for x, y in pairs])


def _codes(texts: pa.Array) -> Ints:
    found: Ints = texts.dictionary_encode().indices.to_numpy().astype(np.int64)
    return found


def _countries(told: pa.ChunkedArray, node: Ints, nodes: int) -> Ints:
    """The country of each node, as a number; -1 where its descriptions tell several or none."""
    rows = np.flatnonzero(flags(pc.fill_null(pc.not_equal(told, ""), False)))
    code = _codes(told.take(rows).combine_chunks())
    least, most = np.full(nodes, len(code), np.int64), np.full(nodes, -1, np.int64)
    np.minimum.at(least, node[rows], code)
    np.maximum.at(most, node[rows], code)
    return np.where(least == most, least, -1)


def _numbers(ids: pa.ChunkedArray, node: Ints) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints], Ints]:
    """The numbers that contributors gave to nodes, and their schemes, each as nodes and codes; and the scheme
    of each number. Codes of numbers ascend by their scheme."""
    lists = pc.split_pattern(ids, "\x1f").combine_chunks()
    refs = pc.list_flatten(lists)
    given = np.flatnonzero(flags(pc.starts_with(refs, "id:")))
    encoded = refs.take(given).dictionary_encode()
    texts = encoded.dictionary
    scheme = _codes(pc.list_element(pc.split_pattern(texts, ":", max_splits=1, reverse=True), 0))
    order = np.argsort(scheme, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    code, bearer = (
        rank[encoded.indices.to_numpy()],
        node[pc.list_parent_indices(lists).to_numpy()[given]],
    )
    return (bearer, code), (bearer, scheme[order][code]), scheme[order]


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
