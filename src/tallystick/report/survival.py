"""How soon a company keeps its promises, beside its peers: the share kept within d days of the due date.

Idea: a promise that is not kept yet was watched only until today, so the share is Kaplan's and Meier's: of
those still watched and not yet kept after d days, what part is kept on that day. One that was kept in part or
broken is watched on and never kept. Peers make the same kinds of promise in other numbers, so their curve is
made per kind and mixed in the shares of the company: who pays and who ships is not compared.

Worked example: four promises. Two are kept on their day, one after 3 days, one fell due 2 days ago and is open.
Day 0: 2 of 4 are kept, .50 is left. Day 3: one of the one still watched is kept, 0 is left: all are kept
within 3 days, where dividing by all four would say .75.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pyarrow as pa

from tallystick.promises import TIMED
from tallystick.record import LAST_DAY, LATENESS
from tallystick.report.curve_blocks import Survival, SurvivalStep
from tallystick.report.figures import count, percent
from tallystick.report.material import Material
from tallystick.report.phrases import Phrases
from tallystick.report.proportion import wilson
from tallystick.units import PPM

Counts = Mapping[tuple[str, int, int], int]
"""Rows of LATENESS: (kind, kept, days) -> promises."""


def counts_of(table: pa.Table) -> Counter[tuple[str, int, int]]:
    """Rows of LATENESS as counts."""
    columns = (table[name].to_pylist() for name in LATENESS.names)
    return Counter({(kind, kept, days): n for kind, kept, days, n in zip(*columns, strict=True)})


def survival(material: Material, say: Phrases) -> Survival:
    """The curve of a company and that of its peers."""
    own = counts_of(material.own_lateness)
    weights = Counter[str]()
    for (kind, _, _), promises in own.items():
        weights[kind] += promises
    if not weights:
        return Survival(0, 0, (), (), "")
    others = counts_of(material.lateness)
    others.subtract(own)
    peers, peers_promises = _mixed(others, weights)
    coverage = material.made.policy.coverage_ppm
    pooled = _pooled(own)
    steps = tuple(
        _step(days, left, watched, peers, coverage)
        for days, (left, watched) in enumerate(_left(pooled))
    )
    kinds = tuple(kind for kind in TIMED if kind in weights)
    sentence = _sentence(steps, weights.total(), say)
    return Survival(weights.total(), peers_promises, kinds, steps, sentence)


def _step(
    days: int, left: float, watched: int, peers: tuple[float, ...] | None, coverage_ppm: int
) -> SurvivalStep:
    kept = 1 - left
    low, high = wilson(kept * watched, watched, coverage_ppm)
    told = None if peers is None else round((1 - peers[days]) * PPM)
    return SurvivalStep(days, round(kept * PPM), low, high, told)


def _mixed(others: Counts, weights: Counter[str]) -> tuple[tuple[float, ...] | None, int]:
    """What the peers have left on each day, mixed by `weights`, and how many promises tell it."""
    curves: dict[str, tuple[float, ...]] = {}
    promises = 0
    for kind in weights:
        mine = {key: n for key, n in others.items() if key[0] == kind and n > 0}
        if mine:
            promises += sum(mine.values())
            curves[kind] = tuple(left for left, _ in _left(_pooled(mine)))
    if not curves:
        return None, 0
    total = sum(weights[kind] for kind in curves)
    mixed = tuple(
        sum(weights[kind] / total * curve[days] for kind, curve in curves.items())
        for days in range(LAST_DAY + 1)
    )
    return mixed, promises


def _pooled(counts: Counts) -> Counter[tuple[int, int]]:
    """(kept, days) -> promises of all kinds."""
    out = Counter[tuple[int, int]]()
    for (_, kept, days), promises in counts.items():
        out[kept, days] += promises
    return out


def _left(pooled: Counter[tuple[int, int]]) -> Iterator[tuple[float, int]]:
    """For each day from 0 to LAST_DAY the share not kept by then, and how many promises tell it: all but those
    that are not kept and were watched for fewer days."""
    at_risk = told = pooled.total()
    left = 1.0
    for days in range(LAST_DAY + 1):
        if at_risk:
            left *= 1 - pooled[1, days] / at_risk
        yield left, told
        at_risk -= pooled[1, days] + pooled[0, days]
        told -= pooled[0, days]


def _sentence(steps: tuple[SurvivalStep, ...], promises: int, say: Phrases) -> str:
    first, later = steps[0], steps[14]
    blanks = {
        "n": count(promises),
        "first": percent(first.kept_ppm),
        "later": percent(later.kept_ppm),
        "days": later.days,
    }
    if first.peers_ppm is None:
        return say("survival.alone", **blanks)
    peers = {"first_peers": percent(first.peers_ppm), "later_peers": percent(later.peers_ppm)}
    return say("survival.sentence", **blanks, **peers)
