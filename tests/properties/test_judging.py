"""What must hold of people's judgements on who is who."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.book import Book, open_book
from tallystick.evidence.identifiers import describe
from tallystick.evidence.ledger import Contributor, EvidenceError
from tallystick.identity import JUDGED, resolve
from tallystick.settings import Settings
from tallystick.units import hash64

AS_OF = date(2024, 12, 31)
SHOP = {"name": "Bluewhale Technology", "country": "CN", "ids": {"id:shop": "17"}}
BANK = {"name": "蓝鲸科技有限公司", "country": "CN", "ids": {"id:bank": "88"}}
LEI_A, LEI_B = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"


def new_book(folder: Path) -> Book:
    return open_book(folder, create=True, settings=Settings(folder, "duckdb", 512, 1))


def invoice(number: int, seller: dict[str, Any], late: int = 0) -> list[dict[str, Any]]:
    """An invoice on credit and its payment, so many days late."""
    buyer = {"name": "Nairobi Imports", "country": "KE", "ids": {"id:shop": "b1"}}
    due = date(2024, 3, 1)
    bill = {
        "kind": "invoice",
        "number": f"I{number}",
        "issued_on": "2024-02-01",
        "due_on": due.isoformat(),
        "terms": "open_account",
        "amount": "1000",
        "currency": "USD",
        "parties": {"seller": buyer, "buyer": seller},
    }
    paid = bill | {
        "kind": "payment",
        "number": f"P{number}",
        "issued_on": (due + timedelta(days=late)).isoformat(),
        "references": [{"kind": "invoice", "number": f"I{number}"}],
    }
    del paid["due_on"], paid["terms"]
    return [bill, paid]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = new_book(tmp_path / "who.book")
    book.add(
        [d for n in range(4) for d in invoice(n, SHOP)], Contributor("the market", "marketplace")
    )
    book.add(
        [d for n in range(4, 8) for d in invoice(n, BANK, 40)], Contributor("the bank", "bank")
    )
    return book


def outcome(book: Book, **cut: Any) -> dict[str, pa.Table]:
    made = book.cut(as_of=AS_OF, **cut)
    return {
        "ratings": book.ratings(cut=made),
        "promises": book.promises(cut=made),
        "companies": book.companies(made),
    }


def names(book: Book) -> list[set[str]]:
    rows = book.companies(book.cut(as_of=AS_OF)).to_pylist()
    return sorted((set(row["names"]) for row in rows), key=sorted)


def judge(book: Book, a: str, b: str, verdict: str, hour: int = 12) -> None:
    at = datetime(2099, 1, 1, hour, tzinfo=UTC)  # after the batches of the fixture
    book.judge(a, b, verdict, "same licence", "Ada", book.cut(as_of=AS_OF), at)


def test_a_judgement_joins_what_shares_nothing_and_adds_up_its_record(book: Book) -> None:
    assert len(names(book)) == 3
    judge(book, "id:shop:17", "id:bank:88", "same")
    assert {SHOP["name"], BANK["name"]} in names(book)
    cut = book.cut(as_of=AS_OF)
    key = book.company_key("id:bank:88", cut)
    assert key == book.company_key("id:shop:17", cut)
    rated = book.ratings(cut=cut)
    pay = rated.filter((pc.field("company") == key) & (pc.field("kind") == "pay")).to_pylist()[0]
    assert (pay["n_kept"], pay["n_late"]) == (4, 4)


def test_how_a_company_came_to_be_tells_of_numbers_that_cannot_be_right(tmp_path: Path) -> None:
    book, bad = new_book(tmp_path / "bad.book"), f"{LEI_A[:-1]}6"
    shop = SHOP | {"ids": {"id:shop": "17", "lei": bad}}
    good = SHOP | {"ids": {"id:shop": "17", "lei": LEI_A}}
    receipt = book.add(invoice(1, shop), Contributor("the market", "marketplace"))
    book.add(invoice(2, good), Contributor("the bank", "bank"))
    told = {row["ref"]: row["bad_ids"] for row in book.how("id:shop:17", book.cut(as_of=AS_OF))}
    assert told == {f"lei:{LEI_A}": [], "id:shop:17": [f"lei:{bad}"]}
    book.retract(receipt.batch.batch_id, "a slip")
    told = {row["ref"]: row["bad_ids"] for row in book.how("id:shop:17", book.cut(as_of=AS_OF))}
    assert not any(told.values())


def test_withdrawing_it_gives_back_exactly_what_was(book: Book) -> None:
    before = outcome(book)
    judge(book, "id:shop:17", "id:bank:88", "same", 12)
    joined = outcome(book)
    judge(book, "id:bank:88", "id:shop:17", "withdrawn", 13)
    after = outcome(book)
    assert not joined["ratings"].equals(before["ratings"])
    for name, table in before.items():
        assert table.equals(after[name]), name


def test_retracting_the_judgement_and_asking_for_earlier_moments_do_too(book: Book) -> None:
    before = outcome(book)
    known = datetime.now(UTC)
    receipt = book.judge(
        "id:shop:17", "id:bank:88", "same", "one licence", "Ada", book.cut(as_of=AS_OF)
    )
    assert not outcome(book)["ratings"].equals(before["ratings"])
    assert outcome(book, known_at=known)["ratings"].equals(before["ratings"])
    book.retract(receipt.batch.batch_id, "wrong licence")
    assert outcome(book)["ratings"].equals(before["ratings"])


def test_apart_splits_what_one_account_joined_and_says_so(book: Book) -> None:
    both = [
        {"name": "Firm A", "country": "DE", "ids": {"id:shop": "a", "id:wallet": "agent"}},
        {"name": "Firm B", "country": "DE", "ids": {"id:shop": "z", "id:wallet": "agent"}},
    ]
    profiles = [
        {"kind": "profile", "issued_on": "2024-01-01", "parties": {"subject": firm}}
        for firm in both
    ]
    book.add(profiles, Contributor("the market", "marketplace"))
    assert {"Firm A", "Firm B"} in names(book)
    judge(book, "id:shop:a", "id:shop:z", "apart")
    assert {"Firm A"} in names(book) and {"Firm B"} in names(book)
    told = [row["reason"] for row in book.how("id:shop:z", book.cut(as_of=AS_OF))]
    told += [row["reason"] for row in book.how("id:shop:a", book.cut(as_of=AS_OF))]
    assert "kept apart: judged so" in told


def test_a_name_alone_is_kept_apart_from_the_company_that_bears_it(book: Book) -> None:
    book.add(
        [{"kind": "profile", "issued_on": "2024-01-01", "parties": {"subject": {
            "name": "BLUEWHALE Technology Ltd.", "country": "CN"}}}],
        Contributor("a chamber", "registry"),
    )  # fmt: skip
    assert len(names(book)) == 3
    judge(book, "name:bluewhale technology|CN", "id:shop:17", "apart")
    assert len(names(book)) == 4
    judge(book, "name:bluewhale technology|CN", "id:bank:88", "same")
    assert {"BLUEWHALE Technology Ltd.", BANK["name"]} in names(book)
    assert {SHOP["name"]} in names(book)


def test_only_the_operator_judges(book: Book, tmp_path: Path) -> None:
    before = outcome(book)["ratings"]
    claim = {
        "kind": "identity",
        "issued_on": "2024-01-01",
        "status": "same",
        "parties": {"subject": SHOP, "recipient": BANK},
    }
    book.add([claim], Contributor("the market", "marketplace"))
    assert outcome(book)["ratings"].equals(before)
    card = tmp_path / "export" / "contributor.toml"
    card.parent.mkdir()
    card.write_text('name = "Mallory"\nkind = "operator"\n')
    (card.parent / "who.jsonl").write_text('{"kind": "identity", "parties": {}}\n')
    with pytest.raises(EvidenceError, match="which a file cannot say"):
        book.ingest([card.parent])


def test_what_a_preview_shows_comes_true_and_nothing_is_handed_in(book: Book) -> None:
    batches = len(book.batches())
    cut = book.cut(as_of=AS_OF)
    rows = book.preview("id:shop:17", "id:bank:88", "same", cut)
    assert len(book.batches()) == batches
    judge(book, "id:shop:17", "id:bank:88", "same")
    rated = book.ratings(as_of=AS_OF).filter(pc.field("scope") == "headline").to_pylist()
    now = {row["company"]: row["broken_ppm"] for row in rated}
    assert rows and all(now.get(row["company"]) == row["broken_ppm_after"] for row in rows)
    assert {row["grade_after"] for row in rows} >= {None}


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("id:shop:17", "id:shop:17", "same"),
        ("id:shop:17", "nobody at all", "same"),
        ("id:shop:17", "id:bank:88", "perhaps"),
    ],
)
def test_what_is_no_judgement_is_refused_in_a_sentence(
    book: Book, a: str, b: str, verdict: str
) -> None:
    with pytest.raises(EvidenceError):
        judge(book, a, b, verdict)


# the arithmetic of joining

REFS = [("lei", LEI_A), ("lei", LEI_B), *(("id:n", str(n)) for n in range(5))]


@st.composite
def descriptions(draw: st.DrawFn) -> list[list[tuple[str, str]]]:
    picks = st.lists(st.sampled_from(REFS), min_size=1, max_size=3, unique=True)
    return draw(st.lists(picks, min_size=1, max_size=6))


@st.composite
def pairs(draw: st.DrawFn) -> dict[tuple[int, int], str]:
    keys = sorted(hash64(f"{scheme}:{value}") for scheme, value in REFS)
    two = st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True).map(sorted)
    return draw(st.dictionaries(two.map(tuple), st.sampled_from(["same", "apart"]), max_size=4))


def table_of(said: Sequence[list[tuple[str, str]]]) -> pa.Table:
    rows = [describe(None, None, ids) for ids in [*said, *([ref] for ref in REFS)]]
    names = ("party", "ref", "name", "name_key", "country", "ids", "traits")
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    types = {"party": pa.int64(), **dict.fromkeys(("ids", "traits"), pa.list_(pa.string()))}
    return pa.table({n: pa.array(c, types.get(n, pa.string())) for n, c in columns.items()})


def judged_of(pairs: dict[tuple[int, int], str]) -> pa.Table:
    rows = [
        {"a": a, "b": b, "verdict": verdict, "doc_id": f"{a:x}{b:x}"}
        for (a, b), verdict in sorted(pairs.items())
    ]
    return pa.Table.from_pylist(rows, schema=JUDGED)


@settings(deadline=None)  # the first names that are read load the tables
@given(descriptions(), pairs(), st.randoms(use_true_random=False))
def test_no_company_holds_two_sides_of_a_judgement_in_any_order(
    said: list[list[tuple[str, str]]], judged: dict[tuple[int, int], str], rng: random.Random
) -> None:
    found = resolve(table_of(said), judged_of(judged))
    company = dict(
        zip(found.merged["party"].to_pylist(), found.merged["company"].to_pylist(), strict=True)
    )
    for (a, b), verdict in judged.items():
        if verdict == "apart":
            assert company.get(a, a) != company.get(b, b)
    if "apart" not in judged.values():
        for a, b in judged:
            assert company.get(a, a) == company.get(b, b)
    shuffled = list(said)
    rng.shuffle(shuffled)
    again = resolve(table_of(shuffled), judged_of(judged))
    assert again.merged.equals(found.merged) and again.companies.equals(found.companies)
