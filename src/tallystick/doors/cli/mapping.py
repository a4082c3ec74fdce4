"""Commands about mapping files: `mapping suggest`, `mapping check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import Exit, Json, counted, emit, enter, out, say

if TYPE_CHECKING:
    from tallystick.adapters.tables import Preview
    from tallystick.evidence.formats.suggest_parties import Own

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="""Say how to read your own tables: draft a mapping file, and see what it makes of the first rows.

\b
The way through it:
  tallystick mapping suggest orders.csv -o orders.toml
  (edit orders.toml: every line says how sure the draft is)
  tallystick mapping check orders.csv --mapping orders.toml
  tallystick ingest orders.csv --mapping orders.toml
""",
)

TableFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="CSV, TSV, JSON Lines, Parquet, also .gz; a workbook (xlsx ...).",
    ),
]


@app.command("suggest")
def suggest(
    ctx: typer.Context,
    file: TableFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to write the draft.")
    ] = None,
    own: Annotated[
        str | None,
        typer.Option(
            "--own", metavar="NAME", help="Whose export it is: the side that it never names."
        ),
    ] = None,
    own_country: Annotated[
        str,
        typer.Option("--own-country", metavar="COUNTRY", help="Their country: DE, Germany, 德国."),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    json: Json = False,
) -> None:
    """Draft a mapping for a table from its columns and first rows.

    An export seldom says whose it is: --own does, else a line is left to fill in. Exports of well-known
    shops and payment services are known by their columns. A file that is there already is not replaced unless
    --force: it may hold your edits.

    \b
    Examples:
      tallystick mapping suggest orders.csv
      tallystick mapping suggest orders.csv -o orders.toml --own "Hansa Import GmbH" --own-country DE
    """
    from tallystick.adapters.tables import suggest_mapping
    from tallystick.evidence.ledger import EvidenceError

    door = enter(ctx, None, json)
    if output is not None and output.exists() and not force:
        raise EvidenceError(
            f"{output} is there already; name another file, or replace it with --force"
        )
    draft = suggest_mapping(file, _own(own, own_country))
    if output is not None:
        output.write_text(draft, encoding="utf-8", newline="\n")
    if door.json:
        emit({"file": str(file), "written": str(output) if output else None, "mapping": draft})
    elif output is None:
        typer.echo(draft, nl=not draft.endswith("\n"))
    else:
        say(
            f"Wrote {output}. Look it through, then: tallystick mapping check {file} --mapping {output}"
        )


def _own(name: str | None, country: str) -> Own | None:
    """Whose export it is, as the command line says it."""
    from tallystick.evidence.countries import country_code
    from tallystick.evidence.formats.suggest_parties import Own

    if country and not name:
        raise typer.BadParameter("--own-country needs --own NAME: a country alone names nobody")
    if country and country_code(country) is None:
        raise typer.BadParameter(
            f"--own-country: {country} is no country; give a code (DE) or a name"
        )
    return Own(name, country) if name else None


@app.command("check")
def check(
    ctx: typer.Context,
    file: TableFile,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", "-m", metavar="FILE", help="The mapping; none: canonical columns."
        ),
    ] = None,
    rows: Annotated[int, typer.Option("--rows", min=1, max=1000, help="Rows to look at.")] = 5,
    json: Json = False,
) -> None:
    """Show what the first rows of a table become under a mapping. Nothing is put into a book.

    Ends with 1 when a row has a problem.

    \b
    Examples:
      tallystick mapping check orders.csv --mapping orders.toml
      tallystick mapping check orders.csv -m orders.toml --rows 20
    """
    from tallystick.adapters.intake import read_mapping
    from tallystick.adapters.tables import preview

    door = enter(ctx, None, json)
    rules = read_mapping(mapping) if mapping is not None else None
    found = preview(file, rules, rows)
    problems = sum(len(row.rejects) for row in found)
    if door.json:
        emit({"file": str(file), "rows": [_row(row) for row in found], "problems": problems})
    else:
        for row in found:
            _show(row)
        made = sum(len(row.documents) for row in found)
        told = (counted(len(found), "row"), counted(made, "document"), counted(problems, "problem"))
        say(", ".join(told) + ".")
    if problems:
        raise typer.Exit(int(Exit.NOT_DONE))


def _row(row: Preview) -> dict[str, Any]:
    bad = [{"role": role, "identifier": ref} for role, ref in row.bad_ids]
    return {"row": row.row, "documents": row.documents, "rejects": row.rejects, "bad_ids": bad}


def _show(row: Preview) -> None:
    from rich.text import Text

    from tallystick.doors.cli.show import table

    console = out()
    console.print(Text(f"row {row.row}", style="bold"))
    for document in row.documents:
        console.print(table((str(document["kind"]), ""), _cells(document)))
    for role, ref in row.bad_ids:
        told = f"  {role}: the check digits of {ref} are wrong, so that it is kept and nobody is matched by it"
        console.print(Text(told, style="yellow"))
    for reject in row.rejects:
        where = f"{reject['field']}: " if reject["field"] else ""
        value = f" (found {reject['value']!r})" if reject["value"] is not None else ""
        text = f"  {reject['outcome']}: {where}{reject['message']}{value}. {reject['fix']}"
        console.print(Text(text, style="red"))
    if not row.documents and not row.rejects:
        console.print(Text("  left out by `when`", style="dim"))


def _cells(document: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    """The fields of a document as people read them: amounts in their currency, references as a line."""
    cells: list[list[str]] = []
    for name, value in document.items():
        if name == "kind" or (name == "action" and value == "state") or name == "currency":
            continue
        cells.append(_cell(name, value, document))
    return cells


def _cell(name: str, value: Any, document: Mapping[str, Any]) -> list[str]:
    from datetime import time
    from decimal import Decimal

    from tallystick.units import from_minor

    if name == "amount_minor" and document.get("currency"):
        return ["amount", f"{from_minor(value, document['currency']):,} {document['currency']}"]
    if name == "quantity_milli":
        return ["quantity", f"{Decimal(value) / 1000:f}"]
    if name == "happened_at" and value.time() == time():
        return [name, value.date().isoformat()]
    if name == "references":
        return [name, ", ".join(f"{ref['kind']} {ref['number']}" for ref in value)]
    return [name, str(value)]
