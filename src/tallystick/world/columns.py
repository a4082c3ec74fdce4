"""Columns of documents, made from arrays over the deals of a chunk.

Idea: a column knows how to build itself for some of the rows, so that a document is told by naming its
columns once and giving the deals that have it. Text that differs in every row (numbers, ids) is written
digit by digit into one block of bytes, four digits at a time, with no Python object per row.

>>> Code("PO", np.array([7, 12])).build(np.array([1])).to_pylist()
['PO000000000012']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallystick.world.companies import FAR, Bools, Ints

DAY_US: Final = 86_400_000_000
STEP_US: Final = 600_000_000
"""Between two steps of a deal that fall on one day lie ten minutes."""

MEMBER: Final = "id:tradeport.member:"
NAMESPACE: Final = "tradeport"

_QUADS: Final = np.frombuffer(
    "".join(f"{n:04d}" for n in range(10_000)).encode(), dtype=np.uint8
).reshape(10_000, 4)

_SYLLABLES: Final = np.frombuffer(
    "".join(c + v for c in "bdfghklmnprstvwz" for v in "aeiou").encode(), dtype=np.uint8
).reshape(-1, 2)
_SYLLABLES_COUNT: Final = 80
_SCATTER: Final = 151_236_887_413
"""Odd and no multiple of five: multiplying by it modulo 80**6 takes no two numbers to one."""


class Column(Protocol):
    """Anything that gives an Arrow array for the rows asked for."""

    def build(self, rows: Ints) -> pa.Array:
        """The values at `rows`, in that order."""
        ...


def _bitmap(valid: Bools | None) -> pa.Buffer | None:
    return None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))


def digit_text(prefix: str, values: Ints, quads: int, valid: Bools | None = None) -> pa.Array:
    """`prefix` and each value in `4 * quads` digits, as an Arrow string array."""
    head = prefix.encode()
    width = len(head) + 4 * quads
    block = np.empty((len(values), width), dtype=np.uint8)
    block[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    rest = values.astype(np.int64, copy=True)
    for quad in range(quads - 1, -1, -1):
        rest, low = np.divmod(rest, 10_000)
        block[:, len(head) + 4 * quad : len(head) + 4 * quad + 4] = _QUADS[low]
    offsets = np.arange(0, (len(values) + 1) * width, width, dtype=np.int32)
    buffers = [_bitmap(valid), pa.py_buffer(offsets), pa.py_buffer(block)]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def invented_names(numbers: Ints) -> pa.Array:
    """Names of two words that no two numbers share, nor nearly: six syllables out of eighty, scattered.

    >>> invented_names(np.array([1, 2])).to_pylist()
    ['Pefihu Noriro', 'Fihupu Dikake']
    """
    rest = numbers.astype(np.int64) * _SCATTER % _SYLLABLES_COUNT**6
    block = np.empty((len(numbers), 13), dtype=np.uint8)
    block[:, 6] = ord(" ")
    for place in (11, 9, 7, 4, 2, 0):
        rest, low = np.divmod(rest, _SYLLABLES_COUNT)
        block[:, place : place + 2] = _SYLLABLES[low]
    block[:, [0, 7]] -= 32  # capitals
    offsets = np.arange(0, (len(numbers) + 1) * 13, 13, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(block)]
    return pa.Array.from_buffers(pa.string(), len(numbers), buffers)


@dataclass(frozen=True, slots=True)
class Code:
    """A number of a document: prefix and twelve digits; null where `valid` is False."""

    prefix: str
    values: Ints
    valid: Bools | None = None

    def build(self, rows: Ints) -> pa.Array:
        """Text such as `PO000000000012`."""
        valid = None if self.valid is None else self.valid[rows]
        return digit_text(self.prefix, self.values[rows], 3, valid)


@dataclass(frozen=True, slots=True)
class Party:
    """A company's id on the platform; null where `valid` is False."""

    companies: Ints
    valid: Bools | None = None

    def build(self, rows: Ints) -> pa.Array:
        """Text such as `id:tradeport.member:00000012`."""
        valid = None if self.valid is None else self.valid[rows]
        return digit_text(MEMBER, self.companies[rows], 2, valid)


@dataclass(frozen=True, slots=True)
class Day:
    """Dates as day numbers; `FAR` or later, or `valid` False, becomes null."""

    days: Ints
    valid: Bools | None = None

    def build(self, rows: Ints) -> pa.Array:
        """date32."""
        days = self.days[rows]
        valid = days < FAR if self.valid is None else (days < FAR) & self.valid[rows]
        raw = days.astype(np.int32)
        return pa.Array.from_buffers(pa.date32(), len(raw), [_bitmap(valid), pa.py_buffer(raw)])


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of the `step`-th step of a deal on a day; `opened_us`: the deal's own time of day."""

    days: Ints
    opened_us: Ints
    step: int

    def build(self, rows: Ints) -> pa.Array:
        """timestamp[us, UTC]."""
        raw = self.days[rows] * DAY_US + self.opened_us[rows] + self.step * STEP_US
        return pa.Array.from_buffers(
            pa.timestamp("us", tz="UTC"), len(raw), [None, pa.py_buffer(raw)]
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """Integers (minor units, thousandths, parts per million)."""

    values: Ints

    def build(self, rows: Ints) -> pa.Array:
        """int64."""
        return pa.array(self.values[rows].astype(np.int64, copy=False))


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words by index; an index below 0 becomes null."""

    words: tuple[str, ...]
    index: NDArray[np.signedinteger]

    def build(self, rows: Ints) -> pa.Array:
        """Text, looked up."""
        index = self.index[rows]
        picked = pa.array(index, mask=index < 0)
        return pa.array(self.words, pa.string()).take(picked)


@dataclass(frozen=True, slots=True)
class Same:
    """One text in every row."""

    text: str

    def build(self, rows: Ints) -> pa.Array:
        """Text, repeated."""
        return pa.repeat(pa.scalar(self.text), len(rows))


@dataclass(frozen=True, slots=True)
class Texts:
    """Ready-made Arrow text."""

    values: pa.Array

    def build(self, rows: Ints) -> pa.Array:
        """Text at the rows."""
        return self.values.take(pa.array(rows))
