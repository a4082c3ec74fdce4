"""Validation of a rating on the evidence of a book: every promise foretold from what was known before it.

Idea: nine blocks over the last 45 % of the promises of each kind. Before each, the scorecard is fitted anew on
what had come to an outcome by then, from the constants of a policy; the rivals learn from the same promises.
Where a kind has very many promises, whole files of some promisors stand for all.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.cuts import Cut
from tallystick.adapters.fitting import Reader, reader_of, register_learnt
from tallystick.adapters.rivals import rivals
from tallystick.adapters.state import Progress
from tallystick.engine import Engine
from tallystick.rating import Policy
from tallystick.rating.fit import Examples as Known
from tallystick.rating.fit import fit
from tallystick.rating.prior import chance
from tallystick.rating.terms import odds
from tallystick.rating.validation.examples import COUNTED, Examples, counted_in_order, examples_of
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.rating.validation.rolling import Model, foretell

LEAST_PROMISES = 500
"""A kind of promise with fewer outcomes is not validated: nine blocks of it would say nothing."""

MOST_PROMISES = 40_000
"""Of each kind, in whole files."""

OURS = "tallystick"


class Refitted:
    """The rating, fitted anew before each block (a `rolling.Model`); with `cold`, the cards of the policy as
    they are. `known`: what was known before each promise."""

    def __init__(self, known: Known, policy: Policy, name: str = OURS, cold: bool = False) -> None:
        self._known, self._policy, self._cold, self._name = known, policy, cold, name
        self._expected = known.expected()
        self._foretold = self._foretell(policy)

    @property
    def name(self) -> str:
        """Name of the column of predictions."""
        return self._name

    def prepare(self, examples: Examples) -> None:
        """Nothing: what was known before each promise has been read."""

    def fit(self, rows: Ints) -> None:
        """Learn from these, and foretell all."""
        if not self._cold:
            mask = np.zeros(len(self._known), dtype=bool)
            mask[rows] = True
            self._foretold = self._foretell(fit(self._known.take(mask), self._policy).policy)

    def predict(self, rows: Ints) -> Floats:
        """Probability that these are broken."""
        return self._foretold[rows]

    def _foretell(self, policy: Policy) -> Floats:
        card = policy.card(self._known.kind[0].as_py())
        return chance(odds(card, self._known.terms(card.kappa, card.deep, self._expected)))


def foretell_cut(cut: Cut, engine: Engine, progress: Progress, learned: bool) -> pa.Table:
    """Predictions (schema PREDICTION, `p_tallystick`, `p_policy` and one column per rival) of the kinds of
    promise of a cut with enough outcomes; no rows where there are none. `learned`: with the rivals that the
    extra `fit` brings. What is validated is a fit from the constants of the cut's policy, and the policy."""
    country = register_learnt(cut, engine)
    read = reader_of(engine, cut.as_of_day, country, cut.policy)
    kinds = _kinds(engine) if read else []
    parts: list[pa.Table] = []
    for n, kind in enumerate(kinds):
        progress(f"foretelling {kind}", n, len(kinds))
        assert read is not None
        parts.append(_foretell_kind(read, kind, learned))
    return pa.concat_tables(parts) if parts else pa.table({})


def _kinds(engine: Engine) -> list[str]:
    """Kinds with enough outcomes, and with breaks among them."""
    found = engine.fetch(
        "SELECT kind FROM valued WHERE counted = 1 GROUP BY kind "
        f"HAVING COUNT(*) >= {LEAST_PROMISES} AND COUNT(DISTINCT outcome) > 1 ORDER BY kind"
    )
    kinds: list[str] = found["kind"].to_pylist()
    return kinds


def _foretell_kind(read: Reader, kind: str, learned: bool) -> pa.Table:
    promises = counted_in_order(_sample(read.engine, kind))
    examples = examples_of(promises)
    known = read.examples(promises)
    labels = pa.table({"country": known.country})
    ours = [Refitted(known, read.policy), Refitted(known, read.policy, "policy", cold=True)]
    models: list[Model] = [*ours, *rivals(learned)]
    return foretell(examples, models, kind, labels)


def _sample(engine: Engine, kind: str) -> pa.Table:
    """The promises of a kind, or those of every n-th promisor where they are too many."""
    listed = ", ".join(f"'{outcome}'" for outcome in COUNTED)
    where = f"kind = '{kind}' AND counted = 1 AND outcome IN ({listed})"
    total = engine.fetch(f"SELECT COUNT(*) AS n FROM valued WHERE {where}")["n"][0].as_py()
    step = max(-(-total // MOST_PROMISES), 1)
    rows = engine.fetch(f"SELECT * FROM valued WHERE {where} AND promisor % {step} = 0")
    return rows.filter(pc.is_valid(rows["made_day"]))
