"""`attack`: what is measured, how it is shown, and what is refused."""

from __future__ import annotations

import shutil
from xml.etree import ElementTree

from tallystick.adapters.store import open_store, served

QUICK = ("attack", "--alone", "--rounds", "0", "--budget", "100", "--budget", "1000")


def test_a_scheme_is_tried_from_both_records_at_each_budget(run):
    ran = run(*QUICK, "--scheme", "papers", "--scheme", "whitewash", "--json")
    (ours,) = ran.json["ratings"]
    assert (ours["rating"], ours["budgets_cents"]) == ("Tallystick", [10_000, 100_000])
    for start in ("bad", "fresh"):
        made = ours["forgery"][start]
        low, high = made["reached"]["papers"]
        assert made["before"] <= low <= high <= 100
    assert ours["whitewash"]["old"] == ours["forgery"]["bad"]["before"]
    assert ours["slander"] == {}
    days, false_alarms = ours["detection"]
    assert all(day >= 0 for day in days) and 0 <= false_alarms <= 1


def test_tables_say_what_was_paid(run):
    ran = run(*QUICK, "--scheme", "slander", "--scheme", "papers", "--costs", "market")
    assert ran.code == 0
    for words in ("$100", "Slander", "Cost of forgery", "market prices"):
        assert words in ran.out


def test_a_chart_is_drawn(run, tmp_path):
    ran = run(*QUICK, "--scheme", "papers", "--chart", "cost.svg")
    assert "Drawn: cost.svg" in ran.err
    assert ElementTree.parse(tmp_path / "cost.svg").getroot().tag.endswith("svg")


def test_what_was_found_is_published_for_the_book(run, book, tmp_path):
    shutil.copytree(book, tmp_path / "served")
    ran = run(*QUICK, "--scheme", "papers", "--publish", "--book", tmp_path / "served", "--json")
    store = open_store(f"sqlite:///{tmp_path / 'served' / 'service.sqlite'}")
    with store.read() as db:
        kept = served.state(db, "attacked")
    store.close()
    assert kept["found"] == ran.json
    assert kept["command"].startswith("tallystick attack --scheme papers --budget 100")


def test_what_is_no_scheme_and_no_table_of_prices_is_refused(run):
    ran = run("attack", "--scheme", "bribes")
    assert (ran.code, "there are brushing, sybils" in ran.err) == (1, True)
    ran = run("attack", "--costs", "mine")
    assert (ran.code, "use lab or market" in ran.err.replace("\n", " ")) == (2, True)
