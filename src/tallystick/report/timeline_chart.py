"""The picture of a deal as SVG: lanes of documents, spans of promises, breaks and guesses between them, sums.

Everything is drawn on one axis of days (`timeline_scale`). Labels are laid into rows of a lane first come,
first served; where a lane has more documents than its rows have room for, the rest are marks without a label in
a row of their own, and the list below the picture has them all. Colours come from the style sheet, by class;
each has a shape or a word beside it.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from tallystick.report import charts, figures
from tallystick.report.page import language_tag, style
from tallystick.report.phrases import Phrases
from tallystick.report.svg import tag
from tallystick.report.timeline_blocks import LANES, Balance, Event, Guess, Span, Timeline
from tallystick.report.timeline_scale import Scale, scale
from tallystick.report.timeline_sums import amount

WIDTH: Final = 900
LEFT: Final = 142.0
RIGHT: Final = WIDTH - 30.0
ROW: Final = 21.0
ROWS: Final = 7
"""Rows of labels that a lane has at most."""

SPANS: Final = 30
"""Promises that are drawn; those that were not kept come first."""

TIES: Final = 24
"""Lines between the sides of breaks that are drawn; their numbers stand at all events."""

LABEL: Final = 30
CELL: Final = 6.5
BADGE: Final = 14.0
MOST_BADGES: Final = 4
"""Numbers of breaks that stand beside one event; the list below the picture has them all."""

SUMS: Final = 92.0

_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML file may hold, whatever a document was called."""


@dataclass(slots=True)
class _Sheet:
    """What was drawn so far: parts, the height that is used, and where each event stands."""

    axis: Scale
    say: Phrases
    links: bool
    parts: list[Markup] = field(default_factory=list)
    y: float = 26.0
    at: dict[str, tuple[float, float]] = field(default_factory=dict)


def picture(deal: Timeline, links: bool = True) -> Markup:
    """The deal as an `svg` element for a page (`links`: marks lead to the list of events), or empty where no
    event has a date."""
    axis = scale(deal, LEFT, RIGHT)
    if axis is None:
        return Markup()
    say = Phrases(deal.lang)
    sheet = _Sheet(axis, say, links)
    for lane in LANES:
        _lane(sheet, lane, [e for e in deal.events if e.lane == lane and e.day is not None])
    _promises(sheet, deal)
    for balance in _shown(deal.balances):
        _sums(sheet, balance)
    ties = [*_guess_lines(sheet, deal.guesses), *_break_lines(sheet, deal)]
    body = [*_calendar(sheet), *ties, *sheet.parts]
    return _root(deal, sheet.y + 8, body, say)


def picture_file(deal: Timeline) -> str:
    """The picture as an SVG file that needs nothing else, in the colours of the viewer's choice."""
    drawn = str(picture(deal, links=False)) or str(_root(deal, 40, [], Phrases(deal.lang)))
    sheet = f"<style>{style('report.css', 'timeline.css')}</style>"
    head, _, rest = drawn.partition(">")
    text = f'{head} xmlns="http://www.w3.org/2000/svg">{sheet}{rest}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_NO_XML.sub("�", text)}\n'


def _root(deal: Timeline, height: float, body: Iterable[Markup], say: Phrases) -> Markup:
    title = say("t.title", deal=deal.deal)
    return tag(
        "svg",
        tag("title", title, id="picture-title"),
        tag("desc", " ".join(deal.sentences), id="picture-desc"),
        tag("rect", x=0, y=0, width=WIDTH, height=height, class_="sheet"),
        *body,
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="graphics-document document",
        lang=language_tag(deal.lang),
        aria_labelledby="picture-title picture-desc",
        class_="deal",
    )


# lanes


def _lane(sheet: _Sheet, lane: str, events: Sequence[Event]) -> None:
    top, say = sheet.y, sheet.say
    sheet.y += 6
    ends: list[float] = []
    bare: list[Event] = []
    for event in events:
        label = _label(event)
        x = sheet.axis.x(event.day or 0)
        width = 12 + _cells(label) * CELL + (BADGE * len(event.breaks[:MOST_BADGES]))
        flip = x + width > WIDTH - 2
        left, right = (x - width, x + 8) if flip else (x - 8, x + width)
        row = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        if row >= ROWS or left < LEFT - 14:
            bare.append(event)
            continue
        ends[row : row + 1] = [right]
        y = top + 6 + ROW * row + ROW / 2
        sheet.at[event.anchor] = (x, y)
        sheet.parts.append(_event(sheet, event, x, y, label, flip))
    rows = max(len(ends) + bool(bare), 1)
    for event in bare:
        x, y = sheet.axis.x(event.day or 0), top + 6 + ROW * (rows - 1) + ROW / 2
        sheet.at[event.anchor] = (x, y)
        sheet.parts.append(_event(sheet, event, x, y, "", False))
    sheet.y = top + 12 + ROW * rows
    note = say("t.more_marks", n=len(bare)) if bare else ""
    _gutter(sheet, top, say(f"t.lane.{lane}"), note, empty=not events)


def _gutter(sheet: _Sheet, top: float, name: str, note: str, empty: bool = False) -> None:
    """The name of a lane, and the line above it; the lane is at least as high as its name."""
    kind = "lane empty" if empty else "lane"
    sheet.parts.append(tag("line", x1=0, x2=WIDTH, y1=top, y2=top, class_="rail"))
    lines = textwrap.wrap(name, 16, break_long_words=False) or [name]
    sheet.y = max(sheet.y, top + 14 * (len(lines) + bool(note)) + 14)
    for n, line in enumerate(lines):
        sheet.parts.append(tag("text", line, x=2, y=top + 20 + 14 * n, class_=kind))
    if note:
        y = top + 20 + 14 * len(lines)
        sheet.parts.append(tag("text", note, x=2, y=y, class_="axis"))


def _event(sheet: _Sheet, event: Event, x: float, y: float, label: str, flip: bool) -> Markup:
    """A mark, the numbers of the breaks that it lies on, and its label; to the left if `flip`."""
    kind = f"dot lane-{event.lane}" + (" guessed" if event.inferred else "")
    marks = [tag("title", _title(event)), tag("circle", cx=x, cy=y, r=4.6, class_=kind)]
    if len({told.contributor for told in event.told}) > 1:
        marks.append(tag("circle", cx=x, cy=y, r=7.4, class_="told"))
    way, numbers = (-1 if flip else 1), event.breaks[:MOST_BADGES] if label else event.breaks[:1]
    if label:
        at = x + way * (11 + BADGE * len(numbers))
        marks.append(
            tag("text", label, x=at, y=y + 4, text_anchor="end" if flip else "start", class_="halo")
        )
    badges = [
        _badge(sheet, anchor, x + way * (14 + BADGE * n), y)
        if label
        else _badge(sheet, anchor, x, y - 9)
        for n, anchor in enumerate(numbers)
    ]
    if sheet.links:
        return tag("g", tag("a", *marks, href=f"#{event.anchor}"), *badges)
    return tag("g", *marks, *badges, id=event.anchor)


def _label(event: Event) -> str:
    """Title and number, the status where that says more; short enough for its row."""
    status = f" ({event.status_words})" if event.status_words and event.status != "settled" else ""
    number = _short(event.number) if event.number and not status else ""
    return shortened(f"{event.title} {number}".strip() + status, LABEL)


def _short(number: str) -> str:
    return number if len(number) <= 14 else f"…{number[-10:]}"


def shortened(text: str, cells: int) -> str:
    """A text of so many cells at most; letters of East Asia take two.

    >>> shortened("invoice INV-2026-0000017", 14), shortened("发票 12345", 6)
    ('invoice INV-2…', '发票…')
    """
    if _cells(text) <= cells:
        return text
    while _cells(text) >= cells:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _title(event: Event) -> str:
    parts = [figures.iso(event.day) or "", f"{event.title} {event.number or ''}".strip()]
    if event.amount_minor is not None:
        parts.append(figures.money(event.amount_minor, event.currency))
    if event.status_words:
        parts.append(event.status_words)
    return ", ".join(parts)


# promises


def _promises(sheet: _Sheet, deal: Timeline) -> None:
    if not deal.spans:
        return
    say, top = sheet.say, sheet.y
    worst = sorted(deal.spans, key=lambda span: span.outcome in ("kept", "open"))[:SPANS]
    shown = [span for span in deal.spans if span in worst]
    left_out = len(deal.spans) - len(shown)
    sheet.y += 6
    ends: list[float] = []
    for span in shown:
        _span(sheet, span, top + 6, ends, deal.made.as_of_day)
    sheet.y = top + 12 + 18 * len(ends)
    note = say("t.more_marks", n=left_out) if left_out else ""
    _gutter(sheet, top, say("promises"), note)


def _span(sheet: _Sheet, span: Span, top: float, ends: list[float], as_of: int) -> None:
    """The bar of a promise in the first row that has room, and its label beside it."""
    x = sheet.axis.x
    days = [day for day in (span.made, span.due, span.done) if day is not None]
    made = span.made if span.made is not None else min(days, default=as_of)
    due = span.due if span.due is not None else span.done if span.done is not None else as_of
    end = max([made, due, *([span.done] if span.done is not None else [])])
    label = f"{_name(span, sheet.say)}: {_ending(span, sheet.say)}"
    width = _cells(label) * CELL + 12
    flip = x(end) + width > WIDTH - 2 and x(made) - width >= LEFT - 14
    low, high = (x(made) - width, x(end) + 8) if flip else (x(made) - 6, x(end) + width)
    row = next((n for n, taken in enumerate(ends) if taken <= low), len(ends))
    ends[row : row + 1] = [high]
    y = top + 18 * row + 9
    parts = [tag("title", _told(span, sheet.say)), *_bar(sheet.axis, span, made, due, y)]
    if flip:
        parts.append(
            tag("text", label, x=x(made) - 8, y=y + 4, text_anchor="end", class_="promise")
        )
    else:
        place = min(x(end) + 11, WIDTH - width + 9)
        halo = "promise halo" if place < x(end) + 11 else "promise"
        parts.append(tag("text", label, x=place, y=y + 4, class_=halo))
    sheet.parts.append(
        tag("a", *parts, href=f"#{span.anchor}") if sheet.links else tag("g", *parts)
    )


def _bar(axis: Scale, span: Span, made: int, due: int, y: float) -> list[Markup]:
    """From made to due, on to done where that was late; a tick at the due day, the mark of the outcome."""
    left, right = axis.x(made), axis.x(due)
    parts = [
        tag(
            "rect", x=left, y=y - 2.5, width=max(right - left, 2.0), height=5, rx=2.5, class_="span"
        ),
        tag("line", x1=right, x2=right, y1=y - 6, y2=y + 6, class_="due"),
    ]
    if axis.beyond(due):
        parts[1] = tag("path", d=f"M{right - 4:.1f} {y - 5:.1f}l5 5l-5 5", class_="due open-end")
    at = right
    if span.done is not None:
        at = axis.x(span.done)
        if span.done > due:
            parts.append(tag("line", x1=right, x2=at, y1=y, y2=y, class_="overdue"))
    parts.append(charts.mark(span.outcome, at, y, span.outcome_words))
    return parts


def _name(span: Span, say: Phrases) -> str:
    return span.text if say.lang == "zh" else span.kind.replace("_", " ")


def _ending(span: Span, say: Phrases) -> str:
    if span.outcome == "late":
        return say("t.late", outcome=say("outcome.late"), n=span.late_days)
    return span.outcome_words


def _told(span: Span, say: Phrases) -> str:
    days = [f"{say('t.made')} {figures.iso(span.made) or '–'}", f"{say('due')} {figures.iso(span.due) or '–'}",
            f"{say('done')} {figures.iso(span.done) or '–'}"]  # fmt: skip
    return f"{span.promisor_name}: {span.text}, {span.outcome_words} ({say.joined(days)})"


# sums


def _shown(found: Sequence[Balance]) -> list[Balance]:
    """The first balance of money and the first of goods that have more than one point or sum."""
    shown: dict[str, Balance] = {}
    for balance in sorted(found, key=lambda b: -max(map(sum, (p.sums for p in b.points)))):
        if len(balance.points) > 1:
            shown.setdefault(balance.measure, balance)
    return [shown[measure] for measure in ("money", "goods") if measure in shown]


def _sums(sheet: _Sheet, balance: Balance) -> None:
    top, say = sheet.y, sheet.say
    sheet.y = top + SUMS
    name = say(f"t.lane.{balance.measure}")
    _gutter(sheet, top, f"{name}, {balance.unit}" if balance.unit else name, "")
    high = max(max(max(point.sums) for point in balance.points), 1)
    for n, word in enumerate(balance.names):
        y = top + 38 + 16 * n
        sheet.parts.append(tag("line", x1=2, x2=24, y1=y - 4, y2=y - 4, class_=f"sum sum-{n}"))
        told = f"{say(f't.{word}')} {_plain(balance, n)}"
        sheet.parts.append(tag("text", shortened(told, 20), x=29, y=y, class_="axis"))
        sheet.parts.append(_steps(sheet.axis, balance, n, top + 12, high, say))
    base = top + SUMS - 10
    sheet.parts.append(tag("line", x1=LEFT, x2=RIGHT, y1=base, y2=base, class_="rail"))


def _plain(balance: Balance, n: int) -> str:
    """The last figure of a sum without its unit, which stands above; a large one in whole units."""
    last = balance.points[-1].sums[n]
    told = amount(balance.measure, last, balance.unit).removesuffix(balance.unit).strip()
    return told.partition(".")[0] if len(told) > 9 else told


def _steps(axis: Scale, balance: Balance, n: int, top: float, high: int, say: Phrases) -> Markup:
    """A sum as a line of steps from the left end of the axis to the right."""

    def y(value: int) -> float:
        return top + (SUMS - 22) * (1 - max(value, 0) / high) + 1.6 * (n - 1)

    path = [f"M{LEFT:.1f} {y(0):.1f}"]
    for point in balance.points:
        path.append(f"H{axis.x(point.day):.1f}V{y(point.sums[n]):.1f}")
    told = f"{say(f't.{balance.names[n]}')} {_plain(balance, n)}"
    return tag("path", tag("title", told), d="".join(path) + f"H{RIGHT:.1f}", class_=f"sum sum-{n}")


# what lies between events


def _calendar(sheet: _Sheet) -> list[Markup]:
    """Dates above, thin lines down, and a mark where days were left out."""
    parts, bottom = [], sheet.y
    for x, told in sheet.axis.ticks():
        parts.append(tag("line", x1=x, x2=x, y1=18, y2=bottom, class_="rail"))
        parts.append(tag("text", told, x=x, y=12, class_="axis", text_anchor="middle"))
    for start, end in sheet.axis.cuts:
        x = (sheet.axis.x(start) + sheet.axis.x(end)) / 2
        told = f"⋯ {sheet.say('t.gap_short', n=end - start)} ⋯"
        parts.append(tag("rect", x=x - 16, y=18, width=32, height=bottom - 18, class_="cut"))
        parts.append(tag("text", told, x=x, y=bottom + 4, class_="axis", text_anchor="middle"))
    return parts


def _curve(a: tuple[float, float], b: tuple[float, float]) -> str:
    """A line from mark to mark, bowed where they share a row."""
    (x1, y1), (x2, y2) = a, b
    bow = 16 if abs(y1 - y2) < ROW else 0
    middle = f"{(x1 + x2) / 2:.1f} {(y1 + y2) / 2 - bow:.1f}"
    return f"M{x1:.1f} {y1:.1f}Q{middle} {x2:.1f} {y2:.1f}"


def _guess_lines(sheet: _Sheet, found: Sequence[Guess]) -> list[Markup]:
    pairs = [(guess, to) for guess in found for to in guess.to[:1]]
    return [
        tag("path", tag("title", f"{guess.words} ({guess.ppm / 1e6:.2f})"),
            d=_curve(sheet.at[guess.event], sheet.at[to]), class_="guess")
        for guess, to in pairs
        if guess.event in sheet.at and to in sheet.at
    ]  # fmt: skip


def _break_lines(sheet: _Sheet, deal: Timeline) -> list[Markup]:
    lines = []
    for found in deal.breaks:
        first, second = ([a for a in side if a in sheet.at] for side in found.sides)
        if first and second and first[0] != second[-1]:
            told = f"{found.title}: {found.between_words}"
            d = _curve(sheet.at[first[0]], sheet.at[second[-1]])
            lines.append(tag("path", tag("title", told), d=d, class_="break"))
    return lines[:TIES]


def _badge(sheet: _Sheet, anchor: str, x: float, y: float) -> Markup:
    """The number of a break, beside an event that it lies on."""
    number = anchor[1:]
    title = tag("title", sheet.say("t.break_n", n=number))
    dot = tag("circle", cx=x, cy=y, r=6.4, class_="badge")
    text = tag("text", number, x=x, y=y + 3.2, text_anchor="middle", class_="badge-text")
    if sheet.links:
        return tag("a", title, dot, text, href=f"#{anchor}")
    return tag("g", title, dot, text)
