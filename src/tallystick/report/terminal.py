"""The report for a terminal of 80 columns or more: words first, bars beside them."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tallystick.report import blocks as b
from tallystick.report import figures
from tallystick.report.curve_blocks import Concentration, Survival
from tallystick.report.phrases import Phrases
from tallystick.report.scale import position
from tallystick.report.standing import chance_label
from tallystick.report.terminal_curves import concentration_lines, survival_lines

GRADE_STYLE: Final = {
    "AAA": "bold green",
    "AA": "bold green",
    "A": "bold green",
    "BBB": "green",
    "BB": "green",
    "B": "yellow",
    "CCC": "dark_orange",
    "CC": "red",
    "C": "red",
    "D": "bold red",
    "X": "bold white on red",
    "NR": "bold blue",
}
OUTCOME_STYLE: Final = {
    "kept": "green",
    "late": "dark_orange",
    "partial": "yellow",
    "broken": "red",
    "excused": "blue",
    "disputed": "magenta",
    "open": "dim",
}
BAR_CELLS: Final = 24
SCALE_CELLS: Final = 60
WIDTH: Final = 100
SHOWN: Final = 12


def render_terminal(report: b.Report) -> RenderableType:
    """Something for `rich.console.Console.print`."""
    say = Phrases(report.lang)
    parts: list[RenderableType] = [
        _headline(report.block(b.Headline), report.block(b.Meaning), say),
        *_reasons(report.block(b.Reasons), say),
        *_track_record(report.block(b.TrackRecord), report.block(b.Headline).coverage_ppm, say),
        *_titled("survival", survival_lines(report.block(Survival), say), say),
        *_titled("concentration", concentration_lines(report.block(Concentration), say), say),
        *_horizon(report.block(b.Horizon), report.block(b.Headline).coverage_ppm, say),
        *_promises(report.block(b.Promises), say),
        *_breaks(report.block(b.Breaks), say),
        *_struck(report.block(b.Struck), say),
        *_related(report.block(b.Related), say),
        *_outlook(report.block(b.Outlook), say),
        *_provenance(report.block(b.Provenance), say),
        _versions(report.block(b.Versions), say),
    ]
    return Group(*parts)


def _headline(head: b.Headline, meaning: b.Meaning, say: Phrases) -> Panel:
    style = GRADE_STYLE[head.grade]
    name = Text.assemble((head.name, "bold"), f"  {head.country or ''}  ", (head.code, "dim"))
    grade = Text.assemble((f" {head.grade} ", f"reverse {style}"), (f"  {head.grade_words}", style))
    lines: list[RenderableType] = [name]
    if head.ids:
        lines.append(Text(say.joined(list(head.ids[:4])), "dim"))
    if head.country_by:
        lines.append(Text(say("country_by", ref=head.country_by), "dim"))
    lines += [Text(), grade, Text(head.sentence)]
    if head.broken_ppm is not None:
        lines += [Text(), _figures(head, say), Text(), _scale(head)]
    lines += [Text(), Text(meaning.title, "bold")]
    lines += [Text(f"• {line}") for line in (*meaning.because, *meaning.sentences)]
    title = f"{say('title')} · {say('as_of')} {head.as_of}"
    return Panel(Group(*lines), title=title, title_align="left", width=WIDTH, padding=(1, 2))


def _figures(head: b.Headline, say: Phrases) -> Table:
    table = Table.grid(padding=(0, 2))
    interval = say("interval", coverage=figures.share(head.coverage_ppm))
    note = f"{interval} {figures.percent(head.low_ppm)} – {figures.percent(head.high_ppm)}"
    weight = say("evidence_note", weight=figures.weight(head.evidence_micro))
    rows = (
        (chance_label(head, say), figures.percent(head.broken_ppm), note),
        (say("evidence"), f"{head.evidence_level} {head.evidence_words}", weight),
        (say("exposure"), figures.money_usd(head.exposure_cents), say("exposure_note")),
    )
    for label, figure, words in rows:
        table.add_row(label, Text(figure, "bold"), Text(words, "dim"))
    return table


def _scale(head: b.Headline) -> Text:
    """The grades from left to right, and under them the interval with its mean."""
    low, mean, high = (
        min(int(position(ppm or 0) * SCALE_CELLS), SCALE_CELLS - 1)
        for ppm in (head.low_ppm, head.broken_ppm, head.high_ppm)
    )
    cells = [" "] * SCALE_CELLS
    cells[low : high + 1] = "─" * (high + 1 - low)
    cells[low], cells[high], cells[mean] = "├", "┤", "●"
    text = Text()
    for grade in _grades():
        text.append(f"{grade:<6}", GRADE_STYLE[grade] if grade == head.grade else "dim")
    return text.append("\n" + "".join(cells), GRADE_STYLE[head.grade])


def _grades() -> tuple[str, ...]:
    return tuple(grade for grade in GRADE_STYLE if grade not in ("X", "NR"))


def _section(title: str) -> list[RenderableType]:
    return [Text(), Padding(Rule(Text(title, "bold"), align="left"), (0, 0, 0, 0))]


def _titled(title: str, lines: list[RenderableType], say: Phrases) -> list[RenderableType]:
    return [*_section(say(title)), *lines] if lines else []


def _reasons(reasons: b.Reasons, say: Phrases) -> list[RenderableType]:
    if not reasons.lines:
        return []
    table = Table.grid(padding=(0, 2))
    table.add_column(width=52)
    table.add_column(justify="right", width=9)
    table.add_column(width=2 * 12 + 1)
    most = max((abs(line.tenths) for line in reasons.lines[1:]), default=1) or 1
    for line in reasons.lines:
        bar = Text() if line.code == "base" else _signed_bar(line.tenths, most)
        table.add_row(line.text, figures.points(line.tenths).lstrip("+"), bar)
    total = Text(f"{reasons.score_tenths / 10:.1f}", "bold")
    table.add_row(Text(say("score"), "bold"), total, Text())
    return [*_section(say("reasons")), table, Text(say("reasons_note"), "dim")]


def _signed_bar(tenths: int, most: int) -> Text:
    cells = max(round(abs(tenths) / most * 12), 1)
    if tenths < 0:
        return Text.assemble(" " * (12 - cells), ("█" * cells, "red"), "│")
    return Text.assemble(" " * 12, "│", ("█" * cells, "green"))


def _track_record(record: b.TrackRecord, coverage_ppm: int, say: Phrases) -> list[RenderableType]:
    if not record.kinds:
        return [*_section(say("track_record")), Text(say("no_promises"))]
    table = Table(box=None, padding=(0, 1), header_style="dim", width=WIDTH)
    table.add_column(say("promise"), ratio=1)
    table.add_column(say("grade"))
    table.add_column(say("chance_short"), justify="right")
    table.add_column(say("interval", coverage=figures.share(coverage_ppm)), justify="right")
    table.add_column(say("peers"), justify="right")
    table.add_column(say("kept_rate"))
    table.add_column(say("late_short"), justify="right")
    for row in record.kinds:
        table.add_row(
            row.text,
            Text(row.grade, GRADE_STYLE[row.grade]),
            figures.percent(row.broken_ppm),
            Text(f"{figures.percent(row.low_ppm)[:-2]}–{figures.percent(row.high_ppm)}", "dim"),
            Text(figures.percent(row.peers_ppm), "dim"),
            _kept(row),
            "–" if row.late_days_p90 is None else f"{row.late_days_p50} / {row.late_days_p90}",
        )
    return [*_section(say("track_record")), table, *_quarters(record.quarters, say)]


def _horizon(horizon: b.Horizon, coverage_ppm: int, say: Phrases) -> list[RenderableType]:
    if not horizon.rows:
        return []
    table = Table(box=None, padding=(0, 1), header_style="dim", width=WIDTH)
    table.add_column(say("promise"), ratio=1, min_width=30)
    for days in sorted({row.days for row in horizon.rows}):
        table.add_column(say("horizon.expected"), justify="right")
        table.add_column(say("horizon.days", days=days), justify="right")
        table.add_column("")
    for _, rows in groupby(horizon.rows, key=lambda row: row.name):
        cells: list[RenderableType] = []
        for row in rows:
            text = row.text
            ends = f"{figures.percent(row.low_ppm)[:-2]}–{figures.percent(row.high_ppm)}"
            expected = Text(figures.expected(row.promises_milli), "dim")
            cells += [expected, figures.percent(row.broken_ppm), Text(ends, "dim")]
        table.add_row(text, *cells)
    note = say("horizon_note", coverage=figures.share(coverage_ppm))
    return [*_section(say("horizon")), table, Text(note, "dim")]


def _kept(row: b.KindRow) -> Text:
    """A small bar with the share kept, the rest in the colour of its commonest outcome."""
    counted = [(name, row.counts[name]) for name in ("kept", "partial", "late", "broken")]
    total = sum(n for _, n in counted)
    text = Text()
    kept = row.counts["kept"]
    if total:
        cells = kept * 10 // total
        worst = max(counted[1:], key=lambda pair: pair[1])[0]
        text.append("█" * cells, OUTCOME_STYLE["kept"])
        text.append("▒" * (10 - cells), OUTCOME_STYLE[worst])
    return text.append(f" {kept}/{total}")


def _quarters(quarters: tuple[b.Quarter, ...], say: Phrases) -> list[RenderableType]:
    if len(quarters) < 2:
        return []
    table = Table.grid(padding=(0, 2))
    for q in quarters[-8:]:
        share = q.kept / q.counted if q.counted else 0.0
        bar = Text("█" * round(share * BAR_CELLS), "green")
        bar.append("░" * (BAR_CELLS - round(share * BAR_CELLS)), "dim")
        told = f"{share:.0%}" if q.counted else "–"
        table.add_row(Text(q.label, "dim"), bar, told, Text(f"{q.kept}/{q.counted}", "dim"))
    return [Text(), Text(say("quarters"), "dim"), table]


def _promises(promises: b.Promises, say: Phrases) -> list[RenderableType]:
    if not promises.rows:
        return []
    table = Table(box=None, padding=(0, 1), header_style="dim", width=WIDTH)
    table.add_column(say("due"), width=10)
    table.add_column(say("promise"), ratio=3)
    table.add_column(say("to"), ratio=2)
    table.add_column(say("value"), justify="right")
    table.add_column(say("outcome"), width=12)
    table.add_column(say("counts_now"), justify="right")
    against = [row for row in promises.rows if row.against][: SHOWN // 2]
    newest = [row for row in promises.rows if not row.against][: SHOWN - len(against)]
    for row in (*against, *newest):
        if newest and row is newest[0] and against:
            table.add_section()
        late = f" +{row.late_days} d" if row.late_days else ""
        table.add_row(
            row.due or "–",
            row.text,
            Text(row.to, no_wrap=True, overflow="ellipsis"),
            figures.money(row.value_minor, row.currency),
            Text(f"{row.outcome_words}{late}", OUTCOME_STYLE[row.outcome]),
            figures.weight(row.mass_micro),
        )
    shown = len(against) + len(newest)
    note = say("promises_note", shown=shown, total=figures.count(promises.total))
    title = f"{say('against')} · {say('newest')}" if against else say("newest")
    return [*_section(say("titled", what=say("promises"), title=title)), table, Text(note, "dim")]


def _breaks(breaks: b.Breaks, say: Phrases) -> list[RenderableType]:
    head = _section(say("breaks"))
    if not breaks.rows:
        return [*head, Text(say("breaks_none"), "dim")]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("deal", "break", "between", "expected", "found", "caused_by"):
        table.add_column(say(title))
    for row in breaks.rows[:6]:
        what = say.either("break", row.kind)
        table.add_row(row.deal, what, row.between, row.expected, row.found or "", row.caused_by)
    shown = min(6, len(breaks.rows))
    note = say("breaks_note", shown=shown, total=figures.count(breaks.total))
    return [*head, table, Text(note, "dim")]


def _struck(struck: b.Struck, say: Phrases) -> list[RenderableType]:
    if not struck.rows:
        return []
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("on", "paper", "by", "for"):
        table.add_column(say(f"struck_{title}"))
    for row in struck.rows[:SHOWN]:
        table.add_row(row.on, row.document, row.contributor or "–", row.because)
    return [*_section(say("struck")), table, Text(say("struck_note"), "dim")]


def _related(related: b.Related, say: Phrases) -> list[RenderableType]:
    if not related.rows:
        return []
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("to", "related_how", "related_since", "source"):
        table.add_column(say(title))
    for title in ("promises", "related_weight"):
        table.add_column(say(title), justify="right")
    for row in related.rows:
        share, name = figures.percent(row.related_ppm), Text(row.name)
        source = Text(row.source, "dim")
        told = (row.text, row.since or "–", source, figures.count(row.promises), share)
        table.add_row(name, *told)
    note = say("related_note", shown=len(related.rows), total=figures.count(related.total))
    return [*_section(say("related")), table, Text(note, "dim")]


def _outlook(outlook: b.Outlook, say: Phrases) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(f"• {line}") for line in outlook.sentences]
    heads = [step for step in outlook.plan if step.scope == "headline"]
    if heads:
        lines += [Text(), Text(say("plan"), "bold")]
        lines += [Text.assemble(f"• {step.text}: ", (step.result, "bold")) for step in heads]
        lines.append(Text(say("plan.note"), "dim"))
    if outlook.what_if:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for title in ("", "", say("what_if_kind"), "", say("what_if_all")):
            table.add_column(title)
        for step in outlook.what_if:
            label = say("what_if_kept", n=step.kept) if step.kept else say("what_if_now")
            ends = f"{figures.percent(step.low_ppm)} – {figures.percent(step.high_ppm)}"
            grade = Text(step.grade, GRADE_STYLE[step.grade])
            kind, whole = figures.percent(step.broken_ppm), figures.percent(step.headline_ppm)
            table.add_row(label, grade, kind, Text(ends, "dim"), whole)
        lines += [Text(), Text(say("what_if", kind=outlook.kind_text)), table]
        lines.append(Text(say("what_if_note"), "dim"))
    return [*_section(say("outlook")), *lines]


def _provenance(provenance: b.Provenance, say: Phrases) -> list[RenderableType]:
    if not provenance.contributors:
        return []
    table = Table.grid(padding=(0, 2))
    for row in provenance.contributors[:10]:
        batches = say.joined(list(row.batches[:2])) + (" …" if len(row.batches) > 2 else "")
        words = Text(row.kind_words, "dim")
        table.add_row(row.name, words, figures.count(row.documents), Text(batches, "dim"))
    note = say("provenance_note", documents=figures.count(provenance.documents))
    return [*_section(say("provenance")), Text(note, "dim"), table]


def _versions(versions: b.Versions, say: Phrases) -> RenderableType:
    told = (
        f"{say('policy')} {versions.policy} {versions.policy_digest} · {say('rates')} {versions.rates} · "
        f"{say('code')} {versions.code} · {say('cut')} {versions.cut[:12]} · "
        f"{say('known_at')} {versions.known_at or '–'}"
    )
    return Text("\n" + told, "dim")
