"""What companies of a cut are found by, in files beside it that are mapped into memory.

`words`, `offsets` ...: the index of words (`identity.word_index`); `ids`: the values of identifiers without
their schemes, in order, with the row of the company in `ids_rows`; `names`, `names_rows`: the names so, in
small letters; `companies`, `merged`: tables of the cut.

An index is made out of that of another cut of the book where one lies there: only companies whose names differ
are read. The outcome is the same as if all were read, whatever the other cut was.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.spreading import spreader
from tallystick.identity.word_index import SearchIndex, build_index, extend_index

FOLDER: Final = "find-4"
"""Its number goes up when what lies in it changes."""

KEY_BYTES: Final = 24
"""Bytes of a name or identifier by which it is looked up; what is found is compared in full."""

_WORDS: Final = ("offsets", "postings", "gram_offsets", "of_gram", "shortest")


@dataclass(frozen=True, slots=True)
class Keys:
    """Texts in small letters, cut at KEY_BYTES, ascending, and the row of the company of each."""

    texts: npt.NDArray[np.bytes_]
    rows: npt.NDArray[np.int32]

    def from_text(self, text: str, most: int) -> list[int]:
        """Rows of companies with that text, then those with one that begins so."""
        key = text.lower().encode(errors="replace")[:KEY_BYTES]
        first = np.array(key, f"S{KEY_BYTES}")
        last = np.array(key.ljust(KEY_BYTES, b"\xff"), f"S{KEY_BYTES}")
        begin = int(np.searchsorted(self.texts, first))
        end = int(np.searchsorted(self.texts, last, side="right"))
        return list(dict.fromkeys(self.rows[begin : min(end, begin + most)].tolist()))


@dataclass(frozen=True, slots=True)
class FindIndex:
    """The index of a cut. `companies`: schema COMPANY, by company; `merged`: (party, company), by party;
    `names`, `ids`: the names and the values of identifiers."""

    words: SearchIndex
    companies: pa.Table
    merged: pa.Table
    names: Keys
    ids: Keys


def open_index(cut: Cut) -> FindIndex:
    """The index of a cut; made if it is not there."""
    return made(cut) or _make(cut)


def made(cut: Cut) -> FindIndex | None:
    """The index of a cut if it is there."""
    folder = cut.folder / FOLDER
    try:
        return _opened(folder, folder.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4)
def _opened(folder: Path, made_ns: int) -> FindIndex:
    """The index in a folder; `made_ns` tells it from another that lay there."""
    words = [_array(folder, name) for name in _WORDS]
    keys = [Keys(_array(folder, n), _array(folder, f"{n}_rows")) for n in ("names", "ids")]
    return FindIndex(
        SearchIndex(_table(folder / "words.arrow")["word"].combine_chunks(), *words),
        _table(folder / "companies.arrow"),
        _table(folder / "merged.arrow"),
        *keys,
    )


def _array(folder: Path, name: str) -> Any:
    return np.load(folder / f"{name}.npy", mmap_mode="r")


def _table(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _make(cut: Cut) -> FindIndex:
    """Write the index beside the cut, whole or not at all."""
    folder = cut.folder / FOLDER
    shutil.rmtree(folder, ignore_errors=True)  # one that lacks a file is of no use
    companies = cut.read("companies").combine_chunks()
    words = _words(companies, _other(cut))
    names = _one(companies["names"])
    keys = {
        "names": _keys(names.flatten(), _parents(names)),
        "ids": _identifiers(_one(companies["ids"])),
    }
    work = Path(tempfile.mkdtemp(prefix=f"{FOLDER}-", dir=cut.folder))
    try:
        _write(work / "companies.arrow", companies)
        _write(work / "merged.arrow", cut.read("merged").combine_chunks())
        _write(work / "words.arrow", pa.table({"word": words.words}))
        for name in _WORDS:
            np.save(work / f"{name}.npy", getattr(words, name))
        for name, found in keys.items():
            np.save(work / f"{name}.npy", found.texts)
            np.save(work / f"{name}_rows.npy", found.rows)
        work.rename(folder)
    except OSError:
        if not folder.exists():  # otherwise another process was quicker, and made the same
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return _opened(folder, folder.stat().st_mtime_ns)


def _write(path: Path, table: pa.Table) -> None:
    with pa.ipc.new_file(str(path), table.schema) as sink:
        sink.write_table(table)


def _other(cut: Cut) -> FindIndex | None:
    """The newest index of another cut of the book."""
    found = []
    for folder in cut.folder.parent.glob(f"*/{FOLDER}"):
        try:
            found.append((folder.stat().st_mtime_ns, folder))
        except FileNotFoundError:
            continue  # another process takes old cuts away
    for made_ns, folder in sorted(found, reverse=True):
        try:
            return _opened(folder, made_ns)
        except FileNotFoundError:
            continue
    return None


def _words(companies: pa.Table, other: FindIndex | None) -> SearchIndex:
    names = _one(companies["names"])
    if other is None or not len(other.companies):
        return build_index(names, spreader(len(names)))
    moved = _moved(other.companies, companies)
    few = len(names) - int((moved >= 0).sum())
    return extend_index(other.words, moved, names, spreader(few))


def _moved(before: pa.Table, now: pa.Table) -> npt.NDArray[np.int64]:
    """For each company of an earlier table its row in a later one if it has the same names there, else -1."""
    old, new = (_one(table["company"]).to_numpy() for table in (before, now))
    place = np.minimum(np.searchsorted(new, old), max(0, len(new) - 1))
    there = np.flatnonzero(new[place] == old) if len(new) else np.zeros(0, np.int64)
    mine = _one(before["names"]).take(pa.array(there))
    yours = _one(now["names"]).take(pa.array(place[there]))
    moved = np.full(len(old), -1, np.int64)
    same = _same_lists(mine, yours)
    moved[there[same]] = place[there[same]]
    return moved


def _same_lists(a: pa.Array, b: pa.Array) -> npt.NDArray[np.bool_]:
    """Whether lists of texts are equal, one by one."""
    lengths = [pc.list_value_length(lists).to_numpy(zero_copy_only=False) for lists in (a, b)]
    same: npt.NDArray[np.bool_] = lengths[0] == lengths[1]
    rows = np.flatnonzero(same)
    texts = [lists.take(pa.array(rows)) for lists in (a, b)]
    differ = pc.not_equal(texts[0].flatten(), texts[1].flatten()).to_numpy(zero_copy_only=False)
    place = pc.list_parent_indices(texts[0]).to_numpy()
    same[rows[place[differ]]] = False
    return same


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _identifiers(lists: pa.Array) -> Keys:
    """The values of identifiers: what follows a colon."""
    text, row = lists.flatten(), _parents(lists)
    texts, rows = [text[:0]], [row[:0]]
    while len(text):
        parts = pc.split_pattern(text, ":", max_splits=1)
        several = np.flatnonzero(pc.list_value_length(parts).to_numpy() > 1)
        text = pc.list_element(parts.take(pa.array(several)), 1)
        row = row[several]
        texts.append(text)
        rows.append(row)
    return _keys(pa.concat_arrays(texts), np.concatenate(rows))


def _parents(lists: pa.Array) -> npt.NDArray[np.int32]:
    rows: npt.NDArray[np.int32] = pc.list_parent_indices(lists).to_numpy().astype(np.int32)
    return rows


def _keys(texts: pa.Array, rows: npt.NDArray[np.int32]) -> Keys:
    """The texts in order, cut or filled up to one length."""
    begin, end, data = _bytes_of(pc.utf8_lower(texts))
    out = np.zeros((len(texts), KEY_BYTES), np.uint8)
    for n in range(KEY_BYTES):
        has = np.flatnonzero(end - begin > n)
        out[has, n] = data[begin[has] + n]
    fixed: Any = out.reshape(-1).view(f"S{KEY_BYTES}")
    order = np.argsort(fixed, kind="stable")
    return Keys(fixed[order], rows[order])


def _bytes_of(texts: pa.Array) -> tuple[Any, Any, npt.NDArray[np.uint8]]:
    """Where each text begins and ends, and the bytes that they lie in."""
    _, places, data = texts.cast(pa.large_string()).buffers()
    ends = np.frombuffer(places, np.int64)[texts.offset :][: len(texts) + 1]
    return ends[:-1], ends[1:], np.frombuffer(data or b"", np.uint8)
