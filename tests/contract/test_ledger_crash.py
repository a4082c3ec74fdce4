"""A ledger in a folder survives a kill at each step, a full disk, and other writers getting in between.

How to read them: an *act* changes a book. `steps` runs it in a process of its own that counts each call
which reaches the disk (sync, rename, SQL, file opened or removed); then it is run again and again on a copy
of the book, killed by SIGKILL before the first such call, the second, and so on. The real code
runs, nothing in it knows of the test.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import md5
from pathlib import Path
from types import FrameType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tallystick.adapters.ledger import FileLedger
from tallystick.evidence.ledger import Contributor, EvidenceError, Staged
from tallystick.evidence.schema import DOCUMENT, PARTY, REJECT

# Forking from a server that has imported but not run Arrow starts a process in milliseconds.
FORKED = multiprocessing.get_context("forkserver")
# (Arrow imports pandas at its first sight of a numpy array, where there is one.)
FORKED.set_forkserver_preload(["tallystick.adapters.ledger", "pyarrow.compute", "pandas"])

DISK = {"fsync", "replace", "rename", "unlink", "execute", "executemany", "open", "flock", "mkdir"}

OLD, SMALL, LARGE = 3_000, 200, 20_500


def documents(stem: str, count: int) -> pa.Table:
    numbers = pa.array([f"{stem}{n}" for n in range(count)])
    ids = pa.array(
        [md5(f"{stem}{n}".encode(), usedforsecurity=False).hexdigest() for n in range(count)]
    )
    fixed = {"kind": "invoice", "action": "state"}
    columns = {"doc_id": ids, "number": numbers}
    for name, value in fixed.items():
        columns[name] = pa.array([value] * count)
    empty = pa.nulls(count)
    return pa.table([columns.get(f.name, empty).cast(f.type) for f in DOCUMENT], schema=DOCUMENT)


def batch(stem: str, count: int) -> Staged:
    person = {"party": 1, "ref": "name:x|DE", "ids": [], "bad_ids": []}
    parties = pa.Table.from_pylist([person], schema=PARTY)
    table = documents(stem, count)
    by = Contributor("Harbour Bank", "bank")
    return Staged(f"batch-{stem}", by, "x", table, parties, REJECT.empty_table(), count, 0, 0, 0)


def state(path: Path) -> tuple[list[str], Counter[str], int]:
    """What a reader of the book sees: its batches, the documents that count, and party rows."""
    ledger = FileLedger(path)
    snapshot = ledger.snapshot()
    tables = [pq.read_table(file, columns=["number", "duplicate"]) for file in snapshot.documents]
    tables.append(snapshot.inbox_documents.select(["number", "duplicate"]))
    rows = pa.concat_tables(tables)
    numbers = rows.filter(pc.invert(rows["duplicate"]))["number"].to_pylist()
    described = snapshot.inbox_parties.num_rows + sum(
        pq.read_metadata(file).num_rows for file in snapshot.parties
    )
    ids = [b.batch_id for b in ledger.batches() if b.retracted_at_us is None]
    ledger.close()
    return ids, Counter(numbers), described


# ---- acts


def commit_small(path: Path) -> None:
    FileLedger(path).commit(batch("small", SMALL))


def commit_large(path: Path) -> None:
    FileLedger(path).commit(batch("large", LARGE))


def seal(path: Path) -> None:
    FileLedger(path).seal()


def retract(path: Path) -> None:
    FileLedger(path).retract("batch-old1", "wrong file")


def create(path: Path) -> None:
    FileLedger(path / "new", create=True)


Act = Callable[[Path], None]
ACTS: list[Act] = [commit_small, commit_large, seal, retract]


# ---- killing


def _act_until(act: Act, path: Path, step: int, counted: Any) -> None:
    """Run an act, counting calls that reach the disk; die by SIGKILL before call number `step`."""

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and argument.__name__ in DISK:
            counted.value += 1
            if counted.value == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(profile)
    act(path)
    sys.setprofile(None)


def run(act: Act, path: Path, step: int = 0) -> tuple[int, int]:
    """Exit code, and number of steps taken."""
    counted = FORKED.Value("i", 0)
    process = FORKED.Process(target=_act_until, args=(act, path, step, counted))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode, counted.value


def old_book(path: Path) -> Path:
    """A book with a sealed segment and an inbox."""
    ledger = FileLedger(path, create=True)
    ledger.commit(batch("old1", OLD))
    ledger.seal()
    ledger.commit(batch("old2", OLD))
    ledger.close()
    return path


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


def _commit_for_ever(path: Path, acknowledged: Any) -> None:
    ledger = FileLedger(path)
    for n in range(acknowledged.value, 1_000_000):
        ledger.commit(batch(f"{n}-", 5))
        acknowledged.value = n + 1
        if n % 7 == 0:
            ledger.seal()


def test_what_was_acknowledged_survives_kills_at_random_moments(tmp_path: Path) -> None:
    path = tmp_path / "book"
    FileLedger(path, create=True).close()
    acknowledged = FORKED.Value("i", 0)
    wait = random.Random(1)
    for _ in range(10):
        process = FORKED.Process(target=_commit_for_ever, args=(path, acknowledged))
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


def _on_a_full_disk(act: Act, path: Path, bytes_max: int, told: Any) -> None:
    """Run an act where no file may grow beyond some bytes; put the error's sentence in `told`."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, resource.RLIM_INFINITY))
    try:
        act(path)
    except EvidenceError as error:
        told.put(str(error))
    else:
        told.put("")


def _commits_until_full(path: Path) -> None:
    for n in range(100):
        FileLedger(path).commit(batch(f"more{n}-", SMALL))


@pytest.mark.parametrize("act", [_commits_until_full, commit_large, seal])
def test_a_full_disk_is_told_and_nothing_is_half_taken(act: Act, tmp_path: Path) -> None:
    path = old_book(tmp_path / "book")
    before = state(path)
    told = FORKED.SimpleQueue()
    size = (path / "manifest.sqlite").stat().st_size
    limit = {_commits_until_full: size + 40_000, commit_large: 100_000, seal: 10_000}[act]
    process = FORKED.Process(target=_on_a_full_disk, args=(act, path, limit, told))
    process.start()
    sentence = told.get()
    process.join()
    assert "disk" in sentence and "nothing was changed: make room and try again" in sentence
    assert not list(path.rglob("*.partial"))
    ids, numbers, _ = state(path)
    assert ids[:2] == before[0] and set(numbers.values()) == {1}
    assert len(numbers) == 2 * OLD + SMALL * (len(ids) - 2), "batches are whole"
    if act is not _commits_until_full:
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


RACES = {
    "nobody": ([nothing], 3),
    "one commits": (["other"], 4),
    "the same document comes first": (["large"], 4),
    "one commits twice": (["other", "another"], 5),
    "the same document comes late": (["other", "large"], 5),
    "one is retracted late": (["other", "retract"], 4),
}


@pytest.mark.parametrize("name", RACES)
def test_others_may_commit_while_a_large_batch_is_written(name: str, tmp_path: Path) -> None:
    meddling, count = RACES[name]
    path = old_book(tmp_path / "book")
    other = FileLedger(path)

    def act(what: object) -> Callable[[], object]:
        if what == "retract":
            return lambda: other.retract("batch-old1", "wrong file")
        # A batch of one document: `large0` is the first document of the large batch.
        return lambda: other.commit(batch(str(what), 1)) if what != nothing else None

    table = batch("large", LARGE)
    files = Meddled([other.staging_dir() / "d.parquet"])
    files.acts = [nothing, *map(act, meddling)]
    pq.write_table(table.documents, files[0])
    receipt = FileLedger(path).commit(replace(table, batch_id="meddled", documents=files))
    repeated = int("large" in meddling)
    assert (receipt.batch.accepted, receipt.batch.duplicate) == (LARGE - repeated, repeated)
    batches = other.batches()
    assert batches[-1].batch_id == "meddled"
    assert len(batches) == count
    times = [b.recorded_at_us for b in batches]
    assert times == sorted(set(times))
    assert set(state(path)[1].values()) == {1}
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
