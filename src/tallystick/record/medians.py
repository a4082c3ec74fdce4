"""What a promise of each kind is usually worth: medians that can be kept up with a few promises more or fewer.

Idea: a median is told to two significant digits, so that one more promise does not change the weight of all
others. To round is to keep the order, so the median of the rounded values is the rounded median, and
counting how many promises have each of some hundred sizes is enough to know it; counts can be added and
taken away.

Worked example: values of 1,234, 1,299 and 5,600 cents have the sizes 1,200 (twice) and 5,600: the second of
three is 1,200. A promise of 7,000 and one of 8,000 more, and the third of five is 5,600.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.engine import Engine, fill, sql_text

SIZE: Final = pa.schema(
    [pa.field("kind", pa.string()), pa.field("cents", pa.int64()), pa.field("n", pa.int64())]
)
"""How many promises of a kind have a size."""

_DIGITS: Final = 19
"""Of the largest number of cents there is."""

_LADDER: Final = " ".join(
    ["WHEN value_cents < 100 THEN value_cents"]
    + [
        f"WHEN value_cents < {10**n} THEN value_cents - value_cents % {10 ** (n - 2)}"
        for n in range(3, _DIGITS)
    ]
    + [f"ELSE value_cents - value_cents % {10 ** (_DIGITS - 2)}"]
)


def find_sizes(engine: Engine, as_of_day: int, promise: str = "promise") -> pa.Table:
    """How many promises of the table `promise` that count have each size (schema SIZE). Reads `fx` too."""
    valued = fill(sql_text(__package__, "05_valued.sql"), {"as_of": as_of_day})
    engine.define("valued", valued.replace("FROM promise p", f"FROM {promise} p"))
    rows = engine.fetch(fill(sql_text(__package__, "08_sizes.sql"), {"ladder": _LADDER}))
    return rows.select(SIZE.names).cast(SIZE)


def medians_of(sizes: pa.Table) -> pa.Table:
    """(kind, median_cents), as `find_medians` has them: of n promises the n/2-th smallest, rounded up."""
    kinds = sorted(pc.unique(sizes["kind"]).to_pylist())
    cents = [_median(sizes.filter(pc.equal(sizes["kind"], kind))) for kind in kinds]
    return pa.table(
        {"kind": pa.array(kinds, pa.string()), "median_cents": pa.array(cents, pa.int64())}
    )


def _median(told: pa.Table) -> int:
    told = told.sort_by("cents")
    counted = np.cumsum(told["n"].to_numpy())
    return int(told["cents"][int(np.searchsorted(counted, (counted[-1] + 1) // 2))].as_py())
