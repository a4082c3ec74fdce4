"""What companies share: accounts, domains and addresses as pairs of companies, unless many share them.

Idea: a trait that one company alone has is nobody else's business and is not even read; one that many have is a
house of offices, a payment agent, a provider, and relates nobody. What is left is compared pair by pair, and
no company is ever in more than MOST_COMPANIES - 1 pairs for one trait.

Worked example: of four tenants at one address two belong to one owner, so three owners share it: each pair of
different owners is related by 400,000 / (3 - 1) = 200,000 ppm, five pairs in all.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.addresses import one_place
from tallystick.identity.ordering import flags, mapped, repeated

Ints = npt.NDArray[np.int64]

SHARED_PPM: Final = {"account": 900_000, "domain": 700_000, "address": 400_000}
"""What two companies share -> how far it relates them where nobody else shares it. None is whole: anybody can
write the account of another into a description, and what is broken must not vanish by that."""

MOST_OWNERS: Final = 8
"""What more differently owned companies share relates nobody: past that it is a house of offices, a payment
agent or a provider, and each of eight weighs no more than a seventh."""

MOST_COMPANIES: Final = 64
"""What more companies share relates nobody, whoever owns them: so pairs stay in proportion to companies."""


def shared(parties: pa.Table, merged: pa.Table, heads: tuple[Ints, Ints]) -> pa.Table:
    """One row (a, b, sort, weight_ppm, detail) for each pair of companies of different owners and each sort of
    trait that they share. `heads`: companies that have an owner, ascending, and the owner of each."""
    company, trait, texts, shown = _traits(parties, merged)
    owner = mapped(company, *heads)
    trait, company, owner = ordered_by(trait, company, owner)
    company, trait, owner = (
        values[~repeated(trait, company)] for values in (company, trait, owner)
    )
    by_owner = ordered_by(trait, owner)
    owners = np.bincount(by_owner[0][~repeated(*by_owner)], minlength=len(texts))
    companies = np.bincount(trait, minlength=len(texts))
    telling = (owners >= 2) & (owners <= MOST_OWNERS) & (companies <= MOST_COMPANIES)
    kept = telling[trait]
    company, trait, owner = company[kept], trait[kept], owner[kept]
    left, right = _pairs(trait, owner)
    sort = pc.list_element(pc.split_pattern(texts, ":", max_splits=1), 0)
    base = np.array([SHARED_PPM[name] for name in sort.to_pylist()], np.int64)
    of_pair = trait[left]
    rows = pa.table(
        {
            "a": company[left],
            "b": company[right],
            "sort": sort.take(of_pair),
            "weight_ppm": base[of_pair] // (owners[of_pair] - 1),
            "detail": shown.take(of_pair),
        }
    )
    up = "ascending"
    keys = [("a", up), ("b", up), ("sort", up), ("weight_ppm", "descending"), ("detail", up)]
    rows = rows.sort_by(keys).combine_chunks()
    sorts = rows["sort"].dictionary_encode().combine_chunks().indices.to_numpy()
    again = repeated(rows["a"].to_numpy(), rows["b"].to_numpy(), sorts)
    return rows.filter(pa.array(~again))


def _pairs(trait: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """Places of the pairs that share a trait and have different owners. Rows are sorted by trait, and no
    trait has more than MOST_COMPANIES."""
    left, right = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for apart in range(1, min(MOST_COMPANIES, len(trait))):
        place = np.flatnonzero(
            (trait[apart:] == trait[:-apart]) & (owner[apart:] != owner[:-apart])
        )
        left.append(place)
        right.append(place + apart)
    return np.concatenate(left), np.concatenate(right)


def _traits(parties: pa.Table, merged: pa.Table) -> tuple[Ints, Ints, pa.Array, pa.Array]:
    """Company and number of the trait of each trait that a description tells and another company may share;
    the traits as they are compared; and as they are shown."""
    none, words = np.zeros(0, np.int64), pa.array([], pa.string())
    if "traits" not in parties.column_names:
        return none, none, words, words
    lists = parties["traits"].combine_chunks()
    told = pc.list_flatten(lists)
    relates = np.logical_or.reduce([flags(pc.starts_with(told, f"{s}:")) for s in SHARED_PPM])
    row = pc.list_parent_indices(lists).to_numpy()[relates]
    encoded = told.filter(pa.array(relates)).dictionary_encode()
    company = mapped(parties["party"].to_numpy()[row], *_by_first(merged))
    place = encoded.indices.to_numpy().astype(np.int64)
    met = _met(_rough(encoded.dictionary)[place], company)
    company, place = company[met], place[met]
    kept = np.unique(place)
    written = encoded.dictionary.take(kept)
    compared = pa.array([_compared(text) for text in written.to_pylist()], pa.string())
    codes = compared.dictionary_encode()
    number = codes.indices.fill_null(-1).to_numpy()[np.searchsorted(kept, place)]
    known = number >= 0
    return company[known], number[known].astype(np.int64), codes.dictionary, _shown(codes, written)


def _met(group: Ints, company: Ints) -> npt.NDArray[np.bool_]:
    """The rows in whose group there is more than one company."""
    size = int(group.max(initial=-1)) + 1
    least, most = np.full(size, np.iinfo(np.int64).max), np.full(size, -1, np.int64)
    np.minimum.at(least, group, company)
    np.maximum.at(most, group, company)
    several: npt.NDArray[np.bool_] = least[group] != most[group]
    return several


def _rough(traits: pa.Array) -> Ints:
    """A group for each trait, such that traits that are the same when compared are in one. Of addresses it goes
    by the least and the most of their numbers, which takes a hundredth of the time that reading them takes."""
    group = np.arange(len(traits), dtype=np.int64)
    address = np.flatnonzero(flags(pc.starts_with(traits, "address:")))
    texts = pc.utf8_normalize(traits.take(address), form="NFKC")
    plain = flags(
        pc.equal(
            pc.count_substring_regex(texts, r"\p{Nd}"), pc.count_substring_regex(texts, "[0-9]")
        )
    )
    numbers = pc.split_pattern_regex(texts, "[^0-9]+")
    each = pc.list_flatten(numbers)
    code = pc.utf8_ltrim(each, "0").dictionary_encode().indices.to_numpy().astype(np.int64)
    row = pc.list_parent_indices(numbers).to_numpy()
    said = flags(pc.not_equal(each, ""))
    least, most = np.full(len(texts), len(code)), np.full(len(texts), -1, np.int64)
    np.minimum.at(least, row[said], code[said])
    np.maximum.at(most, row[said], code[said])
    key = np.where(plain, least * (len(code) + 1) + most + 1, -1)
    place = ~plain | (most >= 0)  # what has no number is no place, and stays in a group of its own
    group[address[place]] = len(traits) + np.unique(key[place], return_inverse=True)[1]
    return group


def _compared(trait: str) -> str | None:
    """A trait as it is compared; None for an address that names no single place."""
    sort, _, value = trait.partition(":")
    if sort != "address":
        return trait
    place = one_place(value)
    return f"address:{place}" if place else None


def _shown(codes: pa.DictionaryArray, written: pa.Array) -> pa.Array:
    """For each trait as it is compared the first, by the alphabet, of those that were written."""
    told = pa.table({"code": codes.indices, "text": written}).filter(codes.indices.is_valid())
    first = told.group_by("code", use_threads=False).aggregate([("text", "min")]).sort_by("code")
    return first["text_min"].combine_chunks()


def _by_first(merged: pa.Table) -> tuple[Ints, Ints]:
    rows = merged.sort_by("party")
    return rows["party"].to_numpy(), rows["company"].to_numpy()


def ordered_by(first: Ints, *others: Ints) -> tuple[Ints, ...]:
    """Columns of equal length in the order of the first, then the second ..."""
    order = np.lexsort((*reversed(others), first))
    return (first[order], *(values[order] for values in others))
