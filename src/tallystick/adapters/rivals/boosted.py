"""LightGBM on raw facts: what machine learning without assumptions gets out of them; as it comes, or tuned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from tallystick.adapters.rivals.extra import load
from tallystick.adapters.rivals.features import raw_features
from tallystick.rating.validation.examples import Examples, known_before
from tallystick.rating.validation.measures import losses
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.rating.validation.rolling import TEST_SHARE

FIXED: Final[dict[str, float]] = {
    "num_leaves": 15,
    "learning_rate": 0.05,
    "rounds": 200,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
}
TRIED: Final[tuple[dict[str, float], ...]] = tuple(
    {
        "num_leaves": leaves,
        "learning_rate": 0.03,
        "rounds": rounds,
        "min_data_in_leaf": least,
        "lambda_l2": 10.0,
        "feature_fraction": 0.7,
    }
    for leaves, least in ((4, 20), (8, 40), (16, 100), (31, 100))
    for rounds in (100, 200, 400)
)
TUNING_SHARE: Final = 0.15
"""The last part before the test blocks, on which settings are compared."""


@dataclass(slots=True)
class Boosted:
    """Gradient boosting; `tuned`: with the settings that did best before the first test block."""

    tuned: bool = False
    deal: bool = False
    facts: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    y: Floats = field(default_factory=lambda: np.zeros(0))
    settings: dict[str, float] = field(default_factory=lambda: dict(FIXED))
    model: Any = None

    @property
    def name(self) -> str:
        """`lightgbm` or `lightgbm_tuned`."""
        return "lightgbm_tuned" if self.tuned else "lightgbm"

    def prepare(self, examples: Examples) -> None:
        """The raw facts before each promise, and the settings."""
        self.facts, self.y = raw_features(examples, self.deal), examples.y
        if self.tuned:
            self.settings = self._best(examples)

    def fit(self, rows: Ints) -> None:
        """Grow the trees."""
        self.model = self._grown(rows, self.settings)

    def predict(self, rows: Ints) -> Floats:
        """Probability of the trees."""
        p: Floats = np.asarray(self.model.predict(self.facts[rows]))
        return p

    def _grown(self, rows: Ints, settings: dict[str, float]) -> Any:
        lightgbm = load("lightgbm")
        fixed = {
            # shares are outcomes too; for 0 and 1 this is the binary loss
            "objective": "cross_entropy",
            "verbosity": -1,
            "seed": 7,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
        }
        told = {key: value for key, value in settings.items() if key != "rounds"}
        data = lightgbm.Dataset(self.facts[rows], self.y[rows])
        return lightgbm.train(fixed | told, data, num_boost_round=int(settings["rounds"]))

    def _best(self, examples: Examples) -> dict[str, float]:
        """Learned on what was known before, compared on the last promises before the test."""
        first_test = round((1 - TEST_SHARE) * len(examples))
        first = first_test - round(TUNING_SHARE * len(examples))
        seen = known_before(examples, examples.made[first])
        learned = np.flatnonzero(seen)
        known = known_before(examples, examples.made[min(first_test, len(examples) - 1)])
        judged = np.arange(first, first_test)
        judged = judged[known[judged]]
        lost = []
        for settings in TRIED:
            p = np.asarray(self._grown(learned, settings).predict(self.facts[judged]))
            lost.append(float(losses(p, self.y[judged]).mean()))
        return TRIED[int(np.argmin(lost))]
