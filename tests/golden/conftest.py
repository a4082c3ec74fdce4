"""Real data to books: where it lies, how a book is made of it, how well a rating foresees.

The data is never part of the repository. It is looked for beside it (`../shared`) or where
TALLYSTICK_DATA and TALLYSTICK_SAMPLES point; a test whose data is absent is skipped, saying so.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import rankdata

from tallystick.book import Book, open_book
from tallystick.evidence.ledger import Contributor, Receipt
from tallystick.units import day_number

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TALLYSTICK_DATA", ROOT.parent / "shared" / "data"))
SAMPLES = Path(os.environ.get("TALLYSTICK_SAMPLES", ROOT.parent / "shared" / "samples"))
MAPPINGS = ROOT / "examples" / "mappings"
COUNTED = ("kept", "late", "partial", "broken")

Pairs = Sequence[tuple[str, str]]
Rows = list[dict[str, Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real)


@dataclass
class Golden:
    """A book of real data: `pairs` of data file and mapping, or a folder of documents as it lies."""

    book: Book
    pairs: Pairs
    receipts: list[Receipt]

    def again(self) -> list[Receipt]:
        """Hand everything in once more."""
        return ingest(self.book, self.pairs)

    def counts(self) -> list[tuple[str, int, int, int, int]]:
        """(source, accepted, duplicate, held, rejected) of each batch."""
        found = [receipt.batch for receipt in self.receipts]
        return [(b.source, b.accepted, b.duplicate, b.held, b.rejected) for b in found]

    def promises(self, as_of: date) -> Rows:
        return list(self.book.promises(as_of=as_of).to_pylist())

    def outcomes(self, as_of: date) -> dict[str, dict[str, int]]:
        """Kind of promise -> outcome -> how many."""
        out: dict[str, Counter[str]] = {}
        for row in self.promises(as_of):
            out.setdefault(row["kind"], Counter())[row["outcome"]] += 1
        return {kind: dict(counter) for kind, counter in out.items()}

    def rating(self, as_of: date, ref: str, kind: str) -> dict[str, Any]:
        """The rating of one company in one kind of promise."""
        cut = self.book.cut(as_of)
        company = self.book.company_key(ref, cut)
        rows = self.book.ratings(cut=cut).to_pylist()
        return next(r for r in rows if r["company"] == company and r["kind"] == kind)

    def by_kind(self, as_of: date) -> dict[str, int]:
        """Kind of document -> how many stand on that day."""
        with self.book.evidence(self.book.cut(as_of)) as engine:
            rows = engine.fetch("SELECT kind, COUNT(*) AS n FROM doc_linked GROUP BY kind")
        return {row["kind"]: row["n"] for row in rows.to_pylist()}

    def documents(self, as_of: date, kind: str) -> Rows:
        """Documents of one kind with their deal, number and amount."""
        with self.book.evidence(self.book.cut(as_of)) as engine:
            rows = engine.fetch(
                "SELECT l.deal, d.number, l.amount_minor, l.quantity_milli, l.link_ppm "
                "FROM doc_linked l JOIN document d ON d.doc_id = l.doc_id "
                f"WHERE NOT d.duplicate AND l.kind = '{kind}'"
            )
        return list(rows.to_pylist())

    def foresight(
        self, kind: str, cut: date, end: date, broken: Callable[[dict[str, Any]], bool]
    ) -> tuple[float, int]:
        """AUC of the ratings of the day `cut` for promises made after it, as they stood on the day
        `end`, and the number of those. A party without a rating stands at the median."""
        known = {
            r["company"]: r["broken_ppm"]
            for r in self.book.ratings(as_of=cut).to_pylist()
            if r["scope"] == "kind" and r["kind"] == kind
        }
        later = [
            p
            for p in self.promises(end)
            if p["kind"] == kind and p["made_day"] > day_number(cut) and p["outcome"] in COUNTED
        ]
        middle = float(np.median(list(known.values())))
        score = np.array([known.get(p["promisor"], middle) for p in later])
        bad = np.array([broken(p) for p in later])
        ranks, n = rankdata(score), int(bad.sum())
        return float((ranks[bad].sum() - n * (n + 1) / 2) / (n * (len(bad) - n))), len(later)


def ingest(book: Book, pairs: Pairs) -> list[Receipt]:
    receipts: list[Receipt] = []
    for file, mapping in pairs:
        receipts += book.ingest([DATA / file], mapping=MAPPINGS / f"{mapping}.toml").receipts
    return receipts


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Pairs], Golden]:
    """Make a book of data files and the mappings shipped for them."""

    def made(pairs: Pairs) -> Golden:
        for file, _ in pairs:
            found_path(file)
        book = open_book(tmp_path_factory.mktemp("golden") / "book", create=True)
        return Golden(book, pairs, ingest(book, pairs))

    return made


@pytest.fixture(scope="session")
def golden_documents(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Golden]:
    """Make a book of a folder of XML documents, or of those that a pattern names, told by a marketplace."""

    def made(folder: str, pattern: str = "") -> Golden:
        where = SAMPLES / folder
        if not where.is_dir():
            pytest.skip(f"{where} is absent; set TALLYSTICK_SAMPLES to where the samples lie")
        paths = [
            path
            for path in sorted(where.glob(pattern) if pattern else [])
            if "Signature" not in path.name
        ]
        book = open_book(tmp_path_factory.mktemp("golden") / "book", create=True)
        told = book.ingest(paths or [where], who=Contributor("OASIS", "marketplace", 0))
        return Golden(book, [], list(told.receipts))

    return made


@pytest.fixture(scope="session")
def rows_of() -> Callable[[str], Rows]:
    """The rows of a data file, to hold the book against."""

    def read(file: str) -> Rows:
        path = found_path(file)
        data = gzip.decompress(path.read_bytes()) if file.endswith(".gz") else path.read_bytes()
        return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))

    return read


@pytest.fixture(scope="session")
def data_path() -> Callable[[str], Path]:
    """Where a data file lies; skips the test where it is absent."""
    return found_path


def found_path(file: str) -> Path:
    path = DATA / file
    if not path.exists():
        pytest.skip(f"{path} is absent; set TALLYSTICK_DATA to where the data lies")
    return path
