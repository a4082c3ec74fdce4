"""Rating anew after batches of 100 and 900 documents on a book of 10 million, beside a full cut.

    python -m benchmarks rerate --scale 0.1

Half of the documents go on with 100 deals that the book holds (payment, receipt, review, dispute, answer), the
other half is 100 new deals between the same companies. The book is a copy, so that the one that other
benchmarks read stays as it is. What a cut grows by is made ready before (a service does so after its first
rating); those in the touched deals are told before the cut is whole. At the end all is derived once more from
the evidence alone: both ways must give the same ratings.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.common import apart, cache, documents_in, say, table, world_folder

MILLIONS: Final = 10
DEALS: Final = 100
AS_OF: Final = date(2025, 12, 31)
GOES_ON: Final = ("payment", "receipt", "review", "dispute", "dispute_response")
BEGINS: Final = ("order", "order_confirmation", "dispatch", "invoice", "payment")
MONEY: Final = ("order", "invoice", "payment")


def batch(world: Path) -> list[dict[str, Any]]:
    """A thousand documents about 100 orders of the world, and about 100 new ones of the same companies."""
    part = sorted((world / "marketplace").glob("*.parquet"))[-1]
    said = pq.read_table(part, columns=["kind", "number", "currency", "seller_id", "buyer_id"])
    orders = said.filter(pc.equal(said["kind"], "order"))
    step = max(len(orders) // DEALS, 1)
    chosen = orders.take(list(range(0, step * DEALS, step))).to_pylist()
    documents = []
    for n, order in enumerate(chosen):
        documents += [document(kind, order["number"], order, n) for kind in GOES_ON]
        documents += [document(kind, f"PO-NEW-{n}", order, n + DEALS) for kind in BEGINS]
    return documents


def document(kind: str, number: str, order: dict[str, Any], n: int) -> dict[str, Any]:
    """A document of one kind about an order, of late December 2025."""
    parties = {role: dict([order[f"{role}_id"].rsplit(":", 1)]) for role in ("seller", "buyer")}
    said: dict[str, Any] = {
        "kind": kind,
        "number": number if kind == "order" else f"{kind}-{n}",
        "namespace": "tradeport",
        "issued_on": "2025-12-20",
        "happened_at": "2025-12-20T10:00:00Z",
        "parties": {role: {"ids": ids} for role, ids in parties.items()},
    }
    if kind != "order":
        said["references"] = [{"kind": "order", "number": number}]
    if kind in MONEY:
        said |= {"amount": "250.00", "currency": order["currency"] or "EUR"}
    if kind in ("order", "order_confirmation", "invoice", "dispute"):
        said["due_on"] = "2025-12-24"
    if kind == "review":
        said["score"] = "0.5"
    if kind.startswith("dispute"):
        says, hears = ("buyer", "seller") if kind == "dispute" else ("seller", "buyer")
        said["parties"] |= {"issuer": said["parties"][says], "recipient": said["parties"][hears]}
    return said


class _Watch:
    """Seconds by the clock and of processor of what was done, by name."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[float, float]] = {}
        self.start()

    def start(self) -> None:
        """From here on."""
        self._began = time.perf_counter(), time.process_time()

    def note(self, name: str) -> None:
        """What was done since `start` is this."""
        clock, processor = self._began
        self.taken[name] = time.perf_counter() - clock, time.process_time() - processor


def rerate(folder: str, out: str) -> dict[str, Any]:
    """A piece: seconds of a full cut, of making it ready to grow, of a small and a larger batch, and of all
    made anew."""
    from tallystick import open_book

    copied = Path(out) / "book"
    shutil.copytree(Path(folder) / "book", copied, copy_function=linked)
    shutil.rmtree(copied / "derived", ignore_errors=True)
    documents = batch(Path(folder) / "world")
    few, watch, accepted = len(documents) // 10, _Watch(), 0
    with open_book(copied) as book:

        def cut(name: str) -> pa.Table:
            watch.start()
            made = book.cut(AS_OF, tell=lambda _cut, _rows: watch.note(f"{name}_told"))
            watch.note(name)
            return book.ratings(cut=made)

        before = cut("full")
        watch.start()
        book.prepare(book.cut(AS_OF))
        watch.note("ready")
        for name, some in (("few", documents[:few]), ("more", documents[few:])):
            watch.start()
            receipt = book.add(some, "Tradeport", "late december")
            watch.note(f"{name}_added")
            accepted += receipt.batch.accepted
            after = cut(name)
        shutil.rmtree(copied / "derived")
        anew = cut("anew")
    return {
        "seconds": watch.taken,
        "accepted": accepted,
        "moved": rows_moved(before, after),
        "equal": after.equals(anew),
    }


def rows_moved(before: pa.Table, after: pa.Table) -> int:
    """How many ratings after the batch are not, as they are, among those before it."""
    names = ["company", "scope", "broken_ppm", "evidence_micro"]
    return len(after.select(names).join(before.select(names), names, join_type="left anti"))


def linked(source: str, target: str) -> None:
    """Copy a file; Parquet, which is never changed in place, as a second name of the same file."""
    if source.endswith(".parquet"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched."""
    folder = world_folder(MILLIONS * scale)
    with tempfile.TemporaryDirectory(dir=cache()) as out:
        taken = apart("benchmarks.rerate:rerate", str(folder), out)
    found, seconds = taken.found, taken.found["seconds"]
    rows = [
        (what, *seconds[name], seconds[name][1] / seconds["anew"][1])
        for what, name in (
            ("full cut before", "full"),
            ("made ready to grow, once", "ready"),
            ("100 documents added, durably", "few_added"),
            ("those in the touched deals are rated", "few_told"),
            ("the cut is whole", "few"),
            ("900 documents added, durably", "more_added"),
            ("those in the touched deals are rated", "more_told"),
            ("the cut is whole", "more"),
            ("the same made anew", "anew"),
        )
        if name in seconds  # where a median moved, all are rated at once
    ]
    title = f"{found['accepted']:,} new documents on {documents_in(folder):,}"
    heads = ("", "seconds", "of processor", "share of made anew")
    table(f"{title}; target: seconds, not minutes", heads, rows)
    same = "the same ratings" if found["equal"] else "OTHER RATINGS"
    say(f"  {found['moved']:,} ratings moved; both ways give {same}; peak {taken.peak_mb:,.0f} MB")
    return {
        "again_s": seconds["few"][0],
        "again_processor_s": seconds["few"][1],
        "share_of_full": seconds["few"][1] / seconds["anew"][1],
    }
