"""Counts that are kept up: tables of how many there are of each sort, which can be added to and taken from.

Worked example: (pay, 12 cents, 3) and (pay, 12 cents, 1) taken away are (pay, 12 cents, 2); one of which
nothing is left is not listed.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc


def add_counts(parts: Iterable[tuple[pa.Table, int]], schema: pa.Schema) -> pa.Table:
    """Tables of counts added (1) or taken away (-1), by their key, which is all columns of `schema` but the
    last one, the count."""
    *keys, count = schema.names
    tables = [
        table.set_column(len(keys), count, pc.multiply(table[count], sign)).cast(schema)
        for table, sign in parts
    ]
    total = pa.concat_tables(tables).group_by(keys, use_threads=False)
    found = total.aggregate([(count, "sum")]).rename_columns([*keys, count])
    found = found.filter(pc.not_equal(found[count], 0))
    return found.sort_by([(key, "ascending") for key in keys]).cast(schema)
