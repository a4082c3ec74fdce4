"""The schemes: what an attacker can do to a record, and what a strategy of it adds and costs.

Idea: one strategy is a handful of numbers (how many sybils, fakes per sybil, of what value, told how ...), so
that an attacker can search among them. `attack` turns market, target and strategy into promises, identities
and a price.

Worked example: 10 unverified sybils with 2 fakes of $2,000 each and real parcels add 20 promises and cost
10 * $2 + 20 * $64.50 = $1,310.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.world.attack.costs import Costs
from tallystick.world.attack.market import MEDIAN_CENTS, OWN, YEAR, Market, companies
from tallystick.world.attack.rows import DAYS_TO_KEEP, Ints, Rows, joined, rows

TARGET: Final = OWN
SYBILS: Final = OWN + 1
MOST_PROMISES: Final = 3_000
"""No strategy adds more promises than that."""

BUYERS_SERVED: Final = 120
"""Real buyers among whom an attacker spreads orders that it really serves, at most."""

PARTNER: Final = "partner"
"""A real buyer with a record of its own, which the attacker has won or is."""

VERIFIED_DAYS: Final = {"unverified": None, "mule": 30, "shell": YEAR + 35}
"""Kind of identity -> for how many days it has been verified."""

BAD_PROMISES: Final = 8
"""The bad record: so many real promises, every other one broken."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """What an attacker does. `sybils` of one kind of `identity`; each buys `fakes` orders of `value` dollars,
    told in one `way`; each first buys `cover` orders of `cover_value` from honest sellers and `inner` of
    `value` from other sybils, or from `helpers` if there are any, who never deal with the target; `served`:
    orders of `served_value` really served to real buyers; `accusations` per sybil, of `value`; `records`
    forged by a contributor, `papers` by the target itself; `cheated`: orders of the usual value taken and not
    served; `days`: within which all is done."""

    identity: str = "unverified"
    sybils: int = 0
    fakes: int = 0
    value: int = MEDIAN_CENTS // 100
    way: str = "parcel"
    cover: int = 0
    cover_value: int = 20
    inner: int = 0
    helpers: int = 0
    served: int = 0
    served_value: int = 20
    accusations: int = 0
    records: int = 0
    papers: int = 0
    cheated: int = 0
    days: int = 30

    @property
    def promises(self) -> int:
        """How many promises it adds."""
        each = self.fakes + self.cover + self.inner + self.accusations
        forged = self.records * (1 + self.inner)
        return self.sybils * each + forged + self.served + self.papers + self.cheated

    def text(self) -> str:
        """What is done, in the words of the settings; what is not done is left out."""
        idle = Strategy()
        told = [f.name for f in fields(self) if getattr(self, f.name) != getattr(idle, f.name)]
        if self.sybils and "identity" not in told:
            told.insert(0, "identity")
        parts = [f"{name}={getattr(self, name)}" for name in told]
        return " ".join(parts) or "nothing"

    def cost(self, costs: Costs) -> int:
        """What it costs, in US cents."""
        value, seen = self.value * 100, "circle" if self.way == "circle" else "parcel"
        each = costs.identity[self.identity]
        each += self.fakes * costs.fake(value, self.way) + self.inner * costs.fake(value, seen)
        each += self.cover * costs.purchase(self.cover_value * 100)
        each += self.accusations * costs.accusation(value)
        once = self.served * costs.service(self.served_value * 100)
        if self.records:
            once += costs.contributor_cents + self.records * (1 + self.inner) * costs.record_cents
        once += self.helpers * costs.identity[self.identity]
        return self.sybils * each + once + self.papers * costs.paper_cents


@dataclass(frozen=True, slots=True)
class Attack:
    """A strategy carried out in a market: promises added, beside those that the target has, companies added
    (schema COMPANIES; own keys from OWN on), the company whose rating is meant, and the price."""

    added: Rows
    companies: pa.Table
    target: int
    cost_cents: int


def bad_record(market: Market, target: int = TARGET) -> Rows:
    """The real record of a company that breaks every other promise."""
    random = market.random(2)
    buyers = random.choice(market.buyers, BAD_PROMISES, replace=False)
    spread = np.linspace(700, 40, BAD_PROMISES).astype(np.int64)
    day = market.as_of_day - DAYS_TO_KEEP - spread
    seen = np.arange(BAD_PROMISES) % 4 < 2
    broken = np.arange(BAD_PROMISES) % 2 == 1
    return joined(
        rows(target, buyers[part], day[part], MEDIAN_CENTS, told, broken[part])
        for told, part in (("parcel", seen), ("word", ~seen))
    )


Start = str | int
"""Whom an attack is about: a company with a "bad" record, a "fresh" one without any, or the honest seller of
that key."""


def attack(market: Market, strategy: Strategy, costs: Costs, start: Start) -> Attack:
    """Carry a strategy out."""
    target = start if isinstance(start, int) else TARGET
    random = market.random(3)
    parts = [bad_record(market)] if start == "bad" else []
    parts += [_sybils(market, strategy, target, random), _alone(market, strategy, target, random)]
    verified = VERIFIED_DAYS.get(strategy.identity)
    day = None if verified is None else market.as_of_day - verified
    made_up = max(strategy.sybils + strategy.helpers, strategy.records)
    known = [companies(SYBILS + np.arange(made_up), strategy.identity, day)]
    if not isinstance(start, int):
        old = market.as_of_day - 2 * YEAR if start == "bad" else day
        known.append(companies(np.array([TARGET]), "target", old))
    return Attack(joined(parts), pa.concat_tables(known), target, strategy.cost(costs))


def _sybils(market: Market, s: Strategy, target: int, random: np.random.Generator) -> Rows:
    """What the sybils do: buy from the target, from honest sellers, from each other, and accuse."""
    ring = SYBILS + np.arange(s.sybils)
    if s.identity == PARTNER:
        ring = random.permutation(market.buyers)[: s.sybils]
    cents = s.value * 100
    found = []
    if s.fakes:
        buyers = np.repeat(ring, s.fakes)
        found.append(rows(target, buyers, _days(market, s, len(buyers)), cents, s.way))
    if s.cover:
        buyers = np.repeat(ring, s.cover)
        sellers = random.choice(market.sellers, len(buyers))
        day = _days(market, s, len(buyers))
        found.append(rows(sellers, buyers, day, s.cover_value * 100, "parcel"))
    if s.inner and (s.sybils > 1 or s.helpers):
        buyers = np.repeat(np.arange(s.sybils), s.inner)
        turn = np.tile(np.arange(s.inner), s.sybils)
        if s.helpers:
            sellers = SYBILS + s.sybils + (buyers + turn) % s.helpers
        else:
            sellers = ring[(buyers + 1 + turn % (s.sybils - 1)) % s.sybils]
        told = "circle" if s.way == "circle" else "parcel"
        found.append(rows(sellers, ring[buyers], _days(market, s, len(buyers)), cents, told))
    if s.accusations:
        buyers = np.repeat(ring, s.accusations)
        day = _days(market, s, len(buyers))
        found.append(rows(target, buyers, day, cents, "accused", True))
    return joined(found)


def _alone(market: Market, s: Strategy, target: int, random: np.random.Generator) -> Rows:
    """What the target does without sybils."""
    known = random.permutation(market.buyers)[:BUYERS_SERVED]
    found = []
    for count, cents, told, broken in (
        (s.served, s.served_value * 100, "parcel", False),
        (s.papers, s.value * 100, "alone", False),
        (s.cheated, MEDIAN_CENTS, "parcel", True),
    ):
        if count:
            buyers = known[np.arange(count) % len(known)]
            found.append(rows(target, buyers, _days(market, s, count), cents, told, broken))
    return joined([*found, *_forged(market, s, target)])


def _forged(market: Market, s: Strategy, target: int) -> Iterator[Rows]:
    """What a contributor makes up: buyers, a record for each, and what they bought from each other before."""
    if s.records:
        buyers = SYBILS + np.arange(s.records)
        cents = s.value * 100
        yield rows(target, buyers, _days(market, s, s.records), cents, s.way)
        count = s.records * s.inner if s.records > 1 else 0
        step = 1 + np.arange(count) // s.records % max(s.records - 1, 1)
        sellers = SYBILS + (np.arange(count) + step) % s.records
        yield rows(sellers, np.resize(buyers, count), _days(market, s, count), cents, s.way)


def _days(market: Market, s: Strategy, count: int) -> Ints:
    """Days on which promises are made, spread over the last `days`, the youngest matured by today."""
    last = market.as_of_day - DAYS_TO_KEEP
    return last - np.arange(count) * s.days // max(count, 1)
