"""The page: names are hostile input, nothing runs, nothing loads, and it can be read by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from tallystick.adapters.cuts import Cut
from tallystick.adapters.drawing import draw
from tallystick.book import Book
from tallystick.report import Report, render_html
from tallystick.report import blocks as b

from .hostile import hostile_book

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }}"
VOID = {"meta", "br", "img", "link", "input"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Cut]]:
    """A book in which every word that can be chosen freely attacks the page."""
    folder = tmp_path_factory.mktemp("hostile")
    with hostile_book(folder, EVIL, "<b>") as made:
        yield made


@pytest.fixture(scope="module")
def report(hostile: tuple[Book, Cut]) -> Report:
    book, cut = hostile
    return book.report("id:shop:s", cut)


class Page(HTMLParser):
    """Collects elements and checks that tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_hostile_words_stay_words(report: Report) -> None:
    for lang_report in (report,):
        text = render_html(lang_report, draw)
        page = Page(text)
        assert not page.open
        tags = {tag for tag, _ in page.tags}
        assert not tags & {"script", "img", "iframe", "object", "embed", "form", "link", "b"}
        assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on")]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "{{ 7*7 }}" in text and "49" not in re.findall(r"<h1>(.*?)</h1>", text)[0]


def test_every_block_was_attacked(report: Report) -> None:
    """The test above means something only if the hostile words reached each block."""
    assert EVIL in report.block(b.Headline).name
    assert EVIL in report.block(b.Promises).rows[0].to
    assert "<b>" in (report.block(b.Breaks).rows[0].expected or "")
    source = report.block(b.Provenance).sources[0]
    assert EVIL in source.contributor and EVIL in source.source and EVIL in (source.document or "")


def test_nothing_can_run_or_load(report: Report) -> None:
    text = render_html(report, draw)
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy[0].startswith("default-src 'none'; style-src 'unsafe-inline'")
    for _, attrs in Page(text).tags:
        for key in ("src", "href", "xlink:href", "action"):
            assert (attrs.get(key) or "#").startswith("#")
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style and "@import" not in style


def test_links_lead_to_rows_of_the_page(report: Report) -> None:
    page = Page(render_html(report, draw))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert len(links) > len(report.block(b.Promises).rows)
    for link in links:
        assert link is not None and link[1:] in ids


def test_pictures_have_words(report: Report) -> None:
    pictures = [attrs for tag, attrs in Page(render_html(report, draw)).tags if tag == "svg"]
    assert len(pictures) > 8
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in pictures)


def test_without_a_hand_that_draws_the_pictures_are_tables(report: Report) -> None:
    drawn, plain = render_html(report, draw), render_html(report)
    assert drawn.count('class="drawn"') >= 2 and 'class="drawn"' not in plain
    assert drawn.count("<details>") == plain.count("<details open>") - drawn.count("<details open>")
    assert "same as a table" in plain


def test_no_style_but_that_of_the_page(report: Report) -> None:
    for _, attrs in Page(render_html(report, draw)).tags:
        assert "style" not in attrs


def test_outcomes_are_told_in_words_beside_colours(report: Report) -> None:
    text = render_html(report)
    for row in report.block(b.Promises).rows:
        assert f'word-{row.outcome}">{row.outcome_words}' in text


def schemes() -> list[dict[str, str]]:
    """The colours of the style sheet: light, dark."""
    style = (files("tallystick.report") / "templates" / "report.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w]+): (#\w{6})", text)) for text in (light, dark)]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", schemes(), ids=["light", "dark"])
def test_contrast_is_at_least_aa(scheme: dict[str, str]) -> None:
    """4.5 for text on cards, paper and grades; 3 for marks (WCAG 2.2, 1.4.3 and 1.4.11)."""
    for ground in ("card", "paper"):
        for ink in ("ink", "muted", "accent"):
            assert contrast(scheme[ink], scheme[ground]) >= 4.5, (ink, ground)
    for tint in ("t0", "t1", "t2", "t3", "t4", "t5"):
        assert contrast(scheme["ink"], scheme[tint]) >= 4.5, tint
    for mark in ("kept", "late", "partial", "broken", "excused", "disputed", "open"):
        assert contrast(scheme[mark], scheme["card"]) >= 4.5, mark


def test_the_page_is_one_small_file(report: Report, tmp_path: Path) -> None:
    text = render_html(report, draw)
    assert text.startswith("<!DOCTYPE html>")
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    assert (tmp_path / "report.html").stat().st_size < 300_000
    assert '<html lang="en">' in text and "@media print" in text
