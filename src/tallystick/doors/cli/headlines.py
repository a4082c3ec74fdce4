"""Headline ratings for a terminal: line by line, and how the grades spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tallystick.doors.cli.common import number

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table
    from rich.text import Text

_MEANING = {
    "AAA": "breaks fewer than 1 promise in 400",
    "BBB": "about 1 in 50 to 100",
    "B": "about 1 in 12 to 25",
    "CCC": "about 1 in 6 to 12",
    "D": "more than 2 in 3, or in default",
    "X": "sanctioned",
    "NR": "not enough evidence yet",
}


def headlines(ratings: pa.Table) -> pa.Table:
    """The one line per company."""
    import pyarrow.compute as pc

    return ratings.filter(pc.equal(ratings["scope"], "headline"))


def ratings_view(headlines: pa.Table) -> Table:
    """Headline ratings as lines for a terminal."""
    from tallystick.doors.cli.show import grade, money, percent, table

    rows = [
        [
            row["code"],
            row["name"] or "",
            row["country"] or "",
            grade(row["grade"]),
            *(
                ("", "")
                if row["grade"] == "NR"
                else (
                    percent(row["broken_ppm"]),
                    f"{percent(row['low_ppm'])} to {percent(row['high_ppm'])}",
                )
            ),
            row["evidence_level"],
            number(row["n_promises"]),
            money(row["exposure_cents"]),
        ]
        for row in headlines.to_pylist()
    ]
    columns = ("company|", "name", "country|?", "grade|", "breaks the next>", "interval|")
    return table((*columns, "evidence|?", "promises>", "proven exposure>?"), rows)


def grade_counts(headlines: pa.Table) -> dict[str, int]:
    """Companies per grade, from the best, grades without any included."""
    from tallystick.rating import GRADES

    grades = headlines["grade"].to_pylist()
    return {grade: grades.count(grade) for grade in (*GRADES, "X", "NR")}


def grade_bars(counts: Mapping[str, int]) -> Table:
    """The spread of the grades as bars; sanctioned companies only where there are any."""
    from rich.text import Text

    from tallystick.doors.cli.show import GRADE_STYLE, bar, grade, table

    most = max(counts.values(), default=0)
    rows: list[list[str | Text]] = [
        [
            grade(name),
            number(count),
            Text(bar(count, most), style=GRADE_STYLE[name]),
            _MEANING.get(name, ""),
        ]
        for name, count in counts.items()
        if count or name != "X"
    ]
    return table(("grade|", "companies>", "|", "?"), rows)
