"""How islands describe companies: party descriptions in the form of PARTY, with the truth about each.

>>> told = described(DescriptionConfig(companies=100, seed=7))
>>> told.parties.num_rows == told.truth.num_rows > told.companies.num_rows == 100
True

`parties` has the columns of PARTY, with `traits`; a former or trading name is a further row of its party,
with the trait `name:<its own name>` besides.
`truth` says for each row which company it speaks of, who said it and what kinds of variation are in it;
`companies` what each company is truly called and whether it was made to look like another one. Memory is
bounded by a chunk and the names given so far (eight bytes each), whatever the number of companies.

A description without any identifier is known by its name and country alone. Where two companies are so
described alike, they share a `party`: nothing that a reader could do tells them apart there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from tallystick.evidence.details import OWN_NAME
from tallystick.evidence.identifiers import PartyRow, describe, normalise_name
from tallystick.evidence.schema import PARTY
from tallystick.units import EPOCH, hash64
from tallystick.world.addresses import registered_address
from tallystick.world.config import CHUNK_FIRMS, DescriptionConfig
from tallystick.world.describers import Told, tell
from tallystick.world.firms import Firm
from tallystick.world.identifiers import lei
from tallystick.world.kin import draw_firms
from tallystick.world.variants import registered_name

TRUTH: Final = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("company", pa.int64(), nullable=False),
        pa.field("party", pa.int64(), nullable=False),
        pa.field("contributor", pa.string(), nullable=False),
        pa.field("kinds", pa.list_(pa.string()), nullable=False),
    ]
)
"""`row`: of `parties`, from 0 over all chunks; `kinds`: sorted."""

COMPANIES: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("core", pa.string(), nullable=False),
        pa.field("trades", pa.list_(pa.string()), nullable=False),
        pa.field("city", pa.string(), nullable=False),
        pa.field("address", pa.string(), nullable=False),
        pa.field("kin", pa.string()),
        pa.field("of", pa.int64()),
        pa.field("way", pa.string()),
        pa.field("shares", pa.list_(pa.string()), nullable=False),
    ]
)
"""`name`: as registered; `core`: the words that are its own; `trades`: lines of business by their names in
`words/en.toml`; `kin`, `of`: homonym, sister or imitator of which company, and in what an imitator differs
(`way`); `shares`: "address" or "account" that others have too."""


_PLAIN: Final = ("party", "ref", "name", "name_key", "country", "company", "contributor")
_LISTS: Final = ("ids", "bad_ids", "traits", "kinds")


class Described(NamedTuple):
    """Descriptions and the truth about them; schemas PARTY, TRUTH, COMPANIES."""

    parties: pa.Table
    truth: pa.Table
    companies: pa.Table


def chunks_of_descriptions(
    config: DescriptionConfig, countries: Sequence[str] | None = None
) -> Iterator[Described]:
    """The descriptions, some ten thousand companies at a time. `countries`: of each company, else drawn."""
    row = 0
    for firms, told in chunks_told(config, countries):
        parties, truth = _rows(config, firms, told, row)
        row += parties.num_rows
        yield Described(parties, truth, companies_table(firms))


def described(config: DescriptionConfig, countries: Sequence[str] | None = None) -> Described:
    """All descriptions in one."""
    parts = list(chunks_of_descriptions(config, countries))
    if not parts:
        return Described(*(schema.empty_table() for schema in (PARTY, TRUTH, COMPANIES)))
    return Described(*(pa.concat_tables(tables) for tables in zip(*parts, strict=True)))


def chunks_told(
    config: DescriptionConfig, countries: Sequence[str] | None = None
) -> Iterator[tuple[list[Firm], Iterator[Told]]]:
    """Firms and what is told of them, chunk by chunk, before it takes the form of tables."""
    taken: set[int] = set()
    for chunk in range(config.chunks):
        given = None
        if countries is not None:
            given = countries[chunk * CHUNK_FIRMS : (chunk + 1) * CHUNK_FIRMS]
        firms = draw_firms(config, chunk, given, taken)
        yield firms, tell(config, chunk, firms)


class _Rows:
    """The rows of a chunk in columns of plain values: few objects, which the collector need not visit."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.columns: dict[str, list[object]] = {name: [] for name in _PLAIN}
        self.lists: dict[str, tuple[list[str], list[int]]] = {name: ([], [0]) for name in _LISTS}

    def add(self, told: Told, row: PartyRow, kinds: Sequence[str], traits: Sequence[str]) -> None:
        """One description and the truth about it."""
        values = (row.party, row.ref, row.name, row.name_key, row.country)
        for column, value in zip(
            self.columns.values(), (*values, told.firm.number, told.contributor), strict=True
        ):
            column.append(value)
        for (flat, ends), entries in zip(
            self.lists.values(), (row.ids, row.bad_ids, traits, kinds), strict=True
        ):
            flat.extend(entries)
            ends.append(len(flat))

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """Schemas PARTY and TRUTH."""
        count = len(self.columns["party"])
        told: dict[str, object] = {"row": np.arange(self.first, self.first + count)}
        told |= self.columns
        for name, (flat, ends) in self.lists.items():
            told[name] = pa.ListArray.from_arrays(
                pa.array(ends, pa.int32()), pa.array(flat, pa.string())
            )
        return _table(told, PARTY), _table(told, TRUTH)


def _table(columns: dict[str, object], schema: pa.Schema) -> pa.Table:
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _rows(
    config: DescriptionConfig, firms: Sequence[Firm], told: Iterable[Told], first: int
) -> tuple[pa.Table, pa.Table]:
    official = _official(config, firms)
    rows = _Rows(first)
    for one in told:
        traits = traits_of(one)
        main = described_as(one, official.get(one.firm.number, "") if one.official else "")
        if main is None:
            continue
        rows.add(one, main, sorted(one.kinds), traits)
        further = sorted([*traits, f"{OWN_NAME}{main.name}"])
        for kind, name in one.other_names:
            other = replace(main, name=name, name_key=normalise_name(name))
            rows.add(one, other, [kind], further)
    return rows.tables()


def described_as(told: Told, official: str = "") -> PartyRow | None:
    """The party of a description; `official`: the identifier that it tells besides."""
    ids = [(told.scheme, told.number)] if told.scheme else []
    ids += [("lei", official)] if official else []
    return describe(told.name, told.country, ids)


def _official(config: DescriptionConfig, firms: Sequence[Firm]) -> dict[int, str]:
    """Company -> its LEI, where descriptions may carry it."""
    if not config.shared_ids:
        return {}
    numbers = np.array([firm.number for firm in firms], dtype=np.int64)
    return dict(zip(numbers.tolist(), lei(numbers), strict=True))


def traits_of(told: Told) -> list[str]:
    """What relates companies but names none, as PARTY spells it."""
    traits = []
    if told.account:
        traits.append(f"account:{hash64('account', told.account):016x}")
    if told.address:
        traits.append(f"address:{told.address}")
    if told.domain:
        traits.append(f"domain:{hash64('domain', told.domain):016x}")
    if told.founded >= 0:
        traits.append(f"founded:{EPOCH + timedelta(days=told.founded)}")
    return traits


def companies_table(firms: Sequence[Firm]) -> pa.Table:
    """Who the firms truly are."""
    columns = {
        "company": [firm.number for firm in firms],
        "name": [registered_name(firm) for firm in firms],
        "country": [firm.country for firm in firms],
        "core": ["".join(gap + word.native for word, gap in firm.core).strip() for firm in firms],
        "trades": [list(firm.trades) for firm in firms],
        "city": [firm.place.city.english for firm in firms],
        "address": [registered_address(firm) for firm in firms],
        "kin": [firm.kin or None for firm in firms],
        "of": [firm.of if firm.kin else None for firm in firms],
        "way": [firm.way or None for firm in firms],
        "shares": [list(firm.shares) for firm in firms],
    }
    return pa.table(columns, schema=COMPANIES)
