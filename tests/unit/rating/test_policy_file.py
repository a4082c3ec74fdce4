"""A policy and its file say the same, and a file that says anything else is told what is wrong with it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.promises import PROMISES
from tallystick.rating import Policy, Provenance, Scorecard
from tallystick.rating.policy_file import (
    PolicyError,
    checked,
    differences,
    leaves,
    range_of,
    read_policy,
    seal_of,
    tree_of,
    write_policy,
)
from tallystick.rating.policy_words import FIELDS, means
from tallystick.record import RecordPolicy

FITTED = Provenance(
    "1f" * 8, "2026-10-31", "0.1.0", {"pay": 9_000}, {"pay": {"log_loss": 0.25}}, ""
)
TEXTS = st.text(max_size=30)
FIGURES = st.dictionaries(TEXTS.filter(lambda t: t != "others"), st.floats(-1e9, 1e9), max_size=3)


def numbers(cls: type, above: str) -> st.SearchStrategy[Any]:
    """Instances with every number anywhere in its range."""
    values = {}
    for field in dataclasses.fields(cls):
        allowed, default = range_of(above + field.name), field.default
        if allowed is None:
            continue
        least, most = allowed.least, allowed.most
        whole = isinstance(default, int)
        values[field.name] = st.integers(int(least), int(most)) if whole else st.floats(least, most)
    return st.builds(cls, **values)


CARDS = st.dictionaries(st.sampled_from(sorted(PROMISES)), numbers(Scorecard, "cards.pay."))
PROVENANCE = st.builds(
    Provenance,
    state=TEXTS,
    as_of=TEXTS,
    version=TEXTS,
    numbers=TEXTS,
    promises=st.dictionaries(st.sampled_from(["", *PROMISES]), st.integers(0, 10**15), max_size=3),
    measured=st.dictionaries(st.sampled_from(["", *PROMISES]), FIGURES, max_size=3),
)
POLICIES = st.builds(
    lambda policy, cards, others, record, fitted, name: dataclasses.replace(
        policy, cards={**cards, "": others}, record=record, fitted=fitted, name=name
    ),
    numbers(Policy, ""),
    CARDS,
    numbers(Scorecard, "cards.pay."),
    numbers(RecordPolicy, "record."),
    st.none() | PROVENANCE,
    st.from_regex(r"\A[A-Za-z][A-Za-z0-9._-]{0,59}\Z"),
)


@settings(deadline=None, max_examples=60)
@given(POLICIES, st.sampled_from(["en", "zh"]))
def test_a_policy_reads_back_as_it_was_written_bit_for_bit(policy: Policy, lang: str) -> None:
    text = write_policy(policy, lang)
    back = read_policy(text, "x.toml")
    assert back.policy == policy
    assert back.policy.digest() == policy.digest()
    assert back.seal == seal_of(policy)
    assert write_policy(back.policy, lang) == text
    assert differences(policy, back.policy) == []


def test_the_shipped_policy_and_a_fitted_one_can_be_used() -> None:
    assert checked(Policy()) == Policy()
    policy = Policy(fitted=FITTED, cards={"": Scorecard(), "pay": Scorecard(kappa=1e-2)})
    assert checked(policy) == policy


def test_every_field_is_explained_in_both_languages_and_every_explanation_has_a_field() -> None:
    policy = Policy(fitted=FITTED)
    paths = [path for path, _ in leaves(tree_of(policy))]
    for path in paths:
        if not path.startswith(("fitted.promises.", "fitted.measured.")):
            assert means(path, "en") and means(path, "zh"), path
    known = {p.replace("cards.others", "cards.*") for p in paths} | {"", "format", "signed"}
    tables = {path.rsplit(".", 1)[0] for path in known if "." in path} | {"cards", "fitted"}
    assert FIELDS.keys() <= known | tables | {"fitted.promises", "fitted.measured"}


def test_every_number_has_a_range_and_the_shipped_one_lies_in_it() -> None:
    for path, value in leaves(tree_of(Policy())):
        if not isinstance(value, str):
            allowed = range_of(path)
            assert allowed is not None, path
            assert allowed.least <= value <= allowed.most, path


SPRING = Policy(
    name="spring",
    valid_from="2026-11-01",
    coverage_ppm=900_000,
    cards={"": Scorecard(kappa=3.0, half_180=1.0)},
    record=RecordPolicy(cap_micro=3_000_000),
)
FILE = write_policy(SPRING)

CLUMSY = [
    ("kappa = 3.0", "kapa = 3.0", "cards.others.kapa", "did you mean kappa?"),
    ("kappa = 3.0", "", "cards.others.kappa", f"add `kappa = {Scorecard().kappa}`"),
    ("kappa = 3.0", "kappa = 0", "cards.others.kappa", "from 0.01 to 10000"),
    ("kappa = 3.0", "kappa = nan", "cards.others.kappa", "from 0.01 to 10000"),
    ("kappa = 3.0", "kappa = inf", "cards.others.kappa", "from 0.01 to 10000"),
    ("kappa = 3.0", 'kappa = "3"', "cards.others.kappa", "write a number"),
    ("kappa = 3.0", "kappa = true", "cards.others.kappa", "write a number"),
    ("half_180 = 1.0", "half_180 = -0.1", "cards.others.half_180", "from 0 to 50"),
    ("coverage_ppm = 900000", "coverage_ppm = 0.9", "coverage_ppm", "write a whole number"),
    ("coverage_ppm = 900000", "coverage_ppm = 90", "coverage_ppm", "from 500000 to 999000"),
    ("cap_micro = 3000000", "cap_micro = 0", "record.cap_micro", "from 1 to 1000000000000"),
    ('name = "spring"', "name = 7", "name", 'a text in "quotes"'),
    ('name = "spring"', 'name = "../x"', "name", "begin with a letter"),
    ('name = "spring"', 'name = ""', "name", "begin with a letter"),
    ('valid_from = "2026-11-01"', 'valid_from = "1.11.2026"', "valid_from", "2026-01-31"),
    ('valid_from = "2026-11-01"', 'valid_from = "20261101"', "valid_from", "2026-01-31"),
    ('valid_from = "2026-11-01"', "valid_from = 2026-11-01", "valid_from", "a text"),
    ("[cards.others]", "[cards.paying]", "cards", "add the table [cards.others]"),
    ("[cards.others]", "[cards]", "cards.intercept", "write it as a table"),
    ("[record]", "[records]", "records", "did you mean record?"),
    ("[record]", "[[record]]", "record", "write it as a table: [record]"),
    ('format = "tallystick.policy/1"', "", "", "start from `tallystick policy draft`"),
    ("policy/1", "policy/9", "", 'reads format = "tallystick.policy/1"'),
    ("kappa = 3.0", "kappa 3.0", "", "compare with a file"),
    (FILE, "", "", "start from `tallystick policy draft`"),
    (FILE, "[" * 5000, "", "compare with a file"),
]


@pytest.mark.parametrize(("old", "new", "field", "fix"), CLUMSY)
def test_what_is_wrong_is_told_with_file_field_and_fix(
    old: str, new: str, field: str, fix: str
) -> None:
    assert old in FILE
    with pytest.raises(PolicyError) as told:
        read_policy(FILE.replace(old, new, 1), "spring.toml")
    assert str(told.value).startswith("spring.toml: ")
    assert field in [problem.field for problem in told.value.problems]
    assert any(fix in problem.fix for problem in told.value.problems)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = FILE.replace("kappa = 3.0", "kappa = -1").replace("[record]", "colour = 1\n[record]")
    with pytest.raises(PolicyError) as told:
        read_policy(text.replace("coverage_ppm = 900000", ""), "x.toml")
    assert len(told.value.problems) == 3


def test_an_unknown_kind_of_promise_is_refused() -> None:
    policy = Policy(cards={"": Scorecard(), "bribe": Scorecard()})
    with pytest.raises(PolicyError, match="no such kind of promise"):
        checked(policy)


def test_numbers_may_be_written_whole() -> None:
    assert read_policy(FILE.replace("kappa = 3.0", "kappa = 3"), "x").policy == SPRING


def test_figures_belong_to_the_numbers_that_were_measured() -> None:
    fitted = dataclasses.replace(Policy(), fitted=FITTED)
    told = dataclasses.replace(FITTED, numbers=fitted.numbers())
    fitted = dataclasses.replace(fitted, fitted=told)
    assert fitted.as_measured()
    assert dataclasses.replace(fitted, name="x", valid_from="2027-01-01").as_measured()
    assert not dataclasses.replace(fitted, coverage_ppm=800_000).as_measured()
    assert not Policy().as_measured()


def test_differences_name_the_field_and_both_values() -> None:
    after = Policy(record=RecordPolicy(cap_micro=7), cards={"": Scorecard(), "pay": Scorecard()})
    told = {path: (old, new) for path, old, new in differences(Policy(), after)}
    assert told["record.cap_micro"] == (RecordPolicy().cap_micro, 7)
    assert told["cards.pay.kappa"] == (None, Scorecard().kappa)
    assert not any(path.startswith("cards.others") for path in told)
