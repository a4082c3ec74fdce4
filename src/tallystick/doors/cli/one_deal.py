"""The command `deal`: one deal as a timeline, in the terminal, as JSON, as a page or as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Door,
    Json,
    KnownAt,
    Language,
    about,
    enter,
    language,
    out,
    to_json,
)
from tallystick.doors.cli.progress import cut_of
from tallystick.doors.cli.writing import format_of, hand_over

if TYPE_CHECKING:
    from tallystick.adapters.cuts import Cut
    from tallystick.report import Timeline

FORMATS = ("terminal", "json", "svg", "html")


def deal(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="DEAL", help="Code of the deal, D-...")],
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="FORMAT", help="terminal, json, html or svg. [default: by -o]"
        ),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write to .html, .svg or .json."),
    ] = None,
    lang: Language = "en",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """One deal as a timeline: its documents in lanes, its promises, money and goods, and its breaks.

    Each document is told with who said it and where in the file it stands; a link that no document states,
    with the rule that found it and how strong it is. The HTML page is one file that needs nothing else, and
    prints well.

    \b
    Examples:
      tallystick deal D-0000000000000
      tallystick deal D-0000000000000 -o deal.html
      tallystick deal D-0000000000000 --lang zh -o deal-zh.html
      tallystick deal D-0000000000000 -o deal.svg
      tallystick deal D-0000000000000 --json
    """
    door = enter(ctx, book, json)
    language(lang)
    chosen = format_of(form, output, door.json, FORMATS, "deal")
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = opened.deal(code, cut, lang)
    show_deal(door, found, cut, chosen, output)


def show_deal(door: Door, found: Timeline, cut: Cut, form: str, output: Path | None) -> None:
    """Print a deal, or write it to a file."""
    if form == "terminal":
        from tallystick.report import render_timeline

        out().print(render_timeline(found))
        return
    hand_over(door, _text(found, cut, form), output)


def _text(found: Timeline, cut: Cut, form: str) -> str:
    from tallystick.report import picture_file, render_timeline_html, render_timeline_json

    if form == "html":
        return render_timeline_html(found)
    if form == "svg":
        return picture_file(found)
    told: dict[str, Any] = render_timeline_json(found)
    return to_json({"format": told["format"], **about(cut), **told}) + "\n"
