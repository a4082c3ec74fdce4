"""Who is to be told that what they saw was wrong: everyone who was shown the company while the entry counted.

Sources: GDPR art. 19 (each recipient is told of a rectification); US Fair Credit Reporting Act § 611(d)
(15 U.S.C. 1681i(d)) tells only the recipients whom the consumer names; here all are told, without asking.

>>> seen = [View("buyer", 7, 50), View("buyer", 7, 90), View("late", 7, 300), View("early", 7, 5)]
>>> [(n.account, n.times, n.last_us) for n in notices(seen, 7, entered_us=10, struck_us=200)]
[('buyer', 2, 90)]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """Somebody was shown what follows from a company's entries: its page, rating, report or an answer of an
    interface. `at_us`: microseconds since 1970."""

    account: str
    company: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Notice:
    """An account to tell: how often it saw the old value, and when first and last (microseconds)."""

    account: str
    company: int
    times: int
    first_us: int
    last_us: int


def notices(
    views: Iterable[View],
    company: int,
    entered_us: int,
    struck_us: int,
    but: Collection[str] = (),
) -> list[Notice]:
    """One notice for each account that saw the company while the entry counted: from the moment at which it
    entered the book up to the one at which it was struck, by account. `but`: accounts that know already, as
    those of the company."""
    seen: dict[str, list[int]] = {}
    for view in views:
        shown = view.company == company and entered_us <= view.at_us <= struck_us
        if shown and view.account not in but:
            seen.setdefault(view.account, []).append(view.at_us)
    return [
        Notice(account, company, len(times), min(times), max(times))
        for account, times in sorted(seen.items())
    ]
