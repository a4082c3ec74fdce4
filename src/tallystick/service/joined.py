"""Companies that were joined or parted, told as changes, so that whoever watches one hears of it.

Worked example: B was joined to A. B is served no more: its last change says `{"kind": "joined", "into": A}`,
and A has one that says `{"kind": "absorbed", "companies": [B]}` beside what moved its rating. When a person
parts them again, A has one that says `{"kind": "split", "companies": [B]}`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from tallystick.adapters.cuts import Cut
from tallystick.adapters.store import served
from tallystick.adapters.store.served import Served
from tallystick.service.body import headline_of
from tallystick.units import code_of

Row = dict[str, Any]


def unlike(made: Iterator[Served], known: dict[int, str], new: list[int]) -> Iterator[Served]:
    """The bodies whose etag is not the known one, which are taken out of `known`; those that were not served
    at all are noted in `new`."""
    for row in made:
        etag = known.pop(row.company, None)
        if etag is None:
            new.append(row.company)
        if etag != row.etag:
            yield row


def note(
    db: sa.Connection,
    cut: Cut,
    was: Cut | None,
    gone: Collection[int],
    new: Collection[int],
    at_us: int,
) -> bool:
    """Note who was joined to whom among those that are `gone`, and who was parted from whom among the `new`;
    whether anybody was. `was`: the cut that was served before."""
    into = merged(cut, gone)
    out_of = merged(was, new) if was is not None else {}
    bodies = served.bodies(db, {*into, *into.values(), *out_of.values()})
    rows = [_joined(company, to, bodies, at_us) for company, to in sorted(into.items())]
    for kind, pairs in (("absorbed", into), ("split", out_of)):
        others: dict[int, list[int]] = defaultdict(list)
        for company, whole in sorted(pairs.items()):
            others[whole].append(company)
        for whole, parts in others.items():
            if whole in bodies:
                rows.append(_whole(whole, kind, parts, bodies[whole], at_us))
    served.add_changes(db, rows)
    return bool(rows)


def merged(cut: Cut, parties: Collection[int]) -> dict[int, int]:
    """Party -> the company that it was joined to, of those that were joined to another."""
    if not parties:
        return {}
    rows = cut.rows("merged", "party", pa.array(sorted(parties), pa.int64())).to_pylist()
    return {row["party"]: row["company"] for row in rows if row["party"] != row["company"]}


def _joined(company: int, into: int, bodies: Mapping[int, Row], at_us: int) -> Row:
    body = bodies.get(company)
    cause = {"kind": "joined", "into": code_of(into, "C"), "name": body and body["company"]["name"]}
    return _change(company, body, None, cause, at_us)


def _whole(company: int, kind: str, parts: list[int], body: Row, at_us: int) -> Row:
    cause = {"kind": kind, "companies": [code_of(part, "C") for part in parts]}
    return _change(company, body, body, cause, at_us)


def _change(company: int, before: Row | None, after: Row | None, cause: Row, at_us: int) -> Row:
    head = headline_of(before)
    told = {"before": json.dumps(head) if head else None, "after": json.dumps(headline_of(after))}
    return {"company": company, "at_us": at_us, "cause": json.dumps(cause), **told}
