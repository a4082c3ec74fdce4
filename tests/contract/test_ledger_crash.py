"""A ledger in a folder survives a kill at each step, a full disk, and others getting in between.

See `ledger_killing` for how an act is killed at its first, second ... call that reaches the disk.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from ledger_killing import (
    ACTS,
    FORKED,
    LARGE,
    OLD,
    SMALL,
    Act,
    batch,
    commit_for_ever,
    commit_large,
    commits_until_full,
    create,
    old_book,
    on_a_full_disk,
    run,
    seal,
    state,
)

from tallystick.adapters.ledger import FileLedger
from tallystick.evidence.ledger import EvidenceError


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_kill_at_any_step_leaves_the_book_before_or_after(act: Act, tmp_path: Path) -> None:
    old = old_book(tmp_path / "old")
    before = state(old)
    done = shutil.copytree(old, tmp_path / "done")
    code, steps = run(act, done)
    after = state(done)
    assert code == 0 and steps > 5
    seen: list[bool] = []
    for step in range(1, steps + 1):
        book = shutil.copytree(old, tmp_path / f"killed-{step}")
        assert run(act, book, step)[0] == -signal.SIGKILL
        found = state(book)
        assert found in (before, after)
        seen.append(found == after)
        act(book)
        assert state(book) == after, "the act can be done again"
        FileLedger(book).tidy()
        assert state(book) == after
        assert not list(book.rglob("*.partial")), "nothing is left over"
        shutil.rmtree(book)
    if after != before:
        assert seen == sorted(seen), "once it is in the book, it stays"
        assert not seen[0]


def test_a_kill_while_a_book_is_made_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    code, steps = run(create, tmp_path / "done")
    assert code == 0
    for step in range(1, steps + 1):
        place = tmp_path / f"killed-{step}"
        assert run(create, place, step)[0] == -signal.SIGKILL
        if (place / "new" / "tallystick.json").exists():
            FileLedger(place / "new").commit(batch("small", 1))
        create(place)
        FileLedger(place / "new").commit(batch("small", 1))


def test_what_was_acknowledged_survives_kills_at_random_moments(tmp_path: Path) -> None:
    path = tmp_path / "book"
    FileLedger(path, create=True).close()
    acknowledged = FORKED.Value("i", 0)
    wait = random.Random(1)
    for _ in range(10):
        process = FORKED.Process(target=commit_for_ever, args=(path, acknowledged))
        process.start()
        before = acknowledged.value
        while acknowledged.value == before and process.is_alive():
            time.sleep(0.001)
        time.sleep(wait.uniform(0, 0.1))
        process.kill()
        process.join()
        ids, numbers, _ = state(path)
        assert acknowledged.value <= len(ids) <= acknowledged.value + 1
        assert ids == [f"batch-{n}-" for n in range(len(ids))]
        assert set(numbers.values()) <= {1} and len(numbers) == 5 * len(ids)
    assert acknowledged.value >= 10


# ---- a full disk


@pytest.mark.parametrize("act", [commits_until_full, commit_large, seal])
def test_a_full_disk_is_told_and_nothing_is_half_taken(act: Act, tmp_path: Path) -> None:
    path = old_book(tmp_path / "book")
    before = state(path)
    told = FORKED.SimpleQueue()
    size = (path / "manifest.sqlite").stat().st_size
    limit = {commits_until_full: size + 40_000, commit_large: 100_000, seal: 10_000}[act]
    process = FORKED.Process(target=on_a_full_disk, args=(act, path, limit, told))
    process.start()
    sentence = told.get()
    process.join()
    assert "disk" in sentence and "nothing was changed: make room and try again" in sentence
    assert not list(path.rglob("*.partial"))
    ids, numbers, _ = state(path)
    assert ids[:2] == before[0] and set(numbers.values()) == {1}
    assert len(numbers) == 2 * OLD + SMALL * (len(ids) - 2), "batches are whole"
    if act is not commits_until_full:
        assert state(path) == before
    act(path)
    FileLedger(path).commit(batch("after", 1))


# ---- others getting in between


class Meddled(list[Path]):
    """Staged files; each time that they have been read through, the next act is done by another.

    The ledger reads them once to count the rows, then once for each time that it writes its segments.
    """

    acts: list[Callable[[], object]]

    def __iter__(self) -> Iterator[Path]:
        yield from super().__iter__()
        if self.acts:
            self.acts.pop(0)()


def nothing() -> None:
    """Nobody gets in between."""


# What stands before, what others do each time that the files have been written, duplicates expected.
RACES = {
    "nobody": ([], [], 0),
    "one commits": ([], ["other"], 0),
    "the same document comes first": ([], ["large"], 1),
    "one commits twice": ([], ["other", "another"], 0),
    "the same document comes late": ([], ["other", "large"], 1),
    "what it repeats stays": (["large"], ["other"], 1),
    "what it repeats is retracted": (["large"], ["retract"], 0),
    "what it repeats is retracted late": (["large"], ["other", "retract"], 0),
}


@pytest.mark.parametrize("name", RACES)
def test_others_may_commit_while_a_large_batch_is_written(name: str, tmp_path: Path) -> None:
    before, meddling, repeated = RACES[name]
    path = old_book(tmp_path / "book")
    other = FileLedger(path)

    def act(what: str) -> Callable[[], object]:
        if what == "retract":
            return lambda: other.retract("batch-large", "wrong file")
        # A batch of one document: that of "large" is the first one of the large batch.
        return lambda: other.commit(batch(what, 1))

    for what in before:
        act(what)()
    whole = batch("large", LARGE)
    files = Meddled([other.staging_dir() / "d.parquet"])
    files.acts = [nothing, *map(act, meddling)]
    pq.write_table(whole.documents, files[0])
    receipt = FileLedger(path).commit(replace(whole, batch_id="meddled", documents=files))
    assert (receipt.batch.accepted, receipt.batch.duplicate) == (LARGE - repeated, repeated)
    batches = other.batches()
    commits = [what for what in before + meddling if what != "retract"]
    names = ["old1", "old2", *commits]
    assert [b.batch_id for b in batches] == [*(f"batch-{name}" for name in names), "meddled"]
    times = [b.recorded_at_us for b in batches]
    assert times == sorted(set(times))
    assert len(state(path)[1]) == 2 * OLD + len({*commits} - {"large"}) + LARGE
    assert other.tidy() == 0, "files written on a wrong assumption are gone"


def test_the_same_large_batch_from_two_at_once_is_taken_once(tmp_path: Path) -> None:
    path = old_book(tmp_path / "book")
    processes = [FORKED.Process(target=commit_large, args=(path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert state(path)[0] == ["batch-old1", "batch-old2", "batch-large"]


# ---- the folder


def test_a_folder_that_is_no_book_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(EvidenceError, match=r"is no book.*`tallystick init`"):
            FileLedger(path)


def test_a_book_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    FileLedger(tmp_path, create=True)
    marker = tmp_path / "tallystick.json"
    assert json.loads(marker.read_text())["format"] == 4
    marker.write_text('{"format": 5}')
    for making in (False, True):
        with pytest.raises(
            EvidenceError, match=r"format 5, written by a newer.*upgrade Tallystick"
        ):
            FileLedger(tmp_path, create=making)
    for old in (1, 2, 3):
        marker.write_text(f'{{"format": {old}}}')
        with pytest.raises(
            EvidenceError, match=r"before the first release.*hand its files in again"
        ):
            FileLedger(tmp_path)
    marker.write_text("{")
    with pytest.raises(EvidenceError, match="does not say which format"):
        FileLedger(tmp_path)


def test_segments_stay_few_and_what_they_replaced_goes_after_an_hour(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "book", create=True)
    for n in range(40):
        ledger.commit(batch(f"{n}-", 10))
        assert ledger.seal() == 10
    folder = tmp_path / "book" / "segments"
    snapshot = ledger.snapshot()
    assert len(snapshot.documents) < 8
    assert ledger.tidy() == 0, "somebody may be reading what was merged"
    assert len(list(folder.glob("documents-*.parquet"))) > len(snapshot.documents)
    with sqlite3.connect(tmp_path / "book" / "manifest.sqlite") as db:
        db.execute("UPDATE replaced SET at_us = at_us - 3601 * 1000000")
    assert ledger.tidy() > 0
    assert set(folder.glob("documents-*.parquet")) == set(snapshot.documents)
    assert set(state(tmp_path / "book")[1].values()) == {1}


def test_a_full_inbox_seals_itself(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path / "book", create=True)
    for n in range(3):
        ledger.commit(batch(f"{n}-", 18_000))
    assert ledger.snapshot().inbox_documents.num_rows == 0
    assert len(state(tmp_path / "book")[1]) == 54_000
