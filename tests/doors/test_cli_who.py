"""`why`, `review` and `how` as a user meets them, answers out of a pipe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tallystick.doors.cli.main import app
from tallystick.identity.linking.settle import JOIN_FROM
from tallystick.identity.linking.weigh import TRAIT_TEXTS
from tallystick.identity.names.compare import TEXTS
from tallystick.report.who_words import IN_CHINESE

SAID = [
    ("深圳市华强电子有限公司", "CN", "id:bank", "88"),
    ("Shenzhen Huaqiang Electronics Co., Ltd.", "CN", "id:shop", "17"),
    ("Huaqiang Electronics", "CN", "id:carrier", "5"),
    ("Dongguan Huaqiang Electronics Co., Ltd.", "CN", "id:shop", "18"),
]


@pytest.fixture
def firms(run: Callable[..., Any]) -> Callable[..., Any]:
    """The program in a folder with a book of four descriptions, of which one is held."""
    rows = [
        {
            "kind": "profile",
            "issued_on": "2024-01-01",
            "parties": {"subject": {"name": name, "country": country, "ids": {scheme: value}}},
        }
        for name, country, scheme, value in SAID
    ]
    text = "\n".join(json.dumps(row) for row in rows)
    Path("firms.jsonl").write_text(text + "\n", encoding="utf-8")
    assert run("ingest", "firms.jsonl").code == 0
    return run


def answer(text: str, *args: str) -> str:
    result = CliRunner().invoke(app, ["review", *args], input=text, prog_name="tallystick")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_why_adds_up_and_says_what_came_of_it(firms):
    told = firms("why", "id:bank:88", "id:shop:17", "--json").json
    assert sum(line["weight"] for line in told["lines"]) == told["weight"] == 12_700
    assert (told["outcome"], told["join_from"]) == ("joined", JOIN_FROM)
    out = firms("why", "id:bank:88", "id:shop:17").out
    assert "the same sound in two scripts: 华强 = huaqiang" in out
    assert "+12.700" in out and "Joined: one company." in out
    chinese = firms("why", "id:carrier:5", "id:shop:18", "--lang", "zh").out
    assert "相同的名称用词：huaqiang" in chinese and "存疑待定" in chinese


def test_every_line_of_evidence_has_words_in_chinese():
    for code, words in {**TEXTS, **TRAIT_TEXTS}.items():
        assert IN_CHINESE[code].count("{}") == words.count("{}"), code


def test_why_about_nobody_is_an_error_in_a_sentence(firms):
    ran = firms("why", "nobody at all", "id:shop:17")
    assert ran.code == 1 and "tallystick: " in ran.err
    assert firms("why", "id:shop:17", "id:shop:17").code == 1


def test_the_queue_can_be_read_without_answering(firms):
    assert "Huaqiang Electronics" in firms("review", "--list").out
    (question,) = firms("review", "--json").json["questions"]
    assert question["kind"] == "held" and len(question["pairs"]) == 2
    assert question["pairs"][0]["a"]["documents"] == 1


def test_answers_become_judgements_and_are_not_asked_again(firms):
    out = answer("w\nn\nr\nseen the licence\ny\n", "--by", "Ada")
    assert "+9.300" in out and "Judged the same: 1; kept apart: 1; skipped: 0." in out
    assert "tallystick judge withdrawn" in out
    assert "Nothing is held" in firms("review").out
    how = firms("how", "id:carrier:5").out
    assert "seen the licence" in how and "Ada" in how
    rules = firms("why", "id:carrier:5", "id:shop:18", "--json").json["rules"]
    assert rules[0]["code"] == "judged-apart" and "reviewed at +9.300 bits" in rules[0]["why"]


def test_skipping_and_stopping_judge_nothing(firms):
    assert "skipped: 2" in answer("s\ns\n", "--by", "Ada")
    assert "Judged the same: 0" in answer("what?\nq\n", "--by", "Ada")
    assert "Judged the same: 0" in answer("Ada\n")  # asked who judges; then the pipe ends
    assert "Nobody judges" in answer("")
    assert len(firms("batches", "--json").json["batches"]) == 1


def test_how_shows_what_is_undecided_with_the_command_that_decides(firms):
    out = firms("how", "id:carrier:5").out
    assert "held between several" in out
    assert "tallystick judge same id:carrier:5 id:shop:18" in out
    told = firms("how", "id:carrier:5", "--json").json
    assert {pair["outcome"] for pair in told["undecided"]} == {"held"}
    assert "linked by name" in firms("how", "id:shop:17").out
