"""Promises as the attack lab makes them: a few columns of numbers, and a table of schema PROMISE out of them.

Idea: every promise of the lab is of one kind (a seller delivers goods as agreed) and is told in one of a few
ways, each with the sources that speak for it; strength and anchor follow from the way as in 80_outcome.sql.

Worked example: a fake order with a real parcel is told by both sides and a carrier: mask 1 + 2 + 16, one
anchor, strength 850,000 ppm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numpy.typing import ArrayLike

from tallystick.promises.derive import PROMISE
from tallystick.units import PPM

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

KIND: Final = "conform"
DAYS_TO_KEEP: Final = 14
"""From the day on which a promise is made to that on which it is due."""

TOLD: Final = {
    "alone": (1, 0, 150_000, 0),
    "word": (3, 0, 350_000, 2),
    "parcel": (3 | 16, 1, 850_000, 3),
    "circle": (3 | 8 | 16, 1, 1_000_000, 3),
    "accused": (2, 0, 150_000, 4),
    "platform": (4, 0, 350_000, 1),
    "contributor": (16, 1, 850_000, 3),
}
"""How a promise is told -> (mask of sources, 1 if anchored, strength in ppm, class of witness): by the seller
alone, by both sides, also by a carrier, also by carrier and bank, by the buyer alone against the seller, by a
marketplace, by one contributor that ought to be independent."""

CARRIERS: Final = 6
BANKS: Final = 3
_FIRST_BIT: Final = 16
_CONTRIBUTOR: Final = 1 << 60
"""Bits of the mask that say which carrier, bank or contributor spoke (deals/link.py): an attacker who sends
real parcels sends them by several."""

_CODES: Final = {name: code for code, name in enumerate(TOLD)}
_TOLD: Final = np.array(list(TOLD.values()), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Promises as columns of equal length: who to whom, the day made, value in US cents, broken, how told."""

    promisor: Ints
    promisee: Ints
    day: Ints
    cents: Ints
    broken: Bools
    told: Ints

    def __len__(self) -> int:
        return len(self.promisor)

    def take(self, chosen: Ints | Bools) -> Rows:
        """The chosen rows."""
        return Rows(*(getattr(self, field.name)[chosen] for field in fields(self)))


def rows(
    promisor: ArrayLike,
    promisee: ArrayLike,
    day: ArrayLike,
    cents: ArrayLike,
    told: str,
    broken: ArrayLike = False,
) -> Rows:
    """Rows out of columns and single values, which are repeated; all told in one way."""
    given = (promisor, promisee, day, cents, broken, _CODES[told])
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(column)) for column in given))
    types = (np.int64, np.int64, np.int64, np.int64, np.bool_, np.int64)
    return Rows(*(c.astype(t) for c, t in zip(columns, types, strict=True)))


def joined(parts: Iterable[Rows]) -> Rows:
    """The rows of all parts, in their order."""
    given = list(parts) or [rows([], [], [], [], "word")]
    return Rows(*(np.concatenate([getattr(p, f.name) for p in given]) for f in fields(Rows)))


def promises(found: Rows) -> pa.Table:
    """The rows as a table of schema PROMISE."""
    count = len(found)
    mask, anchored, strength, witness = _TOLD[found.told].T
    due = found.day + DAYS_TO_KEEP
    columns: dict[str, Any] = {
        "deal": np.arange(1, count + 1),
        "item": np.zeros(count, np.int64),
        "kind": pa.repeat(KIND, count),
        "promisor": found.promisor,
        "promisee": found.promisee,
        "made_day": found.day,
        "first_due_day": due,
        "due_day": due,
        "revisions": np.zeros(count, np.int64),
        "done_day": pa.array(due, pa.int32(), mask=found.broken),
        "matured_day": due,
        "outcome": pa.array(np.where(found.broken, "broken", "kept")),
        "late_days": pa.array(np.zeros(count, np.int32), mask=found.broken),
        "kept_ppm": np.where(found.broken, 0, PPM),
        "fault": pa.array(np.full(count, "seller"), mask=~found.broken),
        "value_minor": found.cents,
        "currency": pa.repeat("USD", count),
        "mask": mask | _attesters(found),
        "anchored": anchored,
        "witness": witness,
        "strength_ppm": strength,
        "link_ppm": np.full(count, PPM),
    }
    return pa.table(
        {f.name: pa.array(columns[f.name]).cast(f.type) for f in PROMISE}, schema=PROMISE
    )


def _attesters(found: Rows) -> Ints:
    """The bits of the independent contributors that saw each promise."""
    carried = np.isin(found.told, (_CODES["parcel"], _CODES["circle"]))
    paid = found.told == _CODES["circle"]
    carrier = np.int64(1) << (_FIRST_BIT + found.promisee % CARRIERS)
    bank = np.int64(1) << (_FIRST_BIT + CARRIERS + found.promisee % BANKS)
    told = found.told == _CODES["contributor"]
    bits: Ints = carried * carrier + paid * bank + told * np.int64(_CONTRIBUTOR)
    return bits
