r"""Numbers as people read them.

>>> percent(76_300), percent(1_200), money_usd(4_030_000), points(208), count(12345)
('7.6\xa0%', '0.12\xa0%', '$40,300', '+20.8', '12,345')

The blank before a per cent sign does not break.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tallystick.units import CURRENCIES, code_of, day_of, from_minor

PERCENT = "\N{NO-BREAK SPACE}%"


def percent(ppm: int | None) -> str:
    r"""A share in ppm with one decimal; two below one per cent.

    >>> percent(0), percent(40), percent(1_000_000), percent(None)
    ('0\xa0%', '<0.01\xa0%', '100\xa0%', '–')
    """
    if ppm is None:
        return "–"
    if ppm in (0, 1_000_000):
        return f"{ppm // 10_000}{PERCENT}"
    if ppm < 50:
        return f"<0.01{PERCENT}"
    return f"{ppm / 1e4:.2f}{PERCENT}" if ppm < 9_950 else f"{ppm / 1e4:.1f}{PERCENT}"


def share(ppm: int) -> str:
    r"""A round share.

    >>> share(900_000)
    '90\xa0%'
    """
    return f"{ppm / 1e4:g}{PERCENT}"


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


def expected(milli: int) -> str:
    """Thousandths of promises as a number that is expected, to a tenth."""
    return f"{milli / 1000:,.1f}"


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


def quantity(milli: int, unit: str | None) -> str:
    """Thousandths as people write them.

    >>> quantity(1_234_500, "KGM"), quantity(4000, None)
    ('1,234.5 KGM', '4')
    """
    whole, rest = divmod(abs(milli), 1000)
    told = f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")
    return f"{'-' if milli < 0 else ''}{told} {unit or ''}".strip()
