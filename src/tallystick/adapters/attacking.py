"""The rating itself behind the port of the attack lab: the same steps as for a cut of a book.

What the market teaches (what promises are worth, what is expected of anybody) is learnt from honest companies
once and then held, so that many strangers can be scored beside it without moving it.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallystick.adapters.engines.duck import DuckEngine
from tallystick.adapters.rates import NANO
from tallystick.engine import Engine
from tallystick.rating import Policy, fit_prior, rate
from tallystick.record import RECORD, find_medians, summarise
from tallystick.units import PPM
from tallystick.watch import find_alerts
from tallystick.world.attack.market import DAYS, Market
from tallystick.world.attack.rows import KIND
from tallystick.world.attack.scorer import SCORES, Rater

NO_GATES: Final = pa.table(
    {"company": pa.array([], pa.int64()), "grade": pa.array([], pa.string())}
)


class OurRating:
    """The rating of Tallystick under a policy."""

    together = True

    def __init__(self, policy: Policy | None = None, name: str = "Tallystick") -> None:
        # all that is proven, and no floor: the lab tries several factors and floors on it
        given = policy or Policy()
        self.policy = replace(given, exposure_ppm=PPM, exposure_floor_medians=0)
        self.name = name

    def learn(self, market: Market) -> Rater:
        """Medians and prior of an honest market."""
        with tempfile.TemporaryDirectory() as scratch:
            engine = DuckEngine(Path(scratch))
            self._register(engine, market.promises, market.companies)
            medians = find_medians(engine, market.as_of_day)
            prior = fit_prior([self._records(engine, Path(scratch), market, medians)], self.policy)
            engine.close()

        def score(promises: pa.Table, companies: pa.Table) -> pa.Table:
            with tempfile.TemporaryDirectory() as scratch:
                engine = DuckEngine(Path(scratch))
                self._register(engine, promises, companies)
                records = self._records(engine, Path(scratch), market, medians)
                engine.close()
            records = with_newcomers(records, companies, medians)
            rated = rate(records, prior, NO_GATES, self.policy)
            return scored(rated.filter(pc.equal(rated["scope"], "headline")))

        return score

    def _register(self, engine: Engine, promises: pa.Table, companies: pa.Table) -> None:
        engine.register("promise", promises)
        engine.register("fx", dollars(promises))

    def _records(
        self, engine: Engine, scratch: Path, market: Market, medians: pa.Table
    ) -> pa.Table:
        files = summarise(
            engine, market.as_of_day, scratch / "records", 1, self.policy.record, medians
        )
        found = pa.concat_tables([pq.read_table(path) for path in files]).cast(RECORD)
        return with_country(found)


def suspected(promises: pa.Table, companies: pa.Table, day: int) -> set[int]:
    """The companies that alerts of a market of the lab name on a day."""
    valued = promises.append_column("value_cents", promises["value_minor"])
    return {key for alert in find_alerts(valued, companies, day) for key in alert.companies}


def dollars(promises: pa.Table) -> pa.Table:
    """A table of rates in which a dollar is a dollar, for the days of the promises."""
    last = pc.max(promises["made_day"]).as_py() or 0
    days = np.arange(last - 2 * DAYS, last + 1, dtype=np.int32)
    rates = np.full(len(days), NANO, np.int64)
    return pa.table({"currency": pa.repeat("USD", len(days)), "day": days, "nano_cents": rates})


def with_country(records: pa.Table) -> pa.Table:
    """Track records of companies whose country nobody knows."""
    return records.append_column("country", pa.nulls(len(records), pa.string()))


def with_newcomers(records: pa.Table, companies: pa.Table, medians: pa.Table) -> pa.Table:
    """The records, and empty ones of the targets that have made no promise yet."""
    targets = companies.filter(pc.equal(companies["identity"], "target"))["company"]
    fresh = targets.filter(pc.invert(pc.is_in(targets, value_set=records["company"])))
    if not len(fresh):
        return records
    empty = {
        field.name: pa.nulls(len(fresh), field.type)
        if field.nullable
        else pa.array(np.zeros(len(fresh), np.int64))
        for field in RECORD
        if field.name not in ("company", "kind", "median_cents")
    }
    empty |= {"company": fresh, "kind": pa.repeat(KIND, len(fresh))}
    empty["median_cents"] = pa.repeat(medians["median_cents"][0].cast(pa.int64()), len(fresh))
    added = with_country(pa.table({name: empty[name] for name in RECORD.names}, schema=RECORD))
    both = pa.concat_tables([records, added])
    return both.sort_by([("company", "ascending"), ("kind", "ascending")])


def scored(rated: pa.Table) -> pa.Table:
    """Headlines (schema RATING) as scores."""
    columns = [
        rated["company"],
        pc.cast(rated["broken_ppm"], pa.float64()),
        rated["grade"],
        rated["exposure_cents"],
    ]
    return pa.table(columns, schema=SCORES).sort_by("company")
