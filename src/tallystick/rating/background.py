"""What is known of a company beside its record: its standing, and the record of those that it is related to.

Idea: both are terms of the log-odds with a bound, so that neither sinks nor lifts a firm alone. Standing is
what registers, customs, courts and inspectors say: registered for years, certified, lapsed, insolvent once.
*Kin* is for who comes back under a new name: a company that began after one to which it is related by
account, domain, address or ownership, and that broke more promises than was expected, starts lower by as
much, times how far the two are related. Promises that it keeps itself take that away: the term is multiplied
by 3 / (3 + promises kept).

Worked example: an elder at the same address (related by .4) broke 2 where .5 were expected: .4 * ln(3 / 1.5)
= .28, which is 8 points; after three promises kept 4.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity import families, ties
from tallystick.rating.prior import Prior
from tallystick.units import PPM

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STANDING: Final = {
    "registered_long": -150_000,
    "lapsed": 150_000,
    "certified": -200_000,
    "was_insolvent": 300_000,
}
"""Log-odds of a break in millionths: 100,000 are 2.9 points. Set by judgement: no data at hand shows them."""

LONG_DAYS: Final = 3 * 365
FORGOTTEN_DAYS: Final = 5 * 365
"""Registered for so long is long; an insolvency that was closed is forgotten after so long."""

KIN_MOST: Final = 2 * float(np.log(2))
"""Two grades, 40 points: nobody starts lower for the sake of others."""

KIN_FADES: Final = 3.0
"""Promises kept at which what others did counts half."""

KIN: Final = pa.schema(
    [
        pa.field("company", pa.int64(), nullable=False),
        pa.field("kin_ppm", pa.int64(), nullable=False),
    ]
)
"""Companies that start lower for a relative: log-odds in millionths, before their own promises count."""

COLUMNS: Final = ("company", "kind", "first_day", "n730", "s730")
"""What `find_kin` reads of track records."""


def find_kin(related: pa.Table, records: pa.Table, prior: Prior) -> pa.Table:
    """Who starts lower (schema KIN), by company. `related`: schema RELATED; `records`: track records of all
    that are related to anybody, with COLUMNS at least."""
    if not len(related) or not len(records):
        return KIN.empty_table()
    company, first, worse = _elders(records, prior)
    kin = np.zeros(len(company))
    a, b, ppm = (column.to_numpy() for column in ties(related).columns)
    known = np.isin(a, company) & np.isin(b, company)
    at, other = (np.searchsorted(company, side[known]) for side in (a, b))
    after = first[at] > first[other]
    np.maximum.at(kin, at[after], ppm[known][after] / PPM * worse[other[after]])
    np.maximum(kin, _in_family(families(related), company, first, worse), out=kin)
    found = np.rint(np.minimum(kin, KIN_MOST) * PPM).astype(np.int64)
    rows = found > 0
    return pa.table({"company": company[rows], "kin_ppm": found[rows]}, schema=KIN)


def _elders(records: pa.Table, prior: Prior) -> tuple[Ints, Ints, Floats]:
    """Companies, ascending: the day of the first promise of each, and the logarithm of its breaks to those that
    were expected, where it broke more."""
    records = records.sort_by([("company", "ascending"), ("kind", "ascending")])
    company, place = np.unique(records["company"].to_numpy(), return_inverse=True)
    kinds = records["kind"].combine_chunks().dictionary_encode()
    share = np.array([prior.root[kind] for kind in kinds.dictionary.to_pylist()])
    usual = share[kinds.indices.to_numpy()] * records["n730"].to_numpy() / PPM
    broken = np.bincount(place, records["s730"].to_numpy() / PPM)
    worse = np.log((1 + broken) / (1 + np.bincount(place, usual)))
    first = np.full(len(company), np.iinfo(np.int64).max)
    days = pc.fill_null(records["first_day"], np.iinfo(np.int64).max).to_numpy()
    np.minimum.at(first, place, days)
    return company, first, np.maximum(worse, 0.0)


def _in_family(family: pa.Table, company: Ints, first: Ints, worse: Floats) -> Floats:
    """The worst of those of a company's family that began before it."""
    out = np.zeros(len(company))
    member, head = family["company"].to_numpy(), family["head"].to_numpy()
    known = np.isin(member, company)
    place, head = np.searchsorted(company, member[known]), head[known]
    order = np.lexsort((first[place], head))
    now, day, before, worst = None, None, 0.0, 0.0
    for at, of in zip(place[order].tolist(), head[order].tolist(), strict=True):
        if of != now:
            now, day, before, worst = of, None, 0.0, 0.0
        if first[at] != day:
            day, before = first[at], worst
        out[at] = before
        worst = max(worst, float(worse[at]))
    return out


def standing_term(records: pa.Table) -> Floats:
    """What the standing of each row's company adds to its log-odds; nothing where it is not told."""
    return _told(records, "standing_ppm")


def kin_term(records: pa.Table) -> Floats:
    """What related companies add to the log-odds of each row; nothing where that is not told."""
    kin = _told(records, "kin_ppm")
    if not kin.any():
        return kin
    kept = (records["n730"].to_numpy() - records["s730"].to_numpy()) / PPM
    faded: Floats = kin * KIN_FADES / (KIN_FADES + kept)
    return faded


def _told(records: pa.Table, name: str) -> Floats:
    if name not in records.column_names:
        return np.zeros(len(records))
    odds: Floats = records[name].to_numpy() / PPM
    return odds
