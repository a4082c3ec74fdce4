"""Commands that tell one story in full: `report`, `explain`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Company,
    Door,
    Json,
    KnownAt,
    Language,
    emit,
    enter,
    fail,
    language,
    out,
    to_json,
)
from tallystick.doors.cli.progress import cut_of
from tallystick.doors.cli.writing import format_of, hand_over

if TYPE_CHECKING:
    from tallystick.report import Report

FORMATS = ("terminal", "json", "pdf", "html")


def report(
    ctx: typer.Context,
    company: Company,
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="FORMAT", help="terminal, json, html or pdf. [default: by -o]"
        ),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write to .html, .pdf or .json."),
    ] = None,
    lang: Language = "en",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """The credit report of one company: grade, what it means, reasons, track record, promises, sources.

    The HTML page is one file that needs nothing else, and prints well. The PDF is accessible and archival
    (PDF/UA-1, PDF/A-3a) and carries report.json.

    \b
    Examples:
      tallystick report "Acme Trading"
      tallystick report C-00HENPCPJ3Q09 -o acme.html
      tallystick report C-00HENPCPJ3Q09 --lang zh -o acme-zh.html
      tallystick report C-00HENPCPJ3Q09 -o acme.pdf
      tallystick report lei:529900T8BM49AURSDO55 --format json
      tallystick report acme --as-of 2025-06-30 --known-at 2025-07-01
    """
    door = enter(ctx, book, json)
    language(lang)
    form = format_of(form, output, door.json, FORMATS, "report")
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        made = opened.report(" ".join(company), cut, lang)
    _render(door, made, form, output)


def _render(door: Door, made: Report, form: str, output: Path | None) -> None:
    from tallystick.adapters.drawing import draw
    from tallystick.report import render_html, render_json, render_terminal

    if form == "terminal":
        out().print(render_terminal(made))
        return
    if form == "pdf":
        hand_over(door, _pdf(door, made), output)
        return
    text = render_html(made, draw) if form == "html" else to_json(render_json(made)) + "\n"
    hand_over(door, text, output)


def _pdf(door: Door, made: Report) -> bytes:
    from tallystick.adapters.printing import PrintError, render_pdf
    from tallystick.settings import load_settings

    try:
        return render_pdf(made, load_settings().fonts)
    except PrintError as error:
        fail(str(error), json=door.json)


def explain(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(metavar="WHAT", help="COMPANY, COMPANY KIND, a deal or a promise."),
    ],
    lang: Language = "en",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Walk one number down to the rows of the files that it came from, with the arithmetic.

    \b
    Examples:
      tallystick explain "Acme Trading"            the grade
      tallystick explain "Acme Trading" pay        its record of paying, promise by promise
      tallystick explain "Acme Trading" --lang zh   the same in Chinese
      tallystick explain D-0000000000000           one deal
      tallystick explain D-0000000000000/pay       the promises of one kind in it
    """
    door = enter(ctx, book, json)
    language(lang)
    with door.open() as opened:
        cut = cut_of(opened, door, as_of, known_at)
        found = opened.explain(asked_for(what), cut, lang)
    from tallystick.report import explanation_json, render_explanation

    if door.json:
        emit(explanation_json(found))
    else:
        out().print(render_explanation(found))


def asked_for(words: Sequence[str]) -> str:
    """What `Book.explain` takes: `acme trading pay` means the kind `pay` of the company `acme trading`."""
    from tallystick.promises import PROMISES

    if len(words) > 1 and words[-1] in PROMISES:
        return f"{' '.join(words[:-1])}/{words[-1]}"
    return " ".join(words)
