"""The timeline of a deal for a terminal of 80 columns or more: lanes as columns, days downwards.

Worked example, two lines of it (the marks stand under `words goods customs money disputes`):

    2025-01-04  ● │ │ │ │  order PO-7 · 100.00 GBP
    2025-01-18  │ ● │ │ │  dispatch DN-1 · 4 EA  (1)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tallystick.report import figures
from tallystick.report.figures import quantity
from tallystick.report.material import Made
from tallystick.report.phrases import Phrases
from tallystick.report.standing import where
from tallystick.report.terminal import OUTCOME_STYLE
from tallystick.report.timeline_blocks import LANES, Disagreement, Event, Span, Timeline
from tallystick.report.timeline_html import by_day, guess_words
from tallystick.report.timeline_scale import Scale, scale

CELLS: Final = 44
"""Cells of the bar of a promise."""

MARK: Final = {
    "kept": "●",
    "late": "▲",
    "partial": "◆",
    "broken": "✗",
    "excused": "□",
    "disputed": "+",
    "open": "○",
}
_STEERING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing."""

LANE_STYLE: Final = {
    "words": "cyan",
    "goods": "yellow",
    "customs": "blue",
    "money": "green",
    "disputes": "magenta",
}


def render_timeline(deal: Timeline) -> RenderableType:
    """Something for `rich.console.Console.print`."""
    say, deal = Phrases(deal.lang), _harmless(deal)
    return Group(
        *_head(deal, say),
        *_section(say("t.events")),
        *_lane_names(say),
        _events(deal, say),
        *_promises(deal, say),
        *_breaks(deal, say),
        *_sums(deal, say),
    )


def _harmless(value: Any) -> Any:
    """The same blocks; characters in a word that would steer the terminal are shown as a replacement."""
    if isinstance(value, str):
        return _STEERING.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, tuple):
        return tuple(_harmless(part) for part in value)
    if is_dataclass(value) and not isinstance(value, (type, Made)):
        told = {f.name: _harmless(getattr(value, f.name)) for f in fields(value)}
        return replace(value, **told)
    return value


def _section(title: str) -> list[RenderableType]:
    return [Text(), Rule(Text(title, "bold"), align="left")]


def _head(deal: Timeline, say: Phrases) -> Iterable[RenderableType]:
    yield Text.assemble(
        (say("t.title", deal=deal.deal), "bold"),
        (f"  {say('as_of')} {figures.iso(deal.made.as_of_day)}", "dim"),
    )
    people = [f"{words} {name}" for _, words, name in deal.parties]
    if people:
        yield Text(say.joined(people))
    for line in deal.sentences:
        yield Text(f"• {line}")


def _lane_names(say: Phrases) -> Iterable[RenderableType]:
    """The lanes, each in the place and colour of its column."""
    text = Text()
    for n, lane in enumerate(LANES):
        text.append(("│ " * n), "dim").append(f"{say(f't.lane.{lane}')}\n", LANE_STYLE[lane])
    table = Table.grid(padding=(0, 2))
    table.add_column(width=10)
    table.add_row("", text[:-1])
    yield table


def _events(deal: Timeline, say: Phrases) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=10, no_wrap=True)
    table.add_column(width=2 * len(LANES) - 1, no_wrap=True)
    table.add_column(overflow="fold")
    for day, gap, events in by_day(deal.events):
        if gap > 7:
            table.add_row(
                "", Text(" ".join("┆" * len(LANES)), "dim"), Text(say("t.gap", n=gap), "dim")
            )
        for n, event in enumerate(events):
            date = (day or say("t.undated")) if n == 0 else ""
            table.add_row(Text(date), _mark(event), _what(event, say))
            for line in _below(event, deal, say):
                table.add_row("", _rails(), line)
    return table


def _rails() -> Text:
    return Text(" ".join("│" * len(LANES)), "dim")


def _mark(event: Event) -> Text:
    text = Text()
    for lane in LANES:
        told = "◌" if event.inferred else "●"
        text.append(*((told, LANE_STYLE[lane]) if lane == event.lane else ("│", "dim"))).append(" ")
    return text[:-1]


def _what(event: Event, say: Phrases) -> Text:
    text = Text.assemble((f"{event.title} {event.number or ''}".strip(), "bold"))
    parts = [event.status_words]
    if event.amount_minor is not None:
        parts.append(figures.money(event.amount_minor, event.currency))
    if event.quantity_milli is not None:
        parts.append(quantity(event.quantity_milli, event.unit))
    if event.due is not None:
        parts.append(f"{event.due_words} {figures.iso(event.due)}")
    if event.deliver is not None:
        parts.append(f"{say('t.due.deliver')} {figures.iso(event.deliver)}")
    for part in parts:
        if part:
            text.append(f" · {part}")
    if event.breaks:
        numbers = ",".join(anchor[1:] for anchor in event.breaks)
        text.append(f"  ✗ {say('t.break_n', n=numbers)}", "bold red")
    return text


def _below(event: Event, deal: Timeline, say: Phrases) -> Iterable[Text]:
    for told in event.told:
        at = [f"{say(f't.field.{field}')} {place}" for field, place in told.places]
        place = f"{told.contributor}, {where(told.source, told.row)}"
        yield Text(f"{place}  {say.joined(at)}".rstrip(), "dim")
    for guess in deal.guesses:
        if guess.event == event.anchor:
            yield Text(f"≈ {guess_words(guess, deal, say)}", "blue")


def _promises(deal: Timeline, say: Phrases) -> list[RenderableType]:
    axis = scale(deal, 0, CELLS - 1)
    if not deal.spans or axis is None:
        return []
    table = Table.grid(padding=(0, 1))
    table.add_column(max_width=34, overflow="fold")
    table.add_column(width=CELLS, no_wrap=True)
    table.add_column(overflow="fold")
    ends = f"{figures.iso(axis.first)}{figures.iso(axis.last):>{CELLS - 10}}"
    table.add_row("", Text(ends, "dim"), "")
    for span in deal.spans:
        name = span.text if deal.lang == "zh" else span.kind.replace("_", " ")
        whose = Text.assemble((name, "bold"), (f" {span.promisor_name}", "dim"))
        table.add_row(whose, _bar(span, axis), _outcome(span, say))
    return [*_section(say("promises")), table]


def _bar(span: Span, axis: Scale) -> Text:
    """From made to due, dotted on to done where that was later; the mark of the outcome at the end."""
    cells = [" "] * CELLS
    due = span.due if span.due is not None else span.done
    made = span.made if span.made is not None else due
    if made is None or due is None:
        return Text(MARK[span.outcome], OUTCOME_STYLE[span.outcome])
    a, b = round(axis.x(made)), round(axis.x(due))
    cells[min(a, b) : b + 1] = "━" * (b + 1 - min(a, b))
    cells[b] = "→" if axis.beyond(due) else "┤"
    end = b if span.done is None else round(axis.x(span.done))
    cells[b + 1 : end] = "╌" * max(end - b - 1, 0)
    text = Text("".join(cells), "dim")
    text.plain = text.plain[:end] + MARK[span.outcome] + text.plain[end + 1 :]
    text.stylize(OUTCOME_STYLE[span.outcome], end, end + 1)
    return text


def _outcome(span: Span, say: Phrases) -> Text:
    text = Text(span.outcome_words, OUTCOME_STYLE[span.outcome])
    if span.due is not None:
        text.append(f" · {say('due')} {figures.iso(span.due)}", "dim")
    if span.fault_words:
        text.append(f" · {say('t.fault')}: {span.fault_words}", "dim")
    return text


def _breaks(deal: Timeline, say: Phrases) -> list[RenderableType]:
    if not deal.breaks:
        return []
    lines: list[RenderableType] = []
    for found in deal.breaks:
        lines += _break(found, deal, say)
    return [*_section(say("breaks")), *lines]


def _break(found: Disagreement, deal: Timeline, say: Phrases) -> Iterable[Text]:
    yield Text.assemble(
        (f"✗ {found.anchor[1:]} ", "bold red"),
        (found.title, "bold"),
        f" · {found.between_words}: {found.expected or '–'} / {found.found or '–'}",
        (f"  {found.size}" if found.size else "", "red"),
    )
    if found.caused_by:
        yield Text(f"    {say('t.by')}: {say.joined(list(found.caused_by))}", "dim")
    told = [deal.event(anchor).name for side in found.sides for anchor in side]
    if told:
        shown = list(dict.fromkeys(told))
        more = " …" if len(shown) > 6 else ""
        yield Text(f"    {say('t.where')} {say.joined(shown[:6])}{more}", "dim")


def _sums(deal: Timeline, say: Phrases) -> Sequence[RenderableType]:
    if not deal.balances:
        return []
    lines = [Text(f"• {balance.sentence}") for balance in deal.balances]
    return [*_section(say("t.sums")), *lines]
