"""What all commands share: options, the way to the book, exit codes, and how things are printed.

Nothing heavy is imported here: `tallystick --help` reads every command and must be quick.
"""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from tallystick.adapters.cuts import Cut
    from tallystick.book import Book


class Exit(IntEnum):
    """Exit codes of the program; `docs/reference/cli.md` lists them."""

    OK = 0
    NOT_DONE = 1
    USAGE = 2
    REJECTED = 3
    BUG = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141


def parse_day(text: str) -> date:
    """A date as ISO 8601 text, of a year in which trade was or will be."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write 2026-01-31") from None
    if not 1900 <= day.year <= 2100:
        raise typer.BadParameter(f"{text!r} lies beyond the years 1900 to 2100")
    return day


def parse_moment(text: str) -> datetime:
    """A moment as ISO 8601 text, UTC unless it says otherwise; a date alone means its last instant."""
    text = text.strip()
    try:
        if len(text) <= 10:
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a moment; write 2026-01-31T18:00:00Z, or a date for the end of that day"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


BookDir = Annotated[
    Path | None,
    typer.Option(
        "--book",
        metavar="DIR",
        help="Folder of the book. [default: TALLYSTICK_BOOK, else tallystick.book]",
    ),
]
Company = Annotated[
    list[str],
    typer.Argument(metavar="COMPANY", help="Code, identifier (scheme:value) or name."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document, for machines.")]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        parser=parse_day,
        help="Count what had happened by this day. [default: today, or the newest evidence if old]",
    ),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at",
        metavar="MOMENT",
        parser=parse_moment,
        help="Count what had been handed in by then, e.g. 2026-01-31T18:00:00Z. [default: now]",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="FILE",
        help="Write all rows to FILE: .csv .jsonl .json (each also .gz) or .parquet.",
    ),
]
Limit = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Rows to show without -o.")]
Language = Annotated[
    str, typer.Option("--lang", metavar="en|zh", help="Language of the sentences: en or zh.")
]


@dataclass(slots=True)
class Door:
    """What the command line said before the command, and what the command added."""

    book: Path | None = None
    json: bool = False
    debug: bool = False

    def open(self, create: bool = False) -> Book:
        """The book that is meant. Raises `EvidenceError` where there is none, unless `create`."""
        from tallystick.book import open_book

        return open_book(self.book, create=create)

    @property
    def flag(self) -> str:
        """What a command that is suggested must add to mean the same book."""
        return "" if self.book is None else f" --book {self.book}"

    @property
    def folder(self) -> Path:
        """The folder of the book that is meant."""
        if self.book is not None:
            return self.book
        from tallystick.settings import load_settings

        return load_settings().book


def enter(ctx: typer.Context, book: Path | None = None, json: bool = False) -> Door:
    """The door of this call, with what was said after the command."""
    door: Door = ctx.obj
    door.book = book if book is not None else door.book
    door.json = door.json or json
    return door


def out() -> Console:
    """The terminal for results. Where there is no terminal, lines are wide and without colour."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=160)


def err() -> Console:
    """The terminal for progress and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line for people on standard output."""
    typer.echo(text)


def note(text: str) -> None:
    """A line for people beside the result, on standard error."""
    typer.echo(text, err=True)


def emit(value: object) -> None:
    """One JSON document on standard output."""
    typer.echo(to_json(value))


def to_json(value: object) -> str:
    """JSON as this program writes it everywhere: indented, letters as they are."""
    return jsonlib.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def fail(message: str, code: Exit = Exit.NOT_DONE, json: bool = False) -> NoReturn:
    """End with one sentence on standard error."""
    if json:
        typer.echo(
            jsonlib.dumps({"error": message, "exit": int(code)}, ensure_ascii=False), err=True
        )
    else:
        typer.secho(f"tallystick: {message}", err=True, fg="red" if sys.stderr.isatty() else None)
    raise typer.Exit(int(code))


def about(cut: Cut) -> dict[str, Any]:
    """What names a cut, for JSON and for the line under a table."""
    from tallystick.units import day_of

    snapshot = cut.snapshot
    return {
        "as_of": day_of(cut.as_of_day).isoformat(),
        "batches": len(snapshot.live),
        "policy": f"{cut.policy.name} {cut.policy.digest()}",
        "state": snapshot.key()[:16],
    }


def language(text: str) -> str:
    """`en` or `zh`; anything else is a usage error."""
    if text not in ("en", "zh"):
        raise typer.BadParameter(f"{text!r} is not a language here; use en or zh")
    return text


def number(value: int) -> str:
    """A count as people read it: 12,345."""
    return f"{value:,}"


def program() -> str:
    """How a command that is suggested begins: the name, where it is on the path, else how this was called."""
    import shutil

    return "tallystick" if shutil.which("tallystick") else sys.argv[0]


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 batch`, `12,345 rows`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _plain(value: object) -> object:
    """What JSON has no word for: decimals become numbers, dates ISO text, paths text."""
    to_iso: Callable[[], str] | None = getattr(value, "isoformat", None)
    if to_iso is not None:
        return to_iso()
    if isinstance(value, Path):
        return str(value)
    return float(value)  # type: ignore[arg-type]
