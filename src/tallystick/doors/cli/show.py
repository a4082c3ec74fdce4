"""How results look in a terminal: tables, bars, grades and shares of a hundred."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tallystick.doors.cli.common import out

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    Rows = Sequence[Sequence[str | Text]]

NARROW: Final = 100
"""Columns of a terminal below which tables leave out what can be done without."""

GRADE_STYLE: Final = {
    "AAA": "bold green",
    "AA": "bold green",
    "A": "green",
    "BBB": "green",
    "BB": "yellow",
    "B": "yellow",
    "CCC": "dark_orange",
    "CC": "red",
    "C": "red",
    "D": "bold red",
    "X": "bold red",
    "NR": "dim",
}


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    title: str | None = None,
    last_is_total: bool = False,
) -> Table:
    """A plain table. The end of a column's name says how it is set: `>` to the right and never broken, `|`
    never broken (codes and dates are there to be copied), `?` left out where the terminal is narrow.
    Nothing that users wrote is read as markup."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if out().width < NARROW:
        kept = [n for n, name in enumerate(columns) if not name.endswith("?")]
        columns, rows = [columns[n] for n in kept], [[row[n] for n in kept] for row in rows]
    lines = [[Text(_clean(c)) if isinstance(c, str) else c for c in row] for row in rows]
    made = Table(
        box=box.SIMPLE_HEAD,
        title=title,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for n, name in enumerate(columns):
        title_of, mark = name.rstrip(">|?"), name.rstrip("?")[-1:]
        whole = mark in (">", "|")
        if whole:  # the heading gives way, the cells do not
            title_of = _folded(title_of, max((line[n].cell_len for line in lines), default=0))
        made.add_column(
            Text(title_of),
            justify="right" if mark == ">" else "left",
            no_wrap=whole,
            overflow="fold",
        )
    for n, line in enumerate(lines, start=1):
        total = last_is_total and n == len(lines)
        before = last_is_total and n == len(lines) - 1
        made.add_row(*line, style="bold" if total else None, end_section=before)
    return made


def _folded(heading: str, width: int) -> str:
    """A heading on as many lines as its column needs to be no wider than its cells."""
    longest = max((len(word) for word in heading.split()), default=0)
    return textwrap.fill(heading, max(width, longest, 1))


def _clean(text: str) -> str:
    """Names come from strangers: control characters must not reach the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def grade(text: str) -> Text:
    """A grade in its colour; the letters say the same."""
    from rich.text import Text

    return Text(text, style=GRADE_STYLE.get(text, ""))


def percent(ppm: int) -> str:
    """A share as people read it.

    >>> percent(49_316), percent(1_200), percent(450_000)
    ('4.9 %', '0.12 %', '45 %')
    """
    share = ppm / 10_000
    digits = 2 if share < 1 else 1 if share < 10 else 0
    return f"{share:.{digits}f} %"


def money(cents: int) -> str:
    """Dollars without cents, short where large.

    >>> money(2_908_626), money(412_345_678_00)
    ('$29,086', '$412.3m')
    """
    dollars = cents / 100
    if abs(dollars) >= 100_000_000:
        return f"${dollars / 1_000_000:,.1f}m"
    return f"${dollars:,.0f}"


def bar(count: int, most: int, width: int = 36) -> str:
    """A bar of eighths of a block; anything above none shows at least a sliver."""
    eighths = 0 if not most else max(round(count / most * width * 8), 1 if count else 0)
    full, rest = divmod(eighths, 8)
    return "█" * full + ("" if not rest else "▏▎▍▌▋▊▉"[rest - 1])


def rest_of(shown: int, count: int, what: str) -> str | None:
    """The line that says that there is more than what is shown."""
    if shown >= count:
        return None
    return (
        f"{count - shown:,} more {what}; see them with --limit {count}, or write all with -o FILE"
    )
