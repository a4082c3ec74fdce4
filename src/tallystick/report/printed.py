"""The report as it is printed: its words and figures, ready to be set, in the order of the page.

Idea: setting type is apart from saying things. What stands here is text and lengths (thousandths of the
width they are drawn in), so that a typesetter lays out and adds nothing; names stay data and are no part of its
program.

Worked example: a reason of -19.4 points after 650.4 becomes `{"text": ..., "points": "−19.4", "from": 640,
"to": 812, "kind": "minus"}`: its bar reaches from 64.0 % to 81.2 % of the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from tallystick.rating.policy import GRADE_CEILING_PPM, GRADES
from tallystick.report import blocks as b
from tallystick.report import figures
from tallystick.report.page import language_tag
from tallystick.report.phrases import Phrases
from tallystick.report.picture import TINTS, fit
from tallystick.report.rating_pictures import TINT_OF_GRADE
from tallystick.report.scale import position
from tallystick.report.standing import chance_label, where

OTHER_TINTS: Final = {"NR": TINTS[0], "X": TINTS[5]}

Table = dict[str, Any]


def printed(report: b.Report) -> dict[str, Any]:
    """What is printed of a report, for templates/report.typ; only what JSON has."""
    say = Phrases(report.lang)
    head = report.block(b.Headline)
    versions = report.block(b.Versions)
    return {
        "lang": language_tag(report.lang)[:2],
        "title": f"{head.name} – {say('title')}",
        "brand": say("brand"),
        "heading": say("title"),
        "tagline": say("tagline"),
        "running": fit(head.name, 60),
        "when": f"{say('as_of')} {head.as_of}",
        "as_of": [int(part) for part in head.as_of.split("-")],
        "head": _head(head, say),
        "meaning": _meaning(report.block(b.Meaning), say),
        "reasons": _reasons(report.block(b.Reasons), say),
        "sections": [section for section in _sections(report, say) if section],
        "record": {"title": say("track_record"), "none": say("no_promises")},
        "versions": {"title": say("versions"), "rows": _versions(versions, say), "note": say("versions_note")},
        "attached": say("attached"),
    }  # fmt: skip


def _tint(grade: str) -> str:
    return OTHER_TINTS.get(grade) or TINTS[TINT_OF_GRADE[grade]]


def _head(head: b.Headline, say: Phrases) -> dict[str, Any]:
    beside = [f"{say('also')} {say.joined(list(head.other_names))}"] if head.other_names else []
    beside += [say("country_by", ref=head.country_by)] if head.country_by else []
    told: dict[str, Any] = {
        "name": head.name,
        "country": head.country or "",
        "beside": beside,
        "ids": [head.code, *head.ids],
        "grade": head.grade,
        "grade_words": head.grade_words,
        "tint": _tint(head.grade),
        "sentence": head.sentence,
        "figures": [],
        "scale": None,
    }
    if head.broken_ppm is None or head.low_ppm is None or head.high_ppm is None:
        return told
    low, high = figures.percent(head.low_ppm), figures.percent(head.high_ppm)
    coverage = figures.share(head.coverage_ppm)
    weight = figures.weight(head.evidence_micro)
    told["figures"] = [
        [
            chance_label(head, say),
            figures.percent(head.broken_ppm),
            say("chance_note", coverage=coverage, low=low, high=high),
        ],
        [
            say("evidence"),
            f"{head.evidence_level} {head.evidence_words}",
            say("evidence_note", weight=weight),
        ],
        [say("exposure"), figures.money_usd(head.exposure_cents), say("exposure_note")],
    ]
    ends = (head.low_ppm, head.broken_ppm, head.high_ppm)
    told["scale"] = {
        "grades": [[grade, _tint(grade)] for grade in GRADES],
        "edges": [f"{ppm / 1e4:g} %" for ppm in GRADE_CEILING_PPM],
        "ends": [round(position(ppm) * 1000) for ppm in ends],
        "alt": f"{say('interval', coverage=coverage)}: {low} – {high}",
    }
    return told


def _meaning(meaning: b.Meaning, say: Phrases) -> dict[str, Any]:
    title = say("titled", what=say("meaning"), title=meaning.title)
    return {"title": title, "because": list(meaning.because), "sentences": list(meaning.sentences)}


def _reasons(reasons: b.Reasons, say: Phrases) -> dict[str, Any] | None:
    if not reasons.lines:
        return None
    ends = [line.before_tenths + line.tenths for line in reasons.lines]
    left, right = min(ends), max(ends)
    margin = max((right - left) // 20, 10)

    def at(tenths: int) -> int:
        return round((tenths - left + margin) / (right - left + 2 * margin) * 1000)

    rows = []
    for line in reasons.lines:
        base = line.code == "base"
        start, end = 0 if base else at(line.before_tenths), at(line.before_tenths + line.tenths)
        kind = "base" if base else "plus" if line.tenths > 0 else "minus"
        told = figures.points(line.tenths).lstrip("+" if base else "")
        ends_at = {"from": min(start, end), "to": max(start, end)}
        rows.append({"text": line.text, "points": told, "kind": kind, **ends_at})
    total = [say("score"), f"{reasons.score_tenths / 10:.1f}"]
    head = [say("reason"), say("points")]
    return {"title": say("reasons"), "head": head, "rows": rows, "total": total,
            "note": say("reasons_note")}  # fmt: skip


def _sections(report: b.Report, say: Phrases) -> list[dict[str, Any] | None]:
    coverage = figures.share(report.block(b.Headline).coverage_ppm)
    return [
        _record(report.block(b.TrackRecord), coverage, say),
        _picture("survival"),
        _picture("concentration"),
        _horizon(report.block(b.Horizon), coverage, say),
        _promises(report.block(b.Promises), say),
        _breaks(report.block(b.Breaks), say),
        _struck(report.block(b.Struck), say),
        _related(report.block(b.Related), say),
        _outlook(report.block(b.Outlook), say),
        _provenance(report.block(b.Provenance), say),
    ]


def _picture(key: str) -> dict[str, Any]:
    """A section that is one picture; it is left out where there is none."""
    return {"title": "", "parts": [{"picture": key}]}


def _table(
    head: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    columns: str,
    caption: str = "",
    note: str = "",
) -> Table:
    """`columns`: a letter each: l and r are as wide as they must be, w takes what is left."""
    cells = [[cell or "–" for cell in row] for row in rows]
    return {"head": list(head), "rows": cells, "columns": columns, "caption": caption, "note": note}


def _section(title: str, *parts: Table | None) -> dict[str, Any]:
    return {"title": title, "parts": [part for part in parts if part]}


def _ends(low_ppm: int, high_ppm: int) -> str:
    return f"{figures.percent(low_ppm)} – {figures.percent(high_ppm)}"


def _record(record: b.TrackRecord, coverage: str, say: Phrases) -> dict[str, Any]:
    title = say("track_record")
    if not record.kinds:
        return _section(title, {"text": say("no_promises")})
    head = (say("promise"), say("grade"), say("chance_short"), say("interval", coverage=coverage),
            say("peers"), say("kept_rate"), say("late_short"), say("counterparties"))  # fmt: skip
    rows = [
        (
            row.text,
            f"{row.grade} {row.evidence_level}",
            figures.percent(row.broken_ppm),
            _ends(row.low_ppm, row.high_ppm),
            figures.percent(row.peers_ppm),
            f"{figures.percent(row.kept_ppm)} ({figures.count(row.counts['kept'])})",
            None if row.late_days_p90 is None else f"{row.late_days_p50} / {row.late_days_p90}",
            figures.count(row.counterparties),
        )
        for row in record.kinds
    ]
    roles = [
        (row.text, f"{row.grade} {row.evidence_level}", figures.percent(row.broken_ppm),
         _ends(row.low_ppm, row.high_ppm))
        for row in record.roles
    ]  # fmt: skip
    role_head = ("", say("grade"), say("chance_short"), say("interval", coverage=coverage))
    return _section(
        title,
        _table(head, rows, "wlrrrrrr", say("kinds"), say("late_note")),
        _table(role_head, roles, "llrr", say("roles")) if len(roles) > 1 else None,
        {"picture": "quarters"},
    )


def _horizon(horizon: b.Horizon, coverage: str, say: Phrases) -> dict[str, Any] | None:
    if not horizon.rows:
        return None
    days = sorted({row.days for row in horizon.rows})
    head = [say("promise")]
    for n in days:
        head += [
            say("horizon.expected"),
            say("horizon.days", days=n),
            say("interval", coverage=coverage),
        ]
    rows = []
    for _, found in groupby(horizon.rows, key=lambda row: row.name):
        each = list(found)
        cells = [each[0].text]
        for row in each:
            expected = figures.expected(row.promises_milli)
            cells += [expected, figures.percent(row.broken_ppm), _ends(row.low_ppm, row.high_ppm)]
        rows.append(cells)
    columns = "w" + "rrr" * len(days)
    return _section(
        say("horizon"), _table(head, rows, columns, "", say("horizon_note", coverage=coverage))
    )


def _promises(promises: b.Promises, say: Phrases) -> dict[str, Any] | None:
    if not promises.rows:
        return None
    head = (say("due"), say("promise"), say("to"), say("value"), say("outcome"), say("strength"),
            say("counts_now"), say("documents"))  # fmt: skip
    tables = []
    for against, title in ((True, say("against")), (False, say("newest"))):
        rows = [
            (
                row.due,
                f"{row.text} ({row.id})" if row.id else row.text,
                row.to,
                figures.money(row.value_minor, row.currency),
                f"{row.outcome_words} +{row.late_days}" if row.late_days else row.outcome_words,
                figures.percent(row.strength_ppm),
                figures.weight(row.mass_micro),
                " ".join(str(n) for n in row.documents),
            )
            for row in promises.rows
            if row.against == against
        ]
        tables.append(_table(head, rows, "lwwrlrrn", title) if rows else None)
    note = say("promises_note", shown=len(promises.rows), total=figures.count(promises.total))
    return _section(say("promises"), {"picture": "strip"}, *tables, {"note": note})


def _breaks(breaks: b.Breaks, say: Phrases) -> dict[str, Any]:
    if not breaks.rows:
        return _section(say("breaks"), {"text": say("breaks_none")})
    head = [say(key) for key in ("deal", "break", "between", "expected", "found", "caused_by")]
    rows = [
        (
            row.deal,
            say.either("break", row.kind),
            row.between,
            row.expected,
            row.found,
            row.caused_by,
        )
        for row in breaks.rows
    ]
    note = say("breaks_note", shown=len(rows), total=figures.count(breaks.total))
    return _section(say("breaks"), _table(head, rows, "lwwrrl", "", note))


def _struck(struck: b.Struck, say: Phrases) -> dict[str, Any] | None:
    if not struck.rows:
        return None
    named = any(row.contributor for row in struck.rows)
    head = [say(f"struck_{key}") for key in ("on", "paper", "by", "for") if named or key != "by"]
    rows = [
        (
            row.on,
            row.document,
            *((row.contributor,) if named else ()),
            row.because,
        )
        for row in struck.rows
    ]
    note = say("struck_note")
    if struck.total > len(rows):
        note += " " + say("struck_more", shown=len(rows), total=figures.count(struck.total))
    return _section(say("struck"), _table(head, rows, "lwlw" if named else "lww", "", note))


def _related(related: b.Related, say: Phrases) -> dict[str, Any] | None:
    if not related.rows:
        return None
    head = [
        say(key)
        for key in ("to", "related_how", "related_since", "source", "promises", "related_weight")
    ]
    rows = [
        (f"{row.name} {row.code}", row.text, row.since, row.source, figures.count(row.promises),
         figures.percent(row.related_ppm))
        for row in related.rows
    ]  # fmt: skip
    note = say("related_note", shown=len(rows), total=figures.count(related.total))
    return _section(say("related"), _table(head, rows, "wllwrr", "", note))


def _outlook(outlook: b.Outlook, say: Phrases) -> dict[str, Any]:
    plan = [
        (_scope(step, say), step.text, step.result) for step in outlook.plan if step.scope != "kind"
    ]
    steps = [
        (
            say("what_if_kept", n=step.kept) if step.kept else say("what_if_now"),
            f"{step.grade} {figures.percent(step.broken_ppm)}",
            _ends(step.low_ppm, step.high_ppm),
            figures.percent(step.headline_ppm),
        )
        for step in outlook.what_if
    ]
    what_if = say("what_if", kind=outlook.kind_text)
    step_head = ("", say("what_if_kind"), "", say("what_if_all"))
    return _section(
        say("outlook"),
        {"list": list(outlook.sentences)},
        _table(
            ("", say("plan"), ""),
            plan,
            "wWw",
            "",
            f"{say('plan.note')} {say('plan.more_attached')}",
        )
        if plan
        else None,
        _table(step_head, steps, "llrr", what_if, say("what_if_note")) if steps else None,
    )


def _scope(step: b.PlanStep, say: Phrases) -> str:
    if step.scope == "kind":
        return say.kind(step.name)
    return say.either("role", step.name) if step.scope == "role" else say("what_if_all")


def _provenance(provenance: b.Provenance, say: Phrases) -> dict[str, Any] | None:
    if not provenance.contributors:
        return None
    head = (say("contributor"), "", say("documents"), say("batch"))
    rows = [
        (row.name, row.kind_words, figures.count(row.documents), _some(row.batches))
        for row in provenance.contributors
    ]
    sources = [
        (str(s.note), f"{say.paper(s.kind)} {s.document or ''}".strip(), s.day, s.contributor, s.batch,
         where(s.source, s.row))
        for s in provenance.sources
    ]  # fmt: skip
    source_head = (
        "",
        say("documents"),
        say("day"),
        say("contributor"),
        say("batch"),
        say("source"),
    )
    note = say("provenance_note", documents=figures.count(provenance.documents))
    return _section(
        say("provenance"),
        _table(head, rows, "wlrw", "", note),
        _table(source_head, sources, "rwlwlw", say("sources")) if sources else None,
    )


def _some(batches: Sequence[str], most: int = 4) -> str:
    return " ".join([*batches[:most], *("…" for _ in batches[most : most + 1])])


def _versions(versions: b.Versions, say: Phrases) -> list[list[str]]:
    return [
        [say("policy"), f"{versions.policy} {versions.policy_digest}"],
        [say("rates"), versions.rates],
        [say("code"), versions.code],
        [say("cut"), versions.cut],
        [say("as_of"), versions.as_of],
        [say("known_at"), versions.known_at or "–"],
    ]
