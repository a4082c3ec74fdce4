"""What must hold of any book: order, repetition, retraction and the two times."""

from __future__ import annotations

import importlib
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.book import Book, open_book
from tallystick.deals.link import components
from tallystick.evidence.ledger import EvidenceError
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

AS_OF = date(2025, 6, 30)
BUCKETS = {
    "promises.derive": "DOCUMENTS_PER_BUCKET",
    "record.summarise": "PROMISES_PER_BUCKET",
}


def new_book(folder: Path) -> Book:
    return open_book(folder, create=True, settings=Settings(folder, "duckdb", 1024, 2))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "w"
    simulate(WorldConfig(60, 500, seed=11, detail=0.8), out)
    return out


def contributors(world: Path) -> list[Path]:
    return sorted(p for p in world.iterdir() if p.is_dir() and p.name != "truth")


@pytest.fixture(scope="module")
def first(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    book = new_book(tmp_path_factory.mktemp("books") / "first.book")
    book.ingest(contributors(world))
    yield book
    book.close()


def outcome(book: Book, **cut: object) -> dict[str, pa.Table]:
    """All that a book says, as tables whose equality is equality of every value."""
    made = book.cut(as_of=AS_OF, **cut)  # type: ignore[arg-type]
    return {
        "ratings": book.ratings(cut=made),
        "promises": book.promises(cut=made),
        "records": made.read("records").sort_by([("company", "ascending"), ("kind", "ascending")]),
        "companies": made.read("companies"),
        "breaks": book.breaks(made),
    }


def assert_same(left: dict[str, pa.Table], right: dict[str, pa.Table]) -> None:
    for name, table in left.items():
        assert table.equals(right[name]), f"{name} differ"


def test_the_order_of_arrival_changes_nothing(world: Path, first: Book, tmp_path: Path) -> None:
    for seed in (1, 2):
        shuffled = contributors(world)
        random.Random(seed).shuffle(shuffled)
        with new_book(tmp_path / f"shuffled-{seed}.book") as other:
            for folder in shuffled:
                other.ingest([folder])
            assert_same(outcome(first), outcome(other))


def test_sending_everything_again_changes_nothing(world: Path, first: Book) -> None:
    before = outcome(first)
    again = first.ingest(contributors(world))
    assert not any(receipt.new for receipt in again.receipts)
    assert_same(before, outcome(first))


def test_a_retracted_batch_is_as_if_it_had_never_been(
    world: Path, first: Book, tmp_path: Path
) -> None:
    folders = contributors(world)
    with new_book(tmp_path / "retracting.book") as book:
        receipts = book.ingest(folders).receipts
        marketplace = next(r for r in receipts if r.batch.contributor.kind == "marketplace")
        book.retract(marketplace.batch.batch_id, "sent by mistake")
        with new_book(tmp_path / "without.book") as without:
            without.ingest([f for f in folders if f.name != "marketplace"])
            assert_same(outcome(without), outcome(book))


def test_a_retracted_first_copy_leaves_the_second(tmp_path: Path) -> None:
    document = {
        "kind": "invoice",
        "number": "I1",
        "issued_on": "2025-01-01",
        "due_on": "2025-02-01",
        "amount": "10",
        "currency": "EUR",
        "parties": {
            "seller": {"name": "A", "country": "DE"},
            "buyer": {"name": "B", "country": "FR"},
        },
    }
    other = document | {"number": "I2"}
    with new_book(tmp_path / "copies.book") as book, new_book(tmp_path / "single.book") as single:
        copy = book.add([document], "shop").batch
        assert book.add([document, other], "shop").batch.duplicate == 1
        assert len(outcome(book)["promises"]) == 2
        book.retract(copy.batch_id, "sent twice")
        single.add([document, other], "shop")
        assert_same(outcome(single), outcome(book))


def test_yesterdays_knowledge_gives_yesterdays_rating(world: Path, tmp_path: Path) -> None:
    folders = contributors(world)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with new_book(tmp_path / "growing.book") as book:
        seen = []
        for n, folder in enumerate(folders[:6]):
            book.ingest([folder], recorded_at=start + timedelta(days=n))
            if n in (2, 4):
                seen.append((start + timedelta(days=n), outcome(book)))
        book.retract(book.batches()[0].batch_id, "wrong file")
        for known_at, then in seen:
            assert_same(then, outcome(book, known_at=known_at))


def test_the_derived_folder_can_be_deleted(first: Book) -> None:
    cut = first.cut(as_of=AS_OF)
    before = {name: [p.read_bytes() for p in cut.files(name)] for name in ("ratings", "companies")}
    for path in sorted(cut.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    cut.folder.rmdir()
    again = first.cut(as_of=AS_OF)
    assert before == {name: [p.read_bytes() for p in again.files(name)] for name in before}


def test_the_number_of_buckets_changes_nothing(
    world: Path, first: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = {name: importlib.import_module(f"tallystick.{name}") for name in BUCKETS}
    for name, limit in BUCKETS.items():
        monkeypatch.setattr(stages[name], limit, 500)
    with new_book(tmp_path / "buckets.book") as other:
        other.ingest(contributors(world))
        assert_same(outcome(first), outcome(other))
        assert len(other.cut(as_of=AS_OF).files("promises")) > 2


def test_a_later_day_never_changes_an_earlier_one(first: Book) -> None:
    before = outcome(first)
    first.cut(as_of=AS_OF + timedelta(days=90))
    assert_same(before, outcome(first))


def test_points_add_up_to_the_score(first: Book) -> None:
    for row in outcome(first)["ratings"].to_pylist():
        steps = [v for name, v in row.items() if name.startswith("R") and name.endswith("_tenths")]
        assert row["base_tenths"] + sum(steps) == row["score_tenths"]
        assert row["low_ppm"] <= row["broken_ppm"] <= row["high_ppm"]


def test_a_backdated_batch_is_refused(tmp_path: Path) -> None:
    with new_book(tmp_path / "back.book") as book:
        document = {"kind": "rfq", "issued_on": "2025-01-01", "parties": {"buyer": {"name": "B"}}}
        book.add([document], "shop", recorded_at=datetime(2026, 1, 2, tzinfo=UTC))
        with pytest.raises(EvidenceError):
            book.add([document], "other", recorded_at=datetime(2026, 1, 1, tzinfo=UTC))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40), st.randoms())
@settings(max_examples=200, deadline=None)
def test_components_do_not_depend_on_order(
    pairs: list[tuple[int, int]], rnd: random.Random
) -> None:
    import numpy as np

    def labelled(edges: list[tuple[int, int]]) -> dict[int, int]:
        a = np.array([x for x, _ in edges], dtype=np.int64)
        b = np.array([y for _, y in edges], dtype=np.int64)
        return dict(zip(*(v.tolist() for v in components(a, b)), strict=True))

    shuffled = [(y, x) if rnd.random() < 0.5 else (x, y) for x, y in pairs]
    rnd.shuffle(shuffled)
    found = labelled(pairs)
    assert found == labelled(shuffled)
    assert all(found[a] == found[b] <= min(a, b) for a, b in pairs)
