"""What the public sees of a report: the same numbers, and nobody else's name."""

from __future__ import annotations

import json

import pytest

from tallystick.adapters.cuts import Cut
from tallystick.book import Book
from tallystick.report import render_json
from tallystick.report.blocks import Meaning
from tallystick.report.discreet import discreet


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_numbers_stay_and_names_of_others_go(world: tuple[Book, Cut], lang: str) -> None:
    book, cut = world
    rows = [r for r in book.ratings(cut=cut).to_pylist() if r["scope"] == "headline"]
    code = max(rows, key=lambda row: row["n_promises"])["code"]
    report = book.report(code, cut, lang)
    told, whole = render_json(discreet(report)), render_json(report)
    for block in ("headline", "reasons", "track_record", "horizon", "versions"):
        assert told[block] == whole[block]
    steps = [block["outlook"]["plan"] for block in (told, whole)]
    assert [row["result"] for row in steps[0]] == [row["result"] for row in steps[1]]
    others = {row["to"] for row in whole["promises"]["rows"]}
    hidden = others | {row["name"] for row in whole["provenance"]["contributors"]}
    hidden |= {row["id"] for row in whole["promises"]["rows"]}
    assert others and not [name for name in hidden if name in json.dumps(told, ensure_ascii=False)]
    counts = [block["contributors"] for block in (told["provenance"], whole["provenance"])]
    assert len({sum(row["documents"] for row in rows) for rows in counts}) == 1


def test_facts_keep_their_source_and_lose_their_place(states: tuple[Book, Cut]) -> None:
    book, cut = states
    facts = 0
    for code in set(book.ratings(cut=cut)["code"].to_pylist()):
        for lang in ("en", "zh"):
            report = book.report(code, cut, lang)
            told = [block.block(Meaning).because for block in (report, discreet(report))]
            for whole, public in zip(*told, strict=True):
                facts += 1
                assert whole.startswith(public) and whole != public
                assert "batch" not in public and public[-1] not in ")）"
    assert facts
