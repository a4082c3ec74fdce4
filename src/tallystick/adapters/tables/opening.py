"""From any file to a plain one: unpacked, in UTF-8, with the digest of what was handed in.

Idea: trouble with the outside of a file (a cut gzip, a wrong encoding, an empty file) is found here, in
one streaming pass, so that the reader of rows meets plain UTF-8 or Parquet only. A plain UTF-8 file is
not copied, only digested.
"""

from __future__ import annotations

import codecs
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tallystick.evidence.ledger import EvidenceError
from tallystick.evidence.sentences import say

CHUNK: Final = 1 << 20
Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"


@dataclass(frozen=True, slots=True)
class Opened:
    """A plain file to read: `path` is the file itself or a copy under the staging folder. `digest` is
    the SHA-256 of the bytes handed in; `copied` says whether `path` may be deleted."""

    path: Path
    digest: str
    parquet: bool
    copied: bool


def open_plain(path: Path, encoding: str | None, staging: Path, progress: Progress) -> Opened:
    """Unpack and decode `path` where needed. Raises `EvidenceError` for what cannot be read at all."""
    try:
        return _open(path, encoding, staging, progress)
    except FileNotFoundError:
        raise EvidenceError(say("no-file", name=path.name)) from None
    except OSError as error:
        raise EvidenceError(
            say("unreadable", name=path.name, why=error.strerror or error)
        ) from None


def _open(path: Path, encoding: str | None, staging: Path, progress: Progress) -> Opened:
    if path.is_dir():
        raise EvidenceError(say("folder", name=path.name))
    head = _head(path)
    if not head:
        raise EvidenceError(say("empty", name=path.name))
    parquet = head.startswith(_PARQUET)
    packed = _is_packed(path)
    source_encoding = None if parquet else _encoding(path.name, head, encoding)
    sha = hashlib.sha256()
    if not packed and source_encoding is None:
        for _ in _digested(path, sha, progress):
            pass
        return Opened(path, sha.hexdigest(), parquet, copied=False)
    staging.mkdir(parents=True, exist_ok=True)
    plain = staging / f"{path.name}.plain"
    chunks: Iterator[bytes] = _digested(path, sha, progress)
    if packed:
        chunks = _unpacked(path.name, chunks)
    if source_encoding is not None:
        chunks = _decoded(path.name, chunks, source_encoding)
    with plain.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)
    if not plain.stat().st_size:
        raise EvidenceError(say("empty", name=path.name))
    return Opened(plain, sha.hexdigest(), parquet, copied=True)


def open_sample(path: Path, encoding: str | None, folder: Path) -> Opened:
    """The beginning of a table as a plain file, cut after a line; Parquet is opened as it is."""
    try:
        head = _head(path) if path.is_file() else b""
    except OSError as error:
        raise EvidenceError(
            say("unreadable", name=path.name, why=error.strerror or error)
        ) from None
    if len(head) < CHUNK // 2 or head.startswith(_PARQUET):
        return open_plain(path, encoding, folder, lambda _done, _all: None)
    source_encoding = _encoding(path.name, head, encoding)
    text = head.decode(source_encoding or "utf-8", errors="ignore")
    plain = folder / f"{path.name}.sample"
    plain.write_text(text[: text.rfind("\n") + 1] or text, encoding="utf-8", newline="")
    return Opened(plain, "", parquet=False, copied=True)


def found_encoding(path: Path) -> str | None:
    """The encoding to name in `[read]`; None where the file is UTF-8 or says itself what it is."""
    try:
        head = _head(path) if path.is_file() else b""
    except OSError:
        return None
    marked = head.startswith((_PARQUET, *(bom for bom, _ in _BOMS)))
    return None if marked or _is(head, "utf-8") else guess_encoding(head)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def _head(path: Path) -> bytes:
    """The first bytes of the content, unpacked."""
    with path.open("rb") as file:
        raw = file.read(CHUNK)
    if not raw.startswith(_GZIP):
        if path.name.lower().endswith(".gz") and not _is(raw, "utf-8"):
            raise EvidenceError(say("no-gzip", name=path.name))
        return raw
    try:
        return zlib.decompressobj(31).decompress(raw, CHUNK)
    except zlib.error:
        raise EvidenceError(say("gzip-damaged", name=path.name)) from None


def _digested(path: Path, sha: hashlib._Hash, progress: Progress) -> Iterator[bytes]:
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha.update(chunk)
            done += len(chunk)
            progress(done, total)
            yield chunk


def _unpacked(name: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Gzip of one or several members; at most `CHUNK` bytes at a time, however well it was packed."""
    member = zlib.decompressobj(31)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if member.eof:
                    member = zlib.decompressobj(31)
                yield member.decompress(rest, CHUNK)
                rest = member.unconsumed_tail or member.unused_data
        while data := member.decompress(member.unconsumed_tail, CHUNK):
            yield data
    except zlib.error:
        raise EvidenceError(say("gzip-damaged", name=name)) from None
    if not member.eof:
        raise EvidenceError(say("gzip-short", name=name))


def _decoded(name: str, chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise EvidenceError(say("encoding-wrong", name=name, encoding=encoding)) from None


def _encoding(name: str, head: bytes, given: str | None) -> str | None:
    """The encoding to decode from, None where the file is plain UTF-8 already."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if given is not None:
        try:
            found = codecs.lookup(given).name
        except LookupError:
            raise EvidenceError(say("encoding-unknown", given=given)) from None
        return None if found in {"utf-8", "ascii"} else found
    if _is(head, "utf-8"):
        return None
    if name.lower().endswith(".parquet"):
        raise EvidenceError(say("no-parquet", name=name))
    raise EvidenceError(say("not-utf8", name=name, guess=guess_encoding(head)))


def _is(head: bytes, encoding: str) -> bool:
    """Whether a sample is of an encoding; it may be cut within a character."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeError:
        return False
    return True


def guess_encoding(head: bytes) -> str:
    """What a sample that is not UTF-8 most likely is: UTF-16 by its zero bytes, GB18030 by its pairs."""
    if head[1:200:2].count(0) > len(head[1:200:2]) // 2:
        return "utf-16-le"
    high = sum(byte >= 0x80 for byte in head)
    pairs = sum(head[i] >= 0x81 and head[i + 1] >= 0x80 for i in range(min(len(head) - 1, 20_000)))
    # letters with accents stand alone between plain letters, Chinese characters come in pairs
    if _is(head, "gb18030") and pairs * 2 > min(high, 20_000) and high:
        return "gb18030"
    return "cp1252" if any(0x80 <= byte < 0xA0 for byte in head) else "latin-1"


def lines_of(file: IO[bytes], count: int) -> list[bytes]:
    """The first `count` lines, none longer than `CHUNK`."""
    return [line for _ in range(count) if (line := file.readline(CHUNK))]
