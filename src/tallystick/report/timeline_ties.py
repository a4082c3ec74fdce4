"""What ties the events of a deal: the breaks that lie between them, and the links that were inferred.

Worked example: the break "order and invoice", 100.00 and 107.50 GBP, lies between the events of kind `order`
that say 100.00 GBP and those of kind `invoice` that say 107.50 GBP; where no single one says so (the sum of
three payments was compared), between all of them. The kinds are read out of `between_kinds`, so that a kind of
break that is new is placed too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tallystick.deals.breaks import MISSING
from tallystick.deals.infer import RULES
from tallystick.evidence.kinds import KINDS
from tallystick.report import disagreement, figures
from tallystick.report.disagreement import PARTIES
from tallystick.report.figures import quantity
from tallystick.report.material import Row
from tallystick.report.phrases import Phrases
from tallystick.report.timeline_blocks import Disagreement, Event, Guess
from tallystick.units import CURRENCIES

_DECLARATIONS: Final = ("export_declaration", "import_declaration")
_NAMED: Final[dict[str, tuple[str, ...]]] = {name.replace("_", " "): (name,) for name in KINDS} | {
    "customs declaration": _DECLARATIONS,
    "declaration": _DECLARATIONS,
    "collection": ("transport_event",),
    "delivery": ("transport_event",),
    "loss": ("claim",),
    "cover": ("policy",),
    "paid": ("payment",),
    "billed": ("invoice",),
    "bill": ("invoice", "proforma"),
    "bills": ("invoice", "proforma"),
}
_FINDER: Final = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _NAMED), key=len, reverse=True)) + r")\b"
)
_BILLS: Final[tuple[str, ...]] = ("order", "invoice", "quotation", "proforma")
"""Kinds whose currencies a break without kinds compares."""


def disagreements(
    rows: Sequence[Row], events: Sequence[Event], names: Mapping[int, str], say: Phrases
) -> tuple[Disagreement, ...]:
    """The breaks of a deal (rows of `deals.breaks`), and the events on either side. `names`: company -> name,
    for breaks between parties."""
    return tuple(
        Disagreement(
            anchor=f"b{n}",
            kind=row["kind"],
            title=say.either("break", row["kind"]),
            between=row["between_kinds"],
            between_words=say.between(row["between_kinds"]),
            expected=disagreement.expected(row, names),
            found=disagreement.found(row, names, say),
            size=_size(row),
            caused_by=tuple(disagreement.causes(row, say)),
            sides=_sides(row, events),
        )
        for n, row in enumerate(rows, start=1)
    )


def _size(row: Row) -> str | None:
    """How far the two sides are apart: `+7.50 GBP (+7.5 %)`, `−10 KGM (−10.0 %)`, `3 d`."""
    first, second, unit = row["expected"], row["found"], row["unit"]
    if first is None or second is None or unit in (*PARTIES, "account") or " and " in (unit or ""):
        return None
    apart = second - first
    if unit == "day":
        return f"{apart:+d} d".replace("-", "−")
    told = figures.money(apart, unit) if unit in CURRENCIES else quantity(apart, unit)
    share = f" ({apart / first:+.1%})".replace("%", " %") if first else ""
    return f"{'+' if apart > 0 else ''}{told}{share}".replace("-", "−")


def _sides(row: Row, events: Sequence[Event]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kinds = [_NAMED[name] for name in _FINDER.findall(row["between_kinds"].replace("_", " "))]
    if row["kind"] == MISSING:
        kinds = kinds[:1]
        naming = [e for e in events if any(r.number == row["unit"] for r in e.refers)]
        return _anchors([e for e in naming if e.kind in kinds[0]] if kinds else naming), ()
    units = (row["unit"] or "").split(" and ")
    if not kinds:
        kinds = [_BILLS]
    if len(kinds) == 1:
        kinds *= 2
    first, second = (
        _told(row, side, units[min(place, len(units) - 1)], kinds[place], events)
        for place, side in enumerate(("expected", "found"))
    )
    return first, second if second != first else ()


def _told(
    row: Row, side: str, unit: str, kinds: Iterable[str], events: Sequence[Event]
) -> tuple[str, ...]:
    """The events of some kinds that say the figure of one side of a break; all of them where none does."""
    mine = [e for e in events if e.kind in kinds]
    if unit in CURRENCIES:
        mine = [e for e in mine if e.currency == unit] or mine
    exact = [e for e in mine if row[side] is not None and row[side] == _figure(e, row, unit)]
    return _anchors(exact or mine)


def _figure(event: Event, row: Row, unit: str) -> int | None:
    if unit == "day":
        return event.day
    if unit in (*PARTIES, "account"):
        return None
    return event.amount_minor if unit in CURRENCIES else event.quantity_milli


def _anchors(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(event.anchor for event in events)


def guesses(rows: Sequence[Row], events: Sequence[Event], say: Phrases) -> tuple[Guess, ...]:
    """The links that were inferred for the events of a deal. `rows`: schema INFERRED."""
    placed = {doc_id: event for event in events for doc_id in event.doc_ids}
    kept = [row for row in rows if row["doc_id"] in placed]
    return tuple(
        Guess(
            anchor=f"l{n}",
            event=placed[row["doc_id"]].anchor,
            to=_anchors(_met(row, placed[row["doc_id"]], events)),
            rule=row["rule"],
            words=rule_words(row["rule"], say),
            ppm=row["ppm"],
            part_minor=row["part_minor"],
            currency=row["part_currency"] or placed[row["doc_id"]].currency,
        )
        for n, row in enumerate(kept, start=1)
    )


def _met(row: Row, event: Event, events: Sequence[Event]) -> list[Event]:
    """What an inferred link leads to: the bill that money is for, or the document that was followed."""
    others = [other for other in events if other is not event]
    if row["item"] is not None:
        return [other for other in others if other.own == row["item"]]
    near = [other for other in others if row["b"] in (other.thread, other.own)]
    anchors = {rule.anchor for rule in RULES if rule.kind == event.kind}
    return [other for other in near if other.kind in anchors] or near


def rule_words(rule: str, say: Phrases) -> str:
    """How a link was found, in plain words; a rule that has none under its own name."""
    for ending in ("-by-content", "-by-days"):
        kind = rule.removesuffix(ending)
        if kind != rule and kind in KINDS:
            return say(f"t.rule{ending}", kind=say.paper(kind))
    return say.either("t.rule", rule)
