"""The companies of `world-1`: those of the plain world, with a life: they join, buy of a supplier, close.

Idea: `populate` draws who they are and how much they trade; here they get a main supplier, days of coming
and going, a hidden conduct that changes (`world/latent.py`), and a few are made part of a fraud
(`world/planted.py`). One in three joins while the world goes on. Some newcomers are not new: they are a
firm that closed, under another identity (`again`, `former`), with the conduct that it had.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from tallystick.world.companies import FAR, Bools, Companies, Floats, Ints, populate
from tallystick.world.config import WorldConfig
from tallystick.world.latent import SUPPLIED, Latent, Setting, live
from tallystick.world.planted import (
    BRUSHING,
    COLLUSION,
    WHITEWASH,
    Rings,
    nudges,
    plant,
    settle_days,
)

NEWCOMERS: Final = 0.35
"""Share of the companies that join after the first day."""

RENEWED: Final = 0.15
"""Share of the firms that closed by chance and come back under another identity."""

SERVED: Final = 0.02
AGENT_SERVES: Final = 40
"""Share of firms that are paid through an agent's account, and how many one agent serves."""

LINKED: Final = 0.3
SAME: Final = 0.6
"""Share of a ring's sham firms, and of re-used identities, that show by their account whose they are."""


@dataclass(frozen=True, slots=True)
class Society(Companies):
    """`left_on`: the day on which a company is gone, or `FAR`; `mortal`: those that close by chance;
    `again` and `former`: identities that were re-used, and whose they are; `account`: the number of the bank
    account of each company, which others may have too."""

    latent: Latent
    left_on: Ints
    mortal: Bools
    rings: Rings
    again: Ints
    former: Ints
    account: Ints

    def break_probability(self, kind: str, company: Ints, day: Ints) -> Floats:
        """As in the plain world, by the state of that month; a company that is gone keeps nothing."""
        p = self.latent.probability(kind, company, day)
        return np.where(day >= self.left_on[company], 1.0, p)

    def closing(self, company: Ints, day: Ints, until: Ints) -> Floats:
        """Probability, as of a day, that a company is gone on the day `until`: by chance, or as planned."""
        by_chance = self.latent.closing(company, day, until - day)
        planned = (self.left_on[company] <= until).astype(np.float64)
        return np.where(self.mortal[company], by_chance, planned)

    def active(self, company: Ints, day: Ints) -> Bools:
        """Whether each company trades on that day."""
        return np.asarray((self.joined_on[company] <= day) & (day < self.left_on[company]))


def found(config: WorldConfig) -> Society:
    """Draw the companies of `world-1`; memory is about 250 bytes a company for two years."""
    base = populate(config)
    rng = np.random.default_rng([config.seed, 12])
    weights = np.diff(np.stack([base.sell_cdf, base.buy_cdf]), prepend=0.0)
    rings = plant(config, _by_activity(weights[0], base.sells[: config.companies]))
    base = _with_parts_played(base, weights, rings)
    joined_on = _joining(config, rng, base)
    supplier = _suppliers(rng, base)
    mortal = np.arange(base.count) < config.companies
    mortal[:2] = False
    mortal[: config.companies] &= rings.label < 0
    setting = Setting(base.country, base.sector, supplier, joined_on, mortal)
    latent = live(config, setting, nudges(config, rings))
    left_on = latent.left_on
    settle_days(rings, joined_on, left_on, rng)
    again, former = _renew(config, rng, rings, joined_on, left_on, mortal)
    latent.state[:, again] = latent.state[:, former]
    latent.own[:, again] = latent.own[:, former]
    mortal[again] = False
    left_on[again] = FAR
    known = {f.name: getattr(base, f.name) for f in fields(Companies)} | {"joined_on": joined_on}
    return Society(
        **known,
        latent=latent,
        left_on=left_on,
        mortal=mortal,
        rings=rings,
        again=again,
        former=former,
        account=_accounts(rng, base, rings, again, former),
    )


def _by_activity(weight: Floats, sells: Bools) -> Ints:
    """Sellers, the busiest first, without the two that are always there."""
    order = np.argsort(-weight, kind="stable")
    return np.asarray(order[sells[order] & (order > 1)])


def _with_parts_played(base: Companies, weights: Floats, rings: Rings) -> Companies:
    """Sham firms trade with nobody else; a new identity sells as much as the old one did."""
    sells, buys = base.sells.copy(), base.buys.copy()
    weights[:, rings.firms] = 0.0
    buys[rings.firms] = True
    renewed = rings.of(WHITEWASH)
    new, old = rings.hand(renewed, renewed * 0), rings.seller[renewed]
    weights[:, new] = weights[:, old]
    sells[new], buys[new] = True, buys[old]
    cdf = np.cumsum(weights, axis=1)
    cdf /= cdf[:, -1:]
    turned_on = np.full(base.count, FAR)
    return replace(
        base, sells=sells, buys=buys, sell_cdf=cdf[0], buy_cdf=cdf[1], turned_on=turned_on
    )


def _joining(config: WorldConfig, rng: np.random.Generator, base: Companies) -> Ints:
    """Days of joining: most before the first day, the others at any time."""
    newcomer = rng.random(config.companies) < NEWCOMERS
    newcomer[:2] = False
    days = config.first_day + rng.integers(0, config.days, size=config.companies)
    joined_on = base.joined_on.copy()
    joined_on[: config.companies][newcomer] = days[newcomer]
    return joined_on


def _suppliers(rng: np.random.Generator, base: Companies) -> Ints:
    """The main supplier of each company, -1 where it has none: one among many, or many times the same."""
    drawn = np.searchsorted(base.sell_cdf, rng.random(base.trading), side="right")
    has = (rng.random(base.trading) < SUPPLIED) & (drawn != np.arange(base.trading))
    supplier = np.full(base.count, -1)
    supplier[: base.trading] = np.where(has, drawn, -1)
    return supplier


def _renew(
    config: WorldConfig,
    rng: np.random.Generator,
    rings: Rings,
    joined_on: Ints,
    left_on: Ints,
    mortal: Bools,
) -> tuple[Ints, Ints]:
    """Identities that were re-used, by fraud or not, and whose they are."""
    gone = np.flatnonzero(mortal & (left_on < FAR))
    gone = gone[np.argsort(left_on[gone], kind="stable")]
    new = np.flatnonzero(mortal & (joined_on >= config.first_day) & (left_on == FAR))
    new = rng.permutation(new)[: round(RENEWED * len(gone))]
    before = np.searchsorted(left_on[gone], joined_on[new] - 10)
    new, before = new[before > 0], before[before > 0]
    place = np.floor(rng.random(len(new)) * before).astype(np.int64)
    place, kept = np.unique(place, return_index=True)
    schemed = rings.of(WHITEWASH)
    again = np.concatenate([new[kept], rings.hand(schemed, schemed * 0)])
    return again, np.concatenate([gone[place], rings.seller[schemed]])


def _accounts(
    rng: np.random.Generator, base: Companies, rings: Rings, again: Ints, former: Ints
) -> Ints:
    """Who is paid into whose account: some through an agent, honest or not; some rings through one account;
    a new identity often into that of the old one."""
    account = np.arange(base.count)
    served = np.flatnonzero(rng.random(base.trading) < SERVED)
    agents = max(1, len(served) // AGENT_SERVES)
    account[served] = base.count + rng.integers(0, agents, size=len(served))
    owner = np.repeat(np.arange(len(rings.scheme)), rings.hands)
    gains = np.isin(rings.scheme, (BRUSHING, COLLUSION))[owner]
    one = np.where(gains, rings.seller[owner], rings.firms[rings.first[owner]])
    linked = rng.random(len(owner)) < LINKED
    account[rings.firms[linked]] = account[one[linked]]
    same = rng.random(len(again)) < SAME
    account[again[same]] = account[former[same]]
    return account
