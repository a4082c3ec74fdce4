"""Not enough evidence, no record, sanctioned, in default: each is its own state, in its own words."""

from __future__ import annotations

import pytest

from tallystick.adapters.cuts import Cut
from tallystick.book import Book
from tallystick.report import blocks as b
from tallystick.report import render_html, render_json

States = tuple[Book, Cut]

CASES = [
    # company, state, grade, has a chance, what the page must say
    ("Rich GmbH", "rated", None, True, "Terms that fit"),
    ("Thin KG", "not_enough_evidence", "NR", True, "Not enough evidence is not a bad mark"),
    ("Silent AG", "no_record", "NR", False, "No record is not a bad mark"),
    ("Listed Ltd", "sanctioned", "X", True, "Dealing with it may be unlawful"),
    ("Closed Ltd", "default", "D", True, "in formal default"),
    ("Unseen SA", "sanctioned", "X", False, "on a sanctions list"),
]


@pytest.mark.parametrize(("name", "state", "grade", "chance", "words"), CASES)
def test_state(
    states: States, name: str, state: str, grade: str | None, chance: bool, words: str
) -> None:
    book, cut = states
    report = book.report(name, cut)
    head = report.block(b.Headline)
    assert head.state == state
    assert grade is None or head.grade == grade
    assert (head.broken_ppm is not None) == chance
    page = render_html(report)
    assert words in page
    assert f'class="state-{state}"' in page
    assert render_json(report)["headline"]["state"] == state


def test_missing_evidence_is_never_called_bad(states: States) -> None:
    book, cut = states
    page = render_html(book.report("Thin KG", cut))
    for word in ("weak", "poor", "risky", "escrow"):
        assert word not in page.partition("<main")[2].lower()
    assert "says nothing against it" in page
    assert "What is expected of companies like it" in page


def test_a_deciding_fact_names_its_row(states: States) -> None:
    book, cut = states
    (fact,) = book.report("Listed Ltd", cut).block(b.Meaning).because
    assert "said by Shop (platform.jsonl:" in fact


def test_a_rich_record_shows_what_weighs_against_it(states: States) -> None:
    book, cut = states
    promises = book.report("Rich GmbH", cut).block(b.Promises)
    against = [row for row in promises.rows if row.against]
    assert [row.late_days for row in against] == [6, 6, 6, 6]
    masses = [row.mass_micro for row in against]
    assert masses == sorted(masses, reverse=True)
    assert all(row.documents for row in promises.rows)


def test_chinese_states_have_chinese_words(states: States) -> None:
    book, cut = states
    assert "证据不足不等于信用不良" in render_html(book.report("Thin KG", cut, lang="zh"))
    assert "列入制裁名单" in render_html(book.report("Listed Ltd", cut, lang="zh"))
