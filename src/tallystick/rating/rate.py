"""Rating companies: per kind of promise, per role and as a headline."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.rating.policy import Policy
from tallystick.rating.prior import Prior
from tallystick.rating.score import RATING, rate_kinds, roll_up


def rate(
    records: pa.Table, prior: Prior, gates: pa.Table, policy: Policy, as_of_day: int
) -> pa.Table:
    """Ratings (schema RATING): all headlines, all roles, all kinds, each by company.

    `records`: track records (schema RECORD) of whole companies with their `country`, ordered by company and
    kind. `prior`: from `fit_prior` over all track records of the book. `gates`: (company, grade) of companies
    whose standing decides whatever the record says: X sanctioned, D in formal default.
    """
    if not len(records):
        return RATING.empty_table()
    kinds, steps = rate_kinds(records, prior, policy, as_of_day)
    roles = roll_up(kinds, records, steps, policy, by_role=True)
    heads = roll_up(kinds, records, steps, policy, by_role=False)
    return _gated(pa.concat_tables([heads, roles, kinds]), gates)


def _gated(ratings: pa.Table, gates: pa.Table) -> pa.Table:
    if not len(gates):
        return ratings
    order = np.argsort(gates["company"].to_numpy(), kind="stable")
    keys = gates["company"].to_numpy()[order]
    place = np.searchsorted(keys, ratings["company"].to_numpy()).clip(max=len(keys) - 1)
    hit = keys[place] == ratings["company"].to_numpy()
    decided = gates["grade"].combine_chunks().take(order[place])
    grade = pc.if_else(pa.array(hit), decided, ratings["grade"])
    at = ratings.schema.get_field_index("grade")
    return ratings.set_column(at, RATING.field("grade"), grade)
