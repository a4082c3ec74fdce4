"""Laws of joining: order does not matter, one to one holds, what is forbidden never meets."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tallystick.adapters.linking import join_pairs

Pairs = list[tuple[int, int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], Pairs]:
    """Up to nine records, and a weight for some of their pairs."""
    records = list(range(draw(st.integers(1, 9))))
    weights = st.integers(-12, 12).map(lambda n: n * 1000)
    pairs = [(a, b, draw(weights)) for a, b in combinations(records, 2) if draw(st.booleans())]
    return records, pairs


def together(clusters: dict[int, Any]) -> set[tuple[int, int]]:
    return {(a, b) for a, b in combinations(sorted(clusters), 2) if clusters[a] == clusters[b]}


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_records_pairs_and_ends_does_not_matter(
    graph: tuple[list[int], Pairs], random: Random
) -> None:
    records, pairs = graph
    turned = [(b, a, w) if random.random() < 0.5 else (a, b, w) for a, b, w in pairs]
    shuffled = records[:]
    random.shuffle(turned)
    random.shuffle(shuffled)
    assert join_pairs(shuffled, turned) == join_pairs(records, pairs)


@given(graphs())
def test_one_to_one_takes_at_most_one_of_each_table(graph: tuple[list[int], Pairs]) -> None:
    records, pairs = graph
    clusters = join_pairs(records, pairs, sides={r: r % 2 for r in records})
    assert all(a % 2 != b % 2 for a, b in together(clusters))


@given(graphs(), st.lists(st.sampled_from(["tax:1", "tax:2", "lei:1", "lei:2"]), min_size=9))
def test_different_exclusive_values_never_meet(
    graph: tuple[list[int], Pairs], values: list[str]
) -> None:
    records, pairs = graph
    clusters = join_pairs(records, pairs, exclusive={r: [values[r]] for r in records})
    for a, b in together(clusters):
        (name, mine), (other, yours) = values[a].split(":"), values[b].split(":")
        assert name != other or mine == yours


@given(graphs())
def test_clusters_are_joined_by_chains_of_pairs_at_the_threshold(
    graph: tuple[list[int], Pairs],
) -> None:
    records, pairs = graph
    clusters = join_pairs(records, pairs)
    plain = {r: r for r in records}
    for a, b, weight in pairs:
        if weight >= 0:
            plain = {r: plain[a] if c == plain[b] else c for r, c in plain.items()}
    assert together(clusters) <= together(plain)


def test_a_cluster_bears_the_name_of_its_least_record() -> None:
    clusters = join_pairs([5, 1, 3], [(5, 3, 9000), (3, 1, 1000)])
    assert clusters == {1: 1, 3: 1, 5: 1}


def test_a_lower_threshold_lets_weaker_bridges_carry() -> None:
    pairs = [(1, 2, 9000), (3, 4, 9000), (2, 3, -500), (1, 4, -900)]
    assert len(set(join_pairs([1, 2, 3, 4], pairs).values())) == 2
    assert len(set(join_pairs([1, 2, 3, 4], pairs, threshold=-1000).values())) == 1
