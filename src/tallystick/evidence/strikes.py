"""Striking evidence: a document that was decided to be wrong counts nowhere, and does not come back.

Idea: a strike is a document of the kind `strike`, handed in by the operator of the book. Its `number` is the
`doc_id` of the document that it strikes, `status` says `struck` or `restored`, `reason` what was wrong with it
(a key of `DISPUTED`), `note` why in words. So it has an author and a time, is only ever added to, is replayed
by `known_at`, and goes with its batch when that is retracted. Of several about one document the latest counts.

Worked example: a market says that invoice 7 over 1,000 is unpaid; the company disputes the amount and is right.
Struck for `wrong_amount`, that document counts nowhere, in whatever batch it stands. Sent again with another
note, it is still the market's invoice 7 over 1,000, and blocked; over 900, it is a correction, and let in. Two
more ways to say it again, and why they are closed or open: docs/decisions/0020-struck-evidence.md.

>>> DISPUTED["wrong_amount"]
('amount_minor', 'currency')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final

import pyarrow as pa

from tallystick.evidence.contributor import Contributor
from tallystick.evidence.kinds import ROLES
from tallystick.evidence.schema import STORED
from tallystick.units import digest, micros

STRIKE: Final = "strike"
"""The kind of document that strikes another."""

STATUSES: Final = ("struck", "restored")

_DATES: Final = ("day", "issued_day", "due_day", "deliver_day")
_MONEY: Final = ("amount_minor", "currency")
_PRINCIPALS: Final = ("issuer", "recipient", "seller", "buyer", "subject")
_LINKS: Final = ("ref1", "ref2", "ref3", "ref4", "item")

ALL: Final = (
    *_DATES,
    *_MONEY,
    *("quantity_milli", "unit", "status", "reason", "fault", "terms", "score_ppm", "account_key"),
    *ROLES,
    *_LINKS,
)
"""All that later stages read of a statement: columns of the view `said` besides kind and number. Parties stand
in them as companies. What is not here (note, source, row, Incoterm) makes no other statement."""

DISPUTED: Final[Mapping[str, tuple[str, ...]]] = {
    "not_ours": _PRINCIPALS,
    "wrong_company": _PRINCIPALS,
    "wrong_amount": _MONEY,
    "wrong_date": _DATES,
    "already_settled": (*_MONEY, "status"),
    "duplicate": (),
    "fault_of_another": ("fault",),
    "other": ALL,
}
"""What was wrong -> what a statement of the same contributor, kind and number must differ in to be let in.
A `duplicate` is not let in at all: there is nothing to correct in it."""

STRUCK: Final = pa.schema(
    [
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("why", pa.string()),
        pa.field("by", pa.string(), nullable=False),
        pa.field("at_us", pa.int64(), nullable=False),
        pa.field("since", pa.int64(), nullable=False),
    ]
)
"""The last word on a document: who struck or restored it, when (microseconds), why, and the version of the
batch that says so. `reason` is a key of `DISPUTED`."""


@dataclass(frozen=True, slots=True)
class Struck:
    """What was struck, as it was known at a time. `verdicts`: schema STRUCK, by doc_id; `documents`: what the
    struck documents say (schema STORED), one copy of each, whether or not its batch still counts;
    `contributors`: who handed in the versions of those copies."""

    verdicts: pa.Table = field(default_factory=STRUCK.empty_table)
    documents: pa.Table = field(default_factory=STORED.empty_table)
    contributors: Mapping[int, Contributor] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return "struck" in self.verdicts["status"].to_pylist()

    def key(self) -> str:
        """Name of what was struck, empty where nothing was: equal keys strike alike."""
        if not self:
            return ""
        rows = self.verdicts.select(["doc_id", "status", "reason", "since"]).to_pylist()
        return digest(*(f"{value}" for row in rows for value in row.values()))

    def having(self, status: str) -> pa.Table:
        """The verdicts of one status."""
        return self.verdicts.filter(
            pa.array([s == status for s in self.verdicts["status"].to_pylist()])
        )


def last_words(rows: pa.Table, operators: Mapping[int, Contributor]) -> pa.Table:
    """The verdicts that stand (schema STRUCK), by doc_id, out of documents (STORED) of the kind `strike`.

    Only those of versions in `operators` count. A strike that is retracted as a document restores. Of several
    the latest counts, and equal moments are decided by doc_id, not by arrival.
    """
    found: dict[str, tuple[tuple[int, str], dict[str, object]]] = {}
    for row in rows.to_pylist():
        if row["version"] not in operators or row["kind"] != STRIKE or not row["number"]:
            continue
        order = (_moment_us(row), row["doc_id"])
        if row["number"] in found and found[row["number"]][0] >= order:
            continue
        struck = row["action"] != "retract" and row["status"] != "restored"
        found[row["number"]] = (
            order,
            {
                "doc_id": row["number"],
                "status": "struck" if struck else "restored",
                "reason": row["reason"] if row["reason"] in DISPUTED else "other",
                "why": row["note"],
                "by": operators[row["version"]].name,
                "at_us": order[0],
                "since": row["version"],
            },
        )
    return pa.Table.from_pylist([found[key][1] for key in sorted(found)], schema=STRUCK)


def _moment_us(row: Mapping[str, object]) -> int:
    moment, day = row["happened_at"], row["issued_on"]
    if isinstance(moment, datetime):
        return micros(moment)
    return micros(datetime.combine(day, time(), UTC)) if isinstance(day, date) else 0
