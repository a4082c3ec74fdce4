"""Schemes: what they add is well-formed and costs what the tables of prices say."""

from __future__ import annotations

import numpy as np
import pytest

from tallystick.promises.derive import PROMISE
from tallystick.world.attack import COSTS, PLANS, Strategy, attack, make_market
from tallystick.world.attack.costs import LAB, MARKET
from tallystick.world.attack.market import AS_OF_DAY, OWN
from tallystick.world.attack.rows import promises
from tallystick.world.attack.schemes import BAD_PROMISES, MOST_PROMISES, TARGET

MARKET_SMALL = make_market(3, sellers=30, buyers=60)


@pytest.mark.parametrize(
    ("strategy", "cents"),
    [
        (Strategy(), 0),
        (Strategy(sybils=10, fakes=2), 10 * 200 + 20 * 6_450),
        (Strategy(sybils=10, fakes=2, way="word"), 10 * 200 + 20 * 5_850),
        (Strategy("mule", sybils=2, fakes=1, way="circle"), 2 * 3_000 + 2 * (2 * 5_850 + 600)),
        (Strategy("shell", sybils=1), 150_000),
        (Strategy(sybils=1, cover=3, cover_value=500), 200 + 3 * 15_000),
        (Strategy(sybils=4, inner=2, helpers=2), 6 * 200 + 8 * 6_450),
        (Strategy(served=10), 10 * 1_000),
        (Strategy(served=2, served_value=500), 2 * 25_000),
        (Strategy(sybils=5, accusations=2, value=20), 5 * 200 + 10 * 858),
        (Strategy(records=100, inner=1, way="platform"), 200_000 + 200 * 10),
        (Strategy(papers=3), 3 * 500),
    ],
)
def test_a_strategy_costs_what_the_table_says(strategy, cents):
    assert strategy.cost(LAB) == cents


def test_a_fake_order_of_the_brushing_market_costs_21_cents():
    assert Strategy(sybils=100, fakes=1).cost(MARKET) == 2_100


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("start", ["bad", "fresh", "honest"])
def test_promises_are_well_formed(name, start):
    plan = PLANS[name]
    target = int(MARKET_SMALL.sellers[0]) if start == "honest" else start
    strategies = [s for s in plan.strategies() if s.promises <= MOST_PROMISES][::37]
    assert strategies
    for strategy in strategies:
        made = attack(MARKET_SMALL, strategy, LAB, target)
        told = promises(made.added)
        assert told.schema == PROMISE
        assert len(told) == strategy.promises - idle(strategy) + BAD_PROMISES * (start == "bad")
        assert made.cost_cents == strategy.cost(LAB)
        assert (told["matured_day"].to_numpy() <= AS_OF_DAY).all()
        assert (told["promisor"].to_numpy() != told["promisee"].to_numpy()).all()
        known = set(made.companies["company"].to_pylist())
        own = np.union1d(told["promisor"].to_numpy(), told["promisee"].to_numpy())
        assert {int(key) for key in own if key >= OWN} <= known | {TARGET}


def idle(strategy: Strategy) -> int:
    """Promises that a ring of one cannot make, having nobody to trade with, and those of no ring."""
    return strategy.inner if strategy.sybils == 1 and not strategy.helpers else 0


def test_the_same_seed_gives_the_same_market_and_attack():
    again = make_market(3, sellers=30, buyers=60)
    assert again.promises.equals(MARKET_SMALL.promises)
    assert again.companies.equals(MARKET_SMALL.companies)
    strategy = Strategy(sybils=3, fakes=2, cover=2, served=5)
    one, other = (attack(m, strategy, LAB, "bad") for m in (again, MARKET_SMALL))
    assert promises(one.added).equals(promises(other.added))
    assert not make_market(4, sellers=30, buyers=60).promises.equals(again.promises)


def test_a_market_is_as_the_method_says():
    market = make_market(1)
    told = market.promises
    assert len(market.sellers) == 400 and len(market.buyers) == 1_500
    assert 0.04 < market.truth.mean() < 0.09
    assert 18 < np.median(market.rate) < 22
    assert 0.45 < told["anchored"].to_numpy().mean() < 0.55
    assert 170_000 < np.median(told["value_minor"].to_numpy()) < 230_000


def test_tables_of_prices_know_every_identity():
    kinds = {s.identity for plan in PLANS.values() for s in plan.strategies()}
    assert all(kinds <= set(table.identity) for table in COSTS.values())
