"""How near clusters come to the truth: pairwise and B-cubed precision, recall and F1.

Pairwise counts pairs of records: of those put together, which belong together, and the other way round; a
cluster of n counts (n-1)n/2 times. B-cubed asks each record: of those in my cluster, how many belong to me,
and the other way round; every record counts once, so that large clusters do not drown small ones.

>>> quality = measure(["a", "a", "a", "b"], ["x", "x", "y", "y"])
>>> quality.pairwise.precision, quality.pairwise.recall      # 1 of 3 pairs found, 1 of 2 true pairs
(0.3333333333333333, 0.5)
>>> quality.bcubed.precision, quality.bcubed.recall          # (2/3+2/3+1/3+1)/4, (1+1+1/2+1/2)/4
(0.6666666666666666, 0.75)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """`precision`: how much of what was put together belongs together; `recall`: how much of what belongs
    together was put together."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Both views of how near clusters come to the truth."""

    pairwise: Score
    bcubed: Score

    def figures(self) -> tuple[float, float, float, float, float, float]:
        """Precision, recall and F1, pairwise and then B-cubed."""
        p, b = self.pairwise, self.bcubed
        return (p.precision, p.recall, p.f1, b.precision, b.recall, b.f1)


def measure(found: Sequence[Hashable], truth: Sequence[Hashable]) -> Quality:
    """Quality of the clusters in `found` against those in `truth`: each holds one cluster per record, in the
    same order. Where there is nothing to find or nothing was found, the figure is 1."""
    if len(found) != len(truth):
        raise ValueError(f"{len(found)} clusters found for {len(truth)} records")
    cells = Counter(zip(found, truth, strict=True))
    mine, theirs = Counter(found), Counter(truth)
    together = _pairs(cells.values())
    pairwise = Score(
        _share(together, _pairs(mine.values())), _share(together, _pairs(theirs.values()))
    )
    # Fractions, so that the order of the records does not move the last digit.
    precision, recall = Fraction(0), Fraction(0)
    by_size: Counter[tuple[int, int, int]] = Counter(
        (n, mine[cluster], theirs[entity]) for (cluster, entity), n in cells.items()
    )
    for (n, of_mine, of_theirs), times in by_size.items():
        precision += Fraction(n * n * times, of_mine)
        recall += Fraction(n * n * times, of_theirs)
    records = max(1, len(found))
    bcubed = Score(float(precision / records), float(recall / records))
    return Quality(pairwise, bcubed if found else Score(1.0, 1.0))


def _pairs(sizes: object) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)  # type: ignore[attr-defined]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
