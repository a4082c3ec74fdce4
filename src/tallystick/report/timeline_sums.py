"""Running sums of a deal: money ordered, invoiced and paid; goods ordered, shipped and received.

Worked example: an order of 100.00 GBP, its invoice of 107.50 and a payment of 50.00 give the points
(10,000, 0, 0), (10,000, 10,750, 0) and (10,000, 10,750, 5,000), and 57.50 GBP are left to pay. What has a
number counts once, with the largest figure that was said of it: a repeated order is no second one. Credit notes
are taken off what is invoiced; money that came back, off what is paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from tallystick.report import figures
from tallystick.report.phrases import Phrases
from tallystick.report.timeline_blocks import Balance, Event, Point

MONEY: Final = {
    "ordered": {"order": 1},
    "invoiced": {"invoice": 1, "debit_note": 1, "credit_note": -1},
    "paid": {"payment": 1, "payment_return": -1, "refund": -1},
}
"""Sum -> kinds of document that add to it or take off it."""

GOODS: Final = {
    "ordered": {"order": 1},
    "shipped": {"dispatch": 1},
    "received": {"receipt": 1},
}

_Kinds = dict[str, dict[str, int]]


def balances(events: Sequence[Event], say: Phrases) -> tuple[Balance, ...]:
    """The sums of each currency and unit that the events have, money first; by currency and unit."""
    money = [e for e in events if e.currency and e.amount_minor is not None and _moved(e)]
    goods = [e for e in events if e.quantity_milli is not None]
    found = [
        *_each("money", money, MONEY, lambda e: e.currency or "", say),
        *_each("goods", goods, GOODS, lambda e: e.unit or "", say),
    ]
    return tuple(found)


def _moved(event: Event) -> bool:
    return event.kind != "payment" or event.status in (None, "settled")


def _each(
    measure: str, events: list[Event], kinds: _Kinds, unit_of: Callable[[Event], str], say: Phrases
) -> list[Balance]:
    counted = {kind for adds in kinds.values() for kind in adds}
    mine = sorted((e for e in events if e.kind in counted and e.day is not None), key=unit_of)
    found = []
    for unit, group in groupby(mine, key=unit_of):
        told_of = list(group)
        points = _points(told_of, kinds, measure)
        names = tuple(kinds)
        last = dict(zip(names, points[-1].sums, strict=True))
        if not any(event.kind in kinds["ordered"] for event in told_of):
            del last["ordered"]  # nobody told of an order, which is not an order of nothing
        told = _sentence(measure, unit, last, _deposits(events, unit), say)
        found.append(Balance(measure, unit, names, points, told))
    return found


def _points(events: list[Event], kinds: _Kinds, measure: str) -> tuple[Point, ...]:
    """The sums at the end of each day on which something was added."""
    largest: dict[str, dict[object, int]] = {name: {} for name in kinds}
    points = []
    for day, group in groupby(sorted(events, key=lambda e: e.day or 0), key=lambda e: e.day or 0):
        for event in group:
            value = event.amount_minor if measure == "money" else event.quantity_milli
            for name, adds in kinds.items():
                if event.kind in adds:
                    _enter(largest[name], event, adds[event.kind] * (value or 0))
        points.append(Point(day, tuple(sum(said.values()) for said in largest.values())))
    return tuple(points)


def _enter(said: dict[object, int], event: Event, value: int) -> None:
    key = (event.kind, event.anchor if event.own is None else event.own)
    if abs(value) >= abs(said.get(key, 0)):
        said[key] = value


def _deposits(events: Sequence[Event], unit: str) -> int:
    """What was asked for in a currency before the invoices: part of them, or on top."""
    asked: dict[object, int] = {}
    for event in events:
        if event.kind == "proforma" and event.currency == unit:
            _enter(asked, event, event.amount_minor or 0)
    return sum(asked.values())


def _sentence(measure: str, unit: str, last: dict[str, int], asked: int, say: Phrases) -> str:
    told = [f"{say(f't.{name}')} {amount(measure, value, unit)}" for name, value in last.items()]
    line = say("t.sums.and").join(told)
    line = line[:1].upper() + line[1:]
    if measure == "goods":
        return line
    left = last["invoiced"] - last["paid"]
    if left > 0:
        return line + say("t.sums.left", left=amount(measure, left, unit))
    if left < 0 and asked:
        line += say("t.sums.asked", asked=amount(measure, asked, unit))
    over = -left - asked
    return line + (say("t.sums.over", left=amount(measure, over, unit)) if over > 0 else "")


def amount(measure: str, value: int, unit: str) -> str:
    """A figure of a balance in words.

    >>> amount("goods", 90_000, "KGM"), amount("money", -10_750, "GBP")
    ('90 KGM', '-107.50 GBP')
    """
    if measure == "money":
        return figures.money(value, unit)
    return figures.quantity(value, unit)
