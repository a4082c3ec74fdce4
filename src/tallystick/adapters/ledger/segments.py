"""Sealed segments: immutable Parquet files named by their content, few whatever the number of batches.

A segment of documents has the index of its digests beside it (see `seen`). Each time the inbox is
sealed, segments not much larger than what is sealed are merged into it, so that sizes grow
geometrically up to `SEGMENT_ROWS`: a book of n documents has about n / 1,000,000 segments and a handful more.

Worked example: seals of 50,000 documents give segments of 50,000; then 100,000 (the first is merged in);
then 150,000 ...; a large one is left alone until what is sealed has grown to half its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.adapters.ledger.durable import name_partial, write_partial, write_whole
from tallystick.adapters.ledger.manifest import Segment
from tallystick.adapters.ledger.seen import Keys, Versions, keys_of, sidecar, sort_index
from tallystick.adapters.ledger.tables import CHUNK_ROWS, coalesce
from tallystick.evidence.schema import STORED, STORED_PARTY

SEGMENT_ROWS: Final = 1_000_000
"""Rows of a full segment. Bounds the memory that sorting its index needs (24 bytes a row) and the time
of a merge."""

DOCUMENTS: Final = "documents"
PARTIES: Final = "parties"
_SCHEMAS: Final = {DOCUMENTS: STORED, PARTIES: STORED_PARTY}

_UNIQUE: Final = {"doc_id", "number", "note", "row", "name", "name_key", "ref", "party"}
"""Columns whose values seldom repeat: a dictionary would be built in vain."""


def dictionary_columns(schema: pa.Schema) -> list[str]:
    """Columns that are worth a dictionary: codes and names that repeat, not numbers and keys."""
    return [f.name for f in schema if pa.types.is_string(f.type) and f.name not in _UNIQUE]


def to_merge(segments: Iterable[Segment], rows: int) -> list[Segment]:
    """Segments to merge with `rows` rows that are about to be sealed, in their given order."""
    given = list(segments)
    chosen: set[str] = set()
    for segment in sorted(given, key=lambda s: s.rows):
        if segment.rows <= 2 * rows and segment.rows + rows <= SEGMENT_ROWS:
            chosen.add(segment.file)
            rows += segment.rows
    return [segment for segment in given if segment.file in chosen]


class Segments:
    """The folder of sealed files. It knows nothing of which of them count: the manifest does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, segment: Segment) -> Path:
        """Where a segment lies."""
        return self._folder / segment.file

    def write(self, kind: str, tables: Iterable[pa.Table]) -> list[Segment]:
        """Write rows as durable segments of about `SEGMENT_ROWS`; on an error none of them is left."""
        source = coalesce(tables)
        written: list[Segment] = []
        try:
            while (first := next(source, None)) is not None:
                written.append(self._write_one(kind, _take(first, source)))
        except BaseException:
            self.discard(written)
            raise
        return written

    def _write_one(self, kind: str, tables: Iterator[pa.Table]) -> Segment:
        keys: list[Keys] = []
        versions: list[Versions] = []

        def fill(file: BinaryIO) -> None:
            with _writer(file, _SCHEMAS[kind]) as writer:
                for table in tables:
                    writer.write_table(table, row_group_size=CHUNK_ROWS)
                    versions.append(table["version"].to_numpy().astype(np.uint64))
                    if kind == DOCUMENTS:
                        keys.append(keys_of(table["doc_id"]))

        partial = write_partial(self._folder, fill)
        try:
            with partial.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            path = self._folder / f"{kind}-{sha256[:20]}.parquet"
            of_rows = np.concatenate(versions)
            if kind == DOCUMENTS:
                index = sort_index(np.concatenate(keys, axis=1), of_rows)
                write_whole(sidecar(path), lambda file: np.save(file, index))
            name_partial(partial, path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        first, last = int(of_rows.min()), int(of_rows.max())
        return Segment(path.name, kind, sha256, first, last, of_rows.size)

    def tables(self, segment: Segment) -> Iterator[pa.Table]:
        """The rows of a segment, in tables of at most `CHUNK_ROWS`."""
        with pq.ParquetFile(self.path(segment)) as file:
            for batch in file.iter_batches(batch_size=CHUNK_ROWS):
                yield pa.Table.from_batches([batch], schema=_SCHEMAS[segment.kind])

    def discard(self, segments: Iterable[Segment]) -> None:
        """Remove files that the manifest never named."""
        for segment in segments:
            for path in (self.path(segment), sidecar(self.path(segment))):
                with suppress(OSError):
                    path.unlink()

    def sweep(self, keep: set[str]) -> int:
        """Remove all files but those; returns how many."""
        kept = keep | {sidecar(Path(file)).name for file in keep}
        lost = [path for path in self._folder.iterdir() if path.name not in kept]
        for path in lost:
            path.unlink(missing_ok=True)
        return len(lost)


def _writer(file: BinaryIO, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=dictionary_columns(schema),
    )


def _take(first: pa.Table, rest: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """`first` and as many of the next tables as make a full segment."""
    rows, table = 0, first
    while table is not None:
        yield table
        rows += table.num_rows
        table = next(rest, None) if rows < SEGMENT_ROWS else None


def with_rows_of(segments: Iterable[Segment], live: Iterable[int]) -> list[Segment]:
    """Segments that may hold a row of one of these versions."""
    versions = np.array(sorted(live), dtype=np.int64)
    return [
        s
        for s in segments
        if np.searchsorted(versions, s.version_first)
        < np.searchsorted(versions, s.version_last, side="right")
    ]
