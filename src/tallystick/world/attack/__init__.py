"""The attack lab: what it costs to fake a rating, for somebody who knows how it works.

`make_market` makes an honest market; a `Scorer` is a rating that is attacked; PEERS are those in use elsewhere.
"""

from tallystick.world.attack.market import COMPANIES, Market, make_market
from tallystick.world.attack.peers import PEERS
from tallystick.world.attack.scorer import SCORES, Rater, Scorer, percentiles

__all__ = [
    "COMPANIES",
    "PEERS",
    "SCORES",
    "Market",
    "Rater",
    "Scorer",
    "make_market",
    "percentiles",
]
