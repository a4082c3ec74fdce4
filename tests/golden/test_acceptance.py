"""The method's scorecard on real data, strictly out of time: the figures that the method states (S12).

Those of the rivals and of every check stand in `python -m benchmarks accept_data`; here is what a change to the
protocol, to a loader or to the sums behind the terms would move.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pytest
from benchmarks.accept_scorecard import Scorecard
from benchmarks.accept_sets import SETS

from tallystick.rating.validation.examples import counted_in_order, examples_of
from tallystick.rating.validation.measures import Foretold, losses
from tallystick.rating.validation.rolling import foretell
from tallystick.rating.validation.segments import outcome, probability

BY_NAME = {data.name: data for data in SETS}


@cache
def foretold(name: str) -> pa.Table:
    data = BY_NAME[name]
    if not data.there():
        pytest.skip(f"{data.file} is absent; set TALLYSTICK_DATA to where the data lies")
    promises = counted_in_order(data.promises())
    return foretell(examples_of(promises, data.group), [Scorecard()], data.kind)


@pytest.mark.parametrize(
    ("name", "promises", "log_loss", "auc", "ece"),
    [
        ("otc", 16_016, 0.252, 0.870, 0.015),
        ("ibm", 1_110, 0.426, 0.863, 0.050),
        ("olist", 2_891, 0.276, 0.650, 0.030),
    ],
)
def test_the_scorecard_reaches_what_the_method_asks(
    name: str, promises: int, log_loss: float, auc: float, ece: float
) -> None:
    table = foretold(name)
    y, party = outcome(table), table["promisor"].to_numpy()
    found = Foretold(probability(table, "scorecard"), y, party).measures()
    assert len(y) == promises
    assert found.log_loss <= log_loss
    assert found.auc >= auc
    assert found.ece <= ece


def test_newcomers_and_thin_files_on_bitcoin_otc() -> None:
    table = foretold("otc")
    p, y, known = probability(table, "scorecard"), outcome(table), table["known"].to_numpy()
    thin = known <= 3
    assert thin.sum() == 5_257
    assert losses(p[thin], y[thin]).mean() <= 0.328
    assert 0.6 <= y[known == 0].sum() / p[known == 0].sum() <= 1.35
