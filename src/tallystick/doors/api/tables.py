"""Tables for others: CSV that no spreadsheet runs, JSON Lines and Parquet, written as they are read.

>>> harmless("=1+1"), harmless(-5), harmless("Li & Co")
("'=1+1", -5, 'Li & Co')
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
"""Ending of an export -> its media type."""

_FORMULA: Final = "=+-@\t\r\n＝＋－＠"
"""How a cell begins that a spreadsheet may take for a formula, full-width signs included."""


def harmless(value: Any) -> Any:
    """A cell that a spreadsheet shows instead of running it."""
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] and value[0] in _FORMULA:
        return "'" + value
    return value


def harmless_columns(table: pa.Table) -> pa.Table:
    """The same for whole columns of text; lists become JSON."""
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_list(field.type) or pa.types.is_struct(field.type):
            texts = [
                None if v is None else json.dumps(v, ensure_ascii=False) for v in column.to_pylist()
            ]
            column = pa.chunked_array([pa.array(texts, pa.string())])
        if pa.types.is_string(column.type):
            risky = pc.is_in(pc.utf8_slice_codeunits(column, 0, 1), pa.array(list(_FORMULA)))
            column = pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
            table = table.set_column(place, field.name, column)
    return table


def safe_csv(rows: Sequence[dict[str, Any]], first: Sequence[str]) -> str:
    """Rows as CSV, the columns `first` before the others."""
    names = [*first, *sorted({name for row in rows for name in row} - set(first))]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow([harmless(row.get(name)) for name in names])
    return out.getvalue()


def streamed(parts: Iterable[pa.Table], schema: pa.Schema, ending: str) -> Iterator[bytes]:
    """Tables of one schema as the bytes of one file, part by part."""
    if ending == "parquet":
        yield from _parquet(parts, schema)
        return
    if ending == "csv":
        yield (",".join(schema.names) + "\r\n").encode()
    for part in parts:
        for some in part.to_batches(max_chunksize=10_000):
            yield _csv(some) if ending == "csv" else _lines(some)


def _csv(batch: pa.RecordBatch) -> bytes:
    out = pa.BufferOutputStream()
    options = pcsv.WriteOptions(include_header=False, quoting_style="needed")
    pcsv.write_csv(harmless_columns(pa.Table.from_batches([batch])), out, options)
    return bytes(out.getvalue().to_pybytes())


def _lines(batch: pa.RecordBatch) -> bytes:
    rows = batch.to_pylist()
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows).encode()


class _Drain(io.RawIOBase):
    """A file that is given away as it is written."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, data: Any) -> int:
        held = bytes(data)
        self._held.append(held)
        self._place += len(held)
        return len(held)

    def take(self) -> bytes:
        """What was written since the last time."""
        held, self._held = b"".join(self._held), []
        return held


def _parquet(parts: Iterable[pa.Table], schema: pa.Schema) -> Iterator[bytes]:
    drain = _Drain()
    with pq.ParquetWriter(pa.PythonFile(drain, mode="w"), schema, compression="zstd") as writer:
        for part in parts:
            if len(part):
                writer.write_table(part)
                yield drain.take()
    yield drain.take()
