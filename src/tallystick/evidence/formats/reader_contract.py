"""What every reader keeps to, as a check that the author of one runs on files of its format.

Idea: a reader meets files from strangers, so what it must not do (raise, hang, lose its place) is asked of
files that are cut short, mixed and overwritten, made from real ones in a fixed order. A reader that passes
here can be named under the entry point group `tallystick.readers`.

Worked example, in the tests of a package that brings a reader:

    from tallystick.evidence.formats.reader_contract import problems
    def test_reader(): assert problems(MY_READER, [Path("a.xml").read_bytes()]) == []
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Final

from tallystick.evidence.document import canonicalise
from tallystick.evidence.formats.readers import HEAD, Reader
from tallystick.evidence.kinds import CONTRIBUTOR_KINDS, ROLES
from tallystick.evidence.ledger import Contributor
from tallystick.evidence.said import Reject, Said

SOURCE: Final = "a file"
_PLACED: Final = {field.name for field in fields(Said)} | set(ROLES)
_FOREIGN: Final = (b"", b"\0" * 100, b"name,amount\r\nACME,12\r\n", b"<a/>", b"{}", b"\x89PNG\r\n")


def problems(reader: Reader, files: Sequence[bytes], damaged: int = 30) -> list[str]:
    """What is wrong with a reader, a sentence each; empty where nothing is. `files`: files of its format that
    it reads at least one statement from; `damaged`: how many broken files are made from each."""
    found = list(_of_the_record(reader))
    for n, data in enumerate(files, start=1):
        found += [f"file {n}: {problem}" for problem in _of_a_file(reader, data)]
        for k, broken in enumerate(damaged_files(data, damaged)):
            found += [f"file {n}, damaged {k}: {problem}" for problem in _raised(reader, broken)]
    return found


def damaged_files(data: bytes, count: int, seed: int = 1) -> Iterator[bytes]:
    """Files made from one by cutting, dropping, doubling and overwriting parts; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 5, 50, 500)))
        noise = chance.randbytes(end - start)
        yield chance.choice(
            (
                data[:start],
                data[:start] + data[end:],
                data[:end] + data[start:],
                data[:start] + noise + data[end:],
                data[start:],
            )
        )


def _of_the_record(reader: Reader) -> Iterator[str]:
    if not reader.name or not reader.title:
        yield "it has no name or no title"
    if reader.hands_in not in CONTRIBUTOR_KINDS:
        yield f"{reader.hands_in!r} is not a kind of contributor"
    for head in _FOREIGN:
        if reader.recognises(head):
            yield f"it takes {head[:20]!r} for a file of its own"
        yield from _raised(reader, head)


def _of_a_file(reader: Reader, data: bytes) -> Iterator[str]:
    if not reader.recognises(data[:HEAD]):
        yield "it does not recognise it"
    raised = list(_raised(reader, data))
    if raised:
        yield from raised
        return
    items = list(reader.read(io.BytesIO(data), SOURCE))
    said = [item for item in items if isinstance(item, Said)]
    if not said:
        yield "it reads no statement from it"
    if items != list(reader.read(io.BytesIO(data), SOURCE)):
        yield "it reads it another way the second time"
    if any(item.source != SOURCE for item in items):
        yield "a statement does not carry the name of the file"
    yield from _of_rows(said)
    for item in said:
        odd = sorted(set(item.places) - _PLACED)
        if odd:
            yield f"statement {item.row} places {', '.join(odd)}, which are no fields"
    canonicalise(items, Contributor("Contract", "firm"))  # judges; must not raise either


def _of_rows(said: Iterable[Said]) -> Iterator[str]:
    rows = [item.row for item in said]
    if any(row is None or row < 1 for row in rows):
        yield "a statement has no row, from 1"
    elif rows != sorted(rows, key=lambda row: row or 0):
        yield "the rows are out of order"


def _raised(reader: Reader, data: bytes) -> Iterator[str]:
    try:
        for item in reader.read(io.BytesIO(data), SOURCE):
            if isinstance(item, Reject) and not (item.rule and item.message and item.fix):
                yield f"the reject {item.rule!r} lacks its message or its fix"
    except Exception as error:  # whatever it is, a reader must not let it out
        yield f"it raises {type(error).__name__}: {str(error)[:100]}"
