"""Numbers as people read them.

>>> percent(76_300), percent(1_200), money_usd(4_030_000), points(208), count(12345)
('7.6 %', '0.12 %', '$40,300', '+20.8', '12,345')
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tallystick.units import CURRENCIES, code_of, day_of, from_minor


def percent(ppm: int | None) -> str:
    """A share in ppm with one decimal; two below one per cent."""
    if ppm is None:
        return "–"
    return f"{ppm / 1e4:.2f} %" if 0 < ppm < 9_950 else f"{ppm / 1e4:.1f} %"


def money_usd(cents: int) -> str:
    """US cents in whole dollars."""
    return f"${cents / 100:,.0f}"


def money(minor: int | None, currency: str | None) -> str:
    """An amount in its own currency."""
    if minor is None:
        return "–"
    if currency is None:
        return f"{minor:,}"
    decimals = CURRENCIES.get(currency, 2)
    return f"{from_minor(minor, currency):,.{decimals}f} {currency}"


def points(tenths: int) -> str:
    """Points with their sign."""
    return f"{tenths / 10:+.1f}".replace("-", "−")


def count(number: int) -> str:
    """A number with its thousands parted."""
    return f"{number:,}"


def weight(micro: int) -> str:
    """Micro-units as promises at full weight."""
    return f"{micro / 1e6:.2f}"


def iso(day: int | None) -> str | None:
    """A day number as ISO date."""
    return None if day is None else day_of(day).isoformat()


def iso_moment(us: int | None) -> str | None:
    """Microseconds since 1970 as ISO time in UTC, to the second."""
    if us is None:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def promise_id(deal: int, kind: str, item: int) -> str:
    """What `explain` takes for a promise: `D-…/pay/I-…`, or `D-…/dispatch/0` without an item."""
    return f"{code_of(deal, 'D')}/{kind}/{code_of(item, 'I') if item else 0}"
