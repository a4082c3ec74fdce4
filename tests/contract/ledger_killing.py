"""Acts on a book in a folder, done in processes that are killed or have no room on their disk.

`run` does an act in a process of its own and counts each call which reaches the disk (sync, rename, SQL,
file opened or removed). Told a step, it kills the process by SIGKILL before that call. The real code runs;
nothing in it knows of the test.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ledger_language import staged, words_of

from tallystick.adapters.ledger import FileLedger
from tallystick.evidence.ledger import EvidenceError, Staged

# Forking from a server that has imported but not run Arrow starts a process in milliseconds.
FORKED = multiprocessing.get_context("forkserver")
# (Arrow imports pandas at its first sight of a numpy array, where there is one.)
FORKED.set_forkserver_preload(["tallystick.adapters.ledger", "pyarrow.compute", "pandas"])

DISK = {"fsync", "replace", "rename", "unlink", "execute", "executemany", "open", "flock", "mkdir"}

OLD, SMALL, LARGE = 3_000, 200, 20_500


def batch(stem: str, count: int) -> Staged:
    """A batch of `count` documents that no other stem has."""
    return staged(f"batch-{stem}", words_of(stem, count))


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


def commit_small(path: Path) -> None:
    """A batch for the inbox."""
    FileLedger(path).commit(batch("small", SMALL))


def commit_large(path: Path) -> None:
    """A batch for a segment."""
    FileLedger(path).commit(batch("large", LARGE))


def seal(path: Path) -> None:
    """Seal the inbox, merging the segment that is there."""
    FileLedger(path).seal()


def retract(path: Path) -> None:
    """Take out a sealed batch."""
    FileLedger(path).retract("batch-old1", "wrong file")


def create(path: Path) -> None:
    """Make a book."""
    FileLedger(path / "new", create=True)


Act = Callable[[Path], None]
ACTS: list[Act] = [commit_small, commit_large, seal, retract]


def act_until(act: Act, path: Path, step: int, counted: Any) -> None:
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
    process = FORKED.Process(target=act_until, args=(act, path, step, counted))
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


def commit_for_ever(path: Path, acknowledged: Any) -> None:
    """Hand in batches, and say after each how many are acknowledged."""
    ledger = FileLedger(path)
    for n in range(acknowledged.value, 1_000_000):
        ledger.commit(batch(f"{n}-", 5))
        acknowledged.value = n + 1
        if n % 7 == 0:
            ledger.seal()


def on_a_full_disk(act: Act, path: Path, bytes_max: int, told: Any) -> None:
    """Run an act where no file may grow beyond some bytes; put the error's sentence in `told`."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, resource.RLIM_INFINITY))
    try:
        act(path)
    except EvidenceError as error:
        told.put(str(error))
    else:
        told.put("")


def commits_until_full(path: Path) -> None:
    """Hand in batches until the disk is full."""
    for n in range(100):
        FileLedger(path).commit(batch(f"more{n}-", SMALL))
