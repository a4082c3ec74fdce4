"""The fraud that is planted in `world-1`, and who is in it.

| scheme | who is in it | what is done |
|---|---|---|
| `brushing` | a seller of bad conduct, 7 sham buyers | sham orders, kept on paper; no carrier sees them |
| `collusion` | a seller of bad conduct, 5 sham buyers | the same, and the last carrier vouches for them |
| `sybil` | 6 sham firms | sham orders round in a circle |
| `slander` | 4 buyers, against an honest seller | true orders, then complaints without ground |
| `exit_scam` | a seller | conduct better than most, then orders taken and not sent, then gone |
| `whitewash` | a seller of bad conduct, twice | it closes, and comes back under a new identity |

Worked example: in a world of 10,000 companies about 200 are in some 45 rings, and one deal in forty is sham.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tallystick.world.companies import FAR, Bools, Ints
from tallystick.world.config import WorldConfig
from tallystick.world.latent import MONTH, Nudge, months_of

SCHEMES: Final = ("brushing", "collusion", "sybil", "slander", "exit_scam", "whitewash")
BRUSHING, COLLUSION, SYBIL, SLANDER, EXIT_SCAM, WHITEWASH = range(6)
SHAM: Final = (BRUSHING, COLLUSION, SYBIL)
"""Schemes whose deals never took place."""

_MIX: Final = (0.25, 0.10, 0.10, 0.15, 0.20, 0.20)
_HANDS: Final = np.array([7, 5, 6, 4, 0, 1])
"""Sham firms of a ring; of `whitewash`, the new identity."""
_LED: Final = np.array([True, True, False, False, True, True])
"""Whether a real seller is part of the ring (in `slander` an honest one is its victim)."""

FRAUD_SHARE: Final = 0.02
_BAD: Final = 1.6
_GOOD: Final = -1.5
_SCAM: Final = 6.0


@dataclass(frozen=True, slots=True)
class Rings:
    """One entry per ring. `seller`: who gains, or the victim of slander, -1 in a circle; `first`, `hands`:
    where its sham firms lie in `firms`; `since`, `until`: days between which it acts.

    `label`, `ring`: for every trading company its scheme and ring, -1 where it is honest.
    """

    scheme: Ints
    seller: Ints
    first: Ints
    hands: Ints
    since: Ints
    until: Ints
    firms: Ints
    label: Ints
    ring: Ints

    def of(self, scheme: int) -> Ints:
        """The rings of a scheme."""
        return np.flatnonzero(self.scheme == scheme)

    def sham(self, count: int) -> Bools:
        """Which of so many companies are sham firms: those of a ring that make no true promises."""
        mask = np.zeros(count, dtype=np.bool_)
        owner = np.repeat(self.scheme, self.hands)
        mask[self.firms[owner != WHITEWASH]] = True
        return mask

    def hand(self, ring: Ints, place: Ints) -> Ints:
        """The sham firm of each ring at a place, counted round."""
        at = self.first[ring] + place % np.maximum(self.hands[ring], 1)
        return np.asarray(self.firms[np.minimum(at, len(self.firms) - 1)])


def plant(config: WorldConfig, sells: Ints) -> Rings:
    """Draw the rings. `sells`: sellers in the order of their activity, the busiest first: leaders and victims
    are taken from the busiest fifth, so that there is a record to lie about."""
    rng = np.random.default_rng([config.seed, 11])
    share = np.array(_MIX)
    count = round(FRAUD_SHARE * config.companies / float(share @ (_HANDS + _LED)))
    busy = sells[: len(sells) // 5]
    count = count if len(busy) > 4 * count else 0
    scheme = rng.permutation(np.searchsorted(np.cumsum(share), (np.arange(count) + 0.5) / count))
    hands = _HANDS[scheme]
    seller = np.where(scheme == SYBIL, -1, rng.permutation(busy)[:count])
    others = np.setdiff1d(np.arange(2, config.companies), seller)
    firms = rng.permutation(others)[: hands.sum()]
    since, until = _acting(config, rng, scheme)
    label, ring = np.full((2, config.companies), -1)
    owner = np.repeat(np.arange(count), hands)
    led = _LED[scheme]
    for who, of in ((firms, owner), (seller[led], np.flatnonzero(led))):
        label[who], ring[who] = scheme[of], of
    first = np.cumsum(hands) - hands
    return Rings(scheme, seller, first, hands, since, until, firms, label, ring)


def _acting(config: WorldConfig, rng: np.random.Generator, scheme: Ints) -> tuple[Ints, Ints]:
    """First and last day of each ring. An exit scam begins with a month, as conduct does."""
    begins = config.first_day + (rng.uniform(0.1, 0.92, size=len(scheme)) * config.days).astype(int)
    month = (begins - config.first_day) // MONTH * MONTH + config.first_day
    lasts = rng.integers(60, 180, size=len(scheme))
    scams = scheme == EXIT_SCAM
    since = np.where(scams, month, begins)
    return since, since + np.where(
        scams, MONTH + lasts // 12, np.where(scheme == SLANDER, lasts // 2, lasts)
    )


def nudges(config: WorldConfig, rings: Rings) -> list[Nudge]:
    """What the schemes do to the conduct of those who gain by them."""
    last = months_of(config)
    bad = np.isin(rings.scheme, (BRUSHING, COLLUSION, WHITEWASH))
    renewed = rings.of(WHITEWASH)
    worse = np.concatenate([rings.seller[bad], rings.hand(renewed, renewed * 0)])
    found = [Nudge(worse, 0, last, _BAD)]
    for ring in rings.of(EXIT_SCAM):
        turn = int(rings.since[ring] - config.first_day) // MONTH
        who = rings.seller[ring : ring + 1]
        found += [Nudge(who, 0, turn, _GOOD), Nudge(who, turn, last, _SCAM)]
    return found


def settle_days(rings: Rings, joined_on: Ints, left_on: Ints, rng: np.random.Generator) -> None:
    """Set when those in the rings come and go: sham firms shortly before they act, scammers and the old
    identities for good."""
    label = rings.label
    acting = np.repeat(rings.since, rings.hands)
    joined_on[rings.firms] = acting - rng.integers(5, 60, size=len(acting))
    left_on[: len(label)][label >= 0] = FAR
    scams, renewed = rings.of(EXIT_SCAM), rings.of(WHITEWASH)
    left_on[rings.seller[scams]] = rings.until[scams]
    left_on[rings.seller[renewed]] = rings.since[renewed]
    again = rings.hand(renewed, renewed * 0)
    joined_on[again] = rings.since[renewed] + rng.integers(5, 45, size=len(again))
