"""The whole way from documents to ratings, on DuckDB and on Spark: the same bytes.

One book: a small simulated world in full detail and all the ledgers of tests/stories, with corrections,
inferred links, sanctions and what was struck among them; it then grows by a
layer. On Spark it is the queries that take the time, not the rows: a story more in a book costs nothing, a book
more twenty seconds.
"""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest
from struck import BUYER, PAYS_MINOR, add_struck

from tallystick.adapters.cuts import Cut
from tallystick.adapters.export import write_table
from tallystick.book import Book, open_book
from tallystick.evidence.ledger import Contributor
from tallystick.report import explanation_json
from tallystick.settings import Settings
from tallystick.world import WorldConfig, simulate

STORIES = Path(__file__).parent.parent / "stories"
TABLES = (
    "parties companies merged related nodes inferred promises medians credibility reach within records gates "
    "ratings"
).split()
EXPORTS = ("ratings", "promises", "breaks")
WALKED = ("breaks", "explained")
"""What is asked of a cut afterwards, where a book is `walked`."""

MORE = """
2024-05-01 invoice I800 due=2024-06-01 amount=777.77 USD terms=open_account by=seller
2024-05-20 payment P800 amount=777.77 USD by=bank
2024-05-02 invoice I801 ->order:O801 due=2024-06-01 amount=50 EUR terms=open_account by=seller
2024-05-01 order O801 due=2024-05-30 amount=60 EUR
2024-05-03 invoice I801 ->order:O801 due=2024-06-20 amount=55 EUR terms=open_account action=correct by=seller
2024-05-01 order O802 due=2024-05-30 amount=60 EUR
2024-05-04 order O802 action=retract
2024-05-05 sanction S800 subject=FastShip status=listed by=court
2024-05-05 insolvency S801 subject=Store status=opened by=court
2024-05-06 payment P802 ->invoice:I801 amount=-5 EUR by=bank
2024-02-01 ownership W800 subject=Shop issuer=Maker score=0.17 seller= buyer= by=registry
2024-02-01 ownership W801 subject=FastShip issuer=Cover seller= buyer= by=registry
2024-02-01 ownership W802 subject=Store issuer=Cover score=0.6 seller= buyer= by=registry
2024-02-01 ownership W803 subject=Bank issuer=Shop score=0.3 seller= buyer= by=registry
2024-05-01 invoice I803 due=2024-06-01 amount=50 EUR terms=open_account by=seller
2024-05-07 payment P803 ->invoice:I803 amount=50 EUR by=bank:Bank
2024-05-01 shipment S804 carrier=FastShip buyer=Store due=2024-06-01 amount=50 EUR by=carrier:FastShip
2024-05-07 transport_event E804 ->shipment:S804 carrier=FastShip status=delivered by=carrier:FastShip
2024-05-06 payment_instruction Y800 bank=Bank due=2024-05-08 amount=0 EUR by=bank
"""


DETAILED = {
    "kind": "profile",
    "number": "1",
    "issued_on": "2024-05-07",
    "parties": {
        "subject": {
            "name": "Store Holdings Ltd",
            "country": "GB",
            "ids": {"id:register": "17"},
            "address": "1 High Street, Leeds",
            "accounts": ["GB82WEST12345698765432", "GB82WEST12345698765433"],
            "domains": ["store.co.uk"],
            "other_names": ["Old Store Ltd"],
            "founded": "1987-06-05",
        }
    },
}
"""A company with all that relates companies."""

FIRST, SECOND = ({"ids": {"id:tradeport.member": f"{n:08}"}} for n in range(2))
INVOICE = {
    "kind": "invoice", "number": "G1", "issued_on": "2025-03-01", "due_on": "2025-04-01", "amount": "90",
    "currency": "USD", "terms": "open_account", "parties": {"seller": FIRST, "buyer": SECOND},
}  # fmt: skip
PAYMENT = {
    "kind": "payment", "number": "G2", "happened_at": "2025-03-20", "amount": "90", "currency": "USD",
    "parties": {"buyer": SECOND}, "references": [{"kind": "invoice", "number": "G1"}],
}  # fmt: skip
OWNED = {
    "kind": "ownership", "issued_on": "2024-03-01", "score": "0.3",
    "parties": {"subject": FIRST, "issuer": SECOND},
}  # fmt: skip
CORRECTED = INVOICE | {"number": "G0", "action": "correct", "amount": "95"}
GROWN = [(INVOICE, "firm"), (CORRECTED, "firm"), (PAYMENT, "bank"), (OWNED, "registry")]
"""What comes later, each from somebody else."""


def story_module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"stories_{name}", STORIES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def add_stories(book: Book) -> None:
    """All stories: the numbers of each get its own ending, so that their deals stay apart."""
    language, tests = story_module("conftest"), story_module("test_promises")
    add_struck(book)
    texts = [
        re.sub(r"\b([A-Z]{1,2}\d)\b", rf"\g<1>x{n}", case[2]) for n, case in enumerate(tests.CASES)
    ]
    batches: dict[str, list[Any]] = {}
    for number, line in enumerate("\n".join([*texts, MORE]).splitlines(), start=1):
        if line.strip():
            by, said = language.read_line(line, number)
            batches.setdefault(by, []).append(said)
    for by, documents in batches.items():
        book.add(documents, language.contributor(by))
    book.add([DETAILED], language.contributor("bank"))


def make_book(folder: Path) -> Book:
    simulate(WorldConfig(companies=150, deals=1500, seed=11, detail=1), folder / "world")
    settings = Settings(folder / "book", "duckdb", 2048, 2)
    book = open_book(folder / "book", create=True, settings=settings)
    book.ingest([folder / "world"])
    add_stories(book)
    book.add([INVOICE | {"number": "G0"}], Contributor("the firm", "firm"))
    return book


@pytest.mark.spark
def test_what_a_batch_repeats_counts_when_the_first_is_taken_out(tmp_path: Path) -> None:
    """The evidence of such a book, on either engine: no cut of it grows, so it is not in the other book."""
    bank, told = Contributor("the bank", "bank"), {}
    bills = [INVOICE | {"number": f"R{n}"} for n in range(5)]
    with open_book(
        tmp_path / "b", create=True, settings=Settings(tmp_path / "b", "duckdb", 1024, 2)
    ) as book:
        first = book.add(bills[:3], bank, source="first")
        book.add(bills, bank, source="second")
        book.retract(first.batch.batch_id, "sent by mistake")
        cut = book.cut(as_of=date(2025, 9, 30))
        assert cut.snapshot.resurrect
    for name in ("duckdb", "spark"):
        with (
            open_book(book.path, settings=Settings(book.path, name, 2048, 2)) as other,
            other.evidence(cut) as engine,
        ):
            asked = "SELECT doc_id, amount_minor, deal FROM doc_linked ORDER BY doc_id"
            told[name] = engine.fetch(asked).to_pylist()
    assert told["duckdb"] == told["spark"]
    assert len({row["doc_id"] for row in told["spark"]}) == len(told["spark"]) == 5


@dataclass(frozen=True)
class Derived:
    """What each engine derived from the same evidence: engine -> name -> table; and the layer of the cut."""

    tables: dict[str, dict[str, pa.Table]]
    layers: list[int]


def derive(path: Path, as_of: date, walked: bool = True) -> Derived:
    """Both engines' cuts of a book; `walked`: with its breaks, and some of its numbers walked down."""
    out, layers = {}, []
    for name in ("duckdb", "spark"):
        with open_book(path, settings=Settings(path, name, 2048, 2)) as book:
            cut = book.cut(as_of=as_of)
            tables = {table: cut.read(table) for table in TABLES}
            tables["promises"] = book.promises(cut=cut)
            tables["ratings"] = book.ratings(cut=cut)
            if walked:
                tables["breaks"] = book.breaks(cut)
                tables["explained"] = explained(book, cut)
        out[name] = tables
        layers.append(cut.layer("promises"))
    return Derived(out, layers)


def explained(book: Book, cut: Cut) -> pa.Table:
    """A few numbers, walked down to their rows."""
    kinds = [r for r in book.ratings(cut=cut).to_pylist() if r["scope"] == "kind"]
    asked = [f"{row['code']}/{row['kind']}" for row in kinds[len(kinds) // 2 :][:1]]
    told = [json.dumps(explanation_json(book.explain(what, cut))) for what in asked]
    return pa.table({"asked": asked, "told": told})


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Derived, Derived]:
    """A book, and the same with four documents more, of which one corrects another and one says that one member
    owns another: the second cut is built on top of the first, and walked."""
    as_of = date(2025, 9, 30)
    with make_book(tmp_path_factory.mktemp("book")) as book:
        first = derive(book.path, as_of, walked=False)
        for document, kind in GROWN:
            book.add([document], Contributor(f"the {kind}", kind))
        return first, derive(book.path, as_of)


@pytest.fixture(scope="module", params=["anew", "grown"])
def derived(request: pytest.FixtureRequest, cuts: tuple[Derived, Derived]) -> Derived:
    found = cuts[request.param == "grown"]
    assert found.layers == ([1, 1] if request.param == "grown" else [0, 0])
    return found


@pytest.mark.spark
@pytest.mark.slow
class TestSameOnBoth:
    """One fixture serves all: deriving on Spark takes tens of seconds."""

    def test_there_is_something_of_everything(self, derived: Derived) -> None:
        found = derived.tables["duckdb"]
        assert all(len(found[name]) for name in ("companies", "promises", "records", "ratings"))
        assert set(found["promises"]["outcome"].to_pylist()) >= {
            "kept",
            "late",
            "broken",
            "partial",
        }
        assert len(set(found["promises"]["kind"].to_pylist())) >= 10
        assert "breaks" not in found or len(found["breaks"])

    @pytest.mark.parametrize("name", [*TABLES, *WALKED])
    def test_tables_are_equal_to_the_type(self, derived: Derived, name: str) -> None:
        if name in derived.tables["duckdb"] or name not in WALKED:
            ours, theirs = derived.tables["duckdb"][name], derived.tables["spark"][name]
            assert theirs.schema == ours.schema
            assert theirs.equals(ours)

    @pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
    def test_exports_are_equal_byte_for_byte(
        self, derived: Derived, ending: str, tmp_path: Path
    ) -> None:
        for name in set(EXPORTS) & set(derived.tables["duckdb"]):
            written = []
            for engine, tables in derived.tables.items():
                path = tmp_path / f"{name}-{engine}.{ending}"
                write_table(tables[name].combine_chunks(), path)
                written.append(path.read_bytes())
            assert written[0] == written[1], name


@pytest.mark.spark
@pytest.mark.slow
def test_the_book_holds_what_is_rare(cuts: tuple[Derived, Derived]) -> None:
    found = cuts[0].tables["duckdb"]
    assert len(found["inferred"]) and len(found["nodes"])
    assert set(found["related"]["sort"].to_pylist()) >= {"ownership", "ultimate_parent"}
    related = {150_000 * 66 // 100, 0} & set(found["promises"]["strength_ppm"].to_pylist())
    assert len(related) == 2, "neither a share nor a sister takes weight away"
    assert set(found["gates"]["grade"].to_pylist()) == {"X", "D"}
    assert set(found["promises"]["outcome"].to_pylist()) >= {"excused", "disputed", "open"}


@pytest.mark.spark
@pytest.mark.slow
def test_what_is_struck_is_left_out(cuts: tuple[Derived, Derived]) -> None:
    for tables in cuts[0].tables.values():
        buyer = [r["company"] for r in tables["companies"].to_pylist() if BUYER in r["names"]]
        kept = [p for p in tables["promises"].to_pylist() if p["promisor"] in buyer]
        pays = sorted(p["value_minor"] for p in kept if p["kind"] == "pay")
        assert pays == PAYS_MINOR
