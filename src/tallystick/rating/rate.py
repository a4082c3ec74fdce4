"""Rating everybody: the prior from all track records first, then company by company."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from tallystick.rating.policy import Policy
from tallystick.rating.prior import fit_prior
from tallystick.rating.score import RATING, rate_kinds, roll_up


def rate(
    parts: Sequence[Callable[[], pa.Table]],
    countries: Callable[[pa.Array], pa.Array],
    gates: pa.Table,
    policy: Policy,
) -> Iterator[pa.Table]:
    """Ratings (schema RATING) of each part, ordered by company: headline, kinds, roles.

    `parts`: each gives track records (schema RECORD) of whole companies, ordered by company and kind; they
    are read twice. `countries`: company keys -> ISO codes. `gates`: (company, grade) of companies whose
    standing decides whatever the record says: X sanctioned, D in formal default.
    """

    def read(part: Callable[[], pa.Table]) -> pa.Table:
        table = part()
        return table.append_column("country", countries(table["company"]))

    prior = fit_prior((read(part) for part in parts), policy)
    for part in parts:
        records = read(part)
        if not len(records):
            yield RATING.empty_table()
            continue
        kinds, steps = rate_kinds(records, prior, policy)
        roles = roll_up(kinds, records, steps, policy, by_role=True)
        heads = roll_up(kinds, records, steps, policy, by_role=False)
        yield _gated(_ordered(pa.concat_tables([heads, roles, kinds])), gates)


def _ordered(ratings: pa.Table) -> pa.Table:
    keys = [("company", "ascending"), ("scope", "ascending")]
    return ratings.sort_by([*keys, ("role", "ascending"), ("kind", "ascending")])


def _gated(ratings: pa.Table, gates: pa.Table) -> pa.Table:
    if not len(gates):
        return ratings
    order = np.argsort(gates["company"].to_numpy(), kind="stable")
    keys = gates["company"].to_numpy()[order]
    place = np.searchsorted(keys, ratings["company"].to_numpy()).clip(max=len(keys) - 1)
    hit = keys[place] == ratings["company"].to_numpy()
    grade = np.array(ratings["grade"].to_pylist(), dtype=object)
    decided = np.array(gates["grade"].to_pylist(), dtype=object)[order][place]
    grade[hit] = decided[hit]
    at = ratings.schema.get_field_index("grade")
    return ratings.set_column(at, RATING.field("grade"), pa.array(grade.tolist(), pa.string()))
