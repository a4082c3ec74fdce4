"""Who is who with a few descriptions more: only the companies that they may concern are resolved again.

Idea: a new description can matter to the firms with which it shares an identifier, a key of its name or a
telling trait. It is compared with them, and those that it may be one with are followed, through them to those
that they are tied to, or weigh enough with to be joined. That part of the book is closed: with the rest it has
nothing but pairs that a person is asked about, which are neither followed nor decide what is, and stay as they
are. It is resolved anew, and takes the place of what it was. The outcome is that of resolving everything, which
tests/properties holds it to.

A trait that becomes too common to tell anything makes all that have it as if they were new; a key of names that
does concerns those under it that are linked at all. Where too much is concerned it declines (None).

Worked example: a new customer "Huaqiang Elec" of a bank shares keys with two firms in Shenzhen and nine others
of which it is different. One of the two is held between two others. The two, those and the new one are resolved
again; a million others are left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.difference import difference
from tallystick.identity.joining import BY_PERSON
from tallystick.identity.linking import (
    EXACT,
    JOIN_FROM,
    MOST_SHARE,
    Filed,
    Spread,
    country_number,
    filed_under,
    in_country,
    looked_into,
)
from tallystick.identity.ordering import among, taken
from tallystick.identity.resolve import Companies, Filing, firms_alike, resolve
from tallystick.identity.standing import Standing
from tallystick.identity.uncollected import uncollected
from tallystick.units import hash64

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_CONCERNED: Final = 8
"""A book grows where at most one company in so many is concerned."""

MOST_MET: Final = 4
"""Nor are the new descriptions compared with more than one company in so many."""

FEW: Final = 200
"""So many companies are always few enough."""


@uncollected
def grow(
    before: Companies, known: pa.Table, parties: pa.Table, judged: pa.Table, spread: Spread = map
) -> Companies | None:
    """The companies of `parties`, given those (`before`) of `known`, the same descriptions but for a few; None
    where all must be resolved. `judged`: what people judged, the same for both."""
    changed, fresh = difference(known, parties)
    book = Standing(before, _countries(known, parties))
    growing = _Growing(book, parties, judged, changed, spread)
    touched = growing.touched(parties.filter(pa.array(fresh)))
    if touched is None:
        return None
    own, alike = touched
    strong = before.links.filter(pc.greater_equal(before.links["weight"], JOIN_FROM))
    followed = strong["a"].to_numpy(), strong["b"].to_numpy()
    concerned = _hanging_together(book, alike, followed, *growing.ties())
    if _many(book, concerned, MOST_CONCERNED):
        return None
    around = book.around(np.zeros(0, np.int64), concerned)
    part = resolve(growing.descriptions(concerned), judged, spread, around)
    return _put_together(book, part, concerned, own)


def _many(book: Standing, companies: Ints, share: int) -> bool:
    return len(companies) > max(FEW, len(book.found.companies) // share)


@dataclass(frozen=True, slots=True)
class _Growing:
    """A book with its new descriptions; `changed`: parties that are described otherwise than before."""

    book: Standing
    parties: pa.Table
    judged: pa.Table
    changed: Ints
    spread: Spread

    def descriptions(self, companies: Ints) -> pa.Table:
        """The descriptions of some companies, and those of the parties that changed."""
        members = np.concatenate([self.book.members(companies), self.changed])
        return self.parties.filter(pa.array(among(self.parties["party"].to_numpy(), members)))

    def ties(self) -> list[tuple[Ints, Ints]]:
        """The pairs that are tied, or were not joined by a tie, by a register or a person."""
        judged = self.judged["a"].to_numpy(), self.judged["b"].to_numpy()
        return [_refusals(self.book.found.judgements), judged]

    def touched(self, fresh: pa.Table) -> tuple[Ints, Ints] | None:
        """The companies that are described anew by the descriptions `fresh`; and those with the ones that may
        become others by that, not by way of others. None where too many would have to be compared."""
        book = self.book
        ids = [hash64(ref) for ref in pc.unique(pc.list_flatten(fresh["ids"])).to_pylist()]
        new = _Keys.of(fresh, self.spread)
        _, common = _met(book, book.found.filed.traits, new.traits, new.traits, _traits_tell)
        begun = np.concatenate([self.changed, np.array(ids, np.int64), common])
        own = _hanging_together(book, np.unique(book.company_of(begun)), *self.ties())
        met, crowded = self._met(_Keys.of(self.descriptions(own), self.spread), new)
        around = np.unique(np.concatenate([own, book.company_of(met)]))
        if _many(book, around, MOST_MET):
            return None
        mine = np.concatenate([book.members(own), self.changed])
        told = self.descriptions(around)
        alike = firms_alike(
            told, self.judged, mine, met, self.spread, lambda firms: book.around(firms, own)
        )
        return own, np.unique(np.concatenate([own, *map(book.company_of, (alike, crowded))]))

    def _met(self, mine: _Keys, new: _Keys) -> tuple[Ints, Ints]:
        """The firms that descriptions with such keys meet, and those, of whom anything depends on it, that
        were told something by a key which by the `new` ones tells nothing any more."""
        book, names = self.book, self.book.found.filed.names
        beside, _ = _met(book, book.found.filed.traits, mine.traits, new.traits, _traits_tell)
        named, crowded = _met(book, names, mine.in_country(), new.in_country(), _names_tell)
        anywhere, everywhere = _met_anywhere(book, mine, new)
        links = book.found.links
        bound = np.concatenate([links["a"].to_numpy(), links["b"].to_numpy()])
        lost = np.unique(np.concatenate([crowded, everywhere]))
        return np.unique(np.concatenate([beside, named, anywhere])), bound[among(bound, lost)]


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of descriptions: those of names in any country, the country of each, and those of traits."""

    raw: Ints
    country: Ints
    traits: Ints

    @classmethod
    def of(cls, told: pa.Table, spread: Spread) -> _Keys:
        """Of descriptions."""
        return cls(*filed_under(told, spread))

    def in_country(self) -> Ints:
        """The keys of names as they are filed."""
        return in_country(self.raw, self.country)

    def exact(self) -> tuple[Ints, Ints]:
        """The keys that all telling words of a name make, and their countries."""
        kept = (self.raw & EXACT) == EXACT
        return self.raw[kept], self.country[kept]


def _countries(*tables: pa.Table) -> Ints:
    """The numbers of all countries in some descriptions, and 0 for none."""
    known = {c for table in tables for c in pc.unique(table["country"]).to_pylist() if c}
    return np.array([0, *(country_number(c) for c in sorted(known))], np.int64)


def _names_tell(keys: Ints, count: Ints) -> Flags:
    return looked_into(keys, np.maximum(count, 2))


def _traits_tell(_keys: Ints, count: Ints) -> Flags:
    told: Flags = count <= MOST_SHARE
    return told


def _met(
    book: Standing,
    filed: Filed,
    mine: Ints,
    new: Ints,
    tell: Callable[[Ints, Ints], Flags],
) -> tuple[Ints, Ints]:
    """The firms under those of the keys `mine` that tell or told something, and those under keys that tell
    nothing any more, now that some more are filed under them, once for each of the keys `new`."""
    keys = np.unique(mine)
    count = book.span(filed, keys)[1]
    before = tell(keys, count)
    lost = before & ~tell(keys, count + _times(keys, new))
    return book.under(filed, keys[before]), book.under(filed, keys[lost])


def _met_anywhere(book: Standing, mine: _Keys, new: _Keys) -> tuple[Ints, Ints]:
    """The same of descriptions that lack a country, or that meet others which lack it."""
    names = book.found.filed.names
    raw, country = mine.exact()
    keys = np.unique(raw)
    keys = keys[(book.span(names, keys)[1] > 0) | np.isin(keys, raw[country == 0])]
    count = book.anywhere(book.span(names, book.everywhere(keys))[1])
    before = _names_tell(keys, count)
    lost = before & ~_names_tell(keys, count + _times(keys, new.exact()[0]))
    met, gone = (book.under(names, book.everywhere(keys[which])) for which in (before, lost))
    return met, gone


def _times(keys: Ints, values: Ints) -> Ints:
    """How often each of the keys is among some values."""
    values = np.sort(values)
    found: Ints = np.searchsorted(values, keys, "right") - np.searchsorted(values, keys, "left")
    return found


def _hanging_together(book: Standing, companies: Ints, *pairs: tuple[Ints, Ints]) -> Ints:
    """These companies, those that are in a pair with one of them, and so on."""
    a, b = (np.concatenate([pair[n] for pair in pairs]) for n in (0, 1))
    while True:
        members = book.members(companies)
        near_a, near_b = among(a, members), among(b, members)
        further = np.concatenate([a[near_b & ~near_a], b[near_a & ~near_b]])
        if not len(further):
            return companies
        companies = np.unique(np.concatenate([companies, book.company_of(further)]))


def _refusals(judgements: pa.Table) -> tuple[Ints, Ints]:
    """The two sides of each tie that was not followed."""
    rows = judgements.filter(pc.equal(judgements["company"], 0))
    refs = rows["detail"].to_pylist()
    ends = np.array([0 if ref.startswith(BY_PERSON) else hash64(ref) for ref in refs], np.int64)
    party = rows["party"].to_numpy()
    return party, np.where(ends == 0, party, ends)


def _put_together(book: Standing, part: Companies, concerned: Ints, own: Ints) -> Companies:
    """The companies as they stand, with what was resolved again in place of what it was. `own`: those of the
    companies concerned that are described otherwise."""
    found, gone, mine = book.found, book.members(concerned), book.members(own)

    def both(table: pa.Table, more: pa.Table, name: str) -> pa.Table:
        """Both, by that column; nothing has it in common with what stays."""
        keys = table[name].to_numpy()
        stays = np.flatnonzero(~among(keys, gone))
        place = np.searchsorted(keys[stays], more[name].to_numpy())
        order = np.insert(stays, place, len(table) + np.arange(len(more)))
        return taken(pa.concat_tables([table, more.cast(table.schema)]), order)

    filed = (
        _refiled(old, new, np.setdiff1d(gone, mine), mine)
        for old, new in (
            (found.filed.names, part.filed.names),
            (found.filed.traits, part.filed.traits),
        )
    )
    return Companies(
        both(found.companies, part.companies, "company"),
        both(found.merged, part.merged, "party"),
        both(found.judgements, part.judgements, "party"),
        _linked_again(found.links, part.links, gone, mine),
        Filing(*filed),
    )


def _linked_again(links: pa.Table, more: pa.Table, gone: Ints, own: Ints) -> pa.Table:
    """The links between firms of which one at least was not resolved again (`gone`: those that were), nor is
    described otherwise (`own`), and those of what was."""
    a, b = (links[end].to_numpy() for end in "ab")
    again = among(a, gone) & among(b, gone) | among(a, own) | among(b, own)
    stays = np.flatnonzero(~again)
    a, b = a[stays], b[stays]
    mine, yours = (more[end].to_numpy() for end in "ab")
    place, after = (np.searchsorted(a, mine, side) for side in ("left", "right"))
    for n in np.flatnonzero(after > place).tolist():
        place[n] += np.searchsorted(b[place[n] : after[n]], yours[n])
    order = np.insert(stays, place, len(links) + np.arange(len(more)))
    return taken(pa.concat_tables([links, more.cast(links.schema)]), order)


def _refiled(old: Filed, new: Filed, same: Ints, own: Ints) -> Filed:
    """Firms under their keys, but for those that are described otherwise (`own`); of the new ones those that
    are described as before (`same`) are there already."""
    gone = np.flatnonzero(among(np.asarray(old.unit), own))
    more = np.flatnonzero(~among(np.asarray(new.unit), same))
    place = np.searchsorted(old.key, new.key[more])
    return Filed(
        *(
            _replaced(np.asarray(mine), gone, place, np.asarray(yours)[more])
            for mine, yours in ((old.key, new.key), (old.unit, new.unit))
        )
    )


def _replaced(values: Ints, gone: Ints, place: Ints, more: Ints) -> Ints:
    """Values without those in the places `gone`, and with some more, each before the one in its `place`; both
    ascending. Millions lie between a few thousands: they are copied stretch by stretch."""
    parts, begin = [], 0
    added = [(at, False, n) for n, at in enumerate(place.tolist())]
    for at, is_gone, n in sorted([*added, *((at, True, 0) for at in gone.tolist())]):
        parts.append(values[begin:at])
        begin = at + is_gone
        if not is_gone:
            parts.append(more[n : n + 1])
    return np.concatenate([*parts, values[begin:]])
