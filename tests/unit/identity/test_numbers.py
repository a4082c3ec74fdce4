"""One national number under several schemes joins; two numbers of one register keep apart."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from tallystick.evidence.document import key_of_row
from tallystick.evidence.identifiers import PartyRow, describe
from tallystick.evidence.schema import PARTY
from tallystick.identity import read_numbers, resolve, with_numbers

Said = tuple[str | None, str | None, list[tuple[str, str]]]


def companies_of(said: Sequence[Said]) -> list[int]:
    """The company of each description."""
    rows = [row for told in said if (row := describe(*told))]
    distinct: dict[tuple[object, ...], PartyRow] = {key_of_row(row): row for row in rows}
    columns = {name: [getattr(row, name) for row in distinct.values()] for name in PARTY.names}
    found = resolve(with_numbers(pa.table(columns, schema=PARTY)))
    merged = dict(
        zip(found.merged["party"].to_pylist(), found.merged["company"].to_pylist(), strict=True)
    )
    return [merged.get(row.party, row.party) for row in rows]


@pytest.mark.parametrize(
    "ids",
    [
        ["id:0184 61056416", "id:dk.cvr DK61056416", "reg.dk 61 05 64 16", "vat DK61056416"],
        ["id:0007 5561888404", "reg.ra000544 556188-8404", "vat SE556188840401"],
        ["id:0192 974760673", "reg.no 974 760 673", "vat NO974760673MVA"],
        ["id:0002 732829320", "id:0009 73282932000074", "reg.fr 732 829 320"],
        ["id:0188 5835678256246", "id:0221 T5835678256246"],
        ["id:9930 136695976", "vat DE136695976"],
        ["vat CHE107787577IVA", "vat CHE107787577MWST", "id:0183 CHE107787577"],
        ["vat GR094259216", "vat EL094259216"],
        ["id:0088 9429041535110", "gln 9429041535110"],
    ],
)
def test_one_number_under_several_schemes_is_one_company(ids: list[str]) -> None:
    land = {"ra000544": "SE"}
    said: list[Said] = []
    for text in ids:
        scheme, _, value = text.partition(" ")
        said.append((None, land.get(scheme.removeprefix("reg.")), [(scheme, value)]))
    assert len(set(companies_of(said))) == 1


def test_two_numbers_of_one_register_keep_apart_what_shares_another_identifier() -> None:
    said: list[Said] = [
        ("Nordvind A/S", "DK", [("id:0184", "61056416"), ("id:account", "77")]),
        ("Nordvind A/S", "DK", [("reg.dk", "25313763"), ("id:account", "77")]),
    ]
    one, other = companies_of(said)
    assert one != other


def test_by_name_alone_two_numbers_of_one_register_are_two_companies() -> None:
    said: list[Said] = [
        ("Nordvind Skibsudstyr A/S", "DK", [("id:0184", "61056416")]),
        ("Nordvind Skibsudstyr A/S", "DK", [("vat", "DK25313763")]),
    ]
    assert len(set(companies_of(said))) == 2


def test_the_vat_number_of_a_group_does_not_outweigh_a_number_of_ones_own() -> None:
    refs = ["vat:BE0403227515", "reg.be:0403170701"]
    assert read_numbers(refs) == refs


def test_the_number_of_an_authority_is_believed_in_its_own_country_only() -> None:
    ref = "reg.ra000407:00079760328"
    assert read_numbers([ref], "IT") == [ref, "reg.it:00079760328"]
    assert read_numbers([ref], "FR") == read_numbers([ref]) == [ref]


def test_descriptions_without_such_numbers_are_left_as_they_are() -> None:
    row = describe("Acme", "DE", [("id:shop", "1"), ("vat", "DE136695976")])
    assert row is not None
    table = pa.table({name: [getattr(row, name)] for name in PARTY.names}, schema=PARTY)
    assert with_numbers(table) is table
    assert len(with_numbers(table.slice(0, 0))) == 0


def test_mistaken_numbers_are_never_read() -> None:
    assert read_numbers(["id:0184:61056417", "vat:DK61056417"]) == [
        "id:0184:61056417",
        "vat:DK61056417",
    ]
