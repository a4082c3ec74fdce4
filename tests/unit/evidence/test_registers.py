"""Numbers of registers: every scheme that means one, their check digits, and numbers within numbers."""

from __future__ import annotations

import pytest

from tallystick.evidence.identifiers import check_identifier, describe
from tallystick.evidence.registers import (
    is_mistaken,
    only_one,
    readable,
    register_named,
    same_number,
    vat_number,
    with_prefix,
    within,
)

ONE_NUMBER = [
    ("reg.dk:61056416", "0184 0198 9902 dk.cvr DK-CVR reg.ra000170 reg.dk", "61 05 64 16"),
    ("reg.se:5561888404", "0007 se.orgnr SE:ORGNR reg.ra000544 reg.se-blv", "556188-8404"),
    ("reg.no:974760673", "0192 9908 no.orgnr NO-BRC reg.ra000472", "NO 974 760 673 MVA"),
    ("reg.fi:20774740", "0037 0212 0216 fi.ovt FI-PRO", "2077474-0"),
    ("reg.nl:34366966", "0106 nl.kvk NL-KVK reg.ra000463", "34366966"),
    ("reg.be:0403227515", "0208 9956 BE-BCE_KBO reg.ra000025", "403.227.515"),
    ("reg.fr:732829320", "0002 0009 fr.siret FR-RCS", "732 829 320 00074"),
    ("reg.ch:CHE100155212", "0183 ch.uid reg.ra000549", "100.155.212"),
    ("reg.it:00079760328", "0210 9907 it.cf reg.ra000407", "IT00079760328"),
    ("reg.ee:12345678", "0191 EE-KMR", "12345678"),
    ("reg.lt:302511363", "0200 lt.lec", "302511363"),
    ("reg.lv:40003032949", "0218 lv.re", "LV40003032949"),
    ("reg.sg:53125226D", "0195 sg.uen", "SGUEN53125226D"),
    ("reg.au:83914571673", "0151 au.abn", "83 914 571 673"),
    ("reg.jp:5835678256246", "0188 0221 jp.cn reg.ra001075", "T5835678256246"),
    ("reg.cz:25123891", "0154 CZ-ICO reg.ra000163", "25123891"),
    ("reg.gb:07524813", "gb.coh reg.gb-coh", "7524813"),
    ("reg.at:88983H", "at.fn reg.ra000017", "FN 88983h"),
    ("lei:529900T8BM49AURSDO55", "0199 XI-LEI", "529900T8BM49AURSDO55"),
    ("gln:9429041535110", "0088 nz.nzbn", "9429041535110"),
    ("duns:150483782", "0060 us.duns", "15-048-3782"),
    ("vat:DE136695976", "9930 de.vat DEVAT", "136 695 976"),
    ("vat:FR83404833048", "9957 fr.vat", "FR83404833048"),
    ("vat:EL094259216", "9933", "GR094259216"),
    ("vat:PL8567346215", "9945 pl.nip", "8567346215"),
]


@pytest.mark.parametrize(("ref", "schemes", "value"), ONE_NUMBER)
def test_every_scheme_of_a_register_comes_to_one_number(ref: str, schemes: str, value: str) -> None:
    for scheme in schemes.split():
        own = scheme if scheme.startswith("reg.") else f"id:{scheme}"
        assert same_number(own, value) == ref, own


def test_a_number_of_somebodys_own_list_stays_what_it_is() -> None:
    for scheme in ("id:tradeport.member", "id:cn.customs", "id:co.31", "reg.de", "reg.ra000602"):
        assert register_named(scheme) is None
        assert check_identifier(scheme, "61056417") == (f"{scheme}:61056417", True)


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("id:0184", "61056417"),
        ("reg.se", "5561888405"),
        ("id:0192", "974760674"),
        ("id:9930", "DE1"),
    ],
)
def test_wrong_check_digits_are_flagged_and_name_nobody(scheme: str, value: str) -> None:
    assert is_mistaken(scheme, value)
    row = describe("Nordvind A/S", "DK", [(scheme, value)])
    assert row is not None and row.ids == [] and row.bad_ids == [f"{scheme}:{value}"]


def test_another_kind_of_number_under_a_national_scheme_is_kept_as_text() -> None:
    assert check_identifier("reg.dk", "1234") == ("reg.dk:1234", True)
    assert same_number("reg.dk", "1234") is None


def test_what_was_said_stays_as_it_was_said() -> None:
    row = describe(None, None, [("id:0184", "DK61056416")])
    assert row is not None and row.ref == "id:0184:DK61056416"
    assert check_identifier("0184", "DK61056416") == ("reg.dk:61056416", True)


@pytest.mark.parametrize(
    ("vat", "numbers"),
    [
        ("vat:DK61056416", ("reg.dk:61056416",)),
        ("vat:SE556188840401", ("reg.se:5561888404",)),
        ("vat:SE556188840402", ()),
        ("vat:NO995525828MVA", ("reg.no:995525828",)),
        ("vat:FI20774740", ("reg.fi:20774740",)),
        ("vat:BE0403227515", ("reg.be:0403227515",)),
        ("vat:FR83404833048", ("reg.fr:404833048",)),
        ("vat:CHE107787577IVA", ("reg.ch:CHE107787577",)),
        ("vat:IT00743110157", ()),
        ("vat:EE100931558", ()),
        ("vat:NL004495445B01", ()),
        ("vat:DE136695976", ()),
        ("vat:PL8567346215", ()),
        ("vat:LT119511515", ()),
        ("reg.in.gstin:27AAPFU0939F1ZV", ("reg.in.pan:AAPFU0939F",)),
        ("reg.br:16727230000197", ("reg.br.root:16727230",)),
    ],
)
def test_numbers_are_within_others_only_where_the_law_says_so(
    vat: str, numbers: tuple[str, ...]
) -> None:
    assert within(vat) == numbers


def test_vat_numbers_outside_of_the_union_go_by_their_national_rules() -> None:
    assert vat_number("NO 995 525 828 MVA") == "NO995525828MVA"
    assert vat_number("TR4540536920") == "TR4540536920"
    assert check_identifier("vat", "NO995525829MVA")[1] is False
    for odd in ("", "1", "DE", "XX1234567", "ÄÖ123"):
        assert check_identifier("vat", odd)[1] is False


def test_a_prefix_that_lacks_is_put_there_by_the_scheme() -> None:
    assert with_prefix("9930", "136695976") == "DE136695976"
    assert with_prefix("0223", "DE136695976") == "DE136695976"
    assert with_prefix("9930", "136695977") == "136695977"
    assert with_prefix("ZZZ", "17") == "17"


def test_only_canonical_numbers_of_such_registers_keep_two_firms_apart() -> None:
    assert only_one("reg.gb:07524813") == "reg.gb" and only_one("reg.gb:7524813") is None
    assert only_one("reg.gb:FC012345") is only_one("reg.kr.brn:1168200276") is None
    assert only_one("id:shop:7") is only_one("lei:529900T8BM49AURSDO55") is None


def test_what_can_be_read_otherwise_is_found_by_one_pattern() -> None:
    import re

    for _, schemes, value in ONE_NUMBER:
        for scheme in schemes.lower().split():
            own = scheme if scheme.startswith("reg.") else f"id:{scheme}"
            assert re.match(readable(), f"{own}:{value}"), own
