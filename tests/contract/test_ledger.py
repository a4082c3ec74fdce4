"""What every ledger must do. Each test runs on each adapter in `ADAPTERS`.

How to read them: a document is named by a word, and what matters of it is that word's digest. `live(...)`
reads a book the way the later stages do, and gives the words that count, each as often as it counts.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tallystick.adapters.ledger import FileLedger
from tallystick.evidence.ledger import Contributor, EvidenceError, Ledger, Snapshot, Staged
from tallystick.evidence.schema import DOCUMENT, PARTY, REJECT, STORED, STORED_PARTY

BANK = Contributor("Harbour Bank", "bank", 7)

Open = Callable[[Path], Ledger]
ADAPTERS: dict[str, Open] = {"files": lambda path: FileLedger(path, create=True)}


@pytest.fixture(params=sorted(ADAPTERS))
def opener(request: pytest.FixtureRequest) -> Open:
    return ADAPTERS[request.param]


@pytest.fixture
def ledger(opener: Open, tmp_path: Path) -> Ledger:
    return opener(tmp_path / "book")


# ---- a small language of batches


def doc_id(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:32]


def documents(words: Sequence[str]) -> pa.Table:
    columns = {
        "doc_id": [doc_id(word) for word in words],
        "kind": ["invoice"] * len(words),
        "action": ["state"] * len(words),
        "number": list(words),
        "source": ["invoices.csv"] * len(words),
        "row": list(range(1, len(words) + 1)),
    }
    empty = pa.nulls(len(words))
    return pa.table(
        [
            pa.array(columns[f.name], f.type) if f.name in columns else empty.cast(f.type)
            for f in DOCUMENT
        ],
        schema=DOCUMENT,
    )


def parties(words: Sequence[str]) -> pa.Table:
    rows = [
        {"party": n, "ref": f"name:{word}|DE", "name": word, "ids": [], "bad_ids": []}
        for n, word in enumerate(words)
    ]
    return pa.Table.from_pylist(rows, schema=PARTY)


def rejects(held: Sequence[int] = (), rejected: Sequence[int] = ()) -> pa.Table:
    rows = [
        {
            "source": "invoices.csv",
            "row": row,
            "rule": "r",
            "message": "m",
            "fix": "f",
            "outcome": o,
        }
        for o, at in (("held", held), ("rejected", rejected))
        for row in at
    ]
    return pa.Table.from_pylist(rows, schema=REJECT)


def staged(
    batch_id: str,
    words: Iterable[str] = (),
    *,
    repeated: int = 0,
    held: Sequence[int] = (),
    rejected: Sequence[int] = (),
    paths: tuple[Sequence[Path], Sequence[Path]] | None = None,
) -> Staged:
    """A batch; `held` and `rejected` are rows of its source. `paths`: staged as Parquet files."""
    words = list(words)
    files = paths if paths is not None else (documents(words), parties(words[:1]))
    count = len(words) + repeated + len(rejected)
    answer = rejects(held, rejected)
    return Staged(
        batch_id, BANK, "invoices.csv", *files, answer, count, repeated, len(held), len(rejected)
    )


def stage_files(ledger: Ledger, words: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """The same as two Parquet files of documents and one of parties in the staging folder."""
    folder = ledger.staging_dir()
    half, table = len(words) // 2, documents(words)
    tables = {"d0": table.slice(0, half), "d1": table.slice(half), "p": parties(words[:1])}
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return [folder / "d0.parquet", folder / "d1.parquet"], [folder / "p.parquet"]


def words_of(stem: str, count: int) -> list[str]:
    return [f"{stem}{n}" for n in range(count)]


def rows(snapshot: Snapshot) -> pa.Table:
    """All stored rows of live batches, by version."""
    tables = [pq.read_table(path, schema=STORED) for path in snapshot.documents]
    table = pa.concat_tables([*tables, snapshot.inbox_documents])
    live_versions = pa.array(sorted(snapshot.live), pa.int64())
    return table.filter(pa.compute.is_in(table["version"], live_versions)).sort_by(
        [("version", "ascending"), ("row", "ascending")]
    )


def live(snapshot: Snapshot) -> Counter[str]:
    """What counts: rows without a flag, or the first copies where a retraction may have taken those."""
    table = rows(snapshot)
    words, flags = table["number"].to_pylist(), table["duplicate"].to_pylist()
    if snapshot.resurrect:
        return Counter(dict.fromkeys(words, 1))
    return Counter(word for word, flag in zip(words, flags, strict=True) if not flag)


def each(*words: str) -> Counter[str]:
    return Counter(dict.fromkeys(words, 1))


SMALL, LARGE = 30, 20_001
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["inbox", "segment"])


# ---- one batch


def test_an_empty_book_is_empty(ledger: Ledger) -> None:
    snapshot = ledger.snapshot()
    assert (list(ledger.batches()), snapshot.live, snapshot.resurrect) == ([], {}, False)
    assert rows(snapshot).schema == STORED
    assert snapshot.inbox_parties.schema == STORED_PARTY
    assert ledger.seal() == 0


@SIZES
def test_what_goes_in_comes_out(ledger: Ledger, size: int) -> None:
    words = words_of("a", size)
    receipt = ledger.commit(staged("batch-1", words))
    snapshot = ledger.snapshot()
    table = rows(snapshot)
    assert table.drop_columns(["version", "duplicate"]).equals(documents(words))
    assert set(table["version"].to_pylist()) == {receipt.batch.version}
    assert snapshot.live == {receipt.batch.version: BANK}
    described = [pq.read_table(path) for path in snapshot.parties]
    names = pa.concat_tables([*described, snapshot.inbox_parties])["name"].to_pylist()
    assert names == ["a0"]


@SIZES
def test_a_batch_staged_as_files_is_the_same_batch(ledger: Ledger, size: int) -> None:
    words = words_of("a", size)
    files = stage_files(ledger, words)
    ledger.commit(staged("batch-1", words, paths=files))
    assert rows(ledger.snapshot()).drop_columns(["version", "duplicate"]).equals(documents(words))
    assert not any(path.exists() for path in (*files[0], *files[1])), (
        "the ledger took the files over"
    )


@SIZES
def test_sending_a_batch_again_changes_nothing(ledger: Ledger, size: int) -> None:
    batch = staged("batch-1", words_of("a", size), rejected=[9_999])
    first = ledger.commit(batch, 1_000)
    again = ledger.commit(batch, 2_000)
    assert (first.new, again.new) == (True, False)
    assert again.batch == first.batch
    assert again.rejects.equals(first.rejects)
    assert list(ledger.batches()) == [first.batch]
    assert live(ledger.snapshot()) == each(*words_of("a", size))


# Documents of the batch in the book before, then the batch, then accepted, duplicate, held, rejected.
ACCOUNTS = [
    ([], {"words": []}, (0, 0, 0, 0)),
    ([], {"words": ["a", "b"]}, (2, 0, 0, 0)),
    ([], {"words": ["a", "b"], "repeated": 3}, (2, 3, 0, 0)),
    ([], {"words": ["a", "b"], "held": [2]}, (1, 0, 1, 0)),
    ([], {"words": ["a", "b"], "rejected": [3, 4]}, (2, 0, 0, 2)),
    (["a"], {"words": ["a", "b"]}, (1, 1, 0, 0)),
    (["a"], {"words": ["a", "b"], "held": [2]}, (0, 1, 1, 0)),
    (["a"], {"words": ["a", "b"], "held": [1]}, (1, 1, 0, 0)),
    (
        ["a", "b"],
        {"words": ["a", "b"], "held": [1, 2], "repeated": 1, "rejected": [3]},
        (0, 3, 0, 1),
    ),
]


@pytest.mark.parametrize(("before", "batch", "counts"), ACCOUNTS)
def test_every_document_is_accounted_for_once(
    ledger: Ledger, before: list[str], batch: dict[str, object], counts: tuple[int, ...]
) -> None:
    ledger.commit(staged("before", before))
    handed_in = staged("batch-1", **batch)  # type: ignore[arg-type]
    got = ledger.commit(handed_in).batch
    assert (got.accepted, got.duplicate, got.held, got.rejected) == counts
    assert sum(counts) == handed_in.document_count
    assert ledger.rejects("batch-1").equals(handed_in.rejects)


# ---- several batches


@SIZES
@pytest.mark.parametrize("sealed", [False, True], ids=["open", "sealed"])
def test_a_document_that_stands_already_is_a_duplicate(
    ledger: Ledger, size: int, sealed: bool
) -> None:
    ledger.commit(staged("batch-1", words_of("a", SMALL)))
    if sealed:
        ledger.seal()
    words = [*words_of("a", 10), *words_of("b", size - 10)]
    batch = ledger.commit(staged("batch-2", words)).batch
    assert (batch.accepted, batch.duplicate) == (size - 10, 10)
    assert live(ledger.snapshot()) == each(*words_of("a", SMALL), *words_of("b", size - 10))
    assert not ledger.snapshot().resurrect


def test_the_order_of_commit_does_not_change_what_counts(opener: Open, tmp_path: Path) -> None:
    pool = words_of("w", 40)
    batches = [staged(f"batch-{n}", random.Random(n).sample(pool, 12)) for n in range(12)]
    found = []
    for seed in range(4):
        ledger = opener(tmp_path / str(seed))
        for n, batch in enumerate(random.Random(seed).sample(batches, len(batches))):
            ledger.commit(batch)
            if n % 5 == seed:
                ledger.seal()
        found.append(live(ledger.snapshot()))
    assert found[0] == each(*found[0])
    assert all(words == found[0] for words in found)


@SIZES
def test_sealing_changes_nothing_that_readers_see(ledger: Ledger, size: int) -> None:
    ledger.commit(staged("large", words_of("a", size)), 1_000)
    ledger.commit(staged("small", ["a1", "b"]), 2_000)
    ledger.retract("small", "sent by mistake", 3_000)
    ledger.commit(staged("third", ["a2", "c"]), 4_000)
    held_by_a_reader = ledger.snapshot()
    before = [ledger.snapshot(at) for at in (500, 1_500, 2_500, 3_500, None)]
    seen = [(rows(s), s.live, s.resurrect, s.key()) for s in before]
    assert ledger.seal() == (4 + size if size == SMALL else 4)
    assert ledger.seal() == 0
    after = [ledger.snapshot(at) for at in (500, 1_500, 2_500, 3_500, None)]
    assert after[-1].inbox_documents.num_rows == 0
    assert [(rows(s), s.live, s.resurrect, s.key()) for s in after] == seen
    ledger.commit(staged("fourth", words_of("d", 40)))
    ledger.seal()
    assert live(held_by_a_reader) == each(*words_of("a", size), "c"), "its files are still there"


# ---- time and retraction


def test_what_was_known_stays_known(ledger: Ledger) -> None:
    ledger.commit(staged("batch-1", ["a", "b"]), 1_000)
    ledger.commit(staged("batch-2", ["b", "c"]), 2_000)
    ledger.retract("batch-1", "wrong file", 3_000)
    ledger.commit(staged("batch-3", ["a"]), 4_000)
    known = {at: sorted(live(ledger.snapshot(at))) for at in (999, 1_000, 2_500, 3_000, 4_000)}
    assert known == {
        999: [],
        1_000: ["a", "b"],
        2_500: ["a", "b", "c"],
        3_000: ["b", "c"],
        4_000: ["a", "b", "c"],
    }
    assert [ledger.snapshot(at).resurrect for at in (2_500, 3_000)] == [False, True]


@SIZES
def test_retracting_gives_the_book_that_never_had_it(
    opener: Open, tmp_path: Path, size: int
) -> None:
    never, ledger = opener(tmp_path / "never"), opener(tmp_path / "book")
    ledger.commit(staged("mistake", words_of("a", size)))
    for book in (never, ledger):
        book.commit(staged("batch-2", ["a1", "b"]))
    gone = ledger.retract("mistake", "wrong file")
    for book in (never, ledger):
        receipt = book.commit(staged("batch-3", ["a2", "b"]))
        assert (receipt.batch.accepted, receipt.batch.duplicate) == (1, 1)
    assert gone.retracted_why == "wrong file"
    assert live(ledger.snapshot()) == live(never.snapshot()) == each("a1", "a2", "b")


def test_a_retracted_batch_stays_retracted(ledger: Ledger) -> None:
    ledger.commit(staged("batch-1", ["a"]), 1_000)
    gone = ledger.retract("batch-1", "wrong file", 2_000)
    assert ledger.retract("batch-1", "again", 9_000) == gone
    again = ledger.commit(staged("batch-1", ["a"]), 3_000)
    assert (again.new, again.batch) == (False, gone)
    assert live(ledger.snapshot()) == each()


def test_time_does_not_run_backwards(ledger: Ledger) -> None:
    far = 9_000_000_000_000_000  # the year 2255
    ledger.commit(staged("batch-1", ["a"]), far)
    with pytest.raises(EvidenceError, match="1 microseconds before the newest batch"):
        ledger.commit(staged("batch-2", ["b"]), far - 1)
    with pytest.raises(EvidenceError, match="before the newest batch"):
        ledger.retract("batch-1", "why", far - 1)
    assert ledger.commit(staged("batch-2", ["b"])).batch.recorded_at_us == far + 1
    assert [b.batch_id for b in ledger.batches()] == ["batch-1", "batch-2"]


def test_a_batch_is_found_by_a_prefix_that_is_its_own(ledger: Ledger) -> None:
    ids = ["abcdef-1", "abcdef-2", "xyzxyz%", "abc"]
    for n, batch_id in enumerate(ids):
        ledger.commit(staged(batch_id, [str(n)]))

    def found(text: str) -> str | None:
        batch = ledger.find(text)
        return batch and batch.batch_id

    assert [found(batch_id) for batch_id in ids] == ids
    assert found("xyzxyz") == "xyzxyz%"
    assert [found(text) for text in ("xyzxy", "ab", "abcdeg", "%%%%%%", "")] == [None] * 5
    with pytest.raises(EvidenceError, match="Several batches begin with 'abcdef'"):
        ledger.find("abcdef")
    assert ledger.retract("xyzxyz", "prefix").batch_id == "xyzxyz%"
    with pytest.raises(EvidenceError, match="no batch 'nobody'"):
        ledger.retract("nobody", "why")


# ---- what cannot be taken


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop_columns(["kind"]), "no column kind"),
        (lambda t: t.set_column(0, "doc_id", pa.array(["xy"])), "32 hex digits"),
        (lambda t: t.set_column(0, "doc_id", pa.array(["G" * 32])), "32 hex digits"),
        (lambda t: t.set_column(3, "number", pa.array([[1]])), "do not fit the canonical schema"),
    ],
    ids=["column", "short", "letters", "type"],
)
def test_a_malformed_batch_is_refused_whole(
    ledger: Ledger, change: Callable[[pa.Table], pa.Table], message: str
) -> None:
    table = change(documents(["a"]))
    wrong = Staged("wrong", BANK, "x", table, parties(["a"]), rejects(), 1, 0, 0, 0)
    with pytest.raises(EvidenceError, match=message):
        ledger.commit(wrong)
    assert list(ledger.batches()) == []


def test_a_folder_that_is_no_book_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(EvidenceError, match=r"is no book.*`tallystick init`"):
            FileLedger(path)


def test_a_book_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    FileLedger(tmp_path, create=True)
    marker = tmp_path / "tallystick.json"
    assert json.loads(marker.read_text())["format"] == 1
    marker.write_text('{"format": 2}')
    for create in (False, True):
        with pytest.raises(
            EvidenceError, match=r"format 2, written by a newer.*upgrade Tallystick"
        ):
            FileLedger(tmp_path, create=create)
    marker.write_text("{")
    with pytest.raises(EvidenceError, match="does not say which format"):
        FileLedger(tmp_path)


# ---- several processes


def _commit_some(adapter: str, path: Path, stem: str, count: int) -> None:
    ledger = ADAPTERS[adapter](path)
    for n in range(count):
        # Every second document is handed in by both; the numbers are the same, the batches are not.
        ledger.commit(staged(f"{stem}-{n}", [f"both{n}", f"{stem}{n}"]))
        if n % 20 == 10:
            ledger.seal()


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
def test_two_processes_commit_at_once(adapter: str, tmp_path: Path) -> None:
    path, count = tmp_path / "book", 50
    ADAPTERS[adapter](path)
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_commit_some, args=(adapter, path, stem, count)) for stem in "xy"
    ]
    for process in processes:
        process.start()
    ledger = ADAPTERS[adapter](path)
    while any(process.is_alive() for process in processes):
        seen = live(ledger.snapshot())
        assert seen == each(*seen), "a reader never sees half a seal"
    assert [process.exitcode for process in processes] == [0, 0]
    batches = list(ledger.batches())
    assert sorted(b.version for b in batches) == list(range(1, 2 * count + 1))
    times = [b.recorded_at_us for b in batches]
    assert times == sorted(set(times))
    assert sum(b.duplicate for b in batches) == count
    words = [f"{stem}{n}" for stem in ("both", "x", "y") for n in range(count)]
    assert live(ledger.snapshot()) == each(*words)


# ---- a law


class LedgerLaw(RuleBasedStateMachine):
    """Whatever is done in whatever order: at each known time the book shows each document of the batches
    live then exactly once, and what it once showed for a past time it shows for ever."""

    opener: Open
    folders: Iterator[Path]

    @initialize()
    def start(self) -> None:
        self.path = next(self.folders)
        self.ledger = self.opener(self.path)
        self.clock = 0
        self.batches: dict[str, tuple[int, frozenset[str]]] = {}
        self.retracted: dict[str, int] = {}

    @rule(words=st.frozensets(st.sampled_from("abcdefg"), max_size=4), wait=st.integers(0, 2))
    def commit(self, words: frozenset[str], wait: int) -> None:
        self.clock += wait
        name = f"batch-{len(self.batches)}"
        receipt = self.ledger.commit(staged(name, sorted(words)), self.clock)
        assert receipt.batch.accepted + receipt.batch.duplicate == len(words)
        self.batches[name] = (self.clock, words)

    @rule(data=st.data(), wait=st.integers(0, 2), early=st.booleans())
    def retract(self, data: st.DataObject, wait: int, early: bool) -> None:
        if self.batches:
            name = data.draw(st.sampled_from(sorted(self.batches)))
            self.clock += 0 if early else wait
            # `early` retractions are dated ahead: later batches may be recorded before them.
            at = self.clock + (5 if early else 0)
            self.ledger.retract(name, "law", at)
            self.retracted.setdefault(name, at)

    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        if self.batches:
            name = data.draw(st.sampled_from(sorted(self.batches)))
            assert not self.ledger.commit(staged(name, self.batches[name][1]), self.clock).new

    @rule()
    def seal(self) -> None:
        self.ledger.seal()

    @rule()
    def reopen(self) -> None:
        self.ledger = self.opener(self.path)

    @invariant()
    def shows_what_was_known(self) -> None:
        for at in {0, self.clock // 2, self.clock, self.clock + 9}:
            known = {
                word
                for name, (recorded, words) in self.batches.items()
                if recorded <= at < self.retracted.get(name, at + 1)
                for word in words
            }
            assert live(self.ledger.snapshot(at)) == each(*known)


def test_law(opener: Open, tmp_path_factory: pytest.TempPathFactory) -> None:
    def folders() -> Iterator[Path]:
        while True:
            yield tmp_path_factory.mktemp("law") / "book"

    machine = type("Law", (LedgerLaw,), {"opener": staticmethod(opener), "folders": folders()})
    case = machine.TestCase
    case.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
    case().runTest()
