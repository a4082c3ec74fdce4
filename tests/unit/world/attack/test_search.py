"""The search: more budget never reaches less, strategies do not see each other, and all is repeatable."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from tallystick.adapters.attacking import OurRating
from tallystick.rating import Policy
from tallystick.world.attack import (
    PEERS,
    PLANS,
    Search,
    Settings,
    Strategy,
    Trial,
    assess,
    attack,
    chosen_schemes,
    drawn,
    make_market,
)
from tallystick.world.attack.costs import LAB, MARKET
from tallystick.world.attack.detection import days_to_detection, false_alarms
from tallystick.world.attack.market import MEDIAN_CENTS
from tallystick.world.attack.measures import auc, loot, ringed, victims
from tallystick.world.config import WorldError

SMALL = make_market(2, sellers=60, buyers=200)
TRIALS = {rating.name: Trial(rating, SMALL) for rating in (OurRating(), *PEERS)}
STRATEGIES = [
    Strategy(),
    Strategy(sybils=5, fakes=2),
    Strategy("mule", sybils=6, fakes=2, inner=3, cover=2, cover_value=500),
    Strategy("mule", sybils=6, fakes=2, inner=3, helpers=3),
    Strategy(served=40, served_value=200),
    Strategy(records=50, inner=2, way="contributor"),
    Strategy(papers=10),
]


@pytest.mark.parametrize("start", ["bad", "fresh", "honest"])
def test_beside_others_a_strategy_reaches_what_it_reaches_alone(start):
    trial = TRIALS["Tallystick"]
    target = int(SMALL.sellers[7]) if start == "honest" else start
    attacks = [attack(SMALL, strategy, LAB, target) for strategy in STRATEGIES]
    beside = trial.reached(attacks)
    alone = Trial(OurRating(), SMALL)
    alone.together = False
    apart = alone.reached(attacks)
    assert beside.risk.tolist() == apart.risk.tolist()
    assert beside.grade == apart.grade


@pytest.mark.parametrize("name", ["Tallystick", "beta (1, 1)", "EigenTrust"])
def test_more_budget_never_reaches_less(name):
    search = Search([(TRIALS[name], "bad")], LAB, lambda p, money, s: p)
    budgets = (10_000, 30_000, 100_000)
    best = search.run(PLANS["brushing"], budgets, rounds=1 if name != "EigenTrust" else 0)
    reached = [tried.percentile for tried in best]
    assert reached == sorted(reached)
    assert all(t.cost_cents <= b for t, b in zip(best, budgets, strict=True))
    assert all(t.percentile <= best[-1].percentile for t in search.tried.values())


def test_searching_on_never_reaches_less_and_is_repeatable():
    found = []
    for rounds in (0, 1, 1):
        search = Search([(TRIALS["Tallystick"], "fresh")], LAB, lambda p, money, s: p)
        found.append(search.run(PLANS["service"], (100_000,), rounds)[0])
    assert found[1].percentile >= found[0].percentile
    assert found[1] == found[2]


def test_a_kept_fake_never_lowers_the_percentile_of_ours():
    trial = TRIALS["Tallystick"]
    rings = [attack(SMALL, Strategy(sybils=n, fakes=1), LAB, "bad") for n in range(0, 12, 2)]
    reached = trial.reached(rings).percentile
    assert (np.diff(reached) >= 0).all()


def test_slander_never_helps_its_victim():
    trial = TRIALS["Tallystick"]
    for victim in victims(trial):
        made = [
            attack(SMALL, Strategy(sybils=n, accusations=2), LAB, victim) for n in (0, 1, 5, 25)
        ]
        assert (np.diff(trial.reached(made).percentile) <= 0).all()


def test_the_brushing_market_is_never_dearer_than_the_lab():
    for plan in PLANS.values():
        assert all(s.cost(MARKET) <= s.cost(LAB) for s in plan.strategies())


def test_auc_of_an_order_that_is_right_wrong_or_none():
    truth, rate = np.array([0.0, 1.0]), np.ones(2)
    assert auc(np.array([0.1, 0.9]), truth, rate) == 1
    assert auc(np.array([0.9, 0.1]), truth, rate) == 0
    assert auc(np.array([0.5, 0.5]), truth, rate) == 0.5


def test_rings_are_planted_under_keys_of_their_own():
    market = ringed(SMALL, Strategy(sybils=3, fakes=1), LAB)
    assert len(market.sellers) == len(SMALL.sellers) + 40
    assert len(np.unique(market.companies["company"].to_numpy())) == len(market.companies)
    assert len(market.record) == len(SMALL.record) + 40 * (8 + 3)


def test_a_cheat_takes_what_the_limit_allows_once_he_is_trusted():
    worth = loot(0.5)
    assert worth(59.9, 1e9, Strategy()) < 1
    floor = Policy().exposure_floor_medians * MEDIAN_CENTS  # the shipped policy's, at its factor
    assert worth(60.0, 0.0, Strategy()) == floor == 200_000
    assert worth(60.0, 1e6, Strategy()) == 500_000
    assert worth(60.0, float("inf"), Strategy()) == 10_000_000
    assert loot(0.5, again=True)(60.0, 1e6, Strategy(cheated=3)) == 600_000
    assert loot(0.5, again=True)(60.0, 1e6, Strategy()) == 0


def test_detection_is_the_day_on_which_somebody_of_the_ring_is_named():
    made = attack(SMALL, Strategy(sybils=5, fakes=1, days=20), LAB, "bad")
    ring = set(made.companies["company"].to_pylist())

    def alerts(promises, companies, day):
        """Names whoever has bought more than once within the last days from one that others so name."""
        seen = set(promises["promisee"].to_pylist()) & ring
        return seen if len(seen) >= 3 else set()

    assert days_to_detection(SMALL, made, alerts) in range(5, 15)
    assert days_to_detection(SMALL, made, lambda *_: set()) is None
    assert false_alarms(SMALL, alerts) == 0
    assert false_alarms(SMALL, lambda p, c, d: {int(SMALL.sellers[0])}) > 0


def test_an_unknown_scheme_is_named_with_those_there_are():
    with pytest.raises(WorldError, match="no scheme is called bribes; there are brushing"):
        chosen_schemes(["bribes"])
    assert "shells" in chosen_schemes(["any"]) and "platform" not in chosen_schemes(["any"])


def test_the_lab_measures_what_is_asked_and_draws_it():
    settings = Settings(LAB, (1,), ("papers", "whitewash"), (10_000, 100_000), rounds=0)
    told: list[str] = []
    found = [assess(OurRating(), settings, told.append), assess(PEERS[0], settings)]
    assert told and found[0].slander == {} and found[0].accuracy is None
    assert set(found[0].wash) == {"old", "unverified", "mule", "shell", "linked"}
    assert found[0].wash["linked"] <= found[0].wash["mule"]
    text = drawn(found, settings.budgets)
    lines = ElementTree.fromstring(text).findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 4
