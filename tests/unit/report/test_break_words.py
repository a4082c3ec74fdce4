"""Every kind of break has words in both languages, a cause, and a row in the reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.deals.break_kinds import CAUSES
from tallystick.report.disagreement import caused_by
from tallystick.report.phrases import WORDS, Phrases

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "breaks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("kind", "between"), sorted(CAUSES))
def test_every_break_has_words_and_who_could_have_caused_it(kind: str, between: str) -> None:
    zh, en = Phrases("zh"), Phrases("en")
    assert f"break.{kind}" in WORDS
    assert en.between(between) and not zh.between(between).isascii()
    causes = caused_by({"caused_by": CAUSES[kind, between]}, zh)
    assert causes and not causes.isascii()


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in CAUSES}))
def test_every_kind_stands_in_the_reference(kind: str) -> None:
    assert f"| `{kind}` |" in PAGE
