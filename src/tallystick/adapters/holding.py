"""Corrections and retractions whose document has not come yet: they are stored, counted as held, and
listed with the rejects, so that nobody takes silence for success.

Idea: what they correct is the document of the same contributor, kind and number, which is what its
`own_key` says. A batch without such documents costs one look at one column.

Worked example: `retract invoice 7` before the invoice 7: the batch has `held` 1 and a reject with rule
`target-not-yet-seen` and outcome "held". When invoice 7 comes, it is retracted at once.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.ledger.tables import some_columns, some_documents
from tallystick.evidence.ledger import Ledger, Staged
from tallystick.evidence.rules import HELD_RULE
from tallystick.evidence.schema import DOCUMENT, REJECT

_COLUMNS = ("kind", "number", "own_key", "source", "row")


def with_held(staged: Staged, *ledgers: Ledger) -> Staged:
    """The batch with its corrections and retractions of documents that none of the ledgers has told as held."""
    if isinstance(staged.documents, pa.Table) and staged.documents[
        "action"
    ].unique().to_pylist() in (
        ["state"],
        [],
    ):
        return staged  # by far the most batches, and small ones must be fast
    amending, stated = _split(staged)
    if not amending.num_rows:
        return staged
    who = staged.contributor.name
    before = [_stated_before(ledger, who, amending) for ledger in ledgers]
    known = pa.concat_arrays([stated, *before])
    waiting = amending.filter(pc.invert(pc.is_in(amending["own_key"], value_set=known)))
    told = [_told(row) for row in waiting.to_pylist()]
    rejects = pa.concat_tables([staged.rejects, pa.Table.from_pylist(told, schema=REJECT)])
    return replace(staged, rejects=rejects, held=staged.held + len(told))


def _split(staged: Staged) -> tuple[pa.Table, pa.Array]:
    """The rows that correct or retract, and the keys of those that state, where there are any such rows."""
    empty, none = pa.array([], pa.int64()), DOCUMENT.empty_table().select(_COLUMNS)
    actions = some_columns(staged.documents, DOCUMENT, ["action"])
    if not any(pc.any(pc.not_equal(table["action"], "state")).as_py() for table in actions):
        return none, empty
    found, stated = [none], [empty]
    for table in some_columns(staged.documents, DOCUMENT, ("action", *_COLUMNS)):
        found.append(table.filter(pc.not_equal(table["action"], "state")).select(_COLUMNS))
    amending = pa.concat_tables(found)
    for table in some_columns(staged.documents, DOCUMENT, ("action", "own_key")):
        keys = table.filter(pc.equal(table["action"], "state"))["own_key"]
        stated.append(_among(keys, amending))
    return amending, pa.concat_arrays(stated)


def _stated_before(ledger: Ledger, contributor: str, amending: pa.Table) -> pa.Array:
    """Keys among those of `amending` under which the contributor has stated a document."""
    snapshot = ledger.snapshot()
    versions = [version for version, who in snapshot.live.items() if who.name == contributor]
    if not versions:
        return pa.array([], pa.int64())
    columns = ["own_key", "action", "version"]
    filters = (
        pc.field("version").isin(versions)
        & (pc.field("action") == "state")
        & pc.field("own_key").isin(amending["own_key"].combine_chunks())
    )
    found = some_documents(snapshot, columns, filters)
    keys = [_among(table["own_key"], amending) for table in found]
    return pa.concat_arrays(keys)


def _among(keys: pa.ChunkedArray, amending: pa.Table) -> pa.Array:
    wanted = amending["own_key"].combine_chunks()
    return keys.filter(pc.is_in(keys, value_set=wanted)).combine_chunks()


def _told(row: dict[str, object]) -> dict[str, object]:
    return {
        "source": row["source"],
        "row": row["row"],
        "field": "number",
        "rule": HELD_RULE.name,
        "message": HELD_RULE.message.format(**row),
        "fix": HELD_RULE.fix,
        "value": row["number"],
        "outcome": "held",
    }
