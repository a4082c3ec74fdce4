"""A good act never lowers a rating, a bad one never lifts it, and reasons add up: over random histories.

`benchmarks/monotone.py` asks the same of ten thousand histories.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.adapters.engines import open_engine
from tallystick.adapters.rates import usd_rates
from tallystick.promises import PROMISE
from tallystick.rating import Policy, Prior, Scorecard, rate
from tallystick.rating.score import STEPS
from tallystick.rating.terms import TERMS, terms_of
from tallystick.record import records_of

AS_OF = 20_000
USUAL = 100_000
SLACK_PPM = 2
"""Masses are rounded down at several places."""

SHALLOW = Scorecard(half_30=0.3, week=0.5, day=0.2, last=0.4)
CARDS = [SHALLOW, replace(SHALLOW, deep=1.0), replace(SHALLOW, deep=0.4)]
REACH = [12_000_000, 5_000_000, 3_000_000, 1_000_000, 0]
STANDING = [1_000_000, 400_000, 300_000, 1_000_000, 300_000]
STRENGTH = {0: 150_000, 1: 350_000, 2: 350_000, 3: 850_000, 4: 350_000}

Row = dict[str, Any]


def promise(outcome: str, promisee: int, age: int, cents: int, witness: int) -> Row:
    day = AS_OF - age
    bad = outcome in ("late", "broken")
    witness = {0: 4, 1: 4}.get(witness, witness) if bad else witness
    return {
        "deal": 0, "item": 0, "kind": "pay", "promisor": 0, "promisee": promisee, "made_day": day - 30,
        "due_day": day, "matured_day": day, "done_day": None if outcome in ("open", "broken") else day,
        "outcome": outcome, "late_days": {"kept": 0, "late": 2}.get(outcome), "revisions": 0,
        "kept_ppm": 0 if outcome == "broken" else 10**6, "value_minor": cents, "currency": "USD",
        "witness": witness, "anchored": int(witness == 3), "strength_ppm": STRENGTH[witness], "mask": 1,
        "link_ppm": 10**6,
    }  # fmt: skip


def promises(outcomes: str) -> st.SearchStrategy[Row]:
    return st.builds(
        promise,
        st.sampled_from(outcomes.split()),
        st.integers(1, 5),
        st.sampled_from([0, 1, 5, 30, 200, 900]),
        st.sampled_from([USUAL // 10, USUAL // 2, USUAL, 3 * USUAL]),
        st.integers(0, 3),
    )


def better_seen(row: Row, witness: int) -> Row:
    return row | {
        "witness": witness,
        "anchored": int(witness == 3),
        "strength_ppm": STRENGTH[witness],
    }


def acts(history: list[Row], kept: Row, broken: Row) -> tuple[list[list[Row]], list[list[Row]]]:
    """The histories after each good act, and after each bad one."""
    good, bad = [[*history, kept]], [[*history, broken]]
    for n, row in enumerate(history):
        rest = [*history[:n], *history[n + 1 :]]
        if row["outcome"] == "open":
            settled = {"outcome": "kept", "late_days": 0, "done_day": row["due_day"]}
            good.append([*rest, row | settled])
            bad.append([*rest, better_seen(row, 3) | {"outcome": "broken", "kept_ppm": 0}])
        elif row["outcome"] == "kept":
            good += [[*rest, better_seen(row, w)] for w in range(row["witness"] + 1, 4)]
    return good, bad


class Rated:
    """Histories as the promisors of one table, rated with prior, medians and market as they are."""

    def __init__(self, folder: Path, histories: list[list[Row]], card: Scorecard) -> None:
        empty: Row = dict.fromkeys(PROMISE.names)
        rows = [
            empty | row | {"promisor": 10 + n} for n, rows in enumerate(histories) for row in rows
        ]
        engine = open_engine("duckdb", folder, 1024)
        engine.register("promise", pa.Table.from_pylist(rows, PROMISE))
        engine.register("fx", usd_rates(AS_OF - 1000, AS_OF))
        known = pa.array(range(1, 6), pa.int64())
        engine.register("reach", pa.table({"company": known, "reach": REACH}))
        engine.register("credibility", pa.table({"company": known, "credibility_ppm": STANDING}))
        nobody = pa.array([], pa.int64())
        for name, columns in (("tie", "a b tie_a tie_b"), ("within", "owner promisee within")):
            engine.register(name, pa.table(dict.fromkeys(columns.split(), nobody)))
        policy = Policy(cards={"": card})
        medians = pa.table({"kind": ["pay"], "median_cents": [USUAL]})
        records = records_of(engine, AS_OF, policy.record, medians)
        engine.close()
        share = {"pay": 0.08}
        prior = Prior(share, share, share, share, {})
        self.records = records.append_column("country", pa.array([""] * len(records), pa.string()))
        gates = pa.table({"company": nobody, "grade": pa.array([], pa.string())})
        rows = rate(self.records, prior, gates, policy, AS_OF).to_pylist()
        self.kinds = [row for row in rows if row["scope"] == "kind"]
        self.terms = terms_of(self.records, prior, policy, AS_OF)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(promises("kept kept late broken open"), min_size=1, max_size=10),
    promises("kept"),
    promises("broken late"),
    st.sampled_from(CARDS),
)
def test_good_acts_never_lower_a_rating_and_bad_ones_never_lift_it(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Row],
    kept: Row,
    broken: Row,
    card: Scorecard,
) -> None:
    good, bad = acts(history, kept, broken)
    rated = Rated(tmp_path_factory.mktemp("acts"), [history, *good, *bad], card)
    chance = [row["broken_ppm"] for row in rated.kinds]
    assert max(chance[1 : 1 + len(good)]) <= chance[0] + SLACK_PPM
    assert min(chance[1 + len(good) :]) >= chance[0] - SLACK_PPM
    weights = np.array([getattr(card, name) for name in TERMS])
    for row, terms in zip(rated.kinds, rated.terms, strict=True):
        assert row["base_tenths"] + sum(row[f"{c}_tenths"] for c in STEPS) == row["score_tenths"]
        odds = card.intercept + float(weights @ terms)
        assert round(1e6 / (1 + np.exp(-odds))) == row["broken_ppm"]
