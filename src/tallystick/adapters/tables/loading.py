"""From a plain file to the table `raw`: text columns `c0`, `c1` ... and the number of each row.

Idea: every cell is loaded as text, because the mapping knows better than a sniffer what it means. A row
that cannot be read (ragged, too long, broken quotes, bytes of another encoding) is set aside with its
number and never stops the others. Rows count from 1 after the header.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from tallystick.adapters.tables.edges import has_plain_edges
from tallystick.adapters.tables.opening import CHUNK, Opened, lines_of
from tallystick.evidence.formats.mapping import Read
from tallystick.evidence.formats.table_values import Columns, literal
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.said import Reject
from tallystick.evidence.sentences import say

DELIMITERS: Final = ",;\t|"
MAX_ROW_BYTES: Final = 2_000_000
_JSON: Final = "\x01"
_TYPED: Final = {
    "DATE": "DATE",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT"), "BIGINT"),
}
_UNEVEN: Final = "state machine reached an invalid state"
_KNOWN_ERRORS: Final = {
    "MISSING COLUMNS": "row-ragged",
    "TOO MANY COLUMNS": "row-ragged",
    "LINE SIZE OVER MAXIMUM": "row-too-long",
    "INVALID ENCODING": "row-not-text",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written, as far as it was found out: `format`, `delimiter`, and the header."""

    format: str
    delimiter: str
    header: tuple[str, ...]
    skip: int


def shape_of(path: Path, opened: Opened, read: Read) -> Shape:
    """Find out format, delimiter and header of an opened file; what `read` says is not guessed."""
    name = path.name.lower().removesuffix(".gz")
    given = read.format or {".jsonl": "jsonl", ".ndjson": "jsonl", ".tsv": "tsv"}.get(
        Path(name).suffix, "csv"
    )
    if opened.parquet:
        return Shape("parquet", "", (), 0)
    if given == "parquet":
        raise EvidenceError(say("parquet-claimed", name=path.name))
    if given == "jsonl":
        return Shape("jsonl", "", (), read.skip_lines)
    with opened.path.open("rb") as file:
        lines_of(file, read.skip_lines)
        sample = file.read(CHUNK).decode("utf-8", errors="replace")
    delimiter = read.delimiter or ("\t" if given == "tsv" else find_delimiter(sample, read.quote))
    if read.header is not None:
        return Shape("csv", delimiter, read.header, read.skip_lines)
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quotechar=read.quote)
    try:
        header = next(reader, [])
    except csv.Error:
        raise EvidenceError(say("header-unreadable", name=path.name)) from None
    if not any(cell.strip() for cell in header):
        raise EvidenceError(say("header-none", name=path.name))
    return Shape("csv", delimiter, tuple(cell.strip() for cell in header), read.skip_lines)


def find_delimiter(sample: str, quote: str = '"') -> str:
    """The mark that cuts the first line into most cells; a comma where none does.

    >>> find_delimiter('a;"b,c,d,e";f')
    ';'
    """
    first = sample.splitlines()[0] if sample.splitlines() else ""
    bare = "".join(first.split(quote)[::2]) if quote else first
    return max(DELIMITERS, key=lambda mark: (bare.count(mark), mark == ","))


def name_columns(header: Sequence[str], prefix: str = "c") -> Columns:
    """Header -> column names; a name that stands twice is told apart as `name#1`, `name#2`."""
    counts = Counter(header)
    seen: Counter[str] = Counter()
    names: dict[str, str] = {}
    for n, name in enumerate(header):
        seen[name] += 1
        names[name if counts[name] == 1 else f"{name}#{seen[name]}"] = f"{prefix}{n}"
    return Columns(names, (name for name, count in counts.items() if count > 1))


class Loader:
    """Loads one file into a table of a DuckDB connection. `rejects`: the rows set aside."""

    def __init__(self, con: duckdb.DuckDBPyConnection, source: str, folder: Path) -> None:
        self.con, self.source, self.folder = con, source, folder
        self.rejects: list[Reject] = []

    def csv(
        self, table: str, opened: Opened, shape: Shape, read: Read, stream: bool = False
    ) -> Columns:
        """Load a CSV or TSV. The reader is told everything: nothing is guessed from content. With
        `stream` it is not loaded but read anew by every query."""
        types = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(shape.header)))
        quote = literal(read.quote)
        nulls = ", ".join(literal(text) for text in dict.fromkeys(("", *read.null)))
        options = (
            f"auto_detect=false, header={str(read.header is None).lower()}, "
            f"delim={literal(shape.delimiter)}, quote={quote}, escape={quote}, "
            f"nullstr=[{nulls}], columns={{{types}}}, max_line_size={MAX_ROW_BYTES}, "
            f"store_rejects=true, rejects_table='{table}_errors', rejects_scan='{table}_scans'"
        )
        columns = name_columns(shape.header)
        path = below(opened.path, shape.skip, self.folder)
        if has_plain_edges(path, shape.delimiter, read.quote):
            columns.plain = frozenset(columns.names.values())
        if stream:
            self.con.execute(f"CREATE VIEW {table}_rows AS {_read_csv(path, options)}")
            return columns
        try:
            self._load(table, _read_csv(path, options))
        except duckdb.InvalidInputException:  # lines that end now in CR LF, now in LF
            even = even_lines(path, self.folder)
            self._load(table, _read_csv(even, options))
            even.unlink()
        self._csv_rejects(table, len(shape.header))
        return columns

    def _load(self, table: str, query: str) -> None:
        try:
            self.con.execute(f"CREATE TABLE {table}_rows AS {query}")
        except duckdb.InvalidInputException as error:
            if _UNEVEN in str(error):
                raise
            raise EvidenceError(
                say("unreadable", name=self.source, why=_first_line(error))
            ) from None
        except duckdb.Error as error:
            raise EvidenceError(
                say("unreadable", name=self.source, why=_first_line(error))
            ) from None

    def set_aside(self, table: str) -> bool:
        """Whether any row that was read so far could not be."""
        try:
            found = self.con.execute(f"SELECT 1 FROM temp.{table}_errors LIMIT 1").fetchall()
        except duckdb.CatalogException:  # no query has read the file yet
            return False
        return bool(found)

    def _csv_rejects(self, table: str, width: int) -> None:
        errors = self.con.execute(
            f"SELECT line - 1, min_by(error_type::VARCHAR, coalesce(column_idx, 0)), "
            f"min_by(error_message, coalesce(column_idx, 0)) FROM {table}_errors GROUP BY line ORDER BY line"
        ).fetchall()
        for row, error, message in errors:
            found = message.rsplit("Found: ", 1)[-1] if "Found: " in message else message
            self.rejects.append(
                read_reject(
                    self.source,
                    row,
                    _KNOWN_ERRORS.get(error, "row-unreadable"),
                    found.splitlines()[0][:80],
                    str(width),
                )
            )
        self.con.execute(f"CREATE TABLE {table}_gaps (place BIGINT, shift BIGINT)")
        if errors:
            # rows set aside one after the other leave one gap, as wide as they are many
            gaps = {row - 1 - n: n + 1 for n, (row, _, _) in enumerate(errors)}
            self.con.register("gap_rows", pa.table([[*gaps], [*gaps.values()]], names=["a", "b"]))
            self.con.execute(f"INSERT INTO {table}_gaps SELECT * FROM gap_rows")
            self.con.unregister("gap_rows")

    def number_rows(self, table: str, has_gaps: bool) -> str:
        """SQL of the loaded rows with `row_no`, rows that were set aside being counted."""
        if not has_gaps:
            return f"SELECT rowid + 1 AS row_no, * FROM {table}_rows"
        return (
            f"SELECT r.rowid + 1 + coalesce(g.shift, 0) AS row_no, r.* FROM {table}_rows AS r "
            f"ASOF LEFT JOIN {table}_gaps AS g ON r.rowid >= g.place"
        )

    def jsonl(self, table: str, opened: Opened, wanted: Sequence[str], skip: int) -> Columns:
        """Load the wanted keys of JSON Lines; `a.b` reaches into an object."""
        options = (
            f"auto_detect=false, header=false, delim='{_JSON}', quote='', escape='', "
            f"columns={{'line': 'VARCHAR'}}, max_line_size={MAX_ROW_BYTES}, store_rejects=true, "
            f"rejects_table='{table}_errors', rejects_scan='{table}_scans'"
        )
        path = below(opened.path, skip, self.folder)
        self._load(f"{table}_line", _read_csv(path, options))
        numbered = f"SELECT rowid + 1 AS row_no, line FROM {table}_line_rows WHERE line IS NOT NULL"
        good = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END"
        broken = self.con.execute(
            f"SELECT row_no, left(line, 80) FROM ({numbered}) WHERE NOT {good} ORDER BY row_no"
        ).fetchall()
        self.rejects += [read_reject(self.source, n, "json-broken", text) for n, text in broken]
        self._csv_rejects(table, 1)
        paths = ", ".join(literal(_json_path(name)) for name in wanted)
        cells = ", ".join(f"nullif(cells[{n}], '') AS c{n - 1}" for n in range(1, len(wanted) + 1))
        self.con.execute(
            f"CREATE TABLE {table}_rows AS SELECT row_no, {cells} FROM (SELECT row_no, "
            f"json_extract_string(line, [{paths}]) AS cells FROM ({numbered}) WHERE {good})"
        )
        self.con.execute(f"DROP TABLE {table}_line_rows")
        return name_columns(wanted)

    def parquet(self, table: str, opened: Opened) -> Columns:
        """Make a Parquet file readable: dates, moments and integers as they are, the rest as text."""
        read = f"read_parquet({literal(str(opened.path))}, file_row_number=true)"
        try:
            described = self.con.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()
        except duckdb.Error as error:
            raise EvidenceError(
                say("unreadable", name=self.source, why=_first_line(error))
            ) from None
        described = [row for row in described if row[0] != "file_row_number"]
        header = [row[0] for row in described]
        kinds = [_TYPED.get(row[1], "VARCHAR") for row in described]
        cells = ", ".join(
            f'CAST("{name.replace(chr(34), chr(34) * 2)}" AS {kinds[n]}) AS c{n}'
            for n, name in enumerate(header)
        )
        self.con.execute(
            f"CREATE VIEW {table}_rows AS SELECT file_row_number + 1 AS row_no, {cells} FROM {read}"
        )
        columns = name_columns(header)
        columns.typed = {f"c{n}": kind for n, kind in enumerate(kinds) if kind != "VARCHAR"}
        return columns


def _read_csv(path: Path, options: str) -> str:
    return f"SELECT * FROM read_csv({literal(str(path))}, {options})"


def below(path: Path, skip: int, folder: Path) -> Path:
    """The file without its first lines. The engine's own way to skip some loses all rows, without a word, where
    these lines end in LF and the others in CR LF."""
    if not skip:
        return path
    rest = folder / f"{path.name}.below"
    with path.open("rb") as source, rest.open("wb") as out:
        lines_of(source, skip)
        shutil.copyfileobj(source, out, CHUNK)
    return rest


def even_lines(path: Path, folder: Path) -> Path:
    """A copy in which every line ends in LF."""
    even = folder / f"{path.name}.even"
    with path.open("rb") as source, even.open("wb") as out:
        held = b""
        while chunk := source.read(CHUNK):
            chunk = held + chunk
            held = b"\r" if chunk.endswith(b"\r") else b""  # its LF may come with the next chunk
            out.write(chunk.removesuffix(held).replace(b"\r\n", b"\n"))
        out.write(held)
    return even


def json_keys(opened: Opened, lines: int = 1000) -> list[str]:
    """Keys that the first lines of JSON Lines hold, in order of appearance; nested ones as `a.b`."""
    import json

    keys: dict[str, None] = {}

    def walk(value: Any, path: str) -> None:
        for key, inner in value.items():
            name = f"{path}{key}"
            if isinstance(inner, dict):
                walk(inner, f"{name}.")
            else:
                keys[name] = None

    with opened.path.open("rb") as file:
        for line in lines_of(file, lines):
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                walk(value, "")
    return list(keys)


def _json_path(name: str) -> str:
    return "$." + ".".join('"' + part.replace('"', '\\"') + '"' for part in name.split("."))


def read_reject(source: str, row: int, rule: str, value: str = "", allowed: str = "") -> Reject:
    """A row that could not be read, in the words of its rule."""
    from tallystick.evidence.formats.table_rules import READ_RULES

    words = {"value": value, "allowed": allowed, "field": "", "kind": ""}
    found = READ_RULES[rule]
    return Reject(
        source, row, None, rule, found.message.format(**words), found.fix.format(**words), value
    )


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].split("Error: ", 1)[-1]
