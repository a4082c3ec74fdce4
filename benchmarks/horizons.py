"""Whether the horizon probabilities come true: who breaks any promise within 90 and 365 days of the next one.

    python -m benchmarks horizons                four real sets and a simulated world (minutes)

A window begins with a company's first promise in the test blocks of `accept_data` and holds so many days; the
next one begins where it ends. What was said at its first promise is held against whether any promise made in it
was broken. Windows that the data does not see the end of are left out. Beside the horizon stand independence,
1 - (1 - p)^n, and the beta-binomial, both with the expected number of promises for n, and what would be said of
a number that is known beforehand. On the simulated world the headline is judged: all kinds together.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import betaln

from benchmarks.accept_ours import OPEN, what_was_known
from benchmarks.accept_sets import DATA, SETS, DataSet
from benchmarks.common import say, table
from tallystick import open_book
from tallystick.adapters.validating import Refitted
from tallystick.rating import Policy
from tallystick.rating.horizon import DAYS, MOST_SURE, all_kept, horizons, promise_rate
from tallystick.rating.validation.bootstrap import DRAWS, estimate, party_codes, party_weights
from tallystick.rating.validation.examples import COUNTED, Examples, counted_in_order, examples_of
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.rating.validation.rolling import blocks_of, foretell
from tallystick.units import PPM, day_number
from tallystick.world import WorldConfig, simulate

BUCKETS: Final = 5
LEAST_WINDOWS: Final = 100
COMPANIES: Final = 3_000
DEALS: Final = 40_000
DAYS_TOLD: Final = 1_100
WORLD_AS_OF: Final = date(2025, 6, 30)
MATURING_DAYS: Final = 60
"""Promises of the simulated world have come to an outcome so long after they were made, nearly all."""


@dataclass(frozen=True, slots=True)
class Windows:
    """One row for each party and window. `said`: way of foretelling -> probability that any is broken."""

    party: Ints
    said: dict[str, Floats]
    broke: Floats


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the log loss of each set and horizon."""
    figures: dict[str, float] = {}
    for data in SETS:
        if not data.there():
            say(f"  {data.title}: {DATA / data.file} is absent; set TALLYSTICK_DATA")
            continue
        for days, found in zip(DAYS, real_windows(data), strict=True):
            figures |= told(f"{data.title}, {days} days", found)
    for days, found in zip(DAYS, world_windows(scale), strict=True):
        figures |= told(f"simulated world, headline, {days} days", found)
    return figures


def told(title: str, found: Windows) -> dict[str, float]:
    """Print one set: the ways beside each other, and the horizon by buckets of what it said."""
    if len(found.broke) < LEAST_WINDOWS:
        say(f"\n{title}: {len(found.broke)} whole windows, too few")
        return {}
    rows = [
        (way, f"{log_loss(p, found.broke):.4f}", *_level(p, found)) for way, p in found.said.items()
    ]
    heads = ("way", "log loss", "said", "observed over said")
    table(
        f"{title}: {len(found.broke):,} windows, {found.broke.mean():.1%} with a break", heads, rows
    )
    p = found.said["horizon"]
    parts = np.array_split(np.argsort(p, kind="stable"), BUCKETS)
    pairs = ", ".join(f"{p[part].mean():.2f} {found.broke[part].mean():.2f}" for part in parts)
    say(f"  said and observed, by fifths of what was said: {pairs}")
    return {f"{title}, log loss": log_loss(p, found.broke)}


def _level(p: Floats, found: Windows) -> tuple[str, str]:
    """Mean of what was said, and observed over expected with its interval, drawn by company."""
    codes, parties = party_codes(found.party)
    came, said = (np.bincount(codes, v, parties) for v in (found.broke, p))
    drawn = [float(w @ came / (w @ said)) for w in party_weights(parties, DRAWS)]
    e = estimate(float(found.broke.sum() / p.sum()), drawn)
    return f"{p.mean():.3f}", f"{e.value:.2f} [{e.low:.2f}, {e.high:.2f}]"


def log_loss(p: Floats, y: Floats) -> float:
    """Mean surprise, natural logarithm."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def real_windows(data: DataSet) -> list[Windows]:
    """Windows of one real set, for each horizon."""
    promises = counted_in_order(data.promises())
    examples = examples_of(promises, data.group)
    policy = Policy(record=OPEN)
    before = what_was_known(promises, examples, policy)
    foretold = foretell(examples, [Refitted(before, policy, "ours")], data.kind)
    rows = np.concatenate(blocks_of(len(examples)))
    known = before.known.take(rows)
    seen = _rate(known, examples, rows)
    card = policy.card(data.kind)
    strength = card.sure_peers + card.sure_own * known["n730"].to_numpy() / PPM
    strength = np.minimum(strength, MOST_SURE)
    return [
        _windows(examples, rows, foretold["p_ours"].to_numpy(), strength, seen, days)
        for days in DAYS
    ]


def _rate(known: pa.Table, examples: Examples, rows: Ints) -> tuple[Floats, Floats]:
    """Promises and days behind the rate of each promise's promisor, at its moment."""
    made, party = np.floor(examples.made), examples.promisor
    first = np.full(party.max() + 1, np.inf)
    np.minimum.at(first, party, made)
    # a file that begins today is none days old, whichever day this is
    begun = pa.array((first[party] - made)[rows].astype(np.int64))
    return promise_rate(pa.table({"raw180": known["raw180"], "first_day": begun}), 0)


def _windows(
    examples: Examples,
    rows: Ints,
    p: Floats,
    strength: Floats,
    seen: tuple[Floats, Floats],
    days: int,
) -> Windows:
    made, party, y = examples.made[rows], examples.promisor[rows], examples.y[rows] > 0
    first = np.full(party.max() + 1, np.inf)
    np.minimum.at(first, party, made)
    slot = np.floor((made - first[party]) / days).astype(np.int64)
    _, at, window, number = np.unique(
        party * (slot.max() + 1) + slot, return_index=True, return_inverse=True, return_counts=True
    )
    whole = first[party[at]] + (slot[at] + 1) * days <= examples.made.max()
    broke, at, number = (np.bincount(window, y) > 0)[whole], at[whole], number[whole]
    said = _said(p[at], strength[at], tuple(s[at] for s in seen), days, number)
    return Windows(party[at], said, broke.astype(np.float64))


def _said(
    p: Floats, strength: Floats, seen: Sequence[Floats], days: int, number: Ints
) -> dict[str, Floats]:
    alpha, beta = p * strength, (1 - p) * strength
    expected = 1 + seen[0] / seen[1] * days

    def binomial(n: Floats) -> Floats:
        kept: Floats = np.exp(betaln(alpha, beta + n) - betaln(alpha, beta))
        return 1 - kept

    return {
        "horizon": 1 - all_kept(alpha, beta, *seen, days, np.ones(len(p))),
        "beta-binomial, expected number": binomial(expected),
        "independence, expected number": 1 - (1 - p) ** expected,
        "beta-binomial, number known": binomial(number.astype(np.float64)),
    }


def world_windows(scale: float) -> list[Windows]:
    """Windows after one day of a simulated world, for each horizon, over all kinds of promise together."""
    with tempfile.TemporaryDirectory() as scratch:
        world, place = Path(scratch) / "world", Path(scratch) / "book"
        simulate(
            WorldConfig(round(COMPANIES * scale), round(DEALS * scale), 11, days=DAYS_TOLD), world
        )
        with open_book(place, create=True) as book:
            book.ingest([world])
            came = book.promises(cut=book.cut())
            fitted = book.fit(book.cut(WORLD_AS_OF), "horizons").policy
        with open_book(place, policy=fitted) as book:
            cut = book.cut(WORLD_AS_OF)
            ratings = cut.read("ratings")
            said = horizons(cut.read("records"), ratings, fitted, cut.as_of_day)
    heads = ratings.filter(pc.equal(ratings["scope"], "headline")).sort_by("company")
    return [_world_windows(_heads(said, days), heads, came, days) for days in DAYS]


def _heads(said: pa.Table, days: int) -> pa.Table:
    rows = pc.and_(pc.equal(said["scope"], "headline"), pc.equal(said["days"], days))
    return said.filter(rows).sort_by("company")


def _world_windows(said: pa.Table, heads: pa.Table, came: pa.Table, days: int) -> Windows:
    """Companies that were rated and made a promise afterwards, with what came of it and of those after it."""
    after = pc.greater(came["made_day"], day_number(WORLD_AS_OF))
    came = came.filter(pc.and_(after, pc.is_in(came["outcome"], pa.array(COUNTED))))
    company, made = came["promisor"].to_numpy(), came["made_day"].to_numpy()
    keys, place = np.unique(company, return_inverse=True)
    first = np.full(len(keys), np.iinfo(np.int64).max)
    np.minimum.at(first, place, made)
    broke = pc.not_equal(came["outcome"], "kept").to_numpy(zero_copy_only=False)
    any_broke = np.bincount(place, broke & (made <= first[place] + days), len(keys)) > 0
    whole = first + days + MATURING_DAYS <= made.max()
    rated = np.isin(keys, said["company"].to_numpy()) & whole
    at = np.searchsorted(said["company"].to_numpy(), keys[rated])
    p, number = (
        heads["broken_ppm"].to_numpy()[at] / PPM,
        said["promises_milli"].to_numpy()[at] / 1000,
    )
    ways = {
        "horizon": said["broken_ppm"].to_numpy()[at] / PPM,
        "independence, expected number": 1 - (1 - p) ** number,
    }
    return Windows(keys[rated], ways, any_broke[rated].astype(np.float64))
