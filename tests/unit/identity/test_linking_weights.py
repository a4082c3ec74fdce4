"""What speaks for one company where companies are linked, beyond what their names say."""

from __future__ import annotations

import pytest

from tallystick.identity.linking.calibration import probability_ppm
from tallystick.identity.linking.keys import name_keys
from tallystick.identity.linking.settle import ASK_FROM, JOIN_FROM
from tallystick.identity.linking.weigh import Side, name_evidence, sisters, trait_evidence
from tallystick.identity.names import compare_names, read_name
from tallystick.identity.names.japanese import may_be_read

SAME_WORDS = [
    ("Heng De Chang Trading", "恒德昌贸易有限公司"),
    ("Shenzhen Le Ze Software", "深圳市乐泽软件"),
    ("有限会社藤川食品", "Fujikawa Foods Ltd."),
    ("شركة أحمد البلوشي للتغليف", "Ahmed Al Balushi Packaging"),
    ("Yunolkorstroy Khimiya", "ООО Юнолкорстрой Химия"),
    ("Malabis Al Noor", "Al Noor Garments"),
    ("Jiali Ceramics WH Limited", "武汉市佳利陶瓷有限责任公司"),
    ("Czaricz Handel sp. z o. o.", "Handel Czaricz SP ZOO"),
    ("株式会社大宮衣料", "OMIYA GARMENTS"),
    ("ทองผลชัยเซรามิก", "Thongphonchai Ceramics"),
    ("शाह बंसल प्राइवेट लिमिटेड", "SHAH & BANSAL PVT LTD"),
    ("CONG TY CO PHAN DIEN TU VINH CUON", "Công ty Cổ phần Điện tử Vĩnh Cường"),
]
"""Names that are written in other words or letters, but say the same."""

SHARING_NO_KEY = [("Borealis Shipping", "Acme Toys"), ("恒德昌贸易", "Huaqiang Electronics")]


@pytest.mark.parametrize(("a", "b"), SAME_WORDS)
def test_names_that_say_the_same_meet_and_agree(a: str, b: str) -> None:
    assert set(name_keys(a)) & set(name_keys(b))
    assert compare_names(a, b).verdict == "same"


@pytest.mark.parametrize(("a", "b"), SHARING_NO_KEY)
def test_names_that_say_something_else_do_not_meet(a: str, b: str) -> None:
    assert not set(name_keys(a)) & set(name_keys(b))


@pytest.mark.parametrize("name", [a for pair in SAME_WORDS for a in pair])
def test_a_name_is_filed_under_few_keys(name: str) -> None:
    assert 0 < len(name_keys(name)) <= (26 if may_be_read(name) else 14)


@pytest.mark.parametrize(
    ("characters", "latin"),
    [
        ("石村建材商事", "Ishimura Kenzai Shoji"),
        ("石村建材商事", "Ishimura Building Materials Trading Co., Ltd."),
        ("株式会社東洋玩具", "Toyo Toys"),
        ("大橋運輸", "Ohashi Transport"),
        ("日新商事", "Nissin Trading"),
        ("三星電子", "Samsung Electronics"),
        ("三星電子", "삼성전자"),
    ],
)
def test_characters_meet_their_reading_in_japan_and_korea(characters: str, latin: str) -> None:
    assert set(name_keys(characters)) & set(name_keys(latin))
    assert compare_names(characters, latin).verdict == "same"


@pytest.mark.parametrize("latin", ["Ishikawa Kenzai Shoji", "Nakamura Kenzai Shoji"])
def test_another_reading_is_another_firm(latin: str) -> None:
    assert compare_names("石村建材商事", latin).verdict == "different"


def weight(a: str, b: str, **traits: tuple[str, str]) -> int:
    """What two descriptions weigh; `traits`: sort -> what each says."""
    sides = [
        Side("XX", {sort: frozenset([said[n]]) for sort, said in traits.items()}) for n in (0, 1)
    ]
    names, beside = name_evidence(a, b), trait_evidence(*sides)
    return sum(line.weight for line in names + beside + sisters(names, beside))


LIKENESSES = [
    ("Azteca Calzados S.A.", "Aztecas Calzados S.A."),  # a letter
    ("Lanvialdes Toys Ltd", "Lanvіaldes Toys Ltd"),  # an "i" that is Cyrillic
    ("Piotrowski Tools Ltd", "Piotrowski Tools Technologies Ltd"),  # a word
]
"""Names of a company and of a shell company that imitates it."""


@pytest.mark.parametrize(("a", "b"), LIKENESSES)
def test_an_imitation_is_not_joined_by_its_name_alone(a: str, b: str) -> None:
    assert weight(a, b) < JOIN_FROM


@pytest.mark.parametrize(("a", "b"), LIKENESSES)
def test_it_is_joined_with_an_account_that_agrees(a: str, b: str) -> None:
    assert weight(a, b, account=("1f", "1f")) >= JOIN_FROM


HOUSE = "12 Ulmer Str., Stuttgart 70469"
SISTERS = [
    ("Müller Trading GmbH", "Müller Logistics GmbH"),
    ("Huawei Technologies Co., Ltd.", "Huawei Device Co., Ltd."),
    ("深圳市华强电子有限公司", "深圳市华强物流有限公司"),
]
"""Firms of one group: each has a line of business that the other lacks."""


@pytest.mark.parametrize(("a", "b"), SISTERS)
@pytest.mark.parametrize("shared", [{"address": (HOUSE, HOUSE)}, {"account": ("1f", "1f")}])
def test_sisters_share_a_house_or_a_cashier_and_are_asked_about(
    a: str, b: str, shared: dict[str, tuple[str, str]]
) -> None:
    assert ASK_FROM <= weight(a, b, **shared) < JOIN_FROM


@pytest.mark.parametrize(("a", "b"), SISTERS)
def test_a_house_and_an_account_make_one_of_what_is_called_otherwise(a: str, b: str) -> None:
    assert weight(a, b, address=(HOUSE, HOUSE), account=("1f", "1f")) >= JOIN_FROM


def test_one_house_joins_what_only_one_of_the_names_tells() -> None:
    names = ("Müller Trading GmbH", "Müller Trading Stuttgart GmbH")
    assert weight(*names, address=(HOUSE, HOUSE)) >= JOIN_FROM


def test_a_branch_is_its_company() -> None:
    assert (
        weight("Glacier Chemicals Inc.", "Glacier Chemicals Inc. Denver Branch") >= JOIN_FROM - 1000
    )


def test_other_accounts_keep_equal_names_apart() -> None:
    assert weight("Acme Toys Ltd", "Acme Toys Ltd", account=("1f", "2e")) < JOIN_FROM


TURNED = [
    ("Kaveri Ganesh Chemicals Pvt Ltd", "Ganesh Kaveri Chemicals Pvt Ltd"),
    ("Santoro e Greco Tessuti S.r.l.", "Greco e Santoro Tessuti S.r.l."),
]
"""Names whose own words stand in another order."""


@pytest.mark.parametrize(("a", "b"), TURNED)
def test_own_words_in_another_order_speak_against_one_company(a: str, b: str) -> None:
    codes = {line.code: line.weight for line in name_evidence(a, b)}
    assert codes["order"] < 0
    assert "order" not in {line.code for line in name_evidence(a, a)}


@pytest.mark.parametrize(
    "b", ["Chemicals Kaveri Ganesh", "Kaveri Ganesh Kimya", "KAVERIGANESH CHEM"]
)
def test_a_line_of_business_may_stand_anywhere(b: str) -> None:
    codes = {line.code for line in name_evidence("Kaveri Ganesh Chemicals Pvt Ltd", b)}
    assert "order" not in codes


def numbered_apart(a: str, b: str, **traits: tuple[str, str]) -> int:
    """What two weigh that one marketplace has under two numbers."""
    sides = [
        Side(
            "XX",
            {sort: frozenset([said[n]]) for sort, said in traits.items()},
            {"id:shop": frozenset([f"id:shop:{n}"])},
        )
        for n in (0, 1)
    ]
    return sum(line.weight for line in name_evidence(a, b) + trait_evidence(*sides))


@pytest.mark.parametrize(("a", "b"), [*TURNED, ("Acme Toys Ltd", "Acme Toys Ltd")])
def test_two_numbers_of_one_marketplace_outweigh_a_name(a: str, b: str) -> None:
    assert numbered_apart(a, b) < JOIN_FROM
    assert numbered_apart("Acme Toys Ltd", "Acme Toys Ltd") >= ASK_FROM


def test_a_firm_that_a_marketplace_has_twice_is_known_by_its_account() -> None:
    assert numbered_apart("Acme Toys Ltd", "Acme Toys Ltd", account=("1f", "1f")) >= JOIN_FROM


def test_what_differs_in_legal_form_is_not_the_same_word_for_word() -> None:
    pair = ("Forge Paper Technology LLC", "Forge Paper Technology Inc.")
    assert "exact" not in {line.code for line in name_evidence(*pair)}
    assert weight(*pair) < JOIN_FROM


def test_small_words_stay_small_outside_of_chinese_names() -> None:
    assert [token.native for token in read_name("Casa de Pan").tokens] == ["casa", "pan"]


def test_probability_grows_with_weight() -> None:
    told = [probability_ppm(weight) for weight in range(-20_000, 40_000, 250)]
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1_000_000
