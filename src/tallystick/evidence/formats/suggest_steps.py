"""What became of orders, where a table of orders says it in further columns: documents of their own.

Idea: a seller's sheet has a row per order, and beside it the days on which goods left, arrived, were due for
payment and were paid. An order alone promises; those days say whether it was kept. So each makes one more
document of the row, which refers to the order. A day that is only planned ("ship by", "estimated delivery")
stays with the order.

Worked example: `Order No, Order Date, Ship by, Shipped on, Due date, Paid on` becomes an order with its date of
dispatch, a dispatch, an invoice with its due date, and a payment of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tallystick.evidence.formats.sniff import date_format
from tallystick.evidence.formats.suggest_details import quoted
from tallystick.evidence.formats.suggest_words import (
    ARRIVED,
    LEFT,
    PAID,
    PAY_BY,
    PLANNED,
    SHIP_BY,
    WORDS,
    says,
)

Columns = Mapping[str, Sequence[str]]
"""Name of a column -> its cells that are not empty."""


def _happened(name: str) -> str | None:
    """What a column of days says that happened: goods `left` or `arrived`, money was `paid`. What was delivered
    to the carrier has left the seller, and arrived nowhere."""
    if says(name, PLANNED):
        return None
    if says(name, LEFT) or (says(name, ARRIVED) and says(name, WORDS["carrier"])):
        return "left"
    return "arrived" if says(name, ARRIVED) else "paid" if says(name, PAID) else None


def steps_of(columns: Columns) -> dict[str, str]:
    """What happened -> the column that says when: `left`, `arrived`, and `due` with `paid` where the table says
    anything of the goods too. One that only says when money was due and paid is a table of invoices."""
    dated = [name for name, cells in columns.items() if date_format(tuple(cells)) is not None]
    found: dict[str, str] = {}
    for name in dated:
        step = _happened(name)
        if step:
            found.setdefault(step, name)
    due = [n for n in dated if says(n, PAY_BY) and not says(n, SHIP_BY)]
    of_goods = {"left", "arrived"} & found.keys() or any(_is_plan(name) for name in dated)
    if due and "paid" in found and of_goods:
        return found | {"due": due[0]}
    found.pop("paid", None)
    return found


def _is_plan(name: str) -> bool:
    return bool(says(name, SHIP_BY) and says(name, PLANNED))


def step_lines(
    steps: Mapping[str, str],
    number: str,
    issued_on: str,
    money: Sequence[str],
    parties: Mapping[str, str],
    received: str | None = None,
) -> list[str]:
    """Lines of the documents that tell what became of orders. `number`, `issued_on`: columns of the order;
    `money`: lines of its amount and currency; `parties`: role -> line; `received`: column of the quantity."""
    sides = [parties[role] for role in ("seller", "buyer") if role in parties]
    carrier = [parties["carrier"]] if "carrier" in parties else []
    of_order = _refers("order", number)
    lines: list[str] = []
    if "left" in steps:
        told = "the table also says when goods left the seller"
        lines += _document("dispatch", told, steps["left"], number)
        lines += [_day("happened_at", steps["left"]), *sides, *carrier, of_order]
    if "arrived" in steps and received:
        told = "the table also says what was received and when"
        lines += _document("receipt", told, steps["arrived"], number)
        lines += [_day("happened_at", steps["arrived"]), f"quantity = {quoted(received)}"]
        lines += [*sides, of_order]
    elif "arrived" in steps:
        told = "the table also says when they arrived"
        lines += _document("transport_event", told, steps["arrived"], number)
        lines += [_day("happened_at", steps["arrived"]), 'status = { const = "delivered" }']
        lines += [*sides, *carrier, of_order]
    if "due" in steps and money:
        told = "the table also says when money was due"
        billed = steps.get("left", issued_on)
        lines += _document("invoice", told, steps["due"], number, steps.get("left"))
        lines += [
            f"{_day('issued_on', billed)}  # confidence: low; no column says when it was billed"
        ]
        lines += [_day("due_on", steps["due"]), *money, *sides, of_order]
        told = "the table also says when it was paid"
        lines += _document("payment", told, steps["paid"], None)
        lines += [_day("happened_at", steps["paid"]), *money, *sides, _refers("invoice", number)]
    return lines


def _document(
    kind: str, told: str, column: str, number: str | None, besides: str | None = None
) -> list[str]:
    """The head of a document that is there where its columns say something."""
    head = [
        "",
        "[[document]]",
        f'kind = "{kind}"  # confidence: medium; {told}',
        where_told(*(name for name in (column, besides) if name)),
    ]
    return [*head, f"number = {quoted(number)}"] if number else head


def _day(field: str, column: str) -> str:
    return f"{field} = {quoted(column)}"


def _refers(kind: str, number: str) -> str:
    return f'references = [{{ kind = "{kind}", number = {quoted(number)} }}]'


def where_told(*columns: str) -> str:
    """The line by which a document is there where columns say something."""
    names = (name if name.isidentifier() else f'"{name}"' for name in columns)
    needed = " and ".join(f"{name} is not null" for name in names)
    return f"when = {quoted(needed)}" if "'" in needed else f"when = '{needed}'"
