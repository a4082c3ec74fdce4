"""From track records to ratings: shrunk probability, interval, grade, and points that add up.

Idea: the log-odds that the next promise is broken are a sum of terms (rating/terms.py): what is expected of
peers, and by how much the party's decayed record moves that. The sum is built up in steps (peers of all
countries, own country, the market's level, promises kept, promises broken, alarms, corroboration, value, cap
per counterparty, counterparties that nobody knows, other kinds, standing, related companies). Each step changes
the score by some points; the points are the reasons, and by construction they add up to the score.

Worked example: peers at 5 % score 600 points. Evidence of 3 promises kept halves the odds to about
2.5 %: +20 points and a bit, because 20 points stand for odds doubled.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.promises import PROMISES, ROLE_OF_SIDE
from tallystick.rating.background import kin_term, standing_term
from tallystick.rating.policy import (
    GRADE_CEILING_PPM,
    GRADES,
    LEVEL_FLOOR_MICRO,
    Policy,
)
from tallystick.rating.prior import Prior, chance
from tallystick.rating.spread import interval_ppm, mixed_spread, spread_of
from tallystick.rating.terms import (
    COUNTED,
    TOLD,
    Weights,
    alarms,
    beside,
    masses_of,
    own_odds,
    places_of,
    record_others,
)
from tallystick.units import PPM

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STEPS: Final = ("R08c", "R09", "R02", "R01", "R06", "R13", "R15", "R11", "R12", "R20", "R17", "R18")
"""Reason codes in the order of the build-up; the first entry of the ladder is the base."""

_LEVELS: Final = pa.array(["E0", "E1", "E2", "E3", "E4"])
_GRADES: Final = pa.array([*GRADES, "NR"])

_COUNTS: Final = (
    "n_promises n_open n_kept n_late n_partial n_broken n_excused n_disputed n_anchored"
).split()

RATING: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("scope", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("broken_ppm", pa.int64(), nullable=False),
        pa.field("low_ppm", pa.int64(), nullable=False),
        pa.field("high_ppm", pa.int64(), nullable=False),
        pa.field("grade", pa.string(), nullable=False),
        pa.field("evidence_level", pa.string(), nullable=False),
        pa.field("evidence_micro", pa.int64(), nullable=False),
        pa.field("score_tenths", pa.int64(), nullable=False),
        pa.field("base_tenths", pa.int64(), nullable=False),
        *(pa.field(f"{code}_tenths", pa.int64(), nullable=False) for code in STEPS),
        pa.field("exposure_cents", pa.int64(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in _COUNTS),
        pa.field("n_counterparties", pa.int64(), nullable=False),
        pa.field("value_cents", pa.int64(), nullable=False),
        pa.field("last_day", pa.int64()),
        pa.field("last_broken_day", pa.int64()),
    ]
)
"""A rating: key (company, scope, role, kind); `scope` is `kind`, `role` or `headline`, with "" for what a
scope does not have. Probabilities in ppm of breaking the next promise, interval as the policy says; points
in tenths; `score_tenths` = `base_tenths` + the steps, exactly."""


def points(p: Floats) -> Floats:
    """Score of a probability: 600 at 5 %, 20 points for odds doubled (method S9)."""
    score: Floats = 600 + 20 / np.log(2) * (np.log((1 - p) / p) - np.log(19))
    return score


def ladder(records: pa.Table, prior: Prior, policy: Policy, as_of_day: int) -> Floats:
    """Probabilities, rows x (1 + number of STEPS): each column adds one step; the last is the rating."""
    kind = records["kind"].combine_chunks()
    country = pc.fill_null(records["country"], "").combine_chunks()
    weights = Weights(policy, kind)
    expected = prior.expected(kind, country)

    def own(total: str, broken: str) -> Floats:
        told = masses_of(records, *TOLD) if (total, broken) == COUNTED else None
        return own_odds(expected.market, masses_of(records, total, broken), weights, told)

    def kept(h: str) -> tuple[Floats, Floats]:
        total, broken = masses_of(records, "raw", "rawb")(h)
        return total - broken, np.zeros(len(total))

    peers = [
        weights["intercept"] + weights["prior"] * own for own in (expected.root, expected.group)
    ]
    market = weights["intercept"] + weights["prior"] * expected.market
    market += weights["level"] * expected.level + weights["entrants"] * expected.entrants
    alarm = _alarm(records, weights, as_of_day)
    record = [own_odds(expected.market, kept, weights), own("raw", "rawb")]
    seen = [own(total, broken) for total, broken in _RULES]
    steps = [*peers, market, *(market + o for o in record)]
    steps += [market + alarm + o for o in (record[1], *seen)]
    others = record_others(records, expected.market, weights["deep"])
    steps.append(steps[-1] + weights["others"] * others)
    steps.append(steps[-1] + weights["standing"] * standing_term(records))
    steps.append(steps[-1] + weights["kin"] * kin_term(records))
    # one step beside the other in memory, since steps are worked on one by one
    return chance(np.array(steps)).T


_RULES: Final = (("cor", "corb"), ("val", "valb"), ("cap", "capb"), COUNTED)
"""Masses under one more rule each: corroboration, value, cap per counterparty, pools of what is unproven."""


def _alarm(records: pa.Table, weights: Weights, as_of_day: int) -> Floats:
    told = alarms(records, float(as_of_day))
    out: Floats = (
        weights["week"] * told.week + weights["day"] * told.day + weights["last"] * told.last
    )
    return out


def rate_kinds(
    records: pa.Table, prior: Prior, policy: Policy, as_of_day: int
) -> tuple[pa.Table, Floats]:
    """Ratings per kind of promise (scope `kind`), and the ladder behind them. `records`: schema RECORD with
    `country`, ordered by company and kind."""
    steps = ladder(records, prior, policy, as_of_day)
    evidence = records["n730"].to_numpy()
    kinds = records["kind"].combine_chunks().dictionary_encode()
    roles = pa.array([PROMISES[kind].role for kind in kinds.dictionary.to_pylist()], pa.string())
    medians = records["median_cents"].to_numpy() * policy.exposure_floor_medians
    exposure = np.maximum(records["proven_cents"].to_numpy() * policy.exposure_ppm // PPM, medians)
    columns = _judged(steps, spreads_of(records, steps[:, -1], policy), evidence, policy) | {
        "company": records["company"],
        "scope": pa.repeat("kind", len(records)),
        "role": roles.take(kinds.indices),
        "kind": records["kind"],
        "exposure_cents": exposure,
        "n_counterparties": records["n_counterparties"],
        "last_day": records["last_day"],
        "last_broken_day": records["last_broken_day"],
    }
    columns |= {name: records[name] for name in [*_COUNTS, "value_cents"]}
    return pa.table({f.name: columns[f.name] for f in RATING}, schema=RATING), steps


def strength_of(records: pa.Table, policy: Policy) -> Floats:
    """How many promises' worth of knowledge of the months to come stands behind each row, peers' included."""
    weights = Weights(policy, records["kind"].combine_chunks())
    out: Floats = weights["sure_peers"] + weights["sure_own"] * records["n730"].to_numpy() / PPM
    return out


def spreads_of(records: pa.Table, p: Floats, policy: Policy) -> Floats:
    """Spread of the log-odds of each row that states `p`."""
    weights = Weights(policy, records["kind"].combine_chunks())
    evidence = records["n730"].to_numpy() / PPM
    others = beside(places_of(records["company"].to_numpy()), evidence)
    return spread_of(p, evidence, weights["precision_peers"], weights["precision_own"], others)


def _judged(steps: Floats, spread: Floats, evidence: Ints, policy: Policy) -> dict[str, object]:
    p = steps[:, -1]
    tenths = np.rint(points(steps) * 10).astype(np.int64)
    low, high = interval_ppm(p, spread, policy.coverage_ppm / PPM)
    out: dict[str, object] = {
        "broken_ppm": np.rint(p * PPM).astype(np.int64),
        "low_ppm": low,
        "high_ppm": high,
        "evidence_micro": evidence,
        "evidence_level": _LEVELS.take(
            pa.array(np.searchsorted(LEVEL_FLOOR_MICRO, evidence, side="right"))
        ),
        "score_tenths": tenths[:, -1],
        "base_tenths": tenths[:, 0],
    }
    grade = np.searchsorted(GRADE_CEILING_PPM, np.rint(p * PPM))
    grade[evidence < policy.min_evidence_micro] = len(GRADES)
    out["grade"] = _GRADES.take(pa.array(grade))
    for n, code in enumerate(STEPS, start=1):
        out[f"{code}_tenths"] = tenths[:, n] - tenths[:, n - 1]
    return out


def roll_up(
    kinds: pa.Table, records: pa.Table, steps: Floats, policy: Policy, by_role: bool
) -> pa.Table:
    """Ratings per role (`by_role`) or per company, as the mix of the kinds by the value of the last year.

    Where a company's kinds have no value, by evidence. The interval is that of the mix.
    """
    company = kinds["company"].to_numpy()
    names = pa.array(sorted(set(ROLE_OF_SIDE.values())))
    role = pc.index_in(kinds["role"].combine_chunks(), value_set=names).to_numpy()
    order = np.lexsort((role, company)) if by_role else slice(None)
    spread = spreads_of(records, steps[:, -1], policy)[order]
    company, steps = company[order], steps.T[:, order].T
    role = role[order]
    fresh = np.ones(len(company), dtype=bool)
    fresh[1:] = company[1:] != company[:-1]
    if by_role:
        fresh[1:] |= role[1:] != role[:-1]
    starts = np.flatnonzero(fresh)
    group = np.cumsum(fresh) - 1
    share = shares_of(records, order, starts, group)
    mixed = np.array([np.add.reduceat(step * share, starts) for step in steps.T]).T
    spread = mixed_spread(share, steps[:, -1], spread, starts, mixed[:, -1])
    evidence = np.add.reduceat(records["n730"].to_numpy()[order], starts)
    columns = _judged(mixed, spread, evidence, policy)
    for name in [*_COUNTS, "value_cents"]:
        columns[name] = np.add.reduceat(records[name].to_numpy()[order], starts)
    proven = np.add.reduceat(records["proven_cents"].to_numpy()[order], starts)
    floor = np.maximum.reduceat(kinds["exposure_cents"].to_numpy()[order], starts)
    columns["exposure_cents"] = np.maximum(proven * policy.exposure_ppm // PPM, floor)
    columns["n_counterparties"] = np.maximum.reduceat(
        records["n_counterparties"].to_numpy()[order], starts
    )
    for name in ("last_day", "last_broken_day"):
        days = records[name].fill_null(-1).to_numpy()[order]
        latest = np.maximum.reduceat(days, starts)
        columns[name] = pa.array(latest, mask=latest < 0)
    columns["company"] = company[starts]
    columns["kind"] = pa.repeat("", len(starts))
    columns["role"] = names.take(pa.array(role[starts])) if by_role else columns["kind"]
    columns["scope"] = pa.repeat("role" if by_role else "headline", len(starts))
    return pa.table({f.name: columns[f.name] for f in RATING}, schema=RATING)


def shares_of(records: pa.Table, order: Ints | slice, starts: Ints, group: Ints) -> Floats:
    """Share of each kind in its group; the first of these measures that is not all zero: value of the last
    year, value ever, evidence, number of kinds."""
    share = np.zeros(len(group))
    done = np.zeros(len(starts), dtype=bool)
    for name in ("value365_cents", "value_cents", "n730", ""):
        amount = records[name].to_numpy()[order].astype(float) if name else np.ones(len(group))
        total = np.add.reduceat(amount, starts)
        take = ~done & (total > 0)
        rows = take[group]
        share[rows] = amount[rows] / total[group[rows]]
        done |= take
    return share
