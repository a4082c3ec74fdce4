"""Everything right of the evidence, derived for one cut of it and kept as Parquet until it is deleted.

A cut is (what was known, as of which day, policy, rates, engine). Its folder can be deleted at any time and
comes back the same. It is built under another name and moved into place, so that a crash leaves none
half-made and two processes that build the same one do not disturb each other.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.rates import rates_version, usd_rates
from tallystick.deals import close
from tallystick.engine import Engine
from tallystick.evidence.ledger import Snapshot
from tallystick.evidence.schema import STORED
from tallystick.identity import COMPANY, Companies, resolve
from tallystick.promises import PROMISE, derive
from tallystick.rating import RATING, Policy, rate
from tallystick.record import RECORD, summarise
from tallystick.units import digest

LAYOUT: Final = "1"
"""Goes up when what lies in the folder of a cut changes."""

KEPT_CUTS: Final = 6
SCHEMAS: Final = {
    "companies": COMPANY,
    "promises": PROMISE,
    "records": RECORD,
    "ratings": RATING,
}
"""Table of a cut -> its schema; the others are small and written as they come."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut of the book, built. Files are Parquet: companies (COMPANY), merged, judgements, promises
    (PROMISE), records (RECORD), ratings (RATING), inferred links."""

    folder: Path
    as_of_day: int
    snapshot: Snapshot
    policy: Policy

    def files(self, name: str) -> list[Path]:
        """The Parquet files of one of the tables above."""
        return sorted((self.folder / name).rglob("*.parquet"))

    def read(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """One of the tables above, whole."""
        return pa.concat_tables(_read(path, name, columns) for path in self.files(name))


def _read(path: Path, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """A file of a table. Engines mark every column as one that may be null; the schema knows better."""
    table = pq.read_table(path, columns=columns, partitioning=None)
    schema = SCHEMAS.get(name)
    if schema is None:
        return table
    return table.cast(pa.schema([schema.field(column) for column in table.column_names]))


def register_evidence(engine: Engine, snapshot: Snapshot) -> None:
    """Make the documents of a snapshot readable as the table `document`."""
    parts = []
    if snapshot.documents:
        engine.register_parquet("document_sealed", snapshot.documents)
        parts.append("document_sealed")
    if len(snapshot.inbox_documents) or not parts:
        engine.register("document_inbox", snapshot.inbox_documents)
        parts.append("document_inbox")
    columns = ", ".join(name for name in STORED.names if name not in ("references", "note"))
    engine.define("document", " UNION ALL ".join(f"SELECT {columns} FROM {part}" for part in parts))


def live_parties(engine: Engine, snapshot: Snapshot) -> pa.Table:
    """Distinct party descriptions of the batches that count."""
    parts = ["party_inbox"]
    engine.register("party_inbox", snapshot.inbox_parties)
    if snapshot.parties:
        engine.register_parquet("party_sealed", snapshot.parties)
        parts.append("party_sealed")
    engine.register(
        "live_version", pa.table({"version": pa.array(list(snapshot.live), pa.int64())})
    )
    columns = "party, ref, name, name_key, country, ids"
    rows = " UNION ALL ".join(f"SELECT {columns}, version FROM {part}" for part in parts)
    engine.define(
        "party_live",
        f"SELECT * FROM ({rows}) p WHERE version IN (SELECT version FROM live_version)",
    )
    told = "name IS NOT NULL OR country IS NOT NULL OR CARDINALITY(ids) > 1"
    described = engine.fetch(f"SELECT DISTINCT {columns} FROM party_live WHERE {told}")
    bare = engine.fetch(
        f"SELECT party, MIN(ref) AS ref FROM party_live GROUP BY party "
        f"HAVING MAX(CASE WHEN {told} THEN 1 ELSE 0 END) = 0"
    )
    return pa.concat_tables([described, _bare(bare, described.schema)])


def _bare(parties: pa.Table, schema: pa.Schema) -> pa.Table:
    """Parties of which nothing is known but one identifier, as descriptions."""
    count = len(parties)
    ids = pa.ListArray.from_arrays(
        pa.array(range(count + 1), pa.int32()), parties["ref"].combine_chunks()
    )
    nothing = pa.nulls(count, pa.string())
    columns = [parties["party"], parties["ref"], nothing, nothing, nothing, ids]
    return pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)


def cut_key(snapshot: Snapshot, as_of_day: int, policy: Policy, engine: str) -> str:
    """Name of a cut: equal names give equal bytes."""
    parts = (LAYOUT, snapshot.key(), str(as_of_day), policy.digest(), rates_version(), engine)
    return digest(*parts)[:32]


def build(
    root: Path,
    open_engine: Callable[[Path], Engine],
    engine_name: str,
    snapshot: Snapshot,
    as_of_day: int,
    policy: Policy,
    progress: Progress,
) -> Cut:
    """The cut, from its folder under `root` or made anew."""
    folder = root / cut_key(snapshot, as_of_day, policy, engine_name)
    cut = Cut(folder, as_of_day, snapshot, policy)
    if not (folder / "done.json").exists():
        root.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="building-", dir=root))
        try:
            engine = open_engine(work / "scratch")
            try:
                _derive(Cut(work, as_of_day, snapshot, policy), engine, progress)
            finally:
                engine.close()
            shutil.rmtree(work / "scratch", ignore_errors=True)
            _publish(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        _forget_old(root, folder)
    os.utime(folder)
    return cut


def _publish(work: Path, folder: Path) -> None:
    (work / "done.json").write_text(json.dumps({"layout": LAYOUT}) + "\n")
    work.chmod(0o755)
    try:
        work.rename(folder)
    except OSError:
        if not (folder / "done.json").exists():
            raise


def _forget_old(root: Path, keep: Path) -> None:
    cuts = [
        p for p in root.iterdir() if p.is_dir() and not p.name.startswith("building-") and p != keep
    ]
    for old in sorted(cuts, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT_CUTS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def _derive(cut: Cut, engine: Engine, progress: Progress) -> None:
    progress("who is who", 0, 1)
    found = resolve(live_parties(engine, cut.snapshot))
    _put(cut, "companies", found.companies)
    _put(cut, "merged", found.merged)
    _put(cut, "judgements", found.judgements)
    progress("linking documents into deals", 0, 1)
    register_evidence(engine, cut.snapshot)
    linked = close(engine, cut.snapshot.live, found.merged, cut.as_of_day, cut.snapshot.resurrect)
    _put(cut, "inferred", linked.inferred)
    count = _count(engine, "document")
    promises = derive(
        engine,
        cut.as_of_day,
        cut.folder / "scratch" / "promises",
        count,
        lambda done, total: progress("reading promises off the deals", done, total),
    )
    _move(promises, cut.folder / "promises")
    files = cut.files("promises")
    engine.register_parquet("promise", files)
    first = (
        engine.fetch("SELECT MIN(made_day) AS first_day FROM promise")
        .column("first_day")[0]
        .as_py()
    )
    engine.register("fx", usd_rates(first if first is not None else cut.as_of_day, cut.as_of_day))
    records = summarise(
        engine,
        cut.as_of_day,
        cut.folder / "records",
        _count(engine, "promise"),
        cut.policy.record,
        lambda done, total: progress("adding up track records", done, total),
    )
    gates = engine.fetch(GATES).sort_by([("company", "ascending"), ("grade", "ascending")])
    _rate(cut, records, found, gates, progress)


GATES: Final = """
SELECT subject AS company, CASE WHEN MAX(sanctioned) = 1 THEN 'X' ELSE 'D' END AS grade FROM (
  SELECT subject, kind, CASE WHEN kind = 'sanction' THEN 1 ELSE 0 END AS sanctioned, status,
         ROW_NUMBER() OVER (PARTITION BY subject, kind ORDER BY day DESC, doc_id DESC) AS place
  FROM doc_linked WHERE kind IN ('sanction', 'insolvency', 'registration') AND subject IS NOT NULL
) latest
WHERE place = 1 AND ((kind = 'sanction' AND COALESCE(status, 'listed') = 'listed')
   OR (kind = 'insolvency' AND COALESCE(status, 'opened') = 'opened')
   OR (kind = 'registration' AND status = 'dissolved'))
GROUP BY subject
"""


def _rate(
    cut: Cut, records: Sequence[Path], found: Companies, gates: pa.Table, progress: Progress
) -> None:
    known = found.companies.select(["company", "country"])

    def countries(company: pa.Array) -> pa.Array:
        place = pc.index_in(company, value_set=known["company"].combine_chunks())
        return known["country"].combine_chunks().take(place)

    def reader(path: Path) -> Callable[[], pa.Table]:
        return lambda: _read(path, "records")

    parts = [reader(path) for path in records]
    for n, ratings in enumerate(rate(parts, countries, gates, cut.policy)):
        _put(cut, "ratings", ratings, f"part-{n:05d}")
        progress("rating", n + 1, len(parts))


def _put(cut: Cut, name: str, table: pa.Table, part: str = "part-0") -> None:
    target = cut.folder / name
    target.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, target / f"{part}.parquet", compression="zstd")


def _move(files: Sequence[Path], target: Path) -> None:
    target.mkdir(parents=True)
    for n, path in enumerate(files):
        path.rename(target / f"part-{n:05d}.parquet")


def _count(engine: Engine, table: str) -> int:
    return int(engine.fetch(f"SELECT COUNT(*) AS n FROM {table}").column("n")[0].as_py())
