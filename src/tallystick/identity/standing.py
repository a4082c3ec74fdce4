"""The companies of a book as they stand, looked up by the keys under which their firms are filed.

A book has millions of keys, of which a few descriptions more ask for thousands: nothing here goes through all
descriptions, and through the keys only to count or to take out what is concerned.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tallystick.identity.linking import Around, Filed, in_country
from tallystick.identity.ordering import among, mapped, stretches
from tallystick.identity.resolve import Companies

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Standing:
    """The companies `found`; `countries`: the numbers of all countries, and 0 for none."""

    found: Companies
    countries: Ints
    merged: tuple[Ints, Ints] = field(init=False)

    def __post_init__(self) -> None:
        merged = (self.found.merged[name].to_numpy() for name in ("party", "company"))
        object.__setattr__(self, "merged", tuple(merged))

    def company_of(self, keys: Ints) -> Ints:
        """The company of each party or identifier."""
        return mapped(keys, *self.merged)

    def members(self, companies: Ints) -> Ints:
        """The keys that mean one of some companies: its own, and those that were joined to it."""
        party, company = self.merged
        return np.concatenate([companies, party[among(company, companies)]])

    def span(self, filed: Filed, keys: Ints) -> tuple[Ints, Ints]:
        """Where the firms of each key begin, and how many there are."""
        low = np.searchsorted(filed.key, keys, "left")
        return low, np.searchsorted(filed.key, keys, "right") - low

    def under(self, filed: Filed, keys: Ints) -> Ints:
        """The firms filed under some keys, key after key."""
        low, count = self.span(filed, keys)
        return np.asarray(filed.unit[stretches(low, count)])

    def everywhere(self, keys: Ints) -> Ints:
        """Each key of a name as it is filed without a country and in each, key after key."""
        return in_country(keys[:, None], self.countries[None, :]).ravel()

    def anywhere(self, counts: Ints) -> Ints:
        """Counts under the keys of `everywhere`, added up."""
        return np.asarray(counts.reshape(-1, len(self.countries)).sum(axis=1))

    def around(self, firms: Ints, companies: Ints) -> Around:
        """What of the book is neither one of some firms nor of some companies."""
        members = np.concatenate([firms, self.members(companies)])
        names, traits = (
            _Rest(self, filed, members)
            for filed in (self.found.filed.names, self.found.filed.traits)
        )
        return Around(
            names.count,
            lambda keys: self.anywhere(names.count(self.everywhere(keys))),
            traits.count,
        )


class _Rest:
    """The firms filed under keys, without those whose keys are `members`."""

    def __init__(self, book: Standing, filed: Filed, members: Ints) -> None:
        self._book, self._filed = book, filed
        gone = among(np.asarray(filed.unit), members)
        self._gone = np.asarray(filed.key)[gone]

    def count(self, keys: Ints) -> Ints:
        """How many are filed under each key."""
        gone = np.searchsorted(self._gone, keys, "right") - np.searchsorted(
            self._gone, keys, "left"
        )
        return self._book.span(self._filed, keys)[1] - gone
