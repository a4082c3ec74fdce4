"""`policy` as a user meets it: the way from a draft to a commit and back, and clumsy input."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tallystick.adapters.policies import commit, history
from tallystick.doors.cli.policy_common import states_of
from tallystick.rating import Policy, Provenance, Scorecard
from tallystick.rating.policy_file import write_policy

Run = Callable[..., Any]


@pytest.fixture
def shop(run: Run, book: Path) -> Run:
    """The program in a folder with a book of its own, derived once."""
    shutil.copytree(book, "tallystick.book")
    return run


def edit(file: str, old: str, new: str) -> None:
    """Replace the first place of a pattern."""
    text = Path(file).read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1)
    assert changed != text
    Path(file).write_text(changed, encoding="utf-8")


def test_from_a_draft_to_a_commit_and_back(shop: Run) -> None:
    assert "is in force, as shipped" in shop("policy", "list").out
    before = shop("ratings", "--json").json
    assert "Wrote spring.toml" in shop("policy", "draft", "spring.toml").out
    edit("spring.toml", r"kappa = \S+", "kappa = 8")
    assert "cards.others.kappa" in shop("policy", "check", "spring.toml").out

    tried = shop("policy", "try", "spring.toml", "--json").json
    assert tried["companies"] == len([r for r in before["ratings"] if r["scope"] == "headline"])
    everybody = tried["segments"][0]
    assert (everybody["by"], everybody["up"], everybody["down"]) == (
        "all",
        tried["up"],
        tried["down"],
    )
    assert {"field": "cards.others.kappa", "now": Scorecard().kappa, "then": 8.0} in tried[
        "differences"
    ]
    assert sum(cell["companies"] for cell in tried["grades"]) == tried["companies"]
    assert shop("ratings", "--json").json == before

    made = shop("policy", "commit", "spring.toml", "--note", "as tried", "--by", "Ada", "--json")
    assert made.json["number"] == 1 and made.json["policy"] == "spring"
    after = shop("ratings", "--json").json
    assert after["policy"].startswith("spring ")
    grades = {r["company"]: r["grade"] for r in after["ratings"] if r["scope"] == "headline"}
    for row in tried["moves"]:
        assert grades[row["code"]] == row["grade_after"]

    told = shop("policy", "rollback", "default", "--note", "did not hold", "--by", "Bo").out
    assert "as number 2. It is in force." in told
    assert shop("ratings", "--json").json == before
    listed = shop("policy", "list", "--json").json
    assert [row["state"] for row in listed["policies"]] == ["superseded", "in force"]
    assert listed["in_force"]["policy"] == Policy().name
    text = shop("policy", "list").out
    assert "did not hold" in text and "superseded" in text


def test_a_dry_run_tells_who_moves_why_and_to_a_file(shop: Run) -> None:
    shop("policy", "draft", "spring.toml")
    edit("spring.toml", r"cap_micro = \d+", "cap_micro = 100000")
    ran = shop("policy", "try", "spring.toml", "--limit", "3", "-o", "moves.csv")
    assert "would rise" in ran.out and "newcomers" in ran.out and "R11" in ran.out
    with Path("moves.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and all(row["company"].startswith("C-") for row in rows)
    for row in rows:
        parts = [row[name] for name in row if name.startswith(("R", "base"))]
        assert round(sum(map(float, parts)), 1) == float(row["points"])
    points = [(int(row["grades"] or 99), float(row["points"])) for row in rows]
    assert points == sorted(points)


def test_the_same_policy_moves_nobody(shop: Run) -> None:
    assert "nobody moves" in shop("policy", "try", "default").out
    assert shop("policy", "try", "default", "--json").json["moved"] == 0


def test_one_that_waits_for_its_day_is_told_of(shop: Run) -> None:
    shop("policy", "draft", "later.toml")
    edit("later.toml", 'valid_from = "', 'valid_from = "2099-01-01" # "')
    told = shop("policy", "commit", "later.toml", "--note", "n", "--by", "Ada").out
    assert "comes into force on 2099-01-01" in told
    assert shop("policy", "list", "--json").json["policies"][0]["state"] == "waits"
    shop("policy", "draft", "now.toml")
    told = shop("policy", "commit", "now.toml", "--note", "n", "--by", "Ada").out
    assert "later was to begin on 2099-01-01; it no longer will" in told


def test_a_later_commit_goes_before_an_earlier_one_from_its_day_on(tmp_path: Path) -> None:
    days = {"a": "2099-03-01", "b": "2000-01-01", "c": "2099-01-01", "d": "2099-02-01"}
    for name, day in days.items():
        commit(tmp_path, Policy(name=name, valid_from=day), "n", "Ada")
    commits = history(tmp_path)
    states = states_of(commits, commits[1].policy)
    assert states == ["superseded", "in force", "waits", "waits"]
    commit(tmp_path, Policy(name="e", valid_from="2099-01-15"), "n", "Ada")
    commits = history(tmp_path)
    states = states_of(commits, commits[1].policy)
    assert states == ["superseded", "in force", "waits", "superseded", "waits"]


def test_a_committed_file_says_who_signed_it_and_a_changed_one_does_not(shop: Run) -> None:
    shop("policy", "draft", "spring.toml")
    shop("policy", "commit", "spring.toml", "--note", "n", "--by", "Ada")
    path = "tallystick.book/policies/0001-spring.toml"
    assert "Signed by Ada" in shop("policy", "check", path).out
    shutil.copy(path, "copy.toml")
    edit("copy.toml", r"kappa = \S+", "kappa = 4.5")
    ran = shop("policy", "check", "copy.toml")
    assert ran.code == 1 and "does NOT verify" in ran.out
    edit(path, r"kappa = \S+", "kappa = 4.5")
    for command in (("rate",), ("policy", "list"), ("policy", "show"), ("ratings", "--json")):
        ran = shop(*command)
        assert ran.code == 1 and "is not what was signed" in ran.err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_show_and_card_explain_every_number(shop: Run, lang: str) -> None:
    shown = shop("policy", "show", "--lang", lang).out
    assert "cards.others.kappa" in shown and "record.cap_micro" in shown
    card = shop("policy", "card", "default", "--lang", lang).out
    assert card.count("\n## ") == 8 and "record.cap_micro" in card
    assert shop("policy", "card", "-o", "card.html", "--lang", lang).code == 0
    page = Path("card.html").read_text(encoding="utf-8")
    assert "<script" not in page and "record.cap_micro" in page
    assert ("模型卡" in page and "模型卡" in card) == (lang == "zh")
    assert shop("policy", "draft", "x.toml", "--lang", lang).code == 0
    assert shop("policy", "check", "x.toml").code == 0


CLUMSY = [
    (("policy", "show", "nix"), 1, "no policy is called so"),
    (("policy", "show", "no-such.toml"), 1, "No such file"),
    (("policy", "try", "w.toml"), 1, "kapa: there is no such field; did you mean kappa?"),
    (("policy", "commit", "w.toml", "--note", "n"), 1, "did you mean kappa?"),
    (("policy", "commit", "x.toml"), 2, "--note TEXT"),
    (("policy", "commit", "x.toml", "--note", " "), 2, "--note TEXT"),
    (("policy", "rollback", "nix", "--note", "n"), 1, "no policy is called so"),
    (("policy", "draft", "x.toml"), 1, "--force"),
    (("policy", "draft", "x.txt"), 2, ".toml"),
    (("policy", "draft", "1.toml"), 1, "name with a letter"),
    (("policy", "draft", "y.toml", "--from", "nix"), 1, "no policy is called so"),
    (("policy", "draft", "no/folder.toml"), 1, "No such file"),
    (("policy", "card", "-o", "card.pdf"), 2, ".md or .html"),
    (("policy", "card", "--lang", "fr"), 2, "use en or zh"),
    (("policy", "try", "x.toml", "-o", "moves.xls"), 1, "no ending that says a format"),
    (("policy", "list", "--book", "nowhere"), 1, "no book"),
    (("policy", "show", "--book", "nowhere"), 1, "no book"),
    (("policy", "check", "binary.toml"), 1, "no text in UTF-8"),
]


@pytest.mark.parametrize(("args", "code", "words"), CLUMSY)
def test_clumsy_input_is_answered_in_a_sentence(
    shop: Run, args: tuple[str, ...], code: int, words: str
) -> None:
    assert shop("policy", "draft", "x.toml").code == 0
    shutil.copy("x.toml", "w.toml")
    edit("w.toml", "kappa", "kapa")
    Path("binary.toml").write_bytes(b"\xff\x00")
    ran = shop(*args)
    assert ran.code == code, ran.err
    assert words in " ".join((ran.out + ran.err).split()).replace("│ ", "")


def test_all_that_is_wrong_with_a_file_is_told(shop: Run) -> None:
    shop("policy", "draft", "x.toml")
    edit("x.toml", r"kappa = \S+", "kappa = -1")
    edit("x.toml", r"coverage_ppm = \d+", "")
    ran = shop("policy", "check", "x.toml")
    assert ran.code == 1 and ran.out.count("x.toml: ") == 2
    problems = shop("policy", "check", "x.toml", "--json").json["problems"]
    assert {row["field"] for row in problems} == {"cards.others.kappa", "coverage_ppm"}


def test_a_fitted_policy_is_told_in_few_lines_and_owns_its_figures_until_edited(shop: Run) -> None:
    came = Provenance("a" * 16, "2026-10-31", "0.1.0", {"pay": 900}, {"pay": {"cold": 0.5}}, "")
    policy = Policy(name="autumn", cards={"": Scorecard(), "pay": Scorecard(kappa=1.0)})
    policy = replace(policy, fitted=replace(came, numbers=policy.numbers()))
    Path("autumn.toml").write_text(write_policy(policy), encoding="utf-8")
    told = shop("policy", "check", "autumn.toml").out
    lines = [line.split()[0] for line in told.splitlines() if line.strip()]
    assert "cards.pay" in lines and "fitted" in lines and "cards.pay.kappa" not in lines
    assert "by hand" not in told.replace("edited by hand", "")
    card = shop("policy", "card", "autumn.toml").out
    assert "| pay | 0.5 |" in card and "log loss of the cold start" in card
    assert "by hand" not in card
    edit("autumn.toml", r"coverage_ppm = \d+", "coverage_ppm = 700000")
    assert "changed by hand after the fit" in shop("policy", "check", "autumn.toml").out
    assert "changed by hand after the fit" in shop("policy", "card", "autumn.toml").out
