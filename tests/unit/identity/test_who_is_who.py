"""Who is who from descriptions alone: what joins, what is shown, and that the order of arrival is nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pyarrow as pa

from tallystick.evidence.details import Details
from tallystick.evidence.identifiers import PartyRow, describe, describe_all
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
    return _rows_table(rows)


def _rows_table(rows: Sequence[PartyRow | None]) -> pa.Table:
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


def _known(name: str, ids: list[tuple[str, str]], *other_names: str) -> tuple[PartyRow, ...]:
    return describe_all(name, "AT", ids, Details(other_names=other_names))


def test_a_former_name_is_never_shown_before_the_own_one() -> None:
    zeta = _known("Zeta GmbH", [("id:shop", "1")], "Alpha GmbH")
    rows = [*zeta, *_known("Zeta GmbH", [("id:shop", "1"), ("duns", "150483782")], "Beta GmbH")]
    for order in (rows, rows[::-1]):
        (company,) = resolve(_rows_table(order)).companies.to_pylist()
        assert company["name"] == "Zeta GmbH"
        assert company["names"] == ["Zeta GmbH", "Beta GmbH", "Alpha GmbH"]
    said = [*rows, *_known("Alpha GmbH", [("id:shop", "1")])]  # a company may go by it after all
    (company,) = resolve(_rows_table(said)).companies.to_pylist()
    assert company["names"] == ["Zeta GmbH", "Alpha GmbH", "Beta GmbH"]


def test_a_description_joins_by_a_trading_name_unless_its_names_are_of_two_companies() -> None:
    one, two = _known("One GmbH", [("id:shop", "1")]), _known("Two GmbH", [("id:shop", "2")])
    for bare, company in ((_known("Uno", [], "One GmbH"), one[0].party), (_known("Uno", []), None)):
        merged = resolve(_rows_table([*one, *two, *bare])).merged.to_pylist()
        assert merged == ([{"party": bare[0].party, "company": company}] if company else [])
    torn = _known("One GmbH", [], "Two GmbH")
    assert resolve(_rows_table([*one, *two, *torn])).merged.num_rows == 0
