"""Numbers as documents write them: decimal text in, exact decimals between, decimal text out.

>>> decimal_of("107.50") + decimal_of("+.5"), decimal_of("1e9"), decimal_of("12,5")
(Decimal('108.00'), None, None)
>>> plain(Decimal("1E+2")), total([Decimal("1.10"), Decimal(2)])
('100', '3.10')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

_DECIMAL: Final = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})")


def decimal_of(text: str | None) -> Decimal | None:
    """The number of an `xsd:decimal`, or None for anything else."""
    return Decimal(text) if text and _DECIMAL.fullmatch(text) else None


def plain(number: Decimal) -> str:
    """A number as plain decimal text."""
    return format(number, "f")


def total(numbers: Iterable[Decimal]) -> str:
    """The sum as plain decimal text."""
    return plain(sum(numbers, Decimal(0)))
