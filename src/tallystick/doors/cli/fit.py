"""The command `fit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Json,
    KnownAt,
    Language,
    emit,
    enter,
    language,
    number,
    out,
    say,
)
from tallystick.doors.cli.policy_common import name_of
from tallystick.doors.cli.progress import cut_of

if TYPE_CHECKING:
    from tallystick.rating.fit import Fitted


def fit(
    ctx: typer.Context,
    output: Annotated[Path, typer.Argument(metavar="OUT.toml", help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    fairness: Annotated[
        float,
        typer.Option(
            "--fairness",
            metavar="X",
            min=0.0,
            help="How dear it is that a country or newcomers score otherwise on average: 0 free, 1 dear.",
        ),
    ] = 0.0,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Fit the scorecards of the rating to what became of the book's own promises.

    Each promise is an example: what was known of its promisor on the day before it was made, and whether it
    was broken. Nothing that came later is shown to the fit. The result is a draft: a policy file, valid from
    the day after --as-of, that is not in force until it is committed. A kind of promise with fewer than 1,000
    examples or 50 breaks goes by the card of all kinds; with too few of all, the shipped default stays.

    \b
    Examples:
      tallystick fit autumn.toml
      tallystick fit fair.toml --fairness 0.3  with smaller gaps between groups, at some price
      tallystick policy try autumn.toml        who would move, by how much, and why
      tallystick policy commit autumn.toml --note "fitted to the evidence up to October"
    """
    from tallystick.doors.cli.progress import steps
    from tallystick.rating.policy_file import write_policy

    door = enter(ctx, book, json)
    language(lang)
    name = name_of(output, force)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        with steps(door) as step:
            fitted = opened.fit(cut, name, step, fairness)
    output.write_text(write_policy(fitted.policy, lang), encoding="utf-8", newline="\n")
    if door.json:
        emit({"written": str(output), "kinds": _rows(fitted)})
        return
    _show(fitted, output, door.flag)


def _rows(fitted: Fitted) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for kind, count in fitted.examples.items():
        cold, own = fitted.surprise.get(kind, (None, None))
        rows.append({"kind": kind or "all", "examples": count, "cold": cold, "fitted": own})
    return rows


def _show(fitted: Fitted, output: Path, flag: str) -> None:
    from tallystick.doors.cli.show import table

    def figure(value: object) -> str:
        return f"{value:.4f}" if isinstance(value, float) else "–"

    rows = [
        [
            str(row["kind"]),
            number(int(str(row["examples"]))),
            figure(row["cold"]),
            figure(row["fitted"]),
        ]
        for row in _rows(fitted)
    ]
    out().print(table(["kind", "examples>", "default>", "fitted>"], rows, title="log loss"))
    if not fitted.surprise:
        say(
            "Too little has come to an outcome to learn from: the cards are those of the shipped default."
        )
    else:
        say(
            "Log loss is measured on the last promises in time, by a fit that had not seen them (lower is "
            "better). A kind without figures goes by the card of all kinds."
        )
    say(f"Wrote {output}. Whom it would move: tallystick policy try {output}{flag}")
