"""An honest market at the level of promises: sellers with a true probability of breaking one, and their record.

Idea: an attack is judged by the place that the attacker reaches among honest sellers, so there must be some,
with the noise of real records: few promises each, some told wrongly, half of them seen by nobody independent.

>>> market = make_market(seed=1, sellers=20, buyers=50)
>>> len(market.sellers), market.truth.min() > 0
(20, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tallystick.world.attack.rows import DAYS_TO_KEEP, Ints, Rows, joined, promises, rows

Floats = npt.NDArray[np.float64]

AS_OF_DAY: Final = 20_454
"""2026-01-01."""

DAYS: Final = 730
YEAR: Final = 365
MEDIAN_CENTS: Final = 200_000
MEDIAN_PROMISES: Final = 20
TOLD_WRONG: Final = 0.03
ANCHORED: Final = 0.5
BREAKS: Final = (1.2, 18.0)
VERIFIED: Final = 0.9
"""Share of honest companies whose identity was checked, at some day of the last five years."""

FIRST_SELLER: Final = 1
FIRST_BUYER: Final = 1_000_000
OWN: Final = 10_000_000
"""Company keys: honest sellers and buyers from these on; from OWN on what an attacker makes."""

COMPANIES: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("identity", pa.string(), nullable=False),
        pa.field("verified_day", pa.int32()),
    ]
)
"""Who takes part: `identity` is honest, unverified, mule, shell or target; `verified_day` null: not checked."""


@dataclass(frozen=True, slots=True)
class Market:
    """Honest companies: `truth[n]` is the probability that `sellers[n]` breaks its next promise, `rate[n]` how
    many promises it makes in two years; `record`: their promises; `companies`: schema COMPANIES."""

    seed: int
    sellers: Ints
    buyers: Ints
    truth: Floats
    rate: Floats
    record: Rows
    companies: pa.Table
    as_of_day: int = AS_OF_DAY

    @property
    def promises(self) -> pa.Table:
        """The record as a table of schema PROMISE."""
        return promises(self.record)

    def random(self, salt: int) -> np.random.Generator:
        """Random numbers of this market, the same for every strategy that is tried in it."""
        return np.random.default_rng([self.seed, salt])


def companies(keys: Ints, identity: str, verified_day: Ints | int | None) -> pa.Table:
    """A table of schema COMPANIES; `verified_day` below 0 or None: not checked."""
    days = np.broadcast_to(-1 if verified_day is None else verified_day, len(keys))
    columns = [
        pa.array(keys, pa.int64()),
        pa.repeat(identity, len(keys)),
        pa.array(days.astype(np.int32), pa.int32(), mask=days < 0),
    ]
    return pa.table(columns, schema=COMPANIES)


def make_market(seed: int, sellers: int = 400, buyers: int = 1500) -> Market:
    """A market; the same seed gives the same one."""
    random = np.random.default_rng([seed, 0])
    truth = random.beta(*BREAKS, sellers)
    rate = MEDIAN_PROMISES * np.exp(random.normal(0, 0.8, sellers))
    counts = np.maximum(np.rint(rate).astype(np.int64), 1)
    seller = np.repeat(np.arange(sellers), counts)
    liking = np.exp(random.normal(0, 0.7, buyers))
    buyer = random.choice(buyers, len(seller), p=liking / liking.sum())
    day = AS_OF_DAY - DAYS_TO_KEEP - random.integers(0, DAYS - DAYS_TO_KEEP, len(seller))
    cents = np.rint(MEDIAN_CENTS * np.exp(random.normal(0, 0.8, len(seller)))).astype(np.int64)
    broken = random.random(len(seller)) < truth[seller]
    broken ^= random.random(len(seller)) < TOLD_WRONG
    seen = random.random(len(seller)) < ANCHORED
    record = joined(
        rows(FIRST_SELLER + seller[part], FIRST_BUYER + buyer[part], day[part], cents[part], told,
             broken[part])
        for told, part in (("parcel", seen), ("word", ~seen))
    )  # fmt: skip
    keys = (np.arange(sellers) + FIRST_SELLER, np.arange(buyers) + FIRST_BUYER)
    checked = AS_OF_DAY - random.integers(0, 5 * YEAR, sellers + buyers)
    checked[random.random(len(checked)) >= VERIFIED] = -1
    known = companies(np.concatenate(keys), "honest", checked)
    return Market(seed, *keys, truth, rate, record, known)
