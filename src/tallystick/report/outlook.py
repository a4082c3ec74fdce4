"""What would improve the rating or narrow the interval, as far as the rules alone say so.

Worked example: evidence 7.2 (E2), E3 starts at 10. A promise confirmed by two independent sources weighs 1,
towards another counterparty that is well known 1 * 3 / (1 + 3) = 0.75 after the cap: at least 4 are needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.rating import rate
from tallystick.rating.policy import LEVEL_FLOOR_MICRO, Policy
from tallystick.rating.reasons import REASONS
from tallystick.rating.score import STEPS
from tallystick.record import HALF_LIVES, RECORD
from tallystick.report import figures
from tallystick.report.blocks import Headline, Outlook, WhatIf
from tallystick.report.material import Material, Row
from tallystick.report.phrases import Phrases
from tallystick.units import PPM

STRONG_MICRO: Final = 1_000_000
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
    after = {kind: _chance(_rescored(material, kind, 10)) for kind in material.records}
    return min(sorted(after), key=lambda kind: after[kind])


def _chance(ratings: Sequence[Row]) -> int:
    return min(int(row["broken_ppm"]) for row in ratings if row["scope"] == "headline")


def _rescored(material: Material, kind: str, kept: int) -> list[Row]:
    """The ratings after so many more promises of a kind were kept today in full, each to another counterparty
    that is well known, and seen by two independent witnesses."""
    made, mass = material.made, kept * capped(STRONG_MICRO, material.made.policy.record.cap_micro)
    rows = [dict(record) for record in material.records.values()]
    for row in rows:
        if row["kind"] == kind and kept:
            for h in HALF_LIVES:
                row[f"n{h}"] += mass
            row |= {"last_day": made.as_of_day, "last_broke": 0}
    home = pa.array([material.company["country"] or ""] * len(rows), pa.string())
    table = pa.Table.from_pylist(rows, RECORD).append_column("country", home)
    gates = pa.table({"company": pa.array([], pa.int64()), "grade": pa.array([], pa.string())})
    found = rate(table, material.prior, gates, made.policy, made.as_of_day)
    return list(found.to_pylist())


def capped(micro: int, cap_micro: int) -> int:
    """What mass towards one counterparty counts: g(E) = E * cap / (E + cap)."""
    return math.floor(float(micro) * cap_micro / (micro + cap_micro))


def what_if(material: Material, kind: str) -> tuple[WhatIf, ...]:
    """The rating after more promises of the kind were kept."""
    steps = []
    for kept in MORE_KEPT:
        found = _rescored(material, kind, kept)
        row = next(row for row in found if row["scope"] == "kind" and row["kind"] == kind)
        ends = row["broken_ppm"], row["low_ppm"], row["high_ppm"]
        steps.append(WhatIf(kept, *ends, row["grade"], _chance(found)))
    return tuple(steps)


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
