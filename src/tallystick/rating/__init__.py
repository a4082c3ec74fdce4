"""Rating: probability, interval, grade, level of evidence, proven exposure and reasons that add up.

`rate` turns track records into ratings per kind of promise, per role and as a headline. `Policy` holds the
dated parameters. Reason codes and their sentences are in `rating.reasons`.
"""

from tallystick.rating.horizon import HORIZON, horizons
from tallystick.rating.moves import MOVE, Moves, compare
from tallystick.rating.policy import GRADES, Policy, Provenance, Scorecard
from tallystick.rating.prior import Prior, fit_prior, prior_of
from tallystick.rating.rate import rate
from tallystick.rating.reasons import REASONS, Reason, reasons_of
from tallystick.rating.score import RATING

__all__ = [
    "GRADES",
    "HORIZON",
    "MOVE",
    "RATING",
    "REASONS",
    "Moves",
    "Policy",
    "Prior",
    "Provenance",
    "Reason",
    "Scorecard",
    "compare",
    "fit_prior",
    "horizons",
    "prior_of",
    "rate",
    "reasons_of",
]
