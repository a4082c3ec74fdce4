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
    cut_of,
    emit,
    enter,
    language,
    out,
    say,
    to_json,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from tallystick.adapters.cuts import Cut
    from tallystick.report import Timeline

FORMATS = ("terminal", "json", "html", "svg")


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
    chosen = deal_format(form, output, door.json)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = opened.deal(code, cut, lang)
    show_deal(door, found, cut, chosen, output)


def deal_format(form: str, output: Path | None, json: bool) -> str:
    """The format that the options mean. Raises a usage error for one that there is not."""
    if form and form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is not a format of a deal; use {', '.join(FORMATS)}")
    if output is None:
        return form or ("json" if json else "terminal")
    if form == "terminal":
        raise typer.BadParameter("-o writes html, svg or json, not the terminal format")
    ending = {".html": "html", ".htm": "html", ".svg": "svg", ".json": "json"}.get(
        output.suffix.lower(), ""
    )
    if not form and not ending:
        raise typer.BadParameter(
            f"{output.name} has no ending that says a format: use .html, .svg or .json"
        )
    return form or ending


def show_deal(door: Door, found: Timeline, cut: Cut, form: str, output: Path | None) -> None:
    """Print a deal, or write it to a file."""
    if form == "terminal":
        from tallystick.report import render_timeline

        out().print(render_timeline(found))
        return
    text = _text(found, cut, form)
    if output is None:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    output.write_text(text, encoding="utf-8", newline="\n")
    if door.json:
        emit({"written": str(output)})
    else:
        say(f"Wrote {output}")


def _text(found: Timeline, cut: Cut, form: str) -> str:
    from tallystick.report import picture_file, render_timeline_html, render_timeline_json

    if form == "html":
        return render_timeline_html(found)
    if form == "svg":
        return picture_file(found)
    told: dict[str, Any] = render_timeline_json(found)
    return to_json({"format": told["format"], **about(cut), **told}) + "\n"


def names_of(companies: pa.Table) -> dict[int | None, str]:
    """Company key -> name, or its identifier where it has none. `companies`: schema COMPANY."""
    found = companies.select(["company", "name", "ref"]).to_pylist()
    return {row["company"]: row["name"] or row["ref"] for row in found}
