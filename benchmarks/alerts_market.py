"""A market for the alerts: honest firms, some of which look like cheats, and cheats that try not to.

The honest market is that of the attack lab, with customers that enter as time goes on and complaints that
nobody else bears out. LOOK_ALIKES are honest firms of sorts that a careless alarm would name; plants are
carried out from the day `began` on, in styles that an attacker who knows the alarm would choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tallystick.watch import Kin
from tallystick.world.attack import Market, Strategy, attack, make_market
from tallystick.world.attack.costs import LAB
from tallystick.world.attack.market import FIRST_BUYER, OWN, companies
from tallystick.world.attack.rows import DAYS_TO_KEEP, Rows, joined, promises, rows

STRIDE: Final = 100_000
SHOPS: Final = 2_000_000
OF_SHOPS: Final = 3_000_000
LAST: Final = 31
"""Plants begin so many days before the last day of the market."""

ENTER_LATER: Final = 0.3
COMPLAINTS: Final = 0.015
LOOK_ALIKES: Final = {
    "new firm": 0.03,
    "shop of consumers": 0.02,
    "one big buyer": 0.02,
    "family": 0.01,
    "poor seller": 0.03,
    "new shop": 0.002,
    "new firm with its customers": 0.001,
    "growing firm": 0.02,
    "large contract": 0.01,
    "successor": 0.005,
}
"""Sort of honest firm -> how many there are, as a share of all sellers."""


@dataclass(frozen=True, slots=True)
class Plant:
    """What was planted: pattern, style, whom it is about, everybody who takes part, when it began."""

    pattern: str
    style: str
    target: int
    members: frozenset[int]
    began: int


@dataclass(frozen=True, slots=True)
class Planted:
    """A market with plants: all promises by the day made, companies, who is related, and the truth."""

    record: Rows
    companies: pa.Table
    kin: Kin
    plants: list[Plant]
    began: int
    sorts: dict[int, str]

    def known(self, day: int) -> pa.Table:
        """The promises as a book knows them on a day: what is not due yet is open."""
        made = self.record.take(self.record.day <= day)
        table = promises(made)
        due = table["matured_day"].to_numpy() <= day
        outcome = np.where(due, table["outcome"].to_numpy(zero_copy_only=False), "open")
        place = table.schema.get_field_index("outcome")
        table = table.set_column(place, table.schema.field(place), pa.array(outcome, pa.string()))
        return table.append_column("value_cents", table["value_minor"])


@dataclass(slots=True)
class _Maker:
    """A market in the making."""

    market: Market
    random: np.random.Generator
    parts: list[Rows]
    known: list[pa.Table]
    plants: list[Plant]
    sorts: dict[int, str]
    heads: list[tuple[int, int]]
    next_shop: int = SHOPS
    next_customer: int = OF_SHOPS
    next_plant: int = 1

    @property
    def last(self) -> int:
        """The last day on which promises are made."""
        return self.market.as_of_day - DAYS_TO_KEEP

    @property
    def began(self) -> int:
        """The day on which plants begin."""
        return self.last - LAST

    def shop(self, sort: str, checked_ago: int | None = 800) -> int:
        """A further honest seller."""
        key = self.next_shop
        self.next_shop += 1
        self.sorts[key] = sort
        self.know([key], checked_ago)
        return key

    def customers(self, count: int, checked: float) -> Any:
        """Further honest buyers, of which such a share was checked long ago."""
        keys = self.next_customer + np.arange(count)
        self.next_customer += count
        old = self.random.random(count) < checked
        self.know(keys[old], 900)
        self.know(keys[~old], None)
        return keys

    def know(self, keys: Any, checked_ago: int | None) -> None:
        """What is known of companies."""
        day = None if checked_ago is None else self.market.as_of_day - checked_ago
        self.known.append(companies(np.asarray(keys, np.int64), "honest", day))

    def buyers(self, count: int) -> Any:
        """Buyers of the market, each once."""
        return self.random.choice(self.market.buyers, count, replace=False)

    def days(self, count: int, within: int) -> Any:
        """Days within the last so many."""
        return self.last - self.random.integers(0, within, count)

    def cents(self, count: int, median: int = 200_000, spread: float = 0.8) -> Any:
        """Values of orders."""
        drawn = median * np.exp(self.random.normal(0, spread, count))
        return np.maximum(np.rint(drawn).astype(np.int64), 100)

    def trade(self, seller: Any, buyer: Any, day: Any, cents: Any, breaks: float = 0.06) -> None:
        """Honest promises, half of them with a carrier's word; some of those broken are only complained of."""
        count = len(np.atleast_1d(buyer))
        broken = self.random.random(count) < breaks
        seen = self.random.random(count) < 0.5
        alone = broken & ~seen
        whole = rows(seller, buyer, day, cents, "word", broken)
        self.parts.append(whole.take(~seen & ~alone))
        for part, told in ((seen, "parcel"), (alone, "accused")):
            chosen = whole.take(part)
            self.parts.append(
                rows(
                    chosen.promisor, chosen.promisee, chosen.day, chosen.cents, told, chosen.broken
                )
            )


def make(seed: int, sellers: int, rings: int = 40) -> Planted:
    """A market with look-alikes and plants; the same seed gives the same one."""
    market = make_market(seed, sellers, sellers * 15 // 4)
    random = np.random.default_rng([seed, 77])
    maker = _Maker(market, random, [], [market.companies], [], {}, [])
    record = market.record
    entry = np.zeros(len(market.buyers), np.int64)
    later = random.random(len(entry)) < ENTER_LATER
    entry[later] = maker.last - random.integers(0, 716, int(later.sum()))
    record = record.take(record.day >= entry[record.promisee - FIRST_BUYER])
    complained = record.broken & (random.random(len(record)) < COMPLAINTS / 0.09)
    record = replace(record, told=np.where(complained, 4, record.told))
    maker.parts.append(record)
    for sort, share in LOOK_ALIKES.items():
        for _ in range(max(round(share * sellers), 1)):
            _LOOK[sort](maker)
    _plant_rings(maker, rings)
    half = max(rings // 2, 1)
    for _ in range(half):
        _plant_slander(maker)
        _plant_exit(maker)
        _plant_whitewash(maker)
    for _ in range(max(rings // 4, 1)):
        _plant_on_off(maker)
        _plant_circle(maker)
    whole = joined(maker.parts)
    head = np.array(maker.heads, np.int64).reshape(-1, 2)
    ties = {"a": pa.array([], pa.int64()), "b": pa.array([], pa.int64())}
    kin = Kin(
        pa.table({"company": head[:, 0], "head": head[:, 1]}),
        pa.table({**ties, "ppm": pa.array([], pa.int64())}),
    )
    shuffled = whole.take(random.permutation(len(whole)))
    known = pa.concat_tables(maker.known)
    return Planted(shuffled, known, kin, maker.plants, maker.began, maker.sorts)


# honest firms that look like cheats


def _new_firm(m: _Maker) -> None:
    count = int(m.random.integers(10, 40))
    m.trade(m.shop("new firm", 40), m.buyers(count), m.days(count, 45), m.cents(count))


def _consumers(m: _Maker) -> None:
    count = int(m.random.integers(60, 200))
    price = m.random.choice([1_900, 2_900, 4_900, 9_900], count)
    m.trade(m.shop("shop of consumers"), m.customers(count, 0.05), m.days(count, 700), price)


def _big_buyer(m: _Maker) -> None:
    count = int(m.random.integers(15, 50))
    buyer = m.buyers(1) if m.random.random() < 0.5 else m.customers(1, 0.5)
    shop = m.shop("one big buyer", 300)
    m.trade(shop, np.repeat(buyer, count), m.days(count, 60), m.cents(count, spread=0.1))


def _family(m: _Maker) -> None:
    size = int(m.random.integers(3, 6))
    members = np.array([m.shop("family") for _ in range(size)])
    m.heads += [(int(one), int(members[0])) for one in members]
    for n in range(size):
        count = int(m.random.integers(3, 9))
        m.trade(
            members[n], np.repeat(members[n - 1], count), m.days(count, 160), m.cents(count), 0.02
        )


def _poor(m: _Maker) -> None:
    count = int(m.random.integers(10, 40))
    m.trade(m.shop("poor seller"), m.buyers(count), m.days(count, 500), m.cents(count), 0.4)


def _new_shop(m: _Maker) -> None:
    count = int(m.random.integers(10, 30))
    price = m.random.choice([1_900, 2_900, 4_900, 9_900], count)
    m.trade(m.shop("new shop", 20), m.customers(count, 0.05), m.days(count, 40), price)


def _with_customers(m: _Maker) -> None:
    count = int(m.random.integers(5, 15))
    m.trade(
        m.shop("new firm with its customers"),
        m.customers(count, 0.8),
        m.days(count, 40),
        m.cents(count),
    )


def _growing(m: _Maker) -> None:
    count = 40
    day = np.sort(m.days(count, 700))
    grown = m.cents(count, 50_000, 0.5) * (1 + 4 * np.arange(count) // count)
    m.trade(m.shop("growing firm"), m.buyers(count), day, grown)


def _contract(m: _Maker) -> None:
    count = 25
    day, cents = np.sort(m.days(count, 600)), m.cents(count)
    cents[-1] *= 15
    m.trade(m.shop("large contract"), m.buyers(count), day, cents)


def _successor(m: _Maker) -> None:
    buyers = m.buyers(15)
    old, new = m.shop("successor"), m.shop("successor", 30)
    m.trade(old, buyers, m.last - 60 - m.random.integers(0, 300, 15), m.cents(15), 0.05)
    m.trade(new, buyers[:12], m.days(12, 45), m.cents(12), 0.05)


_LOOK: Final = {
    "new firm": _new_firm,
    "shop of consumers": _consumers,
    "one big buyer": _big_buyer,
    "family": _family,
    "poor seller": _poor,
    "new shop": _new_shop,
    "new firm with its customers": _with_customers,
    "growing firm": _growing,
    "large contract": _contract,
    "successor": _successor,
}


# plants


def _styles(random: np.random.Generator, rings: int) -> Iterator[tuple[str, Strategy]]:
    """Strategies of rings, style after style, each of another size."""
    for n in range(rings):
        size, fakes = int(random.integers(3, 31)), int(random.integers(1, 5))
        value, days = int(random.choice([200, 500, 2000])), int(random.integers(5, 31))
        basic = Strategy(sybils=size, fakes=fakes, value=value, days=days)
        cover = {
            "cover": int(random.integers(1, 4)),
            "cover_value": int(random.choice([20, 100, 500])),
        }
        yield (
            ("plain", basic),
            ("camouflaged", replace(basic, **cover)),
            ("mules", replace(basic, identity="mule", **cover)),
            ("inner trade", replace(basic, identity="mule", inner=int(random.integers(1, 4)))),
            (
                "shells",
                replace(basic, identity="shell", way="circle", sybils=min(size, 10), **cover),
            ),
            ("patient", replace(basic, sybils=min(size, 8), fakes=1, days=30, **cover)),
            ("aged", replace(basic, cover=max(cover["cover"], 2), cover_value=100)),
            ("small", replace(basic, sybils=int(random.integers(3, 6)))),
        )[n % 8]


def _carry_out(m: _Maker, strategy: Strategy, start: int | str) -> tuple[Rows, int, frozenset[int]]:
    """A strategy of the lab from `began` on, under keys of its own: its promises, target and members."""
    base = OWN + STRIDE * m.next_plant
    m.next_plant += 1
    seed = int(m.random.integers(2**31))
    market = replace(m.market, seed=seed, as_of_day=m.began + strategy.days + DAYS_TO_KEEP)
    made = attack(market, strategy, LAB, start)
    own = made.companies["company"].to_numpy() + base - OWN
    known = made.companies.set_column(0, made.companies.schema.field(0), pa.array(own, pa.int64()))
    m.known.append(known)
    ends = [
        np.where(keys >= OWN, keys + base - OWN, keys)
        for keys in (made.added.promisor, made.added.promisee)
    ]
    target = made.target + base - OWN if made.target >= OWN else made.target
    return replace(made.added, promisor=ends[0], promisee=ends[1]), target, frozenset(own.tolist())


def _plant_rings(m: _Maker, rings: int) -> None:
    for n, (style, strategy) in enumerate(_styles(m.random, rings)):
        start = ("bad", "fresh", int(m.random.choice(m.market.sellers)))[n // 8 % 3]
        added, target, members = _carry_out(m, strategy, start)
        if n % 2:  # amounts that differ
            factor = np.exp(m.random.normal(0, 0.5, len(added)))
            added = replace(added, cents=np.rint(added.cents * factor).astype(np.int64))
        if style == "aged":  # known to the book for two to four months before
            ago = int(m.random.integers(60, 120))
            elsewhere = (added.promisor != target) & (added.promisor < SHOPS)
            added = replace(added, day=np.where(elsewhere, added.day - ago, added.day))
        m.parts.append(added)
        fake = (added.promisor == target) & (added.promisee >= OWN)
        m.plants.append(
            Plant("ring", style, target, members | {target}, int(added.day[fake].min()))
        )


def _plant_slander(m: _Maker) -> None:
    style = ("plain", "camouflaged", "mules")[len(m.plants) % 3]
    strategy = Strategy(
        identity="mule" if style == "mules" else "unverified",
        sybils=int(m.random.integers(3, 21)),
        accusations=int(m.random.integers(1, 4)),
        value=int(m.random.choice([20, 200, 2000])),
        cover=0 if style == "plain" else int(m.random.integers(1, 3)),
        days=int(m.random.integers(5, 31)),
    )
    added, target, members = _carry_out(m, strategy, int(m.random.choice(m.market.sellers)))
    m.parts.append(added)
    m.plants.append(Plant("slander", style, target, members, m.began))


def _cheat(m: _Maker, ago: int | None) -> int:
    """The key of a cheat that works alone."""
    key = OWN + STRIDE * m.next_plant
    m.next_plant += 1
    m.know([key], ago)
    return key


def _plant_exit(m: _Maker) -> None:
    key = _cheat(m, 150)
    small, large = int(m.random.integers(20, 100)), int(m.random.integers(5, 40))
    day = m.began - m.random.integers(1, 150, small)
    m.trade(key, m.random.choice(m.market.buyers, small), day, m.cents(small, 6_000, 0.5), 0.02)
    days = m.began + np.sort(m.random.integers(0, int(m.random.integers(10, 31)), large))
    m.trade(key, m.buyers(large), days, m.cents(large, 150_000, 0.5), 1.0)
    m.plants.append(Plant("exit", "", key, frozenset({key}), int(days[0])))


def _plant_whitewash(m: _Maker) -> None:
    old, new = _cheat(m, 700), _cheat(m, 30)
    buyers = m.buyers(int(m.random.integers(8, 25)))
    m.trade(
        old,
        buyers,
        m.began - 15 - m.random.integers(0, 300, len(buyers)),
        m.cents(len(buyers)),
        0.55,
    )
    again = buyers[: int(len(buyers) * m.random.uniform(0.5, 0.9))]
    others = m.buyers(int(m.random.integers(0, 4)))
    both = np.concatenate([again, others])
    day = m.began + m.random.integers(0, LAST, len(both))
    m.trade(new, both, day, m.cents(len(both)), 0.3)
    m.plants.append(Plant("whitewash", "", new, frozenset({new, old}), int(day.min())))


def _plant_on_off(m: _Maker) -> None:
    key = _cheat(m, 500)
    small, large = int(m.random.integers(30, 80)), int(m.random.integers(4, 9))
    m.trade(
        key,
        m.random.choice(m.market.buyers, small),
        m.days(small, 300),
        m.cents(small, 5_000, 0.4),
        0.02,
    )
    m.trade(
        key, m.buyers(large), m.last - 20 - m.random.integers(0, 280, large), m.cents(large), 1.0
    )
    m.plants.append(Plant("on-off", "", key, frozenset({key}), m.began))


def _plant_circle(m: _Maker) -> None:
    members = np.array([_cheat(m, 400) for _ in range(int(m.random.integers(3, 9)))])
    for n, seller in enumerate(members):
        count = int(m.random.integers(4, 10))
        m.trade(seller, np.repeat(members[n - 1], count), m.days(count, 150), m.cents(count), 0.0)
        outside = int(m.random.integers(0, 3))
        m.trade(seller, m.buyers(outside), m.days(outside, 150), m.cents(outside, 50_000))
    whole = frozenset(members.tolist())
    m.plants.append(Plant("circle", "", int(members[0]), whole, m.began))
