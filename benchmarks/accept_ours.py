"""Our rating as one of the models that `accept_data` judges: the production SQL, prior and fit."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.adapters.engines.duck import DuckEngine
from tallystick.adapters.fitting import seasons_of
from tallystick.rating import Policy
from tallystick.rating.fit import Examples as Read
from tallystick.rating.fit import fit
from tallystick.rating.prior import chance
from tallystick.rating.terms import odds
from tallystick.rating.validation.examples import Examples
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.record import RecordPolicy, at_moments, find_medians, find_reach

BOUNDLESS = 10**13
OPEN = RecordPolicy(cap_micro=1, seen_micro=1, told_micro=1, word_micro=BOUNDLESS)
"""No caps and no pools: a book whose only contributor is its reader has nobody to be defended against."""


@dataclass(slots=True)
class Ours:
    """`promises`: the table that the examples came from, in their order; `policy`: what is fitted."""

    promises: pa.Table
    policy: Policy
    name: str = "ours"
    cold: bool = False
    read: Read | None = None
    p: Floats = field(default_factory=lambda: np.zeros(0))

    def prepare(self, examples: Examples) -> None:
        """What was known before each promise, by the SQL of the record."""
        with tempfile.TemporaryDirectory() as scratch:
            engine = DuckEngine(Path(scratch))
            self.read = self._read(engine, examples)
            engine.close()

    def _read(self, engine: DuckEngine, examples: Examples) -> Read:
        table = self.promises
        last = int(pc.max(table["matured_day"]).as_py()) + 1
        engine.register(
            "promise",
            table.drop_columns(["value_cents"]).append_column("usd", table["value_cents"]),
        )
        engine.register("fx", _one(table))
        engine.register("credibility", _NOBODY)
        split = int(np.quantile(table["made_day"].to_numpy(), 0.55))
        medians = find_medians(engine, split)
        find_reach(engine, last, self.policy.record, medians)
        country = table.group_by("promisor").aggregate([("country", "min")])
        country = country.rename_columns(["company", "country"])
        engine.register("country", country)
        then = seasons_of(engine, last, self.policy, medians)
        assert then is not None
        made = table["made_day"].to_numpy()
        moments = {
            "point": np.arange(len(table)),
            "promisor": table["promisor"],
            "kind": table["kind"],
        }
        moments |= {"as_of": made.astype(np.int32), "made_us": table["made_us"]}
        known = at_moments(
            engine,
            last,
            pa.table(moments),
            self.policy.record,
            medians,
            "v.known_us < t.made_us",
            "v.known_us",
        )
        return Read(
            known,
            table["kind"].combine_chunks(),
            pc.fill_null(table["country"].combine_chunks(), ""),
            made.astype(float),
            examples.y,
            np.ones(len(table)),
            then,
            np.zeros(len(table)),
        )

    def fit(self, rows: Ints) -> None:
        """Learn from these; foretell all, of which `predict` gives those that are asked for."""
        assert self.read is not None
        policy = (
            self.policy
            if self.cold
            else fit(self.read.take(_mask(rows, len(self.read))), self.policy).policy
        )
        card = policy.card(self.read.kind[0].as_py())
        self.p = chance(odds(card, self.read.terms(card.kappa, self.read.expected())))

    def predict(self, rows: Ints) -> Floats:
        """Expected share broken."""
        return self.p[rows]


def _mask(rows: Ints, count: int) -> np.ndarray:
    mask = np.zeros(count, dtype=bool)
    mask[rows] = True
    return mask


_NOBODY = pa.table(
    {"company": pa.array([], pa.int64()), "credibility_ppm": pa.array([], pa.int64())}
)


def _one(table: pa.Table) -> pa.Table:
    days = pc.unique(table["made_day"])
    one = pa.repeat(pa.scalar(10**9, pa.int64()), len(days))
    return pa.table({"currency": pa.repeat("USD", len(days)), "day": days, "nano_cents": one})
