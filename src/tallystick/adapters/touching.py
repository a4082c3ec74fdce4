"""Which companies differ between a cut and one that grew out of it.

A grown cut shares the files of the one before and brings a layer more, so what differs is read off the layer,
however many companies there are; names and countries are compared, since they are not kept in layers.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import LAYER_KEY, Cut
from tallystick.adapters.named import companies_named

_KEY = LAYER_KEY["ratings"]


def touched(before: Cut, cut: Cut, table: str) -> pa.Array | None:
    """The companies (int64, each once) whose rows in "records" or "ratings", names or countries differ; None
    where `cut` did not grow out of `before`, so that all must be compared."""
    if before.folder == cut.folder:
        return pa.array([], pa.int64())
    if before.as_of_day != cut.as_of_day or before.policy.digest() != cut.policy.digest():
        return None
    shared = {path.name: path for path in before.files(table)}
    files = {path.name: path for path in cut.files(table)}
    if not all(name in files and _same(path, files[name]) for name, path in shared.items()):
        return None
    dropped = cut.dropped(table)
    fresh = dropped.filter(pc.greater(dropped["layer"], before.layer(table)))
    keys = [fresh["key"], _renamed(before, cut)]
    keys += [cut.part(table, path)[_KEY] for name, path in files.items() if name not in shared]
    chunks = [chunk for column in keys for chunk in column.chunks]
    return pc.unique(pa.chunked_array(chunks, pa.int64()))


def named_between(before: Cut, cut: Cut) -> pa.Array | None:
    """The companies (int64) named by the batches that came or went between two cuts of which none grew out of
    the other; None where the day or the policy is another, which moves everybody. They are nearly all of whom
    there is new evidence: who is in a deal that a new document touches, and not named in it, is missed."""
    if before.as_of_day != cut.as_of_day or before.policy.digest() != cut.policy.digest():
        return None
    had, has = before.snapshot.live.keys(), cut.snapshot.live.keys()
    named = {*companies_named(cut, has - had), *companies_named(before, had - has)}
    return pa.array(sorted(named), pa.int64())


def _renamed(before: Cut, cut: Cut) -> pa.ChunkedArray:
    """Companies that are new, or whose name or country is another."""
    files = [one.files("companies") for one in (before, cut)]
    if all(map(_same, *files)):
        return pa.chunked_array([], pa.int64())
    old, new = (cut.read("companies", [_KEY, "name", "country"]) for cut in (before, cut))
    with duckdb.connect() as db:
        db.register("old", old)
        db.register("new", new)
        found = db.sql("SELECT DISTINCT company FROM (FROM new EXCEPT FROM old) t")
        rows: pa.Table = found.to_arrow_table()
    return rows["company"]


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
