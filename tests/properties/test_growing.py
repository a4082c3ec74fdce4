"""Who is who, grown description by description, is who is who found anew."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import tallystick.identity.growing as growing
from tallystick.evidence.details import Details
from tallystick.evidence.identifiers import describe
from tallystick.identity import JUDGED, Companies, by_party, grow, resolve
from tallystick.world.config import DescriptionConfig
from tallystick.world.descriptions import described

LEIS = ("529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12")
ACCOUNTS = ("DE89370400440532013000", "GB29NWBK60161331926819", "NL91ABNA0417164300")
ADDRESSES = ("Am Hafen 3, Kiel", "88 North Road, Shenzhen", "12 Keyuan Road, Shenzhen 518057")
COLUMNS = ["party", "ref", "name", "name_key", "country", "ids", "traits"]


def descriptions(companies: int, seed: int) -> pa.Table:
    config = DescriptionConfig(companies, seed, shared_ids=0.2, homonyms=0.1, imitators=0.1)
    return described(config).parties.select(COLUMNS)


def assert_same(left: Companies, right: Companies) -> None:
    for name in ("companies", "merged", "judgements", "links"):
        assert getattr(left, name).equals(getattr(right, name)), name
    for name in ("names", "traits"):
        mine, yours = getattr(left.filed, name), getattr(right.filed, name)
        assert np.array_equal(mine.key, yours.key), name
        assert np.array_equal(np.sort(mine.unit), np.sort(yours.unit)), name


def times_grown(everything: pa.Table, order: Sequence[int], sizes: Iterable[int]) -> int:
    """How often who is who grew from the first so many descriptions to the next, each time as found anew."""
    known, found, grown = everything.slice(0, 0), None, 0
    for size in sizes:
        parties = by_party(everything.take(order[:size]))
        anew = resolve(parties)
        more = grow(found, known, parties, JUDGED.empty_table()) if found else None
        if more is not None:
            grown += 1
            assert_same(more, anew)
        known, found = parties, anew
    return grown


@pytest.mark.parametrize("seed", range(6))
def test_growing_is_finding_anew(seed: int) -> None:
    everything = descriptions(400, seed)
    order = list(range(len(everything)))
    random.Random(seed).shuffle(order)
    sizes = [len(order) - 60]
    while sizes[-1] < len(order):
        sizes.append(sizes[-1] + random.Random(sizes[-1]).randint(1, 12))
    assert times_grown(everything, order, sizes) > 1


def test_judgements_hold_in_what_grows() -> None:
    everything = by_party(descriptions(300, 9))
    found = resolve(everything)
    joined = found.links.filter(pc.equal(found.links["outcome"], 0))
    pairs = [sorted(p) for p in zip(*(joined[s].to_pylist() for s in "ab"), strict=True)][:40]
    rows = [
        {"a": a, "b": b, "verdict": "apart", "doc_id": f"d{n}"} for n, (a, b) in enumerate(pairs)
    ]
    judged = pa.Table.from_pylist(sorted(rows, key=lambda r: (r["a"], r["b"])), schema=JUDGED)
    some = random.Random(1).sample(range(len(everything)), len(everything) - 8)
    known = by_party(everything.take(sorted(some)))
    more = grow(resolve(known, judged), known, everything, judged)
    assert more is not None
    assert_same(more, resolve(everything, judged))


@pytest.mark.parametrize("seed", range(3))
def test_names_that_many_customers_bear_grow_as_they_are_found_anew(seed: int) -> None:
    rng = random.Random(seed)
    names = [
        "Golden Dragon Trading",
        "Golden Dragon",
        "Goldn Dragon Trade",
        "Dragon Golden Co., Ltd.",
    ]
    rows = [
        describe(rng.choice(names), rng.choice(["CN", "CN", None]), [(f"id:{market}", str(n))])
        for market in ("shop", "bank")
        for n in range(14)
    ]
    fields = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
    schema = descriptions(20, seed).schema
    crowd = pa.table({name: pa.array(fields[name], schema.field(name).type) for name in COLUMNS})
    everything = pa.concat_tables([descriptions(200, seed).cast(schema), crowd.cast(schema)])
    order = list(range(len(everything)))
    rng.shuffle(order)
    assert times_grown(everything, order, range(len(order) - 12, len(order) + 1))


def crowd(rng: random.Random, schema: pa.Schema) -> pa.Table:
    """Dense names, with numbers, accounts and addresses that about as many share as still tell something."""
    own, line = (
        "Golden Dragon Phoenix River Stone Kappa".split(),
        "Trading Toys Sports Metal".split(),
    )
    rows = []
    for _ in range(90):
        told = [
            *rng.choices(own, k=rng.choice((1, 2, 3))),
            *rng.choices(line, k=rng.choice((0, 1))),
        ]
        told += rng.choices(("Shenzhen", "Ltd", "Inc"), k=rng.choice((0, 1, 2)))
        ids = [(f"id:shop{rng.randrange(3)}", str(rng.randrange(90)))] * rng.choice((0, 1, 1, 1))
        ids += [("id:bank", str(rng.randrange(30)))] * (rng.random() < 0.2)
        ids += [("lei", rng.choice(LEIS))] * (rng.random() < 0.1)
        more = Details(
            accounts=tuple(rng.choices(ACCOUNTS, k=rng.choice((0, 1)))),
            addresses=tuple(rng.choices(ADDRESSES, k=rng.choice((0, 1)))),
        )
        rows.append(describe(" ".join(told), rng.choice(("CN", "CN", "DE", None)), ids, more))
    fields = {n: pa.array([getattr(r, n) for r in rows], schema.field(n).type) for n in COLUMNS}
    return pa.table(fields, schema=schema)


@pytest.mark.parametrize("seed", range(4))
def test_what_becomes_common_or_is_joined_by_numbers_is_followed(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "FEW", 10_000)  # it never declines
    rng, some = random.Random(seed), descriptions(40, seed)
    everything = pa.concat_tables([some, crowd(rng, some.schema)])
    order = list(range(len(everything)))
    rng.shuffle(order)
    sizes = range(len(order) - 24, len(order) + 1, 3)
    assert times_grown(everything, order, sizes) == len(sizes) - 1
