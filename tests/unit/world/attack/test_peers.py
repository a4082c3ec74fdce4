"""Ratings in use elsewhere: answers that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tallystick.world.attack import PEERS, make_market, percentiles
from tallystick.world.attack.market import AS_OF_DAY, MEDIAN_CENTS, companies
from tallystick.world.attack.rows import DAYS_TO_KEEP, joined, promises, rows

NAMED = {peer.name: peer for peer in PEERS}
DAY = AS_OF_DAY - DAYS_TO_KEEP


def risk(name: str, record, market=None) -> dict[int, float]:
    """What a peer says of a record, in a market whose honest record it is as well."""
    market = replace(market or make_market(1, sellers=5, buyers=10), record=record)
    known = companies(np.union1d(record.promisor, record.promisee), "honest", 0)
    told = promises(record)
    scores = NAMED[name].learn(replace(market, companies=known))(told, known)
    return dict(zip(scores["company"].to_pylist(), scores["risk"].to_pylist(), strict=True))


def record(broken: list[bool], cents=MEDIAN_CENTS, day=DAY):
    return rows(1, np.arange(len(broken)) + 1_000_000, day, cents, "word", broken)


def test_raw_rate_and_beta():
    four = record([True, False, False, False])
    assert risk("raw kept rate", four)[1] == pytest.approx(0.25, abs=1e-6)
    assert risk("beta (1, 1)", four)[1] == pytest.approx(2 / 6)


def test_decay_halves_what_is_180_days_old():
    old = record([True], day=DAY - 180)
    assert risk("beta, decayed", old)[1] == pytest.approx((0.5 + 1) / (0.5 + 2))


def test_value_weighs_without_a_cap():
    both = joined([record([True], cents=3_000_000), record([False] * 2, cents=1_000_000)])
    assert risk("value-weighted beta", both)[1] == pytest.approx((3 + 2 / 3) / (5 + 2))


def test_eigentrust_follows_the_trusted_and_sees_no_ring_apart():
    market = make_market(1)
    ring = rows(50_000_000 + np.arange(3), 50_000_000 + np.array([1, 2, 0]), DAY, 1, "word")
    found = risk("EigenTrust", joined([market.record, ring]), market)
    assert found[50_000_000] == 0
    assert min(found.values()) < 0
    assert -sum(found.values()) <= 1 + 1e-9


def test_bounded_trust_gives_nothing_through_a_single_neighbour():
    market = make_market(1)
    bridge = rows(60_000_000, market.buyers[0], DAY, 1, "word")
    found = risk("bounded trust", joined([market.record, bridge]), market)
    assert found[60_000_000] == pytest.approx(0)


def test_percentiles_count_ties_half():
    honest = np.array([0.1, 0.2, 0.2, 0.4])
    assert percentiles(np.array([0.05, 0.2, 0.5]), honest).tolist() == [100, 50, 0]


def test_a_newcomer_is_scored_too():
    market = make_market(1, sellers=5, buyers=10)
    known = pa.concat_tables([market.companies, companies(np.array([70_000_000]), "target", None)])
    for peer in PEERS:
        scores = peer.learn(market)(market.promises, known)
        assert 70_000_000 in scores["company"].to_pylist(), peer.name
