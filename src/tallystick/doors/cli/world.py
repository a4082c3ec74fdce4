"""The command `simulate`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tallystick.doors.cli.common import Json, emit, enter, number, parse_day, say

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="A new or empty folder.")]
Companies = Annotated[int, typer.Option("--companies", metavar="N", help="Trading companies.")]
Deals = Annotated[
    int | None,
    typer.Option(
        "--deals",
        metavar="N",
        help="Deals begun. [default: 6000; in world-1 2.5 for each company]",
    ),
]
Seed = Annotated[int, typer.Option("--seed", metavar="S", help="Another seed, another world.")]
Detail = Annotated[
    float | None,
    typer.Option("--detail", metavar="0..1", help="Documents per deal: 0 about 5, 1 about 17."),
]
Start = Annotated[
    date | None,
    typer.Option("--start", metavar="YYYY-MM-DD", parser=parse_day, help="The first day."),
]
Days = Annotated[
    int | None, typer.Option("--days", metavar="N", help="Days that are told. [default: 730]")
]
Names = Annotated[
    str,
    typer.Option(
        "--names",
        metavar="plain|varied",
        help="varied: each contributor describes its customers in its own way.",
    ),
]
World = Annotated[
    str,
    typer.Option(
        "--world",
        metavar="plain|world-1",
        help="world-1: the public benchmark, with planted fraud.",
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        parser=parse_day,
        help="world-1: the day that parts known/ from later/. [default: 120 days before the end]",
    ),
]
CountryEffect = Annotated[
    float | None,
    typer.Option(
        "--country-effect",
        metavar="0..3",
        help="world-1: how much conduct depends on the country; 0: not at all. [default: 1]",
    ),
]


def simulate(
    ctx: typer.Context,
    out: Out,
    companies: Companies = 400,
    deals: Deals = None,
    seed: Seed = 1,
    detail: Detail = None,
    start: Start = None,
    days: Days = None,
    names: Names = "plain",
    world: World = "plain",
    as_of: AsOf = None,
    country_effect: CountryEffect = None,
    json: Json = False,
) -> None:
    """Make a synthetic trade world, and the truth about it.

    One folder per contributor (marketplace, banks, carriers, customs ...) holds what it would hand in, as
    `tallystick ingest` takes it. DIR/truth holds how reliable each company really is; ingest passes it over.
    With `--names varied` banks, carriers and others describe their customers under numbers of their own, in
    other scripts, words and orders; DIR/truth/descriptions.parquet holds whom each description is about.
    With `--world world-1` conduct changes, firms come, fail and return, contributors err and report late, and
    fraud is planted; DIR/known holds what was told up to the day --as-of, DIR/later the rest.
    The same settings give the same files, byte for byte.

    \b
    Examples:
      tallystick simulate --companies 400 --deals 6000 --seed 1 --out world
      tallystick simulate --companies 500000 --deals 10000000 --seed 7 --out big --detail 0
      tallystick simulate --names varied --out world
      tallystick simulate --world world-1 --companies 10000 --out world
      tallystick ingest world
    """
    from tallystick.doors.cli.progress import steps
    from tallystick.world import WorldConfig
    from tallystick.world import simulate as make
    from tallystick.world.config import DEALS_PER_COMPANY

    door = enter(ctx, None, json)
    given = {"start": start, "days": days, "detail": detail, "names": names, "world": world}
    given |= {"as_of": as_of, "country_effect": country_effect}
    settings = {name: value for name, value in given.items() if value is not None}
    usual = round(DEALS_PER_COMPANY * companies) if world == "world-1" else 6000
    count = usual if deals is None else deals
    config = WorldConfig(companies, count, seed, **settings)  # type: ignore[arg-type]
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
    first = out / "known" if world == "world-1" else out
    say(f"Take them in: tallystick ingest {first}. The truth, for comparison only: {out / 'truth'}")
