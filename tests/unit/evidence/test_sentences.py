"""What is wrong with evidence is said in both languages, with the same words filled in."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.adapters.tables.loading import read_reject
from tallystick.evidence import sentences
from tallystick.evidence.contributor import Contributor
from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats import rule_words
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.formats.rule_words import CHINESE, in_chinese
from tallystick.evidence.formats.table_rules import ALL_RULES
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.rules import HELD_RULE, Rule
from tallystick.evidence.said import PartySaid, Said
from tallystick.evidence.sentences import SENTENCES, chinese

SOURCE = Path(sentences.__file__).parents[1]
RULES = [*ALL_RULES.values(), HELD_RULE]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _said() -> Iterator[tuple[Path, str, set[str]]]:
    """(module, code, blanks) of each `say("code", blank=...)` that says a sentence of evidence."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "evidence.sentences import" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                told = {str(word.arg) for word in node.keywords}
                for code in ast.walk(node.args[0]):
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        yield path, code.value, told


def test_each_sentence_is_said_with_its_blanks() -> None:
    used = {"a-reference-kind", "a-document-kind", "a-contributor-kind", "an-action"}
    for path, code, told in _said():
        assert told == blanks(SENTENCES[code][0]), (path.name, code)
        used.add(code)
    assert used == set(SENTENCES)
    for code, (english, translated) in SENTENCES.items():
        assert blanks(english) == blanks(translated), code
    assert not doctest.testmod(sentences).failed and not doctest.testmod(rule_words).failed


def test_an_error_within_an_error_is_translated_too() -> None:
    wrong = '[[document]]\nkind = "bill"\nissued_on = "d"\n'
    with pytest.raises(EvidenceError) as error:
        load_mapping(wrong, "orders.toml")
    assert "is no kind of document" in str(error.value)
    assert re.search("orders.toml：.*“bill”不是单据类别", chinese(error.value))
    with pytest.raises(EvidenceError) as error:
        load_mapping('[[document]]\nkind = "invoice"\nwhen = "a ~ b"\n', "orders.toml")
    assert "无法理解筛选条件" in chinese(error.value) and "“~ b”" in chinese(error.value)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_the_blanks_of_its_template(rule: Rule) -> None:
    for english, translated in zip((rule.message, rule.fix), CHINESE[rule.name], strict=True):
        assert blanks(translated) <= blanks(rule.message) | blanks(english)
    assert blanks(rule.message) == blanks(CHINESE[rule.name][0])


WORDS = st.text(max_size=60) | st.sampled_from(
    ["{value}", "' in due_on is not a date", "\n", "同上"]
)


@given(WORDS, st.sampled_from(["due_on", "seller", "ref_order"]))
def test_what_filled_the_blanks_is_found_again(value: str, field: str) -> None:
    words = {"value": value, "field": field, "kind": "credit_note", "allowed": "paid, sent"}
    for rule in RULES:
        found = in_chinese(rule.name, rule.message.format(**words), rule.fix.format(**words))
        assert found is not None and not found.original
        shown = {**words, "value": repr(value) if "{value!r}" in rule.message else value}
        message, fix = CHINESE[rule.name]
        assert (found.message, found.fix) == (message.format(**shown), fix.format(**shown))


def test_what_intake_rejects_is_told_in_chinese() -> None:
    party = PartySaid("Acme", "DE")
    said = Said("invoice", number="7", issued_on="2025-01-01", due_on="2025-13-01",
                parties={"seller": party, "buyer": party})  # fmt: skip
    row = canonicalise([said], Contributor("Shop", "marketplace")).rejects.to_pylist()[0]
    found = in_chinese(row["rule"], row["message"], row["fix"])
    assert found is not None and found.message == "due_on 的值 '2025-13-01' 不是日期"
    ragged = read_reject("a.csv", 3, "row-ragged", "5", "4")
    found = in_chinese(ragged.rule, ragged.message, ragged.fix)
    assert found is not None and found.message == "该行有 5 列，而表头有 4 列"


def test_a_reader_in_words_of_its_own_keeps_the_english() -> None:
    found = in_chinese("amount-negative", "the amount -5 is negative", "give it without a sign")
    assert found is not None and found.original == "the amount -5 is negative"
    found = in_chinese(
        "xml-malformed", "the file is not well-formed XML: line 3", "export it again"
    )
    assert (
        found is not None
        and found.message == "文件不是格式正确的 XML"
        and "line 3" in found.original
    )


def test_no_rule_of_a_reader_is_without_chinese() -> None:
    """Every word with a dash in the readers is a rule, or a sentence."""
    texts = [
        path.read_text(encoding="utf-8") for path in (SOURCE / "evidence/formats").rglob("*.py")
    ]
    found = {name for text in texts for name in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)}
    assert len(found) > 80 and found - set(SENTENCES) <= set(CHINESE)
