"""Which descriptions two tables do not have in common, where they have nearly all.

Idea: descriptions are sorted by party. Those of parties that are described as often in both are laid side by
side, and mostly are the same, column by column; only what is left is compared as texts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.identity.ordering import flags, repeated

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def difference(known: pa.Table, parties: pa.Table) -> tuple[Ints, Flags]:
    """Parties that are described otherwise in `parties` than in `known`, and which descriptions are new. Both
    by party (see `by_party`)."""
    old, new = known["party"].to_numpy(), parties["party"].to_numpy()
    mine, yours = _as_often(new, old), _as_often(old, new)
    if not _same(parties, np.flatnonzero(mine), known, np.flatnonzero(yours)):
        return _as_texts(known, parties)
    changed, some = _as_texts(known.filter(pa.array(~yours)), parties.filter(pa.array(~mine)))
    fresh = ~mine
    fresh[~mine] = some
    return changed, fresh


def _same(one: pa.Table, rows: Ints, other: pa.Table, others: Ints) -> bool:
    """Whether some rows of two tables are the same, row by row; compared where they lie, stretch by stretch."""
    broken = (np.diff(rows) != 1) | (np.diff(others) != 1)
    ends = [*(np.flatnonzero(broken) + 1).tolist(), len(rows)]
    begins = [0, *ends[:-1]]
    return all(
        one.slice(rows[begin], end - begin).equals(other.slice(others[begin], end - begin))
        for begin, end in zip(begins, ends, strict=True)
        if end > begin
    )


def _as_often(mine: Ints, yours: Ints) -> Flags:
    """The rows of `mine` whose party is in as many rows of `yours`; both ascending."""
    first = ~repeated(mine)
    keys = mine[first]
    counts = np.diff(np.append(np.flatnonzero(first), len(mine)))
    theirs = np.searchsorted(yours, keys, "right") - np.searchsorted(yours, keys, "left")
    return np.repeat(theirs == counts, counts)


def _as_texts(known: pa.Table, parties: pa.Table) -> tuple[Ints, Flags]:
    old, new = _texts(known), _texts(parties)
    fresh = ~flags(pc.is_in(new, value_set=old))
    gone = ~flags(pc.is_in(old, value_set=new))
    ends = (parties["party"].to_numpy()[fresh], known["party"].to_numpy()[gone])
    return np.unique(np.concatenate(ends)), fresh


def _texts(parties: pa.Table) -> pa.Array:
    lists = [pc.binary_join(parties[name], "\x1e") for name in ("ids", "traits")]
    columns = [parties["ref"], parties["name"], parties["country"], *lists]
    joined = pc.binary_join_element_wise(*columns, "\x1f", null_handling="replace")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
