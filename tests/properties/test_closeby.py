"""What is looked up in a cut that is laid out is what a walk through all documents finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from tests.properties.test_amending import ACTIONS, DATED, WHO, joined, said
from tests.properties.test_increment import AS_OF, anew, new_book

from tallystick.adapters import closeby, increment
from tallystick.adapters.cuts import Cut
from tallystick.adapters.laying import laid
from tallystick.adapters.peers import lateness_of_all
from tallystick.book import Book
from tallystick.record import lateness
from tallystick.report import explanation_json, render_json
from tallystick.units import code_of
from tallystick.world import WorldConfig, simulate


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A small world whose documents partly name nothing, so that links and money in parts are inferred; all of
    it is sealed."""
    folder = tmp_path_factory.mktemp("closeby")
    simulate(WorldConfig(40, 250, seed=11, detail=0.9), folder / "w")
    with new_book(folder / "b") as book:
        book.ingest([folder / "w"])
        assert book.ledger.seal() > 0
        yield book


@pytest.fixture
def growing(world: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    monkeypatch.setattr(increment, "MAX_SHARE", 0)  # extend by any share, not by small ones alone
    with anew(world, tmp_path / "growing") as book:
        book.prepare(book.cut(as_of=AS_OF))
        yield book


def seen(book: Book, cut: Cut, companies: list[int], deals: list[int]) -> dict[str, Any]:
    """All that is told of some companies and deals."""
    told: dict[str, Any] = {}
    for company in companies:
        code = code_of(company, "C")
        told[code] = render_json(book.report(code, cut))
        with book.reading() as engine:
            rows = closeby.dealings(engine, cut, company)
        told[f"{code} dealings"] = rows.sort_by(
            [(name, "ascending") for name in ("deal", "kind", "item", "promisor", "promisee")]
        )
    for deal in deals:
        code = code_of(deal, "D")
        told[code] = book.deal(code, cut)
        told[f"{code} explained"] = explanation_json(book.explain(code, cut))
        told[f"{code} papers"] = book.documents_of(cut, [deal])
    return told


def compare(book: Book, rnd: random.Random, monkeypatch: pytest.MonkeyPatch, most: int = 3) -> int:
    """Compare both ways of reading, for the companies with most promises and some others; how many breaks were
    told."""
    cut = book.cut(as_of=AS_OF)
    assert laid(cut) is not None
    with book.reading() as engine:
        cut.register(engine, "promise", "promises")
        assert lateness_of_all(cut, engine).equals(lateness(engine, "promise", cut.as_of_day))
    newest = cut.upper("promises") if cut.layer("promises") else cut.read("promises")
    lately = [c for c in pc.unique(newest["promisor"]).to_pylist() if c]
    rated = pc.unique(cut.read("records")["company"]).to_pylist()
    companies = sorted({*rnd.sample(sorted(lately), min(3, len(lately))), *rnd.sample(rated, 1)})
    known = sorted(pc.unique(newest["deal"]).to_pylist())
    deals = rnd.sample(known, min(most, len(known)))
    found = seen(book, cut, companies, deals)
    with monkeypatch.context() as patch:
        patch.setattr(closeby, "laid", lambda cut: None)
        expected = seen(book, cut, companies, deals)
    assert found.keys() == expected.keys()
    for name, told in found.items():
        assert told == expected[name], name
    return sum(len(found[code_of(deal, "D")].breaks) for deal in deals)


def test_a_cut_that_was_laid_out_and_never_grew(
    growing: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    rnd = random.Random(1)
    assert compare(growing, rnd, monkeypatch, most=15) > 0


def test_a_cut_that_grew(growing: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """By statements, repeats, corrections, retractions and companies that turn out to be one, some struck."""
    rnd, told, number = random.Random(1), [], 0
    for n in range(1, 10):
        batch = [
            said(
                rnd.choice(sorted(DATED)), rnd.randrange(4), rnd.choice(ACTIONS),
                rnd.randint(1, 28), rnd.randrange(4),
            )
            for _ in range(3)
        ]  # fmt: skip
        shop, number = rnd.randrange(3), number + 1
        kinds = "shop and account" if n == 5 else rnd.choice(("shop", "account"))
        batch.append(joined(kinds, shop, shop, number))
        told += batch
        who = rnd.choice(WHO)
        growing.add([*batch, *rnd.sample(told, 2)], who, source=f"batch {n}")
        if n == 4:
            rows = growing.ledger.snapshot().inbox_documents.to_pylist()
            growing.strike([rows[k]["doc_id"] for k in (0, 3)], "dispute", "Ada")
        growing.prepare(growing.cut(as_of=AS_OF))
        if n in (5, 9):
            compare(growing, rnd, monkeypatch)
