"""The firms of a cut: what of a company shares identifiers, gathered for the companies that are asked for.

A cut keeps companies and the compared pairs of firms, not the firms themselves. They are made anew from the
descriptions of a company: within it, what shares an identifier is one firm.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.evidence.details import by_another_name
from tallystick.evidence.identifiers import strength
from tallystick.identity.linking.sides import side_of
from tallystick.identity.linking.weigh import MOST_SHARE
from tallystick.identity.why import Firm
from tallystick.units import hash64

Row = dict[str, Any]


class Firms:
    """The firms of some companies."""

    def __init__(self, cut: Cut, companies: Iterable[int]) -> None:
        self._cut = cut
        keys = pa.array(sorted(set(companies)), pa.int64())
        merged = cut.rows("merged", "company", keys)
        self._company = {key: key for key in keys.to_pylist()}
        pairs = zip(merged["party"].to_pylist(), merged["company"].to_pylist(), strict=True)
        self._company |= dict(pairs)
        members = pa.array(sorted(self._company), pa.int64())
        self._rows: list[Row] = cut.rows("parties", "party", members).to_pylist()
        self._rows.sort(key=_order)
        same = cut.read("judged")
        same = same.filter(pc.equal(same["verdict"], "same")).to_pylist()
        self._judged = [row for row in same if row["a"] in self._company]
        self._ties = self._tied()
        self._top = self._components()
        self._key = self._keys()
        self._of: dict[int, list[Row]] = defaultdict(list)
        for row in self._rows:
            self._of[self.key_of(row["party"])].append(row)

    def _tied(self) -> dict[int, list[tuple[int, str]]]:
        """Key of a description or identifier -> those that it is one with, and by what."""
        ties: dict[int, list[tuple[int, str]]] = defaultdict(list)
        found = [(r["party"], hash64(ref), ref) for r in self._rows for ref in r["ids"]]
        found += [(row["a"], row["b"], f"judged:{row['doc_id']}") for row in self._judged]
        for a, b, ref in found:
            if a != b and self._company.get(a) == self._company.get(b) is not None:
                ties[a].append((b, ref))
                ties[b].append((a, ref))
        return ties

    def _components(self) -> dict[int, int]:
        top: dict[int, int] = {}
        for start in self._company:
            if start in top:
                continue
            top[start], ahead = start, [start]
            while ahead:
                for other, _ in self._ties.get(ahead.pop(), ()):
                    if other not in top:
                        top[other] = start
                        ahead.append(other)
        return top

    def _keys(self) -> dict[int, int]:
        """Of each component the key of its strongest reference, which is that of the firm."""
        refs: dict[int, set[str]] = defaultdict(set)
        for row in self._rows:
            mine = self._top[row["party"]]
            refs[mine].add(row["ref"])
            refs[mine] |= {ref for ref in row["ids"] if self._top.get(hash64(ref)) == mine}
        return {top: hash64(min(found, key=strength)) for top, found in refs.items()}

    def key_of(self, party: int) -> int:
        """The firm that a description or an identifier is of."""
        top = self._top[party]
        return self._key.get(top, top)

    def knows(self, party: int) -> bool:
        """Whether it is a description or an identifier of one of the companies."""
        return party in self._company

    def keys(self, company: int) -> list[int]:
        """The firms of a company, its strongest first."""
        found = {self.key_of(party) for party, mine in self._company.items() if mine == company}
        return sorted(found, key=lambda key: (key != company, key))

    def named(self, company: int, name: str) -> list[int]:
        """The descriptions of a company by that very name."""
        rows = (r for r in self._rows if r["name"] == name)
        return sorted({r["party"] for r in rows if self._company[r["party"]] == company})

    def firm(
        self, key: int, common: frozenset[str] = frozenset(), party: int | None = None
    ) -> Firm:
        """A firm by its key; with `party` only what is told of this one of its descriptions."""
        rows = self._of.get(key, [])
        if party is not None:
            rows = [r for r in rows if party in (r["party"], *map(hash64, r["ids"]))]
        refs = {ref for row in rows for ref in (row["ref"], *row["ids"])}
        wanted = key if party is None else party
        names = dict.fromkeys(row["name"] for row in rows if row["name"])
        countries = {row["country"] for row in rows if row["country"]}
        return Firm(
            key,
            self._company[wanted],
            next((ref for ref in sorted(refs) if hash64(ref) == wanted), ""),
            tuple(names),
            min(countries) if len(countries) == 1 else None,
            tuple(sorted((r for r in refs if not r.startswith("name:")), key=strength)),
            side_of([_flat(row) for row in rows], common),
        )

    def way(self, a: int, b: int) -> list[str]:
        """The references by which two descriptions of one firm are one: the shortest chain."""
        came: dict[int, tuple[int, str]] = {a: (a, "")}
        ahead = deque([a])
        while ahead and b not in came:
            here = ahead.popleft()
            for other, ref in sorted(self._ties.get(here, ())):
                if other not in came:
                    came[other] = (here, ref)
                    ahead.append(other)
        refs: dict[str, None] = {}
        while b != a and b in came:
            b, ref = came[b]
            refs[ref] = None
        return list(refs)[::-1]


def common_traits(cut: Cut, traits: Iterable[str]) -> frozenset[str]:
    """Of these traits those that too many firms share to tell anything."""
    wanted = pa.array(sorted(set(traits)), pa.string())
    if not len(wanted):
        return frozenset()
    told = cut.read("parties", ["party", "traits"]).combine_chunks()
    lists = told["traits"].combine_chunks()
    flat, rows = pc.list_flatten(lists), pc.list_parent_indices(lists)
    hit = pc.is_in(flat, value_set=wanted)
    pairs = pa.table(
        {"trait": flat.filter(hit), "party": told["party"].take(rows.filter(hit))}
    ).group_by(["trait", "party"]).aggregate([])  # fmt: skip
    parties: dict[str, list[int]] = defaultdict(list)
    for row in pairs.to_pylist():
        parties[row["trait"]].append(row["party"])
    return frozenset(t for t, found in parties.items() if _many(cut, found))


def _many(cut: Cut, parties: Sequence[int]) -> bool:
    """Whether these descriptions are of more than MOST_SHARE firms."""
    if len(parties) <= MOST_SHARE:
        return False
    companies = set(companies_of(cut, parties).values())
    if len(companies) > MOST_SHARE:
        return True
    firms = Firms(cut, companies)
    return len({firms.key_of(party) for party in parties}) > MOST_SHARE


def companies_of(cut: Cut, parties: Iterable[int]) -> dict[int, int]:
    """Key of a description or identifier -> its company."""
    keys = sorted(set(parties))
    found = cut.rows("merged", "party", pa.array(keys, pa.int64()))
    moved = dict(zip(found["party"].to_pylist(), found["company"].to_pylist(), strict=True))
    return {key: moved.get(key, key) for key in keys}


def _flat(row: Row) -> tuple[str | None, str, str]:
    return row["country"], "\x1f".join(row["ids"]), "\x1f".join(row["traits"])


def _order(row: Row) -> tuple[Any, ...]:
    other = by_another_name(row["traits"])
    return (other, row["ref"], row["name"] or "", row["country"] or "", row["ids"], row["traits"])
