"""Putting evidence in by the program: mapping, ingest, batches, retract."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

ORDERS = """po,day,ship by,total,buyer,seller
PO-1,2026-01-05,2026-01-20,100.00,Harbour Imports,Acme Trading
PO-2,2026-01-06,2026-01-21,250.50,Harbour Imports,Acme Trading
PO-3,2026-13-40,2026-01-22,80.00,Harbour Imports,Acme Trading
"""

MAPPING = """
[[document]]
kind = "order"
number = "po"
issued_on = "day"
due_on = "ship by"
amount = "total"
currency = { const = "EUR" }
buyer = { name = "buyer", country = { const = "GB" } }
seller = { name = "seller", country = { const = "CN" } }
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three orders, one with an impossible date, and their mapping."""
    (tmp_path / "orders.toml").write_text(MAPPING)
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


def test_ingest_accounts_for_every_document_and_writes_rejects(run, export, tmp_path):
    ran = run("ingest", export, "-m", "orders.toml", "--contributor", "Acme", "--json")
    assert ran.code == 0, ran.err
    (batch,) = ran.json["batches"]
    assert (batch["accepted"], batch["rejected"], batch["new"]) == (2, 1, True)
    assert "Made the book tallystick.book" in ran.err
    rejects = tmp_path / batch["rejects"]
    assert rejects.name == f"rejects-{batch['batch_id'][:12]}.csv"
    (row,) = csv.DictReader(rejects.open(encoding="utf-8"))
    header = "source row field rule message fix value outcome".split()
    assert list(row) == header
    assert (row["source"], row["row"], row["field"], row["value"], row["outcome"]) == (
        "orders.csv",
        "3",
        "issued_on",
        "2026-13-40",
        "rejected",
    )
    assert row["fix"]


def test_rejects_come_in_the_order_of_the_rows(run, export, tmp_path):
    head, good, _, undated = ORDERS.strip().splitlines()
    export.write_text(
        "\n".join([head, good, undated, "PO-4,2026-01-06", undated.replace("PO-3", "PO-5")])
    )
    batch = run("ingest", export, "-m", "orders.toml", "--json").json["batches"][0]
    found = [
        int(row["row"])
        for row in csv.DictReader((tmp_path / batch["rejects"]).open(encoding="utf-8"))
    ]
    assert found == [2, 3, 4]


def test_a_table_without_rows_is_remarked_upon(run, export):
    header = export.read_text().splitlines()[0]
    export.write_text(f"{header}\n")
    ran = run("ingest", export, "-m", "orders.toml", "--contributor", "Acme")
    assert ran.code == 0
    told = " ".join((ran.out + ran.err).split())
    assert f"{export.name}: the file has no rows under its header" in told
    ran = run("ingest", export, "-m", "orders.toml", "--contributor", "Acme", "--json")
    assert "no rows under its header" in ran.json["batches"][0]["remark"]


def test_ingest_twice_changes_nothing_and_says_so(run, export, tmp_path):
    run("ingest", export, "-m", "orders.toml")
    for path in tmp_path.glob("rejects-*"):
        path.unlink()
    again = run("ingest", export, "-m", "orders.toml")
    assert again.code == 0
    assert "nothing changed" in again.out
    assert not list(tmp_path.glob("rejects-*"))
    assert len(run("batches", "--json").json["batches"]) == 1


def test_strict_ends_with_3_and_the_good_ones_are_in(run, export):
    assert run("ingest", export, "-m", "orders.toml", "--strict").code == 3
    assert run("batches", "--json").json["batches"][0]["accepted"] == 2


def test_all_rejects_in_one_file_of_any_ending(run, export, tmp_path):
    ran = run("ingest", export, "-m", "orders.toml", "--rejects", "bad.jsonl")
    assert "bad.jsonl" in ran.out
    assert json.loads((tmp_path / "bad.jsonl").read_text())["row"] == 3
    assert run("ingest", export, "-m", "orders.toml", "--rejects", "bad.doc").code == 1


def test_the_contributor_is_who_the_options_name(run, export):
    options = ("--contributor", "Tradeport", "--kind", "marketplace")
    run("ingest", export, "-m", "orders.toml", *options, "--id", "lei:529900T8BM49AURSDO55")
    (batch,) = run("batches", "--json").json["batches"]
    assert batch["contributor"] == {"name": "Tradeport", "kind": "marketplace"}


def test_a_file_that_cannot_be_read_leaves_those_before_it(run, export, tmp_path):
    (tmp_path / "zz.csv").write_bytes(b"")
    ran = run("ingest", export, "zz.csv", "-m", "orders.toml")
    assert ran.code == 1
    assert "zz.csv is empty" in ran.err
    assert "1 batch before it stand" in ran.err


def test_a_mapping_that_is_wrong_names_the_key(run, export, tmp_path):
    (tmp_path / "orders.toml").write_text(MAPPING.replace('kind = "order"', 'kind = "ordre"'))
    ran = run("ingest", export, "-m", "orders.toml")
    assert ran.code == 1
    assert "ordre" in ran.err


def test_retract_takes_a_batch_out_and_keeps_the_reason(run, export):
    run("ingest", export, "-m", "orders.toml")
    (batch,) = run("batches", "--json").json["batches"]
    ran = run("retract", batch["batch_id"][:8], "--why", "sent by mistake")
    assert ran.code == 0
    assert "sent by mistake" in run("batches").out
    assert run("batches", "--json").json["batches"][0]["retracted_at"].endswith("Z")
    assert run("retract", "0123456789", "--why", "x").code == 1


def test_an_empty_book_is_said_to_be_empty(run):
    run("init")
    assert "is empty" in run("batches").out
    ran = run("rate")
    assert ran.code == 1
    assert "tallystick ingest" in ran.err


def test_mapping_suggest_drafts_a_file_that_check_reads(run, export, tmp_path):
    assert "[[document]]" in run("mapping", "suggest", export).out
    assert run("mapping", "suggest", export, "-o", "draft.toml").code == 0
    assert run("mapping", "suggest", export, "-o", "draft.toml").code == 1
    assert run("mapping", "suggest", export, "-o", "draft.toml", "--force").code == 0
    assert run("mapping", "check", export, "-m", "draft.toml").code in (0, 1)


def test_mapping_check_shows_what_rows_become(run, export):
    ran = run("mapping", "check", export, "-m", "orders.toml", "--rows", "2")
    assert ran.code == 0, ran.out
    assert "100.00 EUR" in ran.out
    assert "Acme Trading" in ran.out
    bad = run("mapping", "check", export, "-m", "orders.toml", "--json")
    assert bad.code == 1
    assert bad.json["problems"] == 1
    assert bad.json["rows"][2]["rejects"][0]["field"] == "issued_on"


def test_a_column_may_hold_one_number_and_a_wrong_one_is_told(run, tmp_path):
    header = "kind,number,issued_on,due_on,amount,currency,terms,seller_name,seller_id,seller_lei,buyer_name"
    right, wrong = "529900T8BM49AURSDO55", "529900T8BM49AURSDO56"
    rows = [f"invoice,I{n},2024-01-01,2024-02-01,5,USD,open_account,Acme,id:shop:{7 + n // 2},{lei},Borealis"
            for n, lei in enumerate((right, wrong, ""))]  # fmt: skip
    (tmp_path / "plain.csv").write_text("\n".join([header, *rows]) + "\n")
    told = run("mapping", "check", "plain.csv", "--json").json
    bad = [row["bad_ids"] for row in told["rows"]]
    assert bad == [[], [{"role": "seller", "identifier": f"lei:{wrong}"}], []]
    assert f"lei:{wrong} are wrong" in run("mapping", "check", "plain.csv").out
    run("ingest", "plain.csv")
    (found,) = run("find", f"lei:{right}", "--json").json["companies"]
    assert set(found["ids"]) == {f"lei:{right}", "id:shop:7"}


@pytest.mark.parametrize("names", ["plain", "varied"])
def test_ingest_takes_what_simulate_wrote(run, names):
    args = ("--companies", 10, "--deals", 30, "--seed", 5, "--names", names)
    made = run("simulate", *args, "--out", "w", "--json")
    assert made.json["deals"] == 30
    ran = run("ingest", "w", "--json")
    assert ran.code == 0, ran.err
    taken = sum(b["accepted"] for b in ran.json["batches"])
    assert taken == sum(made.json["documents"].values())
    assert [Path(item["path"]).name for item in ran.json["passed_over"]] == ["truth"]


def test_simulate_is_the_same_for_the_same_seed(run, tmp_path):
    for folder in ("a", "b"):
        args = ("--companies", 10, "--deals", 30, "--seed", 5, "--days", 200, "--detail", 1)
        assert run("simulate", *args, "--start", "2025-01-01", "--out", folder).code == 0
    files = sorted(
        p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()
    )
    assert files
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
