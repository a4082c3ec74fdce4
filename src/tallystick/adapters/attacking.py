"""The rating itself behind the port of the attack lab: the same steps as for a cut of a book.

What the market teaches (what promises are worth, what is expected of anybody) is learnt from honest companies
once and then held, so that many strangers can be scored beside it without moving it.
"""

from __future__ import annotations

import tempfile
from dataclasses import fields, replace
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
from tallystick.record import RECORD, RecordPolicy, find_medians, find_reach, summarise
from tallystick.units import PPM
from tallystick.watch import find_alerts
from tallystick.world.attack.market import DAYS, MEDIAN_CENTS, YEAR, Market
from tallystick.world.attack.rows import KIND
from tallystick.world.attack.scorer import SCORES, Rater

NO_GATES: Final = pa.table(
    {"company": pa.array([], pa.int64()), "grade": pa.array([], pa.string())}
)
NO_LIMIT: Final = 10**12


class OurRating:
    """The rating of Tallystick under a policy. `defended` False: without its defences, that is, every promise
    counts alike, whoever speaks for it, whatever it is worth and with whomever it was made."""

    together = True

    def __init__(self, policy: Policy | None = None, defended: bool = True) -> None:
        # all that is proven, and no floor: the lab tries several factors and floors on it
        given = policy or Policy()
        self.policy = replace(given, exposure_ppm=PPM, exposure_floor_medians=0)
        self.name = "Tallystick" if defended else "Tallystick, no defences"
        self.defended = defended
        if not defended:
            self.policy = replace(self.policy, record=open_to_all(given.record))

    def learn(self, market: Market) -> Rater:
        """Medians and prior of an honest market."""
        day = market.as_of_day
        with tempfile.TemporaryDirectory() as scratch:
            engine = self._engine(scratch, market.promises, market.companies, day)
            medians = find_medians(engine, day)
            found = self._records(engine, scratch, day, medians)
            engine.close()
        prior = fit_prior([found], self.policy, day)

        def score(promises: pa.Table, companies: pa.Table) -> pa.Table:
            with tempfile.TemporaryDirectory() as scratch:
                engine = self._engine(scratch, promises, companies, day)
                records = self._records(engine, scratch, day, medians)
                engine.close()
            records = with_newcomers(records, companies, medians)
            rated = rate(records, prior, NO_GATES, self.policy, day)
            return scored(rated.filter(pc.equal(rated["scope"], "headline")))

        return score

    def _engine(self, scratch: str, promises: pa.Table, companies: pa.Table, day: int) -> Engine:
        engine = DuckEngine(Path(scratch))
        engine.register("promise", promises if self.defended else levelled(promises))
        engine.register("fx", dollars(promises))
        engine.register("credibility", credibility(companies, day, self.policy.record.young_ppm))
        return engine

    def _records(self, engine: Engine, scratch: str, day: int, medians: pa.Table) -> pa.Table:
        policy = self.policy.record
        find_reach(engine, day, policy, medians)
        files = summarise(engine, day, Path(scratch) / "records", 1, policy, medians)
        found = pa.concat_tables([pq.read_table(path) for path in files]).cast(RECORD)
        return with_country(found)


def open_to_all(policy: RecordPolicy) -> RecordPolicy:
    """The constants of a record in which no mass is bounded."""
    bounds = [field.name for field in fields(policy) if field.name.endswith("_micro")]
    return replace(policy, **dict.fromkeys(bounds, NO_LIMIT))


def levelled(promises: pa.Table) -> pa.Table:
    """The promises as if each were seen by all and worth the same."""
    count = len(promises)
    alike = {
        "strength_ppm": PPM,
        "anchored": 1,
        "witness": 3,
        "value_minor": MEDIAN_CENTS,
        "mask": 0,
    }
    for name, value in alike.items():
        at = promises.schema.get_field_index(name)
        column = pa.array(np.full(count, value), promises.schema.field(at).type)
        promises = promises.set_column(at, promises.schema.field(at), column)
    return promises


def credibility(companies: pa.Table, day: int, young_ppm: int) -> pa.Table:
    """(company, credibility_ppm) of the companies whose identity was checked, as of standing in a register."""
    known = companies.filter(pc.is_valid(companies["verified_day"]))
    age = day - known["verified_day"].to_numpy().astype(np.int64)
    ppm = np.clip(PPM * age // YEAR, young_ppm, PPM)
    return pa.table({"company": known["company"], "credibility_ppm": ppm})


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
