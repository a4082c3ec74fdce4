"""The attack lab: what it costs to fake a rating, for somebody who knows how it works.

`make_market` makes an honest market; a `Scorer` is a rating that is attacked, PEERS are those in use elsewhere;
`assess` measures one under the schemes of `Settings`. What a scheme does stands in plans.py, what it costs in
costs.py, and what is measured in measures.py.
"""

from tallystick.world.attack.costs import COSTS, Costs
from tallystick.world.attack.detection import Alerts
from tallystick.world.attack.drawing import drawn
from tallystick.world.attack.lab import Assessed, Settings, assess, chosen_schemes
from tallystick.world.attack.market import COMPANIES, Market, make_market
from tallystick.world.attack.peers import PEERS
from tallystick.world.attack.plans import PLANS, SCHEMES, Plan
from tallystick.world.attack.schemes import Attack, Strategy, attack
from tallystick.world.attack.scorer import SCORES, Rater, Scorer, percentiles
from tallystick.world.attack.search import BUDGETS, Search, Tried
from tallystick.world.attack.trial import Trial

__all__ = [
    "BUDGETS",
    "COMPANIES",
    "COSTS",
    "PEERS",
    "PLANS",
    "SCHEMES",
    "SCORES",
    "Alerts",
    "Assessed",
    "Attack",
    "Costs",
    "Market",
    "Plan",
    "Rater",
    "Scorer",
    "Search",
    "Settings",
    "Strategy",
    "Trial",
    "Tried",
    "assess",
    "attack",
    "chosen_schemes",
    "drawn",
    "make_market",
    "percentiles",
]
