"""Rating: probability, interval, grade, level of evidence, proven exposure and reasons that add up.

`rate` turns track records into ratings per kind of promise, per role and as a headline. `Policy` holds the
dated parameters. Reason codes and their sentences are in `rating.reasons`.
"""

from tallystick.rating.horizon import HORIZON, horizons
from tallystick.rating.moves import MOVE, Moves, compare
from tallystick.rating.policy import GRADES, Policy, Provenance, Scorecard
from tallystick.rating.prior import (
    SUMMED,
    Prior,
    change_sums,
    fit_prior,
    prior_from,
    prior_of,
    prior_sums,
)
from tallystick.rating.rate import rate
from tallystick.rating.reasons import REASONS, Reason, reasons_of
from tallystick.rating.score import RATING

__all__ = [
    "GRADES",
    "HORIZON",
    "MOVE",
    "RATING",
    "REASONS",
    "SUMMED",
    "Moves",
    "Policy",
    "Prior",
    "Provenance",
    "Reason",
    "Scorecard",
    "change_sums",
    "compare",
    "fit_prior",
    "horizons",
    "prior_from",
    "prior_of",
    "prior_sums",
    "rate",
    "reasons_of",
]
