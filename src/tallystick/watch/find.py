"""All alerts of a market on a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa

from tallystick.watch.afresh import WHITEWASH, find_whitewash
from tallystick.watch.alert import Alert, in_order
from tallystick.watch.circle import CIRCLE, SYBILS, find_circles, find_sybils
from tallystick.watch.course import COLLAPSE, EXIT, ON_OFF, find_collapses, find_exits, find_on_off
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.ring import RING, find_rings
from tallystick.watch.slander import RETALIATION, SLANDER, find_retaliation, find_slander
from tallystick.watch.sources import LONE, ODD, find_sources
from tallystick.watch.trade import Kin, Trade, trade_of

_OF_TRADE: Final[dict[str, Callable[[Trade, WatchPolicy], list[Alert]]]] = {
    RING: find_rings,
    SYBILS: find_sybils,
    CIRCLE: find_circles,
    SLANDER: find_slander,
    RETALIATION: find_retaliation,
    EXIT: find_exits,
    COLLAPSE: find_collapses,
    ON_OFF: find_on_off,
    WHITEWASH: find_whitewash,
}
"""Pattern -> what finds it among the dealings of a market."""

PATTERNS: Final = (*_OF_TRADE, LONE, ODD)
"""All patterns by name."""


def find_alerts(
    promises: pa.Table,
    companies: pa.Table,
    as_of_day: int,
    policy: WatchPolicy | None = None,
    kin: Kin | None = None,
    told: pa.Table | None = None,
) -> list[Alert]:
    """The alerts of a day, the strongest first.

    `promises`: schema PROMISE with `value_cents`; `companies`: `company`, and `verified_day`, the day on which
    its identity was checked (null: it was not); `kin`: who is related, whose trade is no sign of a ring; `told`
    (schema TOLD): who spoke of which deal, for the patterns about contributors.
    """
    trade = trade_of(promises, companies, as_of_day, kin)
    rules = policy or WatchPolicy()
    found = [alert for find in _OF_TRADE.values() for alert in find(trade, rules)]
    if told is not None:
        found += find_sources(told, as_of_day, rules)
    return in_order(found)
