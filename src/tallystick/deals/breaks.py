"""Breaks: where the documents of a deal disagree (quantities, prices, money, parties, accounts, cover, events),
and which documents it refers to that nobody has stated; each with who could have caused it.

Worked example: an order of 100.00 GBP and its invoice of 107.50 GBP give the break `amount`, "order and
invoice", expected 10,000, found 10,750 minor units of GBP, by the seller. An invoice that names an order PO-7
which is not in the book gives the break `missing document`, "invoice and order", with PO-7 as its unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.deals.break_kinds import CAUSES, PAIRS, PARTIES, with_role
from tallystick.engine import Engine, Question, Step, fill, sql_text, take
from tallystick.evidence.kinds import REFERENCE_SCOPE, TERMS
from tallystick.evidence.links import ordered_references

MISSING: Final = "missing document"

_KINDS: Final = """rfq quotation order order_change order_confirmation dispatch shipment transport_event receipt
warehouse_receipt warehouse_release export_declaration import_declaration policy claim proforma invoice
credit_note payment_instruction payment payment_return assignment""".split()  # fmt: skip

_COLUMNS: Final = """deal, doc_id, kind, contributor, mask, day, issued_day, due_day, amount_minor, currency,
quantity_milli, unit, status, terms, seller, buyer, recipient, account_key, item, own"""

_POINTS: Final = ("doc_id", "version", "kind", "ref1", "ref2", "ref3", "ref4")
"""Columns of a statement by which it is found what it names."""

BESIDE: Final = (
    *"doc_id kind seller recipient day amount_minor currency account_key".split(),
    *"own ref1 ref2 ref3 ref4".split(),
)
"""Columns of the statements that the documents of deals are compared with."""

_BESIDE: Final = {
    "billed_before": """
        SELECT DISTINCT seller, currency, account_key, day FROM said
        WHERE kind IN ('invoice', 'proforma') AND account_key IS NOT NULL AND seller IN (
          SELECT seller FROM doc_break
          WHERE kind IN ('invoice', 'proforma') AND account_key IS NOT NULL)""",
    "assigned_paper": """
        SELECT doc_id, recipient, day, amount_minor, currency, ref1, ref2, ref3, ref4 FROM said
        WHERE kind = 'assignment'""",
    "shipper": """
        SELECT DISTINCT seller FROM said WHERE kind IN ('dispatch', 'shipment', 'warehouse_release')
          AND seller IN (SELECT seller FROM doc_break)""",
}
"""What the texts read of the whole book beside the deals asked for, each kept once: `billed_before`, the
accounts that bills of these sellers name and when; `assigned_paper`, who finances which bills; `shipper`,
those of the sellers whose shipments the book sees."""

_TEXTS: Final = {
    "51_compared.sql": "TRUE",
    "52_prices.sql": "TRUE",
    "53_bills.sql": "TRUE",
    "54_parties.sql": "TRUE",
    "55_accounts.sql": "EXISTS (SELECT 1 FROM doc_break WHERE account_key IS NOT NULL)",
    "56_financing.sql": "EXISTS (SELECT 1 FROM assigned_paper)",
    "57_insurance.sql": "EXISTS (SELECT 1 FROM doc_break WHERE kind = 'policy')",
    "58_events.sql": "TRUE",
}
"""The texts, each with when it can find anything: of a few deals a text takes its time though it finds nothing.
`_useful` says the same of tables."""


def breaks(engine: Engine, deals: pa.Table | None = None) -> pa.Table:
    """Breaks of the deals named in the table `deals` (column `deal`), or of all.

    Reads the views `doc_linked`, `said`, `said_node` and `document_named`. Columns: deal, kind, between_kinds,
    expected, found, unit (of a missing document: its number), caused_by (roles that could have caused it, with
    commas between); ordered by all of them.
    """
    asked = "TRUE"
    if deals is not None:
        engine.register("asked_deal", deals.select(["deal"]))
        asked = _ASKED
    steps = _steps(asked)
    take(engine, steps)
    for name, table in _kinds().items():
        engine.register(name, table)
    asked_for = ", ".join(f"{when} AS t{n}" for n, when in enumerate(_TEXTS.values()))
    useful = engine.fetch(f"SELECT {asked_for}").to_pylist()[0].values()
    texts = [name for name, use in zip(_TEXTS, useful, strict=True) if use]
    found = engine.fetch(told_sql(texts))
    for step in reversed(steps):
        engine.drop(step.name)
    take(engine, _nowhere(asked))
    never = engine.fetch(sql_text(__package__, "61_missing.sql"))
    engine.drop("nowhere")
    return _in_order(found, never)


def breaks_among(
    engine: Engine,
    deals: pa.Array,
    linked: pa.Table,
    near: pa.Table,
    said: pa.Table,
    named: pa.Table,
) -> pa.Table:
    """Breaks of a few deals, as `breaks` has them, out of tables. `linked`: their documents (columns of
    `doc_linked`); `near`: the statements of these; `said`: with what the texts compare them, the columns BESIDE
    of at least all that their sellers said and of what bears a number that they name; `named`: doc_id, version
    and what it refers to (`named`) of each of their documents."""
    tables = {"asked_deal": pa.table({"deal": deals}), "doc_linked": linked}
    texts = _useful(linked, said)
    found = engine.answer(_question(texts), tables | {"said": said} | _kinds())
    around = {"said": near.select(_POINTS), "said_node": said.select(["own"])}
    never = engine.answer(_NEVER, tables | around | {"document_named": named})
    return _in_order(found, never)


def _useful(linked: pa.Table, said: pa.Table) -> tuple[str, ...]:
    """The texts that can find anything in some documents and what they are compared with, as _TEXTS says it."""
    useful = {
        "55_accounts.sql": linked["account_key"].null_count < len(linked),
        "56_financing.sql": _has(said, "assignment"),
        "57_insurance.sql": _has(linked, "policy"),
    }
    return tuple(name for name in _TEXTS if useful.get(name, True))


def _has(papers: pa.Table, kind: str) -> bool:
    """Whether any of some papers is of a kind."""
    return bool(pc.index(papers["kind"], kind).as_py() >= 0)


@cache
def _question(texts: tuple[str, ...]) -> Question:
    """What some of the texts find in the documents of the deals asked for."""
    return Question(told_sql(texts), _steps(_ASKED))


def _steps(asked: str) -> tuple[Step, ...]:
    """What the texts read, of the documents for which `asked` holds."""
    listed = ", ".join(f"'{kind}'" for kind in _KINDS)
    papers = f"SELECT {_COLUMNS} FROM doc_linked WHERE kind IN ({listed}) AND {asked}"
    return (
        Step("doc_break", papers, kept=True),
        Step("figure", sql_text(__package__, "50_figures.sql"), kept=True),
        *(Step(name, text, kept=True) for name, text in _BESIDE.items()),
    )


def _nowhere(asked: str) -> tuple[Step, ...]:
    """What is named and does not come, of the documents for which `asked` holds."""
    return (
        Step("doc_break", f"SELECT deal, doc_id FROM doc_linked WHERE {asked}"),
        Step("nowhere", sql_text(__package__, "60_nowhere.sql"), kept=True),
    )


def _in_order(found: pa.Table, never: pa.Table) -> pa.Table:
    """All breaks: where documents disagree, and references that lead nowhere."""
    found = pa.concat_tables([found.cast(_SCHEMA), _never_came(never)])
    return found.sort_by([(name, "ascending") for name in found.column_names])


_SCHEMA: Final = pa.schema(
    [
        ("deal", pa.int64()),
        ("kind", pa.string()),
        ("between_kinds", pa.string()),
        ("expected", pa.int64()),
        ("found", pa.int64()),
        ("unit", pa.string()),
        ("caused_by", pa.string()),
    ]
)


def told_sql(texts: Sequence[str] = tuple(_TEXTS)) -> str:
    """The query for all disagreements, or those that some texts find, with who could have caused each."""
    credit = ", ".join(f"'{term}'" for term, credit in TERMS.items() if credit)
    rows = "\nUNION ALL\n".join(
        f"SELECT * FROM ({fill(sql_text(__package__, name), {'credit': credit})}) t{n}"
        for n, name in enumerate(texts)
    )
    return fill(sql_text(__package__, "59_told.sql"), {"rows": rows})


@cache
def _kinds() -> dict[str, pa.Table]:
    """The tables of kinds that the texts read."""
    pairs = pa.Table.from_pylist([pair._asdict() for pair in PAIRS])
    names = ["between_kinds" if name == "between" else name for name in pairs.column_names]
    parties = [{"role": role, "expects": one, "finds": other} for role, one, other in PARTIES]
    readings = [{"way": way, "deposit": deposit} for way in (0, 1, 2) for deposit in (0, 1)]
    causes = [
        {
            "kind": kind,
            "between_kinds": between,
            "caused_by": roles,
            "with_buyer": with_role(roles, "buyer"),
            "with_seller": with_role(roles, "seller"),
        }
        for (kind, between), roles in CAUSES.items()
    ]
    return {
        "break_pair": pairs.rename_columns(names),
        "party_pair": pa.Table.from_pylist(parties),
        "reading": pa.Table.from_pylist(readings),
        "break_kind": pa.Table.from_pylist(causes),
    }


def _never_came(never: pa.Table) -> pa.Table:
    """References that lead nowhere (rows of 61_missing.sql), as breaks."""
    missing = [row for row in map(_missing, never.to_pylist()) if row]
    told = {(row["deal"], row["between_kinds"], row["unit"]): row for row in missing}
    return pa.Table.from_pylist(list(told.values()), schema=_SCHEMA)


def _missing(row: dict[str, Any]) -> dict[str, Any] | None:
    """The break of one reference that leads nowhere; None for the number of a whole transaction."""
    named = [(ref["kind"], ref["number"], ref["namespace"]) for ref in row["named"]]
    kind, number, _ = ordered_references(named)[row["place"] - 1]
    if kind == "deal":
        return None
    roles = {REFERENCE_SCOPE.get(row["kind"], ""), REFERENCE_SCOPE.get(kind, "")} - {""}
    between = f"{row['kind']} and {kind}"
    return {
        "deal": row["deal"],
        "kind": MISSING,
        "between_kinds": between,
        "unit": number,
        "caused_by": ",".join(sorted(roles)),
    }


_ASKED: Final = "deal IN (SELECT deal FROM asked_deal)"
_MISSED: Final = f"SELECT * FROM ({sql_text(__package__, '61_missing.sql')}) m"
_NEVER: Final = Question(_MISSED, _nowhere(_ASKED))
