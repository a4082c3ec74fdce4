"""What a company is called: one row per company out of all its descriptions, a column at a time.

The shown name is the one said together with most identifiers, then the first in the order of the alphabet;
so is the country; where none is stated, a number may tell it (see `countries`). Former and trading names come
after those that a company goes by. The reference is the strongest identifier of any description.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.countries import READABLE, country_by
from tallystick.identity.ordering import flags, ordered, repeated, scheme_rank

Ints = npt.NDArray[np.int64]

_LAST: Final = 1 << 40
"""Rank of a name that comes after all of its kind."""

COMPANY: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("ref", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("country", pa.string()),
        pa.field("ids", pa.list_(pa.string()), nullable=False),
        pa.field("names", pa.list_(pa.string()), nullable=False),
        pa.field("country_by", pa.string()),
    ]
)
"""A company: key `company`; `ref` its strongest reference; `ids` and `names` all that it is known by;
`country_by` the number that tells its country, null where a description states it or nobody knows."""


def describe_companies(rows: pa.Table, company: Ints) -> pa.Table:
    """One row per company (schema COMPANY), by company. `rows`: descriptions (ref, name, country, `ids` joined
    by U+001F, and `also`, whether the name is another one); `company`: the company of each."""
    order = np.argsort(company, kind="stable")
    told, company = (
        rows.select(["ref", "name", "country", "ids", "also"]).take(order),
        company[order],
    )
    again = repeated(company)
    keys, place = company[~again], np.cumsum(~again) - 1
    ref, name, country, ids, also = (column.combine_chunks() for column in told.columns)
    most_first = -pc.utf8_length(ids).to_numpy().astype(np.int64)
    lists = pc.split_pattern(ids, "\x1f")
    each = pc.list_flatten(lists)
    said = np.flatnonzero(flags(pc.not_equal(each, "")))
    each, of_id = each.take(said), place[pc.list_parent_indices(lists).to_numpy()[said]]
    refs = _Texts.of(place, scheme_rank(ref), ref)
    names = _Texts.of(place, most_first + flags(also) * _LAST, name)
    countries = _Texts.of(place, most_first, country)
    numbers = _Texts.of(of_id, scheme_rank(each), each)
    home, told_by = _with_told(countries.firsts(len(keys)), numbers)
    columns = {
        "company": pa.array(keys),
        "ref": refs.firsts(len(keys)),
        "name": names.firsts(len(keys)),
        "country": home,
        "ids": numbers.lists(len(keys)),
        "names": names.lists(len(keys)),
        "country_by": told_by,
    }
    return pa.table(columns, schema=COMPANY)


def _with_told(stated: pa.Array, numbers: _Texts) -> tuple[pa.Array, pa.Array]:
    """The country of each company, where none is stated that which its numbers tell; and the number that told
    it. Only numbers of companies without a country are looked at, one by one: they are few."""
    lacking = flags(pc.is_null(stated))
    rows = np.flatnonzero(lacking[numbers.place])
    text = numbers.text.take(rows)
    rows = rows[flags(pc.match_substring_regex(text, READABLE))]
    found: dict[int, list[str]] = {}
    for place, ref in zip(
        numbers.place[rows].tolist(), numbers.text.take(rows).to_pylist(), strict=True
    ):
        found.setdefault(place, []).append(ref)
    told = {place: one for place, refs in found.items() if (one := country_by(refs))}
    if not told:
        return stated, pa.nulls(len(stated), pa.string())
    place = np.full(len(stated), -1, np.int64)
    place[list(told)] = np.arange(len(told))
    at = pa.array(place, mask=place < 0)
    country, ref = (
        pa.array(column, pa.string()).take(at) for column in zip(*told.values(), strict=True)
    )
    return pc.coalesce(stated, country), ref


@dataclass(frozen=True, slots=True)
class _Texts:
    """Distinct texts of each company (its place among all companies), best first."""

    place: Ints
    text: pa.Array

    @classmethod
    def of(cls, place: Ints, rank: Ints, text: pa.Array) -> _Texts:
        """Of rows that may repeat a text or lack it; the lowest rank is best, then the alphabet decides."""
        known = np.flatnonzero(flags(pc.is_valid(text)))
        place, rank, text = place[known], rank[known], text.take(known)
        order = ordered(place, rank, text)
        return cls(place[order], text.take(order))

    def firsts(self, count: int) -> pa.Array:
        """The best text of each of so many companies, null where it has none."""
        offsets = self._offsets(count)
        return self.text.take(pa.array(offsets[:-1], mask=offsets[:-1] == offsets[1:]))

    def lists(self, count: int) -> pa.Array:
        """All texts of each of so many companies."""
        return pa.ListArray.from_arrays(pa.array(self._offsets(count), pa.int32()), self.text)

    def _offsets(self, count: int) -> Ints:
        each = np.bincount(self.place, minlength=count)
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(each)])
