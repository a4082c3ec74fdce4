"""Whether two versions of the code read the same out of every file: a line of digest per file, to be compared.

    python -m benchmarks.readers_same /tmp/before        in the one version
    python -m benchmarks.readers_same /tmp/after         in the other; then `diff /tmp/before /tmp/after`

Files are those of the sample sets and the examples that a reader recognises, each whole and damaged in a few
ways, and small ones made by the benchmarks of readers. A digest is that of all statements and rejects with
their places, in order, so a change of speed that changes one letter of one statement is seen.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import readers_goods, readers_payments
from benchmarks.common import ROOT
from tallystick.evidence.formats.reader_contract import damaged_files
from tallystick.evidence.formats.readers import HEAD, Reader, reader_of

SAMPLES: Final = Path(os.environ.get("TALLYSTICK_SAMPLES", ROOT.parent / "shared" / "samples"))
DAMAGED: Final = 12
LARGEST_DAMAGED: Final = 100_000
RECORDS: Final = 300


def files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file."""
    for folder in (SAMPLES, ROOT / "examples"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "file"
        for name in readers_goods.FORMATS:
            readers_goods.write_file(path, name, RECORDS)
            yield name, path.read_bytes()
        for name in readers_payments.SETS:
            readers_payments.make(name, str(path), 0.2)
            yield name, path.read_bytes()


def digest(reader: Reader, data: bytes) -> str:
    """How many items a file is read as, and the digest of them."""
    taken, count = hashlib.sha256(), 0
    for item in reader.statements(io.BytesIO(data), "file"):
        count += 1
        taken.update(repr(item).encode("utf-8", "surrogatepass"))
    return f"{count} {taken.hexdigest()[:16]}"


def lines() -> Iterator[str]:
    """A line per file that is recognised, and one per damaged copy of it."""
    for name, data in files():
        reader = reader_of(data[:HEAD])
        if reader is None or not data:
            continue
        yield f"{name} {reader.name} {digest(reader, data)}"
        if len(data) <= LARGEST_DAMAGED:
            for n, broken in enumerate(damaged_files(data, DAMAGED)):
                yield f"{name} damaged {n} {reader.name} {digest(reader, broken)}"


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines())
