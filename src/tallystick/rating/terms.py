"""The terms of the scorecard: from masses of evidence to log-odds that add up.

Idea: at each half-life the own record moves what is expected of peers, p = (kappa * m + S) / (kappa + N).
The terms are by how much, in log-odds; a card weighs and adds them. Every weight is at least 0 and every
term falls when a promise is kept and rises when one is broken, so the sum does too.

Worked example: peers break 5 %, kappa 3, three promises kept: p = 0.15 / 6 = 2.5 %, the term is
logit(.025) - logit(.05) = -0.72; a card with weight 1 takes 20.8 points off the odds' logarithm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.background import kin_term, standing_term
from tallystick.rating.policy import Policy, Scorecard
from tallystick.rating.prior import Expected, Prior, chance, logit
from tallystick.record import HALF_LIVES
from tallystick.units import PPM

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TERMS: Final = (
    "prior",
    "half_30",
    "half_180",
    "half_730",
    "half_all",
    "level",
    "entrants",
    "week",
    "day",
    "last",
    "others",
    "standing",
    "kin",
)
"""The terms of a scorecard, by the names of its weights."""

OWN: Final = {h: f"half_{h}" for h in HALF_LIVES}


def own_term(market: Floats, total: Floats, broken: Floats, kappa: Floats | float) -> Floats:
    """By how much a record (masses in promises) moves the log-odds `market`."""
    m = chance(market)
    return logit((kappa * m + broken) / (kappa + total)) - market


@dataclass(frozen=True, slots=True)
class Alarms:
    """What the last days say: e^(-s / 7) and e^(-s), s the days since the last break, and 1 where the last
    outcome was a break."""

    week: Floats
    day: Floats
    last: Floats


def alarms(table: pa.Table, as_of: Floats | float) -> Alarms:
    """Alarms of rows with `last_broken_day` and `last_broke` (null: never)."""
    broke = pc.fill_null(table["last_broken_day"].cast(pa.float64()), -np.inf).to_numpy()
    since = np.maximum(as_of - broke, 0)
    last = pc.fill_null(table["last_broke"], 0).to_numpy().astype(float)
    return Alarms(np.exp(-since / 7), np.exp(-since), last)


class Weights:
    """The cards of rows of several kinds, as columns."""

    def __init__(self, policy: Policy, kind: pa.Array) -> None:
        kinds = kind.dictionary_encode()
        self._cards = [policy.card(name) for name in kinds.dictionary.to_pylist()]
        self._place = kinds.indices.to_numpy()

    def __getitem__(self, name: str) -> Floats:
        values = np.array([getattr(card, name) for card in self._cards], dtype=float)
        column: Floats = values[self._place]
        return column

    def used(self, name: str) -> bool:
        """Whether any card gives a term weight."""
        return any(getattr(card, name) for card in self._cards)


Masses = Callable[[str], tuple[Floats, Floats]]
"""Half-life -> mass in promises, total and broken."""


def own_odds(
    market: Floats, masses: Masses, weights: Weights, told: Masses | None = None
) -> Floats:
    """Weighted sum of the terms of the own record. With `told` what counts is `believed` as `deep` says."""
    kappa, out = weights["kappa"], np.zeros(len(market))
    for h, term in OWN.items():
        if weights.used(term):
            said = own_term(market, *masses(h), kappa)
            if told and weights.used("deep"):
                said = believed(said, own_term(market, *told(h), kappa), weights["deep"])
            out += weights[term] * said
    return out


def believed(counted: Floats, told: Floats, deep: Floats | float) -> Floats:
    """What a record says by what counts of it; by share `deep`, where that is worse, by all instead that both
    sides, a marketplace or a witness tell, without a bound.

    What counts is bounded however deep a file is, against good deeds that are forged, and breaks have fewer
    witnesses than what is kept. Nobody forges breaks of his own, so a deep file of them may be believed; what
    one side alone says is not among what is told, so nobody else can forge them alone.

    Worked example: peers break 5 %, kappa 3; of a mass of 300 told 40 was broken. What counts is 3, of which
    .2 was: 5.8 %; all of it says 13.3 %, and that is taken. Of 300 that were all kept the 3 count.
    """
    worse: Floats = counted + deep * np.maximum(told - counted, 0)
    return worse


COUNTED: Final = ("n", "s")
TOLD: Final = ("told", "toldb")
"""What columns of masses are called, total and broken: of what counts, and of what is told by more than one
side, at a marketplace or by a witness."""


def masses_of(table: pa.Table, total: str, broken: str) -> Masses:
    """Masses from the columns of a table whose names begin so."""

    def column(name: str) -> Floats:
        values: Floats = table[name].to_numpy() / PPM
        return values

    return lambda h: (column(total + h), column(broken + h))


OTHERS_KAPPA: Final = 0.4
"""Broken promises that the peers' average weighs against those of the other kinds."""


def others_term(place: Ints, market: Floats, total: Floats, broken: Floats) -> Floats:
    """What a company's promises of other kinds say of each of its rows: the logarithm of their breaks, all
    kinds together, to breaks that were expected. `place`: as `places_of` gives it; masses in promises.

    Worked example: 40 promises of other kinds, of which 5 % are usually broken, and none was:
    log((.4 + 0) / (.4 + 2)).
    """
    usual, came = beside(place, chance(market) * total), beside(place, broken)
    others: Floats = np.log((OTHERS_KAPPA + came) / (OTHERS_KAPPA + usual))
    return others


def others_of(table: pa.Table, owner: Ints, market: Floats) -> Floats:
    """`others_term` of rows with masses of two years, by what counts and by what is told, and how many promises
    of other kinds count; rows x 3."""
    place = places_of(owner)
    said = [masses_of(table, *names)("730") for names in (COUNTED, TOLD)]
    terms = [others_term(place, market, *masses) for masses in said]
    return np.column_stack([*terms, beside(place, said[0][0])])


def places_of(owner: Ints) -> Ints:
    """The owners of rows, numbered from 0."""
    _, place = np.unique(owner, return_inverse=True)
    return place


def beside(place: Ints, total: Floats) -> Floats:
    """What the other rows of the owner of each row add up to. `place`: as `places_of` gives it.

    >>> beside(places_of(np.array([7, 8, 7])), np.array([1.0, 5.0, 2.0])).tolist()
    [2.0, 0.0, 1.0]
    """
    out: Floats = np.bincount(place, total)[place] - total
    return out


def matrix(
    expected: Expected,
    masses: pa.Table,
    alarm: Alarms,
    kappa: Floats | float,
    others: Floats,
    deep: Floats | float = 0.0,
) -> Floats:
    """All terms, rows x TERMS; what `fit` weighs. `masses`: columns n30 .. sall, told30 .. toldball, and
    `standing_ppm` and `kin_ppm` where they are told (of the past nobody knows them, and a fit leaves their
    weights alone); `others`: from `others_of`; `deep`: as in `believed`."""
    counted, told = masses_of(masses, *COUNTED), masses_of(masses, *TOLD)

    def own_by(said: Masses, h: str) -> Floats:
        return own_term(expected.market, *said(h), kappa)

    own = [believed(own_by(counted, h), own_by(told, h), deep) for h in HALF_LIVES]
    last = (alarm.week, alarm.day, alarm.last, believed(others[:, 0], others[:, 1], deep))
    known = (standing_term(masses), kin_term(masses))
    return np.column_stack(
        [expected.market, *own, expected.level, expected.entrants, *last, *known]
    )


def record_others(records: pa.Table, market: Floats, deep: Floats) -> Floats:
    """The term of the other kinds for track records (schema RECORD) of whole companies."""
    others = others_of(records, records["company"].to_numpy(), market)
    return believed(others[:, 0], others[:, 1], deep)


def terms_of(records: pa.Table, prior: Prior, policy: Policy, as_of_day: int) -> Floats:
    """All terms of track records (schema RECORD with `country`) of whole companies, rows x TERMS."""
    kind = records["kind"].combine_chunks()
    country = pc.fill_null(records["country"], "").combine_chunks()
    expected = prior.expected(kind, country)
    weights = Weights(policy, kind)
    others = others_of(records, records["company"].to_numpy(), expected.market)
    alarm = alarms(records, float(as_of_day))
    return matrix(expected, records, alarm, weights["kappa"], others, weights["deep"])


def odds(card: Scorecard, terms: Floats) -> Floats:
    """Log-odds of rows of `matrix` by a card."""
    weights = np.array([getattr(card, name) for name in TERMS])
    out: Floats = card.intercept + terms @ weights
    return out
