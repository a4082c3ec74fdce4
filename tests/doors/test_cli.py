"""The program as a user meets it: help that teaches, exit codes, errors as sentences."""

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from tallystick.doors.cli import main as program
from tallystick.doors.cli.common import parse_day, parse_moment
from tallystick.doors.cli.main import COMMANDS

LEAVES = [(name,) for name in COMMANDS] + [("mapping", "suggest"), ("mapping", "check")]


@pytest.mark.parametrize("command", LEAVES, ids=" ".join)
def test_help_of_each_command_has_examples(run, command):
    ran = run(*command, "--help")
    assert ran.code == 0
    assert f"tallystick {' '.join(command)}" in ran.out.split("Examples:")[1]


def test_help_lists_every_command_in_the_order_of_use(run):
    out = run("--help").out
    places = [out.index(f"\n  {name} ") for name in ("demo", "mapping", "ingest", "rate", "doctor")]
    assert places == sorted(places)


RUNNING = {("serve",), ("agent",), ("worker",)}
"""Commands that run on: what they tell is JSON anyway: a log, or the protocol of agents."""


@pytest.mark.parametrize("command", [c for c in LEAVES if tuple(c) not in RUNNING], ids=" ".join)
def test_each_command_speaks_json(run, command):
    assert "--json" in run(*command, "--help").out


def test_help_pays_for_no_engine():
    code = (
        "import sys; from tallystick.doors.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pyarrow', 'duckdb', 'numpy', 'scipy', 'pydantic', 'rich', 'lxml'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_is_quick():
    """In time of the processor: on a machine that is busy otherwise, the clock says little."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def once() -> float:
        before = spent()
        line = [
            sys.executable,
            "-c",
            "from tallystick.doors.cli.main import main; main(['--help'])",
        ]
        subprocess.run(line, capture_output=True, check=True)
        return spent() - before

    assert min(once() for _ in range(5)) < 0.3


def test_version(run):
    assert run("--version").out.startswith("tallystick 0.")


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("rate",), 1, "tallystick init"),
        (("batches", "--book", "nowhere"), 1, "nowhere is no book"),
        (("ingest", "no-such-file.csv"), 1, "no-such-file.csv does not exist"),
        (("ingest", "bad.bin"), 1, "not something Tallystick reads"),
        (("ingest",), 2, "PATH"),
        (("ingest", "bad.bin", "--kind", "bank"), 2, "--contributor"),
        (("ingest", "bad.bin", "--contributor", "A", "--kind", "wizard"), 1, "wizard"),
        (("rate", "--as-of", "yesterday"), 2, "2026-01-31"),
        (("rate", "--as-of", "9999-12-31"), 2, "1900 to 2100"),
        (("rate", "--known-at", "noon"), 2, "is not a moment"),
        (("ratings", "-o", "ratings.xls"), 1, ".parquet"),
        (("nonsense",), 2, "No such command"),
        (("ratinks",), 2, "Did you mean"),
        (("report", "acme", "--format", "docx"), 2, "html"),
        (("report", "acme", "-o", "acme.doc"), 2, ".html"),
        (("mapping", "check", "no.csv"), 1, "no.csv"),
        (("mapping", "suggest", "."), 1, "folder"),
        (("simulate", "--companies", "1", "--out", "w"), 1, "companies"),
        (("simulate",), 2, "--out"),
        (("simulate", "--out", "."), 1, "not an empty folder"),
        (("demo", "--out", "."), 1, "no demo"),
        (("retract", "abcdef", "--why", "x", "--book", "."), 1, "is no book"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_a_code(run, tmp_path: Path, args, code, word):
    (tmp_path / "bad.bin").write_bytes(b"\x00\x01\x02")
    ran = run(*args)
    assert (ran.code, word in " ".join(ran.err.replace("│", " ").split())) == (code, True), ran.err
    assert not ran.out


def test_an_error_is_json_with_json(run):
    ran = run("rate", "--json")
    assert ran.code == 1
    assert '"exit": 1' in ran.err


def test_a_bad_setting_names_the_variable(run, monkeypatch):
    monkeypatch.setenv("TALLYSTICK_ENGINE", "abacus")
    ran = run("rate")
    assert ran.code == 1
    assert "TALLYSTICK_ENGINE" in ran.err


def test_book_before_and_after_the_command_and_from_the_environment(run, monkeypatch, tmp_path):
    assert run("--book", "one.book", "init").code == 0
    assert run("init", "--book", "two.book").code == 0
    assert run("init", "three.book").code == 0
    monkeypatch.setenv("TALLYSTICK_BOOK", "four.book")
    assert run("init").code == 0
    names = sorted(path.name for path in tmp_path.glob("*.book"))
    assert names == ["four.book", "one.book", "three.book", "two.book"]
    assert "is a book already" in run("init").out


def test_an_unforeseen_error_is_a_sentence_and_code_70(run, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("the roof fell in")

    monkeypatch.setattr("tallystick.doors.cli.common.Door.open", broken)
    ran = run("batches")
    assert ran.code == 70
    assert "the roof fell in" in ran.err
    assert "--debug" in ran.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_interrupted_is_130(run, monkeypatch, error):
    def stopped(*_: object) -> None:
        raise error

    monkeypatch.setattr("tallystick.doors.cli.common.Door.open", stopped)
    assert run("batches").code == 130


def test_debug_may_stand_anywhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    seen = []
    monkeypatch.setattr(program, "app", lambda args, prog_name: seen.append(args))
    program.main(["rate", "acme", "--debug"])
    assert seen == [["--debug", "rate", "acme"]]


def test_moments():
    assert parse_moment("2026-01-31T18:00:00Z") == datetime(2026, 1, 31, 18, tzinfo=UTC)
    assert parse_moment("2026-01-31T18:00:00") == datetime(2026, 1, 31, 18, tzinfo=UTC)
    assert parse_moment("2026-01-31 20:00+02:00") == datetime(2026, 1, 31, 18, tzinfo=UTC)
    assert parse_moment("9999-12-31").year == 9999
    assert parse_moment("2026-01-31").isoformat() == "2026-01-31T23:59:59.999999+00:00"
    with pytest.raises(typer.BadParameter):
        parse_day("31.01.2026")


def test_doctor_finds_a_missing_book_but_nothing_wrong(run):
    ran = run("doctor", "--json")
    assert ran.code == 0
    states = {check["check"]: check["state"] for check in ran.json["checks"]}
    assert states["engine"] == "ok"
    assert states["book"] == "warn"
    assert "tallystick init" in run("doctor").out


def test_doctor_fails_with_a_fix_for_a_newer_book(run, tmp_path):
    run("init", "b")
    (tmp_path / "b" / "tallystick.json").write_text('{"format": 99}')
    ran = run("doctor", "--book", "b")
    assert ran.code == 1
    assert "upgrade" in ran.out
