"""The pictures of a track record: kept rate by quarter, how soon it keeps, with how many it deals."""

from __future__ import annotations

from typing import Any, Final

from tallystick.report import blocks as b
from tallystick.report import figures
from tallystick.report.curve_blocks import Concentration, ConcentrationRow, Survival
from tallystick.report.phrases import Phrases
from tallystick.report.picture import (
    LINE,
    MUTED,
    OWN,
    WIDTH,
    Picture,
    Spec,
    axis,
    dot,
    floor_of,
    framed,
    percent_axis,
    scale,
    ticks,
)
from tallystick.units import PPM

SHOWN_DAYS: Final = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45)
"""Rows of the table beside the curve."""

SHOWN_TICKS: Final = (0, 7, 14, 21, 30)

_APART: Final = 16
"""Pixels between two lines of text."""


def quarters_picture(
    quarters: tuple[b.Quarter, ...], coverage_ppm: int, say: Phrases
) -> Picture | None:
    """Kept rate by quarter with its interval, and the volume below; None for fewer than two quarters."""
    full = [q for q in quarters if q.counted]
    if len(quarters) < 2 or not full:
        return None
    told = [(q, figures.percent(q.kept * PPM // q.counted)) for q in full]
    shares = sorted(full, key=lambda q: q.kept / q.counted)
    text = say(
        "quarters.desc",
        n=len(quarters),
        first=quarters[0].label,
        last=quarters[-1].label,
        lowest=figures.percent(shares[0].kept * PPM // shares[0].counted),
        highest=figures.percent(shares[-1].kept * PPM // shares[-1].counted),
        latest=told[-1][1],
    )
    return Picture(
        key="quarters",
        lang=say.lang,
        title=say("quarters"),
        text=text,
        note=say("quarters_note", coverage=figures.share(coverage_ppm)),
        head=(
            say("quarter"),
            say("kept_rate"),
            say("interval", coverage=figures.share(coverage_ppm)),
            say("kept"),
            say("fell_due"),
        ),
        rows=tuple(
            (q.label, share, _ends(q.low_ppm, q.high_ppm), figures.count(q.kept), figures.count(q.counted))
            for q, share in told
        ),
        spec=_quarters_spec(quarters, say),
    )  # fmt: skip


def _quarters_spec(quarters: tuple[b.Quarter, ...], say: Phrases) -> Spec:
    values = [_quarter_value(q, say) for q in quarters]
    low = floor_of(min(v["low"] for v in values if v["counted"]))
    x = {"field": "label", "type": "ordinal", "sort": None, "axis": None}
    y = {"field": "share", "type": "quantitative", "scale": scale(low, 1)}
    y["axis"] = percent_axis(ticks(low, 1))
    full = [{"filter": "datum.counted > 0"}]
    told = {"description": {"field": "told"}}
    upper: Spec = {
        "height": 130,
        "width": WIDTH - 60,
        "layer": [
            {"mark": {"type": "line", "color": LINE, "strokeWidth": 2}, "transform": full,
             "encoding": {"x": x, "y": y}},
            {"mark": {"type": "rule", "color": OWN, "strokeWidth": 2}, "transform": full,
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": dot(size=90, color=OWN), "transform": full, "encoding": {"x": x, "y": y, **told}},
            {"mark": {"type": "text", "fontWeight": 600}, "encoding": {
                "x": x, "y": {"value": -12}, "text": {"field": "percent"}}},
        ],
    }  # fmt: skip
    most = max(v["counted"] for v in values)
    volume = {"field": "counted", "type": "quantitative", "axis": None,
              "scale": scale(0, most)}  # fmt: skip
    below = {
        **x,
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": False, "labelPadding": 8},
    }
    lower: Spec = {
        "height": 40,
        "width": WIDTH - 60,
        "layer": [
            {"mark": {"type": "bar", "color": MUTED, "opacity": 0.45, "width": {"band": 0.5}},
             "encoding": {"x": below, "y": volume, **told}},
            {"mark": {"type": "text", "baseline": "bottom", "dy": -3, "color": MUTED},
             "encoding": {"x": below, "y": volume, "text": {"field": "count"}}},
        ],
    }  # fmt: skip
    content = {
        "data": {"values": values},
        "vconcat": [upper, lower],
        "spacing": 34,
        "bounds": "flush",
    }
    return framed(130 + 34 + 40, content, (52, 26, 8, 28))


def _quarter_value(q: b.Quarter, say: Phrases) -> dict[str, Any]:
    share = q.kept * PPM // q.counted if q.counted else 0
    told = say(
        "quarters.told",
        label=q.label,
        kept=figures.count(q.kept),
        counted=figures.count(q.counted),
        share=figures.percent(share),
        low=figures.percent(q.low_ppm),
        high=figures.percent(q.high_ppm),
    )
    return {
        "label": q.label,
        "counted": q.counted,
        "share": share / PPM,
        "low": q.low_ppm / PPM,
        "high": q.high_ppm / PPM,
        "percent": f"{share / 1e4:.0f} %" if q.counted else "–",
        "count": figures.count(q.counted),
        "told": told,
    }


def survival_picture(survival: Survival, coverage_ppm: int, say: Phrases) -> Picture | None:
    """The share kept within d days of the due date, beside that of the peers; None where none fell due."""
    if not survival.steps:
        return None
    coverage = figures.share(coverage_ppm)
    kinds = say("survival.kinds", kinds=say.joined([say.kind(kind) for kind in survival.kinds]))
    note = say("survival.note", coverage=coverage, peers=figures.count(survival.peers_promises))
    return Picture(
        key="survival",
        lang=say.lang,
        title=say("survival"),
        text=survival.sentence,
        note=f"{note} {kinds}",
        head=(
            say("days"),
            say("survival.own"),
            say("interval", coverage=coverage),
            say("survival.peers"),
        ),
        rows=tuple(
            (
                str(step.days),
                figures.percent(step.kept_ppm),
                _ends(step.low_ppm, step.high_ppm),
                figures.percent(step.peers_ppm),
            )
            for step in survival.steps
            if step.days in SHOWN_DAYS
        ),
        spec=_survival_spec(survival, say),
    )


def _survival_spec(survival: Survival, say: Phrases) -> Spec:
    steps, height = survival.steps, 190
    values = [_step_value(survival, n, say) for n in range(len(steps))]
    lowest = min(min(v["low"], v.get("peers", 1)) for v in values)
    low = floor_of(lowest)
    x = {
        "field": "days",
        "type": "quantitative",
        "scale": scale(0, steps[-1].days),
        "axis": axis((*SHOWN_TICKS, steps[-1].days), title=say("survival.across"), titlePadding=9),
    }
    y = {"field": "kept", "type": "quantitative", "scale": scale(low, 1),
         "axis": percent_axis(ticks(low, 1))}  # fmt: skip
    layers: list[Spec] = [
        {"mark": {"type": "area", "interpolate": "step-after", "color": OWN, "opacity": 0.14},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"mark": {"type": "line", "interpolate": "step-after", "color": OWN, "strokeWidth": 3},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 0, "color": OWN},
         "encoding": {"x": x, "y": y, "description": {"field": "told"}}},
    ]  # fmt: skip
    if survival.peers_promises:
        layers.insert(1, {
            "mark": {"type": "line", "interpolate": "step-after", "color": MUTED, "strokeWidth": 2,
                     "strokeDash": [5, 4]},
            "encoding": {"x": x, "y": {**y, "field": "peers"}},
        })  # fmt: skip
    layers += _end_labels(values[-1], low, height, say)
    content = {"data": {"values": values}, "layer": layers}
    return framed(height, content, (52, 12, 150, 44))


def _step_value(survival: Survival, place: int, say: Phrases) -> dict[str, Any]:
    step = survival.steps[place]
    told = say(
        "survival.told",
        days=step.days,
        kept=figures.percent(step.kept_ppm),
        low=figures.percent(step.low_ppm),
        high=figures.percent(step.high_ppm),
        peers=figures.percent(step.peers_ppm),
    )
    value: dict[str, Any] = {
        "days": step.days,
        "kept": step.kept_ppm / PPM,
        "low": step.low_ppm / PPM,
        "high": step.high_ppm / PPM,
        "told": told,
    }
    return value if step.peers_ppm is None else value | {"peers": step.peers_ppm / PPM}


def _end_labels(last: dict[str, Any], low: float, height: int, say: Phrases) -> list[Spec]:
    """The names of the lines at their ends, kept apart."""

    def at(share: float) -> float:
        return round((1 - share) / (1 - low) * height, 1)

    labels = [(at(last["kept"]), "own", last["kept"], OWN)]
    if "peers" in last:
        labels.append((at(last["peers"]), "peers", last["peers"], MUTED))
    labels.sort()
    if len(labels) == 2 and labels[1][0] - labels[0][0] < _APART:
        middle = (labels[0][0] + labels[1][0]) / 2
        first = max(middle - _APART / 2, 0)
        labels = [(first, *labels[0][1:]), (first + _APART, *labels[1][1:])]
    return [
        {
            "data": {"values": [{"text": f"{say(f'survival.{name}')} {figures.percent(round(share * PPM))}"}]},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "color": colour, "fontWeight": 600},
            "encoding": {"x": {"value": WIDTH - 52 - 150 + 8}, "y": {"value": y}, "text": {"field": "text"}},
        }
        for y, name, share, colour in labels
    ]  # fmt: skip


def concentration_picture(found: Concentration, say: Phrases) -> Picture | None:
    """Share of each counterparty, numbered from the largest; None where there are fewer than two."""
    if found.counterparties < 2:
        return None
    rows = [(_counterparty(row, say), figures.percent(row.share_ppm), row) for row in found.rows]
    return Picture(
        key="concentration",
        lang=say.lang,
        title=say("concentration"),
        text=found.sentence,
        note=say("concentration.note"),
        head=(
            say("counterparties"),
            say("concentration.share"),
            say("value"),
            say("deals"),
        ),
        rows=tuple(
            (name, share, _money(row), figures.count(row.deals)) for name, share, row in rows
        ),
        spec=_concentration_spec(rows),
    )


def _counterparty(row: ConcentrationRow, say: Phrases) -> str:
    if row.number:
        return say("concentration.number", n=row.number)
    return say("concentration.others", n=figures.count(row.counterparties))


def _money(row: ConcentrationRow) -> str:
    return figures.money_usd(row.value_cents) if row.value_cents else "–"


def _concentration_spec(rows: list[tuple[str, str, ConcentrationRow]]) -> Spec:
    values = [
        {
            "name": name,
            "share": row.share_ppm / PPM,
            "own": bool(row.number),
            "percent": share,
            "told": f"{name}: {share}, {_money(row)}",
        }
        for name, share, row in rows
    ]
    most = max(row.share_ppm for _, _, row in rows) / PPM
    y = {"field": "name", "type": "nominal", "sort": None,
         "axis": {"title": None, "labelOverlap": False, "grid": False}}  # fmt: skip
    x = {
        "field": "share",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, most], "nice": False},
    }
    colour = {"condition": {"test": "datum.own", "value": OWN}, "value": MUTED}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "height": {"band": 0.62}},
         "encoding": {"y": y, "x": x, "color": colour, "description": {"field": "told"}}},
        {"mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
         "encoding": {"y": y, "x": x, "text": {"field": "percent"}}},
    ]  # fmt: skip
    content = {"data": {"values": values}, "layer": layers}
    return framed(24 * len(values), content, (110, 4, 70, 4))


def _ends(low_ppm: int, high_ppm: int) -> str:
    return f"{figures.percent(low_ppm)} – {figures.percent(high_ppm)}"
