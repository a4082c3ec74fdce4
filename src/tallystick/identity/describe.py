"""What a company is called: one row per company out of all its descriptions, a column at a time.

The shown name is the one said together with most identifiers, then the first in the order of the alphabet;
so is the country. The reference is the strongest identifier of any description.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.evidence.identifiers import STRENGTH

Ints = npt.NDArray[np.int64]

COMPANY: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("ref", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("country", pa.string()),
        pa.field("ids", pa.list_(pa.string()), nullable=False),
        pa.field("names", pa.list_(pa.string()), nullable=False),
    ]
)
"""A company: key `company`; `ref` its strongest reference; `ids` and `names` all that it is known by."""


def describe_companies(rows: pa.Table, company: Ints) -> pa.Table:
    """One row per company (schema COMPANY), by company. `rows`: descriptions (ref, name, country, and `ids`
    joined by U+001F); `company`: the company of each."""
    keys = np.unique(company)
    told = rows.append_column("company", pa.array(company))
    told = told.append_column("weight", pc.utf8_length(told["ids"]))
    lists = pc.split_pattern(told["ids"], "\x1f").combine_chunks()
    ids = pa.table(
        {
            "company": pa.array(company[pc.list_parent_indices(lists).to_numpy()]),
            "text": pc.list_flatten(lists),
        }
    )
    ids = _ranked(ids.filter(pc.greater(pc.utf8_length(ids["text"]), 0)))
    refs = _ranked(told.select(["company", "ref"]).rename_columns(["company", "text"]))
    names = _weighed(told, "name")
    return pa.table(
        {
            "company": pa.array(keys),
            "ref": _firsts(keys, refs),
            "name": _firsts(keys, names),
            "country": _firsts(keys, _weighed(told, "country")),
            "ids": _lists(keys, ids),
            "names": _lists(keys, names),
        },
        schema=COMPANY,
    )


def _ranked(table: pa.Table) -> pa.Table:
    """Distinct (company, text), the strongest scheme first."""
    distinct = table.group_by(["company", "text"], use_threads=False).aggregate([])
    rank = np.full(len(distinct), len(STRENGTH), np.int64)
    for n, scheme in reversed(list(enumerate(STRENGTH))):
        hit = pc.match_substring_regex(distinct["text"], f"^{scheme.replace('.', '[.]')}[:.]")
        rank[np.asarray(hit)] = n
    distinct = distinct.append_column("rank", pa.array(rank))
    return distinct.sort_by(
        [("company", "ascending"), ("rank", "ascending"), ("text", "ascending")]
    )


def _weighed(told: pa.Table, name: str) -> pa.Table:
    """Distinct (company, text) of a column, said with most identifiers first."""
    known = told.filter(pc.is_valid(told[name])).select(["company", name, "weight"])
    distinct = known.group_by(["company", name], use_threads=False).aggregate([("weight", "max")])
    distinct = distinct.rename_columns(["company", "text", "weight"])
    return distinct.sort_by(
        [("company", "ascending"), ("weight", "descending"), ("text", "ascending")]
    )


def _offsets(keys: Ints, table: pa.Table) -> tuple[Ints, Ints]:
    company = table["company"].to_numpy()
    return np.searchsorted(company, keys), np.searchsorted(company, keys, side="right")


def _firsts(keys: Ints, table: pa.Table) -> pa.Array:
    begin, end = _offsets(keys, table)
    place = pa.array(begin, mask=begin == end)
    return table["text"].combine_chunks().take(place)


def _lists(keys: Ints, table: pa.Table) -> pa.Array:
    begin, end = _offsets(keys, table)
    offsets = np.concatenate([begin, end[-1:] if len(end) else np.zeros(1, np.int64)])
    return pa.ListArray.from_arrays(
        pa.array(offsets.astype(np.int32)), table["text"].combine_chunks()
    )
