"""The command `simulate`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tallystick.doors.cli.common import Json, emit, enter, number, parse_day, say


def simulate(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new or empty folder.")],
    companies: Annotated[
        int, typer.Option("--companies", metavar="N", help="Trading companies.")
    ] = 400,
    deals: Annotated[int, typer.Option("--deals", metavar="N", help="Deals begun.")] = 6000,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="Another seed, another world.")
    ] = 1,
    detail: Annotated[
        float | None,
        typer.Option("--detail", metavar="0..1", help="Documents per deal: 0 about 5, 1 about 17."),
    ] = None,
    start: Annotated[
        date | None,
        typer.Option("--start", metavar="YYYY-MM-DD", parser=parse_day, help="The first day."),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", help="Days that are told. [default: 730]")
    ] = None,
    names: Annotated[
        str,
        typer.Option(
            "--names",
            metavar="plain|varied",
            help="varied: each contributor describes its customers in its own way.",
        ),
    ] = "plain",
    json: Json = False,
) -> None:
    """Make a synthetic trade world, and the truth about it.

    One folder per contributor (marketplace, banks, carriers, customs ...) holds what it would hand in, as
    `tallystick ingest` takes it. DIR/truth holds how reliable each company really is; ingest passes it over.
    With `--names varied` banks, carriers and others describe their customers under numbers of their own, in
    other scripts, words and orders; DIR/truth/descriptions.parquet holds whom each description is about.
    The same settings give the same files, byte for byte.

    \b
    Examples:
      tallystick simulate --companies 400 --deals 6000 --seed 1 --out world
      tallystick simulate --companies 500000 --deals 10000000 --seed 7 --out big --detail 0
      tallystick simulate --names varied --out world
      tallystick ingest world
    """
    from tallystick.doors.cli.progress import steps
    from tallystick.world import WorldConfig
    from tallystick.world import simulate as make

    door = enter(ctx, None, json)
    given = {"start": start, "days": days, "detail": detail, "names": names}
    settings = {name: value for name, value in given.items() if value is not None}
    config = WorldConfig(companies, deals, seed, **settings)  # type: ignore[arg-type]
    with steps(door) as step:
        summary = make(
            config, out, lambda done, total: step("living through the deals", done, total)
        )
    if door.json:
        emit({"out": str(out), **asdict(summary)})
        return
    say(
        f"Wrote {number(summary.document_count)} documents of {number(summary.deals)} deals between "
        f"{number(summary.companies)} companies to {out} "
        f"({number(summary.files)} files, {summary.bytes / 1e6:,.1f} MB)."
    )
    say(f"Take them in: tallystick ingest {out}. The truth, for comparison only: {out / 'truth'}")
