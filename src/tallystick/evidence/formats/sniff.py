"""What the cells of a column look like: how its dates and its numbers are written.

>>> date_format(["2024年01月02日"]), decimal_mark(["1,234.50"])
('%Y年%m月%d日', ',.')
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

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


def date_format(values: Sequence[str]) -> str | None:
    """The first of `DATE_FORMATS` that reads every value, None where none does.

    >>> date_format(["05.01.2024", "28.02.2024"]), date_format(["1/2/2024", "1/15/2024"])
    ('%d.%m.%Y', '%m/%d/%Y')
    """
    if not values or any(len(value) < 8 or len(value) > 20 for value in values[:50]):
        return None
    return next((f for f in DATE_FORMATS if all(is_dated(v, f) for v in values[:200])), None)


def is_dated(value: str, pattern: str) -> bool:
    """Whether a text is a plausible date in that format."""
    try:
        return 1950 <= datetime.strptime(value, pattern).year <= 2150
    except ValueError:
        return False


_PLAIN: Final = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_COMMA: Final = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
_GROUPED: Final = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?|[-+]?\d+(\.\d+)?")


def decimal_mark(values: Sequence[str]) -> str | None:
    """How a column writes numbers: "." or "," (decimal mark), ",." (grouped), None where it has none.

    >>> decimal_mark(["1.234,50", "7"]), decimal_mark(["12.5"]), decimal_mark(["A1"])
    (',', '.', None)
    """
    for pattern, mark in ((_PLAIN, "."), (_GROUPED, ",."), (_COMMA, ",")):
        if values and all(pattern.fullmatch(value) for value in values):
            return mark
    return None
