"""The companies of a world: who they are, how much they trade, and how often they truly break a promise.

Idea: every company has one hidden disposition, and a part of its own for each kind of promise. Ranked by
the mix of both, companies are handed the sorted values of a Beta distribution for that kind: so the
probabilities of a kind follow the Beta exactly, while a company that pays late tends to dispatch late
too. Country moves the rank a little. A few companies turn for better or worse on one day.

Worked example: with `Beta(1.0, 11.0)` for `dispatch` the mean company breaks 8 % of its dispatch dates,
the best tenth less than 1 %, the worst tenth more than 19 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tallystick.world.config import WorldConfig
from tallystick.world.places import COUNTRIES, SECTORS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FAR: Final = 10**8
"""A day that never comes: what does not happen happens on it, and whatever follows from that, later."""

SELLER_KINDS: Final = (
    "respond",
    "quote",
    "confirm",
    "dispatch",
    "deliver",
    "conform",
    "declare",
    "refund",
)
BUYER_KINDS: Final = ("order", "deposit", "receive", "pay", "declare_import")
CARRIER_KINDS: Final = ("collect", "arrive")
INSURER_KINDS: Final = ("settle", "cover")
BANK_KINDS: Final = ("remit",)
PROMISES: Final = SELLER_KINDS + BUYER_KINDS + CARRIER_KINDS + INSURER_KINDS + BANK_KINDS

SERVICES: Final = ("carrier", "bank", "insurer", "inspector", "payment_service", "platform")
"""Roles of the companies that serve the trade, in the order in which they follow the trading ones."""

_BETA: Final[dict[str, tuple[float, float]]] = {
    "respond": (1.2, 8.8),
    "quote": (0.9, 17.0),
    "confirm": (0.9, 30.0),
    "dispatch": (1.0, 11.0),
    "deliver": (0.8, 18.0),
    "conform": (0.9, 16.0),
    "declare": (0.5, 12.0),
    "refund": (1.2, 10.0),
    "order": (0.8, 30.0),
    "deposit": (0.9, 14.0),
    "receive": (0.7, 25.0),
    "pay": (1.0, 7.0),
    "declare_import": (0.5, 14.0),
    "collect": (3.0, 45.0),
    "arrive": (3.0, 30.0),
    "settle": (2.0, 16.0),
    "cover": (1.0, 16.0),
    "remit": (1.5, 120.0),
}
_COMMON: Final = 0.45
"""Share of the score's variance that a company's promises have in common: the rank correlation between
two kinds is about as high."""

_TURNING: Final = 0.04
_TURN_LOGIT: Final = (1.5, -1.0)
_SIZE_SHARES: Final = (0.60, 0.90, 0.98)


@dataclass(frozen=True, slots=True)
class Companies:
    """Arrays over all companies: first the `trading` ones, then carriers, banks, insurers, inspectors,
    the payment service and the platform (`first` has the index where each of these begins).

    `breaks`: shape (promises, companies), the probability before the turn; `turned_on`: day of the turn or
    `FAR`; `turn_logit`: what is added to the logit from that day on; `sell_cdf`, `buy_cdf`: cumulative
    activity.
    """

    country: Ints
    local: Ints
    size: Ints
    sector: Ints
    scale: Floats
    sells: Bools
    buys: Bools
    sell_cdf: Floats
    buy_cdf: Floats
    joined_on: Ints
    breaks: Floats
    turned_on: Ints
    turn_logit: Floats
    trading: int
    first: dict[str, int]

    @property
    def count(self) -> int:
        """All companies, trading or serving."""
        return len(self.country)

    @property
    def countries(self) -> list[str]:
        """Country codes of the trading companies."""
        return [COUNTRIES[number].code for number in self.country[: self.trading].tolist()]

    def break_probability(self, kind: str, company: Ints, day: Ints) -> Floats:
        """Probability that each company breaks a promise of that kind made on that day."""
        p = self.breaks[PROMISES.index(kind), company]
        shift = np.where(day >= self.turned_on[company], self.turn_logit[company], 0.0)
        odds = p / (1 - p) * np.exp(shift)
        return np.asarray(odds / (1 + odds))

    def holds(self, kind: str) -> Bools:
        """Which companies ever make promises of that kind."""
        if kind in SELLER_KINDS:
            return self.sells
        if kind in BUYER_KINDS:
            return self.buys
        mask = np.zeros(self.count, dtype=np.bool_)
        serving = {"carrier": CARRIER_KINDS, "insurer": INSURER_KINDS, "bank": BANK_KINDS}
        for role, kinds in serving.items():
            if kind in kinds:
                start = self.first[role]
                mask[start : start + self.first["count_" + role]] = True
        return mask


def populate(config: WorldConfig) -> Companies:
    """Draw the companies of a world; memory is about 250 bytes a company."""
    rng = np.random.default_rng([config.seed, 0])
    trading = config.companies
    first = _layout(config)
    count = first["platform"] + 1
    weights = np.array([c.weight for c in COUNTRIES])
    country = rng.choice(len(COUNTRIES), size=count, p=weights / weights.sum())
    role = rng.random(count)
    sells, buys = role < 0.55, role > 0.40
    sells[:2], buys[:2] = True, True
    sells[trading:], buys[trading:] = False, False
    activity = _activity(rng, trading)
    turned_on = np.full(count, FAR)
    turning = rng.random(trading) < _TURNING
    days = rng.integers(config.first_day, config.horizon, size=trading)
    turned_on[:trading][turning] = days[turning]
    return Companies(
        country=country,
        local=_local_number(country),
        size=_sizes(activity, count),
        sector=rng.integers(0, len(SECTORS), size=count),
        scale=np.exp(rng.normal(0.0, 0.5, size=count)),
        sells=sells,
        buys=buys,
        sell_cdf=_cumulative(np.where(sells[:trading], activity, 0.0)),
        buy_cdf=_cumulative(np.where(buys[:trading], activity**0.8, 0.0)),
        joined_on=config.first_day - rng.integers(30, 1500, size=count),
        breaks=_breaks(config, rng, country),
        turned_on=turned_on,
        turn_logit=np.where(rng.random(count) < 0.6, *_TURN_LOGIT),
        trading=trading,
        first=first,
    )


def _breaks(config: WorldConfig, rng: np.random.Generator, country: Ints) -> Floats:
    """Break probabilities of the plain world; in `world-1` they come from `world/latent.py`."""
    if config.world == "world-1":
        return np.empty((0, len(country)))
    return _dispositions(rng, country, config.companies)


def _layout(config: WorldConfig) -> dict[str, int]:
    """Index of the first company of each serving role, and `count_<role>`."""
    counts = (config.carriers, config.banks, config.insurers, config.inspectors, 1, 1)
    first: dict[str, int] = {}
    at = config.companies
    for role, count in zip(SERVICES, counts, strict=True):
        first[role], first["count_" + role] = at, count
        at += count
    return first


def _activity(rng: np.random.Generator, trading: int) -> Floats:
    """Zipf-like weights in random order: the busiest trade thousands of times more than the median."""
    rank = rng.permutation(trading) + 1.0
    return np.asarray((rank + 3.0) ** -0.95)


def _cumulative(weight: Floats) -> Floats:
    total = np.cumsum(weight)
    return np.asarray(total / total[-1])


def _sizes(activity: Floats, count: int) -> Ints:
    """Index into `SIZES` by rank of activity; companies that serve are large."""
    size = np.full(count, 3)
    rank = np.argsort(np.argsort(activity, kind="stable"), kind="stable") / len(activity)
    size[: len(activity)] = np.searchsorted(np.array(_SIZE_SHARES), rank, side="right")
    return size


def _local_number(country: Ints) -> Ints:
    """The how-manieth company of its country each one is, from 0."""
    local = np.empty(len(country), dtype=np.int64)
    for code in range(len(COUNTRIES)):
        members = np.flatnonzero(country == code)
        local[members] = np.arange(len(members))
    return local


def _dispositions(rng: np.random.Generator, country: Ints, trading: int) -> Floats:
    """Break probabilities, shape (promises, companies); see the module's idea.

    Trading and serving companies are ranked apart: six carriers shall spread over the whole Beta."""
    lean = np.array([c.lean for c in COUNTRIES])[country]
    common = np.sqrt(_COMMON) * rng.normal(size=len(country)) + lean
    breaks = np.empty((len(PROMISES), len(country)))
    for row, kind in enumerate(PROMISES):
        score = common + np.sqrt(1 - _COMMON) * rng.normal(size=len(country))
        for part in (slice(0, trading), slice(trading, None)):
            values = np.sort(rng.beta(*_BETA[kind], size=len(score[part])))
            breaks[row, part][np.argsort(score[part], kind="stable")] = values
    return np.asarray(np.clip(breaks, 0.0005, 0.9))
