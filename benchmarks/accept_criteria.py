"""What a rating must reach on real data (method S12), each with what was measured and whether it is met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyarrow as pa

from tallystick.rating.validation.bootstrap import Estimate
from tallystick.rating.validation.coverage import Coverage, coverage, windows_of
from tallystick.rating.validation.grades import GradeTest, grade_tests
from tallystick.rating.validation.measures import Foretold, paired_log_loss
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.rating.validation.segments import Segment, outcome, probability, segments_of
from tallystick.units import PPM

LIMITS: Final = (
    ("otc", "log_loss", 0.252, 0.247),
    ("otc", "auc", 0.870, 0.880),
    ("otc", "ece", 0.015, 0.010),
    ("otc", "thin", 0.328, 0.321),
    ("ibm", "log_loss", 0.426, 0.418),
    ("ibm", "auc", 0.863, 0.863),
    ("ibm", "deal", 0.412, 0.407),
    ("olist", "log_loss", 0.276, 0.272),
    ("olist", "auc", 0.650, 0.670),
)
"""Set, figure, must, stretch; of AUC at least so much, of the rest at most."""

BASELINES: Final = ("woe", "beta", "beta_180", "kept_rate", "eigentrust", "base_rate")
NOT_WORSE_MUST, NOT_WORSE_AIM = 0.012, 0.004
NEWCOMERS_MUST, NEWCOMERS_AIM = (0.6, 1.35), (0.8, 1.25)
GROUPS_MUST, GROUPS_AIM = (0.8, 1.25), (0.9, 1.1)
COVERAGE_MUST, COVERAGE_AIM = (0.88, 0.98), (0.90, 0.95)
LEAST_PROMISES, LEAST_EXPECTED = 500, 100
REJECTED_MUST: Final = 0.10
THIN: Final = 3


@dataclass(frozen=True, slots=True)
class Met:
    """One check: what it asks, what was measured."""

    check: str
    must: str
    aim: str
    measured: str
    value: float
    must_met: bool
    aim_met: bool


class Tested:
    """One set with the predictions of the model that is judged and of its rivals."""

    def __init__(
        self, name: str, predictions: pa.Table, champion: str, deal: str, draws: int
    ) -> None:
        """`champion` is judged; `deal` is its model of the deal, judged by its log loss alone."""
        self.name, self.predictions, self.champion, self.draws = name, predictions, champion, draws
        self.deal: Floats = probability(predictions, deal)
        self.y: Floats = outcome(predictions)
        self.p: Floats = probability(predictions, champion)
        self.party: Ints = predictions["promisor"].to_numpy()
        self.day: Ints = predictions["day"].to_numpy()

    @cached_property
    def figures(self) -> dict[str, Estimate]:
        """All measures of the champion, and two more log losses: `thin`, of the champion on parties of which
        little is known, and `deal`, of the model of the deal."""
        thin = self.predictions["known"].to_numpy() <= THIN
        found = Foretold(self.p, self.y, self.party).estimates(self.draws)
        deal = Foretold(self.deal, self.y, self.party)
        found["deal"] = deal.estimates(self.draws)["log_loss"]
        if thin.any():
            few = Foretold(self.p[thin], self.y[thin], self.party[thin])
            found["thin"] = few.estimates(self.draws)["log_loss"]
        return found

    @cached_property
    def segments(self) -> list[Segment]:
        """By thickness of file, country and size."""
        return segments_of(self.predictions, self.champion, self.draws)

    @cached_property
    def grades(self) -> list[GradeTest]:
        """Jeffreys' test of each grade."""
        return grade_tests(self.p, self.y, self.party, self.day)

    @cached_property
    def grades_by_company(self) -> list[GradeTest]:
        """The same as if months were independent of each other."""
        return grade_tests(self.p, self.y, self.party)

    @cached_property
    def coverage(self) -> Coverage:
        """Of the 90 % interval of the next broken count."""
        evidence = self.predictions["evidence_micro"].to_numpy() / PPM
        day = self.predictions["day"].to_numpy()
        found = windows_of(self.p, self.y, self.party, day, evidence)
        return coverage(found, draws=self.draws)

    def less(self, rival: str) -> Estimate:
        """Log loss of the champion less that of a rival."""
        return paired_log_loss(
            self.p, probability(self.predictions, rival), self.y, self.party, self.draws
        )


def judged(tested: Sequence[Tested]) -> list[Met]:
    """Every check that the sets at hand allow."""
    found: list[Met] = []
    for one in tested:
        found += [*_limits(one), *_rivals(one), *_segments(one), *_coverage(one)]
    if tested:
        found.append(_grades(tested))
    return found


def _limits(one: Tested) -> Iterator[Met]:
    for name, figure, must, aim in LIMITS:
        if name == one.name and figure in one.figures:
            e, more = one.figures[figure], figure == "auc"
            sign = "≥" if more else "≤"
            good = [e.value >= limit if more else e.value <= limit for limit in (must, aim)]
            asked = (f"{sign}{must:.3f}", f"{sign}{aim:.3f}")
            yield Met(f"{name} {figure}", *asked, _told(e), e.value, good[0], good[1])


def _rivals(one: Tested) -> Iterator[Met]:
    gap = one.less("lightgbm_tuned")
    must, aim = NOT_WORSE_MUST, NOT_WORSE_AIM
    yield Met(
        f"{one.name} against tuned LightGBM",
        f"top ≤+{must}",
        f"top ≤+{aim}",
        _told(gap, sign=True),
        gap.high,
        gap.high <= must,
        gap.high <= aim,
    )
    for name in BASELINES:
        gap = one.less(name)
        yield Met(
            f"{one.name} against {name}",
            "below 0",
            "all of it",
            _told(gap, sign=True),
            gap.value,
            gap.value < 0,
            gap.high < 0,
        )


def _segments(one: Tested) -> Iterator[Met]:
    for s in one.segments:
        e = s.observed_expected
        if s.dimension == "known" and s.value in ("0", "1-3") and s.promises >= LEAST_PROMISES:
            bands = NEWCOMERS_MUST, NEWCOMERS_AIM
            good = [e.within(*band) for band in bands]
        elif s.dimension in ("country", "size") and s.expected >= LEAST_EXPECTED:
            bands = GROUPS_MUST, GROUPS_AIM
            # a group's own figure may miss by chance: its interval must reach into the band
            good = [e.low <= high and e.high >= low for low, high in bands]
        else:
            continue
        asked = tuple(f"{low:g}-{high:g}" for low, high in bands)
        check = f"{one.name} observed/expected, {s.dimension} {s.value}"
        yield Met(check, *asked, _told(e, 2), e.value, good[0], good[1])


def _coverage(one: Tested) -> Iterator[Met]:
    found = one.coverage
    if found.windows:
        bands = COVERAGE_MUST, COVERAGE_AIM
        asked = tuple(f"{low:g}-{high:g}" for low, high in bands)
        good = [found.held.within(*band) for band in bands]
        told = f"{_told(found.held)} of {found.windows:,}; right would be {found.should_hold:.3f}"
        check = f"{one.name} 90 % intervals hold"
        yield Met(check, *asked, told, found.held.value, good[0], good[1])


def _grades(tested: Sequence[Tested]) -> Met:
    cells = [test for one in tested for test in one.grades]
    rejected = sum(test.rejected for test in cells)
    alone = sum(test.rejected for one in tested for test in one.grades_by_company)
    share = rejected / len(cells)
    return Met(
        "grades refuted (Jeffreys, design effect)",
        f"≤{REJECTED_MUST:.0%}",
        "",
        f"{rejected} of {len(cells)}; with companies alone for clusters {alone}",
        share,
        share <= REJECTED_MUST,
        share <= REJECTED_MUST,
    )


def _told(e: Estimate, digits: int = 4, sign: bool = False) -> str:
    form = f"{'+' if sign else ''}.{digits}f"
    return f"{e.value:{form}} [{e.low:{form}}, {e.high:{form}}]"
