"""`fit` and `validate`: what they say, what they write, and what clumsy calls are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tallystick import open_book
from tallystick.world import WorldConfig, simulate


def made(folder: Path, companies: int, deals: int) -> Path:
    simulate(WorldConfig(companies=companies, deals=deals, seed=4), folder / "world")
    with open_book(folder / "book", create=True) as book:
        book.ingest([folder / "world"])
    return folder / "book"


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with enough outcomes to learn from."""
    return made(tmp_path_factory.mktemp("larger"), 150, 2_500)


@pytest.fixture(scope="module")
def middling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with just enough outcomes to judge a rating by."""
    return made(tmp_path_factory.mktemp("middling"), 60, 1_100)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with too few."""
    return made(tmp_path_factory.mktemp("small"), 20, 40)


def test_a_fit_becomes_a_policy_that_can_be_tried_and_committed(run, larger) -> None:
    ran = run("fit", "own.toml", "--book", larger, "--json")
    rows = {row["kind"]: row for row in ran.json["kinds"]}
    assert rows["all"]["fitted"] < rows["all"]["cold"] + 0.001
    assert rows["dispatch"]["examples"] > 1_000
    assert "[cards.dispatch]" in Path("own.toml").read_text(encoding="utf-8")
    assert run("policy", "check", "own.toml", "--book", larger).code == 0
    tried = run("policy", "try", "own.toml", "--book", larger, "--json")
    assert tried.code == 0 and tried.json
    again = run("fit", "again.toml", "--book", larger, "--json")
    assert again.json["kinds"] == ran.json["kinds"]
    assert run("fit", "fair.toml", "--book", larger, "--fairness", "3").code == 0
    free, fair = (Path(f"{name}.toml").read_text(encoding="utf-8") for name in ("again", "fair"))
    assert free.partition("[cards")[2] != fair.partition("[cards")[2], "fairness gives other cards"


def test_a_small_book_keeps_the_default_and_says_so(run, small) -> None:
    ran = run("fit", "own.toml", "--book", small)
    assert ran.code == 0
    assert "Too little has come to an outcome" in ran.out


def test_a_file_that_is_there_is_not_replaced(run, small) -> None:
    Path("own.toml").write_text("mine", encoding="utf-8")
    ran = run("fit", "own.toml", "--book", small)
    assert ran.code == 1 and "--force" in ran.err
    assert Path("own.toml").read_text(encoding="utf-8") == "mine"
    assert run("fit", "own.json", "--book", small).code in (1, 2)


def test_a_validation_in_every_form(run, larger) -> None:
    ran = run("validate", "--plain", "--draws", "20", "--book", larger, "-o", "v.json", "--json")
    figures = ran.json["validation"]["figures"]
    assert 0.5 < figures["auc"]["value"] < 1 and figures["ece"]["value"] < 0.05
    names = [rival["name"] for rival in ran.json["validation"]["rivals"]]
    assert {"tallystick", "policy", "kept_rate", "beta", "eigentrust"} <= set(names)
    assert json.loads(Path("v.json").read_text(encoding="utf-8")) == ran.json


def test_a_validation_page_and_table_in_chinese(run, middling) -> None:
    options = ("--plain", "--draws", "20", "--book", middling, "-o", "v.html", "--lang", "zh")
    ran = run("validate", *options)
    assert ran.code == 0 and "log_loss" in ran.out
    page = Path("v.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "<script" not in page and "校准" in page


def test_what_cannot_be_validated_says_so(run, small) -> None:
    ran = run("validate", "--plain", "--book", small)
    assert (ran.code, "a kind needs 500" in ran.err) == (1, True)
    assert run("validate", "--plain", "--book", small, "-o", "v.pdf").code == 2
