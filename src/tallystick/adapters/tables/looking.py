"""Looking at a table before it is taken: a draft of its mapping, and what its first rows become.

Only the beginning of the file is read, however large it is.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tallystick.adapters.archives import MAX_BYTES
from tallystick.adapters.tables.connecting import connection
from tallystick.adapters.tables.heading import lines_above
from tallystick.adapters.tables.loading import Loader, json_keys, shape_of
from tallystick.adapters.tables.opening import Opened, found_encoding, open_sample
from tallystick.adapters.tables.staging import Run
from tallystick.adapters.workbook import is_workbook, main_sheet, sheets_of
from tallystick.evidence.details import by_another_name
from tallystick.evidence.formats.known_exports import draft_known
from tallystick.evidence.formats.mapping import Mapping, Read
from tallystick.evidence.formats.suggest import draft
from tallystick.evidence.formats.suggest_details import comment, quoted
from tallystick.evidence.formats.suggest_fields import Sample
from tallystick.evidence.formats.suggest_parties import Own
from tallystick.evidence.formats.suggest_statement import draft_statement
from tallystick.evidence.formats.table_sql import plan
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Contributor

SAMPLE_ROWS = 1_000
_HEADING = 1 << 16
"""Characters among which the header is looked for."""
_TOLD = ["party", "name", "ref", "traits", "bad_ids"]


@dataclass(slots=True)
class Preview:
    """What one row becomes. `documents`: content by field, parties by name or identifier; `rejects`:
    rule, field, message, fix and value of what is wrong; `bad_ids`: role and identifier whose check digits are
    wrong, so that it is kept as it is written and nobody is matched by it."""

    row: int
    documents: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    bad_ids: list[tuple[str, str]] = field(default_factory=list)


def preview(path: Path, mapping: Mapping | None, rows: int = 5) -> list[Preview]:
    """What the first rows of a table become under a mapping (None: a canonical table).

    Raises `EvidenceError` as `stage_table` does. A row that `when` leaves out has neither.
    """
    with tempfile.TemporaryDirectory() as folder, connection(Path(folder), "1GB") as con:
        path, _ = _table(path, Path(folder))
        run = Run(con, path, mapping, Contributor("preview"), Path(folder), sample=True)
        used, columns = run.load()
        whole = plan(used, columns, "preview", path.name)
        run.parties.describe(whole)
        found = {n: Preview(n) for n in range(1, run.row_count(rows) + 1)}
        described = run.parties.table().select(_TOLD).to_pylist()
        described = [row for row in described if not by_another_name(row["traits"])]
        shown = {row["party"]: row["name"] or row["ref"] for row in described}
        bad = {row["party"]: row["bad_ids"] for row in described if row["bad_ids"]}
        for document in whole.documents:
            query = f"SELECT * FROM ({document.document}) WHERE row <= {rows} ORDER BY row"
            for content in con.sql(query).to_arrow_table().to_pylist():
                row = found[content["row"]]
                row.documents.append(_shown(content, shown))
                told = [(role, ref) for role in ROLES for ref in bad.get(content.get(role), ())]
                row.bad_ids += [one for one in told if one not in row.bad_ids]
        for reject in run.rejects(whole).to_pylist():
            if reject["row"] in found:
                found[reject["row"]].rejects.append(reject)
    return list(found.values())


def _shown(content: dict[str, Any], parties: dict[int, str]) -> dict[str, Any]:
    """The fields that a person wants to see: no keys, no origin, nothing that is absent."""
    named: dict[str, str | None] = {
        role: parties.get(content[role]) for role in ROLES if role in content
    }
    return {
        name: named.get(name, value)
        for name, value in content.items()
        if value not in (None, [])
        and not name.endswith(("_key", "_scope"))
        and name not in {"doc_id", "source", "row", "places"}
    }


def _table(path: Path, folder: Path) -> tuple[Path, str]:
    """The file itself, or of a workbook the table of its main sheet and what that is called."""
    if not is_workbook(path):
        return path, ""
    sheet = main_sheet(sheets_of(path, folder, MAX_BYTES))
    return sheet.path, sheet.name


def _lines_above(opened: Opened) -> int:
    if opened.parquet:
        return 0
    with opened.path.open(encoding="utf-8", errors="replace", newline="") as file:
        return lines_above(file.read(_HEADING))


def suggest_mapping(path: Path, own: Own | None = None, name: str | None = None) -> str:
    """A draft of a mapping for a table, as TOML text with comments; it always loads. `own`: whose export it is;
    `name`: what the file was called, where it lies under another name.

    Raises `EvidenceError` where the file cannot be read at all.
    """
    source = name or path.name
    with tempfile.TemporaryDirectory() as folder, connection(Path(folder), "1GB") as con:
        path, sheet = _table(path, Path(folder))
        encoding = found_encoding(path)
        opened = open_sample(path, encoding, Path(folder))
        above = _lines_above(opened)
        read = Read(encoding=encoding, skip_lines=above)
        shape = shape_of(path, opened, read)
        loader = Loader(con, path.name, Path(folder))
        if shape.format == "parquet":
            columns = loader.parquet("main", opened)
        elif shape.format == "jsonl":
            columns = loader.jsonl("main", opened, json_keys(opened), 0)
        else:
            columns = loader.csv("main", opened, shape, read)
        cells = ", ".join(f"trim(CAST({sql} AS VARCHAR))" for sql in columns.names.values())
        rows = con.execute(f"SELECT {cells} FROM main_rows LIMIT {SAMPLE_ROWS}").fetchall()
    by_column = zip(*rows, strict=True) if rows else ((),) * len(columns.names)
    samples = [
        Sample(name, tuple(value for value in values if value))
        for name, values in zip(columns.names, by_column, strict=True)
    ]
    lines = [f"# of the workbook, its sheet {comment(sheet)}"] if sheet else []
    lines += [f"encoding = {quoted(encoding)}  # confidence: medium"] if encoding else []
    if above and shape.format == "csv":
        lines.append(f"skip_lines = {above}  # confidence: medium; these stand above the header")
    if shape.format == "csv" and shape.delimiter != ",":
        lines.append(f"delimiter = {quoted(shape.delimiter)}  # confidence: high")
    ways = (way(samples, source, lines, own) for way in (draft_known, draft_statement, draft))
    return next(text for text in ways if text is not None)
