"""Files that survive a crash: written aside, synced, then named; and errors of the disk in one sentence.

Worked example: `write_whole(folder / "a.json", fill)` calls `fill(file)` on a nameless neighbour, syncs
it, renames it to `a.json` and syncs the folder. Whoever opens `a.json` sees all of it or no such file.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

import pyarrow as pa

from tallystick.evidence.ledger import EvidenceError

PARTIAL: Final = ".partial"
"""Ending of files that are still being written; one that is found later is left over from a crash."""

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS: Final = ("is full", "disk I/O error", "No space left", "File too large")


def write_whole(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Make `path` with what `fill` writes, durably and all at once; on an error there is no file."""
    partial = write_partial(path.parent, fill)
    name_partial(partial, path)


def write_partial(folder: Path, fill: Callable[[BinaryIO], object]) -> Path:
    """A synced file in `folder` that has no name of its own yet."""
    partial = folder / f"{uuid4().hex}{PARTIAL}"
    try:
        with partial.open("xb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
    return partial


def name_partial(partial: Path, path: Path) -> None:
    """Give a synced file its name, durably."""
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def exclusive(path: Path, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file `path` against other threads and processes; False where it is taken and
    `wait` is off. The kernel lets go of it when a process dies."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


@contextmanager
def surfacing(book: Path) -> Iterator[None]:
    """Turn errors of disk, database and Parquet into an `EvidenceError` of one sentence."""
    try:
        yield
    except (OSError, sqlite3.Error, pa.ArrowException) as error:
        raise EvidenceError(_sentence(book, error)) from error


def _sentence(book: Path, error: Exception) -> str:
    reason = str(error).split("\n")[0].split(" Detail:")[0]
    # SQLite says "disk I/O error" where a write was refused for lack of room as well.
    if getattr(error, "errno", None) in _FULL or any(word in reason for word in _FULL_WORDS):
        return (
            f"The disk of the book {book} is full or failing ({reason}); nothing was changed: "
            "make room and try again."
        )
    if isinstance(error, sqlite3.OperationalError) and "locked" in reason:
        return f"The book {book} is busy with another writer; nothing was changed: try again."
    return (
        f"The book {book} could not be read or written ({reason}); nothing was changed: "
        "check the folder and its permissions, then try again."
    )
