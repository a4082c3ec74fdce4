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

ISO: Final = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f%z",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
)
"""What is read where a mapping says no format."""
_DAYS: Final = (
    "%Y年%m月%d日",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b-%d-%y",
    "%b %d, %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
)
_HOURS: Final = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
DATE_FORMATS: Final = (*ISO, *_DAYS, *(f"{day} {hour}" for day in _DAYS for hour in _HOURS))
_LONGEST: Final = 32
_DIGITS: Final = 3
"""Characters that a date has at most, and digits at least: "5 Mai 26"."""
_FEW: Final = 20
"""Cells of which a format must read one to be tried on the others."""
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
    few = values[:_FEW]
    likely = [form for form in DATE_FORMATS if any(is_dated(value, form) for value in few)]
    read = [sum(is_dated(value, form) for value in values) for form in likely]
    most = max(read, default=0)
    return likely[read.index(most)] if most and most >= MOST * len(values) else None


def is_dated(value: str, pattern: str) -> bool:
    """Whether a text is a plausible date in that format; what is shorter is a number that could be read so."""
    if not 8 <= len(value) <= _LONGEST or sum(map(str.isdigit, value)) < _DIGITS:
        return False
    try:
        return 1950 <= datetime.strptime(value, pattern).year <= 2150
    except ValueError:
        return False
