"""Archives from strangers, unpacked without harm: zip, tar and compressed tar; workbooks, as their sheets.

Idea: an archive is unpacked into a folder of our own and then walked like any other folder. What it may cost
is bounded beforehand and counted while it is unpacked, since what its headers say can be a lie: how many
members, how many bytes in all, how many bytes for each byte of the archive; what lies in archives within it
counts as its own. A member goes nowhere but under
the folder; links, devices and names that lead out are passed over and told.

Worked example: an archive of 10 MB that unpacks to 9 GB is broken off after 4 GB, and nothing of it is
taken; a member `../../etc/passwd` is passed over with the reason, and the others are taken.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Final

from tallystick.adapters.workbook import is_workbook, sheets_of
from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say

TAPES: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
ENDINGS: Final = (".zip", *TAPES)
MAX_MEMBERS: Final = 200_000
MAX_BYTES: Final = 4 * 1024**3
MAX_RATIO: Final = 200
"""Bytes out of each byte of the archive, once more than `FREE` came out. XML packs 30 to 1, a bomb 1000."""
FREE: Final = 64 * 1024**2
MAX_DEPTH: Final = 3
"""Archives within archives."""
_CHUNK: Final = 1 << 20
_MAX_NAME: Final = 200
BREAKS: Final = (
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
)


@dataclass(slots=True)
class Unpacked:
    """`files`: (path, what it is called within the archive); `passed_over`: (name, reason)."""

    files: list[tuple[Path, str]] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    open: Callable[[], IO[bytes] | None]
    why_not: str | None = None


def is_archive(file: Path) -> bool:
    """Whether a file is named and begins as an archive, or as a workbook, which is one of its sheets."""
    if is_workbook(file):
        return True
    if not file.name.lower().endswith(ENDINGS):
        return False
    try:
        return zipfile.is_zipfile(file) or tarfile.is_tarfile(file)
    except OSError:
        return False


@dataclass(slots=True)
class Budget:
    """What may still come out of an archive that was given, and of all that lie within it."""

    bytes: int
    members: int = MAX_MEMBERS


def budget_of(archive: Path) -> Budget:
    """What may come out of an archive that was given."""
    return Budget(max(FREE, min(MAX_BYTES, archive.stat().st_size * MAX_RATIO)))


def unpack(archive: Path, folder: Path, budget: Budget) -> Unpacked:
    """Unpack under `folder`, which must be there, within a budget that goes down by as much. Raises
    `EvidenceError` for an archive that breaks it or cannot be read to its end; what was unpacked is then to be
    thrown away with the folder."""
    if is_workbook(archive):
        return _sheets(archive, folder, budget)
    found = Unpacked()
    try:
        for member in _members(archive):
            budget.members -= 1
            if budget.members < 0:
                raise EvidenceError(say("archive-many", name=archive, most=MAX_MEMBERS))
            where = _place(member.name)
            if member.why_not or where is None:
                why = member.why_not or say("member-out")
                found.passed_over.append((member.name[:_MAX_NAME], why))
                continue
            path = _free(folder / where)
            _write(member, path, budget, archive)
            found.files.append((path, where.as_posix()))
    except BREAKS as error:
        raise EvidenceError(say("archive-broken", name=archive, why=error)) from None
    return found


def _sheets(workbook: Path, folder: Path, budget: Budget) -> Unpacked:
    """The sheets of a workbook as tables; those that nobody sees are passed over."""
    found = Unpacked()
    for sheet in sheets_of(workbook, folder, budget.bytes):
        if sheet.hidden:
            found.passed_over.append((sheet.path.name, say("sheet-hidden")))
            continue
        budget.bytes -= sheet.path.stat().st_size
        budget.members -= 1
        found.files.append((sheet.path, sheet.path.name))
    return found


def _members(archive: Path) -> Iterator[_Member]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            yield from (_zipped(packed, one) for one in packed.infolist() if not one.is_dir())
        return
    with tarfile.open(archive) as tar:
        for item in tar:
            if not item.isdir():
                yield _tarred(tar, item)


def _zipped(packed: zipfile.ZipFile, one: zipfile.ZipInfo) -> _Member:
    if one.flag_bits & 1:
        return _Member(one.filename, lambda: None, say("member-encrypted"))
    if (one.external_attr >> 28) == 0xA:
        return _Member(one.filename, lambda: None, say("member-link"))
    return _Member(one.filename, lambda: packed.open(one))


def _tarred(tar: tarfile.TarFile, item: tarfile.TarInfo) -> _Member:
    if not item.isfile():
        linked = item.issym() or item.islnk()
        why = say("member-link" if linked else "member-no-file")
        return _Member(item.name, lambda: None, why)
    return _Member(item.name, lambda: tar.extractfile(item))


def _place(name: str) -> PurePosixPath | None:
    """Where a member goes below the folder; None for a name that is none or leads elsewhere."""
    path = PurePosixPath(name.replace("\\", "/"))
    parts = [part for part in path.parts if part != "."]
    bad = (
        not parts
        or path.is_absolute()
        or len(name) > 1000
        or any(
            part == ".." or ":" in part or "\0" in part or len(part.encode()) > _MAX_NAME
            for part in parts
        )
    )
    return None if bad else PurePosixPath(*parts)


def _free(path: Path) -> Path:
    """The path, or where a member of that name stands already, one beside it."""
    n, free = 1, path
    while free.exists():
        n += 1
        free = path.with_name(f"{path.stem}~{n}{path.suffix}")
    return free


def _write(member: _Member, path: Path, budget: Budget, archive: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    source = member.open()
    if source is None:
        return
    with source, path.open("xb") as target:
        while chunk := source.read(_CHUNK):
            budget.bytes -= len(chunk)
            if budget.bytes < 0:
                gb = MAX_BYTES >> 30
                raise EvidenceError(say("archive-large", name=archive, gb=gb, ratio=MAX_RATIO))
            target.write(chunk)
