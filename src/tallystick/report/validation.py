"""The validation report: what was measured, and what follows from it, in words.

`compose_validation` judges the figures of one model (`rating.validation`) by the limits of the method and says
what holds and what does not; `validation_json` and `render_validation` lay the same report out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyarrow as pa

from tallystick.rating.validation import Validation, validate
from tallystick.rating.validation.bootstrap import DRAWS
from tallystick.rating.validation.grades import Migration
from tallystick.rating.validation.segments import OTHERS, Segment
from tallystick.rating.validation.stability import MOVED
from tallystick.rating.validation.validate import Progress
from tallystick.report.phrases import Phrases

FORMAT: Final = "tallystick.validation/1"
"""Goes up when a key changes its meaning or goes away; new keys may come at any time."""

ECE_LIMIT: Final = 0.02
REJECTED_LIMIT: Final = 0.10
COVERAGE_LIMITS: Final = (0.88, 0.98)
NEWCOMER_LIMITS: Final = (0.6, 1.35)
SEGMENT_LIMITS: Final = (0.8, 1.25)
LEAST_EXPECTED: Final = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was asked of the rating: whether it holds, and the sentence that says so."""

    key: str
    holds: bool
    text: str


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The report in one language."""

    lang: str
    subject: str
    findings: tuple[Finding, ...]
    validation: Validation


def compose_validation(
    predictions: pa.Table,
    model: str,
    subject: str,
    lang: str = "en",
    factors: pa.Table | None = None,
    migration: Migration | None = None,
    draws: int = DRAWS,
    progress: Progress = lambda done, total: None,
) -> ValidationReport:
    """Measure `model` on `predictions` (schema PREDICTION, a column `p_<model>` each) and say what follows.

    `subject`: what was rated, as the reader knows it; the rest as for `validate`. Raises `PredictionError`.
    """
    found = validate(predictions, model, factors, migration, draws, progress=progress)
    return in_language(found, subject, lang)


def in_language(validation: Validation, subject: str, lang: str) -> ValidationReport:
    """The report of figures that are there already."""
    findings = tuple(_findings(validation, Phrases(lang)))
    return ValidationReport(lang, subject, findings, validation)


def validation_json(report: ValidationReport) -> dict[str, Any]:
    """Keys `format`, `lang`, `subject`, `findings`, `validation`; only what `json.dumps` takes, NaN as null."""
    told: dict[str, Any] = _without_nan({"format": FORMAT, **asdict(report)})
    return told


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def model_name(name: str, say: Phrases) -> str:
    """A model as the reader knows it."""
    return say.either("v.model", name)


def value_name(segment: Segment, say: Phrases) -> str:
    """The value of a segment in words: kinds of promise have them."""
    if segment.value == OTHERS:
        return say("v.others")
    return say.kind(segment.value) if segment.dimension == "kind" else segment.value


def _findings(v: Validation, say: Phrases) -> Iterator[Finding]:
    yield _level(v, say)
    yield _ece(v, say)
    yield _grades(v, say)
    yield from _coverage(v, say)
    yield from _newcomers(v, say)
    yield _segments(v, say)
    if len(v.rivals) > 1:
        yield _rivals(v, say)
    if len(v.blocks) > 1:
        moved = max(block.psi for block in v.blocks[1:])
        yield _finding("stable", moved <= MOVED, say, value=f"{moved:.2f}")


def _finding(key: str, holds: bool, say: Phrases, **blanks: object) -> Finding:
    return Finding(key, holds, say(f"v.f.{key}.{'good' if holds else 'bad'}", **blanks))


def _level(v: Validation, say: Phrases) -> Finding:
    e = v.figures["observed_expected"]
    told = {"value": f"{e.value:.2f}", "low": f"{e.low:.2f}", "high": f"{e.high:.2f}"}
    return _finding("level", e.low <= 1 <= e.high, say, **told)


def _ece(v: Validation, say: Phrases) -> Finding:
    value = v.figures["ece"].value
    return _finding("ece", value <= ECE_LIMIT, say, value=f"{value:.3f}", limit=f"{ECE_LIMIT:g}")


def _grades(v: Validation, say: Phrases) -> Finding:
    bad = [test.grade for test in v.grades if test.rejected]
    # one grade of a scale is refuted by chance in every third honest validation
    holds = len(bad) <= max(1, REJECTED_LIMIT * len(v.grades))
    return _finding("grades", holds, say, bad=len(bad), n=len(v.grades), which=say.joined(bad))


def _coverage(v: Validation, say: Phrases) -> Iterator[Finding]:
    whole = v.coverage[0].coverage
    if whole.windows:
        low, high = COVERAGE_LIMITS
        holds = low <= whole.held.value <= high
        yield _finding("coverage", holds, say, value=f"{whole.held.value:.1%}", n=whole.windows)


def _newcomers(v: Validation, say: Phrases) -> Iterator[Finding]:
    found = {s.value: s.observed_expected for s in v.segments if s.dimension == "known"}
    if "0" in found and "1-3" in found:
        low, high = NEWCOMER_LIMITS
        holds = all(found[name].within(low, high) for name in ("0", "1-3"))
        told = {"zero": f"{found['0'].value:.2f}", "few": f"{found['1-3'].value:.2f}"}
        yield _finding("newcomers", holds, say, **told)


def _segments(v: Validation, say: Phrases) -> Finding:
    low, high = SEGMENT_LIMITS
    bad = [
        f"{say('v.d.' + s.dimension)} {value_name(s, say)} ({s.observed_expected.value:.2f})"
        for s in v.segments
        if s.expected >= LEAST_EXPECTED
        and (s.observed_expected.high < low or s.observed_expected.low > high)
    ]
    return _finding("segments", not bad, say, which=say.joined(bad))


def _rivals(v: Validation, say: Phrases) -> Finding:
    others = [rival for rival in v.rivals if rival.name != v.model]
    better = [rival for rival in others if rival.less.low > 0]
    told = [f"{model_name(r.name, say)} ({r.less.value:+.4f})" for r in better]
    best = model_name(others[0].name, say)
    return _finding("rivals", not better, say, n=len(others), best=best, which=say.joined(told))
