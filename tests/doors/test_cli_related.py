"""`related`: who, how, since when, by which document, and what it weighs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.book import open_book
from tallystick.evidence.ledger import Contributor
from tallystick.settings import Settings


@pytest.fixture
def group(tmp_path: Path) -> Path:
    """A book in which a holding owns 30 firms, of one of them three fifths."""
    folder = tmp_path / "group.book"
    holding = {"name": "Holding", "country": "NL"}
    firms = [f"Firm {a}{b}" for a in "bcdfgh" for b in "aeiou"]
    owns = [
        {
            "kind": "ownership",
            "number": f"W{n}",
            "issued_on": "2024-03-01",
            "score": "0.6" if n == 0 else None,
            "parties": {"subject": {"name": firm, "country": "DE"}, "issuer": holding},
        }
        for n, firm in enumerate(firms)
    ]
    with open_book(folder, create=True, settings=Settings(folder, "duckdb", 512, 1)) as book:
        book.add(owns, Contributor("the register", "registry"), source="owners.jsonl")
    return folder


def test_a_subsidiary_has_its_owner_and_its_sisters(run, group):
    rows = run("related", "Firm ba", "--book", group, "--json").json["related"]
    assert [row["how"] for row in rows] == ["owner"] + ["sister"] * 29
    first = rows[0]
    assert (first["name"], first["share_ppm"], first["related_ppm"]) == (
        "Holding",
        600_000,
        1_000_000,
    )
    paper = ("since", "document", "contributor", "source", "row")
    assert [first[name] for name in paper] == [
        "2024-03-01",
        "W0",
        "the register",
        "owners.jsonl",
        1,
    ]
    assert "company" not in first


def test_the_terminal_shows_the_first_and_says_how_many_more(run, group):
    shown = run("related", "Firm ba", "--book", group, "--limit", "3")
    assert "its owner 60.0 %" in shown.out and "the register W0" in shown.out
    assert shown.out.count("same ultimate parent") == 2
    assert "27 more; see them with --limit 30" in shown.err
    chinese = run("related", "Firm ba", "--book", group, "--lang", "zh")
    assert "股东" in chinese.out and "同一最终母公司" in chinese.out


def test_before_the_day_of_the_document_nobody_is_related(run, group):
    shown = run("related", "Firm ba", "--book", group, "--as-of", "2024-02-01")
    assert shown.code == 0 and "Nobody is known to be related to it" in shown.out


def test_a_holding_sees_what_it_owns(run, group):
    rows = run("related", "Holding", "--book", group, "--json").json["related"]
    assert {row["how"] for row in rows} == {"owned"} and len(rows) == 30
