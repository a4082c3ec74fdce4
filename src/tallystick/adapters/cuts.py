"""A cut of the book on disk: Parquet files in layers.

A cut that grew out of an earlier one shares its files (as hard links) and adds a layer. A row of a layer
counts unless a later layer dropped its key: `dropped.parquet` beside the files holds (key, layer). So
a thousand new documents on top of ten million rewrite what they touch and nothing else.

Worked example: layer 0 holds promises of deals 1, 2, 3. A payment for deal 2 makes layer 1 with the promises
of deal 2 anew, and drops (2, 1): read together they are deals 1 and 3 of layer 0 and deal 2 of layer 1.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.row_groups import groups_with, metadata, schema_of
from tallystick.engine import Engine
from tallystick.evidence.ledger import Snapshot
from tallystick.identity import COMPANY, JUDGED, LINK, RELATED
from tallystick.promises import PROMISE
from tallystick.rating import RATING, Policy, Prior, prior_of
from tallystick.record import RECORD

SCHEMAS: Final = {
    "companies": COMPANY,
    "judged": JUDGED,
    "links": LINK,
    "related": RELATED,
    "promises": PROMISE,
    "records": RECORD,
    "ratings": RATING,
}
"""Table -> its schema; the others are small and written as they come."""

LAYER_KEY: Final = {
    "nodes": "deal",
    "inferred": "seller",
    "promises": "deal",
    "edges": "a",
    "reach": "company",
    "within": "promisee",
    "records": "company",
    "ratings": "company",
}
"""Tables that are kept in layers -> the column by which a later layer replaces rows."""

MAX_LAYERS: Final = 30
"""More are put together: every read goes through all of them."""

GROUP_ROWS: Final = 16_384
"""Rows that are read, or passed over, together."""
ASKED_ROWS: Final = 2_048
"""The same of tables in which single companies are looked up."""
_ASKED: Final = frozenset({"companies", "credibility", "ratings", "reach", "within", "standing"})
FEW_GROUPS: Final = 8
"""So many groups are read by one thread."""

DROPPED: Final = "dropped.parquet"
DONE: Final = "done.json"
PRIOR: Final = "prior.json"


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut of the book. Tables: companies (COMPANY), merged, judgements, parties, judged (JUDGED), links
    (LINK), related (RELATED), nodes, inferred, promises (PROMISE), medians, credibility,
    reach, within, records (RECORD), sums, gates, ratings (RATING). A cut that has grown, or is about to, has
    also sizes (SIZE), lateness (LATENESS) and edges (a, b, tie_a, tie_b)."""

    folder: Path
    as_of_day: int
    snapshot: Snapshot
    policy: Policy

    def files(self, name: str) -> list[Path]:
        """The Parquet files of a table, layer by layer."""
        return sorted(p for p in (self.folder / name).glob("*.parquet") if p.name != DROPPED)

    def dropped(self, name: str) -> pa.Table:
        """(key, layer): rows with that key count only from that layer on."""
        path = self.folder / name / DROPPED
        if path.exists():
            return pq.read_table(path, partitioning=None)
        return pa.table({"key": pa.array([], pa.int64()), "layer": pa.array([], pa.int64())})

    def read(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, whole. Rows of layered tables come in no particular order."""
        key = LAYER_KEY.get(name)
        gone = self.dropped(name) if key else None
        wanted = list(columns) if columns is not None else None
        if wanted is not None and key and gone is not None and len(gone) and key not in wanted:
            table = self.read(name, [*wanted, key])
            return table.select(wanted)
        return pa.concat_tables(
            _counting(_read(path, name, wanted), path, key, gone) for path in self.files(name)
        )

    def lowest(self, name: str) -> list[Path]:
        """The files of the lowest layer of a table."""
        return [path for path in self.files(name) if _layer_of(path) == 0]

    def upper(self, name: str) -> pa.Table:
        """The rows that the layers above the lowest one bring and that count."""
        key, gone = LAYER_KEY[name], self.dropped(name)
        files = [path for path in self.files(name) if _layer_of(path) > 0]
        return pa.concat_tables(_counting(_read(path, name), path, key, gone) for path in files)

    def parts(self, name: str) -> Iterator[pa.Table]:
        """A table file by file, layers resolved: for what would not fit into memory whole."""
        key = LAYER_KEY.get(name)
        gone = self.dropped(name) if key else None
        for path in self.files(name):
            yield _counting(_read(path, name), path, key, gone)

    def rows(
        self,
        name: str,
        key: str,
        wanted: pa.Array,
        columns: Sequence[str] | None = None,
        lowest: pa.Table | None = None,
    ) -> pa.Table:
        """The rows of a table whose `key` is among `wanted`, without reading the others. With `columns`, a
        layered table must have its layer key among them. `lowest`: those of the lowest layer, read before."""
        layer_key = LAYER_KEY.get(name)
        gone = self.dropped(name) if layer_key else None
        parts = [] if lowest is None else [_in_layer(lowest, 0, layer_key, gone)]
        for path in self.files(name):
            if lowest is None or _layer_of(path) > 0:
                found = read_some(path, name, columns, key, wanted)
                parts.append(_counting(found, path, layer_key, gone))
        return pa.concat_tables(parts, promote_options="default")

    def prior(self) -> Prior:
        """The prior that the ratings of the cut were made with."""
        return prior_of((self.folder / PRIOR).read_text(encoding="utf-8"))

    def put_prior(self, prior: Prior) -> None:
        """Keep the prior beside the ratings that were made with it."""
        (self.folder / PRIOR).write_text(prior.to_json() + "\n", encoding="utf-8")

    def part(self, name: str, path: Path) -> pa.Table:
        """One file of a table."""
        return _read(path, name)

    def put(self, name: str, table: pa.Table, layer: int = 0) -> None:
        """Write a table, or the part of it that a layer brings."""
        target = self.folder / name
        target.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            table,
            _numbered(target, layer),
            row_group_size=ASKED_ROWS if name in _ASKED else GROUP_ROWS,
            compression="zstd",
            compression_level=1,
        )

    def take(self, name: str, files: Sequence[Path], layer: int = 0) -> None:
        """Move files that an engine wrote in as (part of) a table."""
        target = self.folder / name
        target.mkdir(parents=True, exist_ok=True)
        for path in files:
            path.rename(_numbered(target, layer))

    def build_on(self, base: Cut, name: str, keys: pa.Array) -> int:
        """Share the files of `base`, drop the rows with `keys` from them, and say which layer comes next. Once
        there are `MAX_LAYERS`, all but the lowest are put together as one."""
        target = self.folder / name
        target.mkdir(parents=True, exist_ok=True)
        layer, gone = base.layer(name) + 1, base.dropped(name)
        files = base.files(name)
        if layer > MAX_LAYERS:
            files = base.lowest(name)
            self.put(name, base.upper(name), 1)
            gone = _dropped_by(pc.unique(gone["key"].combine_chunks()), 1)
            layer = 2
        for path in files:
            os.link(path, target / path.name)
        pq.write_table(pa.concat_tables([gone, _dropped_by(keys, layer)]), target / DROPPED)
        return layer

    def share(self, base: Cut, names: Sequence[str]) -> None:
        """Have tables of `base` as they are."""
        for name in names:
            target = self.folder / name
            target.mkdir(parents=True, exist_ok=True)
            for path in (base.folder / name).iterdir():
                os.link(path, target / path.name)

    def layer(self, name: str) -> int:
        """Number of the newest layer of a table."""
        return max([_layer_of(path) for path in self.files(name)], default=0)

    def register(
        self, engine: Engine, name: str, table: str, where: str = "", lowest: Path | None = None
    ) -> None:
        """Make a table of the cut readable in an engine under `name`, layers resolved. `lowest`: a file with
        the rows of the lowest layer in another order."""
        key = LAYER_KEY[table]
        engine.register(f"{name}_dropped", self.dropped(table))
        layers: dict[int, list[Path]] = {0: [lowest]} if lowest else {}
        for path in self.files(table):
            if lowest is None or _layer_of(path) > 0:
                layers.setdefault(_layer_of(path), []).append(path)
        parts = []
        for layer, files in layers.items():
            engine.register_parquet(f"{name}_{layer}", files)
            parts.append(
                f"SELECT * FROM {name}_{layer} WHERE {key} NOT IN "
                f"(SELECT key FROM {name}_dropped WHERE layer > {layer})"
                if len(layers) > 1
                else f"SELECT * FROM {name}_{layer}"
            )
        text = " UNION ALL ".join(parts)
        engine.define(name, f"SELECT * FROM ({text}) t {where}" if where else text)

    def note(self, **facts: Any) -> None:
        """Write what a later cut must know to build on this one; the cut is complete with it."""
        (self.folder / DONE).write_text(json.dumps(facts, sort_keys=True) + "\n", encoding="utf-8")

    def facts(self) -> dict[str, Any]:
        """What `note` wrote."""
        found: dict[str, Any] = json.loads((self.folder / DONE).read_text(encoding="utf-8"))
        return found


def _read(path: Path, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """A file of a table."""
    wanted = list(columns) if columns is not None else None
    return _known(pq.read_table(path, columns=wanted, partitioning=None), name)


def read_some(
    path: Path, name: str, columns: Sequence[str] | None, key: str, wanted: pa.Array
) -> pa.Table:
    """The rows of a file whose `key` is among `wanted`. Of integers, row groups that cannot hold any are passed
    over."""
    if not pa.types.is_integer(wanted.type):
        keep = pc.is_in(pc.field(key), wanted)
        return _known(pq.read_table(path, columns=columns, filters=keep, partitioning=None), name)
    groups = groups_with(path, key, wanted.drop_null().to_numpy(zero_copy_only=False))
    told = list(columns) if columns is not None else None
    if not groups:
        none = schema_of(path).empty_table()
        return _known(none if told is None else none.select(told), name)
    with pq.ParquetFile(path, metadata=metadata(path)) as file:
        read = None if told is None else list(dict.fromkeys((*told, key)))
        found = file.read_row_groups(groups, columns=read, use_threads=len(groups) > FEW_GROUPS)
    found = found.filter(pc.is_in(found[key], wanted))
    return _known(found if told is None else found.select(told), name)


def _known(table: pa.Table, name: str) -> pa.Table:
    """A table with its schema: engines mark every column as one that may be null."""
    schema = SCHEMAS.get(name)
    if schema is None:
        return table
    return table.cast(pa.schema([schema.field(column) for column in table.column_names]))


def _counting(table: pa.Table, path: Path, key: str | None, gone: pa.Table | None) -> pa.Table:
    return _in_layer(table, _layer_of(path), key, gone)


def _in_layer(table: pa.Table, layer: int, key: str | None, gone: pa.Table | None) -> pa.Table:
    """The rows of a layer that no later one drops."""
    if key is None or gone is None or not len(gone):
        return table
    later = gone.filter(pc.greater(gone["layer"], layer))["key"].combine_chunks()
    return table.filter(pc.invert(pc.is_in(table[key], later))) if len(later) else table


def _dropped_by(keys: pa.Array, layer: int) -> pa.Table:
    return pa.table({"key": keys, "layer": pa.array(np.full(len(keys), layer, np.int64))})


def _layer_of(path: Path) -> int:
    return int(path.stem.split("-")[1])


def _numbered(folder: Path, layer: int) -> Path:
    place = len(list(folder.glob(f"layer-{layer:04d}-*.parquet")))
    return folder / f"layer-{layer:04d}-{place:05d}.parquet"
