"""Excerpts of GLEIF's golden copies and the BODS statements that others made of them.

Skipped, saying so, where the samples are absent (`../shared/samples` or TALLYSTICK_SAMPLES).
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tallystick.adapters.files import find_files
from tallystick.book import open_book
from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.registers import read_register
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Said

pytestmark = pytest.mark.real

_ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", _ROOT.parent / "shared" / "samples"))
FOLDER = SAMPLES / "identity" / "gleif-bods"


@pytest.fixture(scope="module")
def files() -> list[Path]:
    if not FOLDER.is_dir():
        pytest.skip(f"no sample files in {FOLDER}; set TALLYSTICK_SAMPLES")
    return find_files([FOLDER]).streams


GRAPHS = ("lei-updates-data2.json rr-updates-data2.json", "lei-updates-data2.xml rr-updates-data2.xml",
          "lei-updates-data2-out.json rr-updates-data2-out.json")  # fmt: skip


@pytest.mark.parametrize("names", GRAPHS)
def test_the_ownership_graph_is_the_same_in_xml_json_and_bods(
    names: str, files: list[Path], tmp_path: Path
) -> None:
    wanted = [file for file in files if file.name in names.split()]
    with open_book(tmp_path / "b", create=True) as book:
        book.ingest(wanted, who=Contributor("register", "registry"))
        cut = book.cut(as_of=date(2025, 1, 1))
        seller = book.related("MONOOVA FX PTY LTD", cut)
        assert [(row["name"], row["how"], row["since"]) for row in seller] == [
            ("MONOOVA GLOBAL PAYMENTS PTY LTD", "owner", "2023-03-30"),
            ("MONEYTECH GROUP LIMITED", "owner", "2023-03-30"),
        ]
        bank = book.related("Všeobecná úverová banka, a.s.", cut)
        assert sorted(row["how"] for row in bank) == ["member"] * 4 + ["owned"]
        assert {row["related_ppm"] for row in seller + bank} == {1_000_000}
        earlier = book.cut(as_of=date(2022, 1, 1))
        assert 0 < len(earlier.read("related")) < len(cut.read("related"))


def read(file: Path) -> list[Said]:
    with file.open("rb") as stream:
        items = list(read_register(stream, file.name))
    assert all(isinstance(item, Said) for item in items), items
    return [item for item in items if isinstance(item, Said)]


def test_every_file_is_recognised_and_every_record_read(files: list[Path]) -> None:
    assert len(files) == len([f for f in FOLDER.iterdir() if f.is_file()]) == 33
    for file in files:
        checked = canonicalise(read(file), Contributor("register", "registry"))
        assert checked.rejects.num_rows == 0, file.name
        assert checked.document_count > 0


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("lei-data.xml", {"registration": 13, "profile": 9}),
        ("rr-data.xml", {"ownership": 10}),
        ("repex-data.xml", {"ownership": 10}),
        ("lei-data-out.json", {"profile": 5}),
        ("rr-data-out.json", {"ownership": 10}),
    ],
)
def test_what_the_records_become(files: list[Path], name: str, kinds: dict[str, int]) -> None:
    assert dict(Counter(item.kind for item in read(FOLDER / name))) == kinds


def test_one_company_is_dissolved_and_lapsed_ones_are_not(files: list[Path]) -> None:
    told = [i for i in read(FOLDER / "lei-data.xml") if i.kind == "registration"]
    assert Counter(i.status for i in told) == {"active": 9, "lapsed": 3, "dissolved": 1}


def test_companies_are_found_by_lei_and_by_former_name(files: list[Path], tmp_path: Path) -> None:
    with open_book(tmp_path / "book", create=True) as book:
        book.ingest([FOLDER / "lei-data.xml", FOLDER / "rr-data.xml"])
        cut = book.cut()
        (found,) = book.find("lei:001GPB6A9XPE8XJICC14", cut)
        assert found["name"] == "Fidelity Advisor Leveraged Company Stock Fund"
        former = book.find("FIDELITY ADVISOR SERIES I", cut)
        assert found["company"] in {row["company"] for row in former}
