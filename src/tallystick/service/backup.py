"""A backup of everything that cannot be made anew, in one archive, taken while the service runs.

In this order: the store, then the manifest of the ledger, then the segments that it names. So whatever the
store says was taken in is in the ledger, and what came meanwhile is at most an upload that will be taken in
again, which changes nothing. Ratings and cuts are left out; the first rating after a restore makes the same
ones."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from tallystick.adapters.ledger.durable import sync_folder
from tallystick.adapters.ledger.folder import MANIFEST, MARKER, SEGMENTS
from tallystick.adapters.policies import POLICIES
from tallystick.adapters.store import StoreError, open_store
from tallystick.adapters.store.dump import MARK, dump, load
from tallystick.service.live import Service
from tallystick.service.uploads import UPLOADS
from tallystick.settings import Settings

KEYS: Final = "keys"
STORE: Final = "store"
_COPIED: Final = (SEGMENTS, POLICIES, KEYS, UPLOADS)


def backup(service: Service, path: Path) -> dict[str, int]:
    """Write a backup to a new file `path` (`.tar` or `.tar.gz`); the rows of each table of the store. Raises
    `StoreError` where the file is there already."""
    if path.exists():
        raise StoreError(f"{path} is there already: name another file")
    partial = path.with_name(f".{path.name}.partial")
    with tempfile.TemporaryDirectory(dir=path.parent) as made:
        folder = Path(made)
        (folder / STORE).mkdir()
        counts = dump(service.store, folder / STORE)
        _copy_manifest(service.book.path / MANIFEST, folder / MANIFEST)
        with tarfile.open(partial, "w:gz" if path.suffix == ".gz" else "w") as archive:
            archive.add(folder / STORE, STORE)
            archive.add(folder / MANIFEST, MANIFEST)
            for name in _COPIED:
                if (service.book.path / name).exists():
                    archive.add(service.book.path / name, name)
            archive.add(service.book.path / MARKER, MARKER)
    partial.rename(path)
    sync_folder(path.parent)
    return counts


def restore(path: Path, settings: Settings) -> dict[str, int]:
    """Make the book and the store of the settings out of a backup; the rows of each table. Raises `StoreError`
    where the book is there already, the store is not empty, or the archive is no backup."""
    book = settings.book
    if book.exists() and any(book.iterdir()):
        raise StoreError(f"{book} is there already: restore into a new folder")
    book.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{book.name}.", dir=book.parent))
    try:
        _unpack(path, made)
        tables = made / STORE
        with closing(open_store(replace(settings, book=made).store_url())) as store:
            counts = load(store, tables)
        shutil.rmtree(tables)
        if book.exists():
            book.rmdir()
        made.rename(book)
        sync_folder(book.parent)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return counts


def _unpack(path: Path, folder: Path) -> None:
    try:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise StoreError(f"{path} is no backup: {error}") from None
    for name in (MARKER, MANIFEST, f"{STORE}/{MARK}"):
        if not (folder / name).exists():
            raise StoreError(f"{path} is no backup: it has no {name}")
    json.loads((folder / MARKER).read_text(encoding="utf-8"))
    for name in (SEGMENTS, "staging"):
        (folder / name).mkdir(exist_ok=True)


def _copy_manifest(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
