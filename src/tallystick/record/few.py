"""What a few promises come to: those of one company, or of supposed histories of it.

They are weighed and added up by the texts of the whole book, as questions that an engine plans once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tallystick.engine import Engine, Question, Step
from tallystick.record.schema import COUNTERPARTY, RECORD, RecordPolicy
from tallystick.record.texts import (
    OF_COMPANY,
    counting,
    decay_table,
    proving,
    recording,
    text_of,
    values_of,
    weighing,
)

NO_TIES: Final = pa.table(dict.fromkeys(("a", "b", "tie_a", "tie_b"), pa.array([], pa.int64())))
NOBODY_WITHIN: Final = pa.table(
    dict.fromkeys(("owner", "promisee", "within"), pa.array([], pa.int64()))
)


@dataclass(frozen=True, slots=True)
class Few:
    """A few promises at a day, and what they are weighed by. `promises`: columns of PROMISE; `rates`: currency,
    day, nano_cents of the days on which they were made; `medians` of their kinds; of those to whom they were
    made, `credibility` (company, credibility_ppm), `reach` (company, reach) and, of their promisors, `within`
    (owner, promisee, within): what `find_reach` said of the whole book."""

    promises: pa.Table
    rates: pa.Table
    medians: pa.Table
    as_of_day: int
    policy: RecordPolicy
    credibility: pa.Table
    reach: pa.Table
    within: pa.Table

    def priced(self) -> dict[str, pa.Table]:
        """What weights are made of, by the names under which the texts read it."""
        first = pc.min(self.promises["matured_day"]).as_py()
        oldest = 0 if first is None else max(self.as_of_day - first, 0)
        return {
            "promise": self.promises,
            "fx": self.rates,
            "median": self.medians,
            "decay": decay_table().slice(0, oldest + 1),
        }

    def known(self) -> dict[str, pa.Table]:
        """What is known of those to whom they were made, likewise."""
        return {"credibility": self.credibility, "reach": self.reach, "within": self.within}


def weights(engine: Engine, few: Few) -> pa.Table:
    """The promises with what each weighs: the columns of 10_counted.sql after those of 05_valued.sql. What is
    known of anybody does not matter."""
    return engine.answer(_weights(few.as_of_day, few.policy), few.priced())


def records_of_few(engine: Engine, few: Few) -> pa.Table:
    """Track records (schema RECORD), by company and kind. There are no ties: `reach` must be that to others."""
    tables = few.priced() | few.known() | {"tie": NO_TIES}
    return engine.answer(_records(few.as_of_day, few.policy), tables).cast(RECORD)


def counterparties(engine: Engine, few: Few, company: int) -> pa.Table:
    """What each counterparty gives to the track records of one company, and why: schema COUNTERPARTY, by key.
    `few`: all that it promised and was promised."""
    tables = few.priced() | few.known() | _asked(company)
    found = engine.answer(_counterparties(few.as_of_day, few.policy), tables)
    return found.select(COUNTERPARTY.names).cast(COUNTERPARTY)


def known_to_others(engine: Engine, few: Few, company: int) -> pa.Table:
    """(company, reach): how well those of whom `few` knows the reach are known to others than `company` and its
    partners. `few`: all that it promised and was promised."""
    tables = few.priced() | few.known() | _asked(company)
    return engine.answer(_known(few.as_of_day, few.policy), tables)


def _asked(company: int) -> dict[str, pa.Table]:
    return {"asked": pa.table({"company": pa.array([company], pa.int64())})}


@lru_cache(4)
def _weights(as_of_day: int, policy: RecordPolicy) -> Question:
    return Question("SELECT * FROM weighed", weighing(as_of_day, policy, "v.*"))


@lru_cache(4)
def _records(as_of_day: int, policy: RecordPolicy) -> Question:
    values = {**values_of(policy), **OF_COMPANY, "as_of": as_of_day}
    steps, query = recording(values)
    return Question(query, (*weighing(as_of_day, policy), *steps))


def _tied(as_of_day: int, policy: RecordPolicy) -> tuple[Step, ...]:
    """The steps to `tie`, who was seen dealing with whom among these promises."""
    valued, weighed = weighing(as_of_day, policy)
    tie = Step("tie", text_of("20_tie.sql", values_of(policy)), kept=True)
    return valued, replace(weighed, kept=True), tie


@lru_cache(4)
def _counterparties(as_of_day: int, policy: RecordPolicy) -> Question:
    values = {**values_of(policy), **OF_COMPANY, "as_of": as_of_day}
    mine = counting(values, "WHERE promisor IN (SELECT company FROM asked)")
    steps = (*_tied(as_of_day, policy), mine, *proving(values))
    return Question(text_of("60_counterparty.sql", values), steps)


@lru_cache(4)
def _known(as_of_day: int, policy: RecordPolicy) -> Question:
    return Question(_TO_OTHERS, _tied(as_of_day, policy))


_TO_OTHERS: Final = """
SELECT r.company, CAST(r.reach - COALESCE(CASE WHEN a.company < r.company THEN t.tie_a ELSE t.tie_b END, 0)
         - COALESCE(w.within, 0) AS BIGINT) AS reach
FROM reach r CROSS JOIN asked a
LEFT JOIN within w ON w.owner = a.company AND w.promisee = r.company
LEFT JOIN tie t ON t.a = LEAST(a.company, r.company) AND t.b = GREATEST(a.company, r.company)
ORDER BY r.company
"""
