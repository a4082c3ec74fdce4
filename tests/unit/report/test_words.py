"""Phrases and figures: complete in both languages, and readable."""

from __future__ import annotations

import doctest
import string

import pytest

from tallystick.evidence.kinds import CONTRIBUTOR_KINDS
from tallystick.promises.kinds import ROLE_OF_SIDE
from tallystick.rating.policy import GRADES
from tallystick.report import figures, phrases, scale, svg
from tallystick.report.blocks import STATES
from tallystick.report.compose import OUTCOMES, reading
from tallystick.report.phrases import WORDS, Phrases


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
    for state in STATES:
        assert f"meaning.{state}" in WORDS and f"sentence.{state}" in WORDS


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="en and zh"):
        Phrases("de")


@pytest.mark.parametrize("module", [figures, phrases, scale, svg])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "unit", "told"),
    [
        ("quantity", 4000, "EA", "4 EA"),
        ("quantity", 1500, None, "1.5"),
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
    assert reading(kind, value, unit) == told
