"""The documents about a company that were struck: what they were, when, by whom and why they count nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from tallystick.adapters.cuts import Cut
from tallystick.evidence.kinds import ROLES
from tallystick.units import DAY_US, day_of


def struck_of(cut: Cut, company: int) -> list[dict[str, Any]]:
    """One row for each document that is struck and named the company, newest strike first: kind, number,
    contributor, `on` (ISO day of the strike), by, reason and why."""
    struck = cut.snapshot.struck
    if not struck:
        return []
    merged = cut.rows("merged", "company", pa.array([company], pa.int64()))
    members = {company, *merged["party"].to_pylist()}
    found = []
    for row, verdict in _struck(cut):
        if not members & {row[role] for role in ROLES}:
            continue
        who = struck.contributors.get(row["version"])
        told = {name: row[name] for name in ("doc_id", "kind", "number")}
        told |= {"contributor": who.name if who else "–", "at_us": verdict["at_us"]}
        told["on"] = day_of(verdict["at_us"] // DAY_US).isoformat()
        found.append(told | {name: verdict[name] for name in ("by", "reason", "why")})
    return sorted(found, key=lambda row: (-row["at_us"], row["doc_id"]))


def struck_counts(cut: Cut) -> dict[int, int]:
    """Company -> how many documents that named it are struck."""
    named = [{row[role] for role in ROLES} - {None} for row, _ in _struck(cut)]
    if not named:
        return {}
    parties = pa.array(set().union(*named), pa.int64())
    merged = cut.rows("merged", "party", parties).to_pylist()
    company = {row["party"]: row["company"] for row in merged}
    told = ({company.get(party, party) for party in parties} for parties in named)
    return dict(Counter(one for some in told for one in some))


def _struck(cut: Cut) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each document that is struck, with the verdict on it."""
    struck = cut.snapshot.struck
    if not struck:
        return
    verdicts = {row["doc_id"]: row for row in struck.having("struck").to_pylist()}
    for row in struck.documents.to_pylist():
        if row["doc_id"] in verdicts:
            yield row, verdicts[row["doc_id"]]
