"""The command `demo`: a small trade world from nothing to rated companies, in under a minute."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import Door, Json, emit, enter, say

if TYPE_CHECKING:
    import pyarrow as pa

    from tallystick.adapters.cuts import Cut
    from tallystick.book import Book
    from tallystick.doors.cli.demo_story import Shown

MARK = ".tallystick-demo"
"""Lies in the folder of a demo, so that only such a folder is ever replaced."""


def demo(
    ctx: typer.Context,
    companies: Annotated[
        int, typer.Option("--companies", metavar="N", help="Trading companies.")
    ] = 400,
    deals: Annotated[int, typer.Option("--deals", metavar="N", help="Deals begun.")] = 6000,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="Another seed, another world.")
    ] = 7,
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where it all goes.")] = Path(
        "demo-out"
    ),
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Show the demo that lies there, without making a new one."),
    ] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Go on serving it: pages, API, a door for agents.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, metavar="N", help="Port for --serve.")
    ] = 8000,
    json: Json = False,
) -> None:
    """Make a small trade world, take its documents in, rate everybody, and show what came out.

    Everything lands in one folder: the world, the book, ratings.csv and a few reports as web pages. An
    earlier demo in that folder is replaced; any other folder is left alone.

    \b
    Examples:
      tallystick demo
      tallystick demo --companies 2000 --deals 50000 --out big-demo
      tallystick demo --keep --serve
    """
    from tallystick.doors.cli.demo_story import as_json, tell

    door = enter(ctx, None, json)
    began = monotonic()
    fresh = not (keep and (folder / MARK).exists())
    if fresh:
        _clear(folder)
    door.book = folder / "book"
    with door.open(create=True) as book:
        if fresh:
            _fill(door, book, folder, (companies, deals, seed))
        shown = _work(door, book, folder, began)
    if door.json:
        emit(as_json(shown))
    else:
        tell(shown)
    if serve:
        _serve(door, shown, port)


def _serve(door: Door, shown: Shown, port: int) -> None:
    """Rate for the service, make an account of each role, and serve until Ctrl-C."""
    from tallystick.doors.cli import serving
    from tallystick.doors.cli.demo_people import people
    from tallystick.doors.cli.demo_story import graded
    from tallystick.service import open_service, worker

    buyers = _busiest(graded(shown.ratings, "buying"))
    service = open_service(serving.settings_of(door))
    try:
        worker.drain(service)
        made = people(service, buyers[0]["company"] if buyers else None)
    finally:
        service.close()
    say("\nWho may sign in at /sign-in (this machine only):")
    for one in made:
        say(f"  {one['login']:<6} {one['password']}   {one['role']:<12} {one['name']}")
    # The web server forks, and what drew the reports has threads of its own, which do not come along.
    sys.stdout.flush()
    line = [
        sys.executable,
        "-m",
        "tallystick",
        "serve",
        "--port",
        str(port),
        "--book",
        str(door.book),
    ]
    os.execv(sys.executable, line)


def _clear(folder: Path) -> None:
    """Make room for a demo. Raises `EvidenceError` where the folder holds anything but an earlier one."""
    from tallystick.evidence.ledger import EvidenceError

    if folder.exists() and not folder.is_dir():
        raise EvidenceError(f"{folder} is a file; name a folder with --out")
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise EvidenceError(
                f"{folder} holds something that is no demo; name another folder with --out"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def _fill(door: Door, book: Book, folder: Path, size: tuple[int, int, int]) -> None:
    """Make the world and take it in."""
    from tallystick.doors.cli.progress import steps
    from tallystick.world import WorldConfig, simulate

    companies, deals, seed = size
    if not door.json:
        say(f"Making a world of {companies:,} companies and {deals:,} deals, and taking it in ...")
    with steps(door) as step:
        config = WorldConfig(companies, deals, seed)
        simulate(
            config, folder / "world", lambda done, total: step("living the deals", done, total)
        )
        book.ingest([folder / "world"], progress=step)


def _work(door: Door, book: Book, folder: Path, began: float) -> Shown:
    """Rate, compare with the truth, and write the files."""
    import pyarrow.parquet as pq

    from tallystick.adapters.export import write_table
    from tallystick.doors.cli.common import about
    from tallystick.doors.cli.demo_story import Shown
    from tallystick.doors.cli.progress import cut_of
    from tallystick.doors.cli.tables import ratings_table
    from tallystick.world.check import compare

    cut = cut_of(book, door)
    ratings, promises = book.ratings(cut=cut), book.promises(cut=cut)
    world = folder / "world" / "truth"
    truth = pq.read_table(world / "companies.parquet")
    check = compare(truth, ratings, book.companies(cut), promises)
    write_table(ratings_table(ratings), folder / "ratings.csv")
    reports = _reports(book, cut, ratings, folder / "reports")
    batches = book.batches()
    return Shown(
        folder,
        ratings,
        promises,
        check,
        pq.read_metadata(world / "deals.parquet").num_rows,
        sum(batch.accepted for batch in batches),
        len({batch.contributor for batch in batches}),
        about(cut)["as_of"],
        reports,
        monotonic() - began,
    )


def _reports(book: Book, cut: Cut, ratings: pa.Table, folder: Path) -> dict[str, Path]:
    """A page each for the best and the worst seller, the busiest buyer and the busiest carrier."""
    from tallystick.adapters.drawing import draw
    from tallystick.doors.cli.demo_story import best_first, graded
    from tallystick.report import render_html

    sellers = best_first(graded(ratings, "selling"))
    chosen = sellers[:1] + sellers[-1:]
    for role in ("buying", "carrying"):
        chosen += _busiest(graded(ratings, role))
    folder.mkdir(exist_ok=True)
    made: dict[str, Path] = {}
    for row in chosen:
        path = folder / f"{row['code']}.html"
        path.write_text(
            render_html(book.report(row["code"], cut), draw), encoding="utf-8", newline="\n"
        )
        made[f"{row['name']} ({row['role']}, {row['grade']})"] = path
    return made


def _busiest(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["n_promises"], row["company"]))[:1]
