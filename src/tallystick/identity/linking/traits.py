"""What descriptions tell beside a name, as numbers: accounts, domains, days of founding, addresses, places.

Idea: few distinct texts are told by many descriptions, so each text is read once, by whoever `spread` hands it
to, and all else goes by its number. Nodes that share an account, a domain or a place are compared whatever they
are called; what too many share tells nothing.

>>> traits = Traits.of(pa.table({"traits": ["account:1f", "", "account:1f\\x1fdomain:2e"]}), np.arange(3))
>>> traits.pairs.tolist(), traits.bearers("account:")[0].tolist()
([[0, 2]], [0, 2])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.addresses import one_place, read_address
from tallystick.identity.linking.candidates import Around, Filed, pairs_of, sizes
from tallystick.identity.linking.keys import EXACT
from tallystick.identity.linking.weigh import MOST_SHARE
from tallystick.identity.names.bulk import Spread
from tallystick.identity.ordering import flags, stretches
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ENOUGH_DIGITS: Final = 7
"""Digits of a house number and a postcode together from which on the two tell a place."""

PART: Final = 20_000
"""Texts that are read in one go."""

FEW: Final = 50_000
"""Texts up to which handing them out costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Traits:
    """`filed`: nodes by the keys of their traits and of the places where they are; `pairs`: of nodes, shape
    (n, 2), that share an account, a domain or a place, but for those that too many share. `node`, `text`: which
    nodes tell which of the `texts`, in which no trait is that too many share; `number`, `of_number`: numbers in
    addresses, as codes, and the text that has each."""

    filed: Filed
    pairs: Ints
    node: Ints
    text: Ints
    texts: pa.Array
    number: Ints
    of_number: Ints

    @classmethod
    def of(
        cls, told: pa.Table, node: Ints, around: Around | None = None, spread: Spread = map
    ) -> Traits:
        """Of descriptions (column traits; lists joined by U+001F) and the node of each."""
        has = np.flatnonzero(flags(pc.not_equal(told["traits"], "")))
        lists = pc.split_pattern(told["traits"].take(has), "\x1f").combine_chunks()
        code = pc.list_flatten(lists).dictionary_encode()
        texts, of_text = code.dictionary, code.indices.to_numpy()
        bearer = node[has[pc.list_parent_indices(lists).to_numpy()]]
        read = _read(texts.to_pylist(), spread)
        there, at = _bearing(of_text, read.of_place)
        filed = Filed.of(
            np.concatenate([read.keys[of_text], read.places[at]]),
            np.concatenate([bearer, bearer[there]]),
        )
        count = sizes(filed.key) + (around.traits(filed.key) if around else 0)
        common = np.isin(read.keys, filed.key[count > MOST_SHARE])
        telling = flags(pc.starts_with(texts, "account:")) | flags(pc.starts_with(texts, "domain:"))
        asked = np.concatenate([read.keys[telling], read.places])
        kept = np.isin(filed.key, asked) & (count <= MOST_SHARE)
        part = Filed(filed.key[kept], filed.unit[kept])
        pairs = pairs_of(part, np.arange(node.max(initial=0) + 1), count[kept])
        tells = ~common[of_text]
        number = np.unique(read.numbers, return_inverse=True)[1]
        return cls(filed, pairs, bearer[tells], of_text[tells], texts, number, read.of_number)

    def bearers(self, sort: str) -> tuple[Ints, Ints, pa.Array]:
        """Of the traits that begin so: who tells one, the code of each, and the texts by their codes, which are
        ascending."""
        places = np.flatnonzero(flags(pc.starts_with(self.texts, sort)))
        texts = self.texts.take(places)
        order = pc.sort_indices(texts).to_numpy()
        rank = np.full(len(self.texts), -1, np.int64)
        rank[places[order]] = np.arange(len(order))
        code = rank[self.text]
        mine = code >= 0
        return self.node[mine], code[mine], texts.take(order)

    def numbers(self) -> tuple[Ints, Ints]:
        """Who tells an address with a number in it, and the number's code."""
        there, at = _bearing(self.text, self.of_number)
        return self.node[there], self.number[at]


def _bearing(of_text: Ints, asked: Ints) -> tuple[Ints, Ints]:
    """The rows (places in `of_text`) that tell one of the texts `asked`, and the place of it there."""
    by_text = np.argsort(of_text, kind="stable")
    begin, end = (np.searchsorted(of_text[by_text], asked, side) for side in ("left", "right"))
    count = end - begin
    return by_text[stretches(begin, count)], np.repeat(np.arange(len(asked)), count)


class _Read(NamedTuple):
    """Texts of traits as they were read: the key of each; keys of places, and numbers, in addresses, each with
    the text (its place) that has it."""

    keys: Ints
    places: Ints
    of_place: Ints
    numbers: Ints
    of_number: Ints


def _read(texts: Sequence[str], spread: Spread) -> _Read:
    parts = (texts[n : n + PART] for n in range(0, len(texts), PART))
    read: list[_Read] = list((map if len(texts) <= FEW else spread)(_read_part, parts))
    for n, part in enumerate(read):
        read[n] = part._replace(
            of_place=part.of_place + n * PART, of_number=part.of_number + n * PART
        )
    none = np.zeros(0, np.int64)
    columns = zip(*read, strict=True) if read else ([none],) * len(_Read._fields)
    return _Read(*map(np.concatenate, columns))


def _read_part(texts: Sequence[str]) -> _Read:
    keys = [trait_key(text) for text in texts]
    places = [(key, n) for n, text in enumerate(texts) for key in place_keys(text)]
    numbers = [(number, n) for n, text in enumerate(texts) for number in _numbers(text)]
    columns = [np.array(pairs, np.int64).reshape(-1, 2).T for pairs in (places, numbers)]
    return _Read(np.array(keys, np.int64), *columns[0], *columns[1])


def _numbers(trait: str) -> list[int]:
    """The numbers in an address; of a long one its last digits."""
    sort, _, text = trait.partition(":")
    if sort != "address":
        return []
    return [int(number[-_DIGITS:]) for number in read_address(text).numbers]


_DIGITS: Final = 18


@lru_cache(maxsize=100_000)
def place_keys(trait: str) -> tuple[int, ...]:
    """Under which keys an address is filed: its numbers and words, however they are ordered and spelled, and,
    as scripts share no words, its numbers alone where they say enough.

    >>> one, other = "address:12 Keyuan Road, Shenzhen 518057", "address:深圳市南山区科苑路12号 518057"
    >>> len(set(place_keys(one)) & set(place_keys(other))), place_keys("address:Shenzhen")
    (1, ())
    """
    sort, _, text = trait.partition(":")
    place = one_place(text) if sort == "address" else None
    if place is None:
        return ()
    numbers = [word for word in place.split(" ") if word.isdigit()]
    keys = [hash64("place", place) & ~EXACT]
    if len(numbers) > 1 and sum(map(len, numbers)) >= ENOUGH_DIGITS:
        keys.append(hash64("numbers", " ".join(numbers)) & ~EXACT)
    return tuple(keys)


@lru_cache(maxsize=100_000)
def trait_key(trait: str) -> int:
    """The key under which a trait is filed."""
    return hash64("trait", trait) & ~EXACT
