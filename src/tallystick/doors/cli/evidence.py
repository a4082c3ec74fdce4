"""Commands that put evidence in: `init`, `ingest`, `batches`, `retract`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import (
    BookDir,
    Door,
    Exit,
    Json,
    counted,
    emit,
    enter,
    note,
    number,
    out,
    say,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from tallystick.book import Book, IngestResult
    from tallystick.evidence.ledger import Batch, Contributor, Receipt

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder to make. [default: as --book]")
    ] = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Make an empty book.

    A book is a folder. One that is there already is left as it is.

    \b
    Examples:
      tallystick init
      tallystick init shop.book
      TALLYSTICK_BOOK=shop.book tallystick init
    """
    door = enter(ctx, folder or book, json)
    there = _is_book(door.folder)
    with door.open(create=True) as opened:
        where = opened.path
    if door.json:
        emit({"book": str(where), "created": not there})
    elif there:
        say(f"{where} is a book already; it is left as it is.")
    else:
        say(f"Made the book {where}. Put something in: tallystick ingest PATH --book {where}")


def ingest(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", "-m", metavar="FILE", help="How to read a table (TOML)."),
    ] = None,
    contributor: Annotated[
        str | None,
        typer.Option("--contributor", metavar="NAME", help="Who hands this in."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="KIND", help="Kind of contributor: firm, marketplace, bank ..."
        ),
    ] = None,
    identifier: Annotated[
        str | None,
        typer.Option("--id", metavar="SCHEME:VALUE", help="The contributor's own company."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects", metavar="FILE", help="One file for all rejects (.csv .jsonl ...)."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 when a document was rejected.")
    ] = False,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Take files, folders and archives in; each file is recognised by what it holds.

    Tables: CSV, TSV, JSON Lines, Parquet, workbooks (xlsx, xls, ods). Documents: see
    docs/reference/formats.md. All also as .gz, and in .zip and .tar archives. What is not understood is
    passed over and named, with what it seems to be.

    Each table is a batch; the XML and JSON documents of one contributor are one more. A batch is taken
    whole or not at all, and taking the same one again changes nothing. Every document is accounted for:
    accepted, duplicate, held (it waits for another one) or rejected. Rejects come back as a CSV file in the
    current folder, with the fix for each. Without --contributor, a file contributor.toml beside the data
    says who hands it in. A book that does not exist is made.

    \b
    Examples:
      tallystick ingest orders.csv --mapping orders.toml
      tallystick ingest invoices/ --contributor "Acme Trading" --id lei:529900T8BM49AURSDO55
      tallystick ingest export.parquet --contributor Tradeport --kind marketplace --strict
      tallystick ingest world/                     what `tallystick simulate` wrote
    """
    door = enter(ctx, book, json)
    who = _who(contributor, kind, identifier)
    fresh = not _is_book(door.folder)
    _refuse_early([*paths, *([mapping] if mapping else [])], paths if fresh else [], rejects)
    with door.open(create=True) as opened:
        if fresh:
            note(f"Made the book {opened.path}.")
        result = _take(opened, door, paths, mapping, who)
        files = _write_rejects(result.receipts, rejects)
    _account(door, result, files)
    if strict and any(receipt.batch.rejected for receipt in result.receipts):
        raise typer.Exit(int(Exit.REJECTED))


def _refuse_early(named: list[Path], unread: list[Path], rejects: Path | None) -> None:
    """Refuse what is not there or, of `unread`, what no reader reads, before a book is made for it."""
    from tallystick.adapters.export import ending_of
    from tallystick.adapters.files import find_files
    from tallystick.evidence.ledger import EvidenceError

    if rejects is not None:
        ending_of(rejects)
    for path in named:
        if not path.exists():
            raise EvidenceError(f"{path} does not exist")
    if unread:
        find_files(unread)


def _is_book(folder: Path) -> bool:
    return (folder / "tallystick.json").exists()


def _who(name: str | None, kind: str | None, identifier: str | None) -> Contributor | None:
    """The contributor that the options name. A kind or an identifier alone names nobody."""
    if name is None:
        if kind or identifier:
            raise typer.BadParameter(
                "--kind and --id describe a contributor: give --contributor too"
            )
        return None
    from tallystick.adapters.contributors import contributor

    return contributor(name, kind or "firm", identifier)


def _take(
    book: Book, door: Door, paths: Sequence[Path], mapping: Path | None, who: Contributor | None
) -> IngestResult:
    """Ingest; where it ends early, the error says what stands."""
    from tallystick.doors.cli.progress import steps
    from tallystick.evidence.ledger import EvidenceError

    before = len(book.batches())
    try:
        with steps(door) as step:
            return book.ingest(paths, mapping, who, progress=step)
    except EvidenceError as error:
        taken = len(book.batches()) - before
        stand = f" ({counted(taken, 'batch', 'batches')} before it stand)" if taken else ""
        raise EvidenceError(f"{error}{stand}") from None


def _write_rejects(receipts: Sequence[Receipt], given: Path | None) -> dict[str, Path]:
    """Write the rejects; returns batch id -> file. Without a file given, only those of new batches."""
    from tallystick.adapters.export import write_table

    bad = [r for r in receipts if len(r.rejects) and (r.new or given is not None)]
    if not bad:
        return {}
    if given is not None:
        import pyarrow as pa

        write_table(_by_row(pa.concat_tables([receipt.rejects for receipt in bad])), given)
        return {receipt.batch.batch_id: given for receipt in bad}
    files = {r.batch.batch_id: Path(f"rejects-{r.batch.batch_id[:12]}.csv") for r in bad}
    for receipt in bad:
        write_table(_by_row(receipt.rejects), files[receipt.batch.batch_id])
    return files


def _by_row(rejects: pa.Table) -> pa.Table:
    """Rejects as one works through a file: they are found rule by rule."""
    return rejects.sort_by([(name, "ascending") for name in ("source", "row", "field", "rule")])


def _account(door: Door, result: IngestResult, files: dict[str, Path]) -> None:
    """Say what became of every document."""
    passed = [{"path": str(path), "why": why} for path, why in result.passed_over]
    if door.json:
        told = [
            {
                "new": r.new,
                **batch_row(r.batch),
                "rejects": str(files.get(r.batch.batch_id, "")) or None,
                "remark": r.remark,
            }
            for r in result.receipts
        ]
        emit({"batches": told, "passed_over": passed})
        return
    if result.receipts:
        out().print(_receipts_table(result.receipts))
    old = sum(not receipt.new for receipt in result.receipts)
    if old:
        say(
            f"{old} of {counted(len(result.receipts), 'batch', 'batches')} stood in the book before: "
            "nothing changed by them."
        )
    for item in passed:
        note(f"passed over {item['path']}: {item['why']}")
    for receipt in result.receipts:
        if receipt.remark:
            note(f"{receipt.batch.source}: {receipt.remark}")
    _tell_rejects(result.receipts, files)
    if not result.receipts:
        say("Nothing was found to take in.")


def _tell_rejects(receipts: Sequence[Receipt], files: dict[str, Path]) -> None:
    for receipt in receipts:
        file = files.get(receipt.batch.batch_id)
        if file is None:
            continue
        rules: dict[str, int] = {}
        for rule in receipt.rejects.column("rule").to_pylist():
            rules[rule] = rules.get(rule, 0) + 1
        common = sorted(rules.items(), key=lambda item: (-item[1], item[0]))[:3]
        told = ", ".join(f"{rule} ({number(count)})" for rule, count in common)
        say(f"{receipt.batch.source}: why and how to fix it is in {file}; mostly {told}")


def _receipts_table(receipts: Sequence[Receipt]) -> Any:
    from tallystick.doors.cli.show import table
    from tallystick.evidence.ledger import OUTCOMES

    columns = ("batch|", "source?", "from", *(f"{name}>" for name in OUTCOMES), "")
    rows = []
    for receipt in receipts:
        b = receipt.batch
        counts = _counts(b)
        who = f"{b.contributor.name} ({b.contributor.kind})"
        rows.append([b.batch_id[:12], b.source, who, *counts, "" if receipt.new else "as before"])
    if len(rows) > 1:
        sums = [number(sum(getattr(r.batch, f) for r in receipts if r.new)) for f in OUTCOMES]
        rows.append(["", "all new", "", *sums, ""])
    return table(columns, rows, last_is_total=len(receipts) > 1)


def batch_row(batch: Batch) -> dict[str, Any]:
    """A batch for JSON: times as ISO text."""
    row = asdict(batch)
    row["contributor"] = {"name": batch.contributor.name, "kind": batch.contributor.kind}
    row["recorded_at"] = _moment(row.pop("recorded_at_us"))
    retracted = row.pop("retracted_at_us")
    row["retracted_at"] = None if retracted is None else _moment(retracted)
    return row


def _moment(us: int) -> str:
    from datetime import timedelta

    return (_EPOCH + timedelta(microseconds=us)).isoformat().replace("+00:00", "Z")


def batches(ctx: typer.Context, book: BookDir = None, json: Json = False) -> None:
    """List what was handed in: every batch, by whom, when, and what became of its documents.

    Retracted batches are listed too: a book forgets nothing. Times are UTC and can be given to --known-at.

    \b
    Examples:
      tallystick batches
      tallystick batches --book shop.book --json
    """
    door = enter(ctx, book, json)
    with door.open() as opened:
        found = opened.batches()
    if door.json:
        emit({"batches": [batch_row(batch) for batch in found]})
        return
    if not found:
        say(f"The book {door.folder} is empty. Put something in: tallystick ingest PATH")
        return
    from tallystick.doors.cli.show import table
    from tallystick.evidence.ledger import OUTCOMES

    columns = (
        "batch|",
        "recorded (UTC)|",
        "source?",
        "from",
        *(f"{name}>" for name in OUTCOMES),
        "",
    )
    out().print(table(columns, [_batch_cells(batch) for batch in found]))


def _counts(b: Batch) -> list[str]:
    from tallystick.evidence.ledger import OUTCOMES

    return [number(getattr(b, name)) for name in OUTCOMES]


def _batch_cells(b: Batch) -> list[str]:
    counts = _counts(b)
    who = f"{b.contributor.name} ({b.contributor.kind})"
    state = f"retracted: {b.retracted_why}" if b.retracted_at_us is not None else ""
    # the second is rounded up, so that the time shown can be given to --known-at
    when = _moment(-(-b.recorded_at_us // 1_000_000) * 1_000_000)[:19].replace("T", " ")
    return [b.batch_id[:12], when, b.source, who, *counts, state]


def retract(
    ctx: typer.Context,
    batch: Annotated[
        str, typer.Argument(metavar="BATCH", help="Id of the batch, or its beginning.")
    ],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")],
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Take a batch out: the book is then as if it never had it.

    Earlier states stay readable with --known-at, and the retraction itself is kept with its reason.

    \b
    Examples:
      tallystick batches
      tallystick retract 3fa9c2d1 --why "sent by mistake"
    """
    door = enter(ctx, book, json)
    with door.open() as opened:
        gone = opened.retract(batch, why)
    if door.json:
        emit(batch_row(gone))
        return
    say(
        f"Retracted batch {gone.batch_id[:12]} ({gone.source}, {number(gone.accepted)} documents). "
        "Ratings from now on are as if it had never been handed in."
    )
