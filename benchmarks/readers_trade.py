"""Readers of trade documents beside the bare parser of each format, on the same bytes.

EDIFACT and OCDS are one file of many messages or releases, made by repeating a real one, in two sizes: the peak
of memory shows that they are read as streams. UBL and CII are the real bills of the ZUGFeRD corpus, one per
file, read again and again; a PDF is the same bill inside one blank page. Speed is by processor time, since the
clock depends on what else the machine does. A format whose samples are absent is left out, and said.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.common import ROOT, Taken, apart, say, table

SAMPLES: Final = (
    Path(os.environ.get("TALLYSTICK_SAMPLES", ROOT.parent / "shared" / "samples")) / "trade"
)
BILLS: Final = SAMPLES / "zugferd-corpus" / "XML-Rechnung"
ORDER: Final = SAMPLES / "edifact-pydifact" / "tests" / "data" / "order.edi"
RELEASE: Final = (
    SAMPLES / "ocds" / "fictional-example" / "1.1" / "ocds-213czf-000-00001-06-implementation.json"
)
MEGABYTES: Final = {"edifact": (0.5, 2), "ocds": (10, 40)}
REPEATED: Final = 100
LARGEST: Final = 30_000
"""Bytes of a bill; three of the corpus carry attachments of a megabyte, which would drown the rest."""

TURNS: Final = 3
TARGET: Final = 0.5


def edifact_file(path: Path, size: int) -> None:
    """One interchange of so many bytes, out of one real order."""
    body = ORDER.read_text(encoding="latin-1").replace("\n", "")
    first, last = body.index("UNH+"), body.index("UNT+")
    message = body[first:last]
    count = max(1, size // (len(message) + 12))
    with path.open("w", encoding="latin-1") as out:
        out.write(body[:first])
        for n in range(count):
            out.write(message.replace("UNH+1+", f"UNH+{n}+") + f"UNT+16+{n}'")
        out.write(f"UNZ+{count}+807'")


def ocds_file(path: Path, size: int) -> None:
    """One package of so many bytes, out of one real release."""
    release = json.dumps(json.loads(RELEASE.read_text(encoding="utf-8"))["releases"][0])
    with path.open("w", encoding="utf-8") as out:
        out.write('{"version": "1.1", "releases": [')
        out.write(", ".join([release] * max(1, size // len(release))))
        out.write("]}")


def bills(folder: str, as_pdf: bool = False) -> list[bytes]:
    """The small bills of one syntax, bare or in a PDF each."""
    found = [path.read_bytes() for path in sorted((BILLS / folder).glob("*.xml"))]
    small = [data for data in found if len(data) < LARGEST]
    return [_in_pdf(data) for data in small] if as_pdf else small


def _in_pdf(bill: bytes) -> bytes:
    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_attachment("factur-x.xml", bill)
    writer.write(out)
    return out.getvalue()


def _timed(work: Callable[[], int]) -> dict[str, float]:
    """Items and seconds of processor of the work alone, without imports and files made."""
    start = time.process_time()
    items = work()
    return {"items": items, "seconds": time.process_time() - start}


def file_by_reader(name: str, path: str) -> dict[str, float]:
    """A piece: one large file through a reader."""
    from tallystick.evidence.formats.readers import READERS

    reader = next(reader for reader in READERS if reader.name == name)
    with Path(path).open("rb") as source:
        return _timed(lambda: sum(1 for _ in reader.read(source, "f")))


def file_by_parser(name: str, path: str) -> dict[str, float]:
    """A piece: the same file through the bare parser, which wants it whole."""
    import logging
    import warnings

    from pydifact.parser import Parser

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    text = Path(path).read_text(encoding="utf-8")
    if name == "ocds":
        return _timed(lambda: len(json.loads(text)["releases"]))
    return _timed(lambda: sum(1 for segment in Parser().parse(text) if segment.tag == "UNH"))


def bills_by_reader(name: str, folder: str) -> dict[str, float]:
    """A piece: all bills of a syntax through a reader, again and again."""
    from tallystick.evidence.formats.readers import READERS

    reader = next(reader for reader in READERS if reader.name == name)
    found = bills(folder, name == "pdf")
    list(reader.read(io.BytesIO(found[0]), "f"))
    return _timed(
        lambda: sum(
            1 for _ in range(REPEATED) for data in found for _ in reader.read(io.BytesIO(data), "f")
        )
    )


def bills_by_parser(name: str, folder: str) -> dict[str, float]:
    """A piece: the same through `lxml.etree.iterparse`, of the attachment where it is a PDF."""
    from lxml import etree
    from pypdf import PdfReader

    def xml(data: bytes) -> None:
        for _ in etree.iterparse(io.BytesIO(data)):
            pass

    def pdf(data: bytes) -> None:
        for entry in PdfReader(io.BytesIO(data)).attachment_list:
            xml(entry.content)

    found, parse = bills(folder, name == "pdf"), pdf if name == "pdf" else xml

    def work() -> int:
        for _ in range(REPEATED):
            for data in found:
                parse(data)
        return REPEATED * len(found)

    return _timed(work)


def _row(name: str, size: str, taken: dict[str, Taken]) -> tuple[list[Any], float]:
    ours, bare = taken["reader"], taken["parser"]
    ratio = bare.found["seconds"] / ours.found["seconds"]
    speed = bare.found["items"] / ours.found["seconds"]
    return [name, size, int(bare.found["items"]), speed, ratio, ours.peak_mb, bare.peak_mb], ratio


def _compare(module: str, *values: str) -> dict[str, Taken]:
    pieces = {
        side: partial(apart, f"benchmarks.readers_trade:{module}_by_{side}", *values)
        for side in ("reader", "parser")
    }
    runs = [{side: piece() for side, piece in pieces.items()} for _ in range(TURNS)]
    return {
        side: min((run[side] for run in runs), key=lambda taken: float(taken.found["seconds"]))
        for side in pieces
    }


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the ratios, which are watched."""
    rows, figures = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for name, make, sample in (("edifact", edifact_file, ORDER), ("ocds", ocds_file, RELEASE)):
            for megabytes in MEGABYTES[name] if sample.exists() else ():
                path = Path(folder) / f"{name}-{megabytes}"
                make(path, round(megabytes * 2**20 * scale))
                row, figures[name] = _row(
                    name, f"{megabytes * scale:g} MB", _compare("file", name, str(path))
                )
                rows.append(row)
    for name, syntax in (("cii", "CII"), ("ubl", "UBL"), ("pdf", "CII")):
        if (BILLS / syntax).is_dir():
            row, figures[name] = _row(name, "1 file each", _compare("bills", name, syntax))
            rows.append(row)
    if absent := {"edifact", "ocds", "cii", "ubl", "pdf"} - set(figures):
        say(f"left out, since the samples are not in {SAMPLES}: {', '.join(sorted(absent))}")
    if rows:
        heads = ("format", "", "documents", "documents/s", "speed ratio", "peak MB", "parser MB")
        table(
            f"readers beside the bare parser, by processor; target: ratio of {TARGET}", heads, rows
        )
    return figures
