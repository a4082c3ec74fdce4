"""Linking of files: tables read, records named, clusters and pairs written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.adapters.export import ending_of, write_table
from tallystick.adapters.linking.linking import Linked, Step, link
from tallystick.adapters.linking.measure import Quality, measure
from tallystick.adapters.linking.model import ModelError

READ: Final = (".csv", ".tsv", ".parquet")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What linking of files came to. `together`: records that share their cluster with another; `quality`:
    against a column that tells the truth, where one was named."""

    records: pa.Table
    pairs: pa.Table
    clusters: int
    together: int
    model: str
    fields: tuple[str, ...]
    quality: Quality | None


def link_files(
    paths: Sequence[Path],
    model: str,
    out: Path | None = None,
    pairs_out: Path | None = None,
    columns: Mapping[str, str] | None = None,
    id_column: str | None = None,
    truth: str | None = None,
    progress: Step = lambda _what, _done, _total: None,
) -> Outcome:
    """Link the records of one file or of two, and write them with their cluster to `out`, and the pairs with
    their evidence to `pairs_out`. Raises `ModelError` or `EvidenceError`."""
    for target in (out, pairs_out):
        if target is not None:
            ending_of(target)
    tables = [read_table(path) for path in paths]
    names = [path.name for path in paths]
    ids = [_ids(*one, id_column) for one in zip(names, tables, strict=True)]
    right = [_column(*one, truth) for one in zip(names, tables, strict=True)] if truth else None
    found = link(tables, model, columns, ids, names, progress)
    labels = _labels(ids)
    records = _records(tables, found, labels)
    pairs = _pairs(found, labels)
    for target, table in ((out, records), (pairs_out, pairs)):
        if target is not None:
            write_table(table, target)
    sizes = pa.array(found.clusters).value_counts().field("counts").to_pylist()
    quality = measure(found.clusters, [v for side in right for v in side]) if right else None
    fields = tuple(f.name for f in found.model.fields)
    together = sum(n for n in sizes if n > 1)
    return Outcome(records, pairs, len(sizes), together, found.model.name, fields, quality)


def read_table(path: Path) -> pa.Table:
    """A CSV, TSV (each also with .gz) or Parquet file; every cell of a text file is text."""
    if not path.is_file():
        raise ModelError(f"there is no file {path}")
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith(READ):
        raise ModelError(f"{path}: its ending is none of {', '.join(READ)}; convert or rename it")
    try:
        if name.endswith(".parquet"):
            return pq.read_table(path)
        with duckdb.connect() as con:
            rows = con.read_csv(
                str(path), header=True, all_varchar=True, sep="\t" if name.endswith(".tsv") else ","
            )
            return rows.to_arrow_table()
    except pa.ArrowInvalid as error:
        raise ModelError(f"{path}: not Parquet: {error}") from None
    except duckdb.Error as error:
        raise ModelError(_csv_trouble(path, str(error))) from None


def _csv_trouble(path: Path, text: str) -> str:
    line = re.search(r"Line: (\d+)", text)
    where = f", line {line[1]}" if line else ""
    columns = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if columns:
        return (
            f"{path}{where}: {columns[2]} cells where the header has {columns[1]}; mend that line"
        )
    return f"{path}{where}: not a table that can be read: {text.splitlines()[0]}"


def _column(name: str, table: pa.Table, column: str) -> list[Any]:
    if column not in table.column_names:
        raise ModelError(
            f"{name}: there is no column {column}; there are {', '.join(table.column_names)}"
        )
    return list(table[column].to_pylist())


def _ids(name: str, table: pa.Table, column: str | None) -> list[str]:
    """What names each record: a column of distinct values, else the number of the row."""
    if column is None:
        width = len(str(table.num_rows))
        return [str(n).zfill(width) for n in range(1, table.num_rows + 1)]
    first: dict[str, int] = {}
    for row, value in enumerate(_column(name, table, column), 1):
        if value is None:
            raise ModelError(f"{name}, row {row}: {column} is empty; every record needs its own")
        if str(value) in first:
            raise ModelError(
                f"{name}, row {row}: {column} {value} stands in row {first[str(value)]} too; "
                "name a column of distinct values with --id"
            )
        first[str(value)] = row
    return list(first)


def _labels(ids: list[list[str]]) -> list[str]:
    """The name of each record over all tables."""
    if len(ids) == 1:
        return ids[0]
    return [f"{side}:{key}" for side, keys in enumerate(ids, 1) for key in keys]


def _records(tables: list[pa.Table], found: Linked, labels: list[str]) -> pa.Table:
    """The records with their cluster before their own columns."""
    head = {"record": labels, "linked": [labels[number] for number in found.clusters]}
    rows = tables[0]
    if len(tables) == 2:
        texts = [t.cast(pa.schema([(c, pa.string()) for c in t.column_names])) for t in tables]
        rows = pa.concat_tables(texts, promote_options="default")
    taken = [c for c in rows.column_names if c not in head]
    return pa.table({**head, **{c: rows[c] for c in taken}})


def _pairs(found: Linked, labels: list[str]) -> pa.Table:
    ends = {c: [labels[n] for n in found.pairs[c].to_pylist()] for c in ("left", "right")}
    return pa.table({**{c: found.pairs[c] for c in found.pairs.column_names}, **ends})
