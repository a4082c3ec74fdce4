"""The command `link`: records of any table, or of two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import Door, Json, emit, enter, number, out, say

if TYPE_CHECKING:
    from tallystick.adapters.linking.files import Outcome


def link(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV (also .gz) or Parquet.")],
    other: Annotated[
        Path | None, typer.Argument(metavar="FILE2", help="A second table, to be linked to it.")
    ] = None,
    model: Annotated[
        str,
        typer.Option("--model", metavar="M", help="person, company, payment, or a TOML file."),
    ] = "person",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write the records with their cluster."),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option("--pairs", metavar="FILE", help="Write the pairs, weighed, with reasons."),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field", metavar="NAME=COLUMN", help="Which column a field of the model is."
        ),
    ] = None,
    identifier: Annotated[
        str | None,
        typer.Option("--id", metavar="COLUMN", help="What names a record. [default: its row]"),
    ] = None,
    truth: Annotated[
        str | None,
        typer.Option("--truth", metavar="COLUMN", help="Measure against this column."),
    ] = None,
    json: Json = False,
) -> None:
    """Link records: which rows of a table, or of two, mean the same person, company or payment.

    The model says what the columns mean; nothing has to be labelled. What a field tells is learned from the
    records: agreeing on a rare name tells more than on a common one. Pairs then join from the strongest down;
    one weak pair between two clusters does not join them, and `exclusive` fields keep records apart. Weights
    are in thousandths of a bit: +1000 makes "the same" twice as likely, and those of the fields and the prior
    add up to that of the pair. No book is needed and none is touched.

    \b
    Examples:
      tallystick link members.csv --out linked.csv
      tallystick link old.csv new.parquet --model company --id number --out linked.csv --pairs why.csv
      tallystick link sent.csv received.csv --model payment --field memo=reference --out matched.csv
      tallystick link shops.csv --model shops.toml --truth owner

    docs/how-to/link-records.md tells how to write a model of your own. Needs Splink (the
    extra `link`): `pip install 'splink>=5'`.
    """
    from tallystick.adapters.linking.files import link_files
    from tallystick.doors.cli.progress import steps

    door = enter(ctx, None, json)
    chosen = dict(_field(text) for text in field or [])
    files = [file] if other is None else [file, other]
    with steps(door) as step:
        done = link_files(files, model, output, pairs, chosen, identifier, truth, step)
    _tell(door, done, output)


def _field(text: str) -> tuple[str, str]:
    name, found, column = text.partition("=")
    if not found or not name or not column:
        raise typer.BadParameter(f"{text!r} is not NAME=COLUMN, such as postcode=zip_code")
    return name.strip(), column.strip()


def _tell(door: Door, done: Outcome, output: Path | None) -> None:
    counts: dict[str, Any] = {
        "model": done.model,
        "fields": list(done.fields),
        "records": done.records.num_rows,
        "clusters": done.clusters,
        "records_together": done.together,
        "pairs": done.pairs.num_rows,
    }
    if done.quality is not None:
        names = ("precision", "recall", "f1", "bcubed_precision", "bcubed_recall", "bcubed_f1")
        counts |= dict(zip(names, done.quality.figures(), strict=True))
    if door.json:
        emit(counts)
        return
    say(
        f"{number(done.records.num_rows)} records, {number(done.clusters)} clusters; "
        f"{number(done.together)} records share theirs. Compared: {', '.join(done.fields)}."
    )
    if done.quality is not None:
        pair, each = done.quality.pairwise, done.quality.bcubed
        for label, score in (("pairwise", pair), ("B-cubed", each)):
            say(
                f"{label}: precision {score.precision:.4f}, recall {score.recall:.4f}, "
                f"F1 {score.f1:.4f}"
            )
    if output is None:
        _show(done)


def _show(done: Outcome) -> None:
    """The first pairs, strongest first; a file has them all."""
    from tallystick.doors.cli.show import table

    rows = [
        [
            row["left"],
            row["right"],
            "yes" if row["together"] else "no",
            number(row["weight"]),
            "; ".join(f"{f} {row[f'{f}_said']}" for f in _compared(row)),
        ]
        for row in done.pairs.slice(0, 20).to_pylist()
    ]
    out().print(table(("left|", "right|", "joined", "weight>", "why"), rows))
    say("All of it: --out FILE for the records, --pairs FILE for the pairs.")


def _compared(row: dict[str, Any]) -> list[str]:
    said = [name.removesuffix("_said") for name in row if name.endswith("_said")]
    return [name for name in said if row[f"{name}_said"] != "missing"]
