"""Statements and promises of a cut laid out so that the few that a new document touches are found among all.

Idea: `said.parquet` has every statement that counts, in the order of its *place*: the company that sells, or
the thread where no seller is named. Beside it lie all numbers that statements bear or refer to, sorted, each
with its place, as arrays that are mapped into memory and not read. So what is said of a number, in a deal or of
a seller is a look into the arrays and into a few row groups, however many statements there are. A cut that
grows shares these files and adds its new statements in a file of their own; what a later cut corrected,
retracted or told anew is named in `gone.parquet`, and all that amends stands in `amended.parquet`. The promises
of the lowest layer lie in `promises.parquet` in the order of who made them, since track records are added up by
promisor, and in `taken.parquet` in that of to whom they were made. In blocks (`adapters.blocks`), for who
asks about a few rows, lie the statements again, where each document came from with its copies (`papers`, at the
place of the statement), and the nodes of the lowest layer in the order of their deals.

Worked example: a payment names invoice 17. The array says that number 17 stands at the place of seller S; in
the file S has rows 40,960 to 41,200, of which two name 17. Nothing else is read.

They are made when a cut first grows, or before (`lay_out`); like all of a cut they can be deleted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.blocks import lay_blocks, rows_at
from tallystick.adapters.cuts import MAX_LAYERS, Cut, read_some
from tallystick.adapters.row_groups import groups_with
from tallystick.adapters.state import FACTS, count, register_evidence
from tallystick.deals import MONEY, WORDED, define_said
from tallystick.engine import Engine
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.ledger import Snapshot
from tallystick.identity.ordering import stretches

Ints = npt.NDArray[np.int64]

FOLDER: Final = "laid-4"
NODES: Final = ("thread", "own", "ref1", "ref2", "ref3", "ref4")
"""Columns of a statement that hold a node of the graph of deals."""

_SAID: Final = "said.parquet"
_INDEX: Final = "places.npy"
_PROMISES: Final = "promises.parquet"
_TAKEN: Final = "taken.parquet"
_BLOCKS: Final = {"said": "place", "papers": "place", "nodes": "deal"}
"""Files of rows in blocks -> their key. Statements lie in `said.parquet` too, where all are looked through."""
_HELD: Final = "held.parquet"
_AMENDED: Final = "amended.parquet"
_GONE: Final = "gone.parquet"
_ADDED: Final = "laid_added"
_GROUP_ROWS: Final = 8192
_LISTED: Final = 2000
"""Numbers that are named in a query one by one, which lets an engine pass over row groups."""

_MONEY: Final = ", ".join(f"'{kind}'" for kind in MONEY)
_WORDED: Final = ", ".join(f"'{kind}'" for kind in WORDED)
_MADE: Final = {
    "place": "COALESCE(seller, thread)",
    "told_named": f"CASE WHEN kind IN ({_MONEY}) THEN named END",
    "told_number": f"CASE WHEN kind IN ({_WORDED}) THEN number END",
    "told_note": f"CASE WHEN kind IN ({_WORDED}) THEN note END",
}
"""Where a statement lies, and what inference looks up of a document by its words, and of which."""

COLUMNS: Final = (
    "place",
    *"doc_id version kind action contributor contributor_party source_bit day issued_day due_day".split(),
    *"deliver_day amount_minor currency quantity_milli unit status reason fault terms".split(),
    *"score_ppm account_key".split(),
    *ROLES,
    *"own ref1 ref2 ref3 ref4 item thread told_named told_number told_note".split(),
)
ROWS: Final = ", ".join(f"{_MADE[n]} AS {n}" if n in _MADE else n for n in COLUMNS)
"""What is laid out of the view `said` (with its texts), as COLUMNS."""


PAPER: Final = ("doc_id", "version", "number", "source", "row", "named")
"""What is said of where a document came from, and what it names."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The statements of a cut, laid out in a folder."""

    folder: Path

    def files(self) -> list[Path]:
        """What later cuts added."""
        return sorted(self.folder.glob("added-*.parquet"))

    def count(self) -> int:
        """Number of statements."""
        return _rows([self.folder / _SAID, *self.files()])

    def added(self) -> int:
        """Number of those that later cuts added."""
        return _rows(self.files())

    def places(self, nodes: Ints) -> Ints:
        """Where the statements are that bear or refer to some numbers, each place once."""
        node, place = np.load(self.folder / _INDEX, mmap_mode="r")
        low, high = (np.searchsorted(node, nodes, side) for side in ("left", "right"))
        count = high - low
        return np.unique(place[stretches(low, count)])

    def those(self, places: Ints, where: pc.Expression, columns: Sequence[str]) -> pa.Table:
        """The statements for which `where` holds, a condition on some of the `columns`, in no order. They must
        all be at `places`, but for those that were added later, which are looked through."""
        found = self.rows_at("said", places, columns, where)
        if self.hides():
            gone = pq.read_table(self.folder / _GONE)["doc_id"].combine_chunks()
            found = found.filter(pc.invert(pc.is_in(found["doc_id"], value_set=gone)))
        added = (pq.read_table(path, columns=list(columns), filters=where) for path in self.files())
        return pa.concat_tables([found, *added], promote_options="permissive")

    def near(self, engine: Engine) -> Near:
        """The statements to look at in an engine by many queries, place by place."""
        engine.register_parquet("laid_said", [self.folder / _SAID])
        if self.files():
            engine.register_parquet(_ADDED, self.files())
        if self.hides():
            engine.register_parquet("laid_gone", [self.folder / _GONE])
        return Near(self, engine)

    def register_amendments(self, engine: Engine, name: str) -> None:
        """All corrections and retractions, those too that wait for what they amend: columns COLUMNS, and
        `stated`, 1 where that is or was there."""
        engine.register_parquet(name, [self.folder / _AMENDED])

    def define_promises(self, engine: Engine, cut: Cut, name: str, side: str) -> None:
        """Define as `name` all promises of a cut with these files, in the order of one of their sides."""
        cut.register(engine, name, "promises", lowest=self._promises()[side])

    def dealings(self, cut: Cut, company: int) -> pa.Table:
        """The promises by a company and those made to it, of a cut with these files."""
        asked = pa.array([company], pa.int64())
        made, taken = (
            cut.rows("promises", side, asked, lowest=read_some(path, "promises", None, side, asked))
            for side, path in self._promises().items()
        )
        return pa.concat_tables([made, taken.filter(pc.not_equal(taken["promisor"], company))])

    def _promises(self) -> dict[str, Path]:
        return {"promisor": self.folder / _PROMISES, "promisee": self.folder / _TAKEN}

    def papers(self, places: Ints, doc_ids: pa.Array) -> pa.Table:
        """Where documents of the lowest file at some places came from, and their copies of then (columns
        PAPER)."""
        return self.rows_at("papers", places, PAPER, pc.field("doc_id").isin(doc_ids))

    def nodes(self, cut: Cut, deals: Ints) -> pa.Table:
        """The nodes of some deals, of a cut with these files."""
        asked = pa.array(np.unique(deals), pa.int64())
        return cut.rows("nodes", "deal", asked, lowest=self.rows_at("nodes", deals))

    def rows_at(
        self,
        name: str,
        wanted: Ints,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """Rows of a file in blocks by its key."""
        return rows_at(self.folder / name, _BLOCKS[name], wanted, columns, where)

    def held(self) -> list[int]:
        """The batches that counted when the lowest file was written."""
        versions: list[int] = pq.read_table(self.folder / _HELD)["version"].to_pylist()
        return versions

    def keep_promises(self, engine: Engine, base: Cut, name: str, companies: Ints) -> None:
        """Keep as `name` all promises that some companies made, as `base` has them: a cut with these files."""
        self.define_promises(engine, base, "laid_promise", "promisor")
        among = listed(engine, "laid_promisor", companies)
        engine.keep(name, f"SELECT * FROM laid_promise WHERE promisor IN ({among})")

    def share(self, cut: Cut, engine: Engine, amended: bool) -> None:
        """Give a cut the files, and the statements `said_new` besides, without `said_gone`; where more is
        `amended`, with `amendment` in place of what amended before."""
        target, scratch = cut.folder / FOLDER, cut.folder / "scratch" / FOLDER
        target.mkdir(parents=True, exist_ok=True)
        added = self._added_still(engine, scratch)
        if len(added) >= MAX_LAYERS:
            put_together = cut.folder / "scratch" / "together.parquet"
            pq.write_table(pa.concat_tables([pq.read_table(path) for path in added]), put_together)
            added = [put_together]
        written = engine.write("SELECT * FROM said_new", scratch)
        for place, path in enumerate([*added, *written]):
            os.link(path, target / f"added-{place:05d}.parquet")
        changed = {_AMENDED: "SELECT * FROM amendment"} if amended else {}
        if count(engine, "said_gone"):
            before = " UNION SELECT doc_id FROM laid_gone" if self.hides() else ""
            changed[_GONE] = f"SELECT doc_id FROM said_gone{before}"
        for name, text in changed.items():
            engine.write(text, scratch / name)[0].rename(target / name)
        for name in (_SAID, _INDEX, _PROMISES, _TAKEN, *_blocks(), _HELD, _AMENDED, _GONE):
            if name not in changed and (self.folder / name).exists():
                os.link(self.folder / name, target / name)

    def hides(self) -> bool:
        """Whether statements of the lowest file stand no more."""
        return (self.folder / _GONE).exists()

    def _added_still(self, engine: Engine, scratch: Path) -> list[Path]:
        """What later cuts added, without `said_gone`: these files are small enough to be written again."""
        files, gone = self.files(), "doc_id {} (SELECT doc_id FROM said_gone)"
        among = f"(SELECT 1 FROM laid_added WHERE {gone.format('IN')}) a"
        if not files or not count(engine, among):
            return files
        still = f"SELECT * FROM laid_added WHERE {gone.format('NOT IN')}"
        return list(engine.write(still, scratch / "still"))


class Near:
    """The statements of a laid out cut at those places that were looked at: each place is read once, whole, and
    all later questions about it are answered from memory. One at a time in an engine."""

    def __init__(self, laid: Laid, engine: Engine) -> None:
        self.places, self._laid = laid.places, laid
        self._engine = engine
        self._read: Ints = np.empty(0, np.int64)
        self._parts = [_ADDED] if laid.files() else []
        self._lower, self._shown = _without("laid_gone") if laid.hides() else "", ""

    def hide(self, table: str) -> None:
        """Leave out the statements whose `doc_id` a table has."""
        self._shown += _without(table)

    def keep(self, name: str, places: Ints, where: str, columns: str = "*") -> None:
        """Keep as `name` the statements (columns ROWS, or those that are asked for) for which `where` holds.
        They must all be at `places`, but for those that were added later, which are looked through."""
        self._engine.keep(name, self._those(places, where, columns))

    def keep_documents(self, name: str, table: str) -> None:
        """Keep as `name` the statements whose `doc_id` a table has, for which all are looked through."""
        among = f"doc_id IN (SELECT doc_id FROM {table})"
        parts = ["laid_said", *(part for part in self._parts if part == _ADDED)]
        self._engine.keep(name, self._of(parts, among, "*"))

    def define(self, name: str, places: Ints, where: str) -> None:
        """As `keep`, for statements that are too many to be copied: until `leave`."""
        self._engine.define(name, self._those(places, where, "*"))

    def _those(self, places: Ints, where: str, columns: str) -> str:
        self._come_to(np.setdiff1d(places, self._read))
        return self._of(self._parts, where, columns)

    def _of(self, parts: Sequence[str], where: str, columns: str) -> str:
        asked = (
            f"SELECT {columns} FROM {part} WHERE ({where}){self._shown}"
            f"{'' if part == _ADDED else self._lower}"
            for part in parts
        )
        return " UNION ALL ".join(asked)

    def _come_to(self, places: Ints) -> None:
        if len(places) or not self._parts:
            part = f"laid_near_{len(self._parts)}"
            self._engine.register("laid_met", self._laid.rows_at("said", places))
            self._engine.keep(part, "SELECT * FROM laid_met")
            self._engine.drop("laid_met")
            self._parts.append(part)
            self._read = np.union1d(self._read, places)

    def leave(self) -> None:
        """Forget all that was read."""
        for part in self._parts:
            self._engine.drop(part)


def _without(table: str) -> str:
    return f" AND doc_id NOT IN (SELECT doc_id FROM {table})"


def listed(engine: Engine, name: str, numbers: Ints) -> str:
    """What follows IN: some numbers, or a query of them where they are many."""
    if len(numbers) <= _LISTED:
        return ", ".join(map(str, numbers.tolist())) or "NULL"
    engine.register(name, pa.table({"number": numbers}))
    return f"SELECT number FROM {name}"


def _rows(files: Sequence[Path]) -> int:
    return sum(int(pq.read_metadata(path).num_rows) for path in files)


def laid(cut: Cut) -> Laid | None:
    """The statements and promises of a cut as they are laid out, None where they are not."""
    found = Laid(cut.folder / FOLDER)
    return found if (found.folder / _INDEX).exists() else None


def lay_out(cut: Cut, engine: Engine, scratch: Path) -> Laid | None:
    """Lay out the statements and promises of a cut. `scratch`: a folder on the same file system."""
    live, struck = cut.snapshot.live, cut.snapshot.struck
    register_evidence(engine, cut.snapshot, texts=True)
    merged, day = cut.read("merged"), cut.as_of_day
    amended = define_said(engine, live, merged, day, cut.snapshot.resurrect, struck, texts=True)
    work = scratch / FOLDER
    text = (
        _AMENDMENTS
        if amended
        else f"SELECT {ROWS}, CAST(0 AS BIGINT) AS stated FROM said WHERE 1 = 0"
    )
    engine.write(text, work)[0].rename(work / _AMENDED)
    text = f"SELECT {ROWS} FROM said ORDER BY place"
    engine.write(text, work, group_rows=_GROUP_ROWS)[0].rename(work / _SAID)
    np.save(work / _INDEX, _index(work / _SAID))
    lay_blocks(work / _SAID, "place", work / "said")
    _lay_papers(engine, work, cut.snapshot.resurrect)
    _lay_nodes(engine, work, cut)
    pq.write_table(pa.table({"version": pa.array(sorted(live), pa.int64())}), work / _HELD)
    engine.register_parquet("promise_lowest", cut.lowest("promises"))
    for name, side in ((_PROMISES, "promisor"), (_TAKEN, "promisee")):
        text = f"SELECT * FROM promise_lowest ORDER BY {side}, deal"
        engine.write(text, work, group_rows=_GROUP_ROWS)[0].rename(work / name)
    try:
        work.rename(cut.folder / FOLDER)
    except OSError:  # another process was quicker
        shutil.rmtree(work)
    return laid(cut)


def _lay_papers(engine: Engine, work: Path, repeats: bool) -> None:
    """Write where the documents of the view `said` came from, each with its copies, which is what is marked as
    a duplicate but where the first copy does not count (`repeats`)."""
    engine.register_parquet("laid_said", [work / _SAID])
    copies = "" if repeats else "d.duplicate AND "
    columns = ", ".join(PAPER)
    of_copy = ", ".join(f"d.{name}" for name in PAPER)
    text = (
        f"SELECT {_MADE['place']} AS place, {columns} FROM said UNION ALL "
        f"SELECT s.place, {of_copy} FROM document d JOIN laid_said s ON s.doc_id = d.doc_id "
        f"WHERE {copies}d.version <> s.version"
    )
    path = engine.write(f"SELECT * FROM ({text}) p ORDER BY place", work)[0]
    lay_blocks(path, "place", work / "papers")
    path.unlink()


def _lay_nodes(engine: Engine, work: Path, cut: Cut) -> None:
    """Write the nodes of the lowest layer in the order of their deals."""
    engine.register_parquet("node_lowest", cut.lowest("nodes"))
    path = engine.write("SELECT * FROM node_lowest ORDER BY deal", work)[0]
    lay_blocks(path, "deal", work / "nodes")
    path.unlink()


def _blocks() -> list[str]:
    """The names of the files in blocks."""
    return [f"{name}.{ending}" for name in _BLOCKS for ending in ("arrow", "npy")]


_AMENDMENTS: Final = f"""
SELECT {ROWS}, CAST(CASE WHEN k.amended IS NULL THEN 0 ELSE 1 END AS BIGINT) AS stated
FROM said_raw s LEFT JOIN (
  SELECT DISTINCT r.doc_id AS amended FROM said_raw r
  JOIN said_stated t ON t.contributor = r.contributor AND t.kind = r.kind AND t.own = r.own
  WHERE r.action <> 'state'
) k ON k.amended = s.doc_id
WHERE s.action <> 'state' AND s.own IS NOT NULL
"""


def _index(said: Path) -> Ints:
    """Node and place, by node: each two once. A company is one for the facts that are told about it."""
    pairs = []
    with pq.ParquetFile(said) as file:
        for batch in file.iter_batches(1 << 20, columns=["place", "kind", "subject", *NODES]):
            place = batch["place"].to_numpy()
            about = pc.is_in(batch["kind"], pa.array(FACTS))
            columns = [*(batch[name] for name in NODES), pc.if_else(about, batch["subject"], None)]
            told = [column.is_valid().to_numpy(zero_copy_only=False) for column in columns]
            nodes = [column.drop_null().to_numpy() for column in columns]
            pairs.append(
                _distinct(np.concatenate(nodes), np.concatenate([place[some] for some in told]))
            )
    if not pairs:
        return np.empty((2, 0), np.int64)
    return _distinct(*np.concatenate(pairs, axis=1))


def _distinct(node: Ints, place: Ints) -> Ints:
    order = np.lexsort((place, node))
    both = np.stack([node[order], place[order]])
    fresh = np.ones(both.shape[1], dtype=bool)
    fresh[1:] = (both[:, 1:] != both[:, :-1]).any(axis=0)
    return both[:, fresh]


def newer(snapshot: Snapshot, held: Sequence[int]) -> Snapshot:
    """What a snapshot has besides the batches `held`."""
    known = set(held)
    fresh = {version: who for version, who in snapshot.live.items() if version not in known}
    versions = pa.array(sorted(fresh), pa.int64())
    inbox = (snapshot.inbox_documents, snapshot.inbox_parties)
    documents, parties = (table.filter(pc.is_in(table["version"], versions)) for table in inbox)
    return replace(
        snapshot,
        documents=_with_rows_of(snapshot.documents, fresh),
        parties=_with_rows_of(snapshot.parties, fresh),
        inbox_documents=documents,
        inbox_parties=parties,
        live=fresh,
    )


def _with_rows_of(files: Sequence[Path], versions: Collection[int]) -> list[Path]:
    """The files that may hold rows of some batches."""
    wanted = np.array(sorted(versions), np.int64)
    return [path for path in files if groups_with(path, "version", wanted)]
