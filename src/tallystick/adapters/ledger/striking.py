"""Which documents of a book are struck, found without reading what is not asked for.

A book without an operator's batch has none, which one look at the manifest tells. Where there are such batches,
their rows alone are read; where one of them strikes, the struck documents are looked up by their digests. What
was found is kept for as long as the same operator's batches count: batches never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.ledger.manifest import InboxRow, Segment
from tallystick.adapters.ledger.sealing import inbox_documents
from tallystick.adapters.ledger.seen import held, keys_of, no_versions
from tallystick.adapters.ledger.segments import DOCUMENTS, with_rows_of
from tallystick.adapters.ledger.store import Store
from tallystick.evidence.ledger import Batch, Contributor
from tallystick.evidence.schema import STORED
from tallystick.evidence.strikes import STRIKE, Struck, last_words

_KEPT: Final = 8


class Strikes:
    """The strikes of the book behind a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[tuple[int, ...], Struck] = {}

    def standing(self, known: Iterable[Batch], live: Mapping[int, Contributor]) -> Struck:
        """What is struck by the live batches of operators. `known`: all batches. Only within `reading()`."""
        operators = {v: who for v, who in live.items() if who.kind == "operator"}
        if not operators:
            return Struck()
        key = tuple(sorted(operators))
        found = self._found.get(key)
        if found is None:
            found = self._find(operators, known)
            if len(self._found) >= _KEPT:
                self._found.pop(next(iter(self._found)))
            if set(found.verdicts["doc_id"].to_pylist()) == set(
                found.documents["doc_id"].to_pylist()
            ):
                self._found[key] = found  # else what is struck may yet come in
        return found

    def _find(self, operators: Mapping[int, Contributor], known: Iterable[Batch]) -> Struck:
        manifest = self._store.manifest
        segments = with_rows_of(manifest.segments(DOCUMENTS), operators)
        where = (pc.field("kind") == STRIKE) & pc.field("version").isin(list(operators))
        inbox = [row for row in manifest.inbox() if row.version in operators]
        verdicts = last_words(self._rows(segments, inbox, where), operators)
        if not len(verdicts):
            return Struck()
        documents = self.named(verdicts["doc_id"].to_pylist())
        versions = set(documents["version"].to_pylist())
        return Struck(
            verdicts,
            documents,
            {batch.version: batch.contributor for batch in known if batch.version in versions},
        )

    def named(self, doc_ids: Sequence[str]) -> pa.Table:
        """The first copy of each of these documents (schema STORED), by doc_id. Only within `reading()`."""
        wanted = pa.array(sorted(set(doc_ids)), pa.string())
        if not len(wanted):
            return STORED.empty_table()
        keys = keys_of(wanted)
        segments = [
            segment
            for segment in self._store.manifest.segments(DOCUMENTS)
            if held(self._store.sidecars.index(segment.file), keys, no_versions()).any()
        ]
        where = pc.field("doc_id").isin(wanted)
        waiting = [inbox_documents(row).filter(where) for row in self._store.manifest.inbox()]
        sealed = [row for segment in segments for row in self._lookup(segment, wanted)]
        rows = _together([*waiting, *sealed])
        rows = rows.sort_by([("doc_id", "ascending"), ("version", "ascending")])
        names = rows["doc_id"].to_pylist()
        first = [n == 0 or names[n - 1] != name for n, name in enumerate(names)]
        return rows.filter(pa.array(first, pa.bool_()))

    def _rows(
        self, segments: Iterable[Segment], inbox: Iterable[InboxRow], where: pc.Expression
    ) -> pa.Table:
        paths = [self._store.segments.path(segment) for segment in segments]
        tables = [inbox_documents(row).filter(where) for row in inbox]
        return _together([*tables, *(pq.read_table(path, filters=where) for path in paths)])

    def _lookup(self, segment: Segment, wanted: pa.Array) -> Iterator[pa.Table]:
        """The wanted documents of a segment: of all row groups the ids alone are read, of few the rest."""
        with pq.ParquetFile(self._store.segments.path(segment)) as file:
            for n in range(file.num_row_groups):
                ids = file.read_row_group(n, columns=["doc_id"])["doc_id"]
                hits = pc.is_in(ids, value_set=wanted)
                if pc.any(hits).as_py():
                    yield file.read_row_group(n).filter(hits)


def _together(tables: Iterable[pa.Table]) -> pa.Table:
    rows = [table.select(STORED.names).cast(STORED) for table in tables]
    return pa.concat_tables([STORED.empty_table(), *rows]).combine_chunks()
