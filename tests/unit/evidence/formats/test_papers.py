"""Papers without a common format: the examples that are shipped give the documents that their page says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tallystick.book import open_book
from tallystick.evidence.json_schema import document_schema
from tallystick.evidence.ledger import Contributor

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
PAPERS = EXAMPLES / "papers"
TABLES = {
    "policies": ("insurance-policies", 2),
    "claims": ("insurance-claims", 5),
    "inspections": ("inspections", 2),
    "warehouse": ("warehouse", 4),
}


def test_tables_become_promises_of_insurer_and_warehouse(tmp_path: Path) -> None:
    with open_book(tmp_path / "b", create=True) as book:
        for name, (mapping, accepted) in TABLES.items():
            rules = EXAMPLES / "mappings" / f"{mapping}.toml"
            result = book.ingest([PAPERS / f"{name}.csv"], mapping=rules)
            batch = result.receipts[0].batch
            assert (batch.accepted, batch.rejected) == (accepted, 0), name
        rows = book.promises(cut=book.cut(as_of=date(2026, 6, 1))).to_pylist()
    assert sorted((row["kind"], row["outcome"]) for row in rows) == [
        ("cover", "kept"), ("cover", "kept"), ("hold", "partial"), ("release_goods", "late"),
        ("settle", "broken"), ("settle", "kept"), ("settle", "late"),
    ]  # fmt: skip


def test_the_same_claim_in_json_is_the_same_document(tmp_path: Path) -> None:
    who = Contributor("Harbour Mutual", "insurer")
    with open_book(tmp_path / "b", create=True) as book:
        for name in ("policies", "claims"):
            rules = EXAMPLES / "mappings" / f"{TABLES[name][0]}.toml"
            book.ingest([PAPERS / f"{name}.csv"], mapping=rules, who=who)
        lines = (PAPERS / "insurance.jsonl").read_text(encoding="utf-8").splitlines()
        batch = book.add([json.loads(line) for line in lines], who).batch
    assert (batch.accepted, batch.duplicate) == (0, 3)


@pytest.mark.parametrize("line", (PAPERS / "insurance.jsonl").read_text("utf-8").splitlines())
def test_the_json_is_what_the_schema_says(line: str) -> None:
    Draft202012Validator(document_schema()).validate(json.loads(line))
