"""What is told about the companies themselves: profiles on the platform and entries in registers.

A profile gives a company's name and country under all its identifiers: its platform id, under which every
other document knows it, and those that registers gave it (`lei:...`, `vat:...`, `cn.uscc:...`). A
registration says the same of the one identifier that is its `number`. Not every company is on a register:
about half of the smallest, nearly all of the large.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.world.columns import MEMBER, Code, Column, Day, Party, Same, Texts
from tallystick.world.companies import PROMISES, SERVICES, Companies, Ints
from tallystick.world.config import WorldConfig
from tallystick.world.identifiers import NATIONAL, lei
from tallystick.world.names import compose, service_name
from tallystick.world.parts import Sayer
from tallystick.world.places import COUNTRIES, SECTORS, SIZES

_HAS_ID = np.array([0.45, 0.70, 0.90, 1.0])
_HAS_LEI = np.array([0.02, 0.10, 0.40, 0.85])


def member_id(company: int) -> str:
    """The id under which every document names a company."""
    return f"{MEMBER}{company:08d}"


@dataclass(frozen=True, slots=True)
class Register:
    """Names, countries, and official identifiers. `holders`: companies of `official`, in its order;
    `details`: columns of a description beside its name, where the world has them."""

    names: pa.Array
    countries: pa.Array
    holders: Ints
    official: pa.Array
    details: pa.Table | None = None

    def said(self, *details: str) -> dict[str, Column]:
        """Those details of the subject, of all companies, as far as the world has them."""
        if self.details is None:
            return {}
        known = [name for name in details if name in self.details.column_names]
        return {f"subject_{name}": Texts(self.details[name].combine_chunks()) for name in known}


def enrol(config: WorldConfig, companies: Companies) -> Register:
    """Name every company, and give some of them identifiers with true check digits."""
    rng = np.random.default_rng([config.seed, 2])
    names = np.empty(companies.count, dtype=object)
    holders, official = [], []
    has_id = rng.random(companies.count) < _HAS_ID[companies.size]
    has_lei = rng.random(companies.count) < _HAS_LEI[companies.size]
    for number, country in enumerate(COUNTRIES):
        members = np.flatnonzero(companies.country == number)
        names[members] = compose(country.script, companies.local[members].tolist())
        if country.code in NATIONAL:
            scheme, make, space = NATIONAL[country.code]
            chosen = members[has_id[members] & (companies.local[members] < space)]
            holders.append(chosen)
            official += [f"{scheme}:{value}" for value in make(companies.local[chosen])]
    for role in SERVICES:
        for number in range(companies.first["count_" + role]):
            names[companies.first[role] + number] = service_name(role, number)
    chosen = np.flatnonzero(has_lei)
    holders.append(chosen)
    official += [f"lei:{value}" for value in lei(chosen)]
    codes = pa.array([country.code for country in COUNTRIES])
    return Register(
        names=pa.array(names, pa.string()),
        countries=codes.take(pa.array(companies.country)),
        holders=np.concatenate(holders),
        official=pa.array(official, pa.string()),
    )


def all_ids(register: Register, everyone: Ints) -> pa.Array:
    """Platform id and official identifiers of each company, with `;` between them."""
    ids: list[str] = Party(everyone).build(everyone).to_pylist()
    for company, official in zip(register.holders, register.official.to_pylist(), strict=True):
        ids[company] += f";{official}"
    return pa.array(ids, pa.string())


def tell_members(
    config: WorldConfig, companies: Companies, register: Register, parts: Sayer
) -> None:
    """Profiles by the marketplace, registrations by the registry."""
    everyone = np.arange(companies.count)
    profile: dict[str, Column] = {
        "number": Code("MB", everyone),
        "namespace": Same("tradeport"),
        "issued_on": Day(companies.joined_on),
        "subject_id": Texts(all_ids(register, everyone)),
        "subject_name": Texts(register.names),
        "subject_country": Texts(register.countries),
        **register.said("account", "domain", "other_names"),
    }
    parts.say("marketplace", "profile", everyone, profile)
    entries = np.arange(len(register.holders))
    held = pa.array(register.holders)
    details = register.said("address", "founded", "other_names")
    own = Party(register.holders).build(entries)
    registered_on = companies.joined_on[register.holders] - 200
    entry: dict[str, Column] = {
        "number": Texts(register.official),
        "issued_on": Day(registered_on),
        "due_on": Day(np.full(len(entries), config.horizon + 90)),
        "status": Same("active"),
        "subject_id": Texts(pc.binary_join_element_wise(own, register.official, ";")),
        "subject_name": Texts(register.names.take(held)),
        "subject_country": Texts(register.countries.take(held)),
        **{name: Texts(column.build(register.holders)) for name, column in details.items()},
    }
    parts.say("registry", "registration", entries, entry)


def tell_closings(config: WorldConfig, register: Register, left_on: Ints, parts: Sayer) -> None:
    """What the registry says, one to ten weeks later, of companies on it that closed."""
    rng = np.random.default_rng([config.seed, 14])
    days = left_on[register.holders] + rng.integers(7, 70, size=len(register.holders))
    entries = np.flatnonzero(days < config.horizon)
    held = pa.array(register.holders)
    own = Party(register.holders).build(np.arange(len(register.holders)))
    entry: dict[str, Column] = {
        "number": Texts(register.official),
        "issued_on": Day(days),
        "status": Same("dissolved"),
        "subject_id": Texts(pc.binary_join_element_wise(own, register.official, ";")),
        "subject_name": Texts(register.names.take(held)),
        "subject_country": Texts(register.countries.take(held)),
    }
    parts.say("registry", "registration", entries, entry)


def truth_of_companies(config: WorldConfig, companies: Companies, register: Register) -> pa.Table:
    """One row per company: who it is, and the true probability `breaks_<kind>` that it breaks its next
    promise of that kind after the horizon, null where it makes none."""
    everyone = np.arange(companies.count)
    size, sector = pa.array(SIZES), pa.array([s.name for s in SECTORS])
    columns: dict[str, pa.Array] = {
        "company": Party(everyone).build(everyone),
        "name": register.names,
        "country": register.countries,
        "size": size.take(pa.array(companies.size)),
        "sector": sector.take(pa.array(companies.sector)),
        "sells": pa.array(companies.sells),
        "buys": pa.array(companies.buys),
        "turned_on": Day(companies.turned_on).build(everyone),
    }
    last = np.full(companies.count, config.horizon)
    for kind in PROMISES:
        p = companies.break_probability(kind, everyone, last)
        if kind == "dispatch":
            # An order that the seller goes back on breaks its dispatch date too.
            reneges = companies.break_probability("confirm", everyone, last)
            p = 1 - (1 - p) * (1 - reneges * config.confirmed_share)
        columns["breaks_" + kind] = pa.array(p, mask=~companies.holds(kind))
    return pa.table(columns)
