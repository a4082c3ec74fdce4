"""Asking a book by the program: find, rate, ratings, promises, deals, report, explain, demo."""

from __future__ import annotations

import csv
import gzip
import io
import json
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tallystick import open_book


def rows_of(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_ratings_say_the_same_in_every_format(run, book, tmp_path):
    endings = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz", ".json", ".parquet")
    for ending in endings:
        assert run("ratings", "--book", book, "-o", f"r{ending}").code == 0
    plain = rows_of(tmp_path / "r.csv")
    assert rows_of(tmp_path / "r.csv.gz") == plain
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert json.loads((tmp_path / "r.json").read_text()) == lines
    assert len(gzip.decompress((tmp_path / "r.jsonl.gz").read_bytes()).splitlines()) == len(plain)
    table = pq.read_table(tmp_path / "r.parquet")
    assert [row["company"] for row in plain] == table["company"].to_pylist()
    for text, row in zip(plain, table.to_pylist(), strict=True):
        assert (
            Decimal(text["probability"]) == row["probability"] == Decimal(row["broken_ppm"]) / 10**6
        )
        assert row["name"] == text["name"]


def test_the_order_and_bytes_of_an_export_are_the_same_each_time(run, book, tmp_path):
    for what in ("ratings", "promises", "deals"):
        for name in ("a.csv", "b.csv"):
            assert run(what, "--book", book, "-o", name).code == 0
        assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
        assert len(rows_of(tmp_path / "a.csv")) > 20


def test_points_of_an_exported_rating_add_up_to_its_score(run, book, tmp_path):
    run("ratings", "--book", book, "-o", "r.csv")
    for row in rows_of(tmp_path / "r.csv"):
        points = sum(Decimal(v) for name, v in row.items() if name.endswith("_points"))
        assert points == Decimal(row["score"])


def test_ratings_export_has_the_stated_columns(run, book, tmp_path):
    run("ratings", "--book", book, "-o", "r.csv")
    row = next(r for r in rows_of(tmp_path / "r.csv") if r["scope"] == "kind")
    assert list(row)[:11] == (
        "company name country role kind scope probability low high grade evidence_level".split()
    )
    assert row["company"].startswith("C-")
    assert row["role"]
    assert Decimal(row["low"]) <= Decimal(row["probability"]) <= Decimal(row["high"])


def test_promises_export_has_dates_codes_and_exact_amounts(run, book, tmp_path):
    assert run("promises", "--book", book, "-o", "p.csv").code == 0
    assert run("promises", "--book", book, "-o", "p.parquet").code == 0
    rows = rows_of(tmp_path / "p.csv")
    table = pq.read_table(tmp_path / "p.parquet").to_pylist()
    assert len(rows) == len(table)
    from tallystick.units import from_minor

    for text, row in zip(rows, table, strict=True):
        assert text["deal"].startswith("D-") and text["promisor"].startswith("C-")
        assert (text["due"] or None) == (row["due"].isoformat() if row["due"] else None)
        if row["value"] is not None:
            assert row["value"] == from_minor(row["value_minor"], row["currency"])


def test_as_of_and_known_at_cut_what_is_told(run, book):
    def total(*args: str) -> int:
        found = run("ratings", "--book", book, "--json", *args).json["ratings"]
        return sum(row["promises"] for row in found if row["scope"] == "headline")

    assert 0 < total("--as-of", "2024-12-31") < total()
    early = run("ratings", "--book", book, "--known-at", "2020-01-01", "--json")
    assert early.code == 0
    assert early.json["ratings"] == []
    assert total("--known-at", "2999-12-31") == total()


def test_a_day_before_everything_is_said_to_be_empty(run, book):
    ran = run("rate", "--book", book, "--as-of", "1999-01-01")
    assert (ran.code, "Nothing had been promised" in ran.out) == (0, True)


def test_rate_everybody(run, book):
    told = run("rate", "--book", book, "--json").json
    assert sum(told["grades"].values()) == told["companies"] > 20
    assert "companies rated as of" in run("rate", "--book", book).out


def test_rate_one_company_has_reasons_that_add_up(run, book, seller):
    told = run("rate", seller, "--book", book, "--json").json
    for row in told["ratings"]:
        total = sum(Decimal(str(reason["points"])) for reason in row["reasons"])
        assert total == Decimal(str(row["score"]))
    shown = run("rate", seller, "--book", book)
    assert shown.code == 0
    assert "dispatch" in shown.out
    assert "履行" in run("rate", seller, "--book", book, "--lang", "zh").out
    assert run("rate", seller, "--book", book, "--lang", "fr").code == 2


def test_rate_one_company_to_a_file(run, book, seller, tmp_path):
    assert run("rate", seller, "--book", book, "-o", "one.csv").code == 0
    assert {row["company"] for row in rows_of(tmp_path / "one.csv")} == {seller}


def test_find_by_code_identifier_and_name(run, book, seller):
    by_code = run("find", seller, "--book", book, "--json").json["companies"]
    assert [row["match"] for row in by_code] == ["code"]
    ref, name = by_code[0]["ref"], by_code[0]["name"]
    by_ref = run("find", ref, "--book", book, "--json").json["companies"]
    by_name = run("find", *name.split(), "--book", book, "--json").json["companies"]
    assert by_ref[0]["code"] == seller
    assert seller in [row["code"] for row in by_name]
    assert name[:8] in run("find", name, "--book", book).out


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Mercier & Garnier Cosmétiques SARL", "COSMETIQUES mercier"),
        ("Aydın Arslan Aydınlatma İzmir Ltd. Şti.", "aydinlatma izmir"),
        ("泉州盛邦金属制品有限公司", "盛邦金属"),
        ("株式会社広島田中商事", "株式会社広島田中商事"),
        ("주식회사 한빛전자 서울", "한빛전자"),
        ("Groß & Söhne S.p.A.", "gross sohne spa"),
    ],
)
def test_names_are_found_without_accents_case_and_legal_form(run, name, asked):
    with open_book("names.book", create=True) as opened:
        document = {
            "kind": "order",
            "number": "1",
            "issued_on": "2026-01-01",
            "parties": {
                "seller": {"name": name, "country": "DE"},
                "buyer": {"name": "Harbour", "country": "GB"},
            },
        }
        opened.add([document], "Harbour")
    found = run("find", *asked.split(), "--book", "names.book", "--json").json["companies"]
    assert [row["name"] for row in found] == [name]


def test_find_takes_any_script_and_tells_why(run):
    document = {
        "kind": "order",
        "number": "1",
        "issued_on": "2026-01-01",
        "parties": {
            "seller": {
                "name": "深圳市华强电子有限公司",
                "country": "CN",
                "ids": {"lei": "529900T8BM49AURSDO55"},
            },
            "buyer": {"name": "Borealis Trading Ltd", "country": "GB"},
        },
    }
    with open_book("any.book", create=True) as opened:
        opened.add([document], "Harbour")
    for _ in range(2):  # the second time from the index that the first has made
        (found,) = run("find", "huaqiang elec", "--book", "any.book", "--json").json["companies"]
        assert found["name"] == "深圳市华强电子有限公司" and found["match"] == "similar"
        assert "the same in two languages: elec = 电子" in found["why"]
    (found,) = run("find", "529900t8bm49", "--book", "any.book", "--json").json["companies"]
    assert found["why"] == ["has the identifier lei:529900T8BM49AURSDO55"]
    (found,) = run("find", "borealsi", "trading", "--book", "any.book", "--json").json["companies"]
    assert found["name"] == "Borealis Trading Ltd"
    assert "nearly the same spelling" in " ".join(found["why"])


def test_what_is_not_found_ends_with_1(run, book):
    ran = run("find", "zzz", "nobody", "--book", book)
    assert (ran.code, ran.out) == (1, "")
    assert run("find", "zzz", "--book", book, "--json").json["companies"] == []
    assert run("rate", "zzz nobody", "--book", book).code == 1
    assert run("deals", "D-0000000000000", "--book", book).code == 1
    assert run("deals", "rubbish", "--book", book).code == 1


def test_deals_and_one_deal_with_sources(run, book, seller):
    found = run("deals", "--company", seller, "--book", book, "--json").json["deals"]
    assert found
    code = max(found, key=lambda row: row["documents"])["deal"]
    one = run("deals", code, "--book", book, "--json").json
    assert one["documents"]
    assert all(row["source"] and row["row"] is not None for row in one["documents"])
    days = [row["day"] for row in one["documents"]]
    assert days == sorted(days)
    shown = run("deals", code, "--book", book)
    assert shown.code == 0
    assert "part-00000.parquet:" in shown.out


def test_breaks_are_counted_and_shown(run, book):
    found = run("deals", "--book", book, "--json").json["deals"]
    broken = next(row for row in found if row["breaks"])
    one = run("deals", broken["deal"], "--book", book, "--json").json
    assert len(one["breaks"]) == broken["breaks"]
    assert "Breaks" in run("deals", broken["deal"], "--book", book).out


def test_terminal_shows_the_first_and_says_how_many_more(run, book):
    for what in ("ratings", "promises", "deals"):
        ran = run(what, "--book", book, "--limit", 3)
        assert ran.code == 0
        assert f"more {what.replace('ratings', 'companies')}" in ran.out


def test_an_export_that_cannot_be_written_leaves_nothing(run, book, tmp_path):
    ran = run("ratings", "--book", book, "-o", "no/such/folder/r.csv")
    assert ran.code == 1
    assert "no folder" in ran.err
    (tmp_path / "taken.csv").mkdir()
    assert run("ratings", "--book", book, "-o", "taken.csv").code == 1
    assert not list(tmp_path.glob(".*partial"))


def test_report_in_three_formats(run, book, seller, tmp_path):
    shown = run("report", seller, "--book", book)
    assert (shown.code, seller in shown.out) == (0, True)
    told = run("report", seller, "--book", book, "--format", "json")
    assert told.code == 0
    assert told.json == run("report", seller, "--book", book, "--json").json
    assert run("report", seller, "--book", book, "-o", "r.html").code == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert run("report", seller, "--book", book, "-o", "r.json").code == 0
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8")) == told.json


def test_explain_leads_to_rows(run, book, seller):
    assert run("explain", seller, "--book", book).code == 0
    ran = run("explain", seller, "dispatch", "--book", book)
    assert ran.code == 0, ran.err
    assert "part-00000.parquet" in ran.out
    assert run("explain", seller, "dispatch", "--book", book, "--json").json


def test_demo_tells_a_story_and_writes_files(run, tmp_path):
    ran = run("demo", "--companies", 60, "--deals", 900)
    assert ran.code == 0, ran.err
    for word in ("How reliable is everybody?", "best sellers", "Spearman", "ratings.csv"):
        assert word in ran.out
    assert (tmp_path / "demo-out" / "ratings.csv").exists()
    assert list((tmp_path / "demo-out" / "reports").glob("*.html"))
    kept = run("demo", "--keep", "--json")
    assert kept.code == 0
    assert kept.json["deals"] == 900
    assert 0 < kept.json["check"]["spearman"] < 1


@pytest.mark.parametrize("name", ["notes.txt"])
def test_demo_leaves_a_folder_of_others_alone(run, tmp_path, name):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("mine")
    assert run("demo", "--out", "mine").code == 1
    assert (tmp_path / "mine" / name).read_text() == "mine"
