"""What is compared: the names of firms in their countries, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.linking.keys import EXACT
from tallystick.identity.ordering import flags, repeated
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Units:
    """What is compared: a name of a node in a country. `node`, `name` (place in `names`) and `country` (a
    number, 0 where it is not known) by unit; `names`, and a number for the `name_key` of each."""

    node: Ints
    name: Ints
    country: Ints
    names: list[str]
    name_key: Ints

    @classmethod
    def of(cls, told: pa.Table, node: Ints) -> Units:
        """Of descriptions (columns name, name_key, country) and the node of each; those without a name are
        left out."""
        named = np.flatnonzero(flags(pc.is_valid(told["name"])))
        names = told["name"].take(named).combine_chunks().dictionary_encode()
        country = told["country"].take(named).combine_chunks().dictionary_encode()
        numbers = np.array([0, *map(country_number, country.dictionary.to_pylist())], np.int64)
        where = numbers[pc.fill_null(pc.add(country.indices, 1), 0).to_numpy()]
        sorted_names = pc.sort_indices(names.dictionary).to_numpy()
        place = np.empty(len(sorted_names), np.int64)
        place[sorted_names] = np.arange(len(place))
        of_row = place[names.indices.to_numpy()]
        key = np.empty(len(place), np.int64)
        key[of_row] = _codes(told["name_key"].take(named))
        name, node = of_row, node[named]
        order = np.lexsort((where, name, node))
        node, name, where = node[order], name[order], where[order]
        fresh = ~repeated(node, name, where)
        told_names = names.dictionary.take(sorted_names).to_pylist()
        return cls(node[fresh], name[fresh], where[fresh], told_names, key)


def _codes(texts: pa.ChunkedArray) -> Ints:
    """A number for each text, -1 where there is none."""
    codes = texts.combine_chunks().dictionary_encode().indices
    found: Ints = pc.fill_null(codes, -1).to_numpy().astype(np.int64)
    return found


def in_country(key: Ints, country: Ints) -> Ints:
    """Keys of names as they are filed in countries (numbers of `country_number`)."""
    return key ^ (country & ~EXACT)


def country_number(country: str) -> int:
    """The number of a country."""
    return hash64("country", country)
