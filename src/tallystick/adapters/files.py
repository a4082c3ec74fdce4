"""From paths to files, by how each is taken in: what a path means, and which reader reads what.

What lies under a path is walked in the order of names; hidden files, symbolic links and what a folder's
`.tallystickignore` names are passed over and reported. A file is told by its content; only tables, which look
like any text, are told by their endings. Archives are unpacked (`adapters.archives`) and walked like folders;
an archive with a single member (a golden copy of a register, say) is read as it lies, without unpacking it.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, Final, cast

from tallystick.adapters.archives import (
    BREAKS,
    MAX_DEPTH,
    TAPES,
    Budget,
    budget_of,
    is_archive,
    unpack,
)
from tallystick.evidence.formats.readers import HEAD, READERS, Reader, reader_of, unknown
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import all_of, say

TABLE_ENDINGS: Final = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet")
IGNORE_MARK: Final = ".tallystickignore"
MAX_DOCUMENT: Final = 64 * 1024 * 1024
"""Bytes of a document that is read whole."""
PLUG_IN: Final = "tallystick.readers"
"""Entry point group under which other packages name their `Reader`."""


def all_readers() -> list[Reader]:
    """Those of this package and of others that are installed. Raises `EvidenceError` for one that is none."""
    found = list(READERS)
    for point in sorted(entry_points(group=PLUG_IN), key=lambda point: point.name):
        reader = point.load()
        if not isinstance(reader, Reader):
            raise EvidenceError(
                f"the plug-in {point.name!r} ({point.value}) is no tallystick Reader: repair or uninstall it"
            )
        found.append(reader)
    return found


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked from `.gz`, or from a `.zip` with one member (else `BadZipFile`)."""
    name = file.name.lower()
    if name.endswith(".zip"):
        with zipfile.ZipFile(file) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) != 1:
                raise zipfile.BadZipFile(f"{len(members)} members where one is expected")
            with archive.open(members[0]) as stream:
                yield stream
        return
    with gzip.open(file) if name.endswith(".gz") else file.open("rb") as plain:
        yield cast(IO[bytes], plain)


def is_packed(file: Path) -> bool:
    """Whether a file may hold much more than its size says."""
    return file.name.lower().endswith((".gz", ".zip"))


def head_of(file: Path) -> bytes | None:
    """The beginning of what a file holds; None where it cannot be read as one file."""
    if file.name.lower().endswith(TAPES):
        return None
    try:
        with opened(file) as stream:
            return stream.read(HEAD)
    except BREAKS:
        return None


@dataclass(slots=True)
class Found:
    """Files under a path, by how they are taken in, and what was passed over with the reason.

    `tables`: each a batch; `documents`: read whole, together a batch per contributor; `streams`: read as
    streams, each one batch or several. `readers`: who reads each of the latter two. `named`: what each file is
    called as a source: its path within the folder or archive that was given, or its name. `homes`: the
    archive that a file was unpacked from, and the folder that it was unpacked to. `given`: tables that were
    named one by one, so that whoever named them wants to hear at once that one cannot be read.
    """

    tables: list[Path] = field(default_factory=list)
    documents: list[Path] = field(default_factory=list)
    streams: list[Path] = field(default_factory=list)
    readers: dict[Path, Reader] = field(default_factory=dict)
    passed_over: list[tuple[Path, str]] = field(default_factory=list)
    named: dict[Path, str] = field(default_factory=dict)
    homes: dict[Path, tuple[Path, Path]] = field(default_factory=dict)
    given: set[Path] = field(default_factory=set)

    def name_of(self, file: Path) -> str:
        """What a file is called as a source."""
        return self.named.get(file, file.name)

    def pass_over(self, file: Path, why: str) -> None:
        """Note that a file is not taken. One of an archive is told by its path in that."""
        self.passed_over.append((Path(self.named[file]) if file in self.homes else file, why))


def find_files(paths: Sequence[Path], unpack_to: Path | None = None) -> Found:
    """Sort the files that the paths mean by how they are taken in. Archives are unpacked below `unpack_to`;
    without it they are not looked into.

    Raises `EvidenceError` for a path that does not exist or a named file that nothing reads.
    """
    search = _Search(Found(), all_readers(), unpack_to)
    for path in paths:
        if not path.exists():
            raise EvidenceError(f"{path} does not exist")
        if path.is_dir():
            for file in _walk(path, search.found):
                search.found.named[file] = file.relative_to(path).as_posix()
                search.sort(file)
        else:
            before = len(search.found.passed_over)
            if not search.sort(path, given=True):
                why = all_of(
                    [why for _, why in search.found.passed_over[before:]] or [say("not-read")]
                )
                titles = "; ".join(reader.title for reader in search.readers)
                raise EvidenceError(say("not-read-here", name=path, why=why, titles=titles))
            search.found.given.add(path)
    return search.found


@dataclass(slots=True)
class _Search:
    """One walk through what was given. `unpack_to`: where archives are unpacked, None to leave them."""

    found: Found
    readers: Sequence[Reader]
    unpack_to: Path | None

    def sort(
        self, file: Path, given: bool = False, depth: int = 0, budget: Budget | None = None
    ) -> bool:
        """Put a file to those of its reader; False where nothing reads it. `depth`, `budget`: of the archive
        that it lies in."""
        name = file.name.lower()
        if name.endswith(".toml"):
            return False
        head = head_of(file)
        reader = None if head is None else reader_of(head, self.readers)
        if reader is not None:
            self._to_reader(file, reader)
        elif is_archive(file):
            return self._unpack(file, given, depth, budget or budget_of(file))
        elif name.removesuffix(".gz").endswith(TABLE_ENDINGS):
            self.found.tables.append(file)
        else:
            why = say("cannot-be-read") if head is None else unknown(head)
            self.found.pass_over(file, why)
            return False
        return True

    def _to_reader(self, file: Path, reader: Reader) -> None:
        self.found.readers[file] = reader
        large = file.stat().st_size > MAX_DOCUMENT
        streams = reader.streams and (large or reader.hands_in != "firm" or is_packed(file))
        (self.found.streams if streams else self.found.documents).append(file)

    def _unpack(self, archive: Path, given: bool, depth: int, budget: Budget) -> bool:
        """Sort what an archive holds. One that breaks a bound raises where it was named, and is passed over
        where it was found in a folder."""
        if self.unpack_to is None:
            return True
        if depth >= MAX_DEPTH:
            self.found.pass_over(archive, say("archive-deep", most=MAX_DEPTH))
            return False
        self.unpack_to.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="unpacked-", dir=self.unpack_to))
        try:
            inside = unpack(archive, folder, budget)
        except EvidenceError as error:
            shutil.rmtree(folder)
            if given:
                raise
            self.found.pass_over(archive, error.args[0])
            return False
        within = self.found.name_of(archive)
        self.found.passed_over += [(Path(within) / name, why) for name, why in inside.passed_over]
        for file, name in sorted(inside.files, key=lambda item: item[1]):
            self.found.named[file] = f"{within}/{name}"
            self.found.homes[file] = (archive, folder)
            if not Path(name).name.startswith("."):
                self.sort(file, depth=depth + 1, budget=budget)
        return True


def _walk(folder: Path, found: Found) -> Iterator[Path]:
    ignored = _ignored(folder)
    for entry in sorted(folder.iterdir(), key=lambda p: p.name):
        if entry.name.startswith("."):
            continue
        if entry.name in ignored:
            found.passed_over.append((entry, f"named in {IGNORE_MARK}"))
            continue
        if entry.is_symlink():
            found.passed_over.append((entry, "symbolic links are not followed"))
        elif entry.is_dir():
            yield from _walk(entry, found)
        elif entry.is_file():
            yield entry


def _ignored(folder: Path) -> set[str]:
    """Names that the folder's `.tallystickignore` lists, one a line; `#` begins a comment."""
    mark = folder / IGNORE_MARK
    if not mark.is_file():
        return set()
    lines = mark.read_text(encoding="utf-8", errors="replace").splitlines()
    return {line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#")}
