"""The companies that some batches name."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.cuts import Cut


def companies_named(cut: Cut, versions: Collection[int]) -> list[int]:
    """The companies of a cut that the descriptions in the batches of those versions mean, ascending."""
    where = pc.field("version").isin(sorted(versions))
    snapshot, keys = cut.snapshot, []
    keys.append(snapshot.inbox_parties.filter(where)["party"])
    if snapshot.parties:
        files = list(snapshot.parties)
        keys.append(pq.read_table(files, columns=["party"], filters=where)["party"])
    parties = np.unique(np.concatenate([column.to_numpy() for column in keys]))
    merged = cut.rows("merged", "party", pa.array(parties, pa.int64()))
    gone, into = (merged[name].to_numpy() for name in ("party", "company"))
    known = cut.rows(
        "companies", "company", pa.array(np.union1d(parties, into), pa.int64()), ["company"]
    )
    meant = np.union1d(np.setdiff1d(parties, gone), into)
    return sorted(np.intersect1d(meant, known["company"].to_numpy()).tolist())
