"""Linking under bad input: no mega-cluster forms, little is compared, and what is the same still joins."""

from __future__ import annotations

import doctest
import importlib
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.evidence.details import Details
from tallystick.evidence.identifiers import PartyRow, describe_all
from tallystick.evidence.schema import PARTY
from tallystick.identity import Companies, resolve
from tallystick.identity.joining import register_of
from tallystick.identity.linking import OUTCOMES
from tallystick.identity.linking.keys import name_keys

LEIS = ("529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12")
ACCOUNTS = ("DE89370400440532013000", "GB29NWBK60161331926819")
ADDRESSES = ("Am Hafen 3, Kiel", "88 North Road, Shenzhen")
SAME = (
    ("深圳市华强电子有限公司", "id:bank:t1"),
    ("Shenzhen Huaqiang Electronics Co., Ltd.", "id:shop:t2"),
)


def said(
    name: str | None, ref: str | None = None, country: str = "CN", **traits: str
) -> tuple[PartyRow, ...]:
    ids = [(ref.rpartition(":")[0], ref.rpartition(":")[2])] if ref else []
    given = {
        f"{sort}s" if sort in ("account", "domain") else "addresses": (text,)
        for sort, text in traits.items()
    }
    return describe_all(name, country, ids, Details(**given))


def table(told: Iterable[tuple[PartyRow, ...]]) -> pa.Table:
    rows = [row for rows in told for row in rows]
    columns = {f.name: pa.array([getattr(row, f.name) for row in rows], f.type) for f in PARTY}
    return pa.table(columns, schema=PARTY).drop_columns("bad_ids")


def biggest(found: Companies, parties: pa.Table) -> int:
    """Descriptions of the biggest company."""
    moved = dict(zip(*(found.merged[c].to_pylist() for c in ("party", "company")), strict=True))
    keys = set(parties["party"].to_pylist())
    return max(Counter(moved.get(key, key) for key in keys).values())


def resolved(told: Sequence[tuple[PartyRow, ...]]) -> tuple[Companies, int]:
    """The companies of the descriptions and of one pair that is the same; and the size of the biggest. Fails
    where that pair is not joined, or the processor was kept for long."""
    same = [said(name, ref) for name, ref in SAME]
    parties = table([*told, *same])
    begun = time.process_time()
    found = resolve(parties)
    assert time.process_time() - begun < 60
    moved = dict(zip(*(found.merged[c].to_pylist() for c in ("party", "company")), strict=True))
    one, other = (rows[0].party for rows in same)
    assert moved.get(one, one) == moved.get(other, other)
    return found, biggest(found, parties)


@pytest.mark.parametrize(
    "name", ["N/A", "test", "同上", "-", "0000", "xxxxx", "Unknown", "нет", "\u200bN/A\u200f"]
)
def test_a_placeholder_names_nobody(name: str) -> None:
    assert describe_all(name, "CN", [], Details()) == ()
    (row,) = said(name, "id:shop:1")
    assert (row.name, row.name_key, row.ref) == (None, None, "id:shop:1")
    _, size = resolved([said(name, f"id:shop:{n}") for n in range(500)])
    assert size == 2


def test_an_address_that_forty_thousand_shops_share_joins_none_of_them() -> None:
    shops = [
        said(_coined(n), f"id:shop:{n}", address="Room 1, 1 Queen's Road, Hong Kong")
        for n in range(40_000)
    ]
    _, size = resolved(shops)
    assert size <= 3


def test_the_examples_of_the_docstrings_hold() -> None:
    traits = importlib.import_module("tallystick.identity.linking.traits")
    assert doctest.testmod(traits).attempted and not doctest.testmod(traits).failed


@pytest.mark.parametrize(
    ("second", "address", "size"),
    [
        ("Komapar Oyuncak", "518057 Shenzhen, No. 12 Keyuan Rd", 2),
        ("Komapar Oyuncak", "深圳市南山区科苑路12号 518057", 2),
        ("Komapar Oyuncak", "88 North Road, Shenzhen 518001", 1),
        ("Borealis Peintures", "518057 Shenzhen, No. 12 Keyuan Rd", 1),
    ],
)
def test_names_that_share_no_key_meet_at_an_address(second: str, address: str, size: int) -> None:
    first = "Kormapar Oyuncak Sanayi ve Ticaret A.Ş."
    assert not set(name_keys(first)) & set(name_keys(second))
    parties = table(
        [
            said(first, "id:shop:1", address="12 Keyuan Road, Shenzhen 518057"),
            said(second, "id:bank:2", address=address),
        ]
    )
    assert biggest(resolve(parties), parties) == size


def test_the_reading_of_characters_joins_without_anything_else() -> None:
    told = [("石村建材商事", "id:bank:1"), ("Ishimura Kenzai Shoji Co., Ltd.", "id:shop:2")]
    parties = table([said(name, ref, "JP") for name, ref in told])
    assert biggest(resolve(parties), parties) == 2


def test_whoever_is_surely_one_with_the_same_third_is_no_rival() -> None:
    """Two lines of business of one firm, which a third description of one address holds together."""
    where = {"address": "2 rue Victor Hugo, 61641 Besançon", "account": ACCOUNTS[0]}
    told = [
        said("Transports Guérin & Blanc SAS", "id:bank:1", "FR", **where),
        said("Logistique Guérin & Blanc SAS", "id:carrier:2", "FR", **where),
        said("Guérin & Blanc SAS", "id:customs:3", "FR", **where),
        said("Logistique Guérin & Blanc SAS", "id:shop:4", "FR"),
    ]
    parties = table(told)
    assert biggest(resolve(parties), parties) == 4


def test_the_account_of_a_payment_agent_joins_none_of_its_firms() -> None:
    agent = "DE89370400440532013000"
    firms = [said(_coined(n), f"id:shop:{n}", account=agent) for n in range(5000)]
    _, size = resolved(firms)
    assert size <= 3
    few = [said(name, ref, account=agent) for name, ref in SAME]
    assert biggest(resolve(table(few)), table(few)) == 2


def _coined(n: int) -> str:
    """A name like no other: four syllables out of twenty."""
    parts = "bo ri ka zu me ta lo vi su ne pa gu fi do xa ju he mi wo ry".split()
    word = "".join(parts[n // 20**k % 20] for k in (3, 0, 2, 1))
    return f"{word.title()} Trading"


def test_thousands_that_are_called_the_same_are_not_one() -> None:
    firms = [said("Golden Dragon Trading", f"id:shop:{n}") for n in range(3000)]
    found, size = resolved(firms)
    assert size <= 2
    assert len(found.links) < 1000  # what so many share is not even compared


def test_a_hundred_that_are_called_the_same_and_have_different_numbers_are_not_one() -> None:
    firms = [said("Golden Dragon Trading", f"id:shop:{n}") for n in range(150)]
    _, size = resolved(firms)
    assert size <= 2
    bank = said("Golden Dragon Trading", "id:bank:9")  # which of them it is nobody can tell
    found, size = resolved([*firms, bank])
    assert size <= 2
    ends = found.links["a"].to_pylist() + found.links["b"].to_pylist()
    assert ends.count(bank[0].party) > 9
    assert bank[0].party not in found.merged["party"].to_pylist()


def test_a_chain_of_names_each_one_letter_from_the_next_does_not_become_one() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    rng, word, names = random.Random(3), list("marlonbetaku"), []
    for n in range(400):
        word[n % len(word)] = rng.choice(letters)
        names.append("".join(word).title() + " Trading")
    _, size = resolved([said(name, f"id:p{n}:1") for n, name in enumerate(names)])
    assert size <= 12


def test_a_name_of_five_thousand_characters_is_read_and_joins_nothing_else() -> None:
    long = " ".join(f"w{n}ord" for n in range(700))
    assert len(long) >= 4000
    told = [said((long + str(n)) * 2, f"id:shop:{n}") for n in range(20)]
    assert all(len(rows[0].name or "") >= 5000 for rows in told)
    _, size = resolved([*told, said("永" * 5000, "id:shop:a"), said("a" * 5000, "id:shop:b")])
    assert size <= 20


@pytest.mark.parametrize(
    "written",
    [
        "\u202bBorealis Outdoor GmbH\u202c",
        "Bore\u200balis Out\u200ddoor\ufeff GmbH",
        "ＢＯＲＥＡＬＩＳ　Ｏｕｔｄｏｏｒ GmbH",
        "Bo\u0301realis Outdoor Gmb\u00adH",
    ],
)
def test_marks_and_look_alikes_do_not_hide_who_it_is(written: str) -> None:
    told = [said("Borealis Outdoor GmbH", "id:shop:1", "DE"), said(written, "id:bank:2", "DE")]
    assert biggest(resolve(table(told)), table(told)) == 2


def test_a_name_in_disguise_is_asked_about_unless_an_account_vouches_for_it() -> None:
    told = [
        said("Borealis Outdoor GmbH", "id:shop:1", "DE"),
        said("Воrеаlis Оutdооr GmbH", "id:bank:2", "DE"),
    ]
    found = resolve(table(told))
    assert biggest(found, table(told)) == 1
    assert [OUTCOMES[n] for n in found.links["outcome"].to_pylist()] == ["ask"]
    vouched = [
        said("Borealis Outdoor GmbH", "id:shop:1", "DE", account=ACCOUNTS[0]),
        said("Воrеаlis Оutdооr GmbH", "id:bank:2", "DE", account=ACCOUNTS[0]),
    ]
    assert biggest(resolve(table(vouched)), table(vouched)) == 2


# laws

NAMES = [
    "Borealis Outdoor GmbH",
    "Borealis Outdoors",
    "BOREALIS OUTDOOR",
    "Huaqiang Electronics",
    "Shenzhen Huaqiang Electronics Co., Ltd.",
    "Dongguan Huaqiang Electronics",
    "深圳市华强电子有限公司",
    "N/A",
    None,
]
OTHERS = ("Borealis Outdoors", "Huaqiang Electronics", "N/A")
REFS = [*(("lei", lei) for lei in LEIS), *((f"id:{c}", str(n)) for c in "ab" for n in range(3))]


@st.composite
def descriptions(draw: st.DrawFn) -> tuple[PartyRow, ...]:
    address, account, other = (
        tuple(draw(st.lists(st.sampled_from(texts), max_size=1)))
        for texts in (ADDRESSES, ACCOUNTS, OTHERS)
    )
    details = Details(address, account, other_names=other)
    ids = draw(st.lists(st.sampled_from(REFS), max_size=2, unique=True))
    country = draw(st.sampled_from(["CN", "DE", None]))
    return describe_all(draw(st.sampled_from(NAMES)), country, ids, details)


LAWFUL = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@LAWFUL
@given(st.lists(descriptions(), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_descriptions_is_nothing(
    told: list[tuple[PartyRow, ...]], rng: random.Random
) -> None:
    first = resolve(table(told))
    shuffled = list(told)
    rng.shuffle(shuffled)
    again = resolve(table(shuffled))
    for name in ("companies", "merged", "judgements", "links"):
        assert getattr(again, name).equals(getattr(first, name)), name


@LAWFUL
@given(st.lists(descriptions(), min_size=1, max_size=12))
def test_no_company_holds_two_numbers_of_one_register(told: list[tuple[PartyRow, ...]]) -> None:
    # a description that itself bears two is what somebody said, and joins nobody
    told = [rows for rows in told if not rows or not _two(rows[0].ids)]
    for company in resolve(table(told)).companies.to_pylist():
        assert not _two(company["ids"]), company


def _two(ids: Iterable[str]) -> bool:
    registers = [register for ref in ids if (register := register_of(ref))]
    return len(registers) > len(set(registers))
