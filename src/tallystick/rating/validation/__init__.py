"""How well ratings come true: strictly out of time, with intervals, by segment, against baselines.

`foretell` lets models foretell the promises of rolling blocks; `validate` says of the table that comes of it
(schema PREDICTION) all that a validator asks. Everything is arrays in, figures out: no engine, no clock.

Worked example: of 1,000 promises the last 450 are foretold in nine blocks of 50; 45 of them break where 40 were
expected: observed over expected 1.13, with an interval that is drawn by party.
"""

from tallystick.rating.validation.examples import Examples, counted_in_order, examples_of
from tallystick.rating.validation.rolling import PREDICTION, Model, foretell
from tallystick.rating.validation.validate import PredictionError, Validation, validate

__all__ = [
    "PREDICTION",
    "Examples",
    "Model",
    "PredictionError",
    "Validation",
    "counted_in_order",
    "examples_of",
    "foretell",
    "validate",
]
