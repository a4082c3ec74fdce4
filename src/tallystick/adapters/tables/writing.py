"""Documents as Arrow files in the staging folder, and out of them those that stand twice.

Idea: staged documents are written once and read once, soon after. Arrow's own file format is a copy of
the columns as they are in memory: it costs a third of what Parquet costs to write, and next to nothing
to read. Columns that no row gives are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from numpy.typing import NDArray

from tallystick.evidence.schema import DOCUMENT

BATCH: Final = 122_880
PART_BYTES: Final = 1 << 32
"""Bytes of documents whose digests are sorted at once: some twenty million documents."""
_ODD: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)


Broken = list[tuple[int, int, str | None, str | None]]
"""Row, code, value and kind of the rows that break a rule."""


def write_documents(
    con: duckdb.DuckDBPyConnection, query: str, path: Path, number: bool
) -> tuple[int, Broken]:
    """Write the rows of `DocumentSql.all_rows`, but for those that break a rule. With `number` they have
    no row number yet, and get one as they come.

    Returns how many rows there were, and the broken ones in their order. Rows are sorted out here and not
    by the engine, which would move the condition down to the file and work out each date twice.
    """
    reader = con.sql(query).to_arrow_reader(BATCH)
    names = [name for name in reader.schema.names if name in DOCUMENT.names]
    schema = pa.schema([DOCUMENT.field(name) for name in names])
    broken: Broken = []
    rows = 0

    def good() -> Iterator[pa.RecordBatch]:
        nonlocal rows
        for batch in reader:
            if number:
                places = pa.array(np.arange(rows + 1, rows + batch.num_rows + 1))
                batch = batch.set_column(batch.schema.get_field_index("row"), "row", places)
            rows += batch.num_rows
            bad = pc.greater(batch["code"], 0)
            if pc.any(bad).as_py():
                told = batch.filter(bad).select(["row", "code", "value", "t_kind"])
                broken.extend(tuple(one.values()) for one in told.to_pylist())
                batch = batch.filter(pc.invert(bad))
            yield batch.select(names)

    with (
        reader
    ):  # a result that is left open, when the disk is full say, would block the connection
        _write(good(), schema, path)
    return rows, sorted(broken, key=lambda one: one[0])


def drop_repeats(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> int:
    """Keep the first, by file and row, of documents that stand twice; returns how many were dropped.
    Files are written again only where there are any."""
    if not _may_repeat(files):
        return 0
    con.register("staged", ds.dataset([str(file) for file in files], format="ipc"))
    con.execute(
        "CREATE TABLE suspects AS SELECT hash(doc_id) AS h FROM staged GROUP BY 1 HAVING count(*) > 1"
    )
    con.unregister("staged")
    con.execute("CREATE TABLE twice (file INTEGER, doc_id VARCHAR, row BIGINT)")
    for n, file in enumerate(files):
        con.register("staged", ds.dataset(str(file), format="ipc"))
        con.execute(
            f"INSERT INTO twice SELECT {n}, doc_id, row FROM staged "
            "WHERE hash(doc_id) IN (SELECT h FROM suspects)"
        )
        con.unregister("staged")
    nth = "row_number() OVER (PARTITION BY doc_id ORDER BY file, row)"
    con.execute(
        f"CREATE TABLE repeats AS SELECT file, row FROM (SELECT *, {nth} AS nth FROM twice) WHERE nth > 1"
    )
    for n, file in enumerate(files):
        rows = con.sql(f"SELECT row FROM repeats WHERE file = {n}").to_arrow_table()["row"]
        if len(rows):
            _leave_out(file, rows.combine_chunks())
    return int(con.execute("SELECT count(*) FROM repeats").fetchall()[0][0])


def _may_repeat(files: Sequence[Path]) -> bool:
    """Whether two documents have equal digests; now and then True where none have. The digests are taken
    in parts by their remainder, so that memory is bounded."""
    parts = 1 + sum(file.stat().st_size for file in files) // PART_BYTES
    for part in range(parts):
        chosen = [keys[keys % parts == part] if parts > 1 else keys for keys in _keys(files)]
        found = np.sort(np.concatenate([np.zeros(0, np.uint64), *chosen]))
        if bool((found[1:] == found[:-1]).any()):
            return True
    return False


def _keys(files: Sequence[Path]) -> Iterator[NDArray[np.uint64]]:
    """The 32 letters of each `doc_id` as one number."""
    for file in files:
        with pa.memory_map(str(file)) as source:
            reader = pa.ipc.open_file(source)
            for n in range(reader.num_record_batches):
                names = reader.get_batch(n)["doc_id"]
                start = int.from_bytes(names.buffers()[1][:4].to_pybytes(), "little")
                letters = names.buffers()[2][start : start + 32 * len(names)]
                words = np.frombuffer(letters, np.uint64).reshape(-1, 4)
                yield (words * _ODD).sum(axis=1, dtype=np.uint64)


def _leave_out(file: Path, rows: pa.Array) -> None:
    """Write a file again without those rows."""
    kept = file.with_suffix(".kept")
    with pa.OSFile(str(file)) as source:
        reader = pa.ipc.open_file(source)
        batches = (reader.get_batch(n) for n in range(reader.num_record_batches))
        some = (
            batch.filter(pc.invert(pc.is_in(batch["row"], value_set=rows))) for batch in batches
        )
        _write(some, reader.schema, kept)
    kept.replace(file)


def _write(batches: Iterator[pa.RecordBatch], schema: pa.Schema, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, schema) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
