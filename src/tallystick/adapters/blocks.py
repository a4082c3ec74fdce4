"""Rows in the order of a key, in blocks that are read one by one.

Idea: Parquet is read by row groups of thousands of rows, and a look at one company needs a handful of each.
Here a block has some hundred, compressed by itself, and the file is mapped into memory: nothing of it is read
through, however large it is, and what it says of itself is a list of places.

Worked example: rows with the keys 1, 1, 2 | 2, 5, 7 lie in two blocks with the least keys 1 and 2. Who asks for
2 reads both of them, who asks for 5 or 6 the second alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Ints = npt.NDArray[np.int64]

BLOCK_ROWS: Final = 512
_AT_ONCE: Final = 128
"""Blocks that are written at once."""


def lay_blocks(source: Path, key: str, target: Path) -> None:
    """Write the rows of a Parquet file, which are in the order of `key`, in blocks. `target`: a path without an
    ending; beside the rows lie the least keys of the blocks."""
    least: list[int] = []
    how = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        pq.ParquetFile(source) as file,
        pa.OSFile(f"{target}.arrow", "wb") as sink,
        pa.ipc.new_file(sink, file.schema_arrow, options=how) as writer,
    ):
        for batch in file.iter_batches(BLOCK_ROWS * _AT_ONCE):
            for begin in range(0, len(batch), BLOCK_ROWS):
                least.append(batch[key][begin].as_py())
                writer.write_batch(batch.slice(begin, BLOCK_ROWS))
    np.save(f"{target}.npy", np.array(least, np.int64))


def rows_at(
    target: Path,
    key: str,
    wanted: Ints,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
) -> pa.Table:
    """The rows whose key is among some, in the order of the key, and for which `where` holds; of some of their
    columns, or all. Others are not unpacked."""
    least = np.load(f"{target}.npy")
    asked = np.unique(wanted)
    low, high = (np.searchsorted(least, asked, side) for side in ("left", "right"))
    # a key may begin in the block before the first that has it as its least one
    spans = [np.arange(max(a - 1, 0), b) for a, b in zip(low, high, strict=True)]
    blocks = np.unique(np.concatenate([np.empty(0, np.int64), *spans]).astype(np.int64))
    file = _opened(target, () if columns is None else (key, *columns))
    rows = pa.Table.from_batches([file.get_batch(int(n)) for n in blocks], file.schema)
    among = pa.array(asked, pa.int64())
    if where is None:
        found = rows.filter(pc.is_in(rows[key], value_set=among))
    else:
        found = rows.filter(pc.field(key).isin(among) & where)
    return found if columns is None else found.select(columns)


def _opened(target: Path, columns: Sequence[str]) -> pa.RecordBatchFileReader:
    """A file in blocks, of which some columns are read, or all. By one thread: to share what is so little takes
    four times as long."""
    source = pa.memory_map(f"{target}.arrow")
    names = pa.ipc.open_file(source).schema.names if columns else []
    places = [place for place, name in enumerate(names) if name in columns]
    how = pa.ipc.IpcReadOptions(included_fields=places, use_threads=False)
    return pa.ipc.open_file(source, options=how)
