"""Workbooks of Excel and LibreOffice (xlsx, xlsm, xlsb, xls, ods), each sheet as a table in CSV.

Idea: small firms keep their books in workbooks, so a workbook is taken as an archive of its sheets:
`orders.xlsx/Orders.csv`. What a cell shows is written so that a mapping can read it: days in ISO, whole
numbers without a point, a formula by its value. A workbook from a stranger is read in a process of its own,
whose memory and time are bounded, since a few bytes of one can mean billions of cells.

>>> shown(12.0), shown(0.1 + 0.2), shown(datetime(2026, 1, 5)), shown(datetime(2026, 1, 5, 9, 30)), shown(None)
('12', '0.30000000000000004', '2026-01-05', '2026-01-05 09:30:00', '')
"""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say

ENDINGS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
MAGIC: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MEMORY_BYTES: Final = 2 * 1024**3
SECONDS: Final = 300
_UNSAFE: Final = re.compile(r"^\.|[/\\\0:]")
_LONGEST: Final = 100
"""Bytes of a sheet's name that go into that of its file."""
_MOST_WHOLE: Final = 2.0**53
"""Beyond it a number in a workbook is not known to its last digit."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name`: as the workbook has it; `path`: its table, called so as far as a file can be; `rows`: how many it
    has; `hidden`: whether who opens the workbook does not see it, so that it is not written."""

    name: str
    path: Path
    rows: int
    hidden: bool


def is_workbook(file: Path) -> bool:
    """Whether a file is named and begins as a workbook."""
    if not file.name.lower().endswith(ENDINGS):
        return False
    try:
        with file.open("rb") as opened:
            return opened.read(4) in MAGIC
    except OSError:
        return False


def sheets_of(file: Path, folder: Path, most_bytes: int) -> list[Sheet]:
    """Write the sheets of a workbook under a folder, none larger than so many bytes. Raises `EvidenceError` for
    one that cannot be read, or not within the bounds."""
    command = [sys.executable, "-c", f"from {__name__} import write_sheets; write_sheets()"]
    told = [str(file.resolve()), str(folder.resolve()), str(most_bytes)]
    try:
        ended = subprocess.run([*command, *told], capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise EvidenceError(say("workbook-large", name=file.name)) from None
    if ended.returncode == 1:
        why = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise EvidenceError(say("workbook-broken", name=file.name, why="".join(why)[:200]))
    if ended.returncode:  # its bounds ended it
        raise EvidenceError(say("workbook-large", name=file.name))
    rows = (json.loads(line) for line in ended.stdout.splitlines())
    return [Sheet(name, folder / place, count, hidden) for name, place, count, hidden in rows]


def main_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet with most rows, of several the first. Raises `EvidenceError` where none has any."""
    shown_ones = [sheet for sheet in sheets if not sheet.hidden]
    if not shown_ones:
        raise EvidenceError(say("workbook-empty"))
    return max(shown_ones, key=lambda sheet: sheet.rows)


def main_sheet_text(data: bytes, most_bytes: int) -> str:
    """The main sheet of a workbook in memory, as CSV. Raises `EvidenceError` as `sheets_of` does."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "workbook"
        file.write_bytes(data)
        sheet = main_sheet(sheets_of(file, Path(folder), most_bytes))
        return sheet.path.read_text(encoding="utf-8")


def shown(cell: Any) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _MOST_WHOLE:
        return str(int(cell))
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def write_sheets() -> None:
    """What the process of its own does: FILE FOLDER MOST_BYTES. It tells of each sheet in a line of JSON."""
    file, folder, most_bytes = sys.argv[-3:]
    _bound(int(most_bytes))
    try:
        for sheet in _written(file, Path(folder)):
            sys.stdout.write(json.dumps(sheet) + "\n")
    except MemoryError:
        sys.exit(2)
    except Exception as error:
        too_large = isinstance(error, OSError) and error.errno == errno.EFBIG
        sys.exit(2 if too_large else f"{type(error).__name__}: {error}")


def _bound(most_bytes: int) -> None:
    """Take no more memory, time and room than this; the system then ends the process."""
    if os.name != "posix":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, most_bytes),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(
            what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )


def _place(name: str, folder: Path) -> str:
    """A free name of a file for a sheet."""
    safe = _UNSAFE.sub("_", name).encode()[:_LONGEST].decode(errors="ignore")
    free = (f"{safe}{'~' * n}.csv" for n in range(_LONGEST))
    return next(place for place in free if not (folder / place).exists())


def _written(file: str, folder: Path) -> Iterator[tuple[str, str, int, bool]]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    workbook = load_workbook(file)
    for n, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        place = _place(sheet.name, folder)
        if sheet.visible != SheetVisibleEnum.Visible:
            yield sheet.name, place, 0, True
        elif count := _write(workbook.get_sheet_by_index(n).iter_rows(), folder / place):
            yield sheet.name, place, count, False


def _write(rows: Iterable[Sequence[Any]], path: Path) -> int:
    """Write rows as CSV; how many there are, 0 where nothing stands in any, and then there is no file."""
    count, filled = 0, False
    with path.open("x", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for row in rows:
            texts = [shown(cell) for cell in row]
            writer.writerow(texts)
            count, filled = count + 1, filled or any(texts)
    if not filled:
        path.unlink()
    return count * filled
