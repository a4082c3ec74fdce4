"""How full and how late the documents are that a contributor handed in, as the book keeps them.

Idea: what was rejected says how a file is written; what was taken in says whether it is of use. A bill without
a due date makes no promise to pay, one without references finds no order, and an arrival that is told three
months after it happened rates nobody in time. The engine counts both over the columns of the documents.

Worked example: of two invoices of 1 July one has a due date: `{"kind": "invoice", "documents": 2, "due": 1 …}`;
handed in on the 3rd and the 9th they came 2 and 8 days late: `{"month": "2026-07", "documents": 2, "p50_days":
2, "p90_days": 8}`. A quantile is the smallest lateness that so many of the documents do not exceed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow as pa

from tallystick.engine import Engine
from tallystick.evidence.kinds import KINDS, ROLES
from tallystick.evidence.ledger import Batch, Snapshot
from tallystick.units import DAY_US, PPM, day_of

MOST: Final = 5_000_000
"""Documents that are counted, the newest batches first."""
FIELDS: Final = ("number", "date", "amount", "due", "references", "terms", "parties")
"""What documents are asked for, in the order of the page. `date`: when it was so; `parties`: at least one is
named, and all that are by a valid identifier."""
_FACTS: Final = (*(name for name, kind in KINDS.items() if "subject" in kind.needs), "strike")
"""Kinds that tell what is so of a company, perhaps for years: they are not late."""
_ASKED: Final = {
    "amount": frozenset(
        """quotation order order_confirmation contract export_declaration import_declaration policy claim
        claim_settlement proforma invoice freight_invoice credit_note debit_note remittance payment_instruction
        payment payment_return refund_approval refund assignment letter_of_credit escrow_hold
        escrow_release""".split()
    ),
    "due": frozenset(name for name, kind in KINDS.items() if kind.due_on),
    "references": frozenset(KINDS) - {*_FACTS, "rfq", "order", "contract", "policy"},
    "terms": frozenset({"quotation", "order", "contract", "proforma", "invoice"}),
}
"""Field -> the kinds whose documents are asked for it; every other field is asked of all. An order may refer to
a quotation, but need not."""

_DATE: Final = "COALESCE(unix_date(CAST(d.happened_at AS DATE)), unix_date(d.issued_on))"
_COLUMNS: Final = (
    "kind",
    "number",
    "amount_minor",
    "due_on",
    "terms",
    "issued_on",
    "happened_at",
    *ROLES,
)


def shares(row: Mapping[str, Any]) -> tuple[int | None, ...]:
    """Of a row of `filled` the share of documents with each of FIELDS, in ppm; None where documents of the kind
    neither have the field nor are asked for it."""
    return tuple(
        row[name] * PPM // row["documents"] if row[name] or asked(row["kind"], name) else None
        for name in FIELDS
    )


def asked(kind: str, name: str) -> bool:
    """Whether documents of a kind should have a field.

    >>> asked("invoice", "due"), asked("payment", "due"), asked("payment", "parties")
    (True, False, True)
    """
    return kind in _ASKED.get(name, KINDS)


def newest(batches: Iterable[Batch], snapshot: Snapshot, contributor: str | None) -> pa.Table:
    """(version, day, month) of the newest batches of a contributor (None: of all) that count, up to MOST
    documents: when each was handed in."""
    rows, documents = [], 0
    for batch in sorted(batches, key=lambda one: -one.version):
        who = snapshot.live.get(batch.version)
        if who is None or contributor not in (None, who.name) or documents >= MOST:
            continue
        documents += batch.accepted + batch.held
        day = batch.recorded_at_us // DAY_US
        rows.append((batch.version, day, day_of(day).isoformat()[:7]))
    version, day_in, month = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "version": pa.array(version, pa.int64()),
            "day": pa.array(day_in, pa.int64()),
            "month": pa.array(month, pa.string()),
        }
    )


def register_handed(engine: Engine, snapshot: Snapshot, batches: pa.Table) -> None:
    """Make the documents of some batches (see `newest`) readable as `handed`, and as `unnumbered` the parties
    that those batches describe by a name alone."""
    engine.register("handed_batch", batches)
    engine.register("handed_inbox", snapshot.inbox_documents)
    engine.register("unnumbered_inbox", snapshot.inbox_parties)
    documents, parties = ["handed_inbox"], ["unnumbered_inbox"]
    if snapshot.documents:
        engine.register_parquet("handed_sealed", snapshot.documents)
        documents.append("handed_sealed")
    if snapshot.parties:
        engine.register_parquet("unnumbered_sealed", snapshot.parties)
        parties.append("unnumbered_sealed")
    columns = ", ".join(f"d.{name}" for name in _COLUMNS)
    listed = "COALESCE(CARDINALITY(d.references), 0) AS named"
    rows = (
        f"SELECT {columns}, {listed}, {_DATE} AS so_day, b.day, b.month FROM {part} d "
        "JOIN handed_batch b ON b.version = d.version WHERE NOT d.duplicate"
        for part in documents
    )
    engine.define("handed", " UNION ALL ".join(rows))
    names = (
        f"SELECT p.party FROM {part} p JOIN handed_batch b ON b.version = p.version "
        "WHERE p.ref LIKE 'name:%'"
        for part in parties
    )
    engine.define("unnumbered", f"SELECT DISTINCT party FROM ({' UNION ALL '.join(names)}) p")


def filled(engine: Engine) -> list[dict[str, Any]]:
    """Of the documents `handed` of each kind, how many there are and how many have each of FIELDS; most
    documents first."""
    joins = " ".join(
        f"LEFT JOIN unnumbered n{n} ON n{n}.party = d.{role}" for n, role in enumerate(ROLES)
    )
    bare = " AND ".join(f"n{n}.party IS NULL" for n in range(len(ROLES)))
    some = f"COALESCE({', '.join(f'd.{role}' for role in ROLES)}) IS NOT NULL"
    sql = (
        "SELECT d.kind, COUNT(*) AS documents, COUNT(d.number) AS number, COUNT(d.so_day) AS date, "
        "COUNT(d.amount_minor) AS amount, COUNT(d.due_on) AS due, "
        "COUNT(CASE WHEN d.named > 0 THEN 1 END) AS refs, COUNT(d.terms) AS terms, "
        f"COUNT(CASE WHEN {some} AND {bare} THEN 1 END) AS parties "
        f"FROM handed d {joins} WHERE d.kind NOT IN ('identity', 'strike') "
        "GROUP BY d.kind ORDER BY documents DESC, d.kind"
    )
    rows = engine.fetch(sql).rename_columns(["kind", "documents", *FIELDS])
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def lateness(engine: Engine) -> list[dict[str, Any]]:
    """By month of handing in the documents `handed` that have a date, oldest month first, and how many days
    after it they came: exact quantiles. A date in the future is no lateness."""
    facts = ", ".join(f"'{kind}'" for kind in _FACTS)
    late = (
        "SELECT month, CASE WHEN day > so_day THEN day - so_day ELSE 0 END AS late_days FROM handed "
        f"WHERE so_day IS NOT NULL AND kind NOT IN ({facts})"
    )
    days = f"SELECT month, late_days, COUNT(*) AS n FROM ({late}) l GROUP BY month, late_days"
    running = (
        "SELECT month, late_days, n, SUM(n) OVER (PARTITION BY month) AS documents, "
        f"SUM(n) OVER (PARTITION BY month ORDER BY late_days) AS running FROM ({days}) d"
    )
    sql = (
        "SELECT month, CAST(MAX(documents) AS BIGINT) AS documents, "
        "MIN(CASE WHEN running * 2 >= documents THEN late_days END) AS p50_days, "
        "MIN(CASE WHEN running * 10 >= documents * 9 THEN late_days END) AS p90_days "
        f"FROM ({running}) r GROUP BY month ORDER BY month"
    )
    found: list[dict[str, Any]] = engine.fetch(sql).to_pylist()
    return found
