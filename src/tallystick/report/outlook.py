"""What would improve the rating or narrow the interval, as far as the rules alone say so.

Worked example: evidence 7.2 (E2), E3 starts at 10. A promise confirmed by two independent sources weighs 1,
towards a new counterparty 1 * 3 / (1 + 3) = 0.75 after the cap: at least 4 are needed. One that only a
marketplace confirms weighs .35, capped 0.313: at least 9.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy.special import betaincinv

from tallystick.rating.policy import GRADE_CEILING_PPM, GRADES, LEVEL_FLOOR_MICRO, Policy
from tallystick.rating.reasons import REASONS
from tallystick.rating.score import LEAST_ALPHA, STEPS
from tallystick.report import figures
from tallystick.report.blocks import Headline, Outlook, WhatIf
from tallystick.report.material import Material, Row
from tallystick.report.phrases import Phrases
from tallystick.units import PPM

STRONG_MICRO: Final = 1_000_000
WEAK_MICRO: Final = 350_000
MORE_KEPT: Final = (0, 5, 10, 20)


def outlook(material: Material, head: Headline, say: Phrases) -> Outlook:
    """The block; without a record it says how one begins."""
    row = material.rating("headline")
    if row is None:
        gated = head.state in ("sanctioned", "default")
        return Outlook(None, "", (say("outlook.gate" if gated else "outlook.first"),), ())
    kind = best_kind(material)
    said = [_level(row, material.made.policy, say), *_against(row, say), *_recent(material, say)]
    if head.state in ("sanctioned", "default"):
        said.insert(0, say("outlook.gate"))
    if row["n_disputed"]:
        said.append(say("outlook.disputed", n=row["n_disputed"]))
    return Outlook(kind, say.kind(kind), tuple(said), what_if(material, kind))


def shares(records: Mapping[str, Row]) -> dict[str, float]:
    """Share of each kind in the headline: by value of the last year, else value ever, evidence, number."""
    for name in ("value365_cents", "value_cents", "n730"):
        total = sum(float(record[name]) for record in records.values())
        if total > 0:
            return {kind: float(record[name]) / total for kind, record in records.items()}
    return {kind: 1.0 / len(records) for kind in records}


def best_kind(material: Material) -> str:
    """The kind of promise of which ten more kept would lower the headline chance most."""
    policy, gains = material.made.policy, {}
    for kind, share in shares(material.records).items():
        steps = material.steps[kind]
        after = chance(10 * _gain(policy), steps[2], material.records[kind], policy)
        gains[kind] = share * (steps[-1] - after)
    return max(sorted(gains), key=lambda kind: gains[kind])


def chance(more: int, prior: float, record: Row, policy: Policy) -> float:
    """(kappa * m + S) / (kappa + N) with `more` micro-units kept on top of the record."""
    total = (record["n180"] + more) / PPM
    return float((policy.kappa * prior + record["s180"] / PPM) / (policy.kappa + total))


def _gain(policy: Policy) -> int:
    return capped(STRONG_MICRO, policy.record.cap_micro)


def capped(micro: int, cap_micro: int) -> int:
    """What mass towards one counterparty counts: g(E) = E * cap / (E + cap)."""
    return math.floor(float(micro) * cap_micro / (micro + cap_micro))


def what_if(material: Material, kind: str) -> tuple[WhatIf, ...]:
    """The chance after more promises of the kind were kept today at full weight."""
    policy, record = material.made.policy, material.records[kind]
    prior = material.steps[kind][2]
    share = shares(material.records)
    others = sum(s * material.steps[k][-1] for k, s in share.items() if k != kind)
    steps = []
    for kept in MORE_KEPT:
        more = kept * _gain(policy)
        p = chance(more, prior, record, policy)
        low, high, grade = _judged(p, record["n730"] + more, policy)
        steps.append(
            WhatIf(kept, round(p * PPM), low, high, grade, round((others + share[kind] * p) * PPM))
        )
    return tuple(steps)


def _judged(p: float, evidence: int, policy: Policy) -> tuple[int, int, str]:
    """Interval in ppm and grade of a chance, as the rating makes them."""
    strength = policy.kappa + evidence / PPM
    tail = (1 - policy.coverage_ppm / PPM) / 2
    alpha, beta = max(p * strength, LEAST_ALPHA), (1 - p) * strength
    ends = betaincinv(alpha, beta, np.array([tail, 1 - tail])) * PPM
    place = int(np.searchsorted(GRADE_CEILING_PPM, round(p * PPM)))
    grade = GRADES[place] if evidence >= policy.min_evidence_micro else "NR"
    return round(float(ends[0])), round(float(ends[1])), grade


def _level(row: Row, policy: Policy, say: Phrases) -> str:
    now = row["evidence_micro"]
    place = int(np.searchsorted(LEVEL_FLOOR_MICRO, now, side="right"))
    if place == len(LEVEL_FLOOR_MICRO):
        return say("outlook.top", now=figures.weight(now))
    floor = LEVEL_FLOOR_MICRO[place]
    cap = policy.record.cap_micro
    return say(
        "outlook.level",
        now=figures.weight(now),
        level=f"E{place}",
        next=f"E{place + 1}",
        floor=floor // PPM,
        strong=-(-(floor - now) // capped(STRONG_MICRO, cap)),
        weak=-(-(floor - now) // capped(WEAK_MICRO, cap)),
    )


def _against(row: Row, say: Phrases) -> list[str]:
    steps = sorted((row[f"{code}_tenths"], code) for code in STEPS)
    tenths, code = steps[0]
    if tenths >= 0:
        return []
    text = REASONS[code][3 if say.lang == "zh" else 1]
    return [say("outlook.against", what=text, points=figures.points(tenths))]


def _recent(material: Material, say: Phrases) -> list[str]:
    """How few promises make up half of what weighs against the company."""
    weights = [
        (w * decay // PPM * broken // PPM, day)
        for w, decay, broken, day, counted in zip(
            *(
                material.promises[name].to_pylist()
                for name in ("weight", "w180", "broken_ppm", "matured_day", "counted")
            ),
            strict=True,
        )
        if counted and w * decay * broken
    ]
    if not weights:
        return []
    weights.sort(reverse=True)
    half, summed, used = sum(w for w, _ in weights) / 2, 0, 0
    while summed < half:
        summed += weights[used][0]
        used += 1
    newest = max(day for _, day in weights[:used])
    return [say("outlook.recent", n=used, day=figures.iso(newest))]
