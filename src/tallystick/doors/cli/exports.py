"""Commands that give everything: `ratings`, `promises`, `deals`. To a file all rows, in a stated order; to a
terminal the first of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Door,
    Json,
    KnownAt,
    Limit,
    Out,
    about,
    counted,
    emit,
    enter,
    number,
    out,
    say,
)
from tallystick.doors.cli.progress import cut_of

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table

    from tallystick.adapters.cuts import Cut
    from tallystick.book import Book

OfCompany = Annotated[
    str | None,
    typer.Option("--company", metavar="COMPANY", help="Only those of one company."),
]


def ratings(
    ctx: typer.Context,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    output: Out = None,
    limit: Limit = 40,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """All ratings: of each company its headline, then each role and each kind of promise.

    Columns: company, name, country, role, kind, scope, probability of breaking the next promise with its
    interval, grade, depth of evidence, score with its points, exposure, counts. Rows are ordered by company,
    scope, role and kind; the same book gives the same file. The terminal shows the headlines.

    \b
    Examples:
      tallystick ratings
      tallystick ratings -o ratings.csv
      tallystick ratings -o ratings.parquet --as-of 2025-06-30
      tallystick ratings -o ratings.jsonl.gz --known-at 2026-01-31T18:00:00Z
    """
    from tallystick.doors.cli.headlines import headlines, ratings_view

    door = enter(ctx, book, json)
    check_out(output)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = opened.ratings(cut=cut)
    if output is not None or door.json:
        write(door, cut, "ratings", found, output)
        return
    heads = headlines(found)
    out().print(ratings_view(heads.slice(0, limit)))
    _tell_rest(limit, len(heads), "companies")


def check_out(output: Path | None) -> None:
    """Refuse an ending that says no format before any work is done."""
    if output is not None:
        from tallystick.adapters.export import ending_of

        ending_of(output)


def write(door: Door, cut: Cut, what: str, rows: pa.Table, output: Path | None) -> None:
    """Write an export to its file; without a file (`--json`) to standard output."""
    from tallystick.adapters.export import ending_of, write_table
    from tallystick.doors.cli import tables

    shapes = {"ratings": tables.ratings_table, "promises": tables.promises_table}
    integers = output is None or ending_of(output) == ".parquet"
    table = shapes[what](rows, integers) if what in shapes else tables.deals_table(rows)
    if output is None:
        emit({**about(cut), "count": len(table), what: table.to_pylist()})
        return
    write_table(table, output)
    if door.json:
        emit({**about(cut), "count": len(table), "written": str(output)})
    else:
        say(f"Wrote {counted(len(table), 'row')} to {output}, as of {about(cut)['as_of']}.")


def promises(
    ctx: typer.Context,
    company: OfCompany = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    output: Out = None,
    limit: Limit = 40,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """All promises: who owed whom what by when, and what became of it.

    Columns: deal, kind, role, promisor, promisee, made, first_due, due, done, revisions, outcome, late_days,
    kept (share), fault, value, currency, strength of the evidence, link. Rows are ordered by deal, kind, item
    and promisor; the same book gives the same file.

    \b
    Examples:
      tallystick promises --company "Acme Trading"
      tallystick promises -o promises.csv
      tallystick promises -o promises.parquet --as-of 2025-06-30 --known-at 2025-07-01
    """
    door = enter(ctx, book, json)
    check_out(output)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = opened.promises(cut=cut)
        if company is not None:
            found = _of_company(found, opened.company_key(company, cut), ("promisor", "promisee"))
    if output is not None or door.json:
        write(door, cut, "promises", found, output)
        return
    out().print(_promises_view(found.slice(0, limit), opened.companies(cut)))
    _tell_rest(limit, len(found), "promises")


def _of_company(rows: pa.Table, key: int, columns: tuple[str, str]) -> pa.Table:
    import pyarrow.compute as pc

    first, second = (pc.fill_null(pc.equal(rows[name], key), False) for name in columns)
    return rows.filter(pc.or_(first, second))


def _promises_view(rows: pa.Table, companies: pa.Table) -> Table:
    from tallystick.doors.cli.show import percent, table
    from tallystick.doors.cli.tables import promises_table

    names = names_of(companies)
    shown = [
        [
            row["deal"],
            row["kind"],
            names.get(raw["promisor"], ""),
            names.get(raw["promisee"], ""),
            str(row["made"] or ""),
            str(row["due"] or ""),
            str(row["done"] or ""),
            row["outcome"] + (f" {row['late_days']} days" if row["outcome"] == "late" else ""),
            percent(int(row["kept"] * 1_000_000)),
            "" if row["value"] is None else f"{row['value']:,.2f} {row['currency']}",
        ]
        for row, raw in zip(promises_table(rows).to_pylist(), rows.to_pylist(), strict=True)
    ]
    columns = ("deal|", "promise|", "by", "to?", "made|?", "due|", "done|", "outcome|")
    return table((*columns, "kept>?", "value>?"), shown)


def deals(
    ctx: typer.Context,
    deal: Annotated[
        str | None, typer.Argument(metavar="DEAL", help="Code of one deal, D-...; none: all.")
    ] = None,
    company: OfCompany = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    output: Out = None,
    limit: Limit = 40,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """All deals; or one deal, as `tallystick deal` shows it.

    Rows are ordered by first day and deal.

    \b
    Examples:
      tallystick deals
      tallystick deals --company "Acme Trading"
      tallystick deals D-0000000000000
      tallystick deals -o deals.csv
    """
    door = enter(ctx, book, json)
    check_out(output)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        if deal is not None:
            from tallystick.doors.cli.one_deal import show_deal

            form = "json" if door.json else "terminal"
            show_deal(door, opened.deal(deal, cut), cut, form, None)
            return
        found = opened.deals(cut)
        if company is not None:
            found = _deals_of(opened, cut, found, company)
        if output is not None or door.json:
            write(door, cut, "deals", found, output)
            return
        out().print(_deals_view(opened, cut, found.slice(0, limit)))
    _tell_rest(limit, len(found), "deals")


def _deals_of(book: Book, cut: Cut, found: pa.Table, company: str) -> pa.Table:
    """Deals in which a company sells, buys or promised something."""
    import pyarrow.compute as pc

    key = book.company_key(company, cut)
    theirs = _of_company(cut.read("promises"), key, ("promisor", "promisee"))["deal"]
    mine = _of_company(found, key, ("seller", "buyer"))["deal"]
    either = pc.or_(
        pc.is_in(found["deal"], theirs.combine_chunks()),
        pc.is_in(found["deal"], mine.combine_chunks()),
    )
    return found.filter(either)


def _deals_view(book: Book, cut: Cut, rows: pa.Table) -> Table:
    from tallystick.doors.cli.show import table
    from tallystick.units import code_of, day_of

    raw = rows.to_pylist()
    names = names_of(book.companies(cut))
    shown: list[list[Any]] = [
        [
            code_of(row["deal"], "D"),
            "" if row["first_day"] is None else day_of(row["first_day"]).isoformat(),
            "" if row["last_day"] is None else day_of(row["last_day"]).isoformat(),
            names.get(row["seller"], ""),
            names.get(row["buyer"], ""),
            number(row["documents"]),
            number(row["breaks"]) if row["breaks"] else "",
            row["kinds"],
        ]
        for row in raw
    ]
    return table(
        ("deal|", "first|", "last|?", "seller", "buyer", "documents>", "breaks>", "kinds?"), shown
    )


def _tell_rest(limit: int, count: int, what: str) -> None:
    from tallystick.doors.cli.show import rest_of

    rest = rest_of(limit, count, what)
    if rest:
        say(rest)


def names_of(companies: pa.Table) -> dict[int | None, str]:
    """Company key -> name, or its identifier where it has none. `companies`: schema COMPANY."""
    found = companies.select(["company", "name", "ref"]).to_pylist()
    return {row["company"]: row["name"] or row["ref"] for row in found}
