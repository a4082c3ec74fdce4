"""What can be told from descriptions at all: a bound for whoever is measured on them."""

from collections import Counter

import pytest

from tallystick.world import DescriptionConfig, described
from tallystick.world.ceiling import Ceiling, ceiling, unguessed

NOBODY_ALIKE = {"homonyms": 0.0, "sisters": 0.0, "imitators": 0.0}


def test_it_counts_descriptions_and_pairs_of_the_truth():
    config = DescriptionConfig(companies=800, seed=8)
    found = ceiling(config)
    truth = described(config).truth.to_pylist()
    firsts = [
        row for row in truth if row["kinds"] not in (["former"], ["trading"])
    ]  # a description by another name only, with nothing else in it, is one in some thousands
    assert found.descriptions == pytest.approx(len(firsts), abs=5)
    sizes = Counter(row["company"] for row in firsts).values()
    assert found.pairs == pytest.approx(sum(n * (n - 1) // 2 for n in sizes), rel=0.01)
    assert 0 < found.told <= found.pairs
    assert 0.95 < found.recall < 1


def test_without_look_alikes_and_variation_nearly_all_can_be_told():
    usual = ceiling(DescriptionConfig(companies=800, seed=8))
    quiet = ceiling(DescriptionConfig(companies=800, seed=8, strength=0.0, **NOBODY_ALIKE))
    assert quiet.without_name == 0
    assert quiet.ambiguous < usual.ambiguous
    assert quiet.recall > 0.995 > usual.recall


def test_more_look_alikes_can_be_told_less():
    many = ceiling(DescriptionConfig(companies=800, seed=8, homonyms=0.3))
    few = ceiling(DescriptionConfig(companies=800, seed=8, homonyms=0.01))
    assert many.ambiguous > 3 * few.ambiguous and many.recall < few.recall


def test_the_parties_that_can_be_told_are_those_that_are_counted():
    config = DescriptionConfig(companies=800, seed=8, no_id=0.0)
    rows = described(config).truth.to_pylist()
    company = {row["party"]: row["company"] for row in rows}
    told = unguessed(config)
    sizes = Counter(company[party] for party in told).values()
    assert told < company.keys()
    assert sum(n * (n - 1) // 2 for n in sizes) == ceiling(config).told


def test_nobody_to_tell():
    assert ceiling(DescriptionConfig(companies=0, seed=8)) == Ceiling(0, 0, 0, 0, 0)
    assert Ceiling(0, 0, 0, 0, 0).recall == 1.0
