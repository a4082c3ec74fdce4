"""Descriptions of companies by many hands: the same for a seed, varied as told, and true to their company."""

import re
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tallystick.evidence.details import Details
from tallystick.evidence.identifiers import describe_all
from tallystick.evidence.schema import PARTY
from tallystick.units import EPOCH
from tallystick.world.addresses import ADDRESS_SHARES
from tallystick.world.config import CHUNK_FIRMS, DescriptionConfig, WorldError
from tallystick.world.describers import DESCRIBERS
from tallystick.world.descriptions import chunks_of_descriptions, chunks_told, described
from tallystick.world.variants import SHARES

COUNT = 6_000  # more than one chunk
KINDS = {
    *SHARES,
    *ADDRESS_SHARES,
    *"accents address_missing address_romanised case country_missing cut".split(),
    *"form_translated no_id other_script romanised translated".split(),
}


@pytest.fixture(scope="module")
def world():
    return described(DescriptionConfig(companies=COUNT, seed=5))


@pytest.fixture(scope="module")
def rows(world):
    return list(zip(world.parties.to_pylist(), world.truth.to_pylist(), strict=True))


@pytest.fixture(scope="module")
def companies(world):
    return world.companies.to_pylist()


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(world):
    again = described(DescriptionConfig(companies=COUNT, seed=5))
    assert [a.equals(b) for a, b in zip(again, world, strict=True)] == [True] * 3
    assert not described(DescriptionConfig(companies=100, seed=6)).parties.equals(
        described(DescriptionConfig(companies=100, seed=5)).parties
    )


def test_habits_leave_the_companies_as_they_are():
    """Whoever is measured on "b" meets the companies of "a", written by other hands."""
    a, b = (described(DescriptionConfig(companies=300, seed=5, habits=h)) for h in "ab")
    assert a.companies.equals(b.companies)
    assert not a.parties.equals(b.parties)


def test_chunks_put_together_are_the_whole(world):
    parts = list(chunks_of_descriptions(DescriptionConfig(companies=COUNT, seed=5)))
    assert len(parts) == -(-COUNT // CHUNK_FIRMS) > 1
    assert pa.concat_tables([part.truth for part in parts]).equals(world.truth)
    assert world.truth["row"].to_pylist() == list(range(world.parties.num_rows))


def test_more_companies_do_not_change_those_of_the_full_chunks_before(world):
    some = next(chunks_of_descriptions(DescriptionConfig(companies=CHUNK_FIRMS, seed=5)))
    assert world.parties.slice(0, some.parties.num_rows).equals(some.parties)


def test_rows_are_what_a_reader_makes_of_what_is_told():
    """The simulator makes them faster than a reader does, and the same."""
    config = DescriptionConfig(companies=700, seed=5)
    made = []
    for _, told in chunks_told(config):
        for one in told:
            details = Details(
                addresses=(one.address,) if one.address else (),
                accounts=(one.account,) if one.account else (),
                domains=(one.domain,) if one.domain else (),
                other_names=tuple(name for _, name in one.other_names),
                founded=str(EPOCH + timedelta(days=one.founded)) if one.founded >= 0 else None,
            )
            ids = [(one.scheme, one.number)] if one.scheme else []
            made += map(asdict, describe_all(one.name, one.country, ids, details))
    parties = described(config).parties
    assert parties.schema.equals(PARTY)
    assert parties.to_pylist() == made


def test_traits_are_sorted_distinct_and_spelt_as_agreed(rows):
    sorts = Counter()
    for row, _ in rows:
        assert row["traits"] == sorted(set(row["traits"]))
        for trait in row["traits"]:
            sort, _, value = trait.partition(":")
            sorts[sort] += 1
            if sort in ("account", "domain"):
                assert len(value) == 16 and int(value, 16) < 2**63
            elif sort == "address":
                assert value == " ".join(value.split())
    assert sorts.keys() == {"account", "address", "domain", "founded", "name"}
    assert min(sorts[sort] for sort in sorts if sort != "name") > len(rows) / 20


def test_truth_names_a_company_and_everybody_is_described(rows, companies):
    told = defaultdict(set)
    for row, truth in rows:
        assert truth["party"] == row["party"]
        told[truth["company"]].add(truth["contributor"])
    assert sorted(told) == [company["company"] for company in companies] == list(range(COUNT))
    counts = Counter(len(names) for names in told.values())
    assert sorted(counts) == [1, 2, 3, 4, 5]
    assert min(counts.values()) > COUNT * 0.1
    assert {name for names in told.values() for name in names} == {d.name for d in DESCRIBERS}


def test_every_kind_of_variation_occurs_and_no_other(rows):
    found = Counter(kind for _, truth in rows for kind in truth["kinds"])
    assert found.keys() == KINDS
    for _, truth in rows:
        assert truth["kinds"] == sorted(set(truth["kinds"]))


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        ("no_id", 0.15),
        ("form_out", SHARES["form_out"]),
        ("typo", SHARES["typo"]),
        ("branch", SHARES["branch"]),
    ],
)
def test_kinds_that_any_name_can_show_have_about_their_share(rows, kind, share):
    """A contributor's care multiplies the shares; one without any would not tell them."""
    expected, seen, count = 0.0, 0, 0
    for _, truth in rows:
        if truth["kinds"] and truth["kinds"][0] in ("former", "trading"):
            continue  # further names of a party
        if "trading" in truth["kinds"]:
            continue
        care = next(d.care for d in DESCRIBERS if d.name == truth["contributor"])
        expected += share * (1 if kind == "no_id" else care)
        seen += kind in truth["kinds"]
        count += 1
    assert count > 10_000
    assert seen == pytest.approx(expected, rel=0.15)


def test_strength_zero_leaves_names_as_a_form_and_a_keyboard_make_them():
    still = described(DescriptionConfig(companies=500, seed=5, strength=0.0))
    found = {kind for kinds in still.truth["kinds"].to_pylist() for kind in kinds}
    assert not found & ({*SHARES, *ADDRESS_SHARES} - {"former", "trading"})


def test_kin_have_about_their_share_and_are_other_companies(companies):
    kin = Counter(company["kin"] for company in companies)
    assert kin["homonym"] + kin["sister"] == pytest.approx(0.08 * COUNT, rel=0.2)
    assert kin["homonym"] > 0.02 * COUNT
    assert kin["imitator"] == pytest.approx(0.02 * COUNT, rel=0.3)
    for company in companies:
        if company["kin"]:
            assert companies[company["of"]]["kin"] is None
            assert company["of"] < company["company"]


def test_homonyms_have_one_name_in_two_places(companies):
    for company in companies:
        if company["kin"] == "homonym":
            model = companies[company["of"]]
            assert company["core"] == model["core"] and company["trades"] == model["trades"]
            assert company["city"] != model["city"] and company["address"] != model["address"]


def test_sisters_have_one_core_and_other_lines_of_business(companies):
    for company in companies:
        if company["kin"] == "sister":
            model = companies[company["of"]]
            assert company["core"] == model["core"] and company["trades"] != model["trades"]


def test_imitators_sit_in_the_city_of_another_name(companies):
    ways = Counter()
    for company in companies:
        if company["kin"] == "imitator":
            model = companies[company["of"]]
            ways[company["way"]] += 1
            assert (company["name"], company["address"]) != (model["name"], model["address"])
            if company["country"] == model["country"]:
                assert company["name"] != model["name"], company
                assert company["city"] == model["city"]
    assert ways.keys() == {"letter", "word", "look-alike", "form"}


def test_no_two_firms_of_a_city_are_registered_alike(companies):
    plain = [c for c in companies if c["kin"] is None and c["country"] == "CN"]
    assert len({c["name"] for c in plain}) == len(plain)  # Chinese names hold their city


def test_nothing_is_shared_between_companies_unless_asked(rows, companies):
    """Neither a number nor, but for agents and business centres, an account, domain or address."""
    holders = defaultdict(set)
    for row, truth in rows:
        for ref in row["ids"]:
            holders[ref].add(truth["company"])
        for trait in row["traits"]:
            if not trait.startswith(("founded:", "name:")):
                holders[trait].add(truth["company"])
    shares = {company["company"]: company["shares"] for company in companies}
    for what, who in holders.items():
        if len(who) > 1:
            sort = what.partition(":")[0]
            assert sort in ("account", "address"), what
            if sort == "account":
                assert all("account" in shares[company] for company in who), what
    agents = max(len(who) for what, who in holders.items() if what.startswith("account:"))
    assert agents > 10
    crowds = [len(who) for what, who in holders.items() if what.startswith("address:")]
    assert max(crowds) > 5


def test_ids_belong_to_one_contributor(rows):
    for row, truth in rows:
        assert all(ref.startswith(f"id:{truth['contributor']}.customer:") for ref in row["ids"])
        assert not row["ids"] or "no_id" not in truth["kinds"]


def test_official_identifiers_are_shared_when_asked():
    world = described(DescriptionConfig(companies=400, seed=5, shared_ids=0.5))
    refs = world.parties["ref"].to_pylist()
    share = sum(ref.startswith("lei:") for ref in refs) / len(refs)
    assert share == pytest.approx(0.5, abs=0.08)
    company = {}
    for ref, truth in zip(refs, world.truth.to_pylist(), strict=True):
        if ref.startswith("lei:"):
            assert company.setdefault(ref, truth["company"]) == truth["company"]


def test_further_names_are_rows_of_their_party(rows):
    by_party = defaultdict(list)
    for row, truth in rows:
        by_party[(row["party"], truth["company"], truth["contributor"])].append((row, truth))
    further = 0
    for group in by_party.values():
        for row, truth in group:
            if truth["kinds"] in (["former"], ["trading"]) and row["ids"] and len(group) > 1:
                further += 1
                first = group[0][0]
                same = ("ref", "ids", "country")
                assert [row[name] for name in same] == [first[name] for name in same]
                assert set(row["traits"]) - {f"name:{first['name']}"} == set(first["traits"])
    assert further > 100


def test_countries_may_be_given():
    world = described(DescriptionConfig(companies=6, seed=1), ["CN", "JP", "DE", "AE", "IN", "RS"])
    assert world.companies["country"].to_pylist() == ["CN", "JP", "DE", "AE", "IN", "RS"]


def test_common_words_are_common_and_most_are_rare(world):
    """As in a real register, the most frequent name is one in some hundreds, and most occur once."""
    keys = Counter(
        row["name_key"]
        for row, truth in zip(world.parties.to_pylist(), world.truth.to_pylist(), strict=True)
        if truth["contributor"] == "registry"
    )
    assert max(keys.values()) < sum(keys.values()) / 100
    assert sum(count == 1 for count in keys.values()) > 0.9 * len(keys)


@pytest.mark.parametrize(
    "wrong",
    [
        {"habits": "c"},
        {"companies": -1},
        {"homonyms": 1.5},
        {"no_id": -0.1},
        {"strength": 9},
        {"sisters": 0.8, "homonyms": 0.2},
    ],
)
def test_a_configuration_out_of_range_is_refused(wrong):
    with pytest.raises(WorldError, match=next(iter(wrong))):
        DescriptionConfig(**({"companies": 10, "seed": 0} | wrong))


def test_the_reference_lists_every_kind():
    page = Path(__file__).parents[3] / "docs/reference/simulator.md"
    assert set(re.findall(r"`([a-z_-]+)`", page.read_text(encoding="utf-8"))) >= KINDS


def test_no_companies_are_empty_tables():
    assert [table.num_rows for table in described(DescriptionConfig(companies=0, seed=0))] == [
        0
    ] * 3
