"""Arrow tables in and out: checked against the canonical schema, packed for the inbox, cut to size.

A packed table is an Arrow IPC stream compressed as one Zstandard frame. Compressing the whole stream
takes 0.09 ms for 100 documents, where compressing each of its 150 buffers takes 0.6 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.ledger.seen import Mask
from tallystick.evidence.ledger import EvidenceError, Snapshot
from tallystick.evidence.schema import STORED, STORED_PARTY

CHUNK_ROWS: Final = 122_880
"""Rows handled at once, and rows of a Parquet row group."""

ARROW: Final = ".arrow"

Source: TypeAlias = pa.Table | Sequence[Path]
Place: TypeAlias = tuple[str | None, int | None]
"""Source and row of a document."""


def pack(table: pa.Table) -> bytes:
    """A table as compressed bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    raw: bytes = pa.compress(sink.getvalue(), "zstd", asbytes=True)
    return raw


def unpack(raw: bytes) -> pa.Table:
    """The inverse of `pack`."""
    with pa.CompressedInputStream(pa.BufferReader(raw), "zstd") as packed:
        return pa.ipc.open_stream(packed).read_all()


def conform(table: pa.Table, schema: pa.Schema, what: str, may_lack: bool = False) -> pa.Table:
    """The table with exactly the columns of the schema; `EvidenceError` where it cannot be so. With
    `may_lack`, columns that are not there and may be null are filled with nulls."""
    if table.schema.equals(schema):
        return table
    absent = [field for field in schema if field.name not in table.column_names]
    missing = [field.name for field in absent if not (field.nullable and may_lack)]
    if missing:
        raise EvidenceError(
            f"The {what} of this batch have no column {', '.join(missing)}: "
            "the reader must write all columns of the canonical schema."
        )
    for field in absent:
        table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    try:
        return table.select(schema.names).cast(schema)
    except (pa.ArrowException, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise EvidenceError(
            f"The {what} of this batch do not fit the canonical schema ({reason}): "
            "the reader must write its types."
        ) from error


def count_rows(source: Source) -> int:
    """Rows of a table, or of files without reading their columns."""
    if isinstance(source, pa.Table):
        return int(source.num_rows)
    return sum(_rows_of(path) for path in source)


def _rows_of(path: Path) -> int:
    if path.suffix != ARROW:
        return int(pq.read_metadata(path).num_rows)
    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file)
        return sum(reader.get_batch(n).num_rows for n in range(reader.num_record_batches))


def chunks(source: Source, schema: pa.Schema, what: str) -> Iterator[pa.Table]:
    """The rows in tables of at most `CHUNK_ROWS`, checked against the schema."""
    if isinstance(source, pa.Table):
        table = conform(source, schema, what)
        for start in range(0, table.num_rows, CHUNK_ROWS):
            yield table.slice(start, CHUNK_ROWS)
        return
    for path in source:
        for batch in _batches(path):
            yield conform(pa.Table.from_batches([batch]), schema, what, path.suffix == ARROW)


def _batches(path: Path, names: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    if path.suffix != ARROW:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=CHUNK_ROWS, columns=names)
        return
    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file)
        for n in range(reader.num_record_batches):
            batch = reader.get_batch(n)
            if names is not None:
                batch = batch.select([name for name in names if name in batch.schema.names])
            yield from (batch.slice(at, CHUNK_ROWS) for at in range(0, batch.num_rows, CHUNK_ROWS))


def some_columns(source: Source, schema: pa.Schema, names: Sequence[str]) -> Iterator[pa.Table]:
    """The rows in tables of those columns alone, without reading any other."""
    wanted = pa.schema([schema.field(name) for name in names])
    if isinstance(source, pa.Table):
        yield conform(source.select(names), wanted, "columns")
        return
    for path in source:
        for batch in _batches(path, names):
            yield conform(pa.Table.from_batches([batch]), wanted, "columns", path.suffix == ARROW)


def some_documents(
    snapshot: Snapshot, columns: Sequence[str], where: pc.Expression
) -> list[pa.Table]:
    """Columns of the documents of a snapshot for which `where` holds, without reading any other."""
    return _some(snapshot.inbox_documents, snapshot.documents, columns, where)


def some_parties(
    snapshot: Snapshot, columns: Sequence[str], where: pc.Expression
) -> list[pa.Table]:
    """As `some_documents`, of the descriptions of parties."""
    return _some(snapshot.inbox_parties, snapshot.parties, columns, where)


def _some(
    inbox: pa.Table, files: Sequence[Path], columns: Sequence[str], where: pc.Expression
) -> list[pa.Table]:
    tables = [inbox.filter(where).select(columns)]
    if files:
        tables.append(pq.read_table(list(files), columns=list(columns), filters=where))
    return tables


def whole(source: Source, schema: pa.Schema, what: str) -> pa.Table:
    """All rows as one table."""
    if isinstance(source, pa.Table):
        return conform(source, schema, what)
    return pa.concat_tables([schema.empty_table(), *chunks(source, schema, what)])


def coalesce(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in order, in tables of `CHUNK_ROWS` (the last one may be shorter)."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        if rows >= CHUNK_ROWS:
            joined = pa.concat_tables(waiting)
            full = rows - rows % CHUNK_ROWS
            yield from (joined.slice(at, CHUNK_ROWS) for at in range(0, full, CHUNK_ROWS))
            waiting, rows = [joined.slice(full)], rows - full
    if rows:
        yield pa.concat_tables(waiting)


def stored_documents(table: pa.Table, version: int, duplicate: Mask) -> pa.Table:
    """Documents as the ledger keeps them (schema STORED)."""
    columns = [*table.columns, _versions(table, version), pa.array(duplicate)]
    return pa.table(columns, schema=STORED)


def stored_parties(table: pa.Table, version: int) -> pa.Table:
    """Party descriptions as the ledger keeps them (schema STORED_PARTY)."""
    return pa.table([*table.columns, _versions(table, version)], schema=STORED_PARTY)


def _versions(table: pa.Table, version: int) -> pa.Array:
    return pa.array(np.full(table.num_rows, version, dtype=np.int64))


def held_places(rejects: pa.Table) -> set[Place]:
    """Source and row of the documents that are held."""
    held = [outcome == "held" for outcome in rejects["outcome"].to_pylist()]
    rows = zip(held, rejects["source"].to_pylist(), rejects["row"].to_pylist(), strict=True)
    return {(source, row) for is_held, source, row in rows if is_held}


def places(table: pa.Table, mask: Mask) -> set[Place]:
    """Source and row of the documents that the mask marks."""
    some = table.select(["source", "row"]).filter(pa.array(mask))
    return set(zip(some["source"].to_pylist(), some["row"].to_pylist(), strict=True))
