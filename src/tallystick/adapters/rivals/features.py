"""Raw facts of a promisor before each promise, for models that learn: counts, shares, days; nothing is shrunk.

Strictly what was known before the promise was made. What is not there is NaN, and a model may do with that what
it will.

Worked example: a party with outcomes known on days 3 (kept) and 9 (broken, 4 days late) promises on day 10:
`known` 2, `broken` 1, `share_ever` .5, `since_known` 1, `since_broken` 1, `late_mean` 2.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tallystick.rating.validation.examples import Examples
from tallystick.rating.validation.prequential import Floats, Timeline

HALF_LIVES_DAYS: Final = (7.0, 30.0, 90.0, 180.0, 365.0, 730.0)
FEATURES: Final = (
    "known",
    "broken",
    "share_ever",
    *(f"mass_{days:g}" for days in HALF_LIVES_DAYS),
    *(f"share_{days:g}" for days in HALF_LIVES_DAYS),
    "since_known",
    "since_broken",
    "last_broken",
    "counterparties",
    "late_mean",
    "late_mean_180",
    "made_before",
    "open",
    "age",
    "since_made",
    "value_mean",
    "received",
    "received_share",
    "market_7",
    "market_30",
    "market_180",
    "entrants_180",
)
DEAL_FEATURES: Final = (
    "value",
    "value_to_mean",
    "term",
    "lane_known",
    "lane_share",
    "lane_share_180",
    "group",
    "month",
    "weekday",
)
"""Of the deal and not of the party: with whom, how much, for how long."""


def raw_features(examples: Examples, deal: bool = False) -> Floats:
    """Promises x FEATURES; with DEAL_FEATURES behind them where `deal`."""
    columns = _of_party(examples) | _of_market(examples)
    names: tuple[str, ...] = FEATURES
    if deal:
        columns |= _of_deal(examples, columns["value_mean"])
        names += DEAL_FEATURES
    return np.stack([columns[name] for name in names], axis=1)


def _over(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Floats = np.where(bottom > 0, top / bottom, np.nan)
    return share


def _of_party(e: Examples) -> dict[str, Floats]:
    line = Timeline(e.promisor, e.known)
    one = np.ones(len(e))
    mass = np.stack([one, e.y, e.late_days, _first_of_pair(e), np.nan_to_num(e.value)], axis=1)
    ever = line.sums_before(mass, e.promisor, e.made, np.inf)
    out = {
        "known": ever[:, 0],
        "broken": ever[:, 1],
        "share_ever": _over(ever[:, 1], ever[:, 0]),
        "counterparties": ever[:, 3],
        "late_mean": _over(ever[:, 2], ever[:, 0]),
        "value_mean": _over(ever[:, 4], ever[:, 0]),
    }
    for days in HALF_LIVES_DAYS:
        sums = line.sums_before(mass[:, :3], e.promisor, e.made, days)
        out[f"mass_{days:g}"] = sums[:, 0]
        out[f"share_{days:g}"] = _over(sums[:, 1], sums[:, 0])
        if days == 180:
            out["late_mean_180"] = _over(sums[:, 2], sums[:, 0])
    return out | _recency(e, line) | _promised(e, ever[:, 0]) | _received(e)


def _first_of_pair(e: Examples) -> Floats:
    """1 for the outcome that is the first known between its two parties."""
    order = np.argsort(e.known, kind="stable")
    pair = e.promisor[order] * (int(e.promisee.max(initial=0)) + 1) + e.promisee[order]
    first = np.zeros(len(e))
    first[order[np.unique(pair, return_index=True)[1]]] = 1.0
    return first


def _recency(e: Examples, line: Timeline) -> dict[str, Floats]:
    last = line.last_before(e.promisor, e.made)
    since = np.full(len(e), np.nan)
    since[last >= 0] = e.made[last >= 0] - line.known[last[last >= 0]]
    broken = e.y > 0
    breaks = Timeline(e.promisor[broken], e.known[broken])
    place = breaks.last_before(e.promisor, e.made)
    since_broken = np.full(len(e), np.nan)
    since_broken[place >= 0] = e.made[place >= 0] - breaks.known[place[place >= 0]]
    last_y = np.where(last >= 0, e.y[line.order][last], np.nan)
    return {"since_known": since, "since_broken": since_broken, "last_broken": last_y}


def _promised(e: Examples, known: Floats) -> dict[str, Floats]:
    """Promises made before, and how many of them are still open."""
    made = Timeline(e.promisor, e.made)
    place = made.last_before(e.promisor, e.made)
    number = np.where(place >= 0, made.rank[place] + 1.0, 0.0)
    age, since = np.zeros(len(e)), np.full(len(e), np.nan)
    hit = place >= 0
    age[hit] = e.made[hit] - made.known[place[hit] - made.rank[place[hit]]]
    since[hit] = e.made[hit] - made.known[place[hit]]
    return {"made_before": number, "open": number - known, "age": age, "since_made": since}


def _received(e: Examples) -> dict[str, Floats]:
    """What the promisor saw as a promisee: outcomes of promises that were made to it."""
    line = Timeline(e.promisee, e.known)
    mass = np.stack([np.ones(len(e)), e.y], axis=1)
    sums = line.sums_before(mass, e.promisor, e.made, np.inf)
    return {"received": sums[:, 0], "received_share": _over(sums[:, 1], sums[:, 0])}


def _of_market(e: Examples) -> dict[str, Floats]:
    all_one = np.zeros(len(e), dtype=np.int64)
    line = Timeline(all_one, e.known)
    before = Timeline(e.promisor, e.known)
    place = before.last_before(e.promisor, e.made)
    entrant = np.where((place < 0) | (before.rank[place] < 2), 1.0, 0.0)
    mass = np.stack([np.ones(len(e)), e.y, entrant, entrant * e.y], axis=1)
    out = {}
    for days in (7.0, 30.0, 180.0):
        sums = line.sums_before(mass, all_one, e.made, days)
        out[f"market_{days:g}"] = _over(sums[:, 1], sums[:, 0])
    return out | {"entrants_180": _over(sums[:, 3], sums[:, 2])}


def _of_deal(e: Examples, mean: Floats) -> dict[str, Floats]:
    lane = e.promisor * (int(e.promisee.max(initial=0)) + 1) + e.promisee
    lane = np.unique(lane, return_inverse=True)[1].astype(np.int64)
    line = Timeline(lane, e.known)
    mass = np.stack([np.ones(len(e)), e.y], axis=1)
    ever, half = (line.sums_before(mass, lane, e.made, days) for days in (np.inf, 180.0))
    return {
        "value": e.value,
        "value_to_mean": _over(e.value, mean),
        "term": e.due - e.made,
        "lane_known": ever[:, 0],
        "lane_share": _over(ever[:, 1], ever[:, 0]),
        "lane_share_180": _over(half[:, 1], half[:, 0]),
        "group": e.group.astype(np.float64),
        "month": np.floor(e.made / 30.4375) % 12,
        "weekday": np.floor(e.made) % 7,
    }
