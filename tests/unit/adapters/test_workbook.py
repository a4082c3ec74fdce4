"""Workbooks are taken as archives of their sheets; hostile ones end a process of their own and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.unit.adapters.workbooks import Cell, sheet, workbook

from tallystick.adapters import workbook as reading
from tallystick.adapters.tables import preview, suggest_mapping
from tallystick.adapters.workbook import is_workbook, main_sheet, main_sheet_text, sheets_of
from tallystick.book import open_book
from tallystick.evidence.formats.mapping import load_mapping
from tallystick.evidence.formats.suggest_parties import Own
from tallystick.evidence.ledger import EvidenceError

BILLS: list[list[Cell]] = [
    ["Receivables of 2026"],
    [],
    ["Customer", "Invoice No", "Invoice date", "Due date", "Amount", "Currency", "Paid on"],
    ["Rossi Lampade Srl", "00017", date(2026, 1, 5), date(2026, 2, 4), 1234.5, "EUR", date(2026, 2, 6)],
    ["Acme, \"Lamps\" Ltd", "00018", date(2026, 1, 6), date(2026, 2, 5), 99, "EUR", None],
]  # fmt: skip
OWN = Own("Hansa Import GmbH", "DE")


def books(folder: Path) -> Path:
    file = folder / "accounts.xlsx"
    return workbook(
        file,
        ["Old"],
        Bills=sheet(BILLS),
        Old=sheet(BILLS),
        Empty=sheet([]),
        Notes=sheet([["see above"]]),
    )


def test_sheets_are_written_as_they_are_shown(tmp_path: Path) -> None:
    found = sheets_of(books(tmp_path), tmp_path, 1_000_000)
    assert [(s.name, s.hidden, s.path.name) for s in found] == [
        ("Bills", False, "Bills.csv"), ("Old", True, "Old.csv"), ("Notes", False, "Notes.csv"),
    ]  # fmt: skip
    assert main_sheet(found).name == "Bills"
    lines = found[0].path.read_text(encoding="utf-8").splitlines()
    assert lines[2:] == [
        "Customer,Invoice No,Invoice date,Due date,Amount,Currency,Paid on",
        "Rossi Lampade Srl,00017,2026-01-05,2026-02-04,1234.5,EUR,2026-02-06",
        '"Acme, ""Lamps"" Ltd",00018,2026-01-06,2026-02-05,99,EUR,',
    ]
    assert not found[1].path.exists()


def test_from_a_workbook_to_documents_with_nothing_but_the_draft(tmp_path: Path) -> None:
    file = books(tmp_path)
    mapping = load_mapping(suggest_mapping(file, OWN))
    rows = preview(file, mapping)
    assert [[d["kind"] for d in row.documents] for row in rows] == [
        ["invoice", "payment"],
        ["invoice"],
    ]
    with open_book(tmp_path / "book", create=True) as book:
        result = book.ingest([file], mapping)
        (receipt,) = result.receipts
        assert (receipt.batch.accepted, receipt.batch.source) == (3, "accounts.xlsx/Bills.csv")
        told = {path.as_posix(): why for path, why in result.passed_over}
        assert "hidden" in told["accounts.xlsx/Old.csv"]
        assert any(name.endswith("Notes.csv") for name in told)
        (again,) = book.ingest([file], mapping).receipts
        assert not again.new


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods"])
def test_what_is_no_workbook_is_told(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(reading.MAGIC[name == "a.xls"] + b"nothing")
    assert is_workbook(file)
    with pytest.raises(EvidenceError, match="cannot be read as a workbook"):
        sheets_of(file, tmp_path, 1_000_000)
    file.write_bytes(b"Order,Amount\n")
    assert not is_workbook(file)


def test_two_cells_that_mean_billions_harm_nobody(tmp_path: Path) -> None:
    first, last = (
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
    )
    cells = f"<sheetData>{first}{last}</sheetData>"
    file = workbook(tmp_path / "wide.xlsx", Wide=cells)
    with pytest.raises(EvidenceError, match="more room or time"):
        sheets_of(file, tmp_path, 1_000_000)


def test_a_sheet_larger_than_may_be_harms_nobody(tmp_path: Path) -> None:
    file = workbook(tmp_path / "long.xlsx", Long=sheet([["x" * 100]] * 1000))
    with pytest.raises(EvidenceError, match="more room or time"):
        sheets_of(file, tmp_path, 10_000)


def test_names_of_sheets_lead_nowhere(tmp_path: Path) -> None:
    rows = sheet([["a"], ["b"]])
    inside = tmp_path / "in"
    inside.mkdir()
    file = workbook(
        tmp_path / "names.xlsx", **{"../../out": rows, ".hidden": rows, "x" * 300: rows}
    )
    found = sheets_of(file, inside, 1_000_000)
    assert len(found) == 3 and {s.path.parent for s in found} == {inside}
    assert all(s.path.is_file() and not s.path.name.startswith(".") for s in found)


def test_a_workbook_in_memory_is_its_main_sheet(tmp_path: Path) -> None:
    text = main_sheet_text(books(tmp_path).read_bytes(), 1_000_000)
    assert text.count("\n") == 5 and "Rossi Lampade Srl" in text
    empty = workbook(tmp_path / "empty.xlsx", Empty=sheet([]))
    with pytest.raises(EvidenceError, match="no sheet"):
        main_sheet_text(empty.read_bytes(), 1_000_000)
