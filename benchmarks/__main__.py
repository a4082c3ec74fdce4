"""`python -m benchmarks [NAME ...] [--scale X] [--json FILE]`: run benchmarks and print their tables."""

from __future__ import annotations

import argparse
import importlib
import json
import time
from pathlib import Path

from benchmarks.common import machine_text, say

NAMES = (
    "help_time",
    "small_batches",
    "ingest_csv",
    "readers_trade",
    "readers_goods",
    "readers_payments",
    "simulate",
    "pipeline",
    "rerate",
    "monotone",
    "orders",
    "attack",
    "rescore",
    "engines",
    "identity_names",
    "identity_linking",
    "identity_growth",
    "identity_find",
    "identity_records",
    "accept_data",
    "horizons",
    "world_board",
    "closing",
    "closing_speed",
    "closing_breaks",
    "fuzz",
    "alerts",
    "soak",
    "live",
    "serving",
    "serving_pages",
)


def main() -> None:
    """Run the benchmarks that are named, all by default, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=" ".join(NAMES) + " (default: all)"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1 is full size")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the watched figures there")
    parser.add_argument("--companies", type=int, metavar="N", help="world_board: size of the world")
    parser.add_argument(
        "--ratings", type=Path, metavar="FILE.csv", help="world_board: score it too"
    )
    args = parser.parse_args()
    unknown = set(args.names) - set(NAMES)
    if unknown:
        parser.error(
            f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}"
        )
    say(machine_text())
    figures: dict[str, dict[str, float]] = {}
    for name in args.names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        say(f"\n== {name}: {(module.__doc__ or name).splitlines()[0]}")
        start = time.perf_counter()
        own = {"companies": args.companies, "ratings": args.ratings}
        asked = own if name == "world_board" else {}
        figures[name] = dict(module.main(args.scale, **asked) or {})
        say(f"  ({time.perf_counter() - start:.0f} s)")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
