"""The command `strike`: documents that were decided to be wrong count nowhere; or count again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import BookDir, Door, Json, KnownAt, counted, emit, enter, out, say

if TYPE_CHECKING:
    from tallystick.evidence.ledger import Receipt


def strike(
    ctx: typer.Context,
    doc_ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="DOC_ID...", help="Documents, as `explain --json` shows them."),
    ] = None,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="REASON",
            help="not_ours, wrong_company, wrong_amount, wrong_date, already_settled, duplicate, "
            "fault_of_another or other.",
        ),
    ] = "other",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; it is kept.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")] = "",
    restore: Annotated[
        bool, typer.Option("--restore", help="Let the documents count again.")
    ] = False,
    known_at: KnownAt = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Strike documents that were decided to be wrong: they count nowhere, and do not come back.

    The same said again by the same contributor under the same number is blocked unless it differs in what
    was wrong (--reason); an exact copy by anybody else is blocked too. Whoever sends it is told. A strike is
    only ever added to: --restore undoes it, and earlier moments (--known-at) stay as they were. Without
    documents: what was struck.

    \b
    Examples:
      tallystick strike 0f3c…9a --reason wrong_amount --why "dispute 17: paid in full" --by Ada
      tallystick strike 0f3c…9a --restore --why "the market has proved it" --by Ada
      tallystick strike --json
    """
    door = enter(ctx, book, json)
    if not doc_ids:
        with door.open() as opened:
            _list(door, opened.strikes(known_at).to_pylist())
        return
    if not (why.strip() and by.strip()):
        raise typer.BadParameter("say why and who decides: --why TEXT --by NAME")
    with door.open() as opened:
        if restore:
            _done(door, opened.restore(doc_ids, why, by), "restored", doc_ids)
        else:
            _done(door, opened.strike(doc_ids, why, by, reason), "struck", doc_ids)


def _done(door: Door, receipt: Receipt, status: str, doc_ids: list[str]) -> None:
    if door.json:
        emit({"batch": receipt.batch.batch_id, "status": status, "doc_ids": doc_ids})
        return
    undo = "; strike --restore undoes it" if status == "struck" else ""
    what = counted(len(set(doc_ids)), "document")
    say(f"{what} {status}. It counts from the next rating: tallystick rate{door.flag}{undo}.")


def _list(door: Door, rows: list[dict[str, Any]]) -> None:
    from datetime import UTC, datetime

    for row in rows:
        row["at"] = datetime.fromtimestamp(row.pop("at_us") / 1e6, UTC).isoformat(
            timespec="seconds"
        )
    if door.json:
        emit({"strikes": rows})
        return
    if not rows:
        say("Nothing was struck.")
        return
    from tallystick.doors.cli.show import table

    names = ("doc_id", "status", "reason", "by", "at", "why")
    cells = [[str(row[name] or "") for name in names] for row in rows]
    out().print(table(("document|", "now|", "reason|", "by", "when|", "why"), cells))
