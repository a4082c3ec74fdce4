"""What is struck, and what says the same again, is left out alike on DuckDB and on Spark."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tallystick.book import open_book
from tallystick.evidence.ledger import Contributor
from tallystick.settings import Settings

TABLES = ("parties", "companies", "merged", "nodes", "promises", "records", "ratings")


def bill(number: int, **changed: object) -> dict[str, object]:
    parties = {
        "seller": {"name": "Bluewhale", "country": "CN", "ids": {"id:shop": "17"}},
        "buyer": {"name": "Nairobi Imports", "country": "KE", "ids": {"id:shop": "b1"}},
    }
    return {
        "kind": "invoice",
        "number": f"I{number}",
        "issued_on": "2024-02-01",
        "due_on": "2024-03-01",
        "terms": "open_account",
        "amount": "1000",
        "currency": "USD",
        "parties": parties,
    } | changed


@pytest.mark.spark
@pytest.mark.slow
def test_strikes_are_the_same_on_both(tmp_path: Path) -> None:
    market, bank = Contributor("the market", "marketplace"), Contributor("the bank", "bank")
    joint = {"name": "Bluewhale", "country": "CN", "ids": {"id:shop": "17", "id:bank": "88"}}
    profile = {"kind": "profile", "issued_on": "2024-01-01", "parties": {"subject": joint}}
    path, found = tmp_path / "b.book", {}
    with open_book(path, create=True, settings=Settings(path, "duckdb", 2048, 2)) as book:
        book.add([*(bill(n) for n in range(6)), profile], market)
        rows = {
            r["number"]: r["doc_id"] for r in book.ledger.snapshot().inbox_documents.to_pylist()
        }
        book.strike([rows["I1"], rows[None]], "dispute 1", "Ada")
        book.strike([rows["I2"]], "dispute 2", "Ada", "wrong_amount")
        book.strike([rows["I3"]], "dispute 3", "Ada")
        book.restore([rows["I3"]], "a mistake", "Ada")
        book.add([bill(1, note="again"), bill(2, due_on="2024-03-09")], market)
        book.add([bill(2, amount="900", action="correct")], market)
        book.add([bill(1), bill(4)], bank)
    for engine in ("duckdb", "spark"):
        with open_book(path, settings=Settings(path, engine, 2048, 2)) as book:
            cut = book.cut(as_of=date(2024, 12, 31))
            found[engine] = {name: cut.read(name) for name in TABLES}
            found[engine]["promises"] = book.promises(cut=cut)
    for name in TABLES:
        assert found["spark"][name].equals(found["duckdb"][name]), name
    pays = [p for p in found["spark"]["promises"].to_pylist() if p["kind"] == "pay"]
    assert sorted(p["value_minor"] for p in pays) == [90000, *[100000] * 4]
