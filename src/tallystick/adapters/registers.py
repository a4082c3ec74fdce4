"""Files of registers, opened and recognised by what they hold: plain, `.gz`, or `.zip` with one member.

Idea: a golden copy of GLEIF is one zipped file of gigabytes. It is read as a stream, straight out of its
archive, so no more than a record of it is ever held.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from tallystick.evidence.formats.registers import looks_like_register

ENDINGS: Final = (".xml", ".json", ".jsonl", ".ndjson")
_HEAD: Final = 65_536
_BREAKS: Final = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError)


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked. Raises `BadZipFile` for an archive without exactly one member."""
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


def is_register(file: Path) -> bool:
    """Whether a file holds records of a register; a file that cannot be opened is none."""
    name = file.name.lower()
    if not name.endswith(".zip") and not name.removesuffix(".gz").endswith(ENDINGS):
        return False
    try:
        with opened(file) as stream:
            return looks_like_register(stream.read(_HEAD))
    except _BREAKS:
        return False
