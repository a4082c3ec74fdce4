"""House rules that a machine can see."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
STAGES = (
    "identity",
    "deals",
    "promises",
    "record",
    "rating",
    "report",
    "watch",
    "exchange",
    "world",
)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 450
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 70, f"{node.name} is too long"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_modules_and_what_they_export_are_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module says nothing about itself"
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if public:
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_stage_exports_is_there(stage: str) -> None:
    module = importlib.import_module(f"tallystick.{stage}")
    assert module.__all__ == sorted(
        module.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n)
    )
    assert all(hasattr(module, name) for name in module.__all__)


def test_every_sql_file_says_its_grain_or_promise() -> None:
    for path in sorted((ROOT / "src").rglob("*.sql")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert re.match(r"-- (Grain: |[a-z_, ]+: )", first), path.name


def test_nothing_is_left_for_later_and_no_host_is_named() -> None:
    left = re.compile(r"\b(FIXME|HACK)\b")
    host = re.compile(r"pythonhos" + r"ted|registry\.npm" + r"js|deb\.deb" + r"ian", re.I)
    for path in tracked():
        if path.suffix in {".py", ".sql", ".toml", ".txt", ".md", ".yml"} and path.exists():
            text = path.read_text(encoding="utf-8")
            assert not host.search(text), path
            assert (
                path.suffix not in {".py", ".sql"}
                or path == Path(__file__)
                or not left.search(text)
            ), path


def test_links_between_documents_lead_somewhere() -> None:
    for path in tracked():
        if path.suffix != ".md" or not path.exists():
            continue
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target):
                assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} -> {target}"


def test_the_lock_pins_every_package_with_a_hash() -> None:
    for name in ("run", "dev"):
        lines = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").splitlines()
        pins = [n for n, line in enumerate(lines) if re.match(r"^[a-z0-9].*==", line)]
        assert len(pins) > 20
        assert all("--hash=sha256:" in lines[n + 1] for n in pins)


def test_no_copyleft_beyond_lgpl_at_run_time() -> None:
    from importlib.metadata import PackageNotFoundError, metadata

    lock = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    for name in re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.M):
        try:
            meta = metadata(name)
        except PackageNotFoundError:  # pinned for another platform or Python
            continue
        licence = " ".join(
            [meta.get("License-Expression") or "", *(meta.get_all("Classifier") or [])]
        )
        assert not re.search(
            r"(?<!L)(?<!Lesser )GPL(?!v?2?\+? or later .*LGPL)", licence.replace("LGPL", "")
        ), f"{name}: {licence}"
