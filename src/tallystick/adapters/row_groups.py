"""What Parquet notes of the row groups of a file that never changes: which of them may hold what is looked for.

Worked example: a file has groups with the keys 1 to 4 and 5 to 9. Who asks for 2 and 3 reads the first alone,
who asks for 10 none.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Ints = npt.NDArray[np.int64]


@lru_cache(512)
def metadata(path: Path) -> pq.FileMetaData:
    """What a file says of itself."""
    return pq.read_metadata(path)


@lru_cache(512)
def schema_of(path: Path) -> pa.Schema:
    """The columns of a file."""
    return pq.read_schema(path)


def groups_with(path: Path, key: str, wanted: Ints) -> list[int]:
    """The places of the row groups that may hold one of some integers in a column."""
    low, high = _spans(path, key)
    asked = np.sort(wanted)
    met = np.searchsorted(asked, low, "left") < np.searchsorted(asked, high, "right")
    places: list[int] = np.flatnonzero(met).tolist()
    return places


@lru_cache(512)
def _spans(path: Path, key: str) -> tuple[Ints, Ints]:
    """The least and the greatest value of a column of integers in each row group."""
    found, whole = metadata(path), np.iinfo(np.int64)
    column = [found.schema.column(n).path for n in range(len(found.schema))].index(key)
    noted = (found.row_group(n).column(column).statistics for n in range(found.num_row_groups))
    told = [
        (s.min, s.max) if s is not None and s.has_min_max else (whole.min, whole.max) for s in noted
    ]
    spans = np.array(told, np.int64).reshape(-1, 2)
    return spans[:, 0], spans[:, 1]
