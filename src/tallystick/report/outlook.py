"""What would improve the rating or narrow the interval: what the rules alone say, and the way up.

Worked example: evidence 7.2 (E2), E3 starts at 10. A promise confirmed by two independent sources weighs 1,
towards another counterparty that is well known 1 * 3 / (1 + 3) = 0.75 after the cap: at least 4 are needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from tallystick.rating.choosing import Step, WayUp
from tallystick.rating.policy import LEVEL_FLOOR_MICRO, Policy
from tallystick.rating.reasons import REASONS
from tallystick.rating.score import STEPS
from tallystick.report import figures
from tallystick.report.blocks import Headline, Outlook, PlanStep, WhatIf
from tallystick.report.material import Material, Row
from tallystick.report.phrases import Phrases
from tallystick.units import PPM, code_of

STRONG_MICRO: Final = 1_000_000
MORE_COMPARED: Final = 10


def outlook(material: Material, head: Headline, say: Phrases) -> Outlook:
    """The block; without a record it says how one begins."""
    row = material.rating("headline")
    if row is None:
        gated = head.state in ("sanctioned", "default")
        return Outlook(None, "", (say("outlook.gate" if gated else "outlook.first"),), (), ())
    way_up = material.way_up
    said = [_level(row, material.made.policy, say), *_against(row, say), *_recent(material, say)]
    if head.state in ("sanctioned", "default"):
        said.insert(0, say("outlook.gate"))
    if row["n_disputed"]:
        said.append(say("outlook.disputed", n=row["n_disputed"]))
    if way_up is None:
        return Outlook(None, "", tuple(said), (), ())
    kind = best_kind(way_up)
    said += _narrowest(way_up, say)
    tried = what_if(material, way_up, kind)
    return Outlook(kind, say.kind(kind), tuple(said), plan(way_up, material, say), tried)


def shares(records: Mapping[str, Row]) -> dict[str, float]:
    """Share of each kind in the headline: by value of the last year, else value ever, evidence, number."""
    for name in ("value365_cents", "value_cents", "n730"):
        total = sum(float(record[name]) for record in records.values())
        if total > 0:
            return {kind: float(record[name]) / total for kind, record in records.items()}
    return {kind: 1.0 / len(records) for kind in records}


def best_kind(way_up: WayUp) -> str:
    """The kind of promise of which ten more kept would lower the headline chance most."""
    after = {
        kind: step.broken_ppm
        for kind, steps in way_up.more.items()
        for step in steps
        if step.scope == "headline" and step.act.n == MORE_COMPARED
    }
    return min(sorted(after), key=lambda kind: after[kind])


def capped(micro: int, cap_micro: int) -> int:
    """What mass towards one counterparty counts: g(E) = E * cap / (E + cap)."""
    return math.floor(float(micro) * cap_micro / (micro + cap_micro))


def what_if(material: Material, way_up: WayUp, kind: str) -> tuple[WhatIf, ...]:
    """The rating now, and after more promises of the kind were kept."""
    head, mine = material.rating("headline"), material.rating("kind", kind)
    assert head is not None and mine is not None
    whole = {s.act.n: s.broken_ppm for s in way_up.more[kind] if s.scope == "headline"}
    now = WhatIf(
        0, mine["broken_ppm"], mine["low_ppm"], mine["high_ppm"], mine["grade"], head["broken_ppm"]
    )
    return (
        now,
        *(
            WhatIf(s.act.n, s.broken_ppm, s.low_ppm, s.high_ppm, s.grade, whole[s.act.n])
            for s in way_up.more[kind]
            if s.scope == "kind"
        ),
    )


def plan(way_up: WayUp, material: Material, say: Phrases) -> tuple[PlanStep, ...]:
    """The way up, the headline first."""
    order = ("headline", "role", "kind")
    steps = sorted(way_up.steps, key=lambda step: order.index(step.scope))
    return tuple(_plan_step(step, material, say) for step in steps)


def _plan_step(step: Step, material: Material, say: Phrases) -> PlanStep:
    act = step.act
    kinds = say.kind(act.kind) if act.kind else say("plan.kinds")
    code = "wait" if act.code == "time" and not act.n else act.code
    day = str(figures.iso(act.day))
    whom = [material.names.get(company) or code_of(company, "C") for company in act.whom]
    words = {"n": act.n, "kind": kinds, "day": day, "whom": say.joined(whom)}
    after = {"grade": step.grade, "chance": figures.percent(step.broken_ppm), "day": day}
    return PlanStep(
        code=act.code,
        kind=act.kind,
        n=act.n,
        day=day,
        scope=step.scope,
        name=step.name,
        grade=step.grade,
        broken_ppm=step.broken_ppm,
        low_ppm=step.low_ppm,
        high_ppm=step.high_ppm,
        lifts=step.lifts,
        text=say(f"plan.{code}", **words),
        result=say("plan.lifts" if step.lifts else "plan.lowers", **after),
    )


def _narrowest(way_up: WayUp, say: Phrases) -> list[str]:
    step = way_up.narrowest
    if step is None:
        return []
    act = step.act
    what = say(
        f"plan.{act.code}", n=act.n, kind=say.kind(act.kind) if act.kind else say("plan.kinds")
    )
    ends = {"low": figures.percent(step.low_ppm), "high": figures.percent(step.high_ppm)}
    return [say("plan.narrows", what=what, **ends)]


def _level(row: Row, policy: Policy, say: Phrases) -> str:
    now = row["evidence_micro"]
    place = int(np.searchsorted(LEVEL_FLOOR_MICRO, now, side="right"))
    if place == len(LEVEL_FLOOR_MICRO):
        return say("outlook.top", now=figures.weight(now))
    floor = LEVEL_FLOOR_MICRO[place]
    return say(
        "outlook.level",
        now=figures.weight(now),
        level=f"E{place}",
        next=f"E{place + 1}",
        floor=floor // PPM,
        strong=-(-(floor - now) // capped(STRONG_MICRO, policy.record.cap_micro)),
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
