"""Every number as its register writes it: one number under several schemes joins, and a number that has another
within it by law tells that too.

Idea: the ledger keeps what was said, so a firm that one file calls `id:0184:61056416` and another
`vat:DK61056416` has two references. Where companies are made the descriptions get the references that theirs
can be read as, and what shares one is one firm, as ever. Nothing that is stored changes, and books of any age
are read so.

Worked example: a description by `id:dk.cvr:61056416` gets `reg.dk:61056416` beside it; one by `vat:DK61056416`
too, unless it names another number of that register itself: then the VAT number is that of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.evidence.identifiers import split_ref
from tallystick.evidence.registers import SAME_PREFIX, authority_of, readable, same_number, within


def read_numbers(refs: Sequence[str], country: str | None = None) -> list[str]:
    """The references of one description (`scheme:value`), followed by those that they can be read as.
    `country`: of the description; the number that a registration authority gave is only read where it is the
    authority's.

    >>> read_numbers(["vat:DK61056416", "id:shop:7"]), read_numbers(["vat:DK61056416", "reg.dk:25313763"])
    (['vat:DK61056416', 'id:shop:7', 'reg.dk:61056416'], ['vat:DK61056416', 'reg.dk:25313763'])
    >>> read_numbers(["reg.ra000407:00079760328"], "IT"), read_numbers(["reg.ra000407:00079760328"], "FR")
    (['reg.ra000407:00079760328', 'reg.it:00079760328'], ['reg.ra000407:00079760328'])
    """
    known = dict.fromkeys(refs)
    known |= dict.fromkeys(ref for one in refs if (ref := _spelt(one, country)))
    given = {ref.partition(":")[0] for ref in known}
    told = [ref for one in known for ref in _held(one) if ref.partition(":")[0] not in given]
    return list(known | dict.fromkeys(told))


@lru_cache(maxsize=200_000)
def _held(ref: str) -> tuple[str, ...]:
    """What a canonical reference has within it, and what that has."""
    found = within(ref)
    return (*found, *(further for one in found for further in within(one)))


@lru_cache(maxsize=200_000)
def _spelt(ref: str, country: str | None) -> str | None:
    """The canonical spelling of a reference, None where it has no other."""
    prefix = SAME_PREFIX.get(ref[:6])
    if prefix:
        return prefix + ref[6:]
    scheme, value = split_ref(ref)
    if scheme == "vat" or not value:
        return None
    found = same_number(scheme, value)
    if found and authority_of(scheme) and found[4:6] != (country or "").lower():
        return None
    return found


def with_numbers(parties: pa.Table) -> pa.Table:
    """Descriptions (columns ref, country, ids) with all that their `ids` can be read as."""
    lists = parties["ids"].combine_chunks()
    flat = pc.list_flatten(lists)
    marked = pc.list_parent_indices(lists).filter(pc.match_substring_regex(flat, readable()))
    rows = np.unique(marked.to_numpy())
    told = parties.select(["ids", "country"]).take(rows)
    read = {
        row: ids
        for row, had, country in zip(
            rows.tolist(), told["ids"].to_pylist(), told["country"].to_pylist(), strict=True
        )
        if len(ids := read_numbers(had, country)) > len(had)
    }
    return _replaced(parties, read) if read else parties


def _replaced(parties: pa.Table, ids: dict[int, list[str]]) -> pa.Table:
    """The table with other `ids` in some rows."""
    old = parties["ids"].combine_chunks()
    new = pa.array(list(ids.values()), old.type)
    place = np.arange(len(old))
    place[list(ids)] = len(old) + np.arange(len(new))
    both = pa.concat_arrays([old, new]).take(pa.array(place))
    return parties.set_column(
        parties.schema.get_field_index("ids"), parties.schema.field("ids"), both
    )
