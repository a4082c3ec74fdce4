"""What a validation found, as the model page shows it: figures with intervals, and every grade against what
came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tallystick.report import figures
from tallystick.report.card import Grid, Part
from tallystick.report.phrases import Phrases
from tallystick.report.validation_words import VALIDATING

SHOWN: Final = ("auc", "gini", "ks", "brier", "log_loss", "ece", "observed_expected")
_MILLION: Final = 1_000_000


def validated(kept: Mapping[str, Any] | None, policy: str, say: Phrases) -> Part | None:
    """The part of the page; None where no validation is kept (see `service.measured`). `policy`: digest of
    the one in force: a validation made of another one says so."""
    if kept is None:
        return None
    told = kept["report"]["validation"]
    lead = say(
        "v.sentence",
        promises=figures.count(told["promises"]),
        parties=figures.count(told["parties"]),
        first=figures.iso(told["first_day"]),
        last=figures.iso(told["last_day"]),
        broken=_percent(told["broken_share"]),
    )
    blocks: list[str | Grid] = [say("w.m.validated", day=kept["on"], as_of=kept["as_of"]), lead]
    if kept["policy"] != policy:
        blocks.append(say("w.m.validated_other"))
    heads: tuple[str, ...] = (say("v.figure"), "", say("w.m.interval"))
    rows = [_figure(name, told["figures"][name], say) for name in SHOWN if name in told["figures"]]
    blocks.append(Grid(heads, rows))
    heads = tuple(
        say(f"v.{n}") for n in ("grades", "promises", "parties", "stated", "observed", "p_value")
    )
    blocks += [Grid(heads, [_grade(row) for row in told["grades"]]), say("v.grades_note")]
    return Part(say("w.m.validation"), blocks)


def _figure(name: str, one: Mapping[str, float], say: Phrases) -> tuple[str, ...]:
    label = say(f"v.m.{name}") if f"v.m.{name}" in VALIDATING else name
    return (label, f"{one['value']:.4f}", f"{one['low']:.4f} – {one['high']:.4f}")


def _grade(row: Mapping[str, Any]) -> tuple[str, ...]:
    counts = (figures.count(row[name]) for name in ("promises", "parties"))
    p_value = row["p_value"]
    told = "–" if p_value is None else f"{p_value:.3f}"
    return (row["grade"], *counts, _percent(row["expected"]), _percent(row["observed"]), told)


def _percent(share: float | None) -> str:
    return "–" if share is None else figures.percent(round(share * _MILLION))
