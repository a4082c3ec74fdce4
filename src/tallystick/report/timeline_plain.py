"""The timeline of a deal as JSON: stable keys, dates as ISO text, amounts and quantities as exact decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from tallystick.deals.breaks import MISSING
from tallystick.report import figures
from tallystick.report.timeline_blocks import Balance, Disagreement, Event, Guess, Span, Timeline
from tallystick.units import PPM, code_of, from_minor

FORMAT: Final = "tallystick.deal/1"
"""Goes up when a key changes its meaning or goes away; new keys may come at any time."""


def render_timeline_json(deal: Timeline) -> dict[str, Any]:
    """Keys `format`, `lang`, `deal`, `as_of`, `known_at`, `parties`, `sentences`, `documents`, `promises`,
    `breaks`, `inferred`, `balances`. `id`s are those that the other parts name things by."""
    return {
        "format": FORMAT,
        "lang": deal.lang,
        "deal": deal.deal,
        "as_of": figures.iso(deal.made.as_of_day),
        "known_at": figures.iso_moment(deal.made.known_at_us),
        "parties": {role: name for role, _, name in deal.parties},
        "sentences": list(deal.sentences),
        "documents": [_event(event) for event in deal.events],
        "promises": [_span(span, deal.deal) for span in deal.spans],
        "breaks": [_break(found) for found in deal.breaks],
        "inferred": [_guess(guess) for guess in deal.guesses],
        "balances": [_balance(balance) for balance in deal.balances],
    }


def _event(e: Event) -> dict[str, Any]:
    told = [
        {
            "contributor": t.contributor,
            "contributor_kind": t.kind,
            "batch": t.batch,
            "batch_version": t.version,
            "source": t.source,
            "row": t.row,
            "places": dict(t.places),
        }
        for t in e.told
    ]
    return {
        "id": e.anchor,
        "day": figures.iso(e.day),
        "lane": e.lane,
        "kind": e.kind,
        "title": e.title,
        "number": e.number,
        "status": e.status,
        "reason": e.reason,
        "issuer": e.issuer,
        "amount": _money(e.amount_minor, e.currency),
        "currency": e.currency,
        "quantity": _quantity(e.quantity_milli),
        "unit": e.unit,
        "due": figures.iso(e.due),
        "deliver": figures.iso(e.deliver),
        "link": _share(e.link_ppm),
        "source": e.told[0].source,
        "row": e.told[0].row,
        "told_by": told,
        "names": [{"kind": r.kind, "number": r.number, "document": r.event} for r in e.refers],
        "breaks": list(e.breaks),
        "inferred": list(e.inferred),
    }


def _span(p: Span, deal: str) -> dict[str, Any]:
    return {
        "id": p.anchor,
        "deal": deal,
        "lane": p.lane,
        "kind": p.kind,
        "text": p.text,
        "role": p.role,
        "promisor": code_of(p.promisor, "C"),
        "promisor_name": p.promisor_name,
        "promisee": code_of(p.promisee, "C") if p.promisee else None,
        "promisee_name": p.promisee_name if p.promisee else None,
        "made": figures.iso(p.made),
        "first_due": figures.iso(p.first_due),
        "due": figures.iso(p.due),
        "done": figures.iso(p.done),
        "outcome": p.outcome,
        "late_days": p.late_days,
        "kept": _share(p.kept_ppm),
        "fault": p.fault,
        "faults": [
            {
                "party": part.party,
                "share": _share(part.ppm),
                "reason": part.reason,
                "days": part.days,
            }
            for part in p.faults
        ],
        "value": _money(p.value_minor, p.currency),
        "currency": p.currency,
        "strength": _share(p.strength_ppm),
        "link": _share(p.link_ppm),
        "documents": list(p.events),
    }


def _break(b: Disagreement) -> dict[str, Any]:
    return {
        "id": b.anchor,
        "kind": b.kind,
        "between": b.between.replace("_", " "),
        "expected": b.expected,
        "found": None if b.kind == MISSING else b.found,
        "size": b.size,
        "caused_by": list(b.caused_by),
        "documents": [list(side) for side in b.sides],
    }


def _guess(g: Guess) -> dict[str, Any]:
    return {
        "id": g.anchor,
        "document": g.event,
        "to": list(g.to),
        "rule": g.rule,
        "why": g.words,
        "strength": _share(g.ppm),
        "part": _money(g.part_minor, g.currency),
        "currency": g.currency if g.part_minor is not None else None,
    }


def _balance(b: Balance) -> dict[str, Any]:
    money = b.measure == "money"
    points: list[dict[str, Any]] = [
        {"day": figures.iso(point.day)}
        | {
            name: _money(value, b.unit) if money else _quantity(value)
            for name, value in zip(b.names, point.sums, strict=True)
        }
        for point in b.points
    ]
    return {"measure": b.measure, "unit": b.unit, "sentence": b.sentence, "points": points}


def _money(minor: int | None, currency: str | None) -> Decimal | None:
    return None if minor is None or currency is None else from_minor(minor, currency)


def _quantity(milli: int | None) -> Decimal | None:
    return None if milli is None else Decimal(milli).scaleb(-3)


def _share(ppm: int) -> Decimal:
    return Decimal(ppm) / PPM
