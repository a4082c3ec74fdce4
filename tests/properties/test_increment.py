"""A cut that grows out of an earlier one is that of the evidence alone, value for value."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallystick.adapters import cuts, increment, laying, state
from tallystick.book import Book, open_book
from tallystick.deals import INFERRED
from tallystick.evidence.ledger import Contributor
from tallystick.report import explanation_json
from tallystick.report.blocks import Headline, Reasons, TrackRecord
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

AS_OF = date(2025, 6, 30)
TABLES = (
    "companies",
    "merged",
    "related",
    "nodes",
    "inferred",
    "medians",
    "credibility",
    "reach",
    "within",
    "gates",
    "standing",
    "kin",
    "promises",
    "records",
    "ratings",
)

INVOICE = {
    "kind": "invoice",
    "number": "NEW-1",
    "issued_on": "2025-03-01",
    "due_on": "2025-04-01",
    "amount": "1000",
    "currency": "EUR",
    "terms": "open_account",
    "parties": {
        "seller": {"ids": {"id:tradeport.member": "00000001"}},
        "buyer": {"ids": {"id:tradeport.member": "00000002"}},
    },
}


def new_book(folder: Path) -> Book:
    return open_book(folder, create=True, settings=Settings(folder, "duckdb", 1024, 2))


def anew(book: Book, folder: Path) -> Book:
    """The evidence of a book in another one, with nothing that was derived of it: taking the same files in
    twice would take most of the time."""
    shutil.copytree(book.path, folder, ignore=shutil.ignore_patterns("derived"))
    return open_book(folder, settings=Settings(folder, "duckdb", 1024, 2))


def everything(book: Book) -> dict[str, pa.Table]:
    cut = book.cut(as_of=AS_OF)
    found = {name: cut.read(name) for name in TABLES}
    keys = {"promises": ("deal", "kind", "item", "promisor"), "records": ("company", "kind")}
    keys |= {"reach": ("company",), "within": ("owner", "promisee")}
    keys |= {"nodes": ("node",), "ratings": ("company", "scope", "role", "kind")}
    for name, order in (keys | {"inferred": tuple(INFERRED.names)}).items():
        found[name] = found[name].sort_by([(key, "ascending") for key in order])
    return {name: table.combine_chunks() for name, table in found.items()}


@pytest.fixture(scope="module")
def shuffled_world(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The documents of a small world in 6 parts that have nothing to do with deals; who is who comes first,
    for a join of known companies starts anew. Each contributor sends to every other part: of so few documents
    it is the number of files that takes the time."""
    folder = tmp_path_factory.mktemp("shuffled")
    world = folder / "w"
    simulate(WorldConfig(50, 400, seed=5, detail=0.9), world)
    rnd = random.Random(3)
    files = [f for f in world.rglob("*.parquet") if not f.is_relative_to(world / "truth")]
    for turn, file in enumerate(sorted(files)):
        table = pq.read_table(file)
        kinds = table["kind"].to_pylist()
        who = [n for n, kind in enumerate(kinds) if kind in ("profile", "registration")]
        rows = [n for n, kind in enumerate(kinds) if kind not in ("profile", "registration")]
        rnd.shuffle(rows)
        sent = {turn % 2 + 2 * n: rows[n::3] for n in range(3)}
        sent[0] = who + sent.get(0, [])
        for n, mine in sent.items():
            if mine:
                part = folder / "parts" / f"{n:02d}" / file.parent.name
                part.mkdir(parents=True)
                pq.write_table(table.take(pa.array(mine, pa.int64())), part / file.name)
                shutil.copy(file.parent / "contributor.toml", part)
    return sorted((folder / "parts").iterdir())


def test_growing_is_the_same_as_starting_anew(
    shuffled_world: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(increment, "MAX_SHARE", 0)  # extend by any share, not by small ones alone
    grown = 0
    with new_book(tmp_path / "growing.book") as growing:
        for n, folder in enumerate(shuffled_world, start=1):
            growing.ingest([folder])
            found = everything(growing)
            grown += growing.cut(as_of=AS_OF).layer("promises") > 0
            if n in (2, 4, 6):
                with anew(growing, tmp_path / f"fresh-{n}.book") as fresh:
                    expected = everything(fresh)
                    assert fresh.cut(as_of=AS_OF).layer("promises") == 0
                for name in TABLES:
                    assert found[name].equals(expected[name]), f"{name} after {n} parts"
    assert grown >= 3


def ownership(n: int, rnd: random.Random) -> list[dict[str, object]]:
    """What a register says with part `n`: some members own others, some no more, and few of them new."""
    documents: list[dict[str, object]] = []
    for m in range(6):
        owned, owner = (
            {"ids": {"id:tradeport.member": f"{k:08}"}} for k in rnd.sample(range(62), 2)
        )
        documents.append(
            {
                "kind": "ownership",
                "number": f"W{rnd.randrange(12)}" if m else None,
                "namespace": "register",
                "issued_on": f"2025-0{n % 6 + 1}-01",
                "score": rnd.choice([None, "0.1", "0.3", "0.6"]),
                "status": rnd.choice([None, "active", "active", "ended"]),
                "parties": {"subject": owned, "issuer": owner},
            }
        )
    return documents


def test_relations_that_come_and_go_are_the_same_as_starting_anew(
    shuffled_world: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ownership told bit by bit about companies that are known, and accounts that newcomers share with them."""
    read = state.live_parties

    def live_parties(*evidence: Any) -> pa.Table:
        parties = read(*evidence)
        told = [
            [f"account:{row['party'] % 40:016x}"] if row["name"] else []
            for row in parties.to_pylist()
        ]
        if "traits" in parties.column_names:
            parties = parties.drop_columns("traits")
        return parties.append_column("traits", pa.array(told, pa.list_(pa.string())))

    for module in (state, increment):
        monkeypatch.setattr(module, "live_parties", live_parties)
    monkeypatch.setattr(increment, "MAX_SHARE", 0)
    rnd, register, grown = random.Random(8), Contributor("the register", "registry"), 0
    told = [ownership(n, rnd) for n in range(len(shuffled_world))]
    with new_book(tmp_path / "growing.book") as growing:
        for n, folder in enumerate(shuffled_world):
            growing.ingest([folder])
            growing.cut(as_of=AS_OF)
            growing.add(told[n], register)
            found = everything(growing)
            grown += growing.cut(as_of=AS_OF).layer("promises") > 0
            if n % 2:
                with anew(growing, tmp_path / f"fresh-{n}.book") as fresh:
                    expected = everything(fresh)
                for name in TABLES:
                    assert found[name].equals(expected[name]), f"{name} after {n + 1} parts"
    assert grown >= 3
    assert set(found["related"]["sort"].to_pylist()) >= {"ownership", "ultimate_parent", "account"}
    assert 0 in found["promises"]["strength_ppm"].to_pylist()


def test_reports_of_a_grown_cut_are_those_of_one_made_anew(
    shuffled_world: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(increment, "MAX_SHARE", 0)
    with new_book(tmp_path / "grown.book") as grown:
        for folder in shuffled_world[:3]:
            grown.ingest([folder])
            grown.cut(as_of=AS_OF)
        grown.add([INVOICE], Contributor("the seller"))
        with anew(grown, tmp_path / "anew.book") as other:
            cuts = grown.cut(as_of=AS_OF), other.cut(as_of=AS_OF)
            assert cuts[0].layer("ratings") > 0 == cuts[1].layer("ratings")
            rows = other.ratings(cut=cuts[1]).to_pylist()
            for code in sorted({row["code"] for row in rows})[:4]:
                left, right = grown.report(code, cuts[0]), other.report(code, cuts[1])
                for block in (Headline, Reasons, TrackRecord):
                    assert left.block(block) == right.block(block)
                told = [
                    book.explain(code, cut) for book, cut in ((grown, cuts[0]), (other, cuts[1]))
                ]
                assert explanation_json(told[0]) == explanation_json(told[1])


def test_a_retraction_starts_anew(shuffled_world: list[Path], tmp_path: Path) -> None:
    with new_book(tmp_path / "b.book") as book:
        receipts = book.ingest(shuffled_world[:3]).receipts
        book.cut(as_of=AS_OF)
        book.retract(receipts[0].batch.batch_id, "mistake")
        assert book.cut(as_of=AS_OF).layer("promises") == 0


def test_growing_while_documents_are_struck_is_the_same_as_starting_anew(
    shuffled_world: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invoices and payments are struck, restored and sent again while the book grows."""
    monkeypatch.setattr(increment, "MAX_SHARE", 0)
    rnd, grown, moments = random.Random(4), 0, datetime(2099, 1, 1, tzinfo=UTC)
    with new_book(tmp_path / "growing.book") as growing:
        for n, folder in enumerate(shuffled_world[:5]):
            growing.ingest([folder], recorded_at=moments + timedelta(days=n))
            ids = struck_ids(growing, rnd)
            for step, (verdict, some) in enumerate([("strike", ids), ("restore", ids[:3])]):
                at = moments + timedelta(days=n, hours=1 + step)
                if n in (1, 3):
                    getattr(growing, verdict)(some, "dispute", "Ada", recorded_at=at)
                growing.cut(as_of=AS_OF)
            found = everything(growing)
            grown += growing.cut(as_of=AS_OF).layer("promises") > 0
            if n % 2 == 0 or n == 3:
                with anew(growing, tmp_path / f"fresh-{n}.book") as fresh:
                    expected = everything(fresh)
                    assert fresh.cut(as_of=AS_OF).layer("promises") == 0
                for name in TABLES:
                    assert found[name].equals(expected[name]), f"{name} after {n + 1} parts"
    assert grown >= 2


def struck_ids(book: Book, rnd: random.Random) -> list[str]:
    """Some documents of trade."""
    snapshot = book.ledger.snapshot()
    rows = snapshot.inbox_documents.to_pylist()
    rows += (
        pa.concat_tables(map(pq.read_table, snapshot.documents)).to_pylist()
        if snapshot.documents
        else []
    )
    kinds = ("invoice", "payment", "order", "transport_event", "review", "certificate", "ownership")
    return rnd.sample(sorted({row["doc_id"] for row in rows if row["kind"] in kinds}), 12)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A small world taken in at once; tests grow copies of it."""
    folder = tmp_path_factory.mktemp("whole")
    simulate(WorldConfig(50, 400, seed=6), folder / "w")
    with new_book(folder / "b.book") as book:
        book.ingest([folder / "w"])
        yield book


def test_a_batch_of_a_few_documents_adds_a_layer(whole: Book, tmp_path: Path) -> None:
    with anew(whole, tmp_path / "b.book") as book:
        before = book.cut(as_of=AS_OF)
        book.add([INVOICE], Contributor("the seller"))
        after = book.cut(as_of=AS_OF)
        assert after.layer("promises") == before.layer("promises") + 1
        assert len(after.read("promises")) == len(before.read("promises")) + 1


def test_a_number_under_several_schemes_grows_as_it_is_found_anew(
    whole: Book, tmp_path: Path
) -> None:
    """Bare numbers, descriptions and numbers within numbers, in every order in which they may come."""
    ways: list[dict[str, Any]] = [
        {"ids": {"id:0184": "61056416"}},
        {"ids": {"vat": "DK61056416"}},
        {"ids": {"vat": "DK61056416"}, "name": "Nordvind Skibsudstyr A/S", "country": "DK"},
        {"ids": {"id:dk.cvr": "DK 61 05 64 16"}, "name": "Nordvind"},
    ]
    with anew(whole, tmp_path / "grown.book") as grown, anew(whole, tmp_path / "o.book") as other:
        grown.cut(as_of=AS_OF)
        for n, seller in enumerate(ways):
            parties = INVOICE["parties"] | {"seller": seller}  # type: ignore[operator]
            document = INVOICE | {"number": f"NEW-{n}", "parties": parties}
            for book in (grown, other):
                book.add([document], Contributor("the seller"))
            grown.cut(as_of=AS_OF)
        found, expected = everything(grown), everything(other)
    for name in TABLES:
        assert found[name].equals(expected[name]), name
    told = [row for row in found["companies"].to_pylist() if "reg.dk:61056416" in row["ids"]]
    assert len(told) == 1 and told[0]["ref"] == "vat:DK61056416"


def test_layers_are_put_together(
    shuffled_world: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch upon batch, and nothing is lost where many layers become one."""
    monkeypatch.setattr(increment, "MAX_SHARE", 0)
    for module in (cuts, laying):
        monkeypatch.setattr(module, "MAX_LAYERS", 2)
    seller, layers = Contributor("the seller"), []
    with new_book(tmp_path / "grown.book") as grown:
        grown.ingest(shuffled_world[:2])
        grown.cut(as_of=AS_OF)
        for n in range(6):
            number = {"number": f"NEW-{n // 2}", "amount": str(1000 + n)}
            documents = [INVOICE | number | {"kind": ("invoice", "proforma")[n % 2]}]
            grown.add(documents, seller)
            layers.append(grown.cut(as_of=AS_OF).layer("promises"))
        with anew(grown, tmp_path / "anew.book") as other:
            found, expected = everything(grown), everything(other)
    for name in TABLES:
        assert found[name].equals(expected[name]), name
    assert layers == [1, 2, 2, 2, 2, 2]


def test_those_in_touched_deals_are_told_first_as_they_will_be(
    shuffled_world: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[pa.Table] = []
    monkeypatch.setattr(increment, "MAX_SHARE", 0)
    with new_book(tmp_path / "b.book") as book:
        book.ingest(shuffled_world[:3])
        book.prepare(book.cut(as_of=AS_OF))
        book.add([INVOICE], Contributor("the seller"))
        cut = book.cut(as_of=AS_OF, tell=lambda _, rows: told.append(rows))
        assert cut.layer("ratings") > 0
        order = [(key, "ascending") for key in ("company", "scope", "role", "kind")]
        (first,) = (rows.sort_by(order).combine_chunks() for rows in told)
        companies = first["company"].combine_chunks()
        whole = cut.rows("ratings", "company", companies).sort_by(order).combine_chunks()
    assert len(first) > 0
    assert first.equals(whole)
