"""What speaks for one company where companies are linked, beyond what their names say."""

from __future__ import annotations

import pytest

from tallystick.identity.linking.calibration import probability_ppm
from tallystick.identity.linking.keys import name_keys
from tallystick.identity.linking.settle import JOIN_FROM
from tallystick.identity.linking.weigh import Side, name_evidence, trait_evidence
from tallystick.identity.names import compare_names, read_name

SAME_WORDS = [
    ("Heng De Chang Trading", "恒德昌贸易有限公司"),
    ("Shenzhen Le Ze Software", "深圳市乐泽软件"),
    ("有限会社藤川食品", "Fujikawa Foods Ltd."),
    ("شركة أحمد البلوشي للتغليف", "Ahmed Al Balushi Packaging"),
    ("Yunolkorstroy Khimiya", "ООО Юнолкорстрой Химия"),
    ("Malabis Al Noor", "Al Noor Garments"),
    ("Jiali Ceramics WH Limited", "武汉市佳利陶瓷有限责任公司"),
    ("Czaricz Handel sp. z o. o.", "Handel Czaricz SP ZOO"),
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
    assert 0 < len(name_keys(name)) <= 14


def weight(a: str, b: str, **traits: tuple[str, str]) -> int:
    """What two descriptions weigh; `traits`: sort -> what each says."""
    sides = [
        Side("XX", {sort: frozenset([said[n]]) for sort, said in traits.items()}) for n in (0, 1)
    ]
    return sum(line.weight for line in name_evidence(a, b) + trait_evidence(*sides))


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


def test_a_branch_is_its_company() -> None:
    assert (
        weight("Glacier Chemicals Inc.", "Glacier Chemicals Inc. Denver Branch") >= JOIN_FROM - 1000
    )


def test_other_accounts_keep_equal_names_apart() -> None:
    assert weight("Acme Toys Ltd", "Acme Toys Ltd", account=("1f", "2e")) < JOIN_FROM


def test_small_words_stay_small_outside_of_chinese_names() -> None:
    assert [token.native for token in read_name("Casa de Pan").tokens] == ["casa", "pan"]


def test_probability_grows_with_weight() -> None:
    told = [probability_ppm(weight) for weight in range(-20_000, 40_000, 250)]
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1_000_000
