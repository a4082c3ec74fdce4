"""Who is who from descriptions alone: what joins, what is shown, and that the order of arrival is nothing."""

from __future__ import annotations

import random

import pyarrow as pa

from tallystick.evidence.identifiers import describe
from tallystick.evidence.schema import PARTY
from tallystick.identity import by_party, resolve

SAID = [
    ("Ölz GmbH", "AT", [("id", "shop:1"), ("duns", "150483782")]),
    ("Oelz", "AT", [("duns", "150483782")]),
    ("Ölz GmbH", "AT", []),
    (None, None, [("id", "shop:1")]),
    ("Ölz GmbH", "AT", [("id", "shop:1")]),
    ("Alone", "FR", [("id", "shop:2")]),
    ("Twice", "FR", [("id", "shop:3"), ("duns", "150483782"), ("duns", "006273905")]),
]


def _table(order: list[int]) -> pa.Table:
    rows = [
        describe(
            name,
            country,
            [(f"id:{v.split(':')[0]}", v.split(":")[1]) if s == "id" else (s, v) for s, v in ids],
        )
        for name, country, ids in (SAID[n] for n in order)
    ]
    columns = {f.name: [getattr(row, f.name) for row in rows] for f in PARTY}
    table = pa.table({f.name: pa.array(columns[f.name], f.type) for f in PARTY}, schema=PARTY)
    return table.drop_columns("bad_ids")


def test_names_and_identifiers_come_best_first() -> None:
    companies = resolve(_table([0, 1, 2, 3, 4, 5])).companies.to_pylist()
    known = {c["ref"]: (c["name"], c["country"], c["ids"], c["names"]) for c in companies}
    assert known == {
        "duns:150483782": (
            "Ölz GmbH",
            "AT",
            ["duns:150483782", "id:shop:1"],
            ["Ölz GmbH", "Oelz"],
        ),
        "id:shop:2": ("Alone", "FR", ["id:shop:2"], ["Alone"]),
    }


def test_two_numbers_of_one_register_are_kept_apart() -> None:
    judged = resolve(_table([0, 1, 6])).judgements.to_pylist()
    assert [j["detail"] for j in judged if j["reason"].startswith("kept apart")] == [
        "duns:150483782"
    ]


def test_the_order_of_arrival_is_nothing() -> None:
    order = list(range(len(SAID))) * 2
    first = resolve(_table(order))
    for seed in range(20):
        random.Random(seed).shuffle(order)
        again = resolve(_table(order))
        assert again.companies.equals(first.companies)
        assert again.merged.equals(first.merged)
        assert again.judgements.equals(first.judgements)
        assert by_party(_table(order)).equals(by_party(_table(order[::-1])))


def test_nothing_known_is_no_company() -> None:
    found = resolve(_table([]))
    assert (len(found.companies), len(found.merged), len(found.judgements)) == (0, 0, 0)
