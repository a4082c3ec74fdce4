"""Links that no document states: which bill money is for, which order goods belong to.

Idea: a document that names no other can only be placed by what it says: who, how much, how many, when, and
for money the numbers that hide in its text. Each step takes what is clear and leaves the rest to the next:
numbers in the text, then amounts, then sums of several, then the course that a deal takes. A wrong link is
worse than none, so where two bills or orders fit about as well nothing is linked; and every link has a
strength, by which the promises that hang on it count less.

Worked example: a payment of 990.00 EUR with the text "RE INV-7, INV 8" is for invoice INV-7 (the word INV7 is
its number without marks) by the rule `payment-by-number`; one of 990.00 without text, of the buyer of a single
open invoice of 1,000.00, is for that one, less 10.00 of fees, with the strength 700,000.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.engine import Engine, fill, sql_text

Rates = Callable[[int, int], pa.Table]
"""Exchange rates from one day number to another: currency, day, nano_cents."""

INFERRED: Final = pa.schema(
    [
        pa.field("a", pa.int64()),
        pa.field("b", pa.int64()),
        pa.field("weak", pa.int64()),
        pa.field("ppm", pa.int64()),
        pa.field("rule", pa.string()),
        pa.field("seller", pa.int64()),
        pa.field("doc_id", pa.string()),
        pa.field("item", pa.int64()),
        pa.field("part_minor", pa.int64()),
        pa.field("part_currency", pa.string()),
        pa.field("tie", pa.bool_()),
    ]
)
"""One inferred link. `a`, `b`: nodes; `weak`: the end that it brings in; `doc_id`: the document that was
placed; `item`: the bill that money is for, with the part of the money that is for it (null: all of
it), in `part_currency` (null: its own);
`tie`: whether it ties deals together: money for several bills hangs on the first."""

MONEY: Final = ("payment", "payment_return", "payment_instruction", "remittance")
WORDED: Final = (*MONEY, "invoice", "proforma", "credit_note")
"""Kinds of which the texts of this stage read `number` and `note`: where a text reads more, say so here."""
MANY: Final = 20
"""Bills of one pair among which sums are tried."""


class Rule(NamedTuple):
    """A document of `kind` follows one of `anchor`, from `before` days before it to `after` days after (or
    until its due day). `turn`: anchors of the first turn that has a clear one win. `compares`: how the amounts
    stand to each other. `once`: whether an anchor has one such document of a contributor."""

    kind: str
    anchor: str
    turn: int
    before: int
    after: int
    compares: str = "same"
    once: bool = True
    weak: str = "open"
    until_due: bool = False


RULES: Final = (
    Rule("quotation", "rfq", 1, 0, 45),
    Rule("order", "quotation", 1, 0, 30, weak="anchor", until_due=True),
    Rule("order", "rfq", 2, 0, 90, weak="anchor"),
    Rule("order_confirmation", "order", 1, 0, 45),
    Rule("order_change", "order", 1, 0, 120, once=False),
    Rule("order_cancellation", "order", 1, 0, 200),
    Rule("proforma", "order", 1, 2, 60, "part"),
    Rule("inspection", "order", 1, 0, 150),
    Rule("booking", "order", 1, 0, 150),
    Rule("dispatch", "order", 1, 0, 180, once=False),
    Rule("dispatch", "invoice", 2, 60, 60, once=False),
    Rule("shipment", "order", 1, 0, 180),
    Rule("shipment", "invoice", 2, 60, 60),
    Rule("transport_event", "order", 1, 0, 240, once=False),
    Rule("transport_event", "invoice", 2, 90, 120, once=False),
    Rule("receipt", "order", 1, 0, 240, once=False),
    Rule("receipt", "invoice", 2, 60, 120, once=False),
    Rule("export_declaration", "invoice", 1, 10, 60, "declared"),
    Rule("export_declaration", "order", 2, 0, 200, "declared"),
    Rule("import_declaration", "invoice", 1, 10, 120, "declared"),
    Rule("import_declaration", "order", 2, 0, 240, "declared"),
    Rule("customs_event", "order", 1, 0, 240, once=False),
    Rule("policy", "order", 1, 0, 180, "insured"),
    Rule("policy", "invoice", 2, 60, 60, "insured"),
    Rule("invoice", "order", 1, 1, 240),
    Rule("freight_invoice", "order", 1, 0, 240, "none"),
    Rule("credit_note", "invoice", 1, 0, 240, "part"),
    Rule("refund_approval", "invoice", 1, 0, 365, "part"),
    Rule("refund", "invoice", 1, 0, 365, "part"),
    Rule("reminder", "invoice", 1, 0, 365, "part", once=False),
    Rule("dispute", "order", 1, 0, 300),
    Rule("dispute", "invoice", 2, 0, 300),
    Rule("dispute_response", "dispute", 1, 0, 120),
    Rule("dispute_ruling", "dispute", 1, 0, 200),
    Rule("claim", "policy", 1, 0, 365),
    Rule("claim_settlement", "claim", 1, 0, 365, "part"),
    Rule("quotation_withdrawal", "quotation", 1, 0, 120),
    Rule("review", "order", 1, 0, 365),
    Rule("review", "invoice", 2, 0, 365),
)
"""The course of a deal, as far as a document that names nothing can be placed in it."""

_HINTED: Final = (
    "kind IN (SELECT kind FROM money_kind) AND item IS NULL AND ref1 IS NOT NULL "
    "AND seller IS NOT NULL"
)
_STEPS: Final[dict[str, dict[str, str]]] = {
    "32_by_number.sql": {},
    "33_by_amount.sql": {"fitting": "33_fitting.sql"},
    "34_in_parts.sql": {"few": "34_few.sql", "part_found": "34_found.sql"},
}
"""The steps that place money, each with what is kept for it, since an engine may work out a named part anew
wherever it is read."""

_DROPPED: Final = " -/._#"
_PARTED: Final = ",;:()+*=?!|&"
_SQUEEZED: Final = f"translate(upper(number), '{_DROPPED}', '')"
NUMBER_KEY: Final = (
    f"CASE WHEN LENGTH({_SQUEEZED}) >= 4 AND {_SQUEEZED} <> translate({_SQUEEZED}, '0123456789', '') "
    f"THEN {_SQUEEZED} END"
)
"""A document's number as it is looked for in texts; null where it is too short to be told from other words."""
_WORDS: Final = (
    f"translate(translate(upper(note), '{_PARTED}', '{' ' * len(_PARTED)}'), '{_DROPPED[1:]}', '')"
)


def infer(engine: Engine, rates: Rates, said: str = "said") -> pa.Table:
    """Links between documents of the view `said` that nothing states (schema INFERRED), in a stable order.
    Reads `document_named` and `document_text` (doc_id, version, number, note) too."""
    kinds = sorted({*MONEY, *(rule.kind for rule in RULES)})
    engine.register("open_kind", pa.table({"kind": kinds}))
    engine.register("money_kind", pa.table({"kind": list(MONEY)}))
    engine.keep("hinted", f"SELECT doc_id, version, seller, ref1 FROM {said} WHERE {_HINTED}")
    engine.keep("loose", _text("29_loose.sql", said))
    engine.keep("open", _text("30_open.sql", said))
    found = [INFERRED.empty_table()]
    days = engine.fetch(
        "SELECT MIN(day) AS first_day, MAX(day) AS last_day, COUNT(m.kind) AS money "
        "FROM open o LEFT JOIN money_kind m ON m.kind = o.kind"
    ).to_pylist()[0]
    if days["first_day"] is not None:
        if days["money"]:
            engine.register("link_fx", rates(days["first_day"], days["last_day"]))
            found += _money(engine, said)
        found.append(_course(engine, said, found))
    for name in ("open", "loose", "hinted", "open_kind", "money_kind"):
        engine.drop(name)
    links = pa.concat_tables(found)
    return links.sort_by([(name, "ascending") for name in INFERRED.names])


def _money(engine: Engine, said: str) -> list[pa.Table]:
    """What open money is for: by numbers, by amounts, by sums; each step sees what the earlier ones placed."""
    engine.keep("bill", _text("31_bill.sql", said))
    engine.keep("told", _text("31_told.sql", said))
    found: list[pa.Table] = []
    for step, kept in _STEPS.items():
        _place(engine, found)
        for name, text in kept.items():
            engine.keep(name, _text(text, said))
        found.append(_links(engine.fetch(_text(step, said))))
        for name in kept:
            engine.drop(name)
    engine.drop("bill")
    engine.drop("told")
    return found


def _course(engine: Engine, said: str, before: list[pa.Table]) -> pa.Table:
    _place(engine, before)
    names = ("kind", "anchor", "turn", "before_days", "after_days", "compares", "once", "weak")
    columns = list(zip(*RULES, strict=True))
    table = dict(zip((*names, "until_due"), columns, strict=True))
    for flag in ("once", "until_due"):
        table[flag] = tuple(int(value) for value in table[flag])
    engine.register("link_rule", pa.table({name: list(values) for name, values in table.items()}))
    engine.keep("course", _text("35_course.sql", said))
    links = _links(engine.fetch(_text("35_by_course.sql", said)))
    engine.drop("course")
    return links


def _place(engine: Engine, found: list[pa.Table]) -> None:
    """Make readable what is placed already: `placed` (doc_id) and `paid_item` (item)."""
    so_far = pa.concat_tables([INFERRED.empty_table(), *found])
    engine.register("placed", so_far.select(["doc_id"]).group_by("doc_id").aggregate([]))
    items = so_far.select(["item"]).filter(so_far["item"].is_valid())
    engine.register("paid_item", items.group_by("item").aggregate([]))


def _links(rows: pa.Table) -> pa.Table:
    """Rows of a step as INFERRED: which end is weak, and which of a document's links ties."""
    rows = rows.sort_by([("doc_id", "ascending"), ("b", "ascending")])
    doc, weak = rows["doc_id"].combine_chunks(), rows["a"]
    if "weak" in rows.column_names:
        weak = pc.if_else(pc.equal(rows["weak"], "anchor"), rows["b"], rows["a"])
    again = pc.equal(doc.slice(1), doc.slice(0, max(0, len(doc) - 1)))
    tie = pa.concat_arrays([pa.array([True] * min(1, len(doc)), pa.bool_()), pc.invert(again)])
    told = {name: rows[name] for name in INFERRED.names if name in rows.column_names}
    told.setdefault("part_currency", pa.nulls(len(rows), pa.string()))
    table = pa.table({**told, "weak": weak, "tie": tie})
    return table.select(INFERRED.names).cast(INFERRED)


def _text(name: str, said: str) -> str:
    values: dict[str, int | str] = {
        "said": said,
        "number_key": NUMBER_KEY,
        "words": _WORDS,
        "many": MANY,
    }
    return fill(sql_text(__package__, name), values)
