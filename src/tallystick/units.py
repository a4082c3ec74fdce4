"""The words that every stage shares: money, days, shares and digests, all as integers.

Idea: whatever is added up is an integer, so that the order of arrival and the engine cannot change a
sum. Money is held in *minor units* of its currency (cents, fen, yen), a share in *parts per million*
(`PPM`), a date as the number of days since 1970-01-01.

>>> to_minor("1234.50", "EUR"), to_minor("1234", "JPY"), to_minor("1.234", "KWD")
(123450, 1234, 1234)
>>> day_number(date(1970, 1, 2))
1
>>> hash64("order", "AEG012345") == hash64("order", "AEG012345")
True
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

PPM: Final = 1_000_000
SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400 * SECOND_US
"""One, in parts per million."""

EPOCH: Final = date(1970, 1, 1)
KEY_MASK: Final = (1 << 63) - 1
SEPARATOR: Final = "\x1f"

MAX_MINOR: Final = 10**15
"""The largest amount taken, in minor units (ten trillion euros). More is a slip of the keyboard."""

_EXPONENT_0 = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_EXPONENT_3 = "BHD IQD JOD KWD LYD OMR TND".split()
_EXPONENT_2 = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP
MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS
VED VES WST XCD YER ZAR ZMW ZWL ZWG HRK LTL LVL EEK SKK SIT MTL CYP ROL TRL
""".split()

CURRENCIES: Final[dict[str, int]] = (
    dict.fromkeys(_EXPONENT_2, 2) | dict.fromkeys(_EXPONENT_0, 0) | dict.fromkeys(_EXPONENT_3, 3)
)
"""ISO 4217 code -> number of decimals of its minor unit. Old European currencies are kept because
old exports hold them."""


@dataclass(frozen=True, slots=True)
class Between:
    """The range of a number, both ends in it. Stands beside a field: `Annotated[int, Between(0, 5)]`."""

    least: float
    most: float


class UnitError(ValueError):
    """A value that cannot be read as what it claims to be; the message says what is wrong with it."""


def to_minor(value: str | int | Decimal, currency: str) -> int:
    """Amount in minor units, exactly; half a minor unit rounds to even.

    Raises `UnitError` for an unknown currency, text that is no number, or more than `MAX_MINOR`.
    """
    exponent = CURRENCIES.get(currency)
    if exponent is None:
        raise UnitError(f"unknown currency {currency!r}")
    try:
        amount = Decimal(value)
        minor = int(amount.scaleb(exponent).to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        raise UnitError(f"{str(value)[:40]!r} is not an amount") from None
    if abs(minor) > MAX_MINOR:
        raise UnitError(f"amount {str(value)[:40]} is beyond {MAX_MINOR} minor units")
    return minor


def from_minor(minor: int, currency: str) -> Decimal:
    """The amount as people write it: `from_minor(123450, "EUR")` is `Decimal("1234.50")`."""
    return Decimal(minor).scaleb(-CURRENCIES.get(currency, 2))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The date with that day number."""
    return EPOCH + timedelta(days=number)


def micros(moment: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an aware datetime."""
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def moment_of(us: int) -> datetime:
    """The moment so many microseconds after 1970-01-01T00:00Z, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def digest(*parts: str | bytes) -> str:
    """SHA-256 in hex over length-prefixed parts: no two lists of parts have the same pre-image."""
    h = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        h.update(len(data).to_bytes(8, "big"))
        h.update(data)
    return h.hexdigest()


def hash64(*parts: str) -> int:
    """A key of 63 bits for joins: the lower half of the MD5 of the joined parts, sign bit cleared.

    DuckDB says the same as `CAST(md5_number_lower(text) & 9223372036854775807 AS BIGINT)`. It is a
    key, not a proof: where a clash would matter the text itself is kept beside it.
    """
    raw = hashlib.md5(SEPARATOR.join(parts).encode(), usedforsecurity=False).digest()
    return int.from_bytes(raw[8:], "little") & KEY_MASK


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_of(key: int, prefix: str) -> str:
    """A 63-bit key as people read it: prefix and 13 letters of Crockford's base 32.

    >>> code_of(hash64("lei", "529900T8BM49AURSDO55"), "C").startswith("C-")
    True
    """
    letters = []
    for _ in range(13):
        key, rest = divmod(key, 32)
        letters.append(_ALPHABET[rest])
    return f"{prefix}-{''.join(reversed(letters))}"


def key_of(code: str) -> int:
    """The inverse of `code_of`; raises `UnitError` on anything else."""
    text = code.strip().upper()[2:].replace("O", "0").replace("I", "1").replace("L", "1")
    if len(text) != 13 or code.strip()[1:2] != "-" or any(c not in _ALPHABET for c in text):
        like = "D" if code.strip()[:1].upper() == "D" else "C"
        raise UnitError(f"{code!r} is not a code such as {like}-0123456789ABC")
    key = 0
    for letter in text:
        key = key * 32 + _ALPHABET.index(letter)
    if key > KEY_MASK:
        raise UnitError(f"{code!r} is not a code: it is too large")
    return key
