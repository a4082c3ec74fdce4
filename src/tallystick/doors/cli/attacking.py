"""The command `attack`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import BookDir, Door, Json, emit, enter, note, out, say

if TYPE_CHECKING:
    from tallystick.rating import Policy
    from tallystick.world.attack import Assessed, Settings, Tried


Schemes = Annotated[
    list[str] | None,
    typer.Option("--scheme", metavar="NAME", help="A scheme, or all. [default: any]"),
]
Budgets = Annotated[
    list[int] | None,
    typer.Option(
        "--budget", metavar="USD", min=1, help="What may be spent. [default: 100 to 100000]"
    ),
]
Seeds = Annotated[
    int, typer.Option("--seeds", metavar="N", min=1, max=100, help="Markets to average over.")
]
Prices = Annotated[
    str, typer.Option("--costs", metavar="lab|market", help="Whose prices are paid.")
]
Rounds = Annotated[
    int, typer.Option("--rounds", metavar="N", min=0, max=20, help="How long to search on.")
]
Alone = Annotated[
    bool, typer.Option("--alone", help="Only this rating, without those in use elsewhere.")
]
Chart = Annotated[
    Path | None,
    typer.Option("--chart", metavar="FILE", help="Draw percentile against money as SVG."),
]
Publish = Annotated[
    bool,
    typer.Option(
        "--publish",
        help="Show it on the model page of the service of --book, whose policy is attacked.",
    ),
]


def attack(
    ctx: typer.Context,
    scheme: Schemes = None,
    budget: Budgets = None,
    seeds: Seeds = 1,
    costs: Prices = "lab",
    rounds: Rounds = 1,
    alone: Alone = False,
    chart: Chart = None,
    publish: Publish = False,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Find out what it costs to fake a rating, for somebody who knows how it works.

    In made-up markets of 400 honest sellers an attacker searches for the best spend: how many identities, of
    what kind, how many fake orders, of what value, with parcels or in words, and so on. The tables show the
    percentile among honest sellers that is reached at each budget, the cheapest way to the 80th and to better
    grades, and the same for ratings in use elsewhere, which are attacked as hard. A book is needed only to
    publish.

    \b
    Schemes:
      brushing sybils shells service papers     lift a rating, from a bad record and from none
      any                                       all of these in any mixture (and each by itself)
      platform contributor                      the same with a bribed accomplice
      slander retaliation                       harm an honest firm
      exit on-off                               cheat on the strength of a good name
      whitewash accuracy                        a new name for an old record; ranking among 40 rings

    \b
    Examples:
      tallystick attack                                  about a minute
      tallystick attack --scheme slander --budget 1000 --seeds 4
      tallystick attack --scheme all --seeds 4 --json
      tallystick attack --costs market --alone --chart cost.svg
      tallystick attack --publish --book shop
    """
    from tallystick.adapters.attacking import OurRating, suspected
    from tallystick.doors.cli.progress import steps
    from tallystick.world.attack import BUDGETS, COSTS, PEERS, Settings, assess, chosen_schemes

    door = enter(ctx, book, json)
    if costs not in COSTS:
        raise typer.BadParameter(f"{costs!r} is no table of prices; use {' or '.join(COSTS)}")
    settings = Settings(
        COSTS[costs],
        tuple(range(1, seeds + 1)),
        chosen_schemes(scheme or ["any"]),
        tuple(sorted({100 * amount for amount in budget})) if budget else BUDGETS,
        rounds,
        suspected,
    )
    with steps(door) as step:
        policy = _policy(door) if publish else None
        ratings = (OurRating(policy), *(() if alone else PEERS))
        found = [assess(one, settings, lambda what: step(what, 0, 1)) for one in ratings]
    if chart is not None:
        _draw(chart, found, settings)
    told = {"costs": costs, "seeds": seeds, "ratings": [_plain(one, settings) for one in found]}
    if policy is not None:
        _publish(door, policy, told, _command(scheme, budget, seeds, costs, rounds, alone))
    if door.json:
        emit(told)
        return
    _show(found, settings)
    if chart is not None:
        note(f"Drawn: {chart}")


def _policy(door: Door) -> Policy:
    """The policy that rates the book today."""
    with door.open() as opened:
        return opened.cut().policy


def _command(
    scheme: list[str] | None,
    budget: list[int] | None,
    seeds: int,
    costs: str,
    rounds: int,
    alone: bool,
) -> str:
    """How it was run, so that others can run it again."""
    words = [f"--scheme {one}" for one in scheme or ()] + [
        f"--budget {one}" for one in budget or ()
    ]
    words += [f"--seeds {seeds} --costs {costs} --rounds {rounds}", *(["--alone"] if alone else [])]
    return " ".join(["tallystick attack", *words, "--publish"])


def _publish(door: Door, policy: Policy, told: dict[str, Any], command: str) -> None:
    """Keep it where the service shows it."""
    from tallystick.doors.cli.serving import settings_of
    from tallystick.service import measured, open_service

    service = open_service(settings_of(door))
    try:
        measured.publish_attack(service, policy.digest(), told, command)
    finally:
        service.close()


def _draw(path: Path, found: list[Assessed], settings: Settings) -> None:
    from tallystick.world.attack import drawn

    path.write_text(drawn(found, settings.budgets), encoding="utf-8")


def usd(cents: float) -> str:
    """An amount as people read it.

    >>> usd(25_854_00), usd(21), usd(1_200_000_00)
    ('$25,854', '$0.21', '$1,200,000')
    """
    return f"${cents / 100:,.0f}" if cents >= 1_000 or not cents else f"${cents / 100:.2f}"


def _show(found: list[Assessed], settings: Settings) -> None:
    from tallystick.doors.cli.show import table

    paid = [f"{usd(budget)}>" for budget in settings.budgets]
    for title, rows in _lifted(found):
        out().print(table(["rating", "scheme", "$0>", *paid], rows, title))
    if rows := _marks(found):
        heads = ["rating", "record", "80th percentile>", "one grade better>"]
        heads += ["BBB>", "A>", "AA>", "AAA>", "by"]
        out().print(table(heads, rows, "Cost of forgery: the cheapest way found"))
    if rows := [
        [one.name, name, *map(_percentile, line)]
        for one in found
        for name, line in one.slander.items()
    ]:
        title = "Slander: percentile of an honest firm"
        out().print(table(["rating", "scheme", "$0>", *paid], rows, title))
    if rows := [
        [one.name, name, f"{factor:g}" if one.limited else "no limit", *(f"{r:.1f}" for r in line)]
        for one in found
        for (name, factor), line in one.gain.items()
    ]:
        title = "Attack-gain ratio: loot over money spent, of a cheat who began afresh"
        out().print(table(["rating", "scheme", "exposure factor", *paid], rows, title))
    _show_rest(found)
    days = found[0].detection
    say(f"Days to detection, false alarms: {'not measured' if days is None else days}.")
    say(
        f"{len(settings.seeds)} market(s), {settings.costs.name} prices. Percentiles are among 400 honest "
        "sellers; each figure is the best of all that was tried. docs/how-to/attack-lab.md explains."
    )


def _show_rest(found: list[Assessed]) -> None:
    from tallystick.doors.cli.show import table

    if any(one.wash for one in found):
        names = list(found[0].wash)
        rows = [[one.name, *(_percentile(one.wash[n]) for n in names)] for one in found]
        title = "Whitewashing: percentile of the old record, of new names, of one once it is linked"
        out().print(table(["rating", *(f"{n}>" for n in names)], rows, title))
    if any(one.accuracy is not None for one in found):
        rows = [[one.name, f"{one.accuracy:.3f}", f"{one.ringed:.3f}"] for one in found]
        title = "Accuracy: AUC on the promises to come"
        out().print(table(["rating", "no attack>", "40 of 440 sellers with rings>"], rows, title))


def _lifted(found: list[Assessed]) -> list[tuple[str, list[list[str]]]]:
    out = []
    for start in ("bad", "fresh"):
        rows = []
        for one in found:
            if made := one.forgery.get(start):
                shown = dict(made.reached)
                if one is not found[0] and "any" in shown:  # of the others the best of all will do
                    shown = {"any": shown["any"]}
                for name, line in shown.items():
                    row = [made.before.percentile, *line]
                    rows.append([one.name, name, *map(_percentile, row)])
        if rows:
            record = "a bad record (4 of 8 broken)" if start == "bad" else "no record"
            out.append((f"Percentile reached from {record}", rows))
    return out


def _marks(found: list[Assessed]) -> list[list[str]]:
    rows = []
    for one in found:
        for start, made in one.forgery.items():
            names = ("80", "grade", "BBB", "A", "AA", "AAA")
            cells = [_price(made.marks[n]) if n in made.marks else "" for n in names]
            best = made.marks["80"]
            rows.append([one.name, start, *cells, best.strategy.text() if best else ""])
    return rows


def _percentile(value: float) -> str:
    return f"{value:.1f}"


def _price(tried: Tried | None) -> str:
    return "not found" if tried is None else usd(tried.cost_cents)


def _plain(one: Assessed, settings: Settings) -> dict[str, Any]:
    """One rating's figures for JSON; money in US cents."""
    return {
        "rating": one.name,
        "budgets_cents": list(settings.budgets),
        "forgery": {
            start: {
                "before": made.before.percentile,
                "reached": made.reached,
                "marks": {
                    name: None
                    if tried is None
                    else {"cost_cents": tried.cost_cents, "strategy": tried.strategy.text()}
                    for name, tried in made.marks.items()
                },
            }
            for start, made in one.forgery.items()
        },
        "slander": one.slander,
        "gain": [
            {"scheme": name, "exposure_factor": factor if one.limited else None, "ratio": line}
            for (name, factor), line in one.gain.items()
        ],
        "whitewash": one.wash,
        "auc": one.accuracy,
        "auc_ringed": one.ringed,
        "detection": one.detection,
    }
