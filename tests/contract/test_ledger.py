"""What every ledger must do. Each test runs on each adapter in `ADAPTERS`; see `ledger_language`."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ledger_language import (
    ADAPTERS,
    BANK,
    Open,
    commit_some,
    documents,
    each,
    live,
    parties,
    rejects,
    rows,
    stage_files,
    staged,
    words_of,
)

from tallystick.evidence.ledger import EvidenceError, Ledger, Staged
from tallystick.evidence.schema import STORED, STORED_PARTY


@pytest.fixture(params=sorted(ADAPTERS))
def opener(request: pytest.FixtureRequest) -> Open:
    return ADAPTERS[request.param]


@pytest.fixture
def ledger(opener: Open, tmp_path: Path) -> Ledger:
    return opener(tmp_path / "book")


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


def test_what_others_commit_and_seal_is_known_at_the_next_commit(
    opener: Open, tmp_path: Path
) -> None:
    mine, theirs = opener(tmp_path / "book"), opener(tmp_path / "book")
    mine.commit(staged("batch-0", ["a"]))
    assert theirs.commit(staged("batch-1", ["a", "b"])).batch.duplicate == 1
    assert mine.commit(staged("batch-2", ["b", "c"])).batch.duplicate == 1
    theirs.seal()
    assert mine.commit(staged("batch-3", ["a", "c", "d"])).batch.duplicate == 2
    assert theirs.commit(staged("batch-4", ["d", "e"])).batch.duplicate == 1
    theirs.retract("batch-4", "wrong")
    assert mine.commit(staged("batch-5", ["d", "e"])).batch.duplicate == 1


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
    assert again.remark is not None and "wrong file" in again.remark
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


# ---- several processes


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
def test_two_processes_commit_at_once(adapter: str, tmp_path: Path) -> None:
    path, count = tmp_path / "book", 50
    ADAPTERS[adapter](path)
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=commit_some, args=(adapter, path, stem, count)) for stem in "xy"
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


def test_threads_may_share_a_ledger(ledger: Ledger) -> None:
    def commit(stem: str) -> None:
        for n in range(20):
            ledger.commit(staged(f"{stem}-{n}", [f"both{n}", f"{stem}{n}"]))

    threads = [Thread(target=commit, args=(stem,)) for stem in "xyz"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert live(ledger.snapshot()) == each(
        *(f"{s}{n}" for s in ("both", *"xyz") for n in range(20))
    )
