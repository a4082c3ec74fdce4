"""How probable it is that a company breaks a promise in the next 90 or 365 days.

Idea: two things are uncertain. How many promises it makes: they come at a rate that is a Gamma distribution of
what was seen so far (half a promise in 60 days to begin with, then its own, decayed by a half-life of 180
days). And how likely each is broken: a Beta distribution about the rating, as strong as what became of files
says, those that went under or cheated among them. With both integrated out, the chance that the next promise
and all that come in h days after it are kept is, with a promises seen in d days and z = h / (h + d),

    E[(1 - p) (1 + p h / d)^-a] = (v / (u + v)) (1 - z)^u 2F1(u, u + v + 1 - a; u + v + 1; z),  p ~ Beta(u, v)

The window begins with the next promise, so no chance is below that of the next promise, and who deals more has
the higher one at the same conduct. Kinds of promise are taken to be broken independently of each other; a role
or the headline has one next promise, of each kind with its share.

Worked example: p = .1 with 7.5 promises' worth of knowledge, 2.5 promises seen in 120 days. In 90 days after
the next one another 1.9 are expected; all are kept with a chance of .78, where .9^2.9 would be .74: the mean
of what may happen lies above what happens at the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import betaincinv, betaln, hyp2f1

from tallystick.promises import ROLE_OF_SIDE
from tallystick.rating.policy import Policy
from tallystick.rating.score import Floats, Ints, shares_of, strength_of
from tallystick.units import PPM

DAYS: Final = (90, 365)

MOST_DAYS: Final = 365

FIRST_PROMISES: Final = 0.5
FIRST_DAYS: Final = 60.0
"""The rate of whom nothing is known: half a promise in 60 days. Of the pairs that were tried (a quarter to one
promise, 30 to 180 days, the rate of all) it does best on the real sets taken together."""

HALF_LIFE_DAYS: Final = 180

MOST_SURE: Final = 300.0
"""What is known of a company tells no more of months to come than so many promises would: conduct drifts."""

MOST_PROMISES: Final = 5_000.0
"""A rate that so many promises tell is as good as certain; 2F1 is exact up to twice as many."""

LEAST_ALPHA: Final = 0.25
"""The Beta distribution is never taken for narrower than a quarter of a broken promise leaves it: below that
its upper quantile falls under its own mean."""

LEAST: Final = 1e-12
"""No chance is taken to be less."""

HORIZON: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("scope", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("days", pa.int64(), nullable=False),
        pa.field("promises_milli", pa.int64(), nullable=False),
        pa.field("broken_ppm", pa.int64(), nullable=False),
        pa.field("low_ppm", pa.int64(), nullable=False),
        pa.field("high_ppm", pa.int64(), nullable=False),
    ]
)
"""Key (company, scope, role, kind, days), scopes as in RATING. `broken_ppm`: probability that at least one of
the promises from the next one on to `days` after it is broken, with its interval; all are kept with what is
left to a million. `promises_milli`: thousandths of promises that are expected, the next one with them."""


def horizons(
    records: pa.Table, ratings: pa.Table, policy: Policy, as_of_day: int, days: Sequence[int] = DAYS
) -> pa.Table:
    """Horizons (schema HORIZON) of whole companies: headlines, roles and kinds, each by company.

    `records`: their track records (schema RECORD); `ratings`: what `rate` said of them (schema RATING). Raises
    `ValueError` for days beyond a year: nothing here was measured so far ahead.
    """
    order = [("company", "ascending"), ("kind", "ascending")]
    if not all(0 < horizon <= MOST_DAYS for horizon in days):
        raise ValueError(f"horizons go up to {MOST_DAYS} days, not {max(days)}")
    if not len(records):
        return HORIZON.empty_table()
    records = records.sort_by(order)
    kinds = ratings.filter(pc.equal(ratings["scope"], "kind")).sort_by(order)
    said = _Said(records, kinds, policy, as_of_day)
    out = []
    for scope in ("headline", "role", "kind"):
        mix = _Mix(scope, kinds, records)
        before = mix.rated(ratings)
        for horizon in sorted(days):
            found = _horizon(mix, said, horizon, before, policy)
            before = found["low_ppm"], found["high_ppm"]
            out.append(pa.table({f.name: found[f.name] for f in HORIZON}, schema=HORIZON))
    return pa.concat_tables(out)


def promise_rate(records: pa.Table, as_of_day: int) -> tuple[Floats, Floats]:
    """Promises and days of each track record, what is expected of anybody among them: both decayed, and the
    first of the days is that of its first promise."""
    begun = pc.fill_null(records["first_day"], as_of_day).to_numpy()
    age = np.maximum(as_of_day - begun, 0)
    seen = HALF_LIFE_DAYS / np.log(2) * (1 - np.exp2(-age / HALF_LIFE_DAYS))
    promises, days = FIRST_PROMISES + records["raw180"].to_numpy() / PPM, FIRST_DAYS + seen
    part = np.minimum(MOST_PROMISES / promises, 1.0)
    return part * promises, part * days


def all_kept(
    alpha: Floats, beta: Floats, promises: Floats, seen_days: Floats, days: float, share: Floats
) -> Floats:
    """The expectation of (1 - p)^share (1 + p days / seen_days)^-promises for p of Beta(alpha, beta): that
    `share` of a next promise and what comes in `days` after it are kept."""
    more = days / seen_days
    whole = alpha + beta + share
    next_kept = np.exp(betaln(alpha, beta + share) - betaln(alpha, beta))
    # Pfaff's form of 2F1, whose argument stays below 1
    rest = (1 + more) ** -alpha * hyp2f1(alpha, whole - promises, whole, more / (1 + more))
    kept: Floats = np.clip(next_kept * rest, LEAST, 1.0)
    return kept


class _Said:
    """What is known of each row of track records."""

    def __init__(self, records: pa.Table, kinds: pa.Table, policy: Policy, as_of_day: int) -> None:
        p = np.clip(kinds["broken_ppm"].to_numpy(), 1, PPM - 1) / PPM
        strength = np.minimum(strength_of(records, policy), MOST_SURE)
        self.alpha, self.beta = p * strength, (1 - p) * strength
        self.promises, self.seen_days = promise_rate(records, as_of_day)

    def kept(self, days: int, share: Floats, times: int = 1, least_alpha: float = 0.0) -> Floats:
        """Expectation of the chance that all are kept, to the power of `times`."""
        alpha = np.maximum(self.alpha, least_alpha)
        return all_kept(
            alpha, self.beta, times * self.promises, self.seen_days, days, times * share
        )


class _Mix:
    """The kinds of promise of each headline, role or kind."""

    def __init__(self, scope: str, kinds: pa.Table, records: pa.Table) -> None:
        self.scope, company = scope, kinds["company"].to_numpy()
        names = pa.array(sorted(set(ROLE_OF_SIDE.values())))
        role = pc.index_in(kinds["role"].combine_chunks(), value_set=names).to_numpy()
        if scope == "headline":
            role = np.zeros(len(kinds), dtype=np.int64)
        self.order: Ints = np.lexsort((role, company))
        changed = (company[self.order][1:] != company[self.order][:-1]) | (
            role[self.order][1:] != role[self.order][:-1]
        )
        fresh = np.concatenate([np.ones(min(len(kinds), 1), bool), changed | (scope == "kind")])
        self.starts, group = np.flatnonzero(fresh), np.cumsum(fresh) - 1
        self.share = shares_of(records, self.order, self.starts, group)
        firsts = kinds.take(self.order[self.starts])
        blank = pa.repeat("", len(firsts))
        self.keys = {
            "company": firsts["company"],
            "scope": pa.repeat(scope, len(firsts)),
            "role": blank if scope == "headline" else firsts["role"],
            "kind": firsts["kind"] if scope == "kind" else blank,
        }

    def summed(self, values: Floats) -> Floats:
        """Values of rows in the order of the records, added up by group."""
        total: Floats = np.add.reduceat(values[self.order], self.starts)
        return total

    def rated(self, ratings: pa.Table) -> tuple[Ints, Ints]:
        """The ends of the interval of the next promise."""
        rows = ratings.filter(pc.equal(ratings["scope"], self.scope))
        rows = rows.sort_by([(name, "ascending") for name in ("company", "role", "kind")])
        place = pa.table(self.keys | {"place": np.arange(len(rows))})
        place = place.sort_by([(name, "ascending") for name in ("company", "role", "kind")])
        back = np.argsort(place["place"].to_numpy())
        return rows["low_ppm"].to_numpy()[back], rows["high_ppm"].to_numpy()[back]


def _horizon(
    mix: _Mix, said: _Said, days: int, before: tuple[Ints, Ints], policy: Policy
) -> dict[str, Any]:
    share = np.empty(len(mix.order))
    share[mix.order] = mix.share
    mean = np.exp(mix.summed(np.log(said.kept(days, share))))
    once, twice = (
        np.exp(mix.summed(np.log(said.kept(days, share, times, LEAST_ALPHA)))) for times in (1, 2)
    )
    low, high = _ends(once, twice, policy.coverage_ppm / PPM)
    come = 1 + mix.summed(said.promises / said.seen_days * days)
    broken = _ppm(1 - mean)
    # A chance far out in a lopsided distribution may lie beyond its ends: it never leaves what is told of it.
    return mix.keys | {
        "days": np.full(len(mean), days, dtype=np.int64),
        "promises_milli": np.rint(come * 1000).astype(np.int64),
        "broken_ppm": broken,
        "low_ppm": np.minimum(np.maximum(_ppm(low), before[0]), broken),
        "high_ppm": np.maximum(np.maximum(_ppm(high), before[1]), broken),
    }


def _ends(once: Floats, twice: Floats, covered: float) -> tuple[Floats, Floats]:
    """The interval of a chance to break any, from the first two moments of the chance to keep all: that of the
    Beta distribution with these moments, which for one promise is exact."""
    variance = np.maximum(twice - once**2, 1e-12)
    strength = np.maximum(once * (1 - once) / variance - 1, 1e-6)
    alpha, beta = np.maximum((1 - once) * strength, 1e-9), np.maximum(once * strength, 1e-9)
    tail = (1 - covered) / 2
    return betaincinv(alpha, beta, tail), betaincinv(alpha, beta, 1 - tail)


def _ppm(share: Floats) -> Ints:
    ppm: Ints = np.rint(np.clip(share, 0, 1) * PPM).astype(np.int64)
    return ppm
