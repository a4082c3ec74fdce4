"""Who is who, grown description by description, is who is who found anew."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tallystick.evidence.identifiers import describe
from tallystick.identity import JUDGED, Companies, by_party, grow, resolve
from tallystick.world.config import DescriptionConfig
from tallystick.world.descriptions import described

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
