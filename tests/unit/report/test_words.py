"""Phrases and figures: complete in both languages, and readable."""

from __future__ import annotations

import doctest
import string

import pytest

from tallystick.deals.link import SOURCE_BIT
from tallystick.evidence.kinds import CONTRIBUTOR_KINDS, FAULTS, REFERENCE_SCOPE
from tallystick.promises.kinds import ROLE_OF_SIDE
from tallystick.rating.policy import GRADES
from tallystick.report import disagreement, figures, papers, phrases, scale, svg
from tallystick.report.blocks import STATES
from tallystick.report.compose import OUTCOMES
from tallystick.report.disagreement import reading
from tallystick.report.explain_promise import SOURCE_BITS
from tallystick.report.phrases import WORDS, Phrases
from tallystick.report.standing import ADVICE


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_have_the_same_blanks(key: str) -> None:
    english, chinese = WORDS[key]
    assert english and chinese
    assert blanks(english) == blanks(chinese)


def test_every_code_has_words() -> None:
    for grade in (*GRADES, "X", "NR"):
        assert f"grade.{grade}" in WORDS
    for outcome in OUTCOMES:
        assert f"outcome.{outcome}" in WORDS
    for kind in CONTRIBUTOR_KINDS:
        assert f"who.{kind}" in WORDS
    for role in ROLE_OF_SIDE.values():
        assert f"role.{role}" in WORDS
    for advice in set(ADVICE.values()) - {"poor"}:
        assert f"terms.{advice}.unproven" in WORDS
    for bit in (1, 2, *SOURCE_BIT.values()):
        assert bit in SOURCE_BITS and f"x.source.{bit}" in WORDS
    for fault in FAULTS:
        assert f"x.party.{fault}" in WORDS
    for kind in REFERENCE_SCOPE:
        assert papers.paper(kind, "zh") != papers.paper(kind, "en")
    for state in STATES:
        assert f"meaning.{state}" in WORDS and f"sentence.{state}" in WORDS


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="en and zh"):
        Phrases("de")


@pytest.mark.parametrize("module", [disagreement, figures, papers, phrases, scale, svg])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "unit", "told"),
    [
        ("quantity", 4000, "EA", "4 EA"),
        ("quantity", 1500, None, "1.5"),
        ("quantity", 1_234_567_500, "EA", "1,234,567.5 EA"),
        ("amount", 10750, "GBP", "107.50 GBP"),
        ("amount", 10750, "JPY", "10,750 JPY"),
        ("order of events", 20000, "day", "2024-10-04"),
        ("currency", None, "CNY and USD", None),
        ("contradiction", 5, "CNY and USD", "5"),
    ],
)
def test_figures_of_a_break(
    kind: str, value: int | None, unit: str | None, told: str | None
) -> None:
    assert reading({"kind": kind, "unit": unit}, value) == told


@pytest.mark.parametrize(
    ("kinds", "english", "chinese"),
    [
        ("order and invoice", "order and invoice", "订单与发票"),
        ("freight_invoice and shipment", "freight invoice and shipment", "运费发票与运单"),
        ("credit_note", "credit note", "贷项通知单"),
        ("order in CNY and in USD", "order in CNY and in USD", "订单（CNY 与 USD）"),
    ],
)
def test_the_documents_of_a_break_in_words(kinds: str, english: str, chinese: str) -> None:
    assert (Phrases("en").between(kinds), Phrases("zh").between(kinds)) == (english, chinese)


def test_advice_names_no_exposure_where_none_is_proven() -> None:
    for key in (key for key in WORDS if key.endswith(".unproven")):
        assert "exposure" not in blanks(WORDS[key][0])
