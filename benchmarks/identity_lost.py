"""Where recall is lost: what becomes of the pairs of descriptions that mean one company, by kind of variation.

A pair that is not found shares no key, or weighs too little, or is asked about, or held between rivals, or kept
apart by what is known of others. *Guessed* are those that nobody could find without a guess (`world/ceiling`):
a description of theirs fits another company too, or holds no word of its company's name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.common import table
from tallystick.identity.linking import EXACT, OUTCOMES
from tallystick.identity.linking.candidates import looked_into, sizes
from tallystick.identity.linking.keys import name_keys
from tallystick.identity.resolve import Companies

Ints = npt.NDArray[np.int64]

WAYS: Final = {
    "joined": "found",
    "ask": "asked about",
    "held": "held",
    "weaker": "held",
    "forbidden": "kept apart",
    "crowded": "kept apart",
}
"""Outcome of a pair that is not in one company -> what is said of it."""

COLUMNS: Final = ("found", "no key", "too little", "asked about", "held", "kept apart")


class Lost(NamedTuple):
    """A true pair: what became of it, whether it can only be guessed, and its kinds of variation."""

    way: str
    guessed: bool
    kinds: frozenset[str]


class Meeting:
    """Under which keys descriptions (parties) are filed and looked into."""

    def __init__(self, found: Companies, names: Mapping[int, str]) -> None:
        self._keys: dict[int, set[int]] = defaultdict(set)
        self._names = names
        for filed in (found.filed.names, found.filed.traits):
            kept = looked_into(filed.key, sizes(filed.key))
            for key, party in zip(filed.key[kept].tolist(), filed.unit[kept].tolist(), strict=True):
                self._keys[party].add(key)

    def met(self, a: int, b: int) -> bool:
        """Whether two share a key; in whatever country, one that all telling words make."""
        if self._keys[a] & self._keys[b]:
            return True
        mine, yours = ({k for k in name_keys(self._names[n]) if k & EXACT} for n in (a, b))
        return bool(mine & yours)


def lost(
    found: Companies,
    party: Ints,
    names: list[str],
    truth: Ints,
    label: Ints,
    kinds: list[list[str]],
    sure: set[int],
) -> Iterator[Lost]:
    """All true pairs. By description: `party`, `names`, `truth`, `label` and `kinds`; `sure`: the parties that
    can be found without a guess."""
    meeting = Meeting(found, dict(zip(party.tolist(), names, strict=True)))
    columns = (found.links[name].to_pylist() for name in ("a", "b", "outcome"))
    outcome = {(a, b): WAYS[OUTCOMES[n]] for a, b, n in zip(*columns, strict=True)}
    groups: dict[int, list[int]] = defaultdict(list)
    for n, company in enumerate(truth.tolist()):
        groups[company].append(n)
    for members in groups.values():
        for n, one in enumerate(members):
            for other in members[:n]:
                a, b = sorted((int(party[one]), int(party[other])))
                way = "found" if label[one] == label[other] else outcome.get((a, b))
                if way is None:
                    way = "too little" if meeting.met(a, b) else "no key"
                shown = frozenset((*kinds[one], *kinds[other])) or frozenset(("none",))
                yield Lost(way, not {a, b} <= sure, shown)


def print_lost(pairs: list[Lost]) -> None:
    """What became of all true pairs, and of those that show a kind of variation."""
    total = Counter(pair.way for pair in pairs)
    guessed = Counter(pair.way for pair in pairs if pair.guessed)
    rows = [
        (way, total[way], f"{total[way] / len(pairs):.4f}", f"{guessed[way] / len(pairs):.4f}")
        for way in COLUMNS
    ]
    sure = 1 - sum(guessed.values()) / len(pairs)
    rows.append(("all without a guess", "", f"{sure:.4f}", ""))
    table("True pairs", ("what became of them", "pairs", "share", "of it guessed"), rows)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        for kind in pair.kinds:
            by_kind[kind][pair.way] += 1
    shares = []
    for kind, ways in by_kind.items():
        count = sum(ways.values())
        shares.append((kind, count, *(ways[way] / count for way in COLUMNS)))
    shares.sort(key=lambda row: row[2])
    table(
        "True pairs, by a kind of variation in them",
        ("kind", "pairs", *COLUMNS),
        [(kind, count, *(f"{x:.3f}" for x in part)) for kind, count, *part in shares],
    )
