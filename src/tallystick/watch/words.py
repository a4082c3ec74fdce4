"""Amounts and spans of days as sentences have them."""

from __future__ import annotations


def usd(cents: int) -> str:
    """An amount in dollars.

    >>> usd(200_000), usd(1_999)
    ('$2,000', '$19.99')
    """
    return f"${cents / 100:,.2f}" if cents < 100_00 and cents % 100 else f"${cents // 100:,}"


def days_between(first: int, last: int) -> str:
    """A span, both days counted.

    >>> days_between(5, 5), days_between(5, 9)
    ('1 day', '5 days')
    """
    days = last - first + 1
    return f"{days} day{'' if days == 1 else 's'}"
