"""Every rendered form tells the same story, and its points add up."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from tallystick.adapters.cuts import Cut
from tallystick.book import Book
from tallystick.report import Report, render_html, render_json, render_terminal
from tallystick.report import blocks as b
from tallystick.units import code_of

World = tuple[Book, Cut]


@pytest.fixture(scope="module")
def reports(world: World) -> list[Report]:
    """Reports on every fourth company: thin ones, rich ones, carriers, banks."""
    book, cut = world
    keys = cut.read("companies", ["company"])["company"].to_pylist()
    return [book.report(code_of(key, "C"), cut) for key in keys[::4]]


def terminal_text(report: Report, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(render_terminal(report))
    return out.getvalue()


def test_points_add_up_in_every_form(reports: list[Report]) -> None:
    rated = [r for r in reports if r.block(b.Reasons).lines]
    assert len(rated) > 5
    for report in rated:
        reasons = report.block(b.Reasons)
        assert sum(line.tenths for line in reasons.lines) == reasons.score_tenths
        told = render_json(report)["reasons"]
        assert sum(line["tenths"] for line in told["lines"]) == told["score_tenths"]
        page = render_html(report)
        tenths = [int(found) for found in re.findall(r'data-tenths="(-?\d+)"', page)]
        assert sum(tenths) == int(re.findall(r'data-score="(\d+)"', page)[0])
        text = terminal_text(report)
        for line in reasons.lines[1:]:
            assert f"{abs(line.tenths) / 10:.1f}" in text
        assert f"{reasons.score_tenths / 10:.1f}" in text


def test_each_reason_starts_where_the_last_ended(reports: list[Report]) -> None:
    for report in reports:
        running = 0
        for line in report.block(b.Reasons).lines:
            assert line.before_tenths == running
            running += line.tenths


def test_shown_points_add_up_as_they_are_shown(reports: list[Report]) -> None:
    """What a reader adds up by hand from the page is the score on the page, to the last decimal."""
    page = render_html(next(r for r in reports if r.block(b.Reasons).lines))
    shown = re.findall(r'data-tenths="[^"]*">([^<]*)<', page)
    score = re.findall(r'data-score="[^"]*">([^<]*)<', page)[0]
    assert sum(round(float(text.replace("−", "-")) * 10) for text in shown) == round(
        float(score) * 10
    )


def test_the_headline_is_the_rating(world: World, reports: list[Report]) -> None:
    book, cut = world
    rows = {
        row["code"]: row for row in book.ratings(cut=cut).to_pylist() if row["scope"] == "headline"
    }
    for report in reports:
        head = report.block(b.Headline)
        row = rows.get(head.code)
        if row is None:
            assert head.state in ("no_record", "sanctioned", "default")
            continue
        assert (head.grade, head.broken_ppm) == (row["grade"], row["broken_ppm"])
        assert (head.low_ppm, head.high_ppm) == (row["low_ppm"], row["high_ppm"])


def test_counts_quarters_and_kinds_agree(reports: list[Report]) -> None:
    for report in reports:
        record = report.block(b.TrackRecord)
        kept = sum(row.counts["kept"] for row in record.kinds)
        total = sum(sum(row.counts.values()) for row in record.kinds)
        assert total == report.block(b.Promises).total
        if len(record.quarters) < 12:
            assert sum(q.kept for q in record.quarters) == kept


def test_languages_differ_in_words_alone(world: World, reports: list[Report]) -> None:
    book, cut = world
    english = max(reports, key=lambda r: r.block(b.Promises).total)
    chinese = book.report(english.block(b.Headline).code, cut, lang="zh")
    assert chinese.block(b.Headline).sentence != english.block(b.Headline).sentence
    assert 'lang="zh-Hans"' in render_html(chinese)
    assert numbers_of(render_json(chinese)) == numbers_of(render_json(english))
    with pytest.raises(ValueError, match="'fr'"):
        book.report(english.block(b.Headline).code, cut, lang="fr")


def numbers_of(told: object) -> object:
    """The JSON with its words left out."""
    if isinstance(told, dict):
        return {key: numbers_of(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return (
            [numbers_of(value) for value in told] if told and not isinstance(told[0], str) else []
        )
    return None if isinstance(told, str) else told


def test_json_survives_a_round_trip_and_is_stable(world: World, reports: list[Report]) -> None:
    book, cut = world
    for report in reports[:3]:
        told = render_json(report)
        assert list(told) == [
            "format", "lang", "headline", "meaning", "reasons", "track_record", "survival",
            "concentration", "horizon", "promises", "breaks", "struck", "related", "outlook",
            "provenance", "versions",
        ]  # fmt: skip
        again = render_json(book.report(told["headline"]["code"], cut))
        assert json.dumps(told, sort_keys=True) == json.dumps(again, sort_keys=True)


def test_the_terminal_report_fits(reports: list[Report]) -> None:
    for report in reports:
        for width in (80, 100, 140):
            text = terminal_text(report, width)
            assert all(len(line) <= width for line in text.splitlines())


def test_what_if_starts_at_the_rating_and_improves(reports: list[Report]) -> None:
    for report in reports:
        outlook, record = report.block(b.Outlook), report.block(b.TrackRecord)
        if not outlook.what_if:
            continue
        row = next(row for row in record.kinds if row.kind == outlook.kind)
        assert outlook.what_if[0].broken_ppm == row.broken_ppm
        assert (outlook.what_if[0].low_ppm, outlook.what_if[0].high_ppm) == (
            row.low_ppm,
            row.high_ppm,
        )
        assert outlook.what_if[0].headline_ppm == report.block(b.Headline).broken_ppm
        chances = [step.broken_ppm for step in outlook.what_if]
        assert chances == sorted(chances, reverse=True)


def test_contributors_count_each_document_once(world: World, reports: list[Report]) -> None:
    book, cut = world
    report = max(reports, key=lambda r: r.block(b.Promises).total)
    promises = cut.read("promises", ["promisor", "deal"]).to_pylist()
    head = report.block(b.Headline)
    deals = {p["deal"] for p in promises if code_of(p["promisor"], "C") == head.code}
    documents = book.documents_of(cut, sorted(deals))
    provenance = report.block(b.Provenance)
    assert provenance.documents == len(set(documents["doc_id"].to_pylist()))
    assert [s.note for s in provenance.sources] == list(range(1, len(provenance.sources) + 1))
