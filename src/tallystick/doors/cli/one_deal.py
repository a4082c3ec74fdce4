"""One deal on one screen: its documents by day with file and row, its promises, and its breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tallystick.doors.cli.common import Door, about, emit, note, out

if TYPE_CHECKING:
    import pyarrow as pa

    from tallystick.adapters.cuts import Cut
    from tallystick.book import Book


def show_deal(door: Door, book: Book, cut: Cut, code: str) -> None:
    """Print the deal with that code. Raises `EvidenceError` where the book has none."""
    found = read_deal(book, cut, code)
    if door.json:
        emit({**about(cut), **found})
        return
    from rich.text import Text

    from tallystick.doors.cli.show import table

    console = out()
    parties = ", ".join(f"{role} {name}" for role, name in found["parties"].items())
    console.print(Text.assemble((f"Deal {found['deal']}", "bold"), f"\n{parties}\n"))
    documents = [_document_cells(row) for row in found["documents"]]
    columns = ("day|", "document|", "number", "status", "amount>", "source")
    console.print(table(columns, documents, title="Documents"))
    if found["promises"]:
        promises = [_promise_cells(row) for row in found["promises"]]
        columns = ("promise|", "by", "due|", "done|", "outcome|", "value>")
        console.print(table(columns, promises, title="Promises"))
    if found["breaks"]:
        broken = [_break_cells(row) for row in found["breaks"]]
        console.print(
            table(("break", "between", "expected>", "found>", "by"), broken, title="Breaks")
        )
    else:
        note(
            "The documents of this deal agree with each other, and none that they name is missing."
        )


def read_deal(book: Book, cut: Cut, code: str) -> dict[str, Any]:
    """A deal as JSON has it: parties by role, documents, promises, breaks."""
    from tallystick.doors.cli.tables import promises_table
    from tallystick.evidence.ledger import EvidenceError
    from tallystick.units import key_of

    key = key_of(code)
    documents = book.documents_of(cut, [key]).to_pylist()
    if not documents:
        raise EvidenceError(f"the book has no deal {code}; list them with `tallystick deals`")
    import pyarrow.compute as pc

    names = names_of(book.companies(cut))
    rows = book.promises(cut=cut)
    rows = rows.filter(pc.equal(rows["deal"], key))
    promises = promises_table(rows).to_pylist()
    for row, promisor in zip(promises, rows["promisor"].to_pylist(), strict=True):
        row["promisor_name"] = names.get(promisor)
    return {
        "deal": code.strip().upper(),
        "parties": _parties(documents, names),
        "documents": [_document(row, names) for row in documents],
        "promises": promises,
        "breaks": [_break(row, names) for row in book.breaks(cut, [key]).to_pylist()],
    }


def names_of(companies: pa.Table) -> dict[int | None, str]:
    """Company key -> name, or its identifier where it has none. `companies`: schema COMPANY."""
    found = companies.select(["company", "name", "ref"]).to_pylist()
    return {row["company"]: row["name"] or row["ref"] for row in found}


def _parties(
    documents: Sequence[Mapping[str, Any]], names: Mapping[int | None, str]
) -> dict[str, str]:
    """The first company in each role that takes part."""
    from tallystick.evidence.kinds import ROLES

    found: dict[str, str] = {}
    for role in ROLES[2:]:
        keys = [row[role] for row in documents if row.get(role)]
        if keys:
            found[role] = names.get(keys[0], "")
    return found


def _document(row: Mapping[str, Any], names: Mapping[int | None, str]) -> dict[str, Any]:
    from tallystick.units import day_of

    return {
        "day": None if row["day"] is None else day_of(row["day"]).isoformat(),
        "kind": row["kind"],
        "number": row["number"],
        "status": row["status"],
        "issuer": names.get(row["issuer"]),
        "amount": _amount(row["amount_minor"], row["currency"]),
        "currency": row["currency"],
        "source": row["source"],
        "row": row["row"],
        "batch_version": row["version"],
    }


def _amount(minor: int | None, currency: str | None) -> Decimal | None:
    from tallystick.units import from_minor

    return None if minor is None or currency is None else from_minor(minor, currency)


def _break(row: Mapping[str, Any], names: Mapping[int | None, str]) -> dict[str, Any]:
    """A break in the unit that people use: amounts in currency, quantities whole, days as dates."""
    from tallystick.deals.breaks import MISSING
    from tallystick.report import disagreement

    known = {key: name for key, name in names.items() if key is not None}
    lacking = row["kind"] == MISSING
    return {
        "kind": row["kind"],
        "between": row["between_kinds"].replace("_", " "),
        "expected": disagreement.expected(row, known),
        "found": None if lacking else disagreement.reading(row, row["found"], known),
        "caused_by": [role for role in (row["caused_by"] or "").split(",") if role],
    }


def _document_cells(row: Mapping[str, Any]) -> list[str]:
    amount = "" if row["amount"] is None else f"{row['amount']:,} {row['currency']}"
    source = row["source"] or ""
    place = f"{source}:{row['row']}" if row["row"] is not None else source
    return [row["day"] or "", row["kind"], row["number"] or "", row["status"] or "", amount, place]


def _promise_cells(row: Mapping[str, Any]) -> list[str]:
    late = f" {row['late_days']} days" if row["outcome"] == "late" else ""
    value = "" if row["value"] is None else f"{row['value']:,.2f} {row['currency']}"
    by = f"{row['promisor_name'] or ''} ({row['role']})"
    return [
        row["kind"],
        by,
        str(row["due"] or ""),
        str(row["done"] or ""),
        row["outcome"] + late,
        value,
    ]


def _break_cells(row: Mapping[str, Any]) -> list[str]:
    from tallystick.deals.breaks import MISSING

    found = "not in the book" if row["kind"] == MISSING else row["found"] or ""
    return [row["kind"], row["between"], row["expected"] or "", found, ", ".join(row["caused_by"])]
