"""Company names: which pairs are joined and kept apart, by kind of difficulty, beside plainer ways."""

from __future__ import annotations

import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import ROOT, say, table
from tallystick.evidence.identifiers import normalise_name
from tallystick.identity.names import compare_names

PAIRS = ROOT / "tests" / "unit" / "identity" / "name_pairs.tsv"
BLIND = PAIRS.with_name("name_pairs_blind.tsv")
ROUNDS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)
CUTOFF = 90
"""Similarity, of 100, from which the peer's ratio counts as the same; its best on the tuned half."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pair: whether it is one company, its languages, the kind of difficulty, the names, and the round
    of a pair that was written blind."""

    same: bool
    languages: str
    kind: str
    a: str
    b: str
    round: str = ""

    @property
    def held_out(self) -> bool:
        """Whether the pair was not looked at while tuning."""
        return zlib.crc32(f"{self.a}\t{self.b}".encode()) % 2 == 1


def read_pairs(path: Path = PAIRS) -> list[Row]:
    """The pairs of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Row(c[0] == "1", *c[1:]) for c in cells]


def ways() -> dict[str, Callable[[str, str], bool]]:
    """Name of a way -> whether it takes two names for one company's."""
    from rapidfuzz.fuzz import token_set_ratio

    def ratio(cutoff: int) -> Callable[[str, str], bool]:
        return lambda a, b: token_set_ratio(normalise_name(a), normalise_name(b)) >= cutoff

    return {
        "compare_names": lambda a, b: compare_names(a, b).verdict == "same",
        "equal normalised names": lambda a, b: normalise_name(a) == normalise_name(b) != "",
        **{f"token_set_ratio >= {n}": ratio(n) for n in (CUTOFF - 10, CUTOFF, 100)},
    }


def figures(rows: Sequence[Row], way: Callable[[str, str], bool]) -> tuple[float, float]:
    """Precision and recall."""
    said = [(row.same, way(row.a, row.b)) for row in rows]
    hits = sum(truth and found for truth, found in said)
    return hits / max(1, sum(found for _, found in said)), hits / sum(truth for truth, _ in said)


def by_kind(rows: Sequence[Row]) -> list[tuple[str, str, int, int, int, int]]:
    """Per truth and kind: pairs, and the verdicts."""
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        counts["same" if row.same else "different", row.kind][
            compare_names(row.a, row.b).verdict
        ] += 1
    return [
        (truth, kind, sum(said.values()), said["same"], said["unsure"], said["different"])
        for (truth, kind), said in sorted(counts.items())
    ]


def main(scale: float = 1.0) -> dict[str, float]:
    """Print the tables; returns the figures that are watched. `scale` changes nothing here."""
    rows, blind = read_pairs(), read_pairs(BLIND)
    table("By kind", ("truth", "kind", "pairs", "same", "unsure", "different"), by_kind(rows))
    halves = {
        "tuned on": [r for r in rows if not r.held_out],
        "held out": [r for r in rows if r.held_out],
    }
    rounds = {f"blind, {name}": [r for r in blind if r.round == name] for name in ROUNDS}
    lines: list[tuple[object, ...]] = []
    watched: dict[str, float] = {}
    for half, part in {**halves, "all": rows, **rounds}.items():
        for name, way in ways().items():
            precision, recall = figures(part, way)
            lines.append((half, name, len(part), precision, recall))
            if name == "compare_names":
                watched |= {f"precision_{half}": precision, f"recall_{half}": recall}
    table("Of one company, joined", ("half", "way", "pairs", "precision", "recall"), lines)
    began = time.process_time()
    for row in rows:
        compare_names(row.b, row.a)
    micros = (time.process_time() - began) / len(rows) * 1e6
    say(f"\n  {micros:.0f} microseconds of processor per comparison of names already read")
    return watched | {"micros": micros}


if __name__ == "__main__":
    main()
