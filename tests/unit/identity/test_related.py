"""Who is related to whom, and how far; what many share relates nobody."""

from __future__ import annotations

import random
import time
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.identity import families, moved, relate, ties
from tallystick.identity.addresses import one_place
from tallystick.identity.related import MOST_LEVELS, OWNED, RELATED
from tallystick.identity.sharing import MOST_OWNERS, SHARED_PPM

NONE_MERGED = pa.table({"party": pa.array([], pa.int64()), "company": pa.array([], pa.int64())})
PLACE = "address:10 High Street, London SW1A 1AA"


def described(traits: dict[int, list[str]]) -> pa.Table:
    return pa.table(
        {
            "party": pa.array(list(traits), pa.int64()),
            "traits": pa.array([sorted(t) for t in traits.values()], pa.list_(pa.string())),
        }
    )


def holds(*rows: tuple[int, int, int | None]) -> pa.Table:
    """Ownership: (owned, owner, share in percent or None)."""
    return pa.Table.from_pylist(
        [
            {
                "owned": a,
                "owner": b,
                "share_ppm": None if share is None else share * 10_000,
                "reason": "shareholding",
                "day": 19_000,
                "doc_id": f"{n:032x}",
            }
            for n, (a, b, share) in enumerate(rows)
        ],
        schema=OWNED,
    )


def found(
    traits: dict[int, list[str]] | None = None, ownership: pa.Table | None = None
) -> pa.Table:
    held = holds() if ownership is None else ownership
    related = relate(described(traits or {}), NONE_MERGED, held)
    assert related.schema == RELATED
    return related


def edges(related: pa.Table) -> set[tuple[int, int, str, int]]:
    names = ("a", "b", "sort", "weight_ppm")
    return set(zip(*(related[name].to_pylist() for name in names), strict=True))


def test_a_holding_and_its_two_subsidiaries_are_one_family() -> None:
    related = found(ownership=holds((1, 9, 100), (2, 9, None)))
    assert edges(related) == {
        (1, 9, "ownership", 1_000_000),
        (1, 9, "ultimate_parent", 1_000_000),
        (2, 9, "ownership", 1_000_000),
        (2, 9, "ultimate_parent", 1_000_000),
    }
    assert families(related).to_pydict() == {"company": [1, 2, 9], "head": [9, 9, 9]}


@pytest.mark.parametrize(("percent", "weight"), [(10, 200_000), (49, 980_000), (50, 1_000_000)])
def test_a_share_relates_by_twice_itself_and_half_is_all(percent: int, weight: int) -> None:
    related = found(ownership=holds((1, 9, percent)))
    assert (1, 9, "ownership", weight) in edges(related)
    assert len(families(related)) == (2 if percent == 50 else 0)


def test_a_share_of_nothing_relates_nobody() -> None:
    assert not len(found(ownership=holds((1, 9, 0))))


def test_a_chain_has_one_head_and_a_ring_its_smallest_member() -> None:
    chain = families(found(ownership=holds((1, 2, 60), (2, 3, 60), (3, 4, 60))))
    assert set(chain["head"].to_pylist()) == {4}
    ring = families(found(ownership=holds((5, 6, 60), (6, 7, 60), (7, 5, 60), (8, 7, 60))))
    assert ring.to_pydict() == {"company": [5, 6, 7, 8], "head": [5] * 4}


def test_a_tower_without_end_is_cut_and_not_walked_for_ever() -> None:
    tower = families(found(ownership=holds(*((n, n + 1, 60) for n in range(1, 100)))))
    heads = dict(zip(tower["company"].to_pylist(), tower["head"].to_pylist(), strict=True))
    assert heads == dict.fromkeys(range(100 - MOST_LEVELS, 101), 100)
    assert len(tower) == len(heads)


def test_of_two_halves_one_decides_and_both_own() -> None:
    related = found(ownership=holds((1, 8, 50), (1, 9, 50)))
    assert (1, 8, "ultimate_parent", 1_000_000) in edges(related)
    assert {b for a, b, sort, _ in edges(related) if sort == "ownership"} == {8, 9}


def test_what_two_share_relates_them_and_founding_days_do_not() -> None:
    shared = ["account:00000000000000aa", "domain:00000000000000bb", PLACE, "founded:2001-01-01"]
    related = found({1: shared, 2: shared})
    assert edges(related) == {(1, 2, sort, ppm) for sort, ppm in SHARED_PPM.items()}
    left = 1_000_000 * (1 - 0.9) * (1 - 0.7) * (1 - 0.4)
    assert ties(related).to_pydict() == {"a": [1, 2], "b": [2, 1], "ppm": [1_000_000 - left] * 2}


@pytest.mark.parametrize("sort", SHARED_PPM)
@pytest.mark.parametrize("owners", range(2, MOST_OWNERS + 2))
def test_the_more_owners_share_it_the_less_it_relates(owners: int, sort: str) -> None:
    trait = PLACE if sort == "address" else f"{sort}:00000000000000aa"
    related = found({n: [trait] for n in range(owners)})
    weight = SHARED_PPM[sort] // (owners - 1)
    expected = {(a, b, sort, weight) for b in range(owners) for a in range(b)}
    assert edges(related) == (expected if owners <= MOST_OWNERS else set())


def test_companies_of_one_owner_count_once() -> None:
    held = holds(*((n, 100, 100) for n in range(20)))
    shared = {n: [PLACE] for n in range(20)}
    assert not [e for e in edges(found(shared, held)) if e[2] == "address"]
    with_tenant = found(shared | {200: [PLACE]}, held)
    assert {e for e in edges(with_tenant) if e[2] == "address"} == {
        (n, 200, "address", SHARED_PPM["address"]) for n in range(20)
    }


@pytest.mark.parametrize("trait", [PLACE, "account:00000000000000aa", "domain:00000000000000aa"])
def test_what_five_thousand_share_makes_no_edges_and_is_quick(trait: str) -> None:
    begun = time.process_time()
    assert not len(found({n: [trait, f"account:{n:016x}"] for n in range(5_000)}))
    assert time.process_time() - begun < 2


def test_two_large_families_at_one_place_form_no_square_of_pairs() -> None:
    held = holds(*((n, 10_000 + n % 2, 100) for n in range(2_000)))
    related = found({n: [PLACE] for n in range(2_000)}, held)
    assert len(related) == 4_000  # each to its owner, and to its head


def test_pairs_stay_in_proportion_to_companies() -> None:
    traits = {n: [f"account:{n // MOST_OWNERS:016x}"] for n in range(4_000)}
    assert len(found(traits)) <= 4_000 * (MOST_OWNERS - 1) // 2


def test_descriptions_of_one_company_are_one() -> None:
    merged = pa.table({"party": [2, 3], "company": [1, 1]})
    shared = described({1: [PLACE], 2: [PLACE], 3: [PLACE], 4: [PLACE]})
    assert edges(relate(shared, merged, holds())) == {(1, 4, "address", SHARED_PPM["address"])}


def test_a_book_whose_descriptions_have_no_traits_has_no_relations() -> None:
    bare = pa.table({"party": pa.array([1, 2], pa.int64())})
    related = relate(bare, NONE_MERGED, holds())
    assert related.equals(RELATED.empty_table())
    assert not len(ties(related)) and not len(families(related))


def test_who_is_moved_is_who_stands_at_a_changed_tie_or_under_another_head() -> None:
    before = found({1: [PLACE], 2: [PLACE]}, holds((5, 6, 100), (7, 8, 20)))
    after = found({1: [PLACE], 2: [PLACE], 3: [PLACE]}, holds((5, 6, 100), (7, 8, 30)))
    assert moved(before, before).to_pylist() == []
    assert moved(before, after).to_pylist() == moved(after, before).to_pylist() == [1, 2, 3, 7, 8]
    bought = found({1: [PLACE], 2: [PLACE]}, holds((5, 6, 100), (6, 9, 60), (7, 8, 20)))
    assert moved(before, bought).to_pylist() == [5, 6, 9]


OWNERSHIPS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from([None, 5, 30, 50, 100])),
    max_size=25,
)
TRAITS = st.lists(
    st.tuples(
        st.integers(0, 12), st.sampled_from([PLACE, "account:a", "domain:b", "address:1 A B C"])
    ),
    max_size=30,
)


@given(OWNERSHIPS, TRAITS, st.randoms(use_true_random=False))
def test_the_order_of_evidence_changes_nothing(
    owns: list[tuple[int, int, int | None]], told: list[tuple[int, str]], rnd: random.Random
) -> None:
    rows = holds(*((a, b, share) for a, b, share in owns if a != b)).to_pylist()
    traits: dict[int, list[str]] = {}
    for company, trait in dict.fromkeys(told):
        traits.setdefault(company, []).append(trait)
    before = found(traits, pa.Table.from_pylist(rows, schema=OWNED))
    rnd.shuffle(rows)
    mixed: list[Any] = list(traits.items())
    rnd.shuffle(mixed)
    after = found(dict(mixed), pa.Table.from_pylist(rows, schema=OWNED))
    assert after.equals(before)
    assert all(0 < ppm <= 1_000_000 for ppm in ties(before)["ppm"].to_pylist())
    one_head = families(before)["company"].to_pylist()
    assert len(one_head) == len(set(one_head))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("10 High Street, London SW1A 1AA", "LONDON SW1A 1AA, 10 High St."),
        ("Hauptstraße 5, 10115 Berlin", "10115 BERLIN, Hauptstr. 5"),
        ("12 Rue de l’Église, 75008 Paris", "12, rue de l'Eglise 75008 PARIS"),
        ("广东省深圳市南山区科技园路10号", "广东省深圳市南山区科技园路１０号"),
        ("Floor 1, 22 Av. Corrientes, Buenos Aires", "22 Avenue Corrientes floor 1, Buenos Aires"),
        ("广东省深圳市南山区科技园路10号", "10 Kejiyuan Road, Nanshan, Shenzhen, Guangdong"),
        ("شارع الملك فهد ١٢، الرياض", "شارع الملك فهد 12 الرياض"),
    ],
)  # fmt: skip
def test_two_ways_to_write_a_place(left: str, right: str) -> None:
    assert one_place(left) == one_place(right) is not None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("10 High Street, London SW1A 1AA", "11 High Street, London SW1A 1AA"),
        ("Flat 3, 10 High Street, London", "Flat 4, 10 High Street, London"),
        ("10 High Street, London", "10 High Street, Leeds"),
    ],
)
def test_two_places(left: str, right: str) -> None:
    assert None is not one_place(left) != one_place(right)


@pytest.mark.parametrize(
    "vague",
    [
        "",
        "N/A",
        "London",
        "10115 Berlin",
        "Shenzhen, China",
        "深圳市",
        "75008 Paris",
        "8001 Zürich",
        "17",
    ],
)
def test_what_names_no_place_relates_nobody(vague: str) -> None:
    assert one_place(vague) is None
    assert not len(found({1: [f"address:{vague}"], 2: [f"address:{vague}"]}))
