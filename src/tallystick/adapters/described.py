"""Who described a company, and which domains they listed for it: out of the evidence itself.

A cut keeps what is described, not by whom; the ledger's rows of parties have the version of their batch, and so
the contributor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.cuts import Cut
from tallystick.evidence.details import hosts_of
from tallystick.evidence.ledger import Contributor
from tallystick.units import hash64


def describers(cut: Cut, company: int) -> set[str]:
    """The names of all contributors whose evidence that counts describes a company."""
    live = cut.snapshot.live
    return {live[row["version"]].name for row in _rows(cut, company, live)}


def lists_domain(cut: Cut, company: int, domain: str, kinds: Collection[str]) -> bool:
    """Whether a contributor of one of some kinds lists a domain for a company. Domains are kept as hashes, so
    one can be checked and none be read."""
    wanted = {f"domain:{hash64('domain', host):016x}" for host in hosts_of(domain) or ()}
    by = {v: who for v, who in cut.snapshot.live.items() if who.kind in kinds}
    return any(wanted & set(row["traits"] or ()) for row in _rows(cut, company, by))


def _rows(
    cut: Cut, company: int, versions: Collection[int] | dict[int, Contributor]
) -> Iterator[dict[str, Any]]:
    """The descriptions of a company in some batches: party, version, traits."""
    merged = cut.rows("merged", "company", pa.array([company], pa.int64()))["party"].to_pylist()
    parties = pa.array([company, *merged], pa.int64())
    batches = pa.array(sorted(versions), pa.int64())
    columns = ["party", "version", "traits"]
    mine = pc.field("party").isin(parties) & pc.field("version").isin(batches)
    for path in cut.snapshot.parties:
        yield from pq.read_table(path, columns=columns, filters=mine, partitioning=None).to_pylist()
    yield from cut.snapshot.inbox_parties.filter(mine).select(columns).to_pylist()
