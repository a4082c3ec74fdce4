"""Our rating as one of the models that `accept_data` judges: the production SQL, prior and fit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.engines.duck import DuckEngine
from tallystick.adapters.fitting import seasons_of
from tallystick.adapters.validating import Refitted
from tallystick.rating import Policy
from tallystick.rating.fit import Examples as Known
from tallystick.rating.validation.examples import Examples
from tallystick.record import RecordPolicy, at_moments, find_medians, find_reach

BOUNDLESS = 10**13
OPEN = RecordPolicy(cap_micro=1, seen_micro=1, told_micro=1, word_micro=BOUNDLESS)
"""No caps and no pools: a book whose only contributor is its reader has nobody to be defended against."""


def ours(promises: pa.Table, examples: Examples, policy: Policy, name: str) -> Refitted:
    """The rating under a policy, as a model. `examples`: of `promises`, in their order."""
    return Refitted(what_was_known(promises, examples, policy), policy, name)


def what_was_known(promises: pa.Table, examples: Examples, policy: Policy) -> Known:
    """What a rating under a policy would have known before each promise."""
    with tempfile.TemporaryDirectory() as scratch:
        engine = DuckEngine(Path(scratch))
        known = _known(engine, promises, examples, policy)
        engine.close()
    return known


def _known(engine: DuckEngine, table: pa.Table, examples: Examples, policy: Policy) -> Known:
    """What was known before each promise, by the SQL of the record, in the order of moments."""
    last = int(pc.max(table["matured_day"]).as_py()) + 1
    engine.register("promise", table.drop_columns(["value_cents"]))
    engine.register("fx", _one(table))
    engine.register("credibility", _NOBODY)
    medians = find_medians(engine, int(np.quantile(table["made_day"].to_numpy(), 0.55)))
    find_reach(engine, last, policy.record, medians)
    country = table.group_by("promisor").aggregate([("country", "min")])
    engine.register("country", country.rename_columns(["company", "country"]))
    then = seasons_of(engine, last, policy, medians)
    assert then is not None
    made = table["made_day"].to_numpy()
    moments = table.select(["promisor", "kind", "made_us"]).append_column(
        "as_of", pa.array(made.astype(np.int32))
    )
    moments = moments.append_column("point", pa.array(np.arange(len(table))))
    before, order = "v.known_us < t.made_us", "v.known_us"
    return Known(
        at_moments(engine, last, moments, policy.record, medians, before, order),
        table["kind"].combine_chunks(),
        pc.fill_null(table["country"].combine_chunks(), ""),
        made.astype(float),
        examples.y,
        np.ones(len(table)),
        then,
        np.zeros((len(table), 2)),
    )


_NOBODY = pa.table(
    {"company": pa.array([], pa.int64()), "credibility_ppm": pa.array([], pa.int64())}
)


def _one(table: pa.Table) -> pa.Table:
    days = pc.unique(table["made_day"])
    one = pa.repeat(pa.scalar(10**9, pa.int64()), len(days))
    return pa.table({"currency": pa.repeat("USD", len(days)), "day": days, "nano_cents": one})
