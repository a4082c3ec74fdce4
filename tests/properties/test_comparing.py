"""What is not compared could not have been joined nor asked about, nor kept anything apart."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.evidence.identifiers import describe, normalise_name
from tallystick.evidence.schema import PARTY
from tallystick.identity import Companies, resolve
from tallystick.identity.linking.ceiling import NONE, ceilings
from tallystick.identity.linking.comparing import Comparison
from tallystick.identity.linking.sides import Beside, side_of
from tallystick.identity.linking.traits import Traits
from tallystick.identity.linking.weigh import (
    MOST_SHARE,
    contradict,
    name_evidence,
    name_weights,
    trait_evidence,
)
from tallystick.identity.linking.words import words_of
from tallystick.world.config import DescriptionConfig
from tallystick.world.descriptions import described

WORDS = (
    "Huaqiang Huachang Hua Qiang Borealis Boreal Borealiss Müller Mueller Muller Acme A B 3 7 2000 "
    "Trading Trade Electronics Elec Toys Sports International Group Holding Shop Shenzhen Dongguan China "
    "蓝天 红日 港 星光 Blue Sky Red Sun Starlight Port "
    "Berlin Germany Branch of & Ltd Co., GmbH S.A. S/A AG ME PT ООО Газпром Экспорт 华强 华 强 电子 贸易 "
    "深圳市 东莞市 有限公司 國際 トヨタ 자동차 بوريالس الخليج ホールディングス Thương Mại Việt"
).split()
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@given(NAMES, NAMES, st.lists(st.sampled_from(WORDS), max_size=3))
@example("Shop", "S/A Shop", [])
@settings(max_examples=1500, deadline=None)
def test_no_two_names_weigh_more_than_their_ceiling(a: str, b: str, both: list[str]) -> None:
    one, other = (" ".join([*both, name]) for name in (a, b))
    (most,) = ceilings(words_of([one, other]), np.array([[0, 1]])).tolist()
    ((weight, how),) = name_weights([(one, other)])
    lines = name_evidence(one, other)
    assert (weight, how) == (sum(line.weight for line in lines), contradict(lines))
    assert weight <= most or normalise_name(one) == normalise_name(other)


TRAITS = (
    *("account:1f", "account:2e", "domain:acme.com", "domain:b.org", "other:x"),
    *("founded:2011-05-03", "founded:2011-08-09", "founded:1999-01-01"),
    *("address:12 Keyuan Road, Shenzhen 518057", "address:深圳市南山区科苑路12号 518057"),
    *("address:Bahnhofstr. 3, Bremen", "address:Bahnhofstrasse 3, 28195 Bremen", "address:Ulm"),
)
IDS = (
    "id:shop:1",
    "id:shop:2",
    "id:shop:3",
    "id:bank:1",
    "id:bank:2",
    "id:bank:a:1",
    "lei:1",
    "reg.dk:7",
)
DESCRIPTION = st.tuples(
    st.integers(0, 11),
    st.sampled_from((None, "", "DE", "CN")),
    st.lists(st.sampled_from(IDS), max_size=3),
    st.lists(st.sampled_from(TRAITS), max_size=5),
)


@given(st.lists(DESCRIPTION, min_size=2, max_size=30))
@settings(max_examples=300, deadline=None)
def test_what_is_known_of_many_weighs_what_it_weighs_of_two(
    rows: list[tuple[int, str | None, list[str], list[str]]],
) -> None:
    node = np.array([row[0] for row in rows])
    texts = [(row[1], "\x1f".join(row[2]), "\x1f".join(row[3])) for row in rows]
    told = pa.table(
        {
            name: pa.chunked_array([pa.array(column, pa.string())])
            for name, column in zip(
                ("country", "ids", "traits"), zip(*texts, strict=True), strict=True
            )
        }
    )
    beside = Beside.of(told, node, Traits.of(told, node))
    bearers = Counter(trait for _, trait in {(row[0], trait) for row in rows for trait in row[3]})
    common = frozenset(trait for trait, count in bearers.items() if count > MOST_SHARE)
    known = sorted(set(node.tolist()))
    sides = {
        n: side_of([text for text, mine in zip(texts, node, strict=True) if mine == n], common)
        for n in known
    }
    a, b = np.array([*combinations(known, 2), (known[0], known[0])]).T
    lines = [
        trait_evidence(sides[x], sides[y]) for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    weight, agree = beside.weights(a, b, map)
    assert weight.tolist() == [sum(line.weight for line in one) for one in lines]
    assert agree.tolist() == [sum(line.weight > 0 for line in one) for one in lines]
    assert (weight <= beside.most(a, b)).all()
    said = [{line.code for line in one} for one in lines]
    assert beside.numbered_apart(a, b).tolist() == ["two-ids" in codes for codes in said]
    shared = [not codes.isdisjoint(("account", "domain")) for codes in said]
    assert beside.share_a_key(a, b).tolist() == shared


def test_most_pairs_that_contradict_each_other_have_a_ceiling() -> None:
    names = [f"{one} {line}" for one in ("Acme", "Huaqiang") for line in ("Toys", "Sports", "汽车")]
    pairs = np.array(list(combinations(range(len(names)), 2)))
    assert (ceilings(words_of(names), pairs) < NONE).all()


def customers(seed: int) -> pa.Table:
    """Dense names of customers whom each of one to four markets tells apart by its own numbers."""
    rng, markets = random.Random(seed), 1 + seed
    own, line = ("Golden Dragon Phoenix River Stone".split(), "Trading Toys Sports Metal".split())
    rows = []
    for number in range(160):
        told = [
            *rng.choices(own, k=rng.choice((1, 2, 2))),
            *rng.choices(line, k=rng.choice((0, 1, 1))),
        ]
        told += rng.choices(
            ("Shenzhen", "Ningbo", "Ltd", "Co., Ltd.", "Inc"), k=rng.choice((0, 1, 2))
        )
        ids = [(f"id:shop{rng.randrange(markets)}", str(number))]
        rows.append(describe(" ".join(told), rng.choice(("CN", "CN", None)), ids))
    fields = {f.name: pa.array([getattr(row, f.name) for row in rows], f.type) for f in PARTY}
    return pa.table(fields, schema=PARTY).drop_columns("bad_ids")


def worlds(seed: int) -> pa.Table:
    """Descriptions as a world of many contributors tells them."""
    config = DescriptionConfig(300, seed, shared_ids=0.2, homonyms=0.2, imitators=0.2)
    return described(config).parties.select(customers(seed).column_names)


def without_traits(seed: int) -> pa.Table:
    """The same of which nothing but names and numbers is known."""
    told = worlds(seed)
    none = pa.array([[]] * len(told), told.schema.field("traits").type)
    return told.set_column(told.column_names.index("traits"), "traits", none)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("world", [customers, worlds, without_traits])
def test_who_is_who_is_as_if_all_pairs_were_compared(
    world: Callable[[int], pa.Table], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = world(seed)
    found = resolve(told)
    monkeypatch.setattr(
        Comparison, "_promising", lambda _self, pairs, _ends: np.ones(len(pairs), dtype=bool)
    )
    assert_same(found, resolve(told))


def assert_same(left: Companies, right: Companies) -> None:
    for name in ("companies", "merged", "judgements", "links"):
        assert getattr(left, name).equals(getattr(right, name)), name
