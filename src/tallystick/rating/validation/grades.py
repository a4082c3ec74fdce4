"""Whether each grade breaks as often as it says, and how ratings move from one grade to another.

Idea: Jeffreys' test holds the probability that a grade states against the Beta(D + 1/2, n - D + 1/2) of what
was seen. Promises are not independent: those of one party stand or fall together, and so, a little, do those
that all parties make in one month, since nobody foresees the shock of a month (docs/decisions/0022). So n and D
are first divided by the design effect: the variance of the broken count with both kinds of dependence in it,
over that of independent promises.

Worked example: 400 promises at 2 %, 12 broken: 1.5 times too many. Taken as independent, the test says .17; if
the scatter is four times that of independent promises, 100 and 3, it says .44: nothing is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.stats import beta, norm, t

from tallystick.rating.policy import GRADE_CEILING_PPM, GRADES
from tallystick.rating.validation.bootstrap import party_codes
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.units import PPM

LEVEL: Final = 0.05
SURE: Final = 1 - LEVEL / 2


@dataclass(frozen=True, slots=True)
class GradeTest:
    """A grade of the master scale: what it said, what came, and whether the two can be told apart."""

    grade: str
    promises: int
    parties: int
    expected: float
    observed: float
    design_effect: float
    p_value: float

    @property
    def rejected(self) -> bool:
        """Whether the stated probability is refuted at 5 % (two-sided)."""
        return self.p_value < LEVEL


@dataclass(frozen=True, slots=True)
class Migration:
    """Companies by grade before (rows) and after (columns), in the order of `grades`; the rest came or went."""

    grades: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    stayed: float
    better: float
    worse: float
    came: int
    went: int


def grade_of(p: Floats) -> Ints:
    """Place of each probability on the master scale, 0 the best."""
    return np.searchsorted(GRADE_CEILING_PPM, np.rint(p * PPM)).astype(np.int64)


def grade_tests(p: Floats, y: Floats, party: Ints, day: Ints | None = None) -> list[GradeTest]:
    """Jeffreys' test of every grade that was given, from the best. `day`: when each promise was made; without
    it months are taken for independent, and more is refuted than ought to be."""
    grade, month = grade_of(p), np.zeros(len(p), np.int64) if day is None else months_of(day)
    columns = p, y, party, month
    return [_test(GRADES[n], *(a[grade == n] for a in columns)) for n in np.unique(grade)]


def _test(grade: str, p: Floats, y: Floats, party: Ints, month: Ints) -> GradeTest:
    effect = design_effect(p, y, party, month)
    expected, broken, number = float(p.mean()), float(y.sum()), len(y)
    return GradeTest(
        grade=grade,
        promises=number,
        parties=len(np.unique(party)),
        expected=expected,
        observed=broken / number,
        design_effect=effect,
        p_value=jeffreys(expected, broken / effect, number / effect),
    )


def jeffreys(expected: float, broken: float, number: float) -> float:
    """Two-sided p-value of a stated probability, given broken promises of a number."""
    below = float(beta.cdf(expected, broken + 0.5, number - broken + 0.5))
    return min(1.0, 2 * min(below, 1 - below))


def months_of(day: Ints) -> Ints:
    """The calendar month of each day number, counted from that of day 0."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def design_effect(p: Floats, y: Floats, party: Ints, month: Ints) -> float:
    """Variance of the broken count with the promises of a party together and those of a month together
    (Cameron, Gelbach and Miller 2011), never less than with parties alone, over that of independent ones.

    What is known of a variance from few parties or months is itself uncertain: the effect grows by as much as
    Student's t lies beyond the normal. One party alone counts as one promise."""
    number, rate = len(y), float(y.mean())
    alone = number * rate * (1 - rate)
    parties, months = len(np.unique(party)), len(np.unique(month))
    if parties == 1:
        return float(number)
    if alone <= 0:
        return 1.0
    off = y - p
    off -= off.mean()
    variance, freedom = _clustered(off, party), parties - 1
    if months > 1:
        both = party_codes(party)[0] * (int(month.max()) + 1) + month
        two_way = variance + _clustered(off, month) - _clustered(off, both)
        if two_way > variance:
            variance, freedom = two_way, min(parties, months) - 1
    effect = variance / alone * float(t.ppf(SURE, freedom) / norm.ppf(SURE)) ** 2
    return min(max(1.0, effect), float(number))


def _clustered(off: Floats, cluster: Ints) -> float:
    """Variance of a sum of deviations, those of one cluster together."""
    codes, clusters = party_codes(cluster)
    summed = np.bincount(codes, off, clusters)
    return float(summed @ summed * clusters / (clusters - 1))


def migration(before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> Migration:
    """How companies moved between two sets of (company, grade)."""
    old, new = dict(before), dict(after)
    given = {*old.values(), *new.values()}
    names: tuple[str, ...] = tuple(g for g in (*GRADES, "X", "NR") if g in given)
    both = old.keys() & new.keys()
    pairs = [names.index(old[c]) * len(names) + names.index(new[c]) for c in both]
    counts = np.bincount(pairs, minlength=len(names) ** 2).reshape(len(names), len(names))
    ranked = len(names) - ("NR" in names)  # who loses or gains a grade has neither risen nor fallen
    moved = counts[:ranked, :ranked]
    total = max(len(both), 1)
    return Migration(
        grades=names,
        counts=tuple(tuple(int(n) for n in row) for row in counts),
        stayed=float(np.trace(counts) / total),
        better=float(np.tril(moved, -1).sum() / total),
        worse=float(np.triu(moved, 1).sum() / total),
        came=len(new) - len(both),
        went=len(old) - len(both),
    )


def graded(ratings: pa.Table) -> list[tuple[int, str]]:
    """(company, grade) of the headlines of a table of ratings."""
    rows = ratings.filter(pc.equal(ratings["scope"], "headline"))
    return list(zip(rows["company"].to_pylist(), rows["grade"].to_pylist(), strict=True))
