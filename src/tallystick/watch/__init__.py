"""Watch: patterns in who deals with whom that somebody should look at.

Idea: a rating is made so that faking it costs more than it brings; an alert says who may be trying. It names
the pattern, the firms, the dealings and what to look at next, and changes no rating: an analyst decides.

Worked example: ten identities that nobody knew order from one seller within a fortnight, at $2,000 each, and
from nobody else: a `brushing_ring` of eleven firms, with the ten deals as evidence.
"""

from tallystick.watch.alert import ALERT, Alert, alert_table
from tallystick.watch.find import PATTERNS, find_alerts
from tallystick.watch.policy import WatchPolicy
from tallystick.watch.sources import TOLD
from tallystick.watch.trade import COLUMNS, Kin

__all__ = [
    "ALERT",
    "COLUMNS",
    "PATTERNS",
    "TOLD",
    "Alert",
    "Kin",
    "WatchPolicy",
    "alert_table",
    "find_alerts",
]
