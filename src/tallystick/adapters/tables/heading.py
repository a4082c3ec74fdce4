"""Where the header of a table stands, below the title and the filters that programs of accounts print first.

Idea: a header is a row of words that is about as wide as the rows under it; a title is narrow.

>>> lines_above("Craig Design\\nAging, as of March 20\\n\\nDate,Customer,Amount\\n1/5/26,Rossi,12.50\\n")
3
>>> lines_above("Date,Customer,Amount\\n1/5/26,Rossi,12.50\\n"), lines_above("Firm,2025\\nRossi,none\\n")
(0, 0)
"""

from __future__ import annotations

import csv
from typing import Final

from tallystick.adapters.tables.loading import DELIMITERS
from tallystick.evidence.formats.sniff import date_format
from tallystick.evidence.formats.sniff_numbers import number_form

_LINES: Final = 60
"""Lines that are looked at."""
_WIDE: Final = 0.7
"""Share of the widest row's cells that a header fills."""
_WORDS: Final = 0.8
"""Share of a header's cells that are words, neither numbers nor dates."""


def lines_above(text: str) -> int:
    """Lines above the header of a table in CSV; 0 where no line looks like one."""
    lines = text.splitlines()[:_LINES]
    rows = max((_filled(lines, mark) for mark in DELIMITERS), key=lambda rows: sum(map(len, rows)))
    widest = max(map(len, rows), default=0)
    least = max(2.0, _WIDE * widest)
    first = next((n for n, row in enumerate(rows) if len(row) >= least), 0)
    return first if rows and _worded(rows[first]) else 0


def _filled(lines: list[str], mark: str) -> list[list[str]]:
    """The cells of each line that are not empty."""
    return [[cell for c in _cells(line, mark) if (cell := c.strip())] for line in lines]


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


def _worded(row: list[str]) -> bool:
    words = [c for c in row if number_form([c]) is None and date_format([c]) is None]
    return len(words) >= _WORDS * len(row)
