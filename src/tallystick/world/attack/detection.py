"""How soon a ring is seen, and how often an honest firm is suspected, whoever looks for rings.

What looks is given from outside: a function of the promises known on a day and of the companies, that names
those it suspects. Without one nothing is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.world.attack.market import Market
from tallystick.world.attack.rows import joined, promises
from tallystick.world.attack.schemes import Attack

Alerts = Callable[[pa.Table, pa.Table, int], Set[int]]
"""(promises of schema PROMISE, companies of schema COMPANIES, day) -> companies under suspicion."""

LOOKS_AFTER: Final = (0, 1, 2, 3, 5, 7, 10, 14, 20, 30, 45, 60)
"""Days after the first promise of a ring fell due on which somebody looks."""


def days_to_detection(market: Market, attack: Attack, alerts: Alerts) -> int | None:
    """Days from the first promise of the ring that fell due until its target or one of its members is under
    suspicion; None if that does not happen within two months."""
    told = promises(joined([market.record, attack.added]))
    known = pa.concat_tables([market.companies, attack.companies])
    ring = {attack.target, *attack.companies["company"].to_pylist()}
    mine = np.isin(told["promisee"].to_numpy(), list(ring))
    if not mine.any():
        return None
    first = int(told["matured_day"].to_numpy()[mine].min())
    for days in LOOKS_AFTER:
        seen = told.filter(pc.less_equal(told["matured_day"], first + days))
        if ring & set(alerts(seen, known, first + days)):
            return days
    return None


def false_alarms(market: Market, alerts: Alerts) -> float:
    """Share of honest companies under suspicion in a market without rings."""
    suspected = alerts(market.promises, market.companies, market.as_of_day)
    return len(suspected & set(market.companies["company"].to_pylist())) / len(market.companies)
