"""What the cells of a column look like: how its dates are written.

>>> date_format(["2024年01月02日"])
'%Y年%m月%d日'
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from tallystick.evidence.formats.sniff_numbers import MOST

DATE_FORMATS: Final = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d",
    "%Y年%m月%d日",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%Y%m%d",
    "%d %b %Y",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
)
ISO: Final = frozenset(DATE_FORMATS[:4])
SEEN: Final = 200
"""Cells of a column that are looked at."""


def date_format(values: Sequence[str]) -> str | None:
    """The first of `DATE_FORMATS` that reads every value; where none does, the one that reads most, if it
    reads `MOST` of them: a slip of the pen is a reject of its row, and no reason to leave out the column.

    >>> date_format(["05.01.2024", "28.02.2024"]), date_format(["1/2/2024", "1/15/2024"])
    ('%d.%m.%Y', '%m/%d/%Y')
    >>> date_format(["2024-01-05", "2024-02-28", "2024-03-01", "soon"])
    '%Y-%m-%d'
    """
    return _date_format(tuple(values[:SEEN]))


@lru_cache(maxsize=256)
def _date_format(values: tuple[str, ...]) -> str | None:
    read = [sum(is_dated(value, form) for value in values) for form in DATE_FORMATS]
    most = max(read)
    return DATE_FORMATS[read.index(most)] if most and most >= MOST * len(values) else None


def is_dated(value: str, pattern: str) -> bool:
    """Whether a text is a plausible date in that format; what is shorter is a number that could be read so."""
    if not 8 <= len(value) <= 20:
        return False
    try:
        return 1950 <= datetime.strptime(value, pattern).year <= 2150
    except ValueError:
        return False
