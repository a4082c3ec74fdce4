"""How long `tallystick --help` takes, beside a Python that does nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.common import table

RUNS = 10
TARGET_S = 0.3


def timed(command: list[str]) -> float:
    """Seconds from start to end of a command."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the table; returns the figures that are watched. `scale` changes nothing here."""
    program = str(Path(sys.executable).parent / "tallystick")
    commands = {
        "tallystick --help": [program, "--help"],
        "tallystick --version": [program, "--version"],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    for command in commands.values():
        timed(command)
    taken = {name: [timed(command) for _ in range(RUNS)] for name, command in commands.items()}
    bare = statistics.median(taken["python -c pass"])
    rows = []
    for name, seconds in taken.items():
        p50 = statistics.median(seconds)
        rows.append((name, p50, min(seconds), max(seconds), p50 / bare))
    heads = ("command", "p50 s", "min", "max", "times bare Python")
    table(f"{RUNS} runs each; target: p50 under {TARGET_S} s", heads, rows)
    return {"p50_s": rows[0][1], "ratio_to_python": rows[0][4]}


if __name__ == "__main__":
    main()
