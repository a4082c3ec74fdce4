"""The command `validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.doors.cli.common import (
    AsOf,
    BookDir,
    Door,
    Json,
    KnownAt,
    Language,
    emit,
    enter,
    language,
    out,
    say,
)
from tallystick.doors.cli.progress import cut_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from tallystick.adapters.cuts import Cut
    from tallystick.report.validation import ValidationReport


def validate(
    ctx: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it as .html or .json."),
    ] = None,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Only rivals that need no further package."),
    ] = False,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=20, help="Draws for the intervals.")
    ] = 200,
    publish: Annotated[
        bool,
        typer.Option(
            "--publish", help="Show it on the service's model page, in place of the last."
        ),
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lang: Language = "en",
    book: BookDir = None,
    json: Json = False,
) -> None:
    """Judge the rating as a bank's validator would: strictly out of time, against the baselines of the field.

    The last 45 % of the promises of each kind are foretold in nine blocks, each by a scorecard fitted to what
    was known before it. The report says how well that ranks, whether its probabilities come true (by grade,
    country and thickness of file), whether intervals hold, and what plain counting, beta reputation,
    EigenTrust, a WoE scorecard and LightGBM make of the same promises.

    \b
    Examples:
      tallystick validate -o validation.html
      tallystick validate -o validation.html --lang zh
      tallystick validate --plain --json
      tallystick validate --publish
    """
    from tallystick.adapters.drawing import draw
    from tallystick.report.validation import validation_json
    from tallystick.report.validation_html import render_validation

    door = enter(ctx, book, json)
    language(lang)
    if output is not None and output.suffix not in (".html", ".json"):
        raise typer.BadParameter(f"{output.name} must end in .html or .json")
    cut, report = _judged(door, (as_of, known_at), not plain, draws, lang)
    if publish:
        command = f"tallystick validate{' --plain' if plain else ''} --draws {draws} --publish"
        _publish(door, cut, report, command)
    if output is not None:
        text = render_validation(report, draw) if output.suffix == ".html" else _json(report)
        output.write_text(text, encoding="utf-8", newline="\n")
    if door.json:
        emit(validation_json(report))
        return
    _show(report)
    if output is not None:
        say(f"Wrote {output}.")


def _judged(
    door: Door,
    when: tuple[date | None, datetime | None],
    learned: bool,
    draws: int,
    lang: str,
) -> tuple[Cut, ValidationReport]:
    """The cut, and what became of its promises as they were foretold. `when`: as of, known at."""
    from tallystick.doors.cli.progress import steps
    from tallystick.evidence.ledger import EvidenceError
    from tallystick.report.validation import compose_validation

    with door.open() as opened:
        cut = cut_of(opened, door, *when)
        with steps(door) as step:
            found = opened.foretell(cut, step, learned=learned)
            if not len(found):
                raise EvidenceError(
                    "too few promises came to an outcome: a kind needs 500, some of them broken, "
                    "before it can be validated"
                )
            report = compose_validation(
                found,
                "tallystick",
                opened.path.name,
                lang,
                draws=draws,
                progress=lambda done, total: step("measuring", done, total),
            )
    return cut, report


def _publish(door: Door, cut: Cut, report: ValidationReport, command: str) -> None:
    """Keep it where the service shows it."""
    from tallystick.doors.cli.serving import settings_of
    from tallystick.report.validation import validation_json
    from tallystick.service import measured, open_service

    service = open_service(settings_of(door))
    try:
        measured.publish(service, cut, validation_json(report), command)
    finally:
        service.close()


def _json(report: ValidationReport) -> str:
    import json

    from tallystick.report.validation import validation_json

    return json.dumps(validation_json(report), ensure_ascii=False, indent=2) + "\n"


def _show(report: ValidationReport) -> None:
    from tallystick.doors.cli.show import table

    v = report.validation
    rows = [
        [name, f"{e.value:.4f}", f"{e.low:.4f}", f"{e.high:.4f}"] for name, e in v.figures.items()
    ]
    title = f"{report.subject}: {v.promises:,} promises of {v.parties:,} companies, {v.broken_share:.1%} broken"
    out().print(table(["figure", "value>", "from>", "to>"], rows, title=title))
    rivals = [
        [
            r.name,
            f"{r.log_loss.value:.4f}",
            f"{r.auc.value:.3f}",
            f"{r.ece:.3f}",
            f"{r.less.value:+.4f}",
        ]
        for r in v.rivals
    ]
    out().print(table(["model", "log loss>", "AUC>", "ECE>", "ours less its>"], rivals))
    for finding in report.findings:
        say(f"{'yes' if finding.holds else 'NO '}  {finding.text}")
