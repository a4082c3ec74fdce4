"""What the commands of policies share: which policy is meant, who commits, and how a commit is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tallystick.doors.cli.common import Door

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from tallystick.adapters.policies import Commit
    from tallystick.rating import Policy


def meant(door: Door, text: str) -> Policy:
    """The policy of a file, or the one that a name or digest means; none: the one in force. A book that was
    named must be there; without one, there is the shipped policy."""
    from tallystick.adapters.policies import find, history, in_force, read_file
    from tallystick.units import micros

    if text.endswith(".toml") or "/" in text:
        return read_file(Path(text)).policy
    if door.book is not None:
        door.open().close()
    commits = history(door.folder)
    return find(commits, text) if text else in_force(commits, micros(datetime.now(UTC)))


def name_of(output: Path, force: bool) -> str:
    """The name of the policy that a file to be written stands for. Refuses a file that is there, unless
    `force`, and one whose name is none for a policy, before any work is done."""
    from tallystick.evidence.ledger import EvidenceError
    from tallystick.rating.policy_file import NAME

    if output.suffix != ".toml":
        raise typer.BadParameter(f"{output.name} must end in .toml")
    if not NAME.fullmatch(output.stem):
        raise EvidenceError(
            f"{output.stem!r} is no name for a policy: begin the file's name with a letter, and use "
            "up to 60 letters, digits, dots, dashes and underscores"
        )
    if output.exists() and not force:
        raise EvidenceError(
            f"{output} is there already; name another file, or replace it with --force"
        )
    return output.stem


def who_commits(note: str, by: str) -> str:
    """Who commits; a usage error where that, or the reason, is not told."""
    if not note.strip():
        raise typer.BadParameter("say why: --note TEXT")
    if by.strip():
        return by
    import os
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        raise typer.BadParameter("say who commits: --by NAME") from None


def states_of(commits: Sequence[Commit], current: Policy) -> list[str]:
    """`in force`, `waits` for its day, or `superseded`, for each; a newer commit goes before an older one from
    its day on."""
    out = ["superseded"] * len(commits)
    first = date.max
    for n in reversed(range(len(commits))):
        begins = commits[n].valid_from
        if begins <= datetime.now(UTC).date():
            out[n] = "in force" if commits[n].policy == current else out[n]
            break
        if begins < first:
            out[n], first = "waits", begins
    return out


def named(policy: Policy) -> dict[str, str]:
    """Name and digest, for JSON."""
    return {"policy": policy.name, "digest": policy.digest()}


def commit_row(made: Commit) -> dict[str, Any]:
    """A commit, for JSON."""
    facts = ("number", "by", "note", "previous", "key", "signature", "file")
    told = {name: getattr(made, name) for name in facts}
    dates = {"valid_from": made.policy.valid_from, "at": moment(made)}
    return {**named(made.policy), **dates, **told}


def moment(made: Commit) -> str:
    """When it was committed, in ISO 8601, UTC."""
    from tallystick.units import moment_of

    return moment_of(made.at_us).isoformat().replace("+00:00", "Z")


def changes_table(changed: list[tuple[str, Any, Any]], lang: str) -> Table:
    """Parameters that differ, as lines for a terminal; tables that only one of the two has as one line each."""
    from tallystick.doors.cli.show import table
    from tallystick.rating.policy_words import means

    cells = [
        [
            path,
            "–" if old is None else str(old),
            "–" if new is None else str(new),
            means(path, lang).replace("\n", " "),
        ]
        for path, old, new in _folded(changed)
    ]
    heads = ("参数|", "现值>", "新值>", "含义?") if lang == "zh" else ()
    return table(heads or ("field|", "now>", "then>", "meaning?"), cells)


def _folded(changed: list[tuple[str, Any, Any]]) -> list[tuple[str, Any, Any]]:
    """What differs, with cards that only one of the two has, and where fitted ones come from, as one line."""
    out: dict[str, tuple[str, Any, Any]] = {}
    sides: dict[str, list[tuple[Any, Any]]] = {}
    for path, old, new in changed:
        sides.setdefault(_table_of(path), []).append((old, new))
    for path, old, new in changed:
        place = _table_of(path)
        alone = [all(pair[n] is None for pair in sides[place]) for n in (0, 1)]
        if place == "fitted" or (place != path and any(alone)):
            out[place] = (place, None if alone[0] else "…", None if alone[1] else "…")
        else:
            out[path] = (path, old, new)
    return list(out.values())


def _table_of(path: str) -> str:
    """The card of a field, `fitted` for all that is in there, or the field itself."""
    parts = path.split(".")
    return {"cards": ".".join(parts[:2]), "fitted": "fitted"}.get(parts[0], path)


def changes(changed: list[tuple[str, Any, Any]]) -> list[dict[str, Any]]:
    """Parameters that differ, for JSON."""
    return [{"field": path, "now": old, "then": new} for path, old, new in changed]
