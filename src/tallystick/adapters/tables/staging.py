"""A table and its mapping -> a staged batch, whatever the size, at the speed of DuckDB.

Idea: load every cell as text, describe each distinct party once in Python (check digits need code), and
do all else a column at a time: parse, judge, key and write straight to Parquet. Memory is bounded by
DuckDB's limit; what does not fit goes to files in the staging folder.

The same file with the same mapping from the same contributor has the same `batch_id`, so sending it
twice changes nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tallystick.adapters.tables.connecting import connection, workspace
from tallystick.adapters.tables.loading import Loader, Shape, json_keys, shape_of
from tallystick.adapters.tables.opening import Opened, open_plain, open_sample
from tallystick.adapters.tables.parties import Describer
from tallystick.adapters.tables.writing import drop_repeats, write_documents
from tallystick.evidence.formats.canonical_table import canonical_mapping
from tallystick.evidence.formats.mapping import Mapping, Read, columns_named
from tallystick.evidence.formats.table_rules import ALL_RULES
from tallystick.evidence.formats.table_sql import DocumentSql, Plan, plan
from tallystick.evidence.formats.table_values import Columns, literal, trimmed
from tallystick.evidence.kinds import KINDS
from tallystick.evidence.ledger import Contributor, EvidenceError, NoRoom, Staged
from tallystick.evidence.said import Reject
from tallystick.evidence.schema import REJECT
from tallystick.evidence.sentences import say
from tallystick.units import digest

MEMORY: Final = "1GB"
_Step = Callable[[str, int, int], None]
"""Progress: called with (what is done now, done, in all)."""


def _quiet(_what: str, _done: int, _all: int) -> None:
    """Progress that nobody watches."""


def stage_table(
    path: Path,
    mapping: Mapping | None,
    contributor: Contributor,
    staging_dir: Path,
    progress: _Step | None = None,
    memory: str = MEMORY,
    con: duckdb.DuckDBPyConnection | None = None,
    source: str | None = None,
) -> Staged:
    """Read, check and stage a table. `mapping` None: a canonical table (docs/reference/documents.md).

    Files are written under `staging_dir`. `con`: a `connection` to share between files (default: one of
    its own, within `memory`); `source`: what to call the file (default: its name). Raises
    `EvidenceError` where the file or the mapping cannot be used at all; what is wrong with single rows
    is in `Staged.rejects`.
    """
    staging_dir.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="table-", dir=staging_dir))
    try:
        with ExitStack() as stack:
            con = con or stack.enter_context(connection(work, memory))
            run = partial(_run, con, path, mapping, contributor, work, progress or _quiet, source)
            try:
                return run(stream=True)
            except (_Uneven, duckdb.InvalidInputException):
                return run(stream=False)
    except duckdb.OutOfMemoryException:
        raise NoRoom(say("too-much", name=path.name)) from None
    except (duckdb.IOException, duckdb.InvalidInputException, OSError) as error:
        why = str(error).splitlines()[0].rpartition("Detail: ")[2]
        kind = EvidenceError if isinstance(error, duckdb.InvalidInputException) else NoRoom
        raise kind(say("not-staged", name=path.name, why=why)) from None
    finally:
        shutil.rmtree(work / "tmp", ignore_errors=True)
        for plain in work.glob("*.plain"):
            plain.unlink()


class _Uneven(Exception):
    """Rows of a streamed file turned out not to be numbered by their place alone."""


def _run(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    mapping: Mapping | None,
    contributor: Contributor,
    work: Path,
    step: _Step,
    source: str | None,
    stream: bool,
) -> Staged:
    with workspace(con):
        return Run(con, path, mapping, contributor, work, step, source=source).stage(stream)


class Run:
    """One run over one file; its tables live in one connection."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        path: Path,
        mapping: Mapping | None,
        contributor: Contributor,
        work: Path,
        step: _Step = _quiet,
        sample: bool = False,
        source: str | None = None,
    ) -> None:
        self.con, self.path, self.contributor, self.work = con, path, contributor, work
        self.step, self.sample, self.stream = step, sample, False
        self.mapping = mapping
        self.source = source or path.name
        self.loader = Loader(con, self.source, work)
        self.digests: list[str] = []
        self.parties = Describer(con)

    def stage(self, stream: bool = False) -> Staged:
        """Stage the file. With `stream`, a CSV is read by each query anew rather than loaded: faster,
        and free of memory. It raises `_Uneven` where a row of it cannot be read."""
        mapping = self.mapping
        self.stream = stream and (mapping is None or _may_stream(mapping))
        mapping, columns = self.load()
        whole = plan(mapping, columns, self.contributor.name, self.source)
        self.step("describing parties", 0, 1)
        self._keep_order(False)
        self.parties.describe(whole, in_one_pass=self.stream)
        if self.stream and self.loader.set_aside("main"):
            raise _Uneven
        parts = [self.work / f"documents-{n:02d}.arrow" for n in range(len(whole.documents))]
        said, rejects = self._write(whole, parts)
        repeated = drop_repeats(self.con, parts)
        parties = self.work / "parties.parquet"
        pq.write_table(self.parties.table(), parties, compression="lz4")
        self.step("checking documents", 1, 1)
        batch_id = digest(
            *self.digests, mapping.canonical(), self.contributor.name, self.contributor.kind
        )
        return Staged(
            batch_id,
            self.contributor,
            self.source,
            parts,
            [parties],
            rejects,
            said + len(self.loader.rejects),
            repeated,
            0,
            rejects.num_rows,
        )

    def _write(self, whole: Plan, parts: Sequence[Path]) -> tuple[int, pa.Table]:
        """Write the documents; returns how many rows there were, and the rejects."""
        # rows that are numbered may be written in any order, which needs less memory
        self._keep_order(self.stream)
        rows, rejects = 0, list(self.loader.rejects)
        for n, document in enumerate(whole.documents):
            self.step("checking documents", n, len(whole.documents))
            said, broken = write_documents(self.con, document.all_rows, parts[n], self.stream)
            rows += said
            rejects += [self._reject(document, *row) for row in broken]
        if self.stream and self.loader.set_aside("main"):
            raise _Uneven
        return rows, _reject_table(rejects)

    def _keep_order(self, keep: bool) -> None:
        """Let rows come in the order of the file. Joins must not turn round then and mix them."""
        self.con.execute(f"SET preserve_insertion_order = {str(keep).lower()}")
        fixed = "build_side_probe_side,join_order" if keep else ""
        self.con.execute(f"SET disabled_optimizers = '{fixed}'")

    # -- loading -------------------------------------------------------------------------------

    def load(self) -> tuple[Mapping, Columns]:
        """Load the file and the files that it is joined with as the view `raw`."""
        self._keep_order(True)
        read = self.mapping.read if self.mapping is not None else Read()
        self.con.execute(f"SET TimeZone = {literal(read.timezone)}")
        opened, shape = self._open(self.path, read, "reading")
        header = _header(opened, shape)
        mapping = self.mapping
        if mapping is None:
            names = self._parquet_header(opened) if shape.format == "parquet" else header
            mapping = canonical_mapping(names, self.path.name)
        wanted = _wanted(mapping, header)
        columns, main = self._table("main", self.loader, opened, shape, read, wanted)
        self._raw(mapping, columns, main)
        return mapping, columns

    def _open(self, path: Path, read: Read, what: str) -> tuple[Opened, Shape]:
        def told(done: int, total: int) -> None:
            self.step(what, done, total)

        if self.sample:
            opened = open_sample(path, read.encoding, self.work)
        else:
            opened = open_plain(path, read.encoding, self.work, told)
        self.digests.append(opened.digest)
        return opened, shape_of(path, opened, read)

    def _parquet_header(self, opened: Opened) -> list[str]:
        return pq.read_schema(opened.path).names  # type: ignore[no-any-return]

    def _table(
        self,
        table: str,
        loader: Loader,
        opened: Opened,
        shape: Shape,
        read: Read,
        wanted: list[str],
    ) -> tuple[Columns, str]:
        """Load one file; returns its columns and the query of its numbered rows."""
        self.step("loading rows", 0, 1)
        self.stream = self.stream and shape.format == "csv"
        if shape.format == "parquet":
            return loader.parquet(table, opened), f"SELECT * FROM {table}_rows"
        if shape.format == "jsonl":
            columns = loader.jsonl(table, opened, wanted, shape.skip)
            return columns, f"SELECT * FROM {table}_rows"
        if self.stream:
            return loader.csv(table, opened, shape, read, stream=True), (
                f"SELECT CAST(NULL AS BIGINT) AS row_no, * FROM {table}_rows"
            )
        columns = loader.csv(table, opened, shape, read)
        if opened.copied:
            opened.path.unlink()
        return columns, loader.number_rows(table, bool(loader.rejects))

    def _raw(self, mapping: Mapping, columns: Columns, main: str) -> None:
        """The view `raw`: rows of the file with the columns of the files that it is joined with."""
        selected, joins = ["m.*"], []
        for n, (name, join) in enumerate(mapping.join.items()):
            path = _beside(self.path, join.file)
            read = join.read or mapping.read
            opened, shape = self._open(path, read, f"reading {join.file}")
            loader = Loader(self.con, path.name, self.work)
            wanted = json_keys(opened) if shape.format == "jsonl" else []
            theirs, rows = self._table(f"join{n}", loader, opened, shape, read, wanted)
            self.loader.rejects += loader.rejects
            key = _join_key(theirs, join.key or join.on)
            cells = ", ".join(f"CAST({c} AS VARCHAR) AS j{n}_{c}" for c in theirs.names.values())
            self.con.execute(
                f"CREATE TABLE join{n} AS SELECT {key} AS join{n}_key, {cells} FROM ({rows}) "
                f"WHERE {key} IS NOT NULL"
            )
            self._check_unique(f"join{n}", join.file, join.key or join.on)
            joins.append(f"LEFT JOIN join{n} ON join{n}_key = {_join_key(columns, join.on)}")
            selected += [f"j{n}_{sql}" for sql in theirs.names.values()]
            columns.names.update({f"{name}.{k}": f"j{n}_{sql}" for k, sql in theirs.names.items()})
        self.con.execute(
            f"CREATE VIEW raw AS SELECT {', '.join(selected)} FROM ({main}) AS m {' '.join(joins)}"
        )

    def _check_unique(self, table: str, file: str, key: str) -> None:
        twice = self.con.execute(
            f"SELECT {table}_key FROM {table} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
        ).fetchall()
        if twice:
            raise EvidenceError(say("join-twice", name=file, value=twice[0][0], key=key))

    def row_count(self, most: int) -> int:
        """Rows of the file that were loaded or set aside, `most` at the most."""
        last = self._count("SELECT coalesce(max(row_no), 0) FROM raw")
        return min(most, max([last, *(reject.row or 0 for reject in self.loader.rejects)]))

    # -- writing -------------------------------------------------------------------------------

    def _count(self, query: str) -> int:
        return int(self.con.execute(query).fetchall()[0][0])

    def rejects(self, whole: Plan) -> pa.Table:
        """All rejects, without writing any document."""
        tables = [_reject_table(self.loader.rejects)]
        return pa.concat_tables(
            [*tables, *(self._broken(document) for document in whole.documents)]
        )

    def _broken(self, document: DocumentSql) -> pa.Table:
        """Rejects of one `[[document]]`, put into words a batch at a time."""
        found = self.con.execute(f"{document.rejects} ORDER BY row_no")
        tables = [_reject_table([])]
        while rows := found.fetchmany(50_000):
            tables.append(_reject_table([self._reject(document, *row) for row in rows]))
        return pa.concat_tables(tables)

    def _reject(
        self, document: DocumentSql, row: int, code: int, value: str | None, kind: str | None
    ) -> Reject:
        check = document.checks[code - 1]
        rule = ALL_RULES[check.rule]
        allowed = check.allowed
        if check.rule == "status-unknown" and not allowed and kind in KINDS:
            allowed = ", ".join(KINDS[kind].statuses)
        words = {"value": value, "field": check.field, "kind": kind, "allowed": allowed}
        return Reject(
            self.source,
            row,
            check.field,
            rule.name,
            rule.message.format(**words),
            rule.fix.format(**words),
            value,
        )


def _header(opened: Opened, shape: Shape) -> list[str]:
    return json_keys(opened) if shape.format == "jsonl" else list(shape.header)


def _may_stream(mapping: Mapping) -> bool:
    """Whether each row of the file becomes one document, so that its place is its number."""
    return not mapping.join and len(mapping.document) == 1 and mapping.document[0].when is None


def _wanted(mapping: Mapping, header: list[str]) -> list[str]:
    """Keys to take out of JSON Lines: those that were seen, and those that the mapping names."""
    return list(dict.fromkeys([*header, *columns_named(mapping)]))


def _join_key(columns: Columns, name: str) -> str:
    return trimmed(f"CAST({columns.sql(name)} AS VARCHAR)")


def _beside(path: Path, file: str) -> Path:
    """A file of the same folder; anything that leads out of it is refused."""
    folder = path.resolve().parent
    found = (folder / file).resolve()
    if found.parent != folder:
        raise EvidenceError(say("join-elsewhere", file=file, name=path.name))
    return found


def _reject_table(rejects: list[Reject]) -> pa.Table:
    return pa.Table.from_pylist([asdict(reject) for reject in rejects], schema=REJECT)
