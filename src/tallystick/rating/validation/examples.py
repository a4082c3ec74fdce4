"""Promises of one kind as examples to learn from and to be judged on, with the moment their outcome was known.

Idea: a fair test may use an outcome only after it could be known: a promise kept, when it was done; one broken,
on the day after it was due. Order within a day matters where things move fast, so moments may have fractions of
a day: a table with `made_us` and `known_us` (microseconds since 1970) is read to the microsecond, any other by
its days, and then what became known on a day counts from the next day on.

Worked example: an invoice of day 10, due on day 40: paid on day 35 it is known from moment 35, unpaid from 41.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.validation.prequential import Flags, Floats, Ints
from tallystick.units import PPM

COUNTED: Final = ("kept", "late", "partial", "broken")
"""Outcomes that say something of the promisor."""

US_PER_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Examples:
    """Promises of one kind in the order in which they were made; all columns have one length.

    `promisor`, `promisee`: codes from one list of parties. `made`, `due`, `known`: moments in days.
    `y`: share broken, 0 to 1 (late is broken). `value`: NaN where nobody knows it. `group`: code of the group
    whose prior applies. `late_days`: 0 for what was in time.
    """

    promisor: Ints
    promisee: Ints
    made: Floats
    due: Floats
    known: Floats
    y: Floats
    value: Floats
    group: Ints
    late_days: Floats

    def __len__(self) -> int:
        return len(self.made)


def counted_in_order(promises: pa.Table) -> pa.Table:
    """The promises that count and have a day, in the order in which they were made (ties: by deal)."""
    counts = pc.is_in(promises["outcome"], value_set=pa.array(COUNTED))
    dated = pc.and_(pc.is_valid(promises["made_day"]), pc.is_valid(promises["due_day"]))
    table = promises.filter(pc.and_(counts, dated))
    first = "made_us" if "made_us" in table.column_names else "made_day"
    return table.sort_by([(first, "ascending"), ("deal", "ascending"), ("item", "ascending")])


def examples_of(promises: pa.Table, group: Sequence[str] = ()) -> Examples:
    """Examples of promises of one kind (schema PROMISE; `value_cents`, `made_us` and `known_us` where there
    are any), which must be as `counted_in_order` gives them. `group`: columns that together name the group."""
    kept = pc.equal(promises["outcome"], "kept").to_numpy(zero_copy_only=False)
    due, done = _days(promises, "matured_day"), _days(promises, "done_day")
    known = np.where(kept & ~np.isnan(done), done, due + 1)
    made = _days(promises, "made_day")
    if "made_us" in promises.column_names:
        made, known = (_days(promises, f"{name}_us") / US_PER_DAY for name in ("made", "known"))
    share = 1 - promises["kept_ppm"].to_numpy() / PPM
    late = pc.equal(promises["outcome"], "late").to_numpy(zero_copy_only=False)
    both = [promises[side].combine_chunks() for side in ("promisor", "promisee")]
    parties = codes(pa.chunked_array(both)).reshape(2, len(promises))
    return Examples(
        promisor=parties[0],
        promisee=parties[1],
        made=made,
        due=due,
        known=np.maximum(known, made),  # some files date the deed before the promise
        y=np.where(late, 1.0, share),
        value=_values(promises),
        group=_group(promises, group),
        late_days=np.nan_to_num(_days(promises, "late_days")),
    )


def codes(column: pa.ChunkedArray) -> Ints:
    """0, 1, 2 .. for the values of a column in their order; what is not known is a value too."""
    filled = pc.fill_null(column, "" if pa.types.is_string(column.type) else 0)
    found: Ints = np.unique(filled.to_numpy(zero_copy_only=False), return_inverse=True)[1]
    return found.astype(np.int64)


def _group(promises: pa.Table, names: Sequence[str]) -> Ints:
    group = np.zeros(len(promises), dtype=np.int64)
    for name in names:
        found = codes(promises[name])
        group = group * (found.max(initial=0) + 1) + found
    packed: Ints = np.unique(group, return_inverse=True)[1]
    return packed.astype(np.int64)


def _values(promises: pa.Table) -> Floats:
    if "value_cents" not in promises.column_names:
        return np.full(len(promises), np.nan)
    return _days(promises, "value_cents") / 100


def _days(promises: pa.Table, name: str) -> Floats:
    column = promises[name].cast(pa.float64())
    values: Floats = column.to_numpy(zero_copy_only=False)
    return values


def known_before(examples: Examples, moment: float) -> Flags:
    """Which outcomes were known before a moment."""
    known: Flags = examples.known < moment
    return known
