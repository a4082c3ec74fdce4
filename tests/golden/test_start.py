"""The walk in docs/start.md: its commands are run, and every line that it shows is printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("tallystick")
DATA_FILE = "WA_Fn-UseC_-Accounts-Receivable.csv"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = re.compile("─+")
BATCH = re.compile(r"\b[0-9a-f]{12,64}\b")


def steps() -> list[tuple[str, list[str]]]:
    """Each command of the walk with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    text = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    for language, block in BLOCK.findall(text):
        for line in block.splitlines() if not language else ():
            if line.startswith("$ tallystick"):
                found.append((line[2:], []))
            elif line.startswith("1 of 1 batch"):
                found.append((next(said for said, _ in found if " ingest " in said), [line]))
            elif line.strip() and line.strip() != "..." and not line.startswith("$ "):
                found[-1][1].append(line)
    return found


def words(line: str) -> str:
    """A line without its spacing and rules, and without the names of batches and policies."""
    return " ".join(RUN.sub("─", BATCH.sub("#", line)).split())


@pytest.fixture
def folder(tmp_path: Path, data_path: Callable[[str], Path]) -> Path:
    (tmp_path / DATA_FILE).write_bytes(
        data_path(f"ibm_accounts_receivable/{DATA_FILE}").read_bytes()
    )
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


def test_the_walk_prints_what_it_says(folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TALLYSTICK_BOOK", "receivables.book")
    monkeypatch.setenv("COLUMNS", "100")
    walk = steps()
    assert len(walk) == 12
    for command, shown in walk:
        program, _, target = command.partition(" > ")
        arguments = [str(PROGRAM), *shlex.split(program)[1:]]
        ran = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{command}\n{ran.stderr}"
        if target:
            (folder / target).write_text(ran.stdout, encoding="utf-8")
        printed = {words(line) for line in (ran.stdout + ran.stderr).splitlines()}
        missing = [line for line in shown if words(line) not in printed]
        assert not missing, f"{command} does not print {missing}; it prints\n{ran.stdout}"
    assert (folder / "6708-DPYTF.html").stat().st_size > 10_000
