"""Who is who with a few descriptions more: only the companies that they may concern are resolved again.

Idea: a new description can matter to the firms with which it shares an identifier, a key of its name or a
telling trait, and through them to those that they are linked or contested with. That part of the book is
closed: nothing in it was ever weighed against the rest. It is resolved anew, and takes the place of what it
was. The outcome is that of resolving everything, which tests/properties holds it to.

A key or trait that becomes too common to tell anything concerns all that are filed under it. Where too much is
concerned it declines (None).

Worked example: a new customer "Huaqiang Elec" of a bank shares keys with two firms in Shenzhen, one of which is
held between two others. The four and the new one are resolved again; a million others are left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.joining import BY_PERSON
from tallystick.identity.linking import (
    EXACT,
    MOST_SHARE,
    Around,
    Filed,
    Spread,
    country_number,
    filed_under,
    in_country,
    looked_into,
)
from tallystick.identity.ordering import flags, mapped
from tallystick.identity.resolve import JUDGEMENT_ORDER, Companies, Filing, resolve
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_CONCERNED: Final = 20
"""A book grows where at most one company in so many is concerned."""


def grow(
    before: Companies, known: pa.Table, parties: pa.Table, judged: pa.Table, spread: Spread = map
) -> Companies | None:
    """The companies of `parties`, given those (`before`) of `known`, the same descriptions but for a few; None
    where all must be resolved. `judged`: what people judged, the same for both."""
    changed, fresh = _difference(known, parties)
    book = _Standing(before, _countries(known, parties))
    touched = _touched(book, parties.filter(pa.array(fresh)), known, changed, spread)
    concerned = _closure(book, touched, judged)
    if len(concerned) * MOST_CONCERNED > max(len(before.companies), 200 * MOST_CONCERNED):
        return None
    party = parties["party"].to_numpy()
    mine = np.isin(book.company_of(party), concerned) | np.isin(party, changed)
    names, traits = before.filed.names, before.filed.traits
    around = Around(
        lambda keys: book.rest(names, keys, concerned),
        lambda keys: book.rest_anywhere(keys, concerned),
        lambda keys: book.rest(traits, keys, concerned),
    )
    part = resolve(parties.filter(pa.array(mine)), judged, spread, around)
    return _put_together(book, part, concerned)


@dataclass(frozen=True, slots=True)
class _Standing:
    """The companies as they stand."""

    found: Companies
    countries: Ints

    def company_of(self, keys: Ints) -> Ints:
        """The company of each party or identifier."""
        return mapped(keys, *(self.found.merged[name].to_numpy() for name in ("party", "company")))

    def span(self, filed: Filed, keys: Ints) -> tuple[Ints, Ints]:
        """Where the firms of each key begin, and how many there are."""
        low = np.searchsorted(filed.key, keys, "left")
        return low, np.searchsorted(filed.key, keys, "right") - low

    def under(self, filed: Filed, keys: Ints) -> tuple[Ints, Ints]:
        """How many firms are filed under each key, and the firms, key after key."""
        low, count = self.span(filed, keys)
        start = np.repeat(low - np.cumsum(count) + count, count)
        return count, np.asarray(filed.unit[start + np.arange(len(start))])

    def rest(self, filed: Filed, keys: Ints, concerned: Ints) -> Ints:
        """How many firms that are not concerned are filed under each of some keys."""
        distinct, place = np.unique(keys, return_inverse=True)
        counts, firms = self.under(filed, distinct)
        other = ~np.isin(self.company_of(firms), concerned)
        of_key = np.repeat(np.arange(len(distinct)), counts)
        return np.bincount(of_key[other], minlength=len(distinct))[place]

    def rest_anywhere(self, keys: Ints, concerned: Ints) -> Ints:
        """The same for keys of names in all countries together, and without one."""
        rest = self.rest(self.found.filed.names, self.everywhere(keys), concerned)
        return np.asarray(rest.reshape(len(keys), len(self.countries)).sum(axis=1))

    def under_anywhere(self, keys: Ints) -> Ints:
        """How many are filed under each key of a name in all countries together, and without one."""
        count = self.span(self.found.filed.names, self.everywhere(keys))[1]
        return np.asarray(count.reshape(len(keys), len(self.countries)).sum(axis=1))

    def everywhere(self, keys: Ints) -> Ints:
        """Each key of a name as it is filed without a country and in each, key after key."""
        return in_country(keys[:, None], self.countries[None, :]).ravel()


def _countries(*tables: pa.Table) -> Ints:
    """The numbers of all countries in some descriptions, and 0 for none."""
    known = {c for table in tables for c in pc.unique(table["country"]).to_pylist() if c}
    return np.array([0, *(country_number(c) for c in sorted(known))], np.int64)


def _difference(known: pa.Table, parties: pa.Table) -> tuple[Ints, Flags]:
    """Parties that are described otherwise than before, and which descriptions are new."""
    old, new = _as_text(known), _as_text(parties)
    fresh = ~flags(pc.is_in(new, value_set=old))
    gone = ~flags(pc.is_in(old, value_set=new))
    ends = (parties["party"].to_numpy()[fresh], known["party"].to_numpy()[gone])
    return np.unique(np.concatenate(ends)), fresh


def _as_text(parties: pa.Table) -> pa.Array:
    lists = [pc.binary_join(parties[name], "\x1e") for name in ("ids", "traits")]
    columns = [parties["ref"], parties["name"], parties["country"], *lists]
    joined = pc.binary_join_element_wise(*columns, "\x1f", null_handling="replace")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _touched(
    book: _Standing, fresh: pa.Table, known: pa.Table, changed: Ints, spread: Spread
) -> Ints:
    """The companies that the new descriptions meet, or that what tells anything of them changes for."""
    ids = [hash64(ref) for ref in pc.unique(pc.list_flatten(fresh["ids"])).to_pylist()]
    raw, country, traits = filed_under(fresh, spread)
    by_trait, crowded = _met(book, book.found.filed.traits, traits, _traits_tell)
    nodes = [changed, np.array(ids, np.int64), by_trait, *_by_names(book, raw, country)]
    if len(crowded):  # what they share counts no more, neither for them nor against
        mine = np.isin(book.company_of(known["party"].to_numpy()), book.company_of(crowded))
        again = filed_under(known.filter(pa.array(mine)), spread)
        nodes += [crowded, *_by_names(book, again[0], again[1], False)]
    return np.unique(book.company_of(np.concatenate(nodes)))


def _by_names(book: _Standing, raw: Ints, country: Ints, fresh: bool = True) -> list[Ints]:
    """The firms that descriptions with such keys of names meet; `fresh`: whether they are not filed yet."""
    names = book.found.filed.names
    exact = (raw & EXACT) == EXACT
    met = _met(book, names, in_country(raw, country), _names_tell, fresh)
    return [*met, _met_anywhere(book, raw[exact], country[exact])]


def _met(
    book: _Standing,
    filed: Filed,
    keys: Ints,
    tell: Callable[[Ints, Ints], Flags],
    fresh: bool = True,
) -> tuple[Ints, Ints]:
    """The firms under keys that tell something, and those under keys that tell nothing any more, now that some
    more are filed under them."""
    distinct, more = np.unique(keys, return_counts=True)
    count, firms = book.under(filed, distinct)
    told = tell(distinct, count + more * fresh)
    crowded = tell(distinct, count) & ~told
    return firms[np.repeat(told, count)], firms[np.repeat(crowded, count)]


def _met_anywhere(book: _Standing, raw: Ints, country: Ints) -> Ints:
    """The firms met by descriptions that lack a country, or that meet others which lack it."""
    names = book.found.filed.names
    distinct = np.unique(raw)
    asked = (book.span(names, distinct)[1] > 0) | np.isin(distinct, raw[country == 0])
    distinct = distinct[asked]
    told = _names_tell(distinct, book.under_anywhere(distinct))
    return book.under(names, book.everywhere(distinct[told]))[1]


def _names_tell(keys: Ints, count: Ints) -> Flags:
    return looked_into(keys, np.maximum(count, 2))


def _traits_tell(_keys: Ints, count: Ints) -> Flags:
    told: Flags = count <= MOST_SHARE
    return told


def _closure(book: _Standing, touched: Ints, judged: pa.Table) -> Ints:
    """The companies that these were ever weighed against, and so on."""
    links, refused = book.found.links, _refusals(book.found.judgements)
    a = [links["a"].to_numpy(), refused[0], judged["a"].to_numpy()]
    b = [links["b"].to_numpy(), refused[1], judged["b"].to_numpy()]
    left, right = (book.company_of(np.concatenate(side)) for side in (a, b))
    apart = left != right
    left, right = left[apart], right[apart]
    found = touched
    while True:
        met = np.isin(left, found) != np.isin(right, found)
        if not met.any():
            return found
        found = np.unique(np.concatenate([found, left[met], right[met]]))


def _refusals(judgements: pa.Table) -> tuple[Ints, Ints]:
    """The two sides of each tie that was not followed."""
    rows = judgements.filter(pc.equal(judgements["company"], 0))
    refs = rows["detail"].to_pylist()
    ends = np.array([0 if ref.startswith(BY_PERSON) else hash64(ref) for ref in refs], np.int64)
    party = rows["party"].to_numpy()
    return party, np.where(ends == 0, party, ends)


def _put_together(book: _Standing, part: Companies, concerned: Ints) -> Companies:
    """The companies as they stand, with what was resolved again in place of what it was."""

    def kept(table: pa.Table, name: str) -> pa.Table:
        mine = np.isin(book.company_of(table[name].to_numpy()), concerned)
        return table.filter(pa.array(~mine))

    def both(table: pa.Table, more: pa.Table, name: str, *keys: str) -> pa.Table:
        joined = pa.concat_tables([kept(table, name), more.cast(table.schema)])
        return joined.sort_by([(key, "ascending") for key in keys]).combine_chunks()

    found = book.found
    filed = (
        _refiled(book, old, new, concerned)
        for old, new in (
            (found.filed.names, part.filed.names),
            (found.filed.traits, part.filed.traits),
        )
    )
    return Companies(
        both(found.companies, part.companies, "company", "company"),
        both(found.merged, part.merged, "party", "party"),
        both(found.judgements, part.judgements, "party", *JUDGEMENT_ORDER),
        both(found.links, part.links, "a", "a", "b"),
        Filing(*filed),
    )


def _refiled(book: _Standing, old: Filed, new: Filed, concerned: Ints) -> Filed:
    stays = ~np.isin(book.company_of(np.asarray(old.unit)), concerned)
    key, unit = old.key[stays], old.unit[stays]
    place = np.searchsorted(key, new.key)
    return Filed(np.insert(key, place, new.key), np.insert(unit, place, new.unit))
