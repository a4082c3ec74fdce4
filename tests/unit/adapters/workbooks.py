"""Small workbooks for tests, written by hand, so that they may also be hostile."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | bool | date | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def sheet(rows: Sequence[Sequence[Cell]]) -> str:
    """A sheet with these rows from the first cell on."""
    lines = (f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f"<sheetData>{''.join(lines)}</sheetData>"


def _cell(value: Cell) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def workbook(path: Path, hidden: Sequence[str] = (), **sheets: str) -> Path:
    """Write a workbook: name of a sheet -> its XML, by `sheet` or anything else."""
    names = list(sheets)
    numbers = range(1, len(names) + 1)
    listed = "".join(
        _listed(n, name, name in hidden) for n, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_DOC}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in numbers
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/s{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACK}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            _rels(f'<Relationship Id="r1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>'),
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{listed}</sheets></workbook>',
        )
        styles = f'<Relationship Id="r0" Type="{_DOC}/styles" Target="styles.xml"/>'
        packed.writestr("xl/_rels/workbook.xml.rels", _rels(styles + links))
        packed.writestr("xl/styles.xml", _STYLES)
        for n, xml in zip(numbers, sheets.values(), strict=True):
            packed.writestr(
                f"xl/worksheets/s{n}.xml", f'<worksheet xmlns="{_MAIN}">{xml}</worksheet>'
            )
    return path


def _listed(n: int, name: str, hidden: bool) -> str:
    state = ' state="hidden"' if hidden else ""
    return f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"{state}/>'


def _rels(links: str) -> str:
    return f'<Relationships xmlns="{_PACK}/relationships">{links}</Relationships>'
