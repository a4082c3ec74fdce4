"""The scorecard as banks build it: raw facts binned by OptBinning, weights of evidence, logistic regression."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from tallystick.adapters.rivals.extra import load
from tallystick.adapters.rivals.features import raw_features
from tallystick.rating.validation.examples import Examples
from tallystick.rating.validation.prequential import Floats, Ints

LEAST_INFORMATION: Final = 0.02
"""A fact whose information value is below this says nothing that a scorecard would use."""


@dataclass(slots=True)
class WoeScorecard:
    """WoE logistic scorecard; where a fact is missing is a bin of its own."""

    name: str = "woe"
    deal: bool = False
    facts: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    y: Floats = field(default_factory=lambda: np.zeros(0))
    bins: list[tuple[int, Any]] = field(default_factory=list)
    model: Any = None

    def prepare(self, examples: Examples) -> None:
        """The raw facts before each promise."""
        self.facts, self.y = raw_features(examples, self.deal), examples.y

    def fit(self, rows: Ints) -> None:
        """Bins of every fact, then the regression on those that say something."""
        binning, linear = load("optbinning"), load("sklearn.linear_model")
        broken = np.rint(self.y[rows]).astype(np.int64)
        self.bins, self.model = [], None
        if broken.min() == broken.max():
            return
        for n in range(self.facts.shape[1]):
            fact = self.facts[rows, n]
            if np.unique(fact[~np.isnan(fact)]).size > 1:
                found = binning.OptimalBinning(solver="cp", monotonic_trend="auto_asc_desc")
                found.fit(fact, broken)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of its own use of pandas
                    found.binning_table.build()
                if found.binning_table.iv >= LEAST_INFORMATION:
                    self.bins.append((n, found))
        self.model = linear.LogisticRegression(C=1.0, max_iter=500)
        self.model.fit(self._evidence(rows), broken)

    def predict(self, rows: Ints) -> Floats:
        """Probability of the scorecard."""
        if self.model is None:
            return np.full(len(rows), 0.5)
        p: Floats = self.model.predict_proba(self._evidence(rows))[:, 1]
        return p

    def _evidence(self, rows: Ints) -> Floats:
        columns = [
            found.transform(self.facts[rows, n], metric="woe", metric_missing="empirical")
            for n, found in self.bins
        ]
        return np.stack([np.zeros(len(rows)), *columns], axis=1)
