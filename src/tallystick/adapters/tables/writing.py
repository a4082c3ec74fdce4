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
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from tallystick.evidence.schema import DOCUMENT

BATCH: Final = 122_880


def write_documents(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write the rows of a query, whose columns are some of the schema DOCUMENT; returns how many."""
    reader = con.sql(query).to_arrow_reader(BATCH)
    return _write(reader, pa.schema([DOCUMENT.field(name) for name in reader.schema.names]), path)


def drop_repeats(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> int:
    """Keep the first, by file and row, of documents that stand twice; returns how many were dropped.
    Files are written again only where there are any."""
    con.register("staged", ds.dataset([str(file) for file in files], format="ipc"))
    con.execute(
        "CREATE TABLE suspects AS SELECT hash(doc_id) AS h FROM staged GROUP BY 1 HAVING count(*) > 1"
    )
    con.unregister("staged")
    if not con.execute("SELECT count(*) FROM suspects").fetchall()[0][0]:
        return 0
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


def _write(batches: Iterator[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    rows = 0
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, schema) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
            rows += batch.num_rows
    return rows
