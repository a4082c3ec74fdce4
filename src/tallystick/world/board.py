"""The leaderboard of `world-1`: how good a rating is, where the truth is known.

Idea: a rating is a table (company, kind, probability, and perhaps an interval) made from what was known at
`as_of`. It is asked about every promise that honest firms made in the ninety days after. The oracle, who
knows the hidden state at `as_of`, is asked the same: nobody can rank better than it does.

Two ways of being right are kept apart. `observed` figures compare with what was drawn: all that one has in
life, and noisy in small groups. `true` figures compare with the probability at which it was drawn.

Worked example: four promises rated .1, .1, .3, .3 and broken in the last two cases: AUC 1, observed over
expected 2 / .8 = 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallystick.world.check import Floats, rank_correlation
from tallystick.world.companies import Bools, Ints

AFTER: Final = 90
"""Days after `as_of` in which the promises were made that a rating is asked about."""

LEAST: Final = 2000
"""Promises of a segment that is reported."""

BINS: Final = 10
"""Groups of equally many promises, by rated probability, for the calibration error."""

DEPTHS: Final = (
    (0, "0"),
    (3, "1-3"),
    (10, "4-10"),
    (30, "11-30"),
    (100, "31-100"),
    (10**9, "over 100"),
)
"""Up to how many promises due by `as_of` a firm's file has which depth."""

FLOOR: Final = 1e-4
"""Probabilities nearer to 0 or 1 count as this near, so that the log loss is finite."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rating is worth over some promises. `auc_error`: standard error of its AUC; `ece_true`: the
    calibration error without the noise of the outcomes; `true_expected`: the same of `observed_expected`."""

    promises: int
    broken: int
    auc: float
    auc_error: float
    oracle_auc: float
    log_loss: float
    oracle_log_loss: float
    brier: float
    ece: float
    ece_true: float
    observed_expected: float
    true_expected: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Pairs of company and kind with an interval, and the share whose true probability lies in it."""

    depth: str
    pairs: int
    covered: float
    width: float


@dataclass(frozen=True, slots=True)
class Deceived:
    """Firms that gain by a fraud: pairs of firm and kind that are rated, mean rated and mean true probability
    of breaking the next promise. A rating that is fooled says less than is true."""

    scheme: str
    pairs: int
    rated: float
    true: float


@dataclass(frozen=True, slots=True)
class Board:
    """`rated`: share of the promises whose promisor has a probability of that kind; the others are given the
    mean of their kind. `spearman`: over pairs of company and kind. `segments`: (what, which) -> figures."""

    overall: Figures
    rated: float
    spearman: float
    segments: Mapping[tuple[str, str], Figures]
    coverage: tuple[Coverage, ...]
    deceived: tuple[Deceived, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Figures overall and by segment, as flat rows."""
        everything = {("all", "all"): self.overall, **self.segments}
        return [{"what": a, "which": b, **asdict(found)} for (a, b), found in everything.items()]


@dataclass(frozen=True, slots=True)
class Exam:
    """What ratings are asked: one entry per promise made after `as_of` by an honest trading firm.

    `pair`: the promise's row in `pairs` (company, kind, p, depth), which has every company and kind that the
    oracle has a probability for; `broken`, `p_true` of the promise; `labels`: segment -> code of each promise;
    `frauds`: the pairs (company, kind, p, fraud) of those who gain by a fraud, about whom no promise is asked.
    """

    pairs: pa.Table
    frauds: pa.Table
    pair: Ints
    broken: Bools
    p_true: Floats
    labels: Mapping[str, tuple[Ints, list[str]]]

    @property
    def oracle(self) -> Floats:
        """The oracle's answer to each promise."""
        p: Floats = self.pairs["p"].to_numpy()
        return p[self.pair]


def set_exam(promises: pa.Table, state: pa.Table, companies: pa.Table, as_of: int) -> Exam:
    """The exam of a world. `promises`, `state`, `companies`: its truth; `as_of`: a day number."""
    honest = companies.filter(pc.and_(companies["trading"], pc.is_null(companies["fraud"])))
    honest = honest.append_column("depth", _depth(promises, honest, as_of))
    place = _place(state["company"], honest["company"])
    pairs = state.filter(pc.is_valid(place))
    owner = (
        _place(pairs["company"], honest["company"]).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    pairs = pairs.append_column("depth", honest["depth"].take(pa.array(owner)))
    made = pc.cast(promises["made_on"], pa.int32())
    asked = pc.and_(pc.greater(made, as_of), pc.less_equal(made, as_of + AFTER))
    asked = pc.and_(asked, pc.is_null(promises["planted"]))
    after = promises.filter(asked)
    at = _place(_key(after, "promisor"), _key(pairs, "company"))
    after, at = after.filter(pc.is_valid(at)), at.filter(pc.is_valid(at))
    pair = at.to_numpy(zero_copy_only=False).astype(np.int64)
    firm = honest.take(pa.array(owner[pair]))
    labels = {name: _codes(firm[name]) for name in ("country", "size", "sector", "depth")}
    labels["kind"] = _codes(after["kind"])
    return Exam(
        pairs,
        _frauds(state, companies),
        pair,
        after["broken"].to_numpy(zero_copy_only=False),
        after["p_true"].to_numpy(),
        labels,
    )


def score(exam: Exam, ratings: pa.Table, least: int = LEAST) -> Board:
    """Score a rating. `ratings`: `company`, `kind`, `probability` of breaking the next promise, and, where it
    has intervals of 90 %, `low` and `high`. Rows about others than the exam's companies are passed over."""
    place = _place(_key(exam.pairs, "company"), _key(ratings, "company"))
    known = np.asarray(pc.is_valid(place).to_numpy(zero_copy_only=False))
    given = ratings["probability"].combine_chunks().take(place).to_numpy(zero_copy_only=False)
    kind = _codes(exam.pairs["kind"])[0]
    rated = _filled(np.where(known, given, 0.0), known, kind)
    figures = _Judge(exam, np.clip(rated[exam.pair], FLOOR, 1 - FLOOR))
    segments = {
        (what, names[code]): figures.over(codes == code)
        for what, (codes, names) in exam.labels.items()
        for code in range(len(names))
        if np.count_nonzero(codes == code) >= least
    }
    truth = exam.pairs["p"].to_numpy()
    return Board(
        figures.over(np.ones(len(exam.pair), dtype=np.bool_)),
        float(known[exam.pair].mean()) if len(exam.pair) else 0.0,
        rank_correlation(truth[known], rated[known]),
        segments,
        _coverage(exam, ratings, place) if "low" in ratings.column_names else (),
        _deceived(exam, ratings),
    )


class _Judge:
    """Figures over parts of an exam's promises for one rating."""

    def __init__(self, exam: Exam, rated: Floats) -> None:
        self._exam, self._rated = exam, rated
        self._oracle = np.clip(exam.oracle, FLOOR, 1 - FLOOR)

    def over(self, chosen: Bools) -> Figures:
        """Figures over the chosen promises."""
        y, p = self._exam.broken[chosen], self._rated[chosen]
        oracle, true = self._oracle[chosen], self._exam.p_true[chosen]
        ranks = auc(y, p)
        expected = float(p.sum())
        return Figures(
            promises=len(y),
            broken=int(y.sum()),
            auc=ranks,
            auc_error=_auc_error(ranks, int(y.sum()), int((~y).sum())),
            oracle_auc=auc(y, oracle),
            log_loss=_log_loss(y, p),
            oracle_log_loss=_log_loss(y, oracle),
            brier=float(np.mean((p - y) ** 2)),
            ece=calibration_error(y.astype(np.float64), p),
            ece_true=calibration_error(true, p),
            observed_expected=float(y.sum()) / expected if expected else 0.0,
            true_expected=float(true.sum()) / expected if expected else 0.0,
        )


def auc(broken: Bools, p: Floats) -> float:
    """Probability that a broken promise was rated worse than a kept one; 0.5 where there is only one sort.

    >>> auc(np.array([False, True, False]), np.array([0.1, 0.2, 0.2]))
    0.75
    """
    bad = int(broken.sum())
    good = len(broken) - bad
    if not bad or not good:
        return 0.5
    _, inverse, counts = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[broken].sum() - bad * (bad + 1) / 2) / (bad * good))


def _auc_error(a: float, bad: int, good: int) -> float:
    """Standard error of an AUC after Hanley and McNeil; promises of one firm are taken as independent."""
    if not bad or not good:
        return 0.0
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    variance = a * (1 - a) + (bad - 1) * (q1 - a * a) + (good - 1) * (q2 - a * a)
    return float(np.sqrt(max(variance, 0.0) / (bad * good)))


def calibration_error(true: Floats, p: Floats) -> float:
    """Mean distance of rated and true means over `BINS` groups of equally many, weighted by their size."""
    if not len(p):
        return 0.0
    order = np.argsort(p, kind="stable")
    groups = np.array_split((true - p)[order], BINS)
    return float(sum(abs(group.sum()) for group in groups) / len(p))


def _log_loss(y: Bools, p: Floats) -> float:
    return float(-np.mean(np.where(y, np.log(p), np.log1p(-p)))) if len(y) else 0.0


def _filled(p: Floats, known: Bools, kind: Ints) -> Floats:
    """The mean of its kind where there is no probability, or of all kinds where that has none either."""
    number = np.bincount(kind[known], minlength=kind.max(initial=0) + 1)
    total = np.bincount(kind[known], weights=p[known], minlength=len(number))
    overall = float(p[known].mean()) if known.any() else 0.5
    mean = np.where(number > 0, total / np.maximum(number, 1), overall)
    return np.where(known, p, mean[kind])


def _coverage(exam: Exam, ratings: pa.Table, place: pa.Array) -> tuple[Coverage, ...]:
    low = ratings["low"].combine_chunks().take(place).to_numpy(zero_copy_only=False)
    high = ratings["high"].combine_chunks().take(place).to_numpy(zero_copy_only=False)
    truth = exam.pairs["p"].to_numpy()
    known = ~np.isnan(low.astype(np.float64))
    inside = (low <= truth) & (truth <= high)
    codes, names = _codes(exam.pairs["depth"])
    found = []
    for code in range(len(names)):
        hit = known & (codes == code)
        if hit.any():
            width = float((high - low)[hit].mean())
            found.append(Coverage(names[code], int(hit.sum()), float(inside[hit].mean()), width))
    return tuple(sorted(found, key=lambda row: [n for _, n in DEPTHS].index(row.depth)))


def _frauds(state: pa.Table, companies: pa.Table) -> pa.Table:
    gaining = companies.filter(companies["gains"])
    place = _place(state["company"], gaining["company"])
    scheme = pc.cast(gaining["fraud"], pa.string()).combine_chunks().take(place)
    return state.append_column("fraud", scheme).filter(pc.is_valid(scheme))


def _deceived(exam: Exam, ratings: pa.Table) -> tuple[Deceived, ...]:
    place = _place(_key(exam.frauds, "company"), _key(ratings, "company"))
    given = ratings["probability"].combine_chunks().take(place)
    both = pa.table({"scheme": exam.frauds["fraud"], "p": exam.frauds["p"], "given": given})
    both = both.filter(pc.is_valid(given))
    found = []
    for scheme in sorted(pc.unique(both["scheme"]).to_pylist()):
        mine = both.filter(pc.equal(both["scheme"], scheme))
        means = (float(pc.mean(mine[name]).as_py()) for name in ("given", "p"))
        found.append(Deceived(scheme, len(mine), *means))
    return tuple(found)


def _depth(promises: pa.Table, companies: pa.Table, as_of: int) -> pa.Array:
    """How deep the file of each company is: its promises of all kinds that were due by `as_of`."""
    due = pc.cast(promises["due_on"], pa.int32())
    mine = promises["promisor"].filter(pc.fill_null(pc.less_equal(due, as_of), False))
    place = _place(mine, companies["company"])
    known = place.filter(pc.is_valid(place)).to_numpy(zero_copy_only=False).astype(np.int64)
    number = np.bincount(known, minlength=len(companies))
    band = np.searchsorted(np.array([most for most, _ in DEPTHS]), number)
    return pa.array([name for _, name in DEPTHS]).take(pa.array(band))


def _key(table: pa.Table, company: str) -> pa.Array:
    """Company and kind as one text."""
    kind = pc.cast(table["kind"], pa.string())
    return pc.binary_join_element_wise(table[company], kind, "\t").combine_chunks()


def _place(wanted: pa.Array | pa.ChunkedArray, among: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Where each value stands in another column, null where it does not."""
    values = among.combine_chunks() if isinstance(among, pa.ChunkedArray) else among
    found = pc.index_in(wanted, value_set=values)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _codes(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    encoded = pc.cast(column, pa.string()).combine_chunks().dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()
