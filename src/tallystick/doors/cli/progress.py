"""Progress on standard error: a bar where the end is known, a pulse where it is not.

Nothing is shown where nobody looks: with `--json`, or when standard error is no terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tallystick.doors.cli.common import Door, err

if TYPE_CHECKING:
    from datetime import date, datetime

    from rich.progress import Progress

    from tallystick.adapters.cuts import Cut
    from tallystick.book import Book

Step = Callable[[str, int, int], None]


def cut_of(
    book: Book, door: Door, as_of: date | None = None, known_at: datetime | None = None
) -> Cut:
    """The cut that is asked for, with progress on standard error while it is made.

    Refuses a book with nothing in it: every answer out of it would be empty and puzzling."""
    from tallystick.evidence.ledger import EvidenceError

    if not book.batches():
        raise EvidenceError(
            f"the book {book.path} is empty; put something in with `tallystick ingest PATH{door.flag}`"
        )
    with steps(door) as step:
        return book.cut(as_of, known_at, progress=step)


@contextmanager
def steps(door: Door) -> Iterator[Step]:
    """A function (what is done, how much, of how much) that draws the work of the moment as one line."""
    console = err()
    if door.json or not console.is_terminal:
        yield lambda _what, _done, _total: None
        return
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<36}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        yield _Line(bar)


class _Line:
    """The one line: a new kind of work takes the place of the one before."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, visible=False)
        self._what = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        whole = None if done == 0 and total <= 1 else total
        if what != self._what:
            self._what = what
            self._bar.reset(self._task, description=what, total=whole, visible=True)
        self._bar.update(self._task, completed=done, total=whole)
