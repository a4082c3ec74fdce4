"""What `report` and `deal` share: which format the options mean, and where the text goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from tallystick.doors.cli.common import Door, emit, say

ENDINGS = {".html": "html", ".htm": "html", ".svg": "svg", ".json": "json", ".pdf": "pdf"}


def format_of(form: str, output: Path | None, json: bool, formats: Sequence[str], what: str) -> str:
    """The format that the options mean, of those that there are (`terminal`, then those of files, the one that
    is asked for most at the end). Raises a usage error for one that there is not."""
    files = formats[:0:-1]
    if form and form not in formats:
        raise typer.BadParameter(f"{form!r} is not a format of a {what}; use {', '.join(formats)}")
    if output is None:
        return form or ("json" if json else "terminal")
    if form == "terminal":
        raise typer.BadParameter(f"-o writes {_listed(files)}, not the terminal format")
    ending = ENDINGS.get(output.suffix.lower(), "")
    if not form and ending not in files:
        endings = _listed([f".{name}" for name in files])
        raise typer.BadParameter(f"{output.name} has no ending that says a format: use {endings}")
    return form or ending


def _listed(words: Sequence[str]) -> str:
    """Words with commas, and `or` before the last."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def hand_over(door: Door, made: str | bytes, output: Path | None) -> None:
    """Print what was made, or write it to a file and say so."""
    if output is None:
        typer.echo(made, nl=isinstance(made, str) and not made.endswith("\n"))
        return
    output.write_bytes(made.encode() if isinstance(made, str) else made)
    if door.json:
        emit({"written": str(output)})
    else:
        say(f"Wrote {output}")
