"""A validation: everything that a validator asks of a rating, measured from one table of predictions.

`validate` takes promises that were foretold strictly out of time (schema PREDICTION, a `p_<model>` each) and
says of one model how well it ranks, whether its probabilities come true, by grade, by segment and over time,
whether its intervals hold, and whether it beats the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from tallystick.rating.validation.bootstrap import (
    DRAWS,
    SEED,
    Estimate,
    estimate,
    party_weights,
)
from tallystick.rating.validation.coverage import Coverage, Windows, coverage, windows_of
from tallystick.rating.validation.grades import GradeTest, Migration, grade_tests
from tallystick.rating.validation.measures import Bin, Foretold, paired_log_loss
from tallystick.rating.validation.prequential import Floats, Ints
from tallystick.rating.validation.rolling import PREDICTION
from tallystick.rating.validation.segments import (
    THICKNESS,
    Segment,
    outcome,
    probability,
    segments_of,
)
from tallystick.rating.validation.stability import Stability, psi, stability
from tallystick.units import PPM

THIN: Final = 3
"""A file is thin where no more outcomes than this are known."""

Progress = Callable[[int, int], None]


class PredictionError(ValueError):
    """A table of predictions that cannot be judged; the message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another model on the same promises; `less`: our log loss less its (below zero: ours is better)."""

    name: str
    log_loss: Estimate
    auc: Estimate
    ece: float
    thin_log_loss: float
    less: Estimate


@dataclass(frozen=True, slots=True)
class Block:
    """One test block: from when to when, how well it went, how far the scores moved since the block before."""

    block: int
    first_day: int
    last_day: int
    promises: int
    log_loss: float
    auc: float
    observed: float
    expected: float
    psi: float


@dataclass(frozen=True, slots=True)
class Held:
    """Coverage of the 90 % interval for files of one thickness ("" for all)."""

    known: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Validation:
    """What was measured of one model. `thin`: the figures on thin files (None where there are none)."""

    model: str
    first_day: int
    last_day: int
    promises: int
    parties: int
    broken_share: float
    draws: int
    figures: dict[str, Estimate]
    thin: dict[str, Estimate] | None
    thin_promises: int
    reliability: tuple[Bin, ...]
    grades: tuple[GradeTest, ...]
    blocks: tuple[Block, ...]
    stability: tuple[Stability, ...]
    coverage: tuple[Held, ...]
    segments: tuple[Segment, ...]
    rivals: tuple[Rival, ...]
    migration: Migration | None


def models_of(predictions: pa.Table) -> list[str]:
    """The models that the predictions tell of, in their order."""
    return [name[2:] for name in predictions.column_names if name.startswith("p_")]


def validate(
    predictions: pa.Table,
    model: str,
    factors: pa.Table | None = None,
    migration: Migration | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress = lambda done, total: None,
) -> Validation:
    """Judge `model` by its predictions. `factors`: what its score is made of, a column each, rows as in
    `predictions`; `migration`: how its grades moved between two dates. Raises `PredictionError`."""
    check(predictions, model)
    total = 4 + len(models_of(predictions))
    p, y = probability(predictions, model), outcome(predictions)
    party, day = predictions["promisor"].to_numpy(), predictions["day"].to_numpy()
    ours, thin = Foretold(p, y, party), predictions["known"].to_numpy() <= THIN
    few = Foretold(p[thin], y[thin], party[thin]) if thin.any() else None
    figures = ours.estimates(draws, seed)
    progress(1, total)
    segments = segments_of(predictions, model, draws, seed)
    progress(2, total)
    held = _coverage(predictions, p, y, draws, seed)
    progress(3, total)
    rivals = _rivals(predictions, model, draws, seed, lambda n: progress(3 + n, total))
    found = Validation(
        model=model,
        first_day=int(day.min()),
        last_day=int(day.max()),
        promises=len(p),
        parties=ours.parties,
        broken_share=float(y.mean()),
        draws=draws,
        figures=figures,
        thin=few.estimates(draws, seed) if few else None,
        thin_promises=int(thin.sum()),
        reliability=tuple(ours.reliability(draws, seed)),
        grades=tuple(grade_tests(p, y, party, day)),
        blocks=tuple(_blocks(predictions, p, y)),
        stability=tuple(_stability(predictions, p, factors)),
        coverage=tuple(held),
        segments=tuple(segments),
        rivals=tuple(rivals),
        migration=migration,
    )
    progress(total, total)
    return found


def check(predictions: pa.Table, model: str) -> None:
    """Raise `PredictionError` unless the table can be judged."""
    missing = [name for name in PREDICTION.names if name not in predictions.column_names]
    if missing:
        raise PredictionError(
            f"the predictions lack the columns {', '.join(missing)}; "
            f"a table of predictions has {', '.join(PREDICTION.names)} and one p_<model> per model"
        )
    if model not in models_of(predictions):
        known = ", ".join(models_of(predictions)) or "none"
        raise PredictionError(f"no column p_{model}; the predictions tell of these models: {known}")
    if not len(predictions):
        raise PredictionError("no promise was foretold: the book has too few that have matured")
    for name in models_of(predictions):
        p = probability(predictions, name)
        bad = np.flatnonzero(~((p >= 0) & (p <= 1)))
        if len(bad):
            raise PredictionError(
                f"column p_{name}, row {bad[0]}: {p[bad[0]]} is no probability; it must lie from 0 to 1"
            )


def _rivals(
    predictions: pa.Table, model: str, draws: int, seed: int, progress: Callable[[int], None]
) -> list[Rival]:
    y, party = outcome(predictions), predictions["promisor"].to_numpy()
    ours, thin = probability(predictions, model), predictions["known"].to_numpy() <= THIN
    found = []
    for n, name in enumerate(models_of(predictions)):
        p = probability(predictions, name)
        one = Foretold(p, y, party)
        drawn = [one.measures(w) for w in party_weights(one.parties, draws, seed)]
        whole = one.measures()
        few = Foretold(p[thin], y[thin], party[thin]).measures()
        found.append(
            Rival(
                name=name,
                log_loss=estimate(whole.log_loss, [m.log_loss for m in drawn]),
                auc=estimate(whole.auc, [m.auc for m in drawn]),
                ece=whole.ece,
                thin_log_loss=few.log_loss,
                less=paired_log_loss(ours, p, y, party, draws, seed),
            )
        )
        progress(n + 1)
    return sorted(found, key=lambda rival: rival.log_loss.value)


def _blocks(predictions: pa.Table, p: Floats, y: Floats) -> list[Block]:
    block, day = predictions["block"].to_numpy(), predictions["day"].to_numpy()
    party = predictions["promisor"].to_numpy()
    found: list[Block] = []
    before: Floats | None = None
    for n in np.unique(block):
        rows = block == n
        figures = Foretold(p[rows], y[rows], party[rows]).measures()
        found.append(
            Block(
                block=int(n),
                first_day=int(day[rows].min()),
                last_day=int(day[rows].max()),
                promises=int(rows.sum()),
                log_loss=figures.log_loss,
                auc=figures.auc,
                observed=float(y[rows].mean()),
                expected=float(p[rows].mean()),
                psi=float("nan") if before is None else psi(before, p[rows]),
            )
        )
        before = p[rows]
    return found


def _stability(predictions: pa.Table, p: Floats, factors: pa.Table | None) -> list[Stability]:
    """From the first third of the promises to the last."""
    day = predictions["day"].to_numpy()
    early, late = day <= np.quantile(day, 1 / 3), day >= np.quantile(day, 2 / 3)
    columns: dict[str, Floats] = {"score": p}
    if factors is not None:
        columns |= {name: factors[name].to_numpy() for name in factors.column_names}
    return stability(
        {name: values[early] for name, values in columns.items()},
        {name: values[late] for name, values in columns.items()},
    )


def _coverage(predictions: pa.Table, p: Floats, y: Floats, draws: int, seed: int) -> list[Held]:
    """Over all files, then by thickness at the beginning of the window."""
    known = predictions["known"].to_numpy()
    told = predictions["evidence_micro"].to_numpy()
    evidence = np.where(np.isnan(told.astype(np.float64)), known, told / PPM)
    order = np.argsort(predictions["day"].to_numpy(), kind="stable")
    party, day = predictions["promisor"].to_numpy(), predictions["day"].to_numpy()
    windows = windows_of(p[order], y[order], party[order], day[order], evidence[order])
    tops = [top for _, top in THICKNESS if top is not None]
    thickness = np.searchsorted(tops, known[order][windows.first])
    found = [Held("", coverage(windows, draws=draws, seed=seed))]
    for n, (name, _) in enumerate(THICKNESS):
        rows = np.flatnonzero(thickness == n)
        if len(rows):
            found.append(Held(name, coverage(_some(windows, rows), draws=draws, seed=seed)))
    return found


def _some(windows: Windows, rows: Ints) -> Windows:
    return Windows(*(getattr(windows, name)[rows] for name in Windows.__slots__))
