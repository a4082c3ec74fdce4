"""The report on paper: accessible, archival, the same bytes each time, and no name is ever a program."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader
from rich.console import Console
from typer.testing import CliRunner

from tallystick.adapters import printing
from tallystick.adapters.cuts import Cut
from tallystick.adapters.printing import PrintError, render_pdf
from tallystick.book import Book
from tallystick.doors.cli.main import app
from tallystick.report import Report, render_json
from tallystick.report import blocks as b
from tallystick.report.curve_blocks import Concentration
from tallystick.report.discreet import discreet
from tallystick.report.html import render_html
from tallystick.report.terminal import render_terminal
from tallystick.settings import SettingsError, load_settings

from .hostile import hostile_book

EVIL = '#panic("x") *b* $x$ [#read("/etc/passwd")] \\u{41} <l> @ref `r` // "'
RARE = "深圳市华强电子 ไทย \U0001f600 \u202egnp.exe\ue000"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Cut]]:
    """A book in which every word that can be chosen freely attacks the typesetter, or has no font."""
    folder = tmp_path_factory.mktemp("hostile-print")
    with hostile_book(folder, EVIL, "#x", f" {RARE}") as made:
        yield made


def chinese_font() -> bool:
    return any("CJK" in name or "Han S" in name for name in typst.Fonts().families())


needs_chinese = pytest.mark.skipif(not chinese_font(), reason="no Chinese font on this machine")


@pytest.fixture(scope="module")
def report(hostile: tuple[Book, Cut]) -> Report:
    book, cut = hostile
    return book.report("id:shop:s", cut)


def text_of(made: bytes) -> str:
    pages = PdfReader(io.BytesIO(made)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a font of its own."""
    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(printing, "_fonts", lambda folder: bare)
    printing._not_shown.cache_clear()


def told_by_a_number(report: Report) -> Report:
    """The same report, of a company whose country only a number tells."""
    head = replace(report.block(b.Headline), country="DK", country_by="vat:DK61056416")
    blocks = tuple(head if isinstance(block, b.Headline) else block for block in report.blocks)
    return replace(report, blocks=blocks)


def test_a_country_that_a_number_tells_says_so_wherever_it_is_shown(report: Report) -> None:
    told, line = told_by_a_number(report), "is told by vat:DK61056416 alone"
    console = Console(width=120, file=io.StringIO())
    console.print(render_terminal(told))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for where in (text_of(render_pdf(told)), render_html(told), shown):
        assert line in re.sub(r"\s+", " ", where)
    assert line not in render_html(report)


def test_names_are_set_as_the_letters_they_have(report: Report) -> None:
    text = text_of(render_pdf(report))
    assert re.sub(r"\s+", "", f"S {EVIL}") in re.sub(r"[\s\u200b]+", "", text)
    assert "root:" not in text


def test_it_is_archival_accessible_and_says_its_language(report: Report) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(report)))
    metadata = reader.xmp_metadata
    assert metadata is not None
    xmp = metadata.stream.get_data().decode()
    for mark in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert mark in xmp
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en" and root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert (reader.metadata.title or "").startswith("S #panic")
    created = reader.metadata.creation_date
    assert created is not None and created.date() == date(2025, 9, 1)
    assert "JavaScript" not in str(root) and "/OpenAction" not in root


def test_the_json_is_inside(report: Report) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(report)))
    assert list(reader.attachments) == ["report.json"]
    found = json.loads(reader.attachments["report.json"][0])
    assert found == json.loads(json.dumps(render_json(report)))


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    first = render_pdf(report)
    printing._fonts.cache_clear()
    printing._not_shown.cache_clear()
    assert render_pdf(report) == first


def test_what_no_font_has_is_written_in_latin_letters(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_machine(monkeypatch)
    made = render_pdf(report)
    text = text_of(made)
    assert "Shen" in text and "written in Latin letters" in text
    names = PdfReader(io.BytesIO(made)).attachments["report.json"][0].decode()
    assert "深圳市华强电子" in names
    printing._not_shown.cache_clear()


def test_letters_that_turn_text_around_are_left_out(report: Report) -> None:
    text = text_of(render_pdf(report))
    assert "\u202e" not in text and "\ue000" not in text


def test_a_chinese_report_without_a_font_says_what_to_do(
    hostile: tuple[Book, Cut], monkeypatch: pytest.MonkeyPatch
) -> None:
    book, cut = hostile
    bare_machine(monkeypatch)
    with pytest.raises(PrintError, match=r"fonts-noto-cjk.*TALLYSTICK_FONTS"):
        render_pdf(book.report("id:shop:s", cut, "zh"))
    printing._not_shown.cache_clear()


@needs_chinese
def test_a_chinese_report(hostile: tuple[Book, Cut]) -> None:
    book, cut = hostile
    made = render_pdf(book.report("id:shop:s", cut, "zh"))
    root: Any = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert root["/Lang"].startswith("zh")
    assert "信用报告" in str(PdfReader(io.BytesIO(made)).metadata)
    assert "履约记录" in text_of(made)


def test_the_public_report_is_printed_without_amounts(report: Report) -> None:
    public = discreet(report)
    block = public.block(Concentration)
    assert block.rows and not block.value_cents and not any(row.value_cents for row in block.rows)
    text = text_of(render_pdf(public))
    assert "100.00" not in text and "()" not in text and "B #panic" not in text


def test_every_state_can_be_printed(hostile: tuple[Book, Cut]) -> None:
    """A buyer that promised little, and pages whose sections are empty."""
    book, cut = hostile
    report = book.report("id:shop:b", cut)
    empty = {b.Reasons: b.Reasons(0, ()), b.TrackRecord: b.TrackRecord((), (), ()),
             b.Promises: b.Promises(0, (), ()), b.Breaks: b.Breaks(0, ()),
             b.Provenance: b.Provenance(0, (), ())}  # fmt: skip
    blocks = tuple(empty.get(type(block), block) for block in report.blocks)
    assert render_pdf(Report("en", blocks)).startswith(b"%PDF")  # type: ignore[arg-type]


def test_a_font_folder_must_be_there(tmp_path: Path) -> None:
    assert load_settings({"TALLYSTICK_FONTS": str(tmp_path)}).fonts == tmp_path
    with pytest.raises(SettingsError, match="TALLYSTICK_FONTS"):
        load_settings({"TALLYSTICK_FONTS": str(tmp_path / "none")})


def test_the_command_writes_it(hostile: tuple[Book, Cut], tmp_path: Path) -> None:
    book, _ = hostile
    command = ["report", "id:shop:s", "--as-of", "2025-09-01", "--book", str(book.path)]
    run = CliRunner().invoke(app, [*command, "-o", str(tmp_path / "x.pdf")])
    assert run.exit_code == 0, run.output
    written = (tmp_path / "x.pdf").read_bytes()
    assert written.startswith(b"%PDF-")
    printed = CliRunner().invoke(app, [*command, "--format", "pdf"])
    assert printed.stdout_bytes == written
